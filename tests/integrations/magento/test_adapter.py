"""The adapter against the practice store, over real loopback."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from app.core.errors import (
    BackhaulError,
    Conflict,
    NotFound,
    OutcomeUnknown,
    RecordClosed,
    RecordLocked,
    Rejected,
    RemoteUnavailable,
    TransientError,
)
from app.core.types import Shipment, ShipmentLine
from app.practice.magento import PracticeMagento
from app.practice.shelf import Document
from tests.fakes.clock import FakeClock
from tests.integrations.contract import REQUEST_ID, Call, WriteBackContract
from tests.integrations.magento.conftest import ORDER, OTHER, Connect, a_shipment
from tests.magento import KEYS, NUMBER


class MagentoBench:
    """The practice store as the common cases see it."""

    def __init__(self, store: PracticeMagento, connect: Connect) -> None:
        self._store = store
        self.secrets = list(KEYS.values())
        self.target = connect()

    def a_shipment(self) -> Shipment:
        return a_shipment()

    def calls(self) -> list[Call]:
        return [Call(seen.method != "GET", seen.request_id) for seen in self._store.requests]

    def times_held(self, shipment: Shipment) -> int:
        return self._store.tracks(shipment.order_ref).count(shipment.tracking)

    def fail_with(self, status: int) -> None:
        body = {"message": "no: %1", "parameters": [" ".join(self.secrets)]}
        self._store.fault("status", times=None, code=status, body=body)

    def lose_answers_to_writes(self) -> None:
        self._store.fault("lost_reply", times=None, method="POST")

    def store_nothing(self) -> None:
        self._store.fault("not_stored", times=None, method="POST")

    def recover(self) -> None:
        self._store.clear_faults()


class TestContract(WriteBackContract):
    @pytest.fixture
    def bench(self, store: PracticeMagento, order: Document, connect: Connect) -> MagentoBench:
        return MagentoBench(store, connect)


def calls(store: PracticeMagento) -> list[str]:
    return [f"{seen.method} {seen.path.removeprefix('/rest/V1/')}" for seen in store.requests]


def lines(**quantities: str) -> tuple[ShipmentLine, ...]:
    return tuple(ShipmentLine(item, Decimal(count)) for item, count in quantities.items())


def shipped(store: PracticeMagento, sku: str) -> float:
    rows = next(iter(store.snapshot()["orders"].values()))["items"]
    return float(next(row["qty_shipped"] for row in rows if row["sku"] == sku))


def test_a_parcel_becomes_a_shipment(
    store: PracticeMagento, order: Document, connect: Connect, clock: FakeClock
) -> None:
    proof = connect().write(a_shipment(), REQUEST_ID)
    assert calls(store) == ["GET orders", "GET shipments", "POST order/1/ship", "GET shipment/1"]
    assert proof.sent == NUMBER
    assert proof.held == f"{NUMBER} on shipment 000000001: 2 x CARDS, 1 x PAPER"
    assert (proof.remote_id, proof.read_at) == ("000000001", clock.now_ms())
    shipment = store.snapshot()["shipments"]["1"]
    track = shipment["tracks"][0]
    assert (track["carrier_code"], track["title"]) == ("ups", "UPS Ground")
    assert shipment["email_sent"] == 0


def test_what_the_parcel_holds_is_shipped_and_no_more(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    target = connect()
    first = target.write(a_shipment(lines=lines(CARDS="1")), REQUEST_ID)
    assert first.held.endswith("1 x CARDS")
    second = target.write(a_shipment(tracking=OTHER, lines=lines(CARDS="1", PAPER="1")), REQUEST_ID)
    assert second.remote_id == "000000002"
    assert store.tracks(ORDER) == [NUMBER, OTHER]
    assert (shipped(store, "CARDS"), shipped(store, "PAPER")) == (2, 1)


def test_a_second_parcel_of_an_order_shipped_by_us_joins_its_shipment(
    store: PracticeMagento, order: Document, connect: Connect, ours: set[tuple[str, str]]
) -> None:
    target = connect()
    target.write(a_shipment(), REQUEST_ID)
    ours.add((ORDER, NUMBER))
    proof = target.write(a_shipment(tracking=OTHER), REQUEST_ID)
    assert calls(store)[-2:] == ["POST shipment/track", "GET shipment/1"]
    assert proof.held.startswith(f"{OTHER} on shipment 000000001")
    assert target.write(a_shipment(tracking=OTHER), REQUEST_ID).was_there
    assert store.tracks(ORDER) == [NUMBER, OTHER]


def test_an_order_shipped_by_hand_without_a_number_takes_ours(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    store.ship_by_hand(ORDER)
    connect().write(a_shipment(), REQUEST_ID)
    assert store.tracks(ORDER) == [NUMBER]
    assert len(store.snapshot()["shipments"]) == 1


def test_a_number_of_somebody_else_is_for_a_person(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    store.ship_by_hand(ORDER, OTHER)
    with pytest.raises(Conflict) as caught:
        connect().write(a_shipment(), REQUEST_ID)
    assert caught.value.params == {"order": ORDER, "found": OTHER}
    assert store.tracks(ORDER) == [OTHER]


@pytest.mark.parametrize("way", ["together", "separately"])
def test_a_bundle_ships_either_way(store: PracticeMagento, connect: Connect, way: str) -> None:
    kit = {"sku": "KIT", "type": "bundle", "shipped": way,
           "children": [{"sku": "PEN"}, {"sku": "PAD"}]}  # fmt: skip
    for number, release in (("1", "2.4.7"), ("2", "2.4.1")):
        store.version(release)
        store.add_order(number, [kit])
        connect().write(a_shipment(number), REQUEST_ID)
        assert store.tracks(number) == [NUMBER]
    held = [len(one["items"]) for one in store.snapshot()["shipments"].values()]
    assert held == ([1, 1] if way == "together" else [2, 2])


def test_a_variant_is_shipped_as_its_parent(store: PracticeMagento, connect: Connect) -> None:
    shirt = {"sku": "SHIRT", "type": "configurable", "children": [{"sku": "SHIRT-M"}]}
    store.add_order(ORDER, [shirt])
    connect().write(a_shipment(lines=lines(**{"SHIRT-M": "1"})), REQUEST_ID)
    assert store.tracks(ORDER) == [NUMBER]


def test_pieces_that_the_store_cuts_off_are_said(
    store: PracticeMagento, order: Document, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody ships one of two packs after our look."""
    answer = store.answer

    def meanwhile(request, *, keep=True):  # type: ignore[no-untyped-def]
        if request.method == "POST":
            order["items"][0]["qty_shipped"] = 1.0
        return answer(request, keep=keep)

    monkeypatch.setattr(store, "answer", meanwhile)
    proof = connect().write(a_shipment(lines=lines(CARDS="2")), REQUEST_ID)
    assert proof.held == (
        f"{NUMBER} on shipment 000000001: 1 x CARDS; the store took 1 of 2 pieces"
    )


