"""Every row of the error table, after a write and after a look."""

import random
from typing import Any

import pytest

from app.core import outcomes
from app.core.errors import (
    BackhaulError,
    BugError,
    Conflict,
    ConnectionBlocked,
    CredentialsRejected,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    PermanentError,
    PermissionMissing,
    RecordClosed,
    RecordLocked,
    Rejected,
    RemoteUnavailable,
    SecretUnavailable,
    SetupChanged,
    StorageError,
    Throttled,
    TransientError,
    UsageError,
)
from app.core.outcomes import Outcome, RunRules
from app.core.states import JobState
from app.core.types import Job
from tests.builders import a_job, a_proof

P, D, S, X = JobState.PENDING, JobState.IN_DOUBT, JobState.SUCCEEDED, JobState.FAILED
NOW = a_job().created_at
HOUR_MS = 3_600_000

PERMANENT = (Rejected, NotFound, RecordClosed, Conflict, NotSupported, PermanentError)
BLOCKING = (
    CredentialsRejected, SecretUnavailable, PermissionMissing, SetupChanged, ConnectionBlocked,
)  # fmt: skip
EVERY_CLASS = {
    TransientError, RecordLocked, Throttled, RemoteUnavailable, OutcomeUnknown, StorageError,
    UsageError, BugError, *PERMANENT, *BLOCKING,
}  # fmt: skip


def after_write(error: Exception, job: Job | None = None, **rules: float) -> Outcome:
    return outcomes.after_write_error(
        job or a_job(), error, now_ms=NOW, rules=RunRules(**rules), rng=random.Random(1)
    )


def after_look(error: Exception, job: Job | None = None, **rules: float) -> Outcome:
    return outcomes.after_look_error(
        job or a_job(D), error, now_ms=NOW, rules=RunRules(**rules), rng=random.Random(1)
    )


def subclasses(cls: type[Exception]) -> set[type[Exception]]:
    return {cls}.union(*(subclasses(sub) for sub in cls.__subclasses__()))


def test_no_error_class_is_missing_from_these_tables() -> None:
    ours = {cls for cls in subclasses(BackhaulError) if cls.__module__ == "app.core.errors"}
    assert ours - {BackhaulError} == EVERY_CLASS


@pytest.mark.parametrize(
    ("error", "state", "wait_s", "spent"),
    [
        (RecordLocked("ps_locked", held_by="Ann"), P, 60, False),
        (Throttled("rate_limited", retry_after_s=7.5), P, 7.5, False),
        (Throttled("rate_limited", retry_after_s=3.2e8), P, 86_400, False),
        (Throttled("rate_limited"), P, 30, False),
        (RemoteUnavailable("refused"), P, 30, False),
        (RemoteUnavailable("service_unavailable", retry_after_s=90), P, 90, False),
        (OutcomeUnknown("answer_lost"), D, 2, False),
        *((cls("code"), X, 0, True) for cls in PERMANENT),
        *((cls("code"), P, 0, False) for cls in BLOCKING),
        (BugError("payload_damaged"), X, 0, True),
        (UsageError("bad_value"), X, 0, True),
        (StorageError("store_full"), P, 30, False),
    ],
    ids=lambda value: str(value) if isinstance(value, Exception) else "",
)
def test_after_a_write(error: BackhaulError, state: JobState, wait_s: float, spent: bool) -> None:
    outcome = after_write(error)
    assert (outcome.state, outcome.wait_s, outcome.spent) == (state, wait_s, spent)
    assert (outcome.code, outcome.params) == (error.code, error.params)
    assert outcome.lost == isinstance(error, OutcomeUnknown)


@pytest.mark.parametrize(("attempts", "base"), [(0, 30), (1, 120), (2, 600), (3, 3600)])
def test_answered_not_now_spends_an_attempt_and_waits_longer(attempts: int, base: float) -> None:
    outcome = after_write(TransientError("server_error", status=500), a_job(attempts=attempts))
    assert (outcome.state, outcome.spent) == (P, True)
    assert outcome.wait_s is not None
    assert base * 0.75 <= outcome.wait_s <= base * 1.25


def test_fifth_answer_that_says_no_is_the_last() -> None:
    outcome = after_write(TransientError("server_error"), a_job(attempts=4))
    assert (outcome.state, outcome.spent) == (X, True)


def test_remote_names_the_wait_of_an_attempt() -> None:
    assert after_write(TransientError("server_error", retry_after_s=5)).wait_s == 5


@pytest.mark.parametrize("spent_before", [0, 4])
def test_waiting_errors_never_fail_a_job_whatever_was_spent(spent_before: int) -> None:
    for cls in (RecordLocked, Throttled, RemoteUnavailable, OutcomeUnknown, *BLOCKING):
        outcome = after_write(cls("code"), a_job(attempts=spent_before, lost=spent_before))
        assert outcome.state in (P, D)
        assert not outcome.spent


