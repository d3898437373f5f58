"""A computer that was moved away from: its data folder stays, and sends nothing any more."""

from pathlib import Path

from app.core.clock import Clock
from app.core.errors import UsageError
from app.models.database import Database
from app.services.ownership import Ownership
from app.services.upkeep import back_up


class Retirement:
    """Whether a data folder is still in use, kept in its data file."""

    def __init__(
        self, folder: Path, database: Database, ownership: Ownership, clock: Clock
    ) -> None:
        self._folder = folder
        self._database = database
        self._ownership = ownership
        self._clock = clock

    def since(self) -> int | None:
        """When it was retired (ms since 1970); None: it is in use."""
        found: int | None = self._database.read("SELECT retired_at FROM store")[0][0]
        return found

    def require_in_use(self) -> None:
        """Raises: UsageError retired."""
        if self.since() is not None:
            raise UsageError("retired")

    def retire(self, backup: Path | None) -> Path | None:
        """Send nothing from here any more; before that, make a last backup for the new computer.

        Nothing can be sent in between. Raises: UsageError engine_elsewhere, retired,
        file_problem; StorageError; then it is in use as before.
        """
        self.require_in_use()
        self._ownership.take()
        try:
            made = None if backup is None else back_up(self._folder, self._clock, backup)
            self._mark(self._clock.now_ms())
        finally:
            self._ownership.release()
        return made

    def undo(self) -> None:
        """Take it back into use."""
        self._mark(None)

    def _mark(self, moment: int | None) -> None:
        self._database.write(lambda c: c.execute("UPDATE store SET retired_at = ?", (moment,)))
