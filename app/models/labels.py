"""Labels as the ledger knows them, and what a void does to their jobs."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from app.core.states import JobState
from app.core.types import Params
from app.models.attention import ItemKind, ItemState, NewItem, add_within
from app.models.rows import dump

_KNOWN = (
    "SELECT tracking, void, channel, ship_date, job_id, at, process_at, facts FROM ledger "
    "WHERE source = ? AND tracking IN (SELECT value FROM json_each(?)) ORDER BY at"
)
_GONE = (
    "SELECT channel, tracking FROM ledger INDEXED BY ledger_voids WHERE void = 1 AND source = ? "
    "AND facts = '' AND channel IN (SELECT value FROM json_each(?))"
)
_VOID = (
    "INSERT OR REPLACE INTO ledger (tracking, source, channel, void, ship_date, job_id, at, "
    "process_at, facts, origin_file, origin_line) VALUES (?, ?, ?, 1, ?, ?, ?, ?, '', ?, ?)"
)
_REPLACED = (
    "UPDATE ledger SET facts = 'replaced' WHERE void = 1 AND tracking = ? AND source = ? "
    "AND channel = ?"
)
_DISCARD = (
    "UPDATE jobs SET state = 'discarded', discarded_from = state, reason_code = 'voided', "
    "reason_params = '', reason_since = ?1, finished_at = ?1 WHERE id = ?2"
)
_NOTE = (
    "INSERT INTO history (job_id, connection_id, at, what, code, params, spent, excerpt, actor) "
    "VALUES (?, ?, ?, ?, '', ?, 0, '', ?)"
)


@dataclass(slots=True)
class Label:
    """A row of the ledger. Times are milliseconds since 1970; `facts` as stored."""

    is_void: bool
    channel: str
    ship_date: str
    job_id: int | None
    at: int
    process_at: int | None
    facts: str
    slot: int | None = None  # its place among the jobs of a chunk that is not stored yet

    def is_after(self, other_process_at: int | None) -> bool:
        """True when both times are known and this label was made later."""
        return bool(self.process_at and other_process_at and self.process_at > other_process_at)


class Labels:
    """The labels of one source, within one write transaction."""

    def __init__(self, connection: sqlite3.Connection, source: str, now: int, actor: str) -> None:
        self._connection = connection
        self._source = source
        self._now = now
        self._actor = actor

    def known(self, trackings: Collection[str]) -> dict[str, list[Label]]:
        """The rows of those numbers, oldest first; of unknown ones an empty list."""
        found: dict[str, list[Label]] = defaultdict(list)
        wanted = (self._source, json.dumps(list(trackings)))
        for tracking, void, *rest in self._connection.execute(_KNOWN, wanted).fetchall():
            found[tracking].append(Label(bool(void), *rest))
        return found

    def not_replaced(self, channels: Collection[str]) -> dict[str, str]:
        """Orders with a void label that no other number took the place of: the void number."""
        if not self._connection.execute("SELECT 1 FROM ledger WHERE void = 1 LIMIT 1").fetchall():
            return {}
        wanted = (self._source, json.dumps(list(channels)))
        return dict(self._connection.execute(_GONE, wanted).fetchall())

    def replaced(self, job_id: int, connection_id: int, gone: str, channel: str) -> None:
        """A job takes the place of a void number."""
        self._connection.execute(_REPLACED, (gone, self._source, channel))
        self.note(job_id, connection_id, "replaces", {"tracking": gone})

    def void(
        self,
        tracking: str,
        channel: str,
        ship_date: str,
        process_at: int | None,
        known: list[Label],
        origin: tuple[int | None, int | None] = (None, None),
    ) -> tuple[bool, list[tuple[int, JobState]]]:
        """Take in a void row; returns whether it is new, and the jobs that it changed.

        `origin`: the file it stands in, by its number, and its row there.
        """
        void = Label(True, channel, ship_date, None, self._now, process_at, "")
        for one in known:
            is_same = one.is_void and (one.channel, one.ship_date) == (channel, ship_date)
            if is_same and not void.is_after(one.process_at):
                return False, []
        touched: list[tuple[int, JobState]] = []
        for label in known:
            if label.is_void or label.is_after(process_at):
                continue
            void.job_id = void.job_id or label.job_id
            if label.job_id is not None:
                touched += self.void_job(label.job_id)
        known.append(void)
        values = (tracking, self._source, channel, ship_date, void.job_id, self._now, process_at)
        self._connection.execute(_VOID, (*values, *origin))
        return True, touched

    def void_job(self, job_id: int) -> list[tuple[int, JobState]]:
        """Discard a job that was not written; what may be there already is for a person.

        Returns the job with its state, if that changed.
        """
        row = self._connection.execute(
            "SELECT state, due_at, connection_id, order_ref, tracking FROM jobs WHERE id = ?",
            (job_id,),
        ).fetchall()[0]
        state, due_at, connection_id = JobState(row[0]), row[1], row[2]
        if state is JobState.DISCARDED:
            return []
        self.note(job_id, connection_id, "voided", {})
        if state in (JobState.PENDING, JobState.FAILED, JobState.PARKED):
            self._connection.execute(_DISCARD, (self._now, job_id))
            return [(job_id, JobState.DISCARDED)]
        is_moving = state is JobState.IN_FLIGHT or due_at is not None
        if state is not JobState.SUCCEEDED and is_moving:  # the answer decides: see settle
            self._connection.execute("UPDATE jobs SET removing = 1 WHERE id = ?", (job_id,))
        watch = is_moving and state is not JobState.SUCCEEDED
        item = NewItem(
            ItemKind.VOID_WRITTEN,
            f"job {job_id}",
            "void_written" if state is JobState.SUCCEEDED or watch else "void_undecided",
            {"order": row[3], "tracking": row[4]},
            self._source,
            connection_id=connection_id,
            job_id=job_id,
            state=ItemState.WATCHING if watch else ItemState.OPEN,
        )
        add_within(self._connection, [item], self._now)
        return [(job_id, state)]

    def note(self, job_id: int, connection_id: int, what: str, params: Params) -> None:
        """A line of a job's history."""
        values = (job_id, connection_id, self._now, what, dump(params), self._actor)
        self._connection.execute(_NOTE, values)