@pytest.mark.parametrize(("held_min", "wait_s"), [(0, 60), (9.9, 60), (10, 300), (600, 300)])
def test_lock_is_watched_by_how_long_it_is_held(held_min: float, wait_s: float) -> None:
    since = NOW - int(held_min * 60_000)
    job = a_job(reason_code="ps_locked", reason_since=since)
    assert after_write(RecordLocked("ps_locked"), job).wait_s == wait_s


def test_time_in_another_wait_does_not_count_as_time_locked() -> None:
    job = a_job(reason_code="refused", reason_since=NOW - 5 * HOUR_MS)
    assert after_write(RecordLocked("ps_locked"), job, poll_locked_s=45).wait_s == 45


@pytest.mark.parametrize(
    ("age_h", "state", "spent"), [(0, P, False), (167.9, P, False), (168, X, True)]
)
def test_order_may_still_come_for_the_connections_time(
    age_h: float, state: JobState, spent: bool
) -> None:
    job = a_job(created_at=NOW - int(age_h * HOUR_MS))
    outcome = after_write(NotFound("not_found"), job, order_wait_s=168 * 3600)
    assert (outcome.state, outcome.spent) == (state, spent)
    assert outcome.wait_s == (900 if state is P else 0)


@pytest.mark.parametrize("after", [after_write, after_look])
def test_fault_of_the_program_fails_and_names_its_kind_only(after: Any) -> None:
    outcome = after(ZeroDivisionError("token=CANARY"))
    assert (outcome.state, outcome.spent, outcome.code) == (X, True, "program_error")
    assert dict(outcome.params) == {"error": "ZeroDivisionError"}
    assert "CANARY" not in repr(outcome)


def test_excerpt_of_the_answer_is_kept_and_short() -> None:
    outcome = after_write(Rejected("rejected", excerpt="x" * 500, field="tracking"))
    assert outcome.excerpt == "x" * 200


@pytest.mark.parametrize(
    ("error", "state", "wait_s", "spent"),
    [
        (RecordLocked("ps_locked"), D, 60, False),
        (Throttled("rate_limited", retry_after_s=7), D, 7, False),
        (RemoteUnavailable("refused"), D, 30, False),
        (TransientError("server_error"), D, 30, False),
        (OutcomeUnknown("answer_lost"), D, 30, False),
        *((cls("code"), D, 0, False) for cls in BLOCKING),
        (Rejected("rejected"), X, 0, True),
        (NotFound("not_found"), X, 0, True),
        (RecordClosed("closed"), X, 0, True),
        (Conflict("conflict"), X, 0, True),
        (PermanentError("code"), X, 0, True),
        (BugError("payload_newer"), X, 0, True),
        (UsageError("bad_value"), X, 0, True),
        (StorageError("store_full"), D, 30, False),
    ],
    ids=lambda value: str(value) if isinstance(value, Exception) else "",
)
def test_after_a_look(error: BackhaulError, state: JobState, wait_s: float, spent: bool) -> None:
    outcome = after_look(error)
    assert (outcome.state, outcome.wait_s, outcome.spent) == (state, wait_s, spent)
    assert (outcome.code, outcome.lost) == (error.code, False)


def test_no_read_back_leaves_it_to_a_person() -> None:
    outcome = after_look(NotSupported("not_supported"))
    assert (outcome.state, outcome.code, outcome.wait_s) == (D, "person_decides", None)


def test_record_that_may_still_come_ends_the_doubt() -> None:
    outcome = after_look(NotFound("not_found"), order_wait_s=3600)
    assert (outcome.state, outcome.wait_s, outcome.spent) == (P, 900, False)


@pytest.mark.parametrize(
    ("lost", "state", "code"),
    [(1, P, "not_arrived"), (4, P, "not_arrived"), (5, X, "lost_five"), (6, X, "lost_five")],
)
def test_not_arrived_is_sent_again_until_five_were_lost(
    lost: int, state: JobState, code: str
) -> None:
    outcome = outcomes.not_arrived(a_job(D, lost=lost))
    assert (outcome.state, outcome.code, outcome.spent) == (state, code, False)
    if state is P:
        assert outcome.wait_s is not None
        assert outcome.wait_s >= 30


def test_success_says_whether_it_was_there_before() -> None:
    assert outcomes.succeeded(a_proof()).code == ""
    found = outcomes.succeeded(a_proof(was_there=True))
    assert (found.state, found.code, found.proof) == (S, "was_there", a_proof(was_there=True))
