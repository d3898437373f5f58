"""Shipments as the store wants them, and what of them it holds: pure functions.

Of a bundle either its own row ships or the rows inside ("apart"); an order does not say which.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.core.carriers import find_carrier, magento_carrier
from app.core.errors import RecordClosed, Rejected
from app.core.quantities import plain
from app.core.tracking import normalise_tracking
from app.core.types import Shipment, ShipmentLine
from app.integrations.magento.documents import Order, Row, StoreShipment
from app.integrations.magento.refusals import stopped_order

_STOPPED = ("holded", "payment_review", "canceled")
_FINEST = Decimal("0.0001")
"""Stores keep quantities with four digits behind the point."""

Apart = frozenset[int]
"""The item ids of those bundles of which the rows inside ship."""

TOGETHER: Apart = frozenset()


def refuse_state(order: Order) -> None:
    """Raise for an order that takes no shipment whatever is sent.

    Raises: RecordLocked (waits: on hold, payment under review), RecordClosed (cancelled,
    refunded, nothing to ship).
    """
    if order.state in _STOPPED:
        raise stopped_order(str(order.state), order.increment_id)
    if order.is_virtual or not shippable(order):
        raise RecordClosed("mg_virtual", order=order.increment_id)
    if order.state == "closed" and not any(row.left for row in order.items):
        raise RecordClosed("mg_refunded", order=order.increment_id)


def shippable(order: Order, apart: Apart = TOGETHER) -> list[Row]:
    """The rows that a shipment names: a configurable's own row, not its variant's."""
    rows = {row.item_id: row for row in order.items}
    found = []
    for row in order.items:
        parent = rows.get(row.parent_item_id or 0)
        stands_alone = parent is None or parent.item_id in apart
        if stands_alone and row.item_id not in apart and not row.is_virtual:
            found.append(row)
    return found


def bundles_of(order: Order) -> Apart:
    """All bundles of an order."""
    return frozenset(row.item_id for row in order.items if row.is_bundle)


def turned(order: Order, apart: Apart, ways: Mapping[str, str]) -> Apart:
    """How bundles ship by what a refusal says of them, by SKU; all the other way round where it
    says nothing, as stores before 2.4.2 do."""
    bundles = bundles_of(order)
    said = {row.item_id: ways.get(row.sku) for row in order.items if row.is_bundle}
    if not any(said.values()):
        return bundles - apart
    together = {number for number, way in said.items() if way == "together"}
    return (apart | {number for number, way in said.items() if way == "separately"}) - together


def is_anything_left(order: Order) -> bool:
    """True while pieces are to be shipped. A store counts either a bundle or what is in it as
    shipped: one of the two being done is enough."""
    for row in shippable(order):
        inside = [one for one in shippable(order, bundles_of(order))
                  if one.parent_item_id == row.item_id]  # fmt: skip
        if row.left and (not inside or any(one.left for one in inside)):
            return True
    return False


def items_to_ship(
    order: Order, lines: Sequence[ShipmentLine], apart: Apart = TOGETHER
) -> list[dict[str, Any]]:
    """`items` of the call: what the parcel holds, or without lines everything that is left.

    Always given: a repeated call is limited to it. Raises: Rejected for a line that the order
    does not have, or more pieces than are left: the store would cut them without a word.
    """
    rows = shippable(order, apart)
    if not lines:
        return [_item(row, row.left) for row in rows if row.left]
    wanted = contents(order, lines, apart)
    for row in rows:
        if wanted.get(row.item_id, 0) > row.left:
            raise Rejected(
                "mg_too_many",
                field="items",
                item=row.sku,
                quantity=plain(wanted[row.item_id]),
                left=plain(row.left),
                order=order.increment_id,
            )
    return [_item(row, wanted[row.item_id]) for row in rows if row.item_id in wanted]


def contents(
    order: Order, lines: Sequence[ShipmentLine], apart: Apart = TOGETHER
) -> dict[int, Decimal]:
    """What a parcel holds, by the item ids that a shipment names.

    Raises: Rejected for a line that the order does not have.
    """
    named: dict[int, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in lines:
        rows = _rows_of(order, line.item, apart)
        rest = line.quantity
        for row in rows:  # one SKU may stand on several rows
            free = max(Decimal(0), row.left - named[row.item_id][row.item_id])
            pieces = rest if row is rows[-1] else min(rest, free)
            rest -= pieces
            for ships, count in _as_shipped(order, row, pieces, apart):
                named[ships.item_id][row.item_id] += count
    # Several rows inside stand for the same bundles, not for more of them.
    found = {number: max(ways.values()) for number, ways in named.items()}
    return {number: pieces for number, pieces in found.items() if pieces}


def unnumbered(
    shipments: Iterable[StoreShipment], order: Order, lines: Sequence[ShipmentLine]
) -> StoreShipment | None:
    """A shipment of just what the parcel holds that has no number: it was made for it, and the
    number was lost on the way. None without lines: what was left then is not known now.

    Raises: Rejected.
    """
    ways = [contents(order, lines, apart) for apart in (TOGETHER, bundles_of(order))]
    for shipment in shipments if lines else ():
        held = {row.order_item_id: row.qty for row in shipment.items}
        if not shipment.tracks and held in ways:
            return shipment
    return None


def track_of(shipment: Shipment) -> dict[str, str]:
    """One track; all three fields are needed by the store."""
    carrier = magento_carrier(find_carrier(shipment.carrier), shipment.carrier)
    title = " ".join(part for part in (carrier.title, shipment.service.strip()) if part)
    return {
        "track_number": shipment.tracking,
        "title": title or "Parcel",
        "carrier_code": carrier.carrier_code,
    }


def holder_of(shipments: Iterable[StoreShipment], tracking: str) -> StoreShipment | None:
    """The shipment that has the number, compared as numbers are."""
    wanted = normalise_tracking(tracking)
    for shipment in shipments:
        if any(normalise_tracking(one.track_number or "") == wanted for one in shipment.tracks):
            return shipment
    return None


def numbers_of(shipments: Iterable[StoreShipment]) -> list[str]:
    """Every tracking number there, as it stands."""
    return [track.track_number or "" for one in shipments for track in one.tracks]


def describe(shipment: StoreShipment, tracking: str) -> str:
    """What the store holds, for the proof: number, shipment, pieces."""
    pieces = ", ".join(f"{plain(row.qty)} x {row.sku or row.order_item_id}"
                       for row in shipment.items)  # fmt: skip
    return f"{tracking} on shipment {shipment.name}" + (f": {pieces}" if pieces else "")


def shortfall(sent: Sequence[Mapping[str, Any]], held: StoreShipment) -> str:
    """What the store cut off without a word: "1 of 2"; empty when it took everything."""
    there = {row.order_item_id: row.qty for row in held.items}
    pairs = [
        (there.get(item["order_item_id"], Decimal(0)), Decimal(str(item["qty"]))) for item in sent
    ]
    return ", ".join(f"{plain(got)} of {plain(asked)}" for got, asked in pairs
                     if got + _FINEST <= asked)  # fmt: skip


def _rows_of(order: Order, item: str, apart: Apart) -> list[Row]:
    """By SKU or by the row's own number: rows that ship, else one that ships with others.

    Raises: Rejected.
    """
    ships = shippable(order, apart)
    fitting = [row for row in order.items if item in (row.sku, str(row.item_id))]
    found = [row for row in fitting if row in ships]
    found = found or [row for row in fitting if _as_shipped(order, row, Decimal(1), apart)][:1]
    if not found:
        raise Rejected("mg_no_item", field="items", item=item, order=order.increment_id)
    return found


def _as_shipped(order: Order, row: Row, pieces: Decimal, apart: Apart) -> list[tuple[Row, Decimal]]:
    """The rows that ship for so many pieces of a row: itself, what is in it, or the one above."""
    rows = shippable(order, apart)
    if row in rows:
        return [(row, pieces)]
    kin = [
        one
        for one in rows
        if one.parent_item_id == row.item_id or one.item_id == row.parent_item_id
    ]
    return [(one, pieces * one.qty_ordered / (row.qty_ordered or 1)) for one in kin]


def _item(row: Row, quantity: Decimal) -> dict[str, Any]:
    number = float(quantity)
    return {"order_item_id": row.item_id, "qty": int(number) if number.is_integer() else number}
