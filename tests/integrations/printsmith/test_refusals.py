"""Refusals: the rows of the contract's table of errors."""

import json

import pytest

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
from app.core.words import Catalogue
from app.integrations.http import Answer
from app.integrations.printsmith.mapping import short_time
from app.integrations.printsmith.refusals import Asked, RevisionChanged, raise_for_answer
from app.integrations.printsmith.words import SENTENCES
from tests.integrations.printsmith.answers import (
    CHARGE,
    NOW,
    NUMBER,
    a_refusal,
    an_answer,
    error_of,
)

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
