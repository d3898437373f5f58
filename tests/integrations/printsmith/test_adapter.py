"""The adapter against the practice shop, over real loopback."""

import logging
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from app.core.clock import SystemClock, from_ms
from app.core.errors import (
    BackhaulError,
    CredentialsRejected,
    NotFound,
    OutcomeUnknown,
    PermissionMissing,
    RecordClosed,
    RecordLocked,
    Rejected,
    RemoteUnavailable,
    SetupChanged,
    Throttled,
    TransientError,
)
from app.core.types import Shipment
from app.core.words import Catalogue
from app.integrations.printsmith import KIND, Maker
from app.practice.printsmith import PracticePrintSmith
from tests.fakes.clock import FakeClock
from tests.integrations.contract import REQUEST_ID, Call, WriteBackContract
from tests.integrations.printsmith.conftest import INVOICE, TOKEN, Connect, a_context

NUMBER = "1Z999AA10123456784"
OTHER = "1Z999AA10123456785"


def a_shipment(tracking: str = NUMBER, order: str = INVOICE, **fields: Any) -> Shipment:
    return Shipment(order, tracking, **fields)


def methods(shop: PracticePrintSmith, path: str = "/invoices") -> list[str]:
    return [seen.method for seen in shop.requests if path in seen.path]


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


# Success


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


# The rows of the error table


def error_in_real_time(shop: PracticePrintSmith, fault: str, method: str) -> BackhaulError:
    """With a clock that runs: the wait for an answer has to end by itself."""
    shop.fault(fault, method=method, path="/invoices")
    adapter = Maker()(a_context(SystemClock(), shop.url, timeout_s="1"))
    with pytest.raises(BackhaulError) as caught:
        adapter.write(a_shipment(), REQUEST_ID)
    adapter.close()
    return caught.value


def error_of(connect: Connect, error: type[BackhaulError], **settings: Any) -> BackhaulError:
    with pytest.raises(error) as caught:
        connect(**settings).write(a_shipment(), REQUEST_ID)
    assert type(caught.value) is error
    said = Catalogue(KIND.sentences).say(caught.value.code, caught.value.params)
    assert "?" not in said.summary.replace("since ?", "")
    return caught.value


def test_open_at_another_desk_is_seen_without_writing(
    shop: PracticePrintSmith, connect: Connect, clock: FakeClock
) -> None:
    shop.lock(INVOICE, by="MARY")
    opened_at = f"{from_ms(clock.now_ms()).astimezone():%H:%M}"
    error = error_of(connect, RecordLocked)
    assert (error.code, error.params) == ("ps_locked", {"held_by": "MARY", "since": opened_at})
    assert methods(shop) == ["GET"]
    shop.unlock(INVOICE)
    connect().write(a_shipment(), REQUEST_ID)


def test_opened_between_look_and_write(shop: PracticePrintSmith, connect: Connect) -> None:
    detail = {"locked_by": "MARY", "locked_since": "10:02"}
    body = {"code": "locked", "message": "Open", "detail": detail}
    shop.fault("status", method="PUT", code=423, body=body)
    error = error_of(connect, RecordLocked)
    assert error.params == {"held_by": "MARY", "since": "10:02"}
    assert methods(shop) == ["GET", "PUT"]


