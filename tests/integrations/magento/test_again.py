"""Shipped once whatever happened before or beside it: the order is looked at before each call."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.errors import (
    BackhaulError,
    Conflict,
    OutcomeUnknown,
    RecordClosed,
    RecordLocked,
    Rejected,
    TransientError,
)
from app.core.types import ShipmentLine
from app.practice.magento import PracticeMagento
from app.practice.magento.shipping import Shipping
from app.practice.messages import Reply, Request
from app.practice.shelf import Document
from tests.integrations.contract import REQUEST_ID
from tests.integrations.magento.conftest import ORDER, OTHER, Connect, a_shipment
from tests.magento import NUMBER

KIT = {"sku": "KIT", "type": "bundle", "children": [{"sku": "PEN"}, {"sku": "PAD"}]}
BeforeShip = Callable[[Callable[[Request], Request | None]], None]


def lines(**quantities: str) -> tuple[ShipmentLine, ...]:
    return tuple(ShipmentLine(item, Decimal(count)) for item, count in quantities.items())


@pytest.fixture
def before_ship(store: PracticeMagento, monkeypatch: pytest.MonkeyPatch) -> BeforeShip:
    """Something happens once, just before the store gets a call to ship; it may change the call."""
    answer = store.answer

    def arrange(act: Callable[[Request], Request | None]) -> None:
        left = [act]

        def meanwhile(request: Request, *, keep: bool = True) -> Reply:
            if request.path.endswith("/ship") and left:
                request = left.pop()(request) or request
            return answer(request, keep=keep)

        monkeypatch.setattr(store, "answer", meanwhile)

    return arrange


def shipped(store: PracticeMagento) -> list[dict[str, float]]:
    """What each shipment holds."""
    return [
        {row["sku"]: row["qty"] for row in one["items"]}
        for one in store.snapshot()["shipments"].values()
    ]


def ships(store: PracticeMagento) -> int:
    return sum(seen.path.endswith("/ship") for seen in store.requests)


def test_a_shipment_that_lost_its_number_gets_it_and_no_second_shipment_is_made(
    store: PracticeMagento, order: Document, connect: Connect, before_ship: BeforeShip
) -> None:
    """Of a part of the order: something is left, so a second call would ship that, too."""

    def lose_the_number(request: Request) -> Request:
        return replace(request, body=json.dumps({**request.json(), "tracks": []}).encode())

    before_ship(lose_the_number)
    target, half = connect(), a_shipment(lines=lines(CARDS="2"))
    with pytest.raises(TransientError) as caught:
        target.write(half, REQUEST_ID)
    assert caught.value.code == "mg_not_stored"
    proof = target.write(half, REQUEST_ID)
    assert proof.held == f"{NUMBER} on shipment 000000001: 2 x CARDS"
    assert (store.tracks(ORDER), shipped(store)) == ([NUMBER], [{"CARDS": 2}])


def test_a_shipment_of_other_rows_without_a_number_is_left_alone(
    store: PracticeMagento, order: Document, connect: Connect, before_ship: BeforeShip
) -> None:
    def lose_the_number(request: Request) -> Request:
        return replace(request, body=json.dumps({**request.json(), "tracks": []}).encode())

    before_ship(lose_the_number)
    target = connect()
    with pytest.raises(TransientError):
        target.write(a_shipment(lines=lines(PAPER="1")), REQUEST_ID)
    target.write(a_shipment(tracking=OTHER, lines=lines(CARDS="1")), REQUEST_ID)
    assert shipped(store) == [{"PAPER": 1}, {"CARDS": 1}]


def test_more_shipments_than_one_page_holds_are_all_looked_at(
    store: PracticeMagento, connect: Connect
) -> None:
    order = store.add_order(ORDER, [{"sku": "CARDS", "qty": 300}])
    item = order["items"][0]["item_id"]
    track, shipping = {"title": "UPS", "carrier_code": "ups"}, Shipping(store._shop)
    numbers = [*(f"N{count}" for count in range(129)), NUMBER]
    for number in numbers:
        tracks = [{**track, "track_number": number}]
        body = {"items": [{"order_item_id": item, "qty": 1}], "tracks": tracks}
        shipping.ship(order["entity_id"], body, keep=True)
    assert connect().write(a_shipment(lines=lines(CARDS="1")), REQUEST_ID).was_there
    assert ships(store) == 0


def test_what_somebody_ships_at_the_same_moment_is_looked_at_at_once(
    store: PracticeMagento, order: Document, connect: Connect, before_ship: BeforeShip
) -> None:
    before_ship(lambda request: store.ship_by_hand(ORDER))
    connect().write(a_shipment(), REQUEST_ID)
    assert store.tracks(ORDER) == [NUMBER]
    assert len(shipped(store)) == 1


def test_a_number_that_comes_at_the_same_moment_is_for_a_person(
    store: PracticeMagento, order: Document, connect: Connect, before_ship: BeforeShip
) -> None:
    before_ship(lambda request: store.ship_by_hand(ORDER, OTHER))
    with pytest.raises(Conflict):
        connect().write(a_shipment(), REQUEST_ID)
    assert store.tracks(ORDER) == [OTHER]


@pytest.mark.parametrize(
    ("state", "status", "error", "code"),
    [
        ("holded", "waiting_for_stock", RecordLocked, "mg_on_hold"),
        ("payment_review", "fraud", RecordLocked, "mg_payment_review"),
        ("canceled", "gone", RecordClosed, "mg_canceled"),
    ],
)
def test_a_refusal_that_names_a_status_is_judged_by_the_orders_state(
    store: PracticeMagento,
    order: Document,
    connect: Connect,
    before_ship: BeforeShip,
    state: str,
    status: str,
    error: type[BackhaulError],
    code: str,
) -> None:
    """A merchant names the statuses of a store; only the states are Magento's own."""
    before_ship(lambda request: store.state(ORDER, state, status))
    with pytest.raises(error) as caught:
        connect().write(a_shipment(), REQUEST_ID)
    assert caught.value.code == code


