"""A shop that is full, slow, broken or not itself."""

import logging
from typing import Any

import pytest

from app.core.errors import (
    OutcomeUnknown,
    Rejected,
    RemoteUnavailable,
    SetupChanged,
    Throttled,
    TransientError,
)
from app.practice.printsmith import PracticePrintSmith
from tests.fakes.clock import FakeClock
from tests.integrations.contract import REQUEST_ID
from tests.integrations.printsmith.conftest import Connect
from tests.integrations.printsmith.writing import (
    NUMBER,
    OTHER,
    a_shipment,
    error_in_real_time,
    error_of,
    methods,
)


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
