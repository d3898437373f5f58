"""The row ledger: every row that was ever read, entered once, together with its job.

A chunk of rows is one write transaction: the rows, the jobs they make, what they change.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.clock import Clock
from app.core.tracking import label_number, normalise_tracking, order_channel
from app.models.attention import NewItem, add_within
from app.models.chunk import FACTS, Chunk, LedgerRow, Tally, Target, facts_of
from app.models.database import Database
from app.models.labels import Labels
from app.models.outbox import Outbox

__all__ = ["Ledger", "LedgerRow", "Sighting", "Tally", "Target"]

_JOB_OF = (
    "SELECT job_id FROM ledger "
    "WHERE tracking = ? AND source = ? AND channel = ? AND void = ? AND ship_date = ?"
)
# A correction of what was written already is a further job, with the next repeat number.
_NEWEST = (
    "SELECT j.id FROM jobs o JOIN jobs j ON j.state <> 'discarded' "
    "AND j.idempotency_key >= rtrim(o.idempotency_key, '0123456789') "
    "AND j.idempotency_key < rtrim(rtrim(o.idempotency_key, '0123456789'), '/') || '0' "
    "WHERE o.id = ? ORDER BY j.id DESC LIMIT 1"
)

_JOBLESS = (
    "SELECT l.tracking, l.channel, l.void, l.facts, l.at, l.source, f.name, l.origin_line "
    "FROM ledger l LEFT JOIN files f ON f.id = l.origin_file WHERE l.job_id IS NULL AND "
)
_SEEN = f"{_JOBLESS} l.tracking IN (?1, ?2) UNION {_JOBLESS} l.channel IN (?3, ?1) ORDER BY 5 DESC"
_SERVICE = FACTS.index("service")


@dataclass(frozen=True, slots=True)
class Sighting:
    """A row that was read and made no job. `at`: ms since 1970; `file` empty: from no file."""

    tracking: str
    channel: str
    is_void: bool
    service: str
    at: int
    source: str
    file: str
    line: int | None


class Ledger:
    """Rows of every source, and the jobs they made."""

    def __init__(self, database: Database, outbox: Outbox, clock: Clock) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock

    def enter(
        self,
        source: str,
        rows: Sequence[LedgerRow],
        target: Target,
        actor: str,
        items: Sequence[NewItem] = (),
    ) -> Tally:
        """Enter labels: rows, jobs and attention items in one commit.

        Raises: StorageError; then nothing was entered.
        """

        return self._database.write(
            lambda connection: self.enter_within(connection, source, rows, target, actor, items)
        )

    def enter_within(
        self,
        connection: sqlite3.Connection,
        source: str,
        rows: Sequence[LedgerRow],
        target: Target,
        actor: str,
        items: Sequence[NewItem] = (),
    ) -> Tally:
        """`enter` as a part of a write transaction under way: it stands or falls with it."""
        now = self._clock.now_ms()
        chunk = Chunk(connection, Labels(connection, source, now, actor), source, target, now)
        chunk.read(rows)
        chunk.store(self._outbox, actor)
        add_within(connection, items, now)
        return chunk.tally

    def void(self, source: str, rows: Sequence[LedgerRow], actor: str) -> Tally:
        """Enter void rows: jobs not written yet are discarded, the rest is told to a person.

        Raises: StorageError.
        """

        return self._database.write(
            lambda connection: self.void_within(connection, source, rows, actor)
        )

    def void_within(
        self, connection: sqlite3.Connection, source: str, rows: Sequence[LedgerRow], actor: str
    ) -> Tally:
        """`void` as a part of a write transaction under way."""
        labels = Labels(connection, source, self._clock.now_ms(), actor)
        known = labels.known({row.tracking for row in rows})
        tally = Tally()
        for row in rows:
            is_new, touched = labels.void(
                row.tracking,
                row.channel,
                row.ship_date,
                row.process_at,
                known[row.tracking],
                (row.origin_file, row.origin_line),
            )
            tally.voided += is_new
            tally.repeated += not is_new
            tally.changed += touched
        return tally

    def job_within(
        self, connection: sqlite3.Connection, source: str, row: LedgerRow, *, is_void: bool
    ) -> int | None:
        """The job that stands for a row just entered; None where there is none."""
        key = (row.tracking, source, row.channel, is_void, row.ship_date)
        found = connection.execute(_JOB_OF, key).fetchall()
        job_id: int | None = found[0][0] if found else None
        if job_id is None or is_void:
            return job_id
        newest = connection.execute(_NEWEST, (job_id,)).fetchall()
        return int(newest[0][0]) if newest else job_id

    def seen(self, text: str) -> list[Sighting]:
        """Rows with this tracking number or order that the queue does not know, newest first."""
        number = normalise_tracking(text)
        if not number:
            return []
        wanted = (number, label_number(number), order_channel(text))
        return [_sighting(*row) for row in self._database.read(_SEEN, wanted)]

    def origin(self, job_id: int) -> tuple[str, str, int | None] | None:
        """Source, file and row that a job came from; None: from no file."""
        rows = self._database.read(
            "SELECT f.source, f.name, j.origin_line FROM jobs j "
            "JOIN files f ON f.id = j.origin_file WHERE j.id = ?",
            (job_id,),
        )
        return (str(rows[0][0]), str(rows[0][1]), rows[0][2]) if rows else None


def _sighting(
    tracking: str,
    channel: str,
    void: int,
    facts: str,
    at: int,
    source: str,
    file: str | None,
    line: int | None,
) -> Sighting:
    service = "" if void else facts_of(facts)[_SERVICE]
    return Sighting(tracking, channel, bool(void), service, at, source, file or "", line)
