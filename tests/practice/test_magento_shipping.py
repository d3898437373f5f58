"""Shipping at the practice Magento: cut quantities, doubles, parents and bundles, every refusal."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.practice.magento import PracticeMagento
from app.practice.shelf import Document
from tests.magento import KEYS, NUMBER, TRACK, Answer, StoreCaller, criteria, where
from tests.practice.conftest import port_of

ORDER = "000000001"
HEAD = "Shipment Document Validation Error(s):\n"
NOTHING = "The order does not allow a shipment to be created."
NO_PRODUCTS = "You can't create a shipment without products."


@pytest.fixture
def store() -> Iterator[PracticeMagento]:
    with PracticeMagento(keys=KEYS) as store:
        yield store


@pytest.fixture
def caller(store: PracticeMagento) -> StoreCaller:
    return StoreCaller(port_of(store.url))


def two_cards(store: PracticeMagento) -> tuple[int, int]:
    """An order of two packs: its id and the id of its row."""
    order = store.add_order(ORDER, [{"sku": "CARDS", "qty": 2}])
    return order["entity_id"], order["items"][0]["item_id"]


def lines(answer: Answer) -> list[str]:
    assert answer.status == 400
    assert answer.body["message"].startswith(HEAD)
    return answer.body["message"].removeprefix(HEAD).splitlines()  # type: ignore[no-any-return]


def held(caller: StoreCaller, order: int) -> Document:
    document: Document = caller.call("GET", f"orders/{order}").body
    return document


def test_a_shipment_with_a_track(store: PracticeMagento, caller: StoreCaller) -> None:
    order, row = two_cards(store)
    before = held(caller, order)["updated_at"]
    answer = caller.ship(order, [{"order_item_id": row, "qty": 1}], notify=True)
    assert (answer.status, answer.body) == (200, "1")
    shipment = caller.call("GET", "shipment/1").body
    assert [track["track_number"] for track in shipment["tracks"]] == [NUMBER]
    assert [(item["order_item_id"], item["qty"]) for item in shipment["items"]] == [(row, 1)]
    assert (shipment["order_id"], shipment["email_sent"]) == (order, 1)
    after = held(caller, order)
    assert (after["state"], after["status"]) == ("processing", "processing")
    assert after["items"][0]["qty_shipped"] == 1
    assert after["updated_at"] >= before
    listed = caller.call("GET", "shipments", query=criteria(*where("order_id", "eq", str(order))))
    assert [one["entity_id"] for one in listed.body["items"]] == [1]


def test_too_much_is_cut_and_said_to_nobody(store: PracticeMagento, caller: StoreCaller) -> None:
    order, row = two_cards(store)
    assert caller.ship(order, [{"order_item_id": row, "qty": 5}]).status == 200
    assert caller.call("GET", "shipment/1").body["total_qty"] == 2


def test_the_same_body_twice_makes_two_shipments(
    store: PracticeMagento, caller: StoreCaller
) -> None:
    order, row = two_cards(store)
    one = [{"orderItemId": row, "qty": 1}]
    assert [caller.ship(order, one).status for _ in range(2)] == [200, 200]
    assert store.tracks(ORDER) == [NUMBER, NUMBER]
    assert lines(caller.ship(order, one)) == [NOTHING, NO_PRODUCTS]


def test_no_items_means_everything_left(store: PracticeMagento, caller: StoreCaller) -> None:
    order, _ = two_cards(store)
    assert caller.call("POST", f"order/{order}/ship", {"tracks": [TRACK]}).status == 200
    assert held(caller, order)["items"][0]["qty_shipped"] == 2


def test_invoiced_and_shipped_is_complete(store: PracticeMagento, caller: StoreCaller) -> None:
    order, _ = two_cards(store)
    store.invoice(ORDER)
    caller.call("POST", f"order/{order}/ship", {})
    assert held(caller, order)["state"] == "complete"


def test_a_configurable_ships_as_its_parent(store: PracticeMagento, caller: StoreCaller) -> None:
    shirt = {"sku": "SHIRT", "type": "configurable", "children": [{"sku": "SHIRT-M"}]}
    order = store.add_order(ORDER, [shirt])
    parent, child = (row["item_id"] for row in order["items"])
    wrong = caller.ship(order["entity_id"], [{"order_item_id": child, "qty": 1}])
    assert lines(wrong) == [NO_PRODUCTS]
    right = caller.ship(order["entity_id"], [{"order_item_id": parent, "qty": 1}])
    assert right.status == 200


@pytest.mark.parametrize(("way", "places"), [("together", (0,)), ("separately", (1, 2))])
def test_a_bundle_ships_as_it_is_set(
    store: PracticeMagento, caller: StoreCaller, way: str, places: tuple[int, ...]
) -> None:
    kit = {"sku": "KIT", "type": "bundle", "shipped": way,
           "children": [{"sku": "PEN"}, {"sku": "PAD"}]}  # fmt: skip
    order = store.add_order(ORDER, [kit])
    rows = [{"order_item_id": row["item_id"], "qty": 1} for row in order["items"]]
    wrong = [row for place, row in enumerate(rows) if place not in places]
    said = lines(caller.ship(order["entity_id"], wrong))
    assert said[0].startswith('Cannot create shipment as bundle product "KIT" has shipment type')
    store.version("2.4.1")
    assert lines(caller.ship(order["entity_id"], wrong)) == [NO_PRODUCTS]
    assert caller.ship(order["entity_id"], [rows[place] for place in places]).status == 200


@pytest.mark.parametrize("act", ["hold", "cancel"])
def test_an_order_that_stands_still(store: PracticeMagento, caller: StoreCaller, act: str) -> None:
    order, row = two_cards(store)
    store.act(act, {"order": ORDER})
    status = "holded" if act == "hold" else "canceled"
    said = lines(caller.ship(order, [{"order_item_id": row, "qty": 1}]))
    assert said[0] == f"A shipment cannot be created when an order has a status of {status}"


def test_refunded_or_virtual_leaves_nothing(store: PracticeMagento, caller: StoreCaller) -> None:
    order, _ = two_cards(store)
    store.refund(ORDER)
    assert NOTHING in lines(caller.ship(order, []))
    gift = store.add_order("2", [{"sku": "GIFT", "type": "virtual"}])
    assert NOTHING in lines(caller.ship(gift["entity_id"], []))


def test_left_after_a_refund_depends_on_the_release(
    store: PracticeMagento, caller: StoreCaller
) -> None:
    order = store.add_order(ORDER, [{"sku": "CARDS", "qty": 4}])
    row = order["items"][0]
    row.update(qty_shipped=1.0, qty_refunded=1.0)
    everything = [{"order_item_id": row["item_id"], "qty": 9}]
    assert caller.ship(order["entity_id"], everything).status == 200
    assert row["qty_shipped"] == 4
    row.update(qty_shipped=1.0)
    store.version("2.3.7")
    assert caller.ship(order["entity_id"], everything).status == 200
    assert row["qty_shipped"] == 3


@pytest.mark.parametrize(
    ("track", "said"),
    [
        ({"track_number": ""}, HEAD + "Please enter a tracking number."),
        ({"title": ""}, "Could not save a shipment, see error log for details"),
        ({"carrier_code": None}, "Could not save a shipment, see error log for details"),
    ],
)
def test_an_incomplete_track(
    store: PracticeMagento, caller: StoreCaller, track: dict[str, str], said: str
) -> None:
    order, row = two_cards(store)
    answer = caller.ship(order, [{"order_item_id": row, "qty": 1}], [TRACK | track])
    assert (answer.status, answer.text) == (400, said)
    assert store.tracks(ORDER) == []


def test_a_status_of_the_merchants_own(store: PracticeMagento, caller: StoreCaller) -> None:
    order, row = two_cards(store)
    one = [{"order_item_id": row, "qty": 1}]
    store.state(ORDER, "processing", "in_production")
    caller.ship(order, one)
    assert held(caller, order)["status"] == "in_production"
    store.version("2.4.1")
    caller.ship(order, one)
    assert held(caller, order)["status"] == "processing"


def test_tracks_are_added_and_removed(store: PracticeMagento, caller: StoreCaller) -> None:
    order, _ = two_cards(store)
    store.ship_by_hand(ORDER)
    entity = {"order_id": order, "parent_id": 1, **TRACK, "weight": 0, "qty": 1, "description": ""}
    answers = [caller.call("POST", "shipment/track", {"entity": entity}) for _ in range(2)]
    assert store.tracks(ORDER) == [NUMBER, NUMBER]  # not idempotent either
    number = answers[0].body["entity_id"]
    assert caller.call("DELETE", f"shipment/track/{number}").body is True
    assert caller.call("DELETE", f"shipment/track/{number}").status == 404
    wrong = caller.call("POST", "shipment/track", {"entity": entity | {"parent_id": 7}})
    assert (wrong.status, wrong.text) == (400, "Could not save the shipment tracking.")


def test_invoices(store: PracticeMagento, caller: StoreCaller) -> None:
    order, row = two_cards(store)
    part = {"items": [{"order_item_id": row, "qty": 1}]}
    assert caller.call("POST", f"order/{order}/invoice", part).body == "1"
    assert held(caller, order)["total_invoiced"] == 10
    assert caller.call("POST", f"order/{order}/invoice", {"capture": True}).body == "2"
    said = caller.call("POST", f"order/{order}/invoice", {}).text
    assert said.endswith("The order does not allow an invoice to be created.")
    listed = caller.call("GET", "invoices", query=criteria(*where("order_id", "eq", str(order))))
    assert [one["state"] for one in listed.body["items"]] == [2, 2]


def comment(caller: StoreCaller, order: int, **more: object) -> Answer:
    entry = {"comment": "hello", "is_customer_notified": 0, "is_visible_on_front": 0,
             "parent_id": order, **more}  # fmt: skip
    return caller.call("POST", f"orders/{order}/comments", {"statusHistory": entry})


def test_a_comment_without_status_blanks_it_up_to_2_4_4(
    store: PracticeMagento, caller: StoreCaller
) -> None:
    order, _ = two_cards(store)
    assert comment(caller, order).body is True
    assert held(caller, order)["status"] == "pending"
    store.version("2.4.4")
    assert comment(caller, order, status="pending").body is True
    assert comment(caller, order).body is True
    assert "status" not in held(caller, order)
    assert caller.call("GET", f"orders/{order}/comments").body["total_count"] == 3


def test_a_status_of_another_state_is_refused_later(
    store: PracticeMagento, caller: StoreCaller
) -> None:
    order, _ = two_cards(store)
    store.invoice(ORDER)
    answer = comment(caller, order, status="pending")
    assert (answer.status, answer.text) == (
        400,
        'Unable to add comment: The status "pending" is not part of the order status history.',
    )


def test_hold_and_unhold(store: PracticeMagento, caller: StoreCaller) -> None:
    order, _ = two_cards(store)
    assert caller.call("POST", f"orders/{order}/hold").body is True
    assert caller.call("POST", f"orders/{order}/hold").status == 400
    assert held(caller, order)["hold_before_state"] == "new"
    assert caller.call("POST", f"orders/{order}/unhold").body is True
    assert held(caller, order)["state"] == "new"


def test_products_and_stock(store: PracticeMagento, caller: StoreCaller) -> None:
    store.add_product("CARDS/250 ü", "Business cards", 19.5)
    path = "products/CARDS%2F250%20%C3%BC"
    assert caller.call("PUT", path, {"product": {"price": 14.25}}).body["price"] == 14.25
    assert caller.call("GET", path).body["name"] == "Business cards"
    assert caller.call("PUT", f"{path}/stockItems/77", {"stockItem": {"qty": 44}}).body == 1
    assert caller.call("GET", path.replace("products", "stockItems")).body["qty"] == 44
    none = caller.call("GET", "products/nothing")
    assert (none.status, none.text[:45]) == (404, "The product that was requested doesn't exist.")
    new = caller.call("PUT", "products/nothing", {"product": {"price": 1}})
    assert new.text == "Invalid product data: Invalid attribute set entity type"


def test_everything_survives_the_end_of_the_process(tmp_path: Path) -> None:
    file = tmp_path / "store.json"
    with PracticeMagento(state_file=file) as store:
        two_cards(store)
        store.ship_by_hand(ORDER, NUMBER)
    with PracticeMagento(state_file=file) as again:
        assert again.tracks(ORDER) == [NUMBER]


def test_commands_and_faults(store: PracticeMagento, caller: StoreCaller) -> None:
    order, row = two_cards(store)
    one = [{"order_item_id": row, "qty": 1}]
    store.fault("not_stored", method="POST")
    assert caller.ship(order, one).status == 200
    assert store.tracks(ORDER) == []
    store.fault("maintenance")
    assert caller.call("GET", f"orders/{order}").headers["Content-Type"].startswith("text/html")
    store.fault("edited_meanwhile", method="POST")
    assert lines(caller.ship(order, one)) == [NOTHING, NO_PRODUCTS]
    with pytest.raises(ValueError, match="there is no order 7"):
        store.act("hold", {"order": "7"})
    snapshot = store.snapshot()
    assert "integration" not in snapshot
    assert snapshot["acts"]["hold"]
