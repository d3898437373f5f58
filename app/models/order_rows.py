"""Between order tables and core types: columns and readers of rows."""

from decimal import Decimal
from typing import Any

from app.core.orders import OrderLine, Place, Reason, StoredOrder
from app.models.order_status import status_of
from app.models.rows import load

ORDER_COLUMNS = (
    "o.id, o.connection_id, o.remote_id, o.order_ref, o.urgency, o.order_at, o.changed_at, "
    "o.changed_text, o.state, o.source_status, o.store, o.shipping, o.total, o.currency, "
    "o.ship_to, o.skip_code, o.skip_params, o.fault_code, o.fault_params, o.read_at, o.set_back_at"
)

LINE_COLUMNS = "remote_id, sku, name, kind, quantity, shipped, left_over, weight, ships, parent"

FIELD, LINE, PHONE = "\x1f", "\x1e", "\x1d"
"""Between the fields of a stored place, the lines of its street, and before its phone number."""


def to_order(row: tuple[Any, ...]) -> StoredOrder:
    """A row of ORDER_COLUMNS."""
    (
        number, connection_id, remote_id, order_ref, urgency, order_at, changed_at, changed_text,
        state, source_status, store, shipping, total, currency, ship_to, skip_code, skip_params,
        fault_code, fault_params, read_at, set_back_at,
    ) = row  # fmt: skip
    return StoredOrder(
        number, connection_id, remote_id, order_ref, status_of(urgency), order_at, changed_at,
        changed_text, state, source_status, store, shipping, total, currency, load_place(ship_to),
        Reason(skip_code, load(skip_params)) if skip_code else None,
        Reason(fault_code, load(fault_params)) if fault_code else None,
        read_at, set_back_at,
    )  # fmt: skip


def to_line(row: tuple[Any, ...]) -> OrderLine:
    """A row of LINE_COLUMNS."""
    remote_id, sku, name, kind, quantity, shipped, left, weight, ships, parent = row
    return OrderLine(
        remote_id, sku, name, kind, Decimal(quantity), Decimal(shipped), Decimal(left),
        None if weight is None else Decimal(weight), bool(ships), parent,
    )  # fmt: skip


def dump_place(place: Place | None) -> str:
    """A place as its fields in the order of an address, the name first; empty: none is known.

    It sorts by itself, and without its marks it is the address in one line: behind every part but
    the last one stands a comma.
    """
    if place is None:
        return ""
    parts = [place.name, place.company, *place.street, place.postcode, place.city, place.region,
             place.country]  # fmt: skip
    last = max((at for at, part in enumerate(parts) if part), default=0)
    parts = [f"{part}, " if part and at < last else part for at, part in enumerate(parts)]
    lines = LINE.join(parts[2:-4])
    text = FIELD.join([*parts[:2], lines, *parts[-4:]]) + PHONE + place.phone
    if sum(map(text.count, _MARKS)) == 7 + max(0, len(place.street) - 1):
        return text
    street = tuple(_without_marks(line) for line in place.street)
    texts = {k: _without_marks(v) for k, v in place._asdict().items() if isinstance(v, str)}
    return dump_place(Place(street=street, **texts))


def load_place(text: str) -> Place | None:
    """What `dump_place` wrote."""
    if not text:
        return None
    address, _, phone = text.partition(PHONE)
    fields = [
        [one.removesuffix(", ") for one in field.split(LINE)] for field in address.split(FIELD)
    ]
    (name,), (company,), street, (postcode,), (city,), (region,), (country,) = fields
    lines = tuple(street) if street != [""] else ()
    return Place(name, company, lines, city, region, postcode, country, phone)


_MARKS = (FIELD, LINE, PHONE)


def _without_marks(text: str) -> str:
    for mark in _MARKS:
        text = text.replace(mark, " ")
    return text
