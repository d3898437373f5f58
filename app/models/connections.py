"""Connections as stored: their settings, and the gate that says why one sends nothing now."""

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.core.clock import Clock
from app.core.errors import BackhaulError, ConnectionBlocked, Param, UsageError
from app.core.types import ConnectionGate, ConnectionInfo
from app.models.database import Database
from app.models.rows import CONNECTION_COLUMNS, GATE_COLUMNS, dump, to_connection, to_gate

_INSERT = (
    "INSERT INTO connections (name, kind, settings, is_practice, created_at, block_code, "
    "block_params, block_looks_again, failures, held_set_at, held_until) "
    "VALUES (?, ?, ?, ?, ?, '', '', 0, 0, 0, 0)"
)
_HISTORY = (
    "INSERT INTO history (connection_id, at, what, code, params, spent, excerpt, actor) "
    "VALUES (?, ?, ?, ?, ?, 0, ?, ?)"
)


class Connections:
    """The connections of this data file; a removed one keeps its row for the history."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def all(self) -> list[ConnectionInfo]:
        """Every connection in use, by name."""
        rows = self._database.read(
            f"SELECT {CONNECTION_COLUMNS} FROM connections WHERE removed_at IS NULL ORDER BY name"
        )
        return [to_connection(row) for row in rows]

    def find(self, connection_id: int) -> ConnectionInfo | None:
        """The connection with that id; None when it was removed."""
        rows = self._database.read(
            f"SELECT {CONNECTION_COLUMNS} FROM connections WHERE id = ? AND removed_at IS NULL",
            (connection_id,),
        )
        return to_connection(rows[0]) if rows else None

    def names(self) -> dict[int, str]:
        """Names by id, removed connections included."""
        return dict(self._database.read("SELECT id, name FROM connections"))

    def kind_name(self, connection_id: int) -> str:
        """What kind of system a connection is, or was."""
        rows = self._database.read("SELECT kind FROM connections WHERE id = ?", (connection_id,))
        return str(rows[0][0])

    def add(
        self,
        name: str,
        kind: str,
        settings: Mapping[str, Param],
        *,
        is_practice: bool,
        actor: str,
    ) -> ConnectionInfo:
        """Store a new connection.

        Raises: UsageError when the name is taken.
        """

        def work(connection: sqlite3.Connection) -> int:
            values = (name, kind, dump(settings), is_practice, self._clock.now_ms())
            try:
                row_id = connection.execute(_INSERT, values).lastrowid
            except sqlite3.IntegrityError as error:
                raise UsageError("connection_name_taken", name=name) from error
            self._note(connection, int(row_id or 0), "connection_added", actor=actor)
            return int(row_id or 0)

        return ConnectionInfo(self._database.write(work), name, kind, dict(settings), is_practice)

    def change(
        self, connection_id: int, name: str, settings: Mapping[str, Param], actor: str
    ) -> None:
        """Store a new name and settings; a block is lifted, since a person acted.

        Raises: UsageError when the name is taken.
        """

        def work(connection: sqlite3.Connection) -> None:
            try:
                connection.execute(
                    "UPDATE connections SET name = ?, settings = ? WHERE id = ?",
                    (name, dump(settings), connection_id),
                )
            except sqlite3.IntegrityError as error:
                raise UsageError("connection_name_taken", name=name) from error
            _clear(connection, connection_id)
            self._note(connection, connection_id, "connection_changed", actor=actor)

        self._database.write(work)

    def remove(
        self, connection_id: int, *, discard_rows: bool, actor: str, most_rows: int | None = None
    ) -> int:
        """Take a connection out of use; returns how many waiting rows go to the bin.

        One that is being sent goes there when the answer is in, unless it landed.
        Raises: UsageError when rows still wait and `discard_rows` is off, or when more wait
        than `most_rows`.
        """

        def work(connection: sqlite3.Connection) -> int:
            (waiting,) = connection.execute(
                "SELECT COUNT(*) FROM jobs WHERE connection_id = ? AND state IN "
                "('pending', 'in_flight', 'in_doubt', 'failed', 'parked')",
                (connection_id,),
            ).fetchone()
            allowed = (waiting if most_rows is None else most_rows) if discard_rows else 0
            if waiting > allowed:
                raise UsageError("connection_busy", count=waiting)
            now = self._clock.now_ms()
            connection.execute(
                "UPDATE jobs SET discarded_from = state, state = 'discarded', finished_at = ?, "
                "removing = 0 WHERE connection_id = ? AND lease IS NULL AND state IN "
                "('pending', 'in_doubt', 'failed', 'parked')",
                (now, connection_id),
            )
            connection.execute(
                "UPDATE jobs SET removing = 1 WHERE connection_id = ? AND lease IS NOT NULL",
                (connection_id,),
            )
            connection.execute(
                "UPDATE connections SET removed_at = ? WHERE id = ?", (now, connection_id)
            )
            connection.execute(
                "UPDATE routes SET removed_at = ?1 WHERE removed_at IS NULL "
                "AND ?2 IN (source_id, target_id)",
                (now, connection_id),
            )
            self._note(connection, connection_id, "connection_removed", actor=actor)
            return int(waiting)

        return self._database.write(work)

    def products_pause(self, connection_id: int) -> ConnectionGate | None:
        """The pause of what keeps its products up to date; None: there is none."""
        rows = self._database.read(
            "SELECT paused_at, paused_until FROM routes WHERE purpose = 'products' "
            "AND target_id = ? AND removed_at IS NULL AND paused_at IS NOT NULL",
            (connection_id,),
        )
        return ConnectionGate(paused_at=rows[0][0], paused_until=rows[0][1]) if rows else None

    def gate(self, connection_id: int) -> ConnectionGate:
        """Why the connection sends nothing now, if so; a pause that is over is none."""
        rows = self._database.read(
            f"SELECT {GATE_COLUMNS} FROM connections WHERE id = ?",
            (connection_id,),
        )
        gate = to_gate(rows[0]) if rows else ConnectionGate()
        is_over = gate.paused_until is not None and gate.paused_until <= self._clock.now_ms()
        return replace(gate, paused_at=None, paused_until=None) if is_over else gate

    def block(self, connection_id: int, error: ConnectionBlocked) -> None:
        """Stop the connection until a person acts; the first cause keeps its time."""

        def work(connection: sqlite3.Connection) -> None:
            now = self._clock.now_ms()
            connection.execute(
                "UPDATE connections SET block_since = CASE WHEN block_code = ?1 THEN block_since "
                "ELSE ?4 END, block_code = ?1, block_params = ?2, block_looks_again = ?3, "
                "failures = 0, failing_since = NULL, held_until = 0 WHERE id = ?5",
                (error.code, dump(error.params), error.looks_again, now, connection_id),
            )
            self._note(connection, connection_id, "connection_blocked", error)

        self._database.write(work)

    def unblock(self, connection_id: int, actor: str) -> None:
        """A person acted, or a read-only look found the cause gone: the next job is the probe."""

        def work(connection: sqlite3.Connection) -> None:
            _clear(connection, connection_id)
            self._note(connection, connection_id, "connection_unblocked", actor=actor)

        self._database.write(work)

    def pause(self, connection_id: int, until_ms: int | None, actor: str) -> None:
        """Send nothing until that time; None: until a person resumes."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE connections SET paused_at = ?, paused_until = ? WHERE id = ?",
                (self._clock.now_ms(), until_ms, connection_id),
            )
            self._note(connection, connection_id, "connection_paused", actor=actor)

        self._database.write(work)

    def resume(self, connection_id: int, actor: str) -> None:
        """End a pause, and a block as well: the person says that it is worth a try."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE connections SET paused_at = NULL, paused_until = NULL WHERE id = ?",
                (connection_id,),
            )
            _clear(connection, connection_id)
            self._note(connection, connection_id, "connection_resumed", actor=actor)

        self._database.write(work)

    def failed_to_reach(self, connection_id: int, error: BackhaulError, hold_s: float) -> None:
        """Count one more time that the remote could not be reached, and hold for seconds."""

        def work(connection: sqlite3.Connection) -> None:
            now = self._clock.now_ms()
            connection.execute(
                "UPDATE connections SET failures = failures + 1, held_set_at = ?1, held_until = ?2,"
                " failing_since = COALESCE(failing_since, ?1) WHERE id = ?3",
                (now, now + int(hold_s * 1000), connection_id),
            )
            if hold_s:
                self._note(connection, connection_id, "connection_unreachable", error)

        self._database.write(work)

    def hold(self, connection_id: int, hold_s: float) -> None:
        """Try nothing for some seconds, as the remote asked."""
        now = self._clock.now_ms()
        self._database.write(
            lambda c: c.execute(
                "UPDATE connections SET held_set_at = ?, held_until = ? WHERE id = ?",
                (now, now + int(hold_s * 1000), connection_id),
            )
        )

    def answered(self, connection_id: int) -> None:
        """The remote was reached: what was counted against it is forgotten."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE connections SET failures = 0, failing_since = NULL, held_until = 0 "
                "WHERE id = ?",
                (connection_id,),
            )
            self._note(connection, connection_id, "connection_reached")

        self._database.write(work)

    def rebase_holds(self) -> None:
        """After the clock was set back: holds and pauses set "in the future" count from now."""
        now = self._clock.now_ms()

        def work(connection: sqlite3.Connection) -> None:
            for since, until in (("held_set_at", "held_until"), ("paused_at", "paused_until")):
                connection.execute(
                    f"UPDATE connections SET {until} = ?1 + ({until} - {since}), {since} = ?1 "
                    f"WHERE {since} > ?1",
                    (now,),
                )

        self._database.write(work)

    def _note(
        self,
        connection: sqlite3.Connection,
        connection_id: int,
        what: str,
        error: BackhaulError | None = None,
        actor: str = "",
    ) -> None:
        values: tuple[Any, ...] = (
            connection_id,
            self._clock.now_ms(),
            what,
            error.code if error else "",
            dump(error.params) if error else "",
            error.excerpt if error else "",
            actor,
        )
        connection.execute(_HISTORY, values)


def _clear(connection: sqlite3.Connection, connection_id: int) -> None:
    connection.execute(
        "UPDATE connections SET block_code = '', block_params = '', block_since = NULL, "
        "block_looks_again = 0, failures = 0, failing_since = NULL, held_until = 0 WHERE id = ?",
        (connection_id,),
    )
