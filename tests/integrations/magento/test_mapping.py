"""Which rows of an order ship, in pieces that are counted exactly."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from app.core.errors import RecordClosed, Rejected
from app.core.types import ShipmentLine
from app.integrations.magento.documents import Order, StoreShipment
from app.integrations.magento.mapping import (
    bundles_of,
    is_anything_left,
    items_to_ship,
    refuse_state,
    shortfall,
)


def an_order(*rows: dict[str, Any], **fields: Any) -> Order:
    """As a store sends it: numbers as floats, ids as text or numbers."""
    items = [{"item_id": str(place), **row} for place, row in enumerate(rows, 1)]
    body = {"entity_id": "7", "increment_id": "123", "state": "new", "items": items, **fields}
    return msgspec.json.decode(msgspec.json.encode(body), type=Order, strict=False)


def a_row(sku: str, ordered: float = 1, **fields: Any) -> dict[str, Any]:
    return {"sku": sku, "qty_ordered": ordered, **fields}


def lines(*pairs: tuple[str, str]) -> list[ShipmentLine]:
    return [ShipmentLine(item, Decimal(count)) for item, count in pairs]


def sent(order: Order, *pairs: tuple[str, str]) -> list[tuple[int, float]]:
    return [(one["order_item_id"], one["qty"]) for one in items_to_ship(order, lines(*pairs))]


def test_without_lines_all_that_is_left_ships() -> None:
    order = an_order(
        a_row("A", 3, qty_shipped=1), a_row("B", 2, qty_refunded=2), a_row("C", 5, qty_canceled=4)
    )
    assert sent(order) == [(1, 2), (3, 1)]


def test_parts_of_pieces() -> None:
    order = an_order(a_row("CLOTH", 0.3, qty_shipped=0.1))
    assert sent(order, ("CLOTH", "0.2")) == [(1, 0.2)]
    with pytest.raises(Rejected) as caught:
        sent(order, ("CLOTH", "0.21"))
    assert caught.value.params["left"] == "0.2"


def test_large_numbers_are_told_in_full() -> None:
    with pytest.raises(Rejected) as caught:
        sent(an_order(a_row("A", 1_234_567)), ("A", "1234568"))
    assert (caught.value.params["quantity"], caught.value.params["left"]) == ("1234568", "1234567")


def test_one_sku_on_several_rows_is_filled_up_row_by_row() -> None:
    """A customer orders the same card twice, with two texts on it."""
    order = an_order(a_row("CARDS", 2, qty_shipped=1), a_row("CARDS", 3))
    assert sent(order, ("CARDS", "4")) == [(1, 1), (2, 3)]
    assert sent(order, ("CARDS", "1"), ("CARDS", "1")) == [(1, 1), (2, 1)]
    assert sent(order, ("2", "2")) == [(2, 2)]
    with pytest.raises(Rejected) as caught:
        sent(order, ("CARDS", "5"))
    assert caught.value.code == "mg_too_many"


def test_a_variant_stands_for_the_row_above_it() -> None:
    order = an_order(
        a_row("SHIRT", 2, product_type="configurable"), a_row("SHIRT-M", 2, parent_item_id=1)
    )
    assert sent(order, ("SHIRT-M", "2")) == [(1, 2)]


def test_pieces_inside_a_bundle_are_reckoned_in_bundles() -> None:
    order = an_order(
        a_row("KIT", 2, product_type="bundle"),
        a_row("PEN", 6, parent_item_id=1),
        a_row("PAD", 2, parent_item_id=1),
    )
    apart = bundles_of(order)
    assert sent(order, ("PEN", "3"), ("PAD", "1")) == [(1, 1)]
    found = items_to_ship(order, lines(("KIT", "1")), apart)
    assert [(one["order_item_id"], one["qty"]) for one in found] == [(2, 3), (3, 1)]


def test_what_is_not_shipped_is_no_item_of_a_parcel() -> None:
    order = an_order(a_row("A"), a_row("GIFT", product_type="virtual", is_virtual=1))
    with pytest.raises(Rejected) as caught:
        sent(order, ("GIFT", "1"))
    assert caught.value.code == "mg_no_item"


@pytest.mark.parametrize(
    ("bundle", "inside", "is_left"), [(0, 0, True), (1, 0, False), (0, 1, False)]
)
def test_of_a_bundle_one_of_the_two_is_counted(bundle: int, inside: int, is_left: bool) -> None:
    order = an_order(
        a_row("KIT", 1, product_type="bundle", qty_shipped=bundle),
        a_row("PEN", 1, parent_item_id=1, qty_shipped=inside),
    )
    assert is_anything_left(order) is is_left


def test_what_was_refunded_or_holds_nothing_takes_no_shipment() -> None:
    closed = an_order(a_row("A", 1, qty_refunded=1), state="closed")
    with pytest.raises(RecordClosed) as caught:
        refuse_state(closed)
    assert caught.value.code == "mg_refunded"
    with pytest.raises(RecordClosed):
        refuse_state(an_order(a_row("A", 1, is_virtual=1)))
    refuse_state(an_order(a_row("A"), state=None, status=None))


def test_what_the_store_cut_off() -> None:
    held = msgspec.json.decode(
        b'{"entity_id":1,"order_id":7,"items":[{"order_item_id":1,"qty":0.3333},'
        b'{"order_item_id":2,"qty":1}]}',
        type=StoreShipment,
    )
    asked = [{"order_item_id": 1, "qty": 0.33333}, {"order_item_id": 2, "qty": 2}]
    assert shortfall(asked, held) == "1 of 2"
