"""The outbox as the engine uses it: enter, claim, record, recover. Hot paths are constant SQL."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.core.clock import Clock
from app.core.outcomes import Outcome
from app.core.states import JobState
from app.core.types import Job, NewJob
from app.models.database import Database
from app.models.rows import JOB_COLUMNS, NO_DEADLINE, dump, dump_proof, to_job

_RUN_AHEAD_MS = 600_000
_RAN_ALONE = 2  # Job.deaths of one that saw the program die and now runs by itself

INSERT_JOB = (
    "INSERT INTO jobs (id, public_id, kind, connection_id, order_ref, channel, tracking, "
    "idempotency_key, payload, priority, ship_by, state, created_at, due_set_at, due_at, "
    "reason_code, reason_params, reason_since, attempts, lost, runs, deaths, removing, "
    "origin_file, origin_line) VALUES "
    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, ?, ?)"
)
INSERT_ENTERED = (
    "INSERT INTO history (job_id, connection_id, at, what, code, params, spent, excerpt, actor) "
    "VALUES (?, ?, ?, ?, '', '', 0, '', ?)"
)
_INSERT_RUN = (
    "INSERT INTO history (job_id, connection_id, at, what, code, params, started_at, spent, "
    "excerpt, actor) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '')"
)
_BY_KEY = "SELECT id, public_id FROM jobs WHERE idempotency_key = ? AND state <> 'discarded'"
_FIRST_FREE_ID = (
    "SELECT a.public_id + 1 FROM jobs a WHERE a.public_id >= ? AND NOT EXISTS "
    "(SELECT 1 FROM jobs b WHERE b.public_id = a.public_id + 1) ORDER BY a.public_id LIMIT 1"
)

# A job is held back by an earlier one of its type and its remote order that is not settled yet: a
# parcel does not wait for the invoice. Every key begins with connection and channel, so the index
# of the keys finds those of one order.
_CLAIM_BUT = f"""UPDATE jobs SET lease = ?, runs = runs + 1,
 state = CASE state WHEN 'pending' THEN 'in_flight' ELSE state END
 WHERE id = (SELECT j.id FROM jobs j WHERE j.state IN ('pending', 'in_doubt')
  AND j.connection_id = ? AND j.due_at <= ? AND j.lease IS NULL{{held}} AND NOT EXISTS (
   SELECT 1 FROM jobs e WHERE e.state <> 'discarded'
   AND e.idempotency_key >= j.connection_id || '/' || j.channel || '/'
   AND e.idempotency_key < j.connection_id || '/' || j.channel || '0'
   AND e.channel = j.channel AND e.kind = j.kind AND e.id < j.id
   AND e.state IN ('pending', 'in_flight', 'in_doubt'))
  ORDER BY j.priority, j.ship_by, j.id LIMIT 1)
 RETURNING {JOB_COLUMNS}"""
_CLAIM = _CLAIM_BUT.format(held="")
_CLAIM_REST = _CLAIM_BUT.format(held=" AND j.kind NOT IN (SELECT value FROM json_each(?))")

# What a person removed while it was sent goes now, unless it is to be looked up again.
_GOES = "removing = 1 AND (?1 IN ('pending', 'failed') OR ?1 = 'in_doubt' AND ?5 IS NULL)"

# A look that went well clears a job that killed the program of nothing: its write still may.
_RECORD = f"""UPDATE jobs SET
 state = CASE WHEN {_GOES} THEN 'discarded' ELSE ?1 END,
 discarded_from = CASE WHEN {_GOES} THEN ?1 END,
 removing = CASE WHEN ?1 = 'in_doubt' AND ?5 IS NOT NULL THEN removing ELSE 0 END,
 reason_since = CASE WHEN reason_code = ?2 THEN reason_since ELSE ?4 END,
 reason_code = ?2, reason_params = ?3, due_set_at = ?4, due_at = ?5,
 attempts = attempts + ?6, lost = CASE WHEN ?7 THEN lost + 1 WHEN ?6 THEN 0 ELSE lost END,
 deaths = CASE state WHEN 'in_doubt' THEN MIN(deaths, 1) ELSE 0 END, lease = NULL,
 proof = COALESCE(?8, proof),
 finished_at = CASE WHEN ?1 IN ('succeeded', 'failed') OR {_GOES} THEN ?4 END
 WHERE id = ?9 AND lease = ?10 RETURNING state"""


class Entered(NamedTuple):
    """Where a new job stands; `is_new` False: it was in the outbox already."""

    job_id: int
    public_id: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """The state that was stored, and the job claimed in the same transaction."""

    state: JobState
    next_job: Job | None


class Outbox:
    """Stored jobs on their way to a remote."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._last_public_id = 0

    def enter(self, jobs: Sequence[NewJob], actor: str) -> list[Entered]:
        """Store jobs with their first history line, all or none.

        A job whose key is already there is not stored again; the repeat is noted there.
        Raises: StorageError.
        """
        return self._database.write(lambda connection: self.enter_within(connection, jobs, actor))

    def enter_within(
        self, connection: sqlite3.Connection, jobs: Sequence[NewJob], actor: str
    ) -> list[Entered]:
        """`enter` as a part of a write transaction under way: it stands or falls with it."""
        now = self._clock.now_ms()
        if len(jobs) > 1:
            connection.execute("SAVEPOINT batch")
            entered = None
            try:
                entered = self._enter_all(connection, jobs, actor, now)
            except sqlite3.IntegrityError:  # a repeat, or a taken millisecond: one by one
                connection.execute("ROLLBACK TO batch")
            connection.execute("RELEASE batch")  # gone after other errors: a full disk ends all
            if entered is not None:
                return entered
        return [self._enter_one(connection, job, actor, now) for job in jobs]

    def _enter_all(
        self, connection: sqlite3.Connection, jobs: Sequence[NewJob], actor: str, now: int
    ) -> list[Entered]:
        (first,) = connection.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM jobs").fetchone()
        public_id = self._next_public_id(now)
        rows = [_job_row(job, first + i, public_id + i, now) for i, job in enumerate(jobs)]
        connection.executemany(INSERT_JOB, rows)
        connection.executemany(
            INSERT_ENTERED,
            [(row[0], row[3], now, "entered", actor) for row in rows],
        )
        self._last_public_id = public_id + len(jobs) - 1
        return [Entered(first + i, public_id + i, is_new=True) for i in range(len(jobs))]

    def _enter_one(
        self, connection: sqlite3.Connection, job: NewJob, actor: str, now: int
    ) -> Entered:
        public_id = self._next_public_id(now)
        while True:
            try:
                cursor = connection.execute(INSERT_JOB, _job_row(job, None, public_id, now))
                break
            except sqlite3.IntegrityError:
                found = connection.execute(_BY_KEY, (job.idempotency_key,)).fetchone()
                if found:
                    entry = (found[0], job.connection_id, now, "entered_again", actor)
                    connection.execute(INSERT_ENTERED, entry)
                    return Entered(found[0], found[1], is_new=False)
                free = connection.execute(_FIRST_FREE_ID, (public_id,)).fetchone()
                if free is None or free[0] == public_id:
                    raise
                public_id = free[0]
        self._last_public_id = public_id
        job_id = int(cursor.lastrowid or 0)
        connection.execute(INSERT_ENTERED, (job_id, job.connection_id, now, "entered", actor))
        return Entered(job_id, public_id, is_new=True)

    def _next_public_id(self, now: int) -> int:
        """The next free millisecond as far as this process knows; the file has the last word."""
        last = self._last_public_id
        return last + 1 if now <= last < now + _RUN_AHEAD_MS else now

    def holding(self, keys: Sequence[str]) -> dict[str, int]:
        """Of these idempotency keys those in use, each with the time (ms) its job came in."""
        rows = self._database.read(
            "SELECT idempotency_key, created_at FROM jobs WHERE state <> 'discarded' "
            "AND idempotency_key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
        return dict(rows)

    def claim(self, connection_id: int, lease: str, held: Collection[str] = ()) -> Job | None:
        """Lease the job that goes next on a connection; on disk when this returns.

        `held`: types of jobs that are left alone for now. Raises: StorageError.
        """
        return self._database.write(lambda c: self._claim(c, connection_id, lease, held))

    def _claim(
        self, connection: sqlite3.Connection, connection_id: int, lease: str, held: Collection[str]
    ) -> Job | None:
        values = (lease, connection_id, self._clock.now_ms())
        if held:
            cursor = connection.execute(_CLAIM_REST, (*values, json.dumps(list(held))))
        else:
            cursor = connection.execute(_CLAIM, values)
        rows = cursor.fetchall()
        return to_job(rows[0]) if rows else None

    def record(
        self,
        job: Job,
        outcome: Outcome,
        lease: str,
        *,
        started_at: int,
        claim_next: bool,
        held: Collection[str] = (),
    ) -> Recorded:
        """Store what came of a run, its history line, and (in the same commit) the next claim,
        of any type that is not `held`.

        Raises: StorageError; the job then still counts as being sent.
        """

        def work(connection: sqlite3.Connection) -> Recorded:
            state = self._record(connection, job, outcome, lease, started_at)
            if not claim_next:
                return Recorded(state, None)
            return Recorded(state, self._claim(connection, job.connection_id, lease, held))

        return self._database.write(work)

    def _record(
        self,
        connection: sqlite3.Connection,
        job: Job,
        outcome: Outcome,
        lease: str,
        started_at: int,
    ) -> JobState:
        now = self._clock.now_ms()
        due = None if outcome.wait_s is None else now + int(outcome.wait_s * 1000)
        params = dump(outcome.params)
        changed = connection.execute(
            _RECORD,
            (
                outcome.state, outcome.code, params, now, due, outcome.spent, outcome.lost,
                dump_proof(outcome.proof), job.id, lease,
            ),
        ).fetchall()  # fmt: skip
        what = "look" if job.state is JobState.IN_DOUBT else "run"
        entry = (
            job.id, job.connection_id, now, f"{what}_{outcome.state}", outcome.code, params,
            started_at, outcome.spent, outcome.excerpt,
        )  # fmt: skip
        connection.execute(_INSERT_RUN, entry)
        return JobState(changed[0][0]) if changed else outcome.state

    def mark_alone(self, job: Job) -> None:
        """Note that a job which saw the program die is now the only one running."""
        self._database.write(
            lambda c: c.execute("UPDATE jobs SET deaths = ? WHERE id = ?", (_RAN_ALONE, job.id))
        )

    def recover(self, lease: str) -> list[int]:
        """Put jobs leased by a process that is gone in doubt; returns their ids.

        One that ran alone when the program died a second time is failed. Only the owner of
        the engine lock may call this: every other lease is then a dead one's.
        """

        def work(connection: sqlite3.Connection) -> list[int]:
            rows = connection.execute(
                "SELECT id, connection_id, deaths FROM jobs "
                "WHERE state IN ('in_flight', 'in_doubt') AND lease IS NOT NULL AND lease <> ?",
                (lease,),
            ).fetchall()
            for job_id, connection_id, deaths in rows:
                self._doubt(connection, job_id, connection_id, deaths + 1)
            connection.execute(_FORGET_REMOVED, (self._clock.now_ms(),))
            return [row[0] for row in rows]

        return self._database.write(work)

    def give_back(self, connection_id: int, lease: str) -> None:
        """Put what a runner of this process had claimed in doubt; the program did not die."""

        def work(connection: sqlite3.Connection) -> None:
            rows = connection.execute(
                "SELECT id FROM jobs WHERE state IN ('in_flight', 'in_doubt') AND lease = ? "
                "AND connection_id = ?",
                (lease, connection_id),
            ).fetchall()
            for (job_id,) in rows:
                self._doubt(connection, job_id, connection_id, 0)

        self._database.write(work)

    def _doubt(
        self, connection: sqlite3.Connection, job_id: int, connection_id: int, deaths: int
    ) -> None:
        now = self._clock.now_ms()
        failed = deaths > _RAN_ALONE
        state = JobState.FAILED if failed else JobState.IN_DOUBT
        code = "crashed_twice" if failed else "crash_look"
        connection.execute(_DOUBT, (state, code, now, 0 if failed else min(deaths, 1), job_id))
        entry = (job_id, connection_id, now, f"found_{state}", code, "", None, failed, "")
        connection.execute(_INSERT_RUN, entry)

    def rebase_waits(self) -> int:
        """After the clock was set back: waits set "in the future" count from now again."""

        def work(connection: sqlite3.Connection) -> int:
            now = self._clock.now_ms()
            return connection.execute(
                "UPDATE jobs SET due_at = ?1 + (due_at - due_set_at), due_set_at = ?1 "
                "WHERE state IN ('pending', 'in_doubt') AND due_set_at > ?1",
                (now,),
            ).rowcount

        return self._database.write(work)

    def next_due(self, connection_id: int, after_ms: int) -> int | None:
        """When the next job of a connection falls due after that moment (ms).

        A job due before it that was not claimed is held back by another, whose end wakes it.
        """
        rows = self._database.read(
            "SELECT MIN(due_at) FROM jobs WHERE state IN ('pending', 'in_doubt') "
            "AND connection_id = ? AND due_at > ?",
            (connection_id, after_ms),
        )
        due: int | None = rows[0][0]
        return due

    def next_repeat(self, key: str) -> int:
        """The first repeat number above those in use for a key that ends in one."""
        stem = key.rsplit("/", 1)[0]
        rows = self._database.read(
            "SELECT idempotency_key FROM jobs WHERE state <> 'discarded' "
            "AND idempotency_key >= ? AND idempotency_key < ?",
            (f"{stem}/", f"{stem}0"),  # "0" follows "/" in the character table
        )
        used = [int(row[0].rsplit("/", 1)[1]) for row in rows]
        return max(used, default=-1) + 1

    def connections_with_work(self) -> list[int]:
        """Connections that have a job waiting or in doubt."""
        rows = self._database.read(
            "SELECT id FROM connections c WHERE removed_at IS NULL AND EXISTS "
            "(SELECT 1 FROM jobs j WHERE j.state IN ('pending', 'in_doubt') "
            "AND j.connection_id = c.id)"
        )
        return [row[0] for row in rows]


# Nobody is left who could look: their connection was removed while they were being sent.
_FORGET_REMOVED = """UPDATE jobs SET discarded_from = state, state = 'discarded', removing = 0,
 finished_at = ?1 WHERE state = 'in_doubt' AND connection_id IN
 (SELECT id FROM connections WHERE removed_at IS NOT NULL)"""

_DOUBT = """UPDATE jobs SET
 state = CASE WHEN removing = 1 AND ?1 = 'failed' THEN 'discarded' ELSE ?1 END,
 discarded_from = CASE WHEN removing = 1 AND ?1 = 'failed' THEN ?1 END,
 removing = CASE ?1 WHEN 'failed' THEN 0 ELSE removing END,
 lease = NULL, due_set_at = ?3, due_at = ?3, deaths = ?4,
 attempts = attempts + (?1 = 'failed'), finished_at = CASE ?1 WHEN 'failed' THEN ?3 END,
 reason_code = ?2, reason_params = '', reason_since = ?3 WHERE id = ?5"""


def _job_row(job: NewJob, job_id: int | None, public_id: int, now: int) -> tuple[object, ...]:
    ship_by = NO_DEADLINE if job.ship_by_ms is None else job.ship_by_ms
    return (
        job_id, public_id, job.kind, job.connection_id, job.order_ref, job.channel, job.tracking,
        job.idempotency_key, job.payload, job.priority, ship_by, now, now, now + job.wait_ms,
        job.reason_code, job.reason_params, now, job.origin_file, job.origin_line,
    )  # fmt: skip
