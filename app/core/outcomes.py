"""What becomes of a job after a run: pure rules from result or error to the next state."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core import backoff
from app.core.errors import (
    BackhaulError,
    BugError,
    ConnectionBlocked,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    Param,
    PermanentError,
    RecordLocked,
    RemoteUnavailable,
    StorageError,
    Throttled,
    TransientError,
    UsageError,
)
from app.core.states import JobState
from app.core.types import Job, Proof


@dataclass(frozen=True, slots=True)
class Outcome:
    """The next state of a job. `wait_s` None with `in_doubt`: nothing happens by itself."""

    state: JobState
    code: str = ""
    params: Mapping[str, Param] = field(default_factory=dict)
    wait_s: float | None = 0.0
    spent: bool = False
    lost: bool = False  # an answer was lost in this run
    proof: Proof | None = None
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class RunRules:
    """What the connection adds to the general rules. Seconds."""

    poll_locked_s: float = 60.0
    order_wait_s: float = 0.0


def succeeded(proof: Proof) -> Outcome:
    """The remote was read and holds it."""
    return Outcome(JobState.SUCCEEDED, "was_there" if proof.was_there else "", proof=proof)


def not_arrived(job: Job) -> Outcome:
    """Read back after a lost answer, and not there: sent again, unless lost five times."""
    if job.lost >= backoff.MAX_LOST:
        return Outcome(JobState.FAILED, "lost_five")
    return Outcome(JobState.PENDING, "not_arrived", wait_s=backoff.NOT_ARRIVED_WAIT_S)


def after_write_error(
    job: Job, error: Exception, *, now_ms: int, rules: RunRules, rng: random.Random
) -> Outcome:
    """What becomes of a job whose write raised `error`."""
    if not isinstance(error, BackhaulError):
        return Outcome(
            JobState.FAILED, "program_error", {"error": type(error).__name__}, spent=True
        )
    make = _Maker(error)
    match error:
        case OutcomeUnknown():
            return make(JobState.IN_DOUBT, backoff.LOST_ANSWER_LOOK_S, lost=True)
        case NotFound() if _may_still_come(job, now_ms, rules):
            return make(JobState.PENDING, backoff.ORDER_WAIT_STEP_S)
        case ConnectionBlocked():
            return make(JobState.PENDING, 0.0)
        case RecordLocked() | Throttled() | RemoteUnavailable():
            return make(JobState.PENDING, _wait_s(job, error, now_ms, rules))
        case StorageError():  # our own budget could not be booked: nothing was sent
            return make(JobState.PENDING, backoff.STORAGE_WAIT_S)
        case TransientError():
            spent = job.attempts + 1
            if spent >= backoff.MAX_ATTEMPTS:
                return make(JobState.FAILED, spent=True)
            wait = backoff.capped_wait_s(error.retry_after_s, backoff.attempt_wait_s(spent, rng))
            return make(JobState.PENDING, wait, spent=True)
        case _:
            return make(JobState.FAILED, spent=True)


def after_look_error(
    job: Job, error: Exception, *, now_ms: int, rules: RunRules, rng: random.Random
) -> Outcome:
    """What becomes of a job in doubt whose read-back raised `error`: it stays in doubt.

    Only an answer that settles the matter (the record does not exist) ends the doubt, or an
    error that every look would meet again (the stored data cannot be read).
    """
    if isinstance(error, NotSupported):
        return Outcome(JobState.IN_DOUBT, "person_decides", wait_s=None)
    if not isinstance(error, BackhaulError) or isinstance(
        error, PermanentError | BugError | UsageError
    ):
        return after_write_error(job, error, now_ms=now_ms, rules=rules, rng=rng)
    make = _Maker(error)
    if isinstance(error, ConnectionBlocked):
        return make(JobState.IN_DOUBT, 0.0)
    if isinstance(error, RecordLocked | Throttled | RemoteUnavailable):
        return make(JobState.IN_DOUBT, _wait_s(job, error, now_ms, rules))
    return make(JobState.IN_DOUBT, backoff.UNREACHABLE_WAIT_S)


def barred(job: Job, error: BackhaulError) -> Outcome:
    """The remote bars jobs of this type and nothing else: this one is for a person, others of
    its order go on. What is in doubt stays so: it may have arrived."""
    if job.state is JobState.IN_DOUBT:
        return Outcome(JobState.IN_DOUBT, error.code, error.params, None, excerpt=error.excerpt)
    return _Maker(error)(JobState.FAILED, spent=True)


class _Maker:
    def __init__(self, error: BackhaulError) -> None:
        self._error = error

    def __call__(
        self, state: JobState, wait_s: float = 0.0, *, spent: bool = False, lost: bool = False
    ) -> Outcome:
        error = self._error
        return Outcome(state, error.code, error.params, wait_s, spent, lost, excerpt=error.excerpt)


def _may_still_come(job: Job, now_ms: int, rules: RunRules) -> bool:
    return now_ms - job.created_at < rules.order_wait_s * 1000


def _wait_s(job: Job, error: TransientError, now_ms: int, rules: RunRules) -> float:
    if isinstance(error, RecordLocked):
        same = job.reason_code == error.code
        held_for_s = (now_ms - job.reason_since) / 1000 if same else 0.0
        return backoff.lock_wait_s(held_for_s, rules.poll_locked_s)
    return backoff.capped_wait_s(error.retry_after_s, backoff.UNREACHABLE_WAIT_S)