def test_a_quantity_that_is_too_large_all_of_a_sudden_is_made_up_anew(
    store: PracticeMagento, order: Document, connect: Connect, before_ship: BeforeShip
) -> None:
    start = "The quantity to ship must not be greater than the unshipped quantity for product"
    text = f'{start} SKU "CARDS".'
    body = {"message": f"Shipment Document Validation Error(s):\n{text}"}
    store.fault("status", method="POST", code=400, body=body)
    connect().write(a_shipment(), REQUEST_ID)
    assert (ships(store), store.tracks(ORDER)) == (2, [NUMBER])


def test_a_refusal_that_stays_is_not_met_for_ever(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    text = "A shipment cannot be created when an order has a status of odd"
    store.fault("status", times=None, method="POST", code=400, body={"message": text})
    with pytest.raises(Rejected) as caught:
        connect().write(a_shipment(), REQUEST_ID)
    assert "odd" in str(caught.value.params["message"])
    assert ships(store) == 2


def test_an_order_of_which_nothing_is_left_and_nothing_was_shipped(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    """All pieces refunded, only the postage kept: the state is not "closed"."""
    for row in order["items"]:
        row["qty_refunded"] = row["qty_ordered"]
    store.state(ORDER, "processing")
    with pytest.raises(RecordClosed) as caught:
        connect().write(a_shipment(), REQUEST_ID)
    assert caught.value.code == "mg_refunded"


@pytest.mark.parametrize("way", ["together", "separately"])
def test_a_second_parcel_of_a_bundle_joins_its_shipment(
    store: PracticeMagento, connect: Connect, ours: set[tuple[str, str]], way: str
) -> None:
    """A store counts only the bundle as shipped, or only what is in it."""
    store.add_order(ORDER, [{**KIT, "shipped": way}])
    target = connect()
    target.write(a_shipment(), REQUEST_ID)
    ours.add((ORDER, NUMBER))
    calls = ships(store)
    target.write(a_shipment(tracking=OTHER), REQUEST_ID)
    assert store.tracks(ORDER) == [NUMBER, OTHER]
    assert ships(store) == calls


@pytest.mark.parametrize("named", [{"KIT": "1"}, {"PEN": "1", "PAD": "1"}])
@pytest.mark.parametrize("way", ["together", "separately"])
@pytest.mark.parametrize("release", ["2.4.1", "2.4.7"])
def test_a_bundle_may_be_named_by_itself_or_by_what_is_in_it(
    store: PracticeMagento, connect: Connect, named: dict[str, str], way: str, release: str
) -> None:
    store.version(release)
    store.add_order(ORDER, [{**KIT, "shipped": way}])
    connect().write(a_shipment(lines=lines(**named)), REQUEST_ID)
    assert shipped(store) == ([{"KIT": 1}] if way == "together" else [{"PEN": 1, "PAD": 1}])


def test_two_bundles_of_one_order_may_ship_in_different_ways(
    store: PracticeMagento, connect: Connect
) -> None:
    box = {**KIT, "sku": "BOX", "shipped": "separately"}
    store.add_order(ORDER, [{**KIT, "shipped": "together"}, box])
    connect().write(a_shipment(), REQUEST_ID)
    assert shipped(store) == [{"KIT": 1, "PEN": 1, "PAD": 1}]


def test_a_call_that_somebody_in_between_repeated_is_looked_up_not_sent_again(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    """We never use a nonce twice: if one was met before, our call was met before, too."""
    text = {"message": "The nonce is already being used by the consumer with ID %1",
            "parameters": [1]}  # fmt: skip
    store.fault("status", code=401, body=text, method="POST")
    target = connect()
    with pytest.raises(OutcomeUnknown):
        target.write(a_shipment(), REQUEST_ID)
    assert ships(store) == 1
    store.fault("status", code=401, body=text, method="GET")
    target.write(a_shipment(), REQUEST_ID)  # a question may be asked again at once
    assert store.tracks(ORDER) == [NUMBER]


@pytest.mark.parametrize("kind", ["login_page", "garbage"])
def test_a_page_instead_of_the_answer_to_a_write_is_looked_up(
    store: PracticeMagento, order: Document, connect: Connect, kind: str
) -> None:
    store.fault(kind, method="POST")
    with pytest.raises(OutcomeUnknown):
        connect().write(a_shipment(), REQUEST_ID)


@pytest.mark.parametrize("kind", ["garbage", "login_page", "throttle", "server_error"])
def test_a_read_back_that_fails_leaves_the_outcome_open(
    store: PracticeMagento, order: Document, connect: Connect, kind: str
) -> None:
    store.fault(kind, path="shipment/1")
    target = connect()
    with pytest.raises(BackhaulError) as caught:
        target.write(a_shipment(), REQUEST_ID)
    if kind != "login_page":  # another address than before: the connection is stopped
        assert (type(caught.value), caught.value.code) == (OutcomeUnknown, "read_back_failed")
    assert target.look(a_shipment(), REQUEST_ID) is not None


def test_a_limit_met_in_the_read_back_holds_the_connection_for_as_long_as_it_says(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    store.fault("throttle", path="shipment/1", retry_after="90")
    target = connect()
    with pytest.raises(OutcomeUnknown):
        target.write(a_shipment(), REQUEST_ID)
    assert target._context.budget.wait_s("") == pytest.approx(90)


def test_parts_of_pieces_are_counted_exactly(store: PracticeMagento, connect: Connect) -> None:
    order = store.add_order(ORDER, [{"sku": "CLOTH", "qty": 0.3}])
    order["items"][0]["qty_shipped"] = 0.1
    proof = connect().write(a_shipment(lines=lines(CLOTH="0.2")), REQUEST_ID)
    assert proof.held.endswith(": 0.2 x CLOTH")
