"""Who runs the engine: one process per data folder, known by a lock the system frees at death."""

import json
import os
from pathlib import Path

from filelock import FileLock, Timeout

from app.core.clock import Clock
from app.core.errors import UsageError
from app.services.owner_mark import OWNER_NAME, owner_pid

LOCK_NAME = "engine.lock"


class Ownership:
    """The right to run the engine of one data folder."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        # Of the process, not of a thread: whichever thread stops the engine gives it up.
        self._lock = FileLock(folder / LOCK_NAME, timeout=0, thread_local=False)
        self._folder = folder
        self._owner = folder / OWNER_NAME
        self._clock = clock

    def take(self) -> None:
        """Become the owner until `release` or the end of the process.

        Raises: UsageError engine_elsewhere with the owner's process number.
        """
        try:
            self._lock.acquire(timeout=1.0)  # another command may just be looking (is_free)
        except Timeout as error:
            raise UsageError("engine_elsewhere", pid=self.owner_pid() or "?") from error
        started = {"pid": os.getpid(), "started_at": self._clock.now_ms()}
        part = self._owner.with_suffix(".part")
        part.write_text(json.dumps(started), encoding="utf-8")
        part.replace(self._owner)

    def is_free(self) -> bool:
        """True when no process runs the engine now, this one included."""
        if self._lock.is_locked:
            return False
        try:
            with self._lock.acquire():
                return True
        except Timeout:
            return False

    def owner_pid(self) -> int | None:
        """The process that took it last; alive only while the lock is held."""
        return owner_pid(self._folder)

    def release(self) -> None:
        """Give it up; nothing happens when it was not taken here."""
        if not self._lock.is_locked:
            return
        self._owner.unlink(missing_ok=True)
        self._lock.release()
