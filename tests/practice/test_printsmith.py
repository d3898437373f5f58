"""The practice PrintSmith held against the bridge contract and its OpenAPI document."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from app.practice import SYSTEMS
from app.practice.printsmith import PracticePrintSmith
from tests.bridge import CHARGE, INVOICE, NUMBER, REQUEST_ID, TOKEN
from tests.practice.conftest import NOW, Caller

OTHER = "9400110200881234567890"
Act = Callable[[PracticePrintSmith], object]


def test_it_is_listed_by_the_kind_it_stands_in_for() -> None:
    assert SYSTEMS["printsmith"] is PracticePrintSmith


# Success. `Caller` holds every answer against the OpenAPI document.


def test_probe(caller: Caller) -> None:
    assert caller.probe().body == {
        "product": "printsmith-vision",
        "version": "practice",
        "user": "shipper",
        "can_save_invoice": True,
        "can_see_locks": True,
        "sessions_free": 5,
    }


def test_tracking_is_written_and_read_back(shop: PracticePrintSmith, caller: Caller) -> None:
    before = caller.read().body
    assert (before["kind"], before["state"], before["locked_by"]) == ("invoice", "pending", None)
    written = caller.write()
    assert written.body == {**before["charges"][0], "notes": NUMBER}
    after = caller.read().body
    assert after["charges"] == [written.body]
    assert after["revision"] != before["revision"]
    assert shop.notes(INVOICE) == NUMBER


def test_a_charge_that_is_defined_but_not_on_the_invoice_is_added_by_the_write(
    shop: PracticePrintSmith, caller: Caller
) -> None:
    shop.add_invoice("7", charges=[])
    before = shop.snapshot()
    (listed,) = caller.read("7").body["charges"]
    assert (listed["name"], listed["notes"], listed["price"]) == (CHARGE, "", "0.00")
    assert shop.snapshot() == {**before, "requests": before["requests"] + 1}
    assert caller.write("7").body == {**listed, "notes": NUMBER}
    assert caller.read("7").body["charges"] == [{**listed, "notes": NUMBER}]


def test_request_ids_are_kept(shop: PracticePrintSmith, caller: Caller) -> None:
    caller.probe()
    caller.read()
    caller.write()
    calls = [(seen.method, seen.path, seen.request_id, seen.status) for seen in shop.requests]
    assert calls == [
        ("GET", "/health", REQUEST_ID, 200),
        ("GET", f"/invoices/{INVOICE}", REQUEST_ID, 200),
        ("PUT", f"/invoices/{INVOICE}/charges/{CHARGE}", REQUEST_ID, 200),
    ]
    written = {"invoice": INVOICE, "notes": NUMBER, "price": "0.00", "request_id": REQUEST_ID}
    assert shop.writes == [written]


def test_a_request_id_is_not_needed_and_not_remembered(
    shop: PracticePrintSmith, caller: Caller
) -> None:
    caller.write()
    assert caller.write(notes=OTHER).body["notes"] == f"{NUMBER}\n{OTHER}"
    caller.headers |= {"X-Request-Id": ""}
    assert caller.read().status == 200


def test_repeated_write_adds_nothing_and_keeps_the_revision(caller: Caller) -> None:
    caller.write()
    revision = caller.revision()
    assert caller.write().body["notes"] == NUMBER
    assert caller.revision() == revision


@pytest.mark.parametrize(
    ("held", "sent", "kept"),
    [
        ("", NUMBER, NUMBER),
        ("Call first", NUMBER, f"Call first\n{NUMBER}"),
        ("Call first\n", NUMBER, f"Call first\n{NUMBER}"),
        ("Call first", f"Call first\n{NUMBER}", f"Call first\n{NUMBER}"),
        ("left: 1z-999AA1.0123456784 UPS", NUMBER, "left: 1z-999AA1.0123456784 UPS"),
        (NUMBER, "1z-999AA1.0123456784", NUMBER),
        (f"{NUMBER}5", NUMBER, f"{NUMBER}5\n{NUMBER}"),
        (f"Call first\n{NUMBER}", OTHER, f"Call first\n{NUMBER}\n{OTHER}"),
        ("Call\r\n\r\n\x0bfirst", OTHER, f"Call\r\n\r\n\x0bfirst\n{OTHER}"),
        ("", f"{NUMBER}\n{NUMBER}", NUMBER),
        ("Call\n\nfirst", "", "Call\n\nfirst"),
    ],
)
def test_merge_drops_nothing_and_doubles_nothing(
    shop: PracticePrintSmith, caller: Caller, held: str, sent: str, kept: str
) -> None:
    shop.type_note(INVOICE, held)
    assert caller.write(notes=sent).body["notes"] == kept == shop.notes(INVOICE)


def test_replace_stores_exactly_what_was_sent(shop: PracticePrintSmith, caller: Caller) -> None:
    shop.type_note(INVOICE, "old")
    assert caller.write(notes="a\n\nb ", notes_mode="replace").body["notes"] == "a\n\nb "


@pytest.mark.parametrize("price", ["12.50", "0.00", "007.00", "1234567.89"])
def test_price_is_stored_only_when_given(caller: Caller, price: str) -> None:
    assert caller.write(price=price).body["price"] == price
    assert caller.write(notes=OTHER).body["price"] == price


def test_numbers_and_names_are_decoded_part_by_part(
    shop: PracticePrintSmith, caller: Caller
) -> None:
    shop.add_invoice("A/7 ü%2F")
    shop.rename_charge("Track/ing ü")
    assert caller.read("A/7 ü%2F").body["invoice"] == "A/7 ü%2F"
    assert caller.write("A/7 ü%2F", "Track/ing ü").status == 200
    assert caller.read(f"{INVOICE}/charges/x").code == "invoice_not_found"


@pytest.mark.parametrize("wrong", ["", TOKEN, "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x"])
def test_wrong_token_in_the_header(shop: PracticePrintSmith, caller: Caller, wrong: str) -> None:
    caller.headers = {"Authorization": wrong} if wrong else {}
    for answer in (caller.probe(), caller.read(), caller.write(), caller.write_bytes(b"{")):
        assert answer.said == (401, "unauthorized")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert not shop.writes


def test_token_in_the_path(shop: PracticePrintSmith, caller: Caller) -> None:
    caller.headers, caller.prefix = {}, f"/{TOKEN}"
    assert caller.probe().status == 200
    assert caller.write().status == 200
    assert caller.charge()["notes"] == NUMBER
    caller.prefix = f"/{TOKEN[:-1]}"
    assert caller.read().said == (401, "unauthorized")


def test_unknown_calls_are_not_found(caller: Caller) -> None:
    calls = [("GET", "/"), ("GET", "/invoices"), ("PUT", "/health"), ("POST", "/health")]
    for method, path in [*calls, ("DELETE", f"/invoices/{INVOICE}"), ("GET", "/health/x")]:
        assert caller.raw(method, path).said == (404, "not_found"), path


# The contract's error table: what the shop itself says. The rest is in test_faults.py.


@pytest.mark.parametrize(
    ("act", "change", "status", "code"),
    [
        (lambda shop: shop.lock(INVOICE), {}, 409, "locked"),
        (lambda shop: None, {"if_revision": "0"}, 409, "revision_changed"),
        (lambda shop: shop.pick_up(INVOICE), {}, 409, "picked_up"),
        (lambda shop: shop.void(INVOICE), {}, 409, "voided"),
        (lambda shop: shop.delete(INVOICE), {}, 409, "deleted"),
        (lambda shop: shop.rename_charge("x"), {}, 404, "charge_not_defined"),
        (lambda shop: shop.editable(notes=False), {}, 422, "field_not_editable"),
        (lambda shop: shop.editable(price=False), {"price": "1.00"}, 422, "field_not_editable"),
        (lambda shop: None, {"notes": "x" * 256}, 422, "notes_too_long"),
        (lambda shop: shop.rights(can_save_invoice=False), {}, 403, "no_permission"),
        (lambda shop: shop.rights(can_see_locks=False), {}, 403, "no_permission"),
        (lambda shop: shop.sessions(free=0), {}, 503, "no_free_session"),
        (lambda shop: shop.estimate(INVOICE), {}, 422, "is_estimate"),
    ],
)
def test_refused_write_has_its_code_and_changes_nothing(
    shop: PracticePrintSmith, caller: Caller, act: Act, change: Any, status: int, code: str
) -> None:
    act(shop)
    before = shop.snapshot()
    assert caller.write(**change).said == (status, code)
    assert shop.snapshot() == {**before, "requests": before["requests"] + 1}


def test_unknown_invoice(caller: Caller) -> None:
    for answer in (caller.read("999999"), caller.write("999999")):
        assert answer.said == (404, "invoice_not_found")


@pytest.mark.parametrize("name", ["shipleap tracking", "ShipLeap Tracking ", "Shipping"])
def test_charge_name_is_compared_exactly(caller: Caller, name: str) -> None:
    assert caller.write(charge=name).said == (404, "charge_not_defined")


def test_lock_says_who_and_since_when(shop: PracticePrintSmith, caller: Caller) -> None:
    revision = caller.revision()
    shop.lock(INVOICE, by="MARY")
    lock = {"locked_by": "MARY", "locked_since": NOW.isoformat()}
    answer = caller.write()
    assert answer.body["detail"] == lock
    assert answer.body["message"] == f"Open by MARY since {NOW.astimezone():%H:%M}"
    assert lock.items() <= caller.read().body.items()
    assert caller.revision() == revision
    shop.unlock(INVOICE)
    assert caller.read().body["locked_since"] is None
    assert caller.write().status == 200


@pytest.mark.parametrize("field", ["notes", "price"])
def test_fixed_field_is_named_and_stays_fixed_for_new_invoices(
    shop: PracticePrintSmith, caller: Caller, field: str
) -> None:
    shop.editable(**{field: False})
    shop.add_invoice("7")
    for invoice in (INVOICE, "7"):
        assert caller.document(invoice)["charges"][0][f"{field}_editable"] is False
        assert caller.write(invoice, price="1.00").body["detail"] == {"field": field}


def test_fixed_price_does_not_matter_if_none_is_sent(
    shop: PracticePrintSmith, caller: Caller
) -> None:
    shop.editable(price=False)
    assert caller.write().status == 200


@pytest.mark.parametrize("act", ["lock", "pick_up", "void", "delete", "estimate"])
def test_read_still_answers_while_writing_is_refused(
    shop: PracticePrintSmith, caller: Caller, act: str
) -> None:
    shop.act(act, {"invoice": INVOICE})
    answer = caller.read()
    assert answer.status == 200
    picked_up_at = answer.body["picked_up_at"]
    assert (picked_up_at is None) == (act != "pick_up")
    assert picked_up_at is None or datetime.fromisoformat(picked_up_at) == NOW
    shop.reopen(INVOICE)
    shop.unlock(INVOICE)
    assert caller.write().status == 200


def test_rights_show_in_the_probe_and_in_reads(shop: PracticePrintSmith, caller: Caller) -> None:
    shop.lock(INVOICE)
    shop.rights(can_save_invoice=False, can_see_locks=False)
    found = caller.probe().body
    assert (found["can_save_invoice"], found["can_see_locks"]) == (False, False)
    assert caller.read().body["locked_by"] is None
    assert caller.read().body["locked_since"] is None
    shop.rights()
    assert caller.write().code == "locked"


@pytest.mark.parametrize(
    "change",
    [
        {"price": 12.5},
        {"price": "12,50"},
        {"price": "12.5"},
        {"price": "-1.00"},
        {"price": "1.00\n"},
        {"price": ""},
        {"price": "NaN"},
        {"price": "Infinity"},
        {"price": "\u0661\u0662.\u0665\u0660"},
        {"notes": None},
        {"notes_mode": "append"},
        {"notes_mode": []},
        {"if_revision": 1},
        {"if_revision": None},
        {"if_revision": ""},
    ],
)
def test_wrong_values_are_refused(
    shop: PracticePrintSmith, caller: Caller, change: dict[str, Any]
) -> None:
    assert caller.write(**change).said == (400, "bad_request")
    assert not shop.writes


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'{"notes": "1Z"}', b"\xff\xfe"])
def test_body_that_is_no_change_is_refused(caller: Caller, body: bytes) -> None:
    answer = caller.write_bytes(body)
    assert answer.said == (400, "bad_request")
    assert "\n" not in answer.body["message"]


def test_price_must_be_named_even_as_null(caller: Caller) -> None:
    body = {"notes": "", "notes_mode": "merge", "if_revision": caller.revision()}
    assert caller.write_bytes(json.dumps(body).encode()).code == "bad_request"


def test_of_several_refusals_the_first_of_the_contract_is_answered(
    shop: PracticePrintSmith, caller: Caller
) -> None:
    """Each cause is put in place, last of the contract's order first; the newest one wins."""
    change: dict[str, Any] = {"notes": "x" * 256, "if_revision": "0"}
    said = [caller.write(**{**change, "if_revision": caller.revision()}).code]
    said.append(caller.write(**change).code)
    causes: list[Act] = [
        lambda shop: shop.lock(INVOICE),
        lambda shop: shop.editable(notes=False),
        lambda shop: shop.rename_charge("x"),
        lambda shop: shop.pick_up(INVOICE),
        lambda shop: shop.estimate(INVOICE),
        lambda shop: shop.rights(can_save_invoice=False),
    ]
    for cause in causes:
        cause(shop)
        said.append(caller.write(**change).code)
    said.append(caller.write("999999", **change).code)
    shop.sessions(free=0)
    said.append(caller.write("999999", **change).code)
    said.append(caller.write_bytes(b"{", "999999").code)
    caller.headers = {}
    said.append(caller.write_bytes(b"{", "999999").code)
    assert said == [
        "notes_too_long", "revision_changed", "locked", "field_not_editable",
        "charge_not_defined", "picked_up", "is_estimate", "no_permission", "invoice_not_found",
        "no_free_session", "bad_request", "unauthorized",
    ]  # fmt: skip
