"""How calls to other systems ended, kept by the minute; and what a connection did last."""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.health import MINUTE_MS, Api, ApiCalls, Mark, Result, Tally, Way
from app.core.types import ORDER_POST
from app.models.database import Database, Row
from app.models.rows import dump, load

KEPT_MINUTES = 24 * 60
"""What is older is dropped with the next batch."""

Key = tuple[int, Api, Way]
"""Connection, API and way."""

_ADD = (
    "INSERT INTO health_calls (minute, connection_id, api, way, result, band, calls) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET calls = calls + excluded.calls"
)
_MARK = "ok_at, refused_at, failed_at, network_at, in_a_row, failing_since, code, params"
_OLD_MARK = f"SELECT {_MARK} FROM health_marks WHERE connection_id = ? AND api = ? AND way = ?"
_PUT_MARK = (
    f"INSERT OR REPLACE INTO health_marks (connection_id, api, way, {_MARK}) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PRODUCT = "product.update"
_ENDED = (
    "SELECT order_ref, finished_at FROM jobs WHERE state = 'succeeded' AND connection_id = ? "
    "AND kind = ? ORDER BY finished_at DESC LIMIT 1"
)
_READ = (
    "SELECT order_ref, read_at FROM orders WHERE connection_id = ? AND order_ref <> '' "
    "ORDER BY read_at DESC LIMIT 1"
)
# No index leads from a connection to its newest row, and each costs every shipment that enters:
# the newest rows of all are read, once for all connections.
_ENTERED = """SELECT connection_id, order_ref, created_at, MAX(id) FROM
 (SELECT id, connection_id, order_ref, created_at, kind FROM jobs ORDER BY id DESC LIMIT 2000)
 WHERE kind = ? GROUP BY connection_id"""
_ENTERED_BEFORE = (
    "SELECT order_ref, created_at FROM jobs WHERE state = 'succeeded' AND connection_id = ? "
    "AND kind = ? ORDER BY finished_at DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Last:
    """Something that happened last: of which order or product, and when (ms since 1970)."""

    ref: str
    at: int


@dataclass(frozen=True, slots=True)
class Activity:
    """The newest of each kind and direction; None: there was none."""

    taken_in: Last | None = None  # a shipment that came in for the connection
    written: Last | None = None  # a write-back that was confirmed
    order_read: Last | None = None  # an order that was new or changed there
    product_sent: Last | None = None  # a product that was confirmed


class HealthStore:
    """The calls of this data file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, counted: Mapping[tuple[Key, Tally], int], marks: Mapping[Key, Mark], now_ms: int
    ) -> None:
        """Store one batch; what is older than a day, or stamped ahead of now, is dropped.

        Raises: StorageError.
        """
        now = now_ms // MINUTE_MS
        rows = [
            (tally.minute, owner, api, way, tally.result, tally.band, calls)
            for ((owner, api, way), tally), calls in counted.items()
        ]

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(_ADD, rows)
            for key, later in marks.items():
                found = connection.execute(_OLD_MARK, key).fetchone()
                mark = _to_mark(found).followed_by(later) if found else later
                connection.execute(_PUT_MARK, (*key, *_from_mark(mark)))
            connection.execute(
                "DELETE FROM health_calls WHERE minute < ? OR minute > ?",
                (now - KEPT_MINUTES, now + 1),
            )

        self._database.write(work)

    def forget(self, connection_id: int | None = None) -> None:
        """What is kept says nothing of now any more: of one connection, or of all.

        Raises: StorageError.
        """
        where, values = ("", ()) if connection_id is None else (
            " WHERE connection_id = ?", (connection_id,)
        )  # fmt: skip

        def work(connection: sqlite3.Connection) -> None:
            for table in ("health_calls", "health_marks"):
                connection.execute(f"DELETE FROM {table}{where}", values)

        self._database.write(work)

    def is_ahead(self, now_ms: int) -> bool:
        """True where something was stamped later than now: the clock was set back since.

        Raises: StorageError.
        """
        rows = self._database.read(
            "SELECT (SELECT MAX(minute) FROM health_calls) > ?", (now_ms // MINUTE_MS,)
        )
        return bool(rows[0][0])

    def load(self, since_ms: int) -> dict[int, dict[Api, ApiCalls]]:
        """All connections' calls since then, and what was last for each, however long ago."""
        tallies: dict[tuple[int, Api], list[Tally]] = {}
        marks: dict[tuple[int, Api], dict[Way, Mark]] = {}
        for minute, owner, api, way, result, band, calls in self._database.read(
            "SELECT minute, connection_id, api, way, result, band, calls FROM health_calls "
            "WHERE minute >= ?",
            (since_ms // MINUTE_MS,),
        ):
            tally = Tally(minute, Way(way), Result(result), band, calls)
            tallies.setdefault((owner, Api(api)), []).append(tally)
        for owner, api, way, *values in self._database.read(
            f"SELECT connection_id, api, way, {_MARK} FROM health_marks"
        ):
            marks.setdefault((owner, Api(api)), {})[Way(way)] = _to_mark(tuple(values))
        found: dict[int, dict[Api, ApiCalls]] = {}
        for key in tallies.keys() | marks.keys():
            calls_of = ApiCalls(tuple(tallies.get(key, ())), marks.get(key, {}))
            found.setdefault(key[0], {})[key[1]] = calls_of
        return found

    def activity(self, connection_ids: Iterable[int]) -> dict[int, Activity]:
        """What each of these connections did last."""
        entered = {
            owner: Last(ref, at)
            for owner, ref, at, _ in self._database.read(_ENTERED, (ORDER_POST,))
        }
        return {
            one: Activity(
                entered.get(one) or self._last(_ENTERED_BEFORE, one, ORDER_POST),
                self._last(_ENDED, one, ORDER_POST),
                self._last(_READ, one),
                self._last(_ENDED, one, _PRODUCT),
            )
            for one in connection_ids
        }

    def _last(self, sql: str, *parameters: int | str) -> Last | None:
        rows = self._database.read(sql, parameters)
        return Last(str(rows[0][0]), int(rows[0][1])) if rows else None


def _to_mark(row: Row) -> Mark:
    mark = Mark(*row[:-1])
    mark.params = load(row[-1])
    return mark


def _from_mark(mark: Mark) -> Row:
    return (
        mark.ok_at, mark.refused_at, mark.failed_at, mark.network_at, mark.in_a_row,
        mark.failing_since, mark.code, dump(mark.params),
    )  # fmt: skip
