"""Reads for people: rows by filter, one row by any number it has, what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass

import peewee as pw

from app.core.job_types import product_channel
from app.core.states import LIVE, JobState
from app.core.tracking import label_number, normalise_tracking, order_channel
from app.core.types import ORDER_POST, HistoryEntry, Job
from app.models import tables
from app.models.database import Database
from app.models.filters import LISTED, REMOVED, SHOWN
from app.models.rows import HISTORY_COLUMNS, JOB_COLUMNS, to_entry, to_job

_SMALLEST_PUBLIC_ID = 100_000_000_000
"""March 1973 in epoch milliseconds: what is above is a copied `id`, below a row number."""

_LONGEST_INTEGER = 18  # digits that always fit SQLite's 64 bits

_JOB = tables.Job
_JOB_FIELDS = [_JOB._meta.fields[name] for name in JOB_COLUMNS.split(", ")]
_WAITING = pw.SQL("state IN ('pending', 'in_doubt')")  # as the index of what is due says it
_STUCK = pw.SQL("state IN ('in_flight', 'in_doubt', 'failed', 'parked')")
_COUNTED = (
    "SELECT connection_id, state, reason_code, COUNT(*), MIN(created_at), MIN(reason_since), "
    "state = 'in_doubt' AND due_at IS NULL FROM jobs"
)
# One statement, so one moment: a row that ends or begins again meanwhile is not missed. An OR
# over all rows would read the whole table; of the live ones each is read, once.
_SEARCH = f"""SELECT {JOB_COLUMNS} FROM jobs WHERE id IN (
 SELECT id FROM jobs WHERE id = ?1
 UNION SELECT id FROM jobs WHERE public_id = ?2
 UNION SELECT id FROM jobs WHERE finished_at IS NOT NULL AND channel IN (?3, ?4, ?6)
 UNION SELECT id FROM jobs WHERE finished_at IS NOT NULL AND tracking IN (?4, ?5)
 UNION SELECT id FROM jobs INDEXED BY jobs_live WHERE {SHOWN}
  AND (channel IN (?3, ?4, ?6) OR tracking IN (?4, ?5))
 UNION SELECT job_id FROM products_sent
  WHERE connection_id IN (SELECT id FROM connections) AND channel = ?6
 ) ORDER BY id"""

_LINE = tables.HistoryLine
_LINE_FIELDS = [_LINE._meta.fields[name] for name in HISTORY_COLUMNS.split(", ")]


@dataclass(frozen=True, slots=True)
class Backlog:
    """Rows of one connection that are not settled, in one state for one reason."""

    connection_id: int
    state: JobState
    reason_code: str
    count: int
    oldest_at: int
    since: int = 0  # how long the reason holds for the first of them (ms since 1970)
    stands: bool = False  # nothing happens to them by itself


class History:
    """Read-only views of jobs and what happened to them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def jobs(
        self,
        states: Sequence[JobState] = tuple(LIVE),
        *,
        connection_id: int | None = None,
        reason_code: str | None = None,
        limit: int = 1000,
    ) -> list[Job]:
        """Rows of the list that fit, newest first; jobs that are no write-backs only where they
        need a person, or were removed by one."""
        query = _JOB.select(*_JOB_FIELDS).where(_JOB.state.in_([s.value for s in states]))
        query = query.where(pw.SQL(f"({LISTED} OR state = 'discarded' AND {REMOVED})"))
        if connection_id is not None:
            query = query.where(_JOB.connection_id == connection_id)
        if reason_code is not None:
            query = query.where(_JOB.reason_code == reason_code)
        return self._jobs(query.order_by(_JOB.id.desc()).limit(limit))

    def wrote(self, connection_id: int, order_ref: str, tracking: str) -> bool:
        """True when a job of that connection was seen to have written the number on the order."""
        sql = (
            "SELECT 1 FROM jobs WHERE finished_at IS NOT NULL AND tracking = ? AND channel = ? "
            "AND connection_id = ? AND state = 'succeeded' LIMIT 1"
        )
        number, channel = normalise_tracking(tracking), order_channel(order_ref)
        return bool(self._database.read(sql, (number, channel, connection_id)))

    def search(self, text: str) -> list[Job]:
        """Every job with this row number, copied id, order reference, tracking or item number.

        `row:7` means the row number alone. Numbers may be typed in groups or small letters, and
        scanned from a barcode that holds more than the number.
        """
        number = text.removeprefix("row:").strip()
        row, copied, channel, tracking, label, product = None, None, "", "", "", None
        if number.isascii() and number.isdigit() and len(number) <= _LONGEST_INTEGER:
            is_copied = int(number) >= _SMALLEST_PUBLIC_ID
            row, copied = (None, int(number)) if is_copied else (int(number), None)
        if not text.startswith("row:"):
            channel, tracking = order_channel(text), normalise_tracking(text)
            label, product = label_number(tracking), product_channel(text)
        numbers = (channel or None, tracking or None, label or None, product)
        found = self._database.read(_SEARCH, (row, copied, *numbers))
        return [to_job(found_row) for found_row in found]

    def job(self, job_id: int) -> Job | None:
        """One job by its row number."""
        found = self._jobs(_JOB.select(*_JOB_FIELDS).where(_JOB.id == job_id))
        return found[0] if found else None

    def of_job(self, job_id: int) -> list[HistoryEntry]:
        """All that happened to a job, in order."""
        return self._lines(
            _LINE.select(*_LINE_FIELDS).where(_LINE.job_id == job_id).order_by(_LINE.seq)
        )

    def recent(self, limit: int) -> list[HistoryEntry]:
        """The last entries of all jobs and connections, in order."""
        newest = _LINE.select(*_LINE_FIELDS).order_by(_LINE.seq.desc()).limit(limit)
        return self._lines(newest)[::-1]

    def backlog(self, *, everything: bool = False) -> list[Backlog]:
        """Rows of the list that are not settled, counted by connection, state and reason.

        `everything`: also the jobs on their way that are no write-backs.
        """
        part = "1" if everything else LISTED
        rows = self._database.read(
            f"{_COUNTED} WHERE state IN ('pending', 'in_doubt') AND {part} "
            f"GROUP BY 1, 2, 3, 7 UNION ALL {_COUNTED} "
            f"WHERE state IN ('in_flight', 'failed', 'parked') AND {part} GROUP BY 1, 2, 3, 7"
        )
        return [
            Backlog(owner, JobState(state), code, count, oldest_at, since, bool(stands))
            for owner, state, code, count, oldest_at, since, stands in rows
        ]

    def example(self, group: Backlog) -> Job | None:
        """The row of a group for which its reason holds longest."""
        query = _JOB.select(*_JOB_FIELDS).where(
            _JOB.connection_id == group.connection_id,
            _JOB.state == group.state.value,
            _JOB.reason_code == group.reason_code,
            _WAITING if group.state in (JobState.PENDING, JobState.IN_DOUBT) else _STUCK,
            pw.SQL(LISTED),
        )
        if group.state is JobState.IN_DOUBT:
            query = query.where(_JOB.due_at.is_null(group.stands))
        found = self._jobs(query.order_by(_JOB.reason_since, _JOB.id).limit(1))
        return found[0] if found else None

    def last_seq(self) -> int:
        """The number of the newest entry."""
        return int(self._database.read("SELECT COALESCE(MAX(seq), 0) FROM history")[0][0])

    def was_seen_working(self, connection_id: int, after_seq: int) -> bool:
        """True when the connection answered as it should, in an entry after that one."""
        rows = self._database.read(
            "SELECT 1 FROM history WHERE seq > ? AND connection_id = ? AND what IN "
            "('run_succeeded', 'look_succeeded', 'connection_reached', 'connection_unblocked') "
            "LIMIT 1",
            (after_seq, connection_id),
        )
        return bool(rows)

    def last_success(self, connection_id: int) -> int | None:
        """When a write-back of the connection was last confirmed (ms)."""
        rows = self._database.read(
            "SELECT MAX(finished_at) FROM jobs WHERE state = 'succeeded' AND connection_id = ? "
            "AND kind = ?",
            (connection_id, ORDER_POST),
        )
        newest: int | None = rows[0][0]
        return newest

    def _jobs(self, query: pw.Select) -> list[Job]:
        return [to_job(row) for row in self._database.select(query)]

    def _lines(self, query: pw.Select) -> list[HistoryEntry]:
        return [to_entry(row) for row in self._database.select(query)]
