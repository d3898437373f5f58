"""Tables of cases for notes, prices, states and refusals; merging for any text at all."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.core.clock import to_ms
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
from app.core.tracking import normalise_tracking
from app.core.words import Catalogue
from app.integrations.http import Answer
from app.integrations.printsmith.client import Charge, Invoice, decode
from app.integrations.printsmith.mapping import (
    find_charge,
    holds,
    merge_notes,
    price_text,
    refuse_kind,
    refuse_state,
    short_time,
    writable_charge,
)
from app.integrations.printsmith.refusals import Asked, RevisionChanged, raise_for_answer
from app.integrations.printsmith.words import SENTENCES

NUMBER = "1Z999AA10123456784"
CHARGE = "ShipLeap Tracking"
NOW = datetime(2026, 7, 29, 16, 30, tzinfo=UTC)


def an_answer(status: int, body: Any = b"", **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, names, raw, "shop.example", to_ms(NOW))


def a_refusal(status: int, code: str, message: str = "", **detail: str) -> Answer:
    return an_answer(status, {"code": code, "message": message, "detail": detail})


def a_charge(**changes: Any) -> Charge:
    fields: dict[str, Any] = {
        "name": CHARGE,
        "notes": "",
        "notes_editable": True,
        "price_editable": True,
    }
    return Charge(**(fields | changes))


def an_invoice(**changes: Any) -> Invoice:
    fields: dict[str, Any] = {
        "invoice": "316132",
        "kind": "invoice",
        "state": "pending",
        "revision": "17",
    }
    return Invoice(**(fields | {"charges": [a_charge()]} | changes))


def error_of(answer: Answer, asked: Asked) -> BackhaulError:
    with pytest.raises(BackhaulError) as caught:
        raise_for_answer(answer, asked)
    return caught.value


# Notes


@pytest.mark.parametrize(
    "notes",
    [
        NUMBER,
        NUMBER.lower(),
        f"Call first\n{NUMBER}\nblue paper",
        f"UPS: {NUMBER}, left today",
        f"({NUMBER})",
        f"'{NUMBER}'",
        f"{NUMBER}.",
        "1Z-999-AA1-0123456784",
        "1Z 999 AA1 01 2345 6784",
        "UPS 1Z\u00a0999 AA1 0123456784 gone",
        "1Z999AA1\u200b0123456784",
        "１Ｚ９９９ＡＡ１０１２３４５６７８４",  # noqa: RUF001 - full-width, as some keyboards type
        f"https://ups.example/track?num={NUMBER}&lang=en",
    ],
)
def test_notes_hold_the_number_however_it_is_written(notes: str) -> None:
    assert holds(notes, NUMBER)


@pytest.mark.parametrize(
    "notes",
    [
        "",
        "call first",
        f"{NUMBER}9",
        f"X{NUMBER}",
        NUMBER[:-1],
        f"{NUMBER}-2",
        "1Z999AA1\n0123456784",
        "2 1Z 999 AA1 01 2345 6784",  # a parcel count beside the groups: in doubt, no
    ],
)
def test_part_of_another_number_is_not_the_number(notes: str) -> None:
    assert not holds(notes, NUMBER)


def test_short_numbers_are_never_put_together_from_groups() -> None:
    assert not holds("take 12 34 with you", "1234")
    assert holds("1234", "1234")


@pytest.mark.parametrize(
    ("notes", "merged"),
    [
        ("", NUMBER),
        ("  \n", NUMBER),
        ("Call first", f"Call first\n{NUMBER}"),
        ("Call first\n", f"Call first\n{NUMBER}"),
        ("one\r\ntwo\r\n", f"one\r\ntwo\r\n{NUMBER}"),
        ("  kept  \n\n", f"  kept  \n\n{NUMBER}"),
        (NUMBER.lower(), NUMBER.lower()),
        ("1Z999AA10123456785", f"1Z999AA10123456785\n{NUMBER}"),
    ],
)
def test_merge(notes: str, merged: str) -> None:
    assert merge_notes(notes, NUMBER) == merged


trackings = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=50)
humans = st.text(max_size=300) | st.lists(
    trackings | st.sampled_from(["1Z", "999", "AA1", "call first", "-", " ", "\r\n", "\n", "."])
).map("".join)


@given(humans, trackings)
@example("1Z 999 AA1 01 2345 6784", NUMBER)
@example("0", "0")
def test_merging_drops_no_human_text_and_doubles_nothing(notes: str, tracking: str) -> None:
    merged = merge_notes(notes, tracking)
    assert merged.startswith(notes) or not notes.strip()
    assert holds(merged, tracking)
    assert merge_notes(merged, tracking) == merged
    if merged != notes:
        assert merged.splitlines()[-1] == tracking
        assert merged.count(tracking) <= notes.count(tracking) + 1


@given(humans, trackings, trackings)
def test_two_parcels_stand_one_below_the_other(notes: str, one: str, two: str) -> None:
    assume(one != two)
    assume(not holds(notes, one))
    assume(not holds(notes, two))
    lines = merge_notes(merge_notes(notes, one), two).splitlines()
    assert lines[-2:] == [one, two]


@given(humans)
def test_what_a_person_typed_is_found_as_typed(notes: str) -> None:
    for word in notes.split():
        number = normalise_tracking(word)
        if number.isascii() and number.isalnum() and word.isalnum():
            assert holds(notes, number)


# Price


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (None, None),
        ("0", "0.00"),
        ("12.5", "12.50"),
        ("12.345", "12.35"),
        ("12.3449", "12.34"),
        ("1E+3", "1000.00"),
        ("1234567.891", "1234567.89"),
        ("-1", None),
        ("NaN", None),
        ("Infinity", None),
    ],
)
def test_a_price_has_a_dot_and_two_decimals(cost: str | None, text: str | None) -> None:
    assert price_text(None if cost is None else Decimal(cost)) == text


# States


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"kind": "estimate"}, Rejected, "ps_estimate"),
        ({"kind": "estimate", "state": "voided"}, Rejected, "ps_estimate"),
        ({"kind": "order"}, Rejected, "ps_no_invoice"),
        ({"state": "not_found"}, NotFound, "ps_invoice_not_found"),
        ({"state": "voided"}, RecordClosed, "ps_voided"),
        ({"state": "deleted"}, RecordClosed, "ps_deleted"),
        ({"state": "picked_up"}, RecordClosed, "ps_picked_up"),
        ({"picked_up_at": "2026-07-01"}, RecordClosed, "ps_picked_up"),
        ({"locked_by": "MARY"}, RecordLocked, "ps_locked"),
        ({"locked_by": "MARY", "state": "picked_up"}, RecordClosed, "ps_picked_up"),
    ],
)
def test_states_that_take_no_number(
    changes: dict[str, Any], error: type[BackhaulError], code: str
) -> None:
    invoice = an_invoice(**changes)

    def refuse() -> None:
        refuse_kind(invoice)
        refuse_state(invoice, NOW)

    with pytest.raises(error, match=code):
        refuse()


@pytest.mark.parametrize(
    ("since", "shown"),
    [("2026-07-29T12:02:00-04:00", "16:02"), ("10:02", "10:02"), (None, "")],
)
def test_an_open_invoice_says_since_when(since: str | None, shown: str) -> None:
    with pytest.raises(RecordLocked) as caught:
        refuse_state(an_invoice(locked_by="MARY", locked_since=since), NOW)
    assert caught.value.params == {"held_by": "MARY", "since": shown}


@pytest.mark.parametrize("state", ["pending", "ready", "other", "new in version 9"])
def test_states_that_take_a_number(state: str) -> None:
    invoice = an_invoice(state=state, picked_up_at=" ", locked_by="")
    refuse_kind(invoice)
    refuse_state(invoice, NOW)


@pytest.mark.parametrize("name", ["Shipleap Tracking", "ShipLeap Tracking ", "ShipLeap  Tracking"])
def test_the_charge_is_found_by_its_exact_name_only(name: str) -> None:
    invoice = an_invoice(charges=[a_charge(name=name)])
    assert find_charge(invoice, CHARGE) is None
    with pytest.raises(SetupChanged) as caught:
        writable_charge(invoice, CHARGE)
    assert caught.value.params == {"charge": CHARGE}


def test_notes_that_cannot_be_changed_name_the_field() -> None:
    with pytest.raises(SetupChanged) as caught:
        writable_charge(an_invoice(charges=[a_charge(notes_editable=False)]), CHARGE)
    assert caught.value.params["field"] == "notes"


# Refusals: the rows of the contract's section 5

READ = Asked("316132", CHARGE)
WRITE = Asked("316132", CHARGE, f"text\n{NUMBER}", write=True)


@pytest.mark.parametrize("asked", [READ, WRITE], ids=["read", "write"])
@pytest.mark.parametrize(
    ("status", "code", "error", "ours"),
    [
        (409, "locked", RecordLocked, "ps_locked"),
        (423, "locked", RecordLocked, "ps_locked"),
        (409, "revision_changed", RevisionChanged, "ps_revision_changed"),
        (409, "picked_up", RecordClosed, "ps_picked_up"),
        (409, "voided", RecordClosed, "ps_voided"),
        (410, "deleted", RecordClosed, "ps_deleted"),
        (404, "invoice_not_found", NotFound, "ps_invoice_not_found"),
        (422, "is_estimate", Rejected, "ps_estimate"),
        (404, "charge_not_defined", SetupChanged, "ps_charge_missing"),
        (422, "field_not_editable", SetupChanged, "ps_field_fixed"),
        (422, "notes_too_long", Rejected, "ps_notes_too_long"),
        (401, "anything", CredentialsRejected, "credentials_rejected"),
        (401, "locked", CredentialsRejected, "credentials_rejected"),
        (403, "no_permission", PermissionMissing, "ps_no_permission"),
        (503, "no_free_session", Throttled, "ps_no_session"),
        (429, "slow_down", Throttled, "rate_limited"),
        (503, "restarting", RemoteUnavailable, "service_unavailable"),
        (500, "internal_error", TransientError, "server_error"),
        # unknown codes: by the status
        (400, "odd", Rejected, "ps_refused"),
        (422, "odd", Rejected, "ps_refused"),
        (403, "odd", PermissionMissing, "ps_no_permission"),
        (410, "odd", RecordClosed, "ps_deleted"),
        (423, "odd", RecordLocked, "ps_locked"),
        (301, "odd", SetupChanged, "moved"),
        # unknown statuses: again
        (409, "odd", TransientError, "ps_unknown_answer"),
        (418, "odd", TransientError, "ps_unknown_answer"),
        (599, "odd", TransientError, "server_error"),
    ],
)
def test_the_error_table(
    status: int, code: str, error: type[BackhaulError], ours: str, asked: Asked
) -> None:
    found = error_of(a_refusal(status, code), asked)
    assert (type(found), found.code) == (error, ours)


@pytest.mark.parametrize(
    ("answer", "asked", "error", "code"),
    [
        (an_answer(500), READ, RemoteUnavailable, "service_unavailable"),
        (an_answer(502), READ, RemoteUnavailable, "service_unavailable"),
        (an_answer(502, b"<html>bad gateway"), READ, RemoteUnavailable, "service_unavailable"),
        (a_refusal(504, "upstream"), READ, RemoteUnavailable, "service_unavailable"),
        (an_answer(502), WRITE, OutcomeUnknown, "answer_lost"),
        (a_refusal(504, "upstream"), WRITE, OutcomeUnknown, "answer_lost"),
        (an_answer(404), READ, NotFound, "not_found"),
        (an_answer(404), WRITE, SetupChanged, "ps_no_bridge"),
        (an_answer(404), Asked(), SetupChanged, "ps_no_bridge"),
        (an_answer(400, b"[1]"), READ, Rejected, "ps_refused"),
        (an_answer(409, {"code": 7, "detail": "x"}), READ, TransientError, "ps_unknown_answer"),
    ],
)
def test_refusals_without_a_code(
    answer: Answer, asked: Asked, error: type[BackhaulError], code: str
) -> None:
    found = error_of(answer, asked)
    assert (type(found), found.code) == (error, code)


def test_what_is_not_refused_passes() -> None:
    raise_for_answer(an_answer(200), READ)


@pytest.mark.parametrize(
    ("answer", "wait_s"),
    [
        (an_answer(429, retry_after="17"), 17.0),
        (an_answer(429, retry_after="Wed, 29 Jul 2026 16:31:00 GMT"), 60.0),
        (an_answer(503, retry_after="90"), 90.0),
        (an_answer(503), None),
    ],
)
def test_retry_after_is_taken_over(answer: Answer, wait_s: float | None) -> None:
    found = error_of(answer, READ)
    assert isinstance(found, TransientError)
    assert found.retry_after_s == wait_s


@pytest.mark.parametrize(
    ("message", "detail", "held_by", "since"),
    [
        ("Open by MARY since 10:02", {"locked_by": "MARY"}, "MARY", "10:02"),
        ("Open", {"locked_by": "MARY", "locked_since": "9:15 am"}, "MARY", "9:15 am"),
        ("Open", {"locked_by": "MARY", "since": "9:15 am"}, "MARY", "9:15 am"),
        ("Open since lunch", {"locked_by": "MARY"}, "MARY", ""),
        ("", {}, "", ""),
    ],
)
def test_who_holds_it_and_since_when(
    message: str, detail: dict[str, str], held_by: str, since: str
) -> None:
    found = error_of(a_refusal(423, "locked", message, **detail), WRITE)
    assert found.params == {"held_by": held_by, "since": since}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-07-29T10:02:00+00:00", "10:02"),
        ("2026-07-29T10:02:00-04:00", "14:02"),
        ("2026-07-29T10:02:00", "10:02"),
        ("2026-07-28T10:02:00Z", "2026-07-28 10:02"),
        ("since lunch", "since lunch"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("x" * 99, "x" * 40),
    ],
)
def test_a_moment_is_shown_as_people_read_it(text: str, shown: str) -> None:
    assert short_time(text, NOW) == shown


def test_too_long_notes_hold_the_text_to_copy() -> None:
    found = error_of(a_refusal(422, "notes_too_long"), WRITE)
    assert found.params["text"] == WRITE.text
    assert WRITE.text in Catalogue(SENTENCES).say(found.code, found.params).hint


def test_secrets_in_an_answer_do_not_reach_the_error() -> None:
    body = {"code": "locked", "message": "t0ps3cret", "detail": {"locked_by": "t0ps3cret"}}
    raw = json.dumps(body).encode()

    def clean(text: str) -> str:
        return text.replace("t0ps3cret", "[hidden]")

    for status in (400, 418, 423, 500):
        code = "locked" if status == 423 else "odd"
        answer = Answer(status, {}, raw.replace(b'locked"', code.encode() + b'"', 1), "h", 0, clean)
        found = error_of(answer, WRITE)
        assert "t0ps3cret" not in f"{found} {found.excerpt} {dict(found.params)}"


# Documents

PLAIN = {
    "invoice": "316132",
    "kind": "invoice",
    "state": "pending",
    "revision": "17",
    "charges": [],
}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"revision": 17}, "revision"),
        ({"charges": {}}, "charges"),
        ({"charges": [{"name": CHARGE, "notes": 5}]}, "charges[0].notes"),
        ({"charges": [{"name": CHARGE, "notes": ""}]}, "notes_editable"),
        ({"locked_by": True}, "locked_by"),
        ({"state": None}, "state"),
    ],
)
def test_a_field_that_drifted_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(TransientError) as caught:
        decode(an_answer(200, PLAIN | changes), Invoice)
    assert caught.value.code == "ps_drift"
    assert field.rpartition(".")[2] in str(caught.value.params["problem"])


def test_keys_nobody_agreed_on_are_ignored_and_optional_ones_may_be_absent() -> None:
    invoice = decode(an_answer(200, PLAIN | {"colour": "blue"}), Invoice)
    assert (invoice.locked_by, invoice.picked_up_at) == (None, None)


@pytest.mark.parametrize("body", [b"", b"<html>sign in", b"[]", b'{"notes":"\\ud800"}', b"\xff"])
def test_an_answer_that_cannot_be_read(body: bytes) -> None:
    with pytest.raises(TransientError) as caught:
        decode(an_answer(200, body), Invoice)
    assert not isinstance(caught.value, OutcomeUnknown)
    with pytest.raises(OutcomeUnknown):
        decode(an_answer(200, body), Charge, write=True)


def test_every_code_has_its_words() -> None:
    assert all(code.startswith("ps_") for code in SENTENCES)
    assert all(sentence.summary for sentence in SENTENCES.values())
