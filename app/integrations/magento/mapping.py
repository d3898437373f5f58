"""Shipments as the store wants them, and what of them it holds: pure functions."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from app.core.carriers import find_carrier, magento_carrier
from app.core.errors import RecordClosed, Rejected
from app.core.tracking import normalise_tracking
from app.core.types import Shipment, ShipmentLine
from app.integrations.magento.documents import Order, Row, StoreShipment
from app.integrations.magento.refusals import stopped_order

_STOPPED = ("holded", "payment_review", "canceled")


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


def shippable(order: Order, bundles_apart: bool = False) -> list[Row]:
    """The rows that a shipment names: a configurable's own row, not its variant's; of a bundle
    its own row, or with `bundles_apart` the rows inside. The order does not say which."""
    rows = {row.item_id: row for row in order.items}
    found = []
    for row in order.items:
        parent = rows.get(row.parent_item_id or 0)
        in_bundle = parent is not None and parent.product_type == "bundle"
        if row.is_virtual or (row.product_type == "bundle" and bundles_apart):
            continue
        if parent is None or (in_bundle and bundles_apart):
            found.append(row)
    return found


def has_bundle(order: Order) -> bool:
    """True where it is not known which rows ship."""
    return any(row.product_type == "bundle" for row in order.items)


def items_to_ship(
    order: Order, lines: Sequence[ShipmentLine], *, bundles_apart: bool = False
) -> list[dict[str, Any]]:
    """`items` of the call: what the parcel holds, or without lines everything that is left.

    Always given: a repeated call is limited to it. Raises: Rejected for a line that the order
    does not have, or more pieces than are left: the store would cut them without a word.
    """
    rows = shippable(order, bundles_apart)
    if not lines:
        return [_item(row, row.left) for row in rows if row.left > 0]
    wanted: dict[int, Decimal] = {}
    for line in lines:
        row = _row_of(order, rows, line.item)
        wanted[row.item_id] = wanted.get(row.item_id, Decimal(0)) + line.quantity
    by_id = {row.item_id: row for row in rows}
    for number, quantity in wanted.items():
        row = by_id[number]
        if quantity > Decimal(str(row.left)):
            raise Rejected(
                "mg_too_many",
                field="items",
                item=row.sku,
                quantity=_plain(quantity),
                left=_plain(row.left),
                order=order.increment_id,
            )
    return [_item(by_id[number], quantity) for number, quantity in wanted.items()]


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
    pieces = ", ".join(f"{_plain(row.qty)} x {row.sku or row.order_item_id}"
                       for row in shipment.items)  # fmt: skip
    return f"{tracking} on shipment {shipment.name}" + (f": {pieces}" if pieces else "")


def shortfall(sent: Sequence[dict[str, Any]], held: StoreShipment) -> str:
    """What the store cut off without a word: "1 of 2"; empty when it took everything."""
    there = {row.order_item_id: row.qty for row in held.items}
    short = [
        f"{_plain(there.get(item['order_item_id'], 0))} of {_plain(item['qty'])}"
        for item in sent
        if there.get(item["order_item_id"], 0) + 0.0001 < float(item["qty"])
    ]
    return ", ".join(short)


def _row_of(order: Order, rows: Sequence[Row], item: str) -> Row:
    """By SKU, else by the row's own number; a variant leads to the row above it.

    Raises: Rejected.
    """
    for row in rows:
        if item in (row.sku, str(row.item_id)):
            return row
    by_id = {row.item_id: row for row in rows}
    for row in order.items:
        above = by_id.get(row.parent_item_id or 0)
        if above is not None and item in (row.sku, str(row.item_id)):
            return above
    raise Rejected("mg_no_item", field="items", item=item, order=order.increment_id)


def _item(row: Row, quantity: float | Decimal) -> dict[str, Any]:
    number = float(quantity)
    return {"order_item_id": row.item_id, "qty": int(number) if number.is_integer() else number}


def _plain(quantity: Decimal | float | int) -> str:
    return f"{float(quantity):g}"