@pytest.mark.parametrize(
    ("act", "error", "code"),
    [
        ("hold", RecordLocked, "mg_on_hold"),
        ("cancel", RecordClosed, "mg_canceled"),
        ("refund", RecordClosed, "mg_refunded"),
    ],
)
def test_an_order_that_takes_no_shipment(
    store: PracticeMagento,
    order: Document,
    connect: Connect,
    act: str,
    error: type[BackhaulError],
    code: str,
) -> None:
    store.act(act, {"order": ORDER})
    with pytest.raises(error) as caught:
        connect().write(a_shipment(), REQUEST_ID)
    assert caught.value.code == code
    assert not [call for call in calls(store) if call.startswith("POST")]


def test_a_hold_that_ends_lets_it_through(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    target = connect()
    store.hold(ORDER)
    with pytest.raises(RecordLocked):
        target.write(a_shipment(), REQUEST_ID)
    store.unhold(ORDER)
    assert target.write(a_shipment(), REQUEST_ID).remote_id == "000000001"


def test_gifts_by_mail_are_not_shipped(store: PracticeMagento, connect: Connect) -> None:
    store.add_order(ORDER, [{"sku": "GIFT", "type": "virtual"}])
    with pytest.raises(RecordClosed) as caught:
        connect().write(a_shipment(), REQUEST_ID)
    assert caught.value.code == "mg_virtual"


@pytest.mark.parametrize(
    ("shipment", "code"),
    [
        (a_shipment(tracking=""), "mg_no_tracking"),
        (a_shipment(lines=lines(CARDS="3")), "mg_too_many"),
        (a_shipment(lines=lines(PENS="1")), "mg_no_item"),
    ],
)
def test_what_a_person_must_correct(
    store: PracticeMagento, order: Document, connect: Connect, shipment: Shipment, code: str
) -> None:
    with pytest.raises(Rejected) as caught:
        connect().write(shipment, REQUEST_ID)
    assert caught.value.code == code
    assert store.tracks(ORDER) == []


def test_an_unknown_number(store: PracticeMagento, connect: Connect) -> None:
    target = connect()
    for call in (target.write, target.look):
        with pytest.raises(NotFound) as caught:
            call(a_shipment("77"), REQUEST_ID)
        assert caught.value.code == "mg_order_not_found"


def test_a_text_of_an_extension_is_shown_as_it_is(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    body = {"message": "Acme rule %1: pay first", "parameters": ["7"]}
    store.fault("status", method="POST", code=400, body=body)
    with pytest.raises(Rejected) as caught:
        connect().write(a_shipment(), REQUEST_ID)
    assert caught.value.params["message"] == "Acme rule 7: pay first"


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        ({"kind": "maintenance"}, RemoteUnavailable, "maintenance"),
        ({"kind": "reset"}, RemoteUnavailable, "cut_off"),
        ({"kind": "login_page"}, BackhaulError, "mg_no_interface"),
        ({"kind": "lost_reply", "method": "POST"}, OutcomeUnknown, "answer_lost"),
        ({"kind": "bad_gateway", "method": "POST"}, OutcomeUnknown, "answer_lost"),
        ({"kind": "garbage", "method": "POST"}, OutcomeUnknown, "unreadable"),
        ({"kind": "maintenance", "path": "shipment/1"}, OutcomeUnknown, "read_back_failed"),
    ],
)
def test_trouble_on_the_way(
    store: PracticeMagento,
    order: Document,
    connect: Connect,
    fault: dict[str, str],
    error: type[BackhaulError],
    code: str,
) -> None:
    target = connect()
    store.fault(**fault)
    with pytest.raises(error) as caught:
        target.write(a_shipment(), REQUEST_ID)
    assert caught.value.code == code
    store.clear_faults()
    target.write(a_shipment(), REQUEST_ID)
    assert store.tracks(ORDER) == [NUMBER]  # whatever happened: once


