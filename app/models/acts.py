"""What a person does to jobs: retry, remove, put back, park, call done, edit.

Every act names the rows it is for and changes only those that still allow it.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.core.clock import Clock
from app.core.errors import UsageError
from app.core.job_types import PRODUCT_UPDATE
from app.core.states import JobState, may_move
from app.core.types import Job, NewJob, Params
from app.models.database import Database
from app.models.rows import JOB_COLUMNS, dump, to_job

BIN_DAYS = 30
_DAY_MS = 86_400_000

_HISTORY = (
    "INSERT INTO history (job_id, connection_id, at, what, code, params, spent, excerpt, actor) "
    "VALUES (?, ?, ?, ?, '', ?, 0, '', ?)"
)
_EDIT = (
    "UPDATE jobs SET order_ref = ?, channel = ?, tracking = ?, payload = ?, idempotency_key = ? "
    "WHERE id = ?"
)

Change = Callable[[sqlite3.Connection, Job, int], JobState]
"""One act on one row at a time (ms): returns its new state, or raises UsageError."""

# The states in which nobody else is working on the row, so that a person's word holds at once.
_IDLE = frozenset({JobState.PENDING, JobState.FAILED, JobState.PARKED})

_ELSEWHERE = {
    JobState.PENDING: "job_waits",
    JobState.IN_FLIGHT: "job_busy",
    JobState.IN_DOUBT: "job_busy",
    JobState.SUCCEEDED: "job_over",
    JobState.FAILED: "job_waits",
    JobState.PARKED: "job_parked",
    JobState.DISCARDED: "job_removed",
}


@dataclass(frozen=True, slots=True)
class Acted:
    """What became of one row: its state now, or the error that says why it was left alone."""

    job_id: int
    state: JobState | None = None
    error: UsageError | None = None


class Acts:
    """Changes that people make, each with who did it in the history."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def retry(self, job_ids: Sequence[int], actor: str) -> list[Acted]:
        """Pending again, due now, with five new attempts.

        A row in doubt that only a person can settle is sent again.
        """
        return self._each(job_ids, _retry, "retry", actor)

    def discard(self, job_ids: Sequence[int], actor: str) -> list[Acted]:
        """Into the bin; a row that is being sent goes there when the answer is in."""
        return self._each(job_ids, _discard, "discard", actor)

    def restore(self, job_ids: Sequence[int], actor: str) -> list[Acted]:
        """Out of the bin, back to where it was, within 30 days."""
        return self._each(job_ids, _restore, "restore", actor)

    def park(self, job_ids: Sequence[int], actor: str) -> list[Acted]:
        """Kept, not tried."""
        return self._each(job_ids, _park, "park", actor)

    def done(self, job_ids: Sequence[int], reason: str, actor: str) -> list[Acted]:
        """Closed as done by hand, with the reason."""
        return self._each(job_ids, _done, "done_by_hand", actor, {"reason": reason})

    def edit(self, job_id: int, changed: NewJob, actor: str, changes: Params) -> Acted:
        """New facts for a row, which then goes to pending with five new attempts."""

        def change(connection: sqlite3.Connection, job: Job, now: int) -> JobState:
            _require(job, _IDLE)
            values = (
                changed.order_ref, changed.channel, changed.tracking, changed.payload,
                changed.idempotency_key, job.id,
            )  # fmt: skip
            try:
                connection.execute(_EDIT, values)
            except sqlite3.IntegrityError as error:
                other = _holder(connection, changed.idempotency_key)
                raise UsageError("job_key_taken", other=other) from error
            return _to_pending(connection, job, now)

        return self._each([job_id], change, "edit", actor, changes)[0]

    def _each(
        self,
        job_ids: Sequence[int],
        change: Change,
        what: str,
        actor: str,
        params: Params | None = None,
    ) -> list[Acted]:
        def work(connection: sqlite3.Connection) -> list[Acted]:
            now = self._clock.now_ms()
            return [
                _one(connection, job_id, change, now, (what, dump(params or {}), actor))
                for job_id in job_ids
            ]

        return self._database.write(work)


def _one(
    connection: sqlite3.Connection,
    job_id: int,
    change: Change,
    now: int,
    note: tuple[str, str, str],
) -> Acted:
    rows = connection.execute(
        f"SELECT {JOB_COLUMNS} FROM jobs WHERE id = ?",
        (job_id,),
    ).fetchall()
    if not rows:
        return Acted(job_id, error=UsageError("job_missing", job=str(job_id)))
    job = to_job(rows[0])
    try:
        state = change(connection, job, now)
    except UsageError as error:
        return Acted(job_id, error=error)
    what, params, actor = note
    connection.execute(_HISTORY, (job_id, job.connection_id, now, what, params, actor))
    return Acted(job_id, state)