def test_a_changed_invoice_is_merged_again_in_the_same_run(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.fault("edited_meanwhile", times=2, method="PUT")
    connect().write(a_shipment(), REQUEST_ID)
    assert methods(shop) == ["GET", "PUT"] * 3 + ["GET"]
    assert shop.notes(INVOICE) == NUMBER


def test_an_invoice_that_keeps_changing_waits(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.fault("edited_meanwhile", times=None, method="PUT")
    with pytest.raises(RecordLocked) as caught:
        connect().write(a_shipment(), REQUEST_ID)
    assert caught.value.code == "ps_revision_changed"
    assert methods(shop) == ["GET", "PUT"] * 3


@pytest.mark.parametrize(
    ("act", "code"), [("pick_up", "ps_picked_up"), ("void", "ps_voided"), ("delete", "ps_deleted")]
)
def test_a_closed_invoice_is_never_written_to(
    shop: PracticePrintSmith, connect: Connect, act: str, code: str
) -> None:
    getattr(shop, act)(INVOICE)
    assert error_of(connect, RecordClosed).code == code
    assert methods(shop) == ["GET"]


def test_an_estimate_is_refused(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.estimate(INVOICE)
    assert error_of(connect, Rejected).code == "ps_estimate"


def test_an_unknown_invoice(connect: Connect) -> None:
    adapter, shipment = connect(), a_shipment(order="1")
    with pytest.raises(NotFound) as caught:
        adapter.write(shipment, REQUEST_ID)
    assert caught.value.params["order"] == "1"
    with pytest.raises(NotFound):
        adapter.look(shipment, REQUEST_ID)


def test_a_renamed_charge_is_named_and_looked_for_again(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.rename_charge("Shipleap Tracking")
    adapter = connect()
    with pytest.raises(SetupChanged) as caught:
        adapter.write(a_shipment(), REQUEST_ID)
    said = Catalogue(KIND.sentences).say(caught.value.code, caught.value.params)
    assert "“ShipLeap Tracking”" in said.summary
    assert "capitals" in said.hint
    assert caught.value.looks_again
    with pytest.raises(SetupChanged):
        list(connect().check())  # another adapter of the same connection
    shop.rename_charge("ShipLeap Tracking", old="Shipleap Tracking")
    assert "The charge is on invoice" in list(adapter.check())[-1].title


def test_a_missing_charge_whose_invoice_is_gone_stops_nobody(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.rename_charge("x")
    adapter = connect()
    with pytest.raises(SetupChanged):
        adapter.write(a_shipment(), REQUEST_ID)
    shop.fault("status", times=1, path="/invoices/", code=404, body={"code": "invoice_not_found"})
    assert list(adapter.check())[-1].passed is None


def test_notes_that_cannot_be_edited(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.editable(notes=False)
    error = error_of(connect, SetupChanged)
    assert (error.code, error.params["field"]) == ("ps_field_fixed", "notes")
    assert methods(shop) == ["GET"]


def test_notes_that_would_be_too_long_are_there_to_copy(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.type_note(INVOICE, "x" * 240)
    error = error_of(connect, Rejected)
    assert error.params["text"] == f"{'x' * 240}\n{NUMBER}"
    assert methods(shop) == ["GET"]
    assert error_of(connect, Rejected, notes_max="1000").code == "ps_notes_too_long"
    assert methods(shop)[-1] == "PUT"


def test_a_refused_token_is_asked_for_again(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.fault("unauthorized")
    adapter = connect()
    with pytest.raises(CredentialsRejected):
        adapter.write(a_shipment(), REQUEST_ID)
    adapter.write(a_shipment(), REQUEST_ID)


def test_a_missing_right_names_both_rights(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.rights(can_see_locks=False)
    assert error_of(connect, PermissionMissing).code == "ps_no_permission"
    shop.rights(can_save_invoice=False)
    error = error_of(connect, PermissionMissing)
    hint = Catalogue(KIND.sentences).say(error.code, error.params).hint
    assert "open and save invoices" in hint
    assert "ADMIN / SYSTEM MONITOR" in hint
    assert not methods(shop)
    assert error_of(connect, PermissionMissing, min_free_sessions="0").code == error.code
    assert methods(shop) == ["GET", "PUT"]


def test_too_few_sessions_hold_the_connection_longer_and_longer(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.sessions(free=1)
    waits = []
    for _ in range(4):  # an adapter of its own each time: the memory is the connection's
        with pytest.raises(Throttled) as caught:
            connect().write(a_shipment(), REQUEST_ID)
        assert (caught.value.code, caught.value.operation) == ("ps_few_sessions", "")
        assert caught.value.params == {"free": 1, "wanted": 2}
        waits.append(caught.value.retry_after_s)
    assert waits == [60, 120, 300, 300]
    assert not methods(shop)
    shop.sessions(free=5)
    connect().write(a_shipment(), REQUEST_ID)
    shop.sessions(free=0)
    with pytest.raises(Throttled) as caught:
        connect().write(a_shipment(OTHER), REQUEST_ID)
    assert (caught.value.code, caught.value.retry_after_s) == ("ps_no_session", 60)


def test_no_session_at_the_write_itself_waits_the_same_way(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.sessions(free=0)
    error = error_of(connect, Throttled, min_free_sessions="0")
    assert isinstance(error, Throttled)
    assert (error.code, error.retry_after_s) == ("ps_no_session", 60)


def test_unknown_session_counts_do_not_hold_anything(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    probe = {
        "product": "printsmith-vision",
        "version": "1",
        "user": "u",
        "can_save_invoice": True,
        "can_see_locks": True,
        "sessions_free": None,
    }
    shop.fault("status", path="/health", code=200, body=probe)
    connect().write(a_shipment(), REQUEST_ID)


def test_one_probe_a_minute_is_enough(
    shop: PracticePrintSmith, connect: Connect, clock: FakeClock
) -> None:
    adapter = connect()
    for tracking, seconds in (("A1", 0.0), ("A2", 59.0), ("A3", 2.0), ("A4", 1.0)):
        clock.advance(seconds)
        adapter.write(a_shipment(tracking), REQUEST_ID)
    assert len(methods(shop, "/health")) == 2


def test_a_pause_the_connector_asks_for_holds_the_connection(
    shop: PracticePrintSmith, connect: Connect, clock: FakeClock
) -> None:
    shop.fault("throttle", path="/invoices", retry_after=90)
    adapter = connect()
    with pytest.raises(Throttled) as caught:
        adapter.write(a_shipment(), REQUEST_ID)
    assert (caught.value.retry_after_s, caught.value.operation) == (90, "")
    met = len(shop.requests)
    with pytest.raises(Throttled):
        adapter.write(a_shipment(), REQUEST_ID)
    assert len(shop.requests) == met
    clock.advance(91)
    adapter.write(a_shipment(), REQUEST_ID)


def test_maintenance_is_not_an_answer(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.fault("maintenance", path="/invoices")
    assert error_of(connect, RemoteUnavailable).code == "maintenance"


def test_an_error_of_the_server_spends_an_attempt(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    shop.fault("server_error", path="/invoices")
    assert error_of(connect, TransientError).code == "server_error"


@pytest.mark.parametrize("fault", ["reset", "hang"])
def test_no_answer_to_a_read_is_not_reachable(shop: PracticePrintSmith, fault: str) -> None:
    assert type(error_in_real_time(shop, fault, "GET")) is RemoteUnavailable


@pytest.mark.parametrize("fault", ["lost_reply", "reset", "hang", "bad_gateway", "garbage"])
def test_no_answer_to_a_write_is_in_doubt(shop: PracticePrintSmith, fault: str) -> None:
    assert type(error_in_real_time(shop, fault, "PUT")) is OutcomeUnknown


def test_garbage_to_a_read_spends_an_attempt(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.fault("garbage", method="GET", path="/invoices")
    assert error_of(connect, TransientError).code == "unreadable"


def test_a_login_page_is_not_the_connector(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.fault("login_page", path="/invoices")
    assert error_of(connect, TransientError).code == "not_the_api"


def test_a_redirect_is_not_followed(shop: PracticePrintSmith, connect: Connect) -> None:
    shop.fault("redirect", path="/invoices")
    assert error_of(connect, SetupChanged).code == "moved"


@pytest.mark.parametrize("fault", ["reset", "server_error", "maintenance", "garbage", "throttle"])
def test_a_failed_read_back_is_in_doubt(
    shop: PracticePrintSmith, connect: Connect, fault: str
) -> None:
    shop.fault(fault, method="GET", path="/invoices", skip=1)
    adapter = connect()
    with pytest.raises(OutcomeUnknown) as caught:
        adapter.write(a_shipment(), REQUEST_ID)
    assert caught.value.code == "read_back_failed"
    assert adapter.look(a_shipment(), REQUEST_ID) is not None


def test_another_invoice_in_the_answer_is_not_written_to(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    body = {"invoice": "999", "kind": "invoice", "state": "pending", "revision": "1", "charges": []}
    shop.fault("status", path="/invoices", code=200, body=body)
    assert error_of(connect, Rejected).params["found"] == "999"


def test_leading_zeros_do_not_make_another_invoice(
    shop: PracticePrintSmith, connect: Connect
) -> None:
    charge: dict[str, Any] = {"name": "ShipLeap Tracking", "notes": NUMBER}
    charge |= {"notes_editable": True, "price_editable": True}
    body: dict[str, Any] = {"invoice": "42", "kind": "invoice", "state": "pending", "revision": "1"}
    shop.fault("status", path="/invoices", code=200, body=body | {"charges": [charge]})
    assert connect().write(a_shipment(order="0042"), REQUEST_ID).was_there


def test_a_number_is_needed(shop: PracticePrintSmith, connect: Connect) -> None:
    with pytest.raises(Rejected, match="ps_no_tracking"):
        connect().write(a_shipment(""), REQUEST_ID)
    assert not shop.requests


def test_an_unknown_state_is_written_with_a_warning(
    shop: PracticePrintSmith, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    shop.add_invoice("7", state="on the moon")
    with caplog.at_level(logging.WARNING):
        connect().write(a_shipment(order="7"), REQUEST_ID)
    assert "on the moon" in caplog.text


def test_settings_that_do_not_fit_together_stop_the_connection(connect: Connect) -> None:
    with pytest.raises(SetupChanged) as caught:
        connect(token_in="path")
    assert caught.value.params["name"] == "probe_path"


# Several at once


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


# The connection test


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
