"""The adapter against the practice shop, over real loopback."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest

from app.core.errors import BackhaulError, TransientError
from app.core.types import Shipment
from app.integrations.printsmith import KIND
from app.practice.printsmith import PracticePrintSmith
from tests.fakes.clock import FakeClock
from tests.integrations.contract import REQUEST_ID, Call, WriteBackContract
from tests.integrations.printsmith.conftest import INVOICE, TOKEN, Connect
from tests.integrations.printsmith.writing import NUMBER, OTHER, a_shipment, methods


class PrintSmithBench:
    """The practice shop as the common cases see it."""

    def __init__(self, shop: PracticePrintSmith, connect: Connect) -> None:
        self._shop = shop
        self.secrets = [TOKEN]
        self.target = connect()

    def a_shipment(self) -> Shipment:
        return a_shipment()

    def calls(self) -> list[Call]:
        return [Call(seen.method == "PUT", seen.request_id) for seen in self._shop.requests]

    def times_held(self, shipment: Shipment) -> int:
        return self._shop.notes(shipment.order_ref).splitlines().count(shipment.tracking)

    def fail_with(self, status: int) -> None:
        body = {"code": "odd", "message": f"no: {TOKEN}", "detail": {"locked_by": TOKEN}}
        self._shop.fault("status", times=None, code=status, body=body)

    def lose_answers_to_writes(self) -> None:
        self._shop.fault("lost_reply", times=None, method="PUT")

    def store_nothing(self) -> None:
        self._shop.fault("not_stored", times=None, method="PUT")

    def recover(self) -> None:
        self._shop.clear_faults()


class TestContract(WriteBackContract):
    @pytest.fixture
    def bench(self, shop: PracticePrintSmith, connect: Connect) -> PrintSmithBench:
        return PrintSmithBench(shop, connect)


def test_the_number_lands_on_the_charge(
    shop: PracticePrintSmith, connect: Connect, clock: FakeClock
) -> None:
    proof = connect().write(a_shipment(), REQUEST_ID)
    assert shop.notes(INVOICE) == NUMBER
    assert (proof.sent, proof.held, proof.read_at) == (NUMBER, NUMBER, clock.now_ms())
    assert shop.writes[0]["price"] == "0.00"
    assert methods(shop) == ["GET", "PUT", "GET"]


def test_success_comes_from_a_second_request(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.fault("not_stored", method="PUT")  # the answer shows the number; nothing is kept
    adapter = connect()
    with pytest.raises(TransientError) as caught:
        adapter.write(a_shipment(), REQUEST_ID)
    assert (type(caught.value), caught.value.code) == (TransientError, "ps_not_stored")
    assert methods(shop) == ["GET", "PUT", "GET"]
    assert not adapter.write(a_shipment(), REQUEST_ID).was_there
    assert methods(shop) == ["GET", "PUT", "GET"] * 2


def test_an_answer_without_the_number_is_not_stored(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    charge = {"name": "x", "notes": "", "notes_editable": True, "price_editable": True}
    shop.fault("status", method="PUT", code=200, body=charge)
    with pytest.raises(TransientError, match="ps_not_stored"):
        connect().write(a_shipment(), REQUEST_ID)


def test_a_number_that_is_there_is_left_alone(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.type_note(INVOICE, f"UPS {NUMBER.lower()}, by hand")
    proof = connect().write(a_shipment(), REQUEST_ID)
    assert proof.was_there
    assert proof.held == f"UPS {NUMBER.lower()}, by hand"
    assert not shop.writes


@pytest.mark.parametrize("mode", ["merge", "replace"])
def test_other_numbers_and_human_text_stay(
    shop: PracticePrintSmith, connect: Connect, mode: str
) -> None:
    shop.type_note(INVOICE, f"Call first\n{OTHER}")
    connect(notes_mode=mode).write(a_shipment(), REQUEST_ID)
    assert shop.notes(INVOICE) == f"Call first\n{OTHER}\n{NUMBER}"


@pytest.mark.parametrize("change", ["pick_up", "lock"])
def test_a_number_that_arrived_counts_whatever_came_after(
    shop: PracticePrintSmith, connect: Connect, change: str
) -> None:
    adapter = connect()
    adapter.write(a_shipment(), REQUEST_ID)
    getattr(shop, change)(INVOICE)
    assert adapter.write(a_shipment(), REQUEST_ID).was_there
    assert adapter.look(a_shipment(), REQUEST_ID) is not None
    assert adapter.look(a_shipment(OTHER), REQUEST_ID) is None


@pytest.mark.parametrize(
    ("switch", "cost", "editable", "price"),
    [
        ("on", "12.5", True, "12.50"),
        ("on", None, True, "0.00"),
        ("on", "12.5", False, "0.00"),
        ("off", "12.5", True, "0.00"),
    ],
)
def test_the_cost_is_written_by_choice(
    shop: PracticePrintSmith,
    connect: Connect,
    switch: str,
    cost: str | None,
    editable: bool,
    price: str,
) -> None:
    shop.editable(notes=True, price=editable)
    shipment = a_shipment(cost=None if cost is None else Decimal(cost))
    proof = connect(write_cost=switch).write(shipment, REQUEST_ID)
    assert shop.writes[0]["price"] == price
    assert ("price 12.50" in proof.sent) == (price == "12.50") == ("price 12.50" in proof.held)


def test_the_token_may_travel_in_the_path(shop: PracticePrintSmith, connect: Connect) -> None:
    with PracticePrintSmith(token="t0k") as other:
        other.add_invoice(INVOICE)
        adapter = connect(
            base_url=other.url,
            token="t0k",
            token_in="path",
            probe_path="/{token}/health",
            read_path="/{token}/invoices/{invoice}",
            write_path="/{token}/invoices/{invoice}/charges/{charge}",
        )
        adapter.write(a_shipment(), REQUEST_ID)
        assert other.notes(INVOICE) == NUMBER


@pytest.mark.parametrize(
    "order", ["..", ".", "../health", "316132/charges/x", "a b?c#d", "{token}"]
)
def test_an_order_number_never_becomes_another_path(
    shop: PracticePrintSmith, connect: Connect, order: str
) -> None:
    with pytest.raises(BackhaulError):
        connect(min_free_sessions="0").write(a_shipment(order=order), REQUEST_ID)
    assert [seen.path for seen in shop.requests] == [f"/invoices/{order}"]


def test_two_connections_to_one_server_never_write_at_the_same_time(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    orders = [str(number) for number in range(10, 22)]
    for order in orders:
        shop.add_invoice(order)
    shop.latency(0.01)
    adapters = [connect(connection_id=n, min_free_sessions="0") for n in (1, 2)]

    def run(turn: int) -> None:
        for order in orders[turn::2]:
            adapters[turn].write(a_shipment(order=order), REQUEST_ID)

    in_parallel(lambda: run(0), lambda: run(1))
    seen = [seen.path.split("/")[2] for seen in shop.requests]
    turns = [seen[start : start + 3] for start in range(0, len(seen), 3)]
    assert all(len(set(turn)) == 1 for turn in turns)
    assert sorted(turn[0] for turn in turns) == sorted(orders)
    assert all(shop.notes(order) == NUMBER for order in orders)


def in_parallel(*runs: Callable[[], None]) -> None:
    threads = [threading.Thread(target=run) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_parcels_of_one_invoice_give_a_line_each(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    adapter = connect()
    adapter.write(a_shipment(), REQUEST_ID)
    adapter.write(a_shipment(OTHER), REQUEST_ID)
    assert shop.notes(INVOICE) == f"{NUMBER}\n{OTHER}"


def test_a_check_says_what_matters(shop: PracticePrintSmith, connect: Connect) -> None:
    steps = list(connect().check())
    assert [step.passed for step in steps] == [True] * 5
    assert "signed in as shipper" in steps[0].text
    shop.rights(can_save_invoice=False, can_see_locks=False)
    shop.sessions(free=1)
    assert [step.passed for step in connect().check()] == [True, False, False, False, True]


def test_details_have_two_keys() -> None:
    assert dict(KIND.details(a_shipment())) == {"invoice": INVOICE, "tracking": NUMBER}


def test_the_rules_follow_the_settings(connect: Connect) -> None:
    rules = connect(poll_locked_s="15").rules
    assert (rules.poll_locked_s, rules.order_wait_s) == (15, 0)