def test_a_fault_of_the_store_names_its_report(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    store.break_order(ORDER)
    with pytest.raises(TransientError) as caught:
        connect().write(a_shipment(), REQUEST_ID)
    assert caught.value.params["report"] == "webapi-5f3a1c2b9d0e4"


def test_customer_mail_and_warehouse_are_choices(
    store: PracticeMagento,
    order: Document,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bodies: list[Document] = []
    answer: Callable[..., object] = store.answer

    def seen(request, *, keep=True):  # type: ignore[no-untyped-def]
        if request.method == "POST":
            bodies.append(request.json())
        return answer(request, keep=keep)

    monkeypatch.setattr(store, "answer", seen)
    connect(notify="on", source_code="north").write(a_shipment(), REQUEST_ID)
    assert bodies[0]["notify"] is True
    assert bodies[0]["arguments"] == {"extension_attributes": {"source_code": "north"}}
    assert store.snapshot()["shipments"]["1"]["email_sent"] == 1


def test_a_number_counts_as_there_however_it_is_written(
    store: PracticeMagento, order: Document, connect: Connect
) -> None:
    store.ship_by_hand(ORDER, "1z 999-AA1 0123456784")
    assert connect().write(a_shipment(), REQUEST_ID).was_there
    found = connect().look(a_shipment(), REQUEST_ID)
    assert found is not None
