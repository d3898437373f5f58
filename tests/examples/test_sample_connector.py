"""The sample connector over real loopback sockets, held against the published contract."""

import ast
import json
import logging
import re
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.bridge import CHARGE, NUMBER, REQUEST_ID, TOKEN
from tests.examples.sample import CONNECTOR, Caller, sample
from tests.openapi import Json


@pytest.fixture
def caller(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Caller]:
    caplog.set_level(logging.INFO)
    path = tmp_path / "shop.json"
    with sample.Connector(0, sample.Shop(path), TOKEN) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield Caller(server.server_port, path, {"Authorization": f"Bearer {TOKEN}"})
        finally:
            server.shutdown()
            thread.join()


def test_probe_says_who_and_what_is_allowed(caller: Caller) -> None:
    answer = caller.probe()
    assert answer.status == 200
    assert answer.body["can_save_invoice"] is True
    assert answer.body["sessions_free"] == 5


def test_tracking_is_written_and_read_back(caller: Caller) -> None:
    assert caller.charge()["notes"] == ""
    written = caller.write()
    assert (written.status, written.body["notes"]) == (200, NUMBER)
    assert written.body["price"] == "0.00"
    assert caller.charge() == written.body
    assert caller.read().body["revision"] == "18"


def test_price_is_stored_only_when_given(caller: Caller) -> None:
    assert caller.write(price="12.50").body["price"] == "12.50"
    assert caller.write(notes="9400", if_revision="18").body["price"] == "12.50"


def test_repeated_write_adds_nothing_and_keeps_the_revision(caller: Caller) -> None:
    caller.write()
    assert caller.write(if_revision="18").body["notes"] == NUMBER
    assert caller.read().body["revision"] == "18"


@pytest.mark.parametrize(
    ("held", "sent", "kept"),
    [
        ("", NUMBER, NUMBER),
        ("Call first", NUMBER, f"Call first\n{NUMBER}"),
        ("Call first", f"Call first\n{NUMBER}", f"Call first\n{NUMBER}"),
        ("left: 1z-999AA1.0123456784 UPS", NUMBER, "left: 1z-999AA1.0123456784 UPS"),
        (NUMBER, "1z-999AA1.0123456784", NUMBER),
        (f"{NUMBER}5", NUMBER, f"{NUMBER}5\n{NUMBER}"),
        (f"Call first\n{NUMBER}", "9400111", f"Call first\n{NUMBER}\n9400111"),
        ("Call\n\nfirst", "", "Call\n\nfirst"),
    ],
)
def test_merge_drops_nothing_and_doubles_nothing(
    caller: Caller, held: str, sent: str, kept: str
) -> None:
    caller.edit_charge(notes=held)
    assert caller.write(notes=sent).body["notes"] == kept


def test_replace_stores_exactly_what_was_sent(caller: Caller) -> None:
    caller.edit_charge(notes="old")
    assert caller.write(notes="a\n\nb ", notes_mode="replace").body["notes"] == "a\n\nb "


def test_number_with_special_characters_is_decoded(caller: Caller) -> None:
    caller.edit(lambda data: data["invoices"].update({"A/7 ü": data["invoices"]["316132"]}))
    assert caller.read("A/7 ü").body["invoice"] == "A/7 ü"
    assert caller.write("A/7 ü").status == 200


def test_optional_keys_may_be_missing(caller: Caller) -> None:
    caller.edit(lambda data: data["invoices"]["316132"].pop("locked_by"))
    assert caller.read().status == 200
    assert caller.write().status == 200


@pytest.mark.parametrize("edit", [{"locked_by": "MARY"}, {"state": "picked_up"}])
def test_read_still_answers_while_writing_is_refused(caller: Caller, edit: Json) -> None:
    caller.edit_invoice(**edit)
    answer = caller.read()
    assert answer.status == 200
    assert edit.items() <= answer.body.items()


