"""The local intake as stored: whether it is on, at which port, and how it stands."""

import sqlite3
from dataclasses import dataclass, field

from app.core.clock import Clock
from app.core.types import Params
from app.models.database import Database
from app.models.rows import dump, load

DEFAULT_PORT = 8765

_HISTORY = (
    "INSERT INTO history (at, what, code, params, spent, excerpt, actor) "
    "VALUES (?, ?, '', ?, 0, '', ?)"
)
_ONE = "INSERT OR IGNORE INTO local_intake VALUES (1, 0, ?, 0, NULL, '', '', NULL, NULL, 0)"
_READ = (
    "SELECT is_on, port, key_version, serving_since, trouble_code, trouble_params, "
    "trouble_since, last_at, refused FROM local_intake"
)
_STANDS = (
    "UPDATE local_intake SET serving_since = ?1, trouble_since = CASE WHEN ?2 = '' THEN NULL "
    "WHEN trouble_code = ?2 THEN trouble_since ELSE ?4 END, trouble_code = ?2, trouble_params = ?3"
)


@dataclass(frozen=True, slots=True)
class IntakeSetup:
    """How the local intake is set and how it stands. Times are milliseconds since 1970.

    `key_version` 0: no key was made yet. `serving_since` None: nobody listens.
    """

    is_on: bool = False
    port: int = DEFAULT_PORT
    key_version: int = 0
    serving_since: int | None = None
    trouble_code: str = ""
    trouble_params: Params = field(default_factory=dict)
    trouble_since: int | None = None
    last_at: int | None = None
    refused: int = 0


class IntakeSetups:
    """The one row about the local intake."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def load(self) -> IntakeSetup:
        """As it was left; switched off where nobody ever touched it.

        Raises: StorageError.
        """
        rows = self._database.read(_READ)
        if not rows:
            return IntakeSetup()
        is_on, *rest = rows[0]
        rest[4] = load(rest[4])
        return IntakeSetup(bool(is_on), *rest)

    def switch(self, port: int, actor: str, *, is_on: bool) -> None:
        """Switch it on or off at a port, with a line of history."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(_ONE, (DEFAULT_PORT,))
            connection.execute("UPDATE local_intake SET is_on = ?, port = ?", (is_on, port))
            what = "local_intake_on" if is_on else "local_intake_off"
            params = dump({"port": port})
            connection.execute(_HISTORY, (self._clock.now_ms(), what, params, actor))

        self._database.write(work)

    def key_changed(self, actor: str) -> None:
        """Note that there is another key: whoever keeps the old one in memory reads it anew."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(_ONE, (DEFAULT_PORT,))
            connection.execute("UPDATE local_intake SET key_version = key_version + 1")
            connection.execute(_HISTORY, (self._clock.now_ms(), "local_intake_key", "", actor))

        self._database.write(work)

    def stands(
        self, serving_since: int | None, code: str = "", params: Params | None = None
    ) -> None:
        """Note since when somebody listens, or why nobody does."""
        values = (serving_since, code, dump(params or {}), self._clock.now_ms())
        self._database.write(lambda c: c.execute(_STANDS, values))

    def add_calls(self, last_at: int | None, refused: int) -> None:
        """Note calls that were answered since the last time."""
        self._database.write(
            lambda c: c.execute(
                "UPDATE local_intake SET last_at = COALESCE(?, last_at), refused = refused + ?",
                (last_at, refused),
            )
        )