def _require(job: Job, allowed: frozenset[JobState]) -> None:
    """Raises: UsageError when the row is elsewhere in its life."""
    if job.state not in allowed:
        raise _elsewhere(job)


def _elsewhere(job: Job) -> UsageError:
    """Why nothing can be done with a row as it stands."""
    if _waits_for_a_person(job):
        return UsageError("job_undecided")
    return UsageError(_ELSEWHERE[job.state])


def _waits_for_a_person(job: Job) -> bool:
    return job.state is JobState.IN_DOUBT and job.due_at is None


def _move(
    connection: sqlite3.Connection, job: Job, new: JobState, more: str, *values: object
) -> JobState:
    if not may_move(job.state, new):
        raise _elsewhere(job)
    connection.execute(
        f"UPDATE jobs SET state = ?, {more} WHERE id = ?",
        (new.value, *values, job.id),
    )
    return new


def _to_pending(connection: sqlite3.Connection, job: Job, now: int, code: str = "") -> JobState:
    return _move(
        connection,
        job,
        JobState.PENDING,
        "attempts = 0, lost = 0, deaths = 0, removing = 0, due_set_at = ?, due_at = ?, "
        "reason_code = ?, reason_params = '', reason_since = ?, finished_at = NULL, "
        "discarded_from = NULL",
        now, now, code, now,
    )  # fmt: skip


def _require_newest(connection: sqlite3.Connection, job: Job) -> None:
    """A product that has a newer job keeps what that one brings.

    Raises: UsageError.
    """
    if job.kind != PRODUCT_UPDATE:
        return
    newest = connection.execute(
        "SELECT job_id FROM products_sent WHERE connection_id = ? AND channel = ?",
        (job.connection_id, job.channel),
    ).fetchone()
    if newest is not None and newest[0] != job.id:
        raise UsageError("product_superseded")


def _retry(connection: sqlite3.Connection, job: Job, now: int) -> JobState:
    _require_newest(connection, job)
    if not _waits_for_a_person(job):
        _require(job, _IDLE)
    return _to_pending(connection, job, now)


def _discard(connection: sqlite3.Connection, job: Job, now: int) -> JobState:
    if job.state is JobState.IN_FLIGHT or (
        job.state is JobState.IN_DOUBT and not _waits_for_a_person(job)
    ):
        connection.execute("UPDATE jobs SET removing = 1 WHERE id = ?", (job.id,))
        return job.state
    return _move(
        connection, job, JobState.DISCARDED, "discarded_from = ?, finished_at = ?",
        job.state.value, now,
    )  # fmt: skip


def _restore(connection: sqlite3.Connection, job: Job, now: int) -> JobState:
    if job.removing:
        connection.execute("UPDATE jobs SET removing = 0 WHERE id = ?", (job.id,))
        return job.state
    if job.state is not JobState.DISCARDED:
        raise UsageError("job_not_removed")
    _require_newest(connection, job)
    if now - (job.finished_at or now) > BIN_DAYS * _DAY_MS:
        raise UsageError("bin_over")
    came_from, key, name, removed_at = connection.execute(
        "SELECT j.discarded_from, j.idempotency_key, c.name, c.removed_at FROM jobs j "
        "JOIN connections c ON c.id = j.connection_id WHERE j.id = ?",
        (job.id,),
    ).fetchone()
    if removed_at is not None:
        raise UsageError("connection_missing", name=name)
    other = _holder(connection, key)
    if other is not None:
        raise UsageError("job_key_taken", other=other)
    if came_from == JobState.PENDING:
        return _to_pending(connection, job, now, "restored")
    # Failed and parked stay what they were; what was in doubt is not sent without a look.
    back = JobState(came_from)
    return _move(connection, job, back, "finished_at = NULL, discarded_from = NULL")


def _holder(connection: sqlite3.Connection, key: str) -> int | None:
    """The row that has an idempotency key now."""
    rows = connection.execute(
        "SELECT id FROM jobs WHERE idempotency_key = ? AND state <> 'discarded'",
        (key,),
    ).fetchall()
    return rows[0][0] if rows else None


def _park(connection: sqlite3.Connection, job: Job, now: int) -> JobState:
    _require(job, frozenset({JobState.PENDING, JobState.FAILED}))
    return _move(connection, job, JobState.PARKED, "finished_at = NULL")


def _done(connection: sqlite3.Connection, job: Job, now: int) -> JobState:
    if not _waits_for_a_person(job):
        _require(job, _IDLE)
    return _move(
        connection, job, JobState.SUCCEEDED,
        "reason_code = 'done_by_hand', reason_params = '', finished_at = ?, removing = 0", now,
    )  # fmt: skip
