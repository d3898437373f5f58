"""Watches a data folder whose engine runs in another process, for a window beside it."""

import logging
import threading

from app.core.clock import Clock
from app.core.errors import StorageError
from app.core.events import EngineLooked, EventBus, StoreChanged
from app.models.database import Database
from app.services.ownership import Ownership

logger = logging.getLogger(__name__)

LOOK_S = 0.25
_ENGINE_LOOKS = 4  # the lock is looked at so much more seldom than the file


class Onlooker:
    """Publishes `StoreChanged` when anybody wrote, and `EngineLooked` when the engine came or
    went. It reads one number of the file each time, no rows."""

    def __init__(
        self, database: Database, ownership: Ownership, bus: EventBus, clock: Clock
    ) -> None:
        self._database = database
        self._ownership = ownership
        self._bus = bus
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="onlooker", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, patience_s: float = 2.0) -> None:
        """End, within some seconds."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(patience_s)

    def _watch(self) -> None:
        version: int | None = None
        engine: EngineLooked | None = None
        looks = 0
        try:
            while not self._stopping.is_set():
                version = self._look_at_file(version)
                if looks % _ENGINE_LOOKS == 0:
                    engine = self._look_at_engine(engine)
                looks += 1
                self._clock.wait(self._stopping, LOOK_S)
        finally:
            self._database.close_thread()

    def _look_at_file(self, known: int | None) -> int | None:
        try:
            version = self._database.version()
        except StorageError as error:
            logger.debug("the data file cannot be read now: %s", error)
            return known
        if version != known:
            self._bus.publish(StoreChanged())
        return version

    def _look_at_engine(self, known: EngineLooked | None) -> EngineLooked:
        is_running = not self._ownership.is_free()
        seen = EngineLooked(self._ownership.owner_pid() if is_running else None, is_running)
        if seen != known:
            self._bus.publish(seen)
        return seen
