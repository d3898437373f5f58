"""Erases where parcels went, some days after their orders ended; everything else stays."""

import json
import sqlite3

from app.core.clock import Clock
from app.core.orders import OrderStatus
from app.models.database import Database
from app.models.order_status import CHANGED, number_of
from app.models.order_writing import EVENT
from app.models.rows import dump

_DAY_MS = 86_400_000
_AT_ONCE = 500
_SUCCESS, _SKIPPED, _PENDING = map(
    number_of, (OrderStatus.SUCCESS, OrderStatus.SKIPPED, OrderStatus.PENDING)
)
# Ended: written, not taken over, or shipped in another way; and nothing happened since.
_DUE = f"""SELECT o.id, o.connection_id FROM orders o INDEXED BY orders_personal
 WHERE o.ship_to <> '' AND o.read_at < ?1
 AND (o.urgency IN ({_SUCCESS}, {_SKIPPED}) OR o.urgency = {_PENDING} AND NOT EXISTS
  (SELECT 1 FROM order_lines l WHERE l.order_id = o.id AND l.ships = 1
   AND CAST(l.left_over AS REAL) > 0))
 AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.finished_at IS NOT NULL AND j.channel = o.channel
  AND j.connection_id = o.connection_id AND j.finished_at >= ?1)
 LIMIT ?2"""
_ERASE = "UPDATE orders SET ship_to = '' WHERE id IN (SELECT value FROM json_each(?))"
_NOTE = (
    "INSERT INTO history (at, what, code, params, spent, excerpt, actor) "
    "VALUES (?, 'addresses_kept', '', ?, 0, '', ?)"
)


class OrderErasing:
    """Addresses, and for how long they are kept."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def days(self) -> int | None:
        """As a person set it; None: nobody did. 0: they are never erased."""
        found: int | None = self._database.read("SELECT keep_days FROM store")[0][0]
        return found

    def set_days(self, days: int, actor: str) -> None:
        """Keep them for so many days; 0: for ever."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE store SET keep_days = ?", (days,))
            connection.execute(_NOTE, (self._clock.now_ms(), dump({"days": days}), actor))

        self._database.write(work)

    def erase(self, days: int) -> list[tuple[int, int]]:
        """Erase some of those due, each with a line in its history; returns their numbers with
        those of their connections. Empty: nothing is due.

        Raises: StorageError.
        """

        def work(connection: sqlite3.Connection) -> list[tuple[int, int]]:
            now = self._clock.now_ms()
            due = connection.execute(_DUE, (now - days * _DAY_MS, _AT_ONCE)).fetchall()
            if due:
                connection.execute("PRAGMA secure_delete = ON")  # not a byte stays in the file
                connection.execute(_ERASE, (json.dumps([row[0] for row in due]),))
                connection.execute("PRAGMA secure_delete = OFF")
                params = dump({"days": days})
                events = [(row[0], now, "order_erased", "", params, "") for row in due]
                connection.executemany(EVENT, events)
                connection.execute(CHANGED)
            return due

        return self._database.write(work)
