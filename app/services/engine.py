"""The engine: owns the data folder, runs the worker and the recurring tasks, stops in order."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from app.core.clock import Clock
from app.core.errors import StorageError, UsageError
from app.core.events import EventBus, FolderChanged, StoreChanged
from app.models.database import Database
from app.models.opening import backup_path, backup_to, prune_backups
from app.services.connections import ConnectionService
from app.services.folder_watch import TICK_S, FolderWatch
from app.services.local_server import LocalServer
from app.services.ownership import Ownership
from app.services.scheduler import Scheduler
from app.services.sync_worker import SyncWorker
from app.services.worker import Worker

logger = logging.getLogger(__name__)

QUIT_PATIENCE_S = 5.0
_SYNC_PATIENCE_S = 1.0
_RECHECK_S, _TIDY_S, _BACKUP_S = 900.0, 600.0, 86_400.0
_FOLDERS, _NO_FOLDERS_S = "watch folders", 10.0


class Engine:
    """Everything that works without being asked, for one data folder."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        ownership: Ownership,
        worker: Worker,
        scheduler: Scheduler,
        connections: ConnectionService,
        bus: EventBus,
        clock: Clock,
        watch: FolderWatch,
        local: LocalServer,
        syncs: SyncWorker,
    ) -> None:
        self._folder = folder
        self._database = database
        self._ownership = ownership
        self._worker = worker
        self._scheduler = scheduler
        self._bus = bus
        self._clock = clock
        self._watch = watch
        self._local = local
        self._syncs = syncs
        self._visits = 0
        self._unsubscribe: list[Callable[[], None]] = []
        scheduler.add_look("look for visitors", self._look)
        scheduler.add("look at stopped connections", _RECHECK_S, _aside(connections.look_again))
        scheduler.add(_FOLDERS, TICK_S, self._watch_folders)
        scheduler.add("tidy", _TIDY_S, self._tidy)
        scheduler.add("back up", _BACKUP_S, _aside(self.back_up))

    def start(self) -> None:
        """Take the folder and begin.

        Raises: UsageError engine_elsewhere, retired; StorageError.
        """
        if self._database.read("SELECT retired_at FROM store")[0][0] is not None:
            raise UsageError("retired")
        self._ownership.take()
        self._visits = self._database.visits()
        self._worker.start()
        self._scheduler.start()
        self._syncs.start()
        self._local.start()
        self._unsubscribe = [
            self._bus.subscribe(kind, self._folders_may_differ)
            for kind in (FolderChanged, StoreChanged)
        ]

    def stop(self, patience_s: float = QUIT_PATIENCE_S) -> list[str]:
        """Stop within some seconds; returns what was still being sent.

        Those rows stay marked as being sent: the next start looks what came of them.
        """
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._local.stop()
        self._scheduler.stop()
        self._watch.stop()
        left = self._worker.stop(patience_s)
        self._syncs.stop(_SYNC_PATIENCE_S)
        self._ownership.release()
        return left

    def back_up(self) -> Path:
        """Make a daily backup and drop the oldest ones.

        Raises: StorageError.
        """
        target = backup_path(self._folder, "daily", self._clock)
        backup_to(self._database, target)
        prune_backups(self._folder)
        return target

    def _look(self) -> None:
        visits = self._database.visits()
        if visits != self._visits:
            self._visits = visits
            self._bus.publish(StoreChanged())

    def _watch_folders(self) -> None:
        self._watch.tick()
        self._scheduler.pace(_FOLDERS, TICK_S if self._watch.has_folders else _NO_FOLDERS_S)

    def _folders_may_differ(self, _: object) -> None:
        self._scheduler.pace(_FOLDERS, TICK_S)

    def _tidy(self) -> None:
        self._database.checkpoint()


def _aside(action: Callable[[], object]) -> Callable[[], None]:
    """The action on a thread of its own, so that it holds up no other task and not Quit."""

    def run() -> None:
        try:
            action()
        except StorageError as error:
            logger.warning("not done: %s", error)

    return lambda: threading.Thread(target=run, name="aside", daemon=True).start()
