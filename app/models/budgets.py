"""Token buckets in the store, so that limits hold over restarts and for all processes."""

import sqlite3
from collections.abc import Callable

from app.core.rates import Bucket, Rate
from app.models.database import Database

_SELECT = (
    "SELECT per_s, burst, tat, held_until, set_at FROM budgets "
    "WHERE connection_id = ? AND operation = ?"
)
_REPLACE = (
    "INSERT INTO budgets (connection_id, operation, per_s, burst, tat, held_until, set_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (connection_id, operation) DO UPDATE SET "
    "per_s = excluded.per_s, burst = excluded.burst, tat = excluded.tat, "
    "held_until = excluded.held_until, set_at = excluded.set_at"
)


class Budgets:
    """Keeps one bucket per connection and operation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, connection_id: int, operation: str) -> Bucket | None:
        """The bucket as last stored.

        Raises: StorageError.
        """
        rows = self._database.read(_SELECT, (connection_id, operation))
        return _to_bucket(rows[0]) if rows else None

    def update(
        self, connection_id: int, operation: str, change: Callable[[Bucket | None], Bucket]
    ) -> Bucket:
        """Replace the bucket by what `change` makes of it, atomic over threads and processes.

        Raises: what `change` raises, with nothing stored; StorageError.
        """

        def work(connection: sqlite3.Connection) -> Bucket:
            rows = connection.execute(_SELECT, (connection_id, operation)).fetchall()
            bucket = change(_to_bucket(rows[0]) if rows else None)
            values = (bucket.rate.per_s, bucket.rate.burst, bucket.tat_ms)
            times = (bucket.held_until_ms, bucket.set_at_ms)
            connection.execute(_REPLACE, (connection_id, operation, *values, *times))
            return bucket

        return self._database.write(work)


def _to_bucket(row: tuple[float, int, int, int, int]) -> Bucket:
    return Bucket(Rate(row[0], row[1]), *row[2:])