REFUSED: list[tuple[int, str, Json, Json]] = [
    # status, code, edit of the invoice, change sent
    (423, "locked", {"locked_by": "MARY"}, {}),
    (409, "revision_changed", {"revision": "18"}, {}),
    (409, "picked_up", {"state": "picked_up"}, {}),
    (409, "voided", {"state": "voided"}, {}),
    (409, "deleted", {"state": "deleted"}, {}),
    (422, "is_estimate", {"kind": "estimate"}, {}),
    (404, "charge_not_defined", {"charges": []}, {}),
    (422, "notes_too_long", {}, {"notes": "x" * 256}),
]


@pytest.mark.parametrize(("status", "code", "edit", "change"), REFUSED)
def test_refused_write_has_its_code_and_changes_nothing(
    caller: Caller, status: int, code: str, edit: Json, change: Json
) -> None:
    caller.edit_invoice(**edit)
    before = caller.shop.read_bytes()
    answer = caller.write(**change)
    assert (answer.status, answer.code) == (status, code)
    assert caller.shop.read_bytes() == before


def test_lock_names_its_holder(caller: Caller) -> None:
    lock = {"locked_by": "MARY", "locked_since": "2026-01-05T10:02:00-05:00"}
    caller.edit_invoice(**lock)
    answer = caller.write()
    assert answer.body["detail"] == lock
    assert lock.items() <= caller.read().body.items()
    assert "MARY" in answer.body["message"]


def test_played_lock_says_since_when(caller: Caller) -> None:
    shop = sample.Shop(caller.shop)
    shop.set_lock("316132", "MARY")
    since = datetime.fromisoformat(caller.read().body["locked_since"])
    assert abs(datetime.now(UTC) - since) < timedelta(minutes=1)
    shop.set_lock("316132", "")
    assert {"locked_by": None, "locked_since": None}.items() <= caller.read().body.items()


@pytest.mark.parametrize("field", ["notes", "price"])
def test_fixed_field_is_named(caller: Caller, field: str) -> None:
    caller.edit_charge(**{f"{field}_editable": False})
    answer = caller.write(price="1.00")
    assert (answer.status, answer.code) == (422, "field_not_editable")
    assert answer.body["detail"] == {"field": field}


def test_fixed_price_does_not_matter_if_none_is_sent(caller: Caller) -> None:
    caller.edit_charge(price_editable=False)
    assert caller.write().status == 200


@pytest.mark.parametrize("name", ["shipleap tracking", "ShipLeap Tracking ", "Shipping"])
def test_charge_name_is_compared_exactly(caller: Caller, name: str) -> None:
    assert caller.write(charge=name).code == "charge_not_defined"


def test_unknown_invoice_is_not_found(caller: Caller) -> None:
    for answer in (caller.read("999999"), caller.write("999999")):
        assert (answer.status, answer.code) == (404, "invoice_not_found")


@pytest.mark.parametrize("right", ["can_save_invoice", "can_see_locks"])
def test_missing_right_refuses_writes_and_shows_in_the_probe(caller: Caller, right: str) -> None:
    caller.edit(lambda data: data.update({right: False}))
    assert caller.probe().body[right] is False
    answer = caller.write()
    assert (answer.status, answer.code) == (403, "no_permission")


def test_no_free_session_says_when_to_come_back(caller: Caller) -> None:
    caller.edit(lambda data: data.update(sessions_free=0))
    assert caller.probe().body["sessions_free"] == 0
    for answer in (caller.read(), caller.write()):
        assert (answer.status, answer.code) == (503, "no_free_session")
        assert answer.headers["Retry-After"] == "60"


def test_sessions_may_be_unknown(caller: Caller) -> None:
    caller.edit(lambda data: data.update(sessions_free=None))
    assert caller.probe().body["sessions_free"] is None
    assert caller.write().status == 200


def test_damaged_file_is_an_internal_error_with_a_trace_in_the_log(
    caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    caller.shop.write_text("{", encoding="utf-8")
    for answer in (caller.probe(), caller.read(), caller.write()):
        assert (answer.status, answer.code) == (500, "internal_error")
    assert "JSONDecodeError" in caplog.text


@pytest.mark.parametrize(
    "change",
    [
        {"price": 12.5},
        {"price": "12,50"},
        {"price": "12.5"},
        {"price": "-1.00"},
        {"price": "1.00\n"},
        {"price": ""},
        {"notes": None},
        {"notes_mode": "append"},
        {"notes_mode": []},
        {"if_revision": 17},
    ],
)
def test_wrong_values_are_refused(caller: Caller, change: Json) -> None:
    answer = caller.write(**change)
    assert (answer.status, answer.code) == (400, "bad_request")
    assert caller.charge()["notes"] == ""


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'{"notes": "1Z"}', b"\xff\xfe"])
def test_body_that_is_no_change_is_refused(caller: Caller, body: bytes) -> None:
    assert caller.write_bytes(body).code == "bad_request"


