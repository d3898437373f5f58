"""The row ledger: every row that was ever read, entered once, together with its job.

A chunk of rows is one write transaction: the rows, the jobs they make, what they change.
"""

import sqlite3
from collections.abc import Sequence

from app.core.clock import Clock
from app.models.attention import NewItem, add_within
from app.models.chunk import Chunk, LedgerRow, Tally, Target
from app.models.database import Database
from app.models.labels import Labels
from app.models.outbox import Outbox

__all__ = ["Ledger", "LedgerRow", "Tally", "Target"]


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

        def work(connection: sqlite3.Connection) -> Tally:
            now = self._clock.now_ms()
            chunk = Chunk(connection, Labels(connection, source, now, actor), source, target, now)
            chunk.read(rows)
            chunk.store(self._outbox, actor)
            add_within(connection, items, now)
            return chunk.tally

        return self._database.write(work)

    def void(self, source: str, rows: Sequence[LedgerRow], actor: str) -> Tally:
        """Enter void rows: jobs not written yet are discarded, the rest is told to a person.

        Raises: StorageError.
        """

        def work(connection: sqlite3.Connection) -> Tally:
            labels = Labels(connection, source, self._clock.now_ms(), actor)
            known = labels.known({row.tracking for row in rows})
            tally = Tally()
            for row in rows:
                is_new, touched = labels.void(
                    row.tracking, row.channel, row.ship_date, row.process_at, known[row.tracking]
                )
                tally.voided += is_new
                tally.repeated += not is_new
                tally.changed += touched
            return tally

        return self._database.write(work)

    def origin(self, job_id: int) -> tuple[str, str, int | None] | None:
        """Source, file and row that a job came from; None: from no file."""
        rows = self._database.read(
            "SELECT f.source, f.name, j.origin_line FROM jobs j "
            "JOIN files f ON f.id = j.origin_file WHERE j.id = ?",
            (job_id,),
        )
        return (str(rows[0][0]), str(rows[0][1]), rows[0][2]) if rows else None
