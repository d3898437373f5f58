"""Routes as stored, each with its sync task: the cursor, and how the last runs went."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from app.core.clock import Clock
from app.core.errors import Param, UsageError
from app.core.types import Params, Route, SyncTask
from app.models.database import Database
from app.models.rows import dump, load

_COLUMNS = (
    "id, purpose, source_id, target_id, mode, settings, interval_s, cursor, asked, paused_at, "
    "paused_until, cycle_since, cycle_counts, cycle_left, over_since, running_since, ran_at, "
    "result_code, result_params, failing_since, failures, finished_at, counts, advice_code, "
    "advice_params, due_set_at, due_at, again_from, again_cursor, again_counts, again_left"
)
_INSERT = (
    "INSERT INTO routes (purpose, source_id, target_id, mode, settings, interval_s, created_at, "
    "asked, cursor, cycle_counts, result_code, result_params, failures, counts, advice_code, "
    "advice_params, due_set_at, due_at, again_cursor, again_counts) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, '', '', '', '', 0, '', '', '', ?7, ?7, '', '')"
)
_NOTE = (
    "INSERT INTO history (connection_id, at, what, code, params, spent, excerpt, actor) "
    "SELECT source_id, ?2, ?3, ?4, ?5, 0, ?6, ?7 FROM routes WHERE id = ?1"
)
_CHANGE = (
    "UPDATE routes SET advice_code = CASE mode WHEN ?2 THEN advice_code ELSE '' END, mode = ?2, "
    "settings = ?3, interval_s = ?4 WHERE id = ?1 AND removed_at IS NULL"
)
# One asked for before that was not through yet begins anew, from the earlier of both dates.
_READ_AGAIN = (
    "UPDATE routes SET again_from = MIN(COALESCE(again_from, ?2), ?2), again_cursor = '', "
    "again_counts = '', again_left = NULL WHERE id = ?1 AND removed_at IS NULL"
)
_READ_NO_MORE = (
    "UPDATE routes SET again_from = NULL, again_cursor = '', again_counts = '', "
    "again_left = NULL WHERE id = ?"
)
_ASK = "UPDATE routes SET asked = asked + 1, due_at = MIN(due_at, ?2) WHERE id = ?1"
# Products that still wait came of a file that is not wanted any more.
_DROP_PRODUCTS = (
    "UPDATE jobs SET discarded_from = state, state = 'discarded', finished_at = ?2, "
    "reason_code = 'products_route_removed', reason_params = '', reason_since = ?2 "
    "WHERE state = 'pending' AND kind = 'product.update' AND connection_id = "
    "(SELECT target_id FROM routes WHERE id = ?1 AND purpose = 'products')"
)
# Where a reading is broken off, the next run goes on from its cursor: the cycle stays open.
_BEGIN = (
    "UPDATE routes SET running_since = ?2, cycle_since = COALESCE(cycle_since, ?2) "
    "WHERE id = ?1 AND removed_at IS NULL"
)
_WENT_WELL = (
    "UPDATE routes SET running_since = NULL, ran_at = ?2, result_code = '', result_params = '', "
    "failing_since = NULL, failures = 0, due_set_at = ?2, due_at = ?3 WHERE id = ?1"
)
_WENT_BADLY = (
    "UPDATE routes SET running_since = NULL, ran_at = ?2, result_code = ?4, result_params = ?5, "
    "failing_since = COALESCE(failing_since, ?2), failures = failures + 1, due_set_at = ?2, "
    "due_at = ?3 WHERE id = ?1"
)


class Routes:
    """The routes of this data file; a removed one keeps its row for the history."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def all(self) -> list[SyncTask]:
        """The task of every route in use, oldest first."""
        rows = self._database.read(
            f"SELECT {_COLUMNS} FROM routes WHERE removed_at IS NULL ORDER BY id"
        )
        return [_to_task(row) for row in rows]

    def find(self, route_id: int) -> SyncTask | None:
        """The task of a route; None when it was removed."""
        rows = self._database.read(
            f"SELECT {_COLUMNS} FROM routes WHERE id = ? AND removed_at IS NULL", (route_id,)
        )
        return _to_task(rows[0]) if rows else None

    def add(
        self,
        purpose: str,
        source_id: int,
        target_id: int | None,
        mode: str,
        settings: Mapping[str, Param],
        interval_s: int,
        actor: str,
    ) -> int:
        """Store a route; it is due at once. Returns its number.

        Raises: UsageError when there is one between the same ends.
        """

        def work(connection: sqlite3.Connection) -> int:
            now = self._clock.now_ms()
            values = (purpose, source_id, target_id, mode, dump(settings), interval_s, now)
            try:
                route_id = int(connection.execute(_INSERT, values).lastrowid or 0)
            except sqlite3.IntegrityError as error:
                raise UsageError("route_twice") from error
            self._note(connection, route_id, "route_added", actor=actor)
            return route_id

        return self._database.write(work)

    def change(
        self,
        route_id: int,
        mode: str,
        settings: Mapping[str, Param],
        interval_s: int,
        again_from: int | None,
        actor: str,
    ) -> None:
        """Store a route otherwise than it was; it is due at once. `again_from`: what was saved
        there since (ms) is read again, since another setting makes something else of it."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(_CHANGE, (route_id, mode, dump(settings), interval_s))
            if again_from is not None:
                connection.execute(_READ_AGAIN, (route_id, again_from))
            connection.execute(_ASK, (route_id, self._clock.now_ms()))
            self._note(connection, route_id, "route_edited", actor=actor)

        self._database.write(work)

    def remove(self, route_id: int, actor: str) -> None:
        """Take a route out of use; what came along it stays."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE routes SET removed_at = ? WHERE id = ?", (self._clock.now_ms(), route_id)
            )
            connection.execute(_DROP_PRODUCTS, (route_id, self._clock.now_ms()))
            self._note(connection, route_id, "route_removed", actor=actor)

        self._database.write(work)

    def ask(self, route_id: int, actor: str) -> None:
        """Let it run now, whoever runs the engine."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(_ASK, (route_id, self._clock.now_ms()))
            self._note(connection, route_id, "sync_asked", actor=actor)

        self._database.write(work)

    def read_again(self, route_id: int, since_ms: int, actor: str) -> None:
        """Let everything since then be read once more, soon; how far new things were read stays
        as it is."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(_READ_AGAIN, (route_id, since_ms))
            connection.execute(_ASK, (route_id, self._clock.now_ms()))
            self._note(connection, route_id, "sync_again", params={"from": since_ms}, actor=actor)

        self._database.write(work)

    def read_no_more(self, route_id: int, actor: str) -> None:
        """End what `read_again` began; what was read of it stays."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(_READ_NO_MORE, (route_id,))
            self._note(connection, route_id, "sync_again_ended", actor=actor)

        self._database.write(work)

    def pause(self, route_id: int, until_ms: int | None, actor: str) -> None:
        """Read nothing until that time; None: until a person resumes."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE routes SET paused_at = ?, paused_until = ? WHERE id = ?",
                (self._clock.now_ms(), until_ms, route_id),
            )
            self._note(connection, route_id, "sync_paused", actor=actor)

        self._database.write(work)

    def resume(self, route_id: int, actor: str) -> None:
        """End a pause."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE routes SET paused_at = NULL, paused_until = NULL WHERE id = ?", (route_id,)
            )
            self._note(connection, route_id, "sync_resumed", actor=actor)

        self._database.write(work)

    def begin(self, route_id: int) -> SyncTask | None:
        """A run begins; None when the route was removed."""
        now = self._clock.now_ms()
        self._database.write(lambda c: c.execute(_BEGIN, (route_id, now)))
        return self.find(route_id)

    def went_well(self, route_id: int, next_s: float) -> None:
        """A run came to the end of its reading; the next is due in so many seconds."""
        now = self._clock.now_ms()

        def work(connection: sqlite3.Connection) -> None:
            (failures,) = connection.execute(
                "SELECT failures FROM routes WHERE id = ?", (route_id,)
            ).fetchone()
            connection.execute(_WENT_WELL, (route_id, now, now + int(next_s * 1000)))
            if failures:
                self._note(connection, route_id, "sync_works_again")

        self._database.write(work)

    def went_badly(
        self, route_id: int, next_s: float, code: str, params: Params, excerpt: str
    ) -> None:
        """A run was broken off; what it read until then stays. The first of its kind is noted."""
        now = self._clock.now_ms()

        def work(connection: sqlite3.Connection) -> None:
            (before,) = connection.execute(
                "SELECT result_code FROM routes WHERE id = ?", (route_id,)
            ).fetchone()
            due = now + int(next_s * 1000)
            connection.execute(_WENT_BADLY, (route_id, now, due, code, dump(params)))
            if before != code:
                self._note(connection, route_id, "sync_failed", code, params, excerpt)

        self._database.write(work)

    def stopped(self, route_id: int) -> None:
        """A run ended because the program ends, or somebody else went on with the reading."""
        self._database.write(
            lambda c: c.execute("UPDATE routes SET running_since = NULL WHERE id = ?", (route_id,))
        )

    def recover(self) -> int:
        """What a dead process left running is not; returns how many runs were broken off."""
        return self._database.write(
            lambda c: (
                c.execute(
                    "UPDATE routes SET running_since = NULL WHERE running_since IS NOT NULL"
                ).rowcount
            )
        )

    def _note(
        self,
        connection: sqlite3.Connection,
        route_id: int,
        what: str,
        code: str = "",
        params: Params | None = None,
        excerpt: str = "",
        actor: str = "",
    ) -> None:
        values = (route_id, self._clock.now_ms(), what, code, dump(params or {}), excerpt, actor)
        connection.execute(_NOTE, values)


def load_counts(text: str) -> dict[str, int]:
    """Counts as stored."""
    found: dict[str, int] = json.loads(text) if text else {}
    return found


def _to_task(row: tuple[Any, ...]) -> SyncTask:
    """A row of _COLUMNS."""
    route = Route(row[0], row[1], row[2], row[3], row[4], load(row[5]), row[6])
    return SyncTask(
        route, row[7], row[8], row[9], row[10], row[11], load_counts(row[12]), row[13], row[14],
        row[15], row[16], row[17], load(row[18]), row[19], row[20], row[21], load_counts(row[22]),
        row[23], load(row[24]), row[25], row[26], row[27], row[28], load_counts(row[29]), row[30],
    )  # fmt: skip