def test_body_of_the_largest_size_is_still_answered(caller: Caller) -> None:
    size = sample.BODY_MAX
    answer = caller.raw("PUT", f"/invoices/316132/charges/{quote(CHARGE)}", b" " * size)
    assert answer.code == "bad_request"


def test_unknown_calls_are_not_found(caller: Caller) -> None:
    calls = [("GET", "/"), ("GET", "/invoices"), ("PUT", "/health"), ("POST", "/health")]
    for method, path in [*calls, ("DELETE", "/invoices/316132"), ("GET", "/invoices/1/charges/2")]:
        answer = caller.raw(method, path)
        assert (answer.status, answer.code) == (404, "not_found"), path


@pytest.mark.parametrize("header", ["", TOKEN, "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x"])
def test_wrong_token_is_refused(caller: Caller, header: str) -> None:
    caller.headers = {"Authorization": header} if header else {}
    for answer in (caller.probe(), caller.read(), caller.write()):
        assert (answer.status, answer.code) == (401, "unauthorized")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_token_may_stand_in_the_path(caller: Caller) -> None:
    caller.headers, caller.prefix = {}, f"/{TOKEN}"
    assert caller.probe().status == 200
    assert caller.write().status == 200
    assert caller.read().body["revision"] == "18"


def test_wrong_token_in_the_path_is_refused(caller: Caller) -> None:
    caller.headers, caller.prefix = {}, f"/{TOKEN[:-1]}"
    assert caller.read().code == "unauthorized"


def test_of_two_writes_at_once_one_must_read_again(caller: Caller) -> None:
    numbers = [f"1Z999AA1012345678{n}" for n in range(8)]
    with ThreadPoolExecutor(len(numbers)) as pool:
        answers = list(pool.map(lambda number: caller.write(notes=number), numbers))
    assert sorted(answer.code for answer in answers) == ["ok", *["revision_changed"] * 7]


def test_one_line_is_logged_per_call(caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
    caller.probe()
    caller.write("999999")
    caller.headers = {}
    caller.read()
    lines = [record.getMessage() for record in caplog.records if record.name == "connector"]
    assert len(lines) == 3
    assert re.fullmatch(rf"GET 'health': 200 ok, \d+ ms, request '{REQUEST_ID}'", lines[0])
    assert "999999" in lines[1]
    assert "404 invoice_not_found" in lines[1]
    assert lines[2].startswith("refused: 401 unauthorized")


@pytest.mark.parametrize("prefix", ["", f"/{TOKEN}", f"/{TOKEN}/{TOKEN}"])
def test_token_is_never_logged(
    caller: Caller,
    prefix: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caller.raw("GET", f"{prefix}/health")
    caller.headers = {}
    caller.raw("GET", f"/wrong{prefix}/health")
    assert len(caplog.records) == 2
    assert TOKEN not in caplog.text + "".join(capfd.readouterr())


def test_line_breaks_cannot_forge_log_lines(
    caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    caller.read("1\n2026 INFO forged")
    assert "\n" not in caplog.records[-1].getMessage()


def test_sample_uses_the_standard_library_only_and_stays_small() -> None:
    text = CONNECTOR.read_text(encoding="utf-8")
    imported: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert imported <= sys.stdlib_module_names
    assert len(text.splitlines()) <= 260


def test_new_shop_file_offers_a_case_of_each_kind(tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    shop = sample.Shop(path)
    kinds = {number: shop.read(number) for number in json.loads(path.read_text())["invoices"]}
    assert {invoice["state"] for invoice in kinds.values()} >= {"pending", "picked_up"}
    assert "estimate" in {invoice["kind"] for invoice in kinds.values()}
