"""Between the program's threads and the window's: events become signals, calls go aside."""

from collections import deque
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from app.core.events import (
    AttentionChanged,
    ClockJumped,
    ConnectionChanged,
    EngineLooked,
    EventBus,
    FolderChanged,
    HealthChanged,
    IntakeProgress,
    JobChanged,
    JobsAdded,
    LocalIntakeChanged,
    OrdersChanged,
    RouteChanged,
    StorageTrouble,
    StoreChanged,
    SyncProgress,
)
from app.core.telling import Standing
from app.ui.background import Background

T = TypeVar("T")


class Bridge(QObject):
    """Made in the GUI thread. Its signals carry the frozen events of `core.events`.

    Several changes of one job, or of one file that is read, which arrive together are told once,
    the last of them.
    """

    job_changed = Signal(object)
    jobs_added = Signal(object)
    connection_changed = Signal(object)
    store_changed = Signal(object)
    storage_trouble = Signal(object)
    clock_jumped = Signal(object)
    engine_looked = Signal(object)
    intake_progress = Signal(object)
    attention_changed = Signal(object)
    folder_changed = Signal(object)
    local_intake_changed = Signal(object)
    route_changed = Signal(object)
    sync_progress = Signal(object)
    orders_changed = Signal(object)
    standing_changed = Signal(object)
    health_changed = Signal(object)

    _wake = Signal()

    def __init__(
        self, bus: EventBus, end_thread: Callable[[], None], parent: QObject | None = None
    ) -> None:
        """`end_thread` closes the calling thread's database connection."""
        super().__init__(parent)
        self._events: deque[object] = deque()
        self._background = Background(end_thread, self)
        self._wake.connect(self._drain, Qt.ConnectionType.QueuedConnection)
        self._signals = {
            JobChanged: self.job_changed,
            JobsAdded: self.jobs_added,
            ConnectionChanged: self.connection_changed,
            StoreChanged: self.store_changed,
            StorageTrouble: self.storage_trouble,
            ClockJumped: self.clock_jumped,
            EngineLooked: self.engine_looked,
            IntakeProgress: self.intake_progress,
            AttentionChanged: self.attention_changed,
            FolderChanged: self.folder_changed,
            LocalIntakeChanged: self.local_intake_changed,
            RouteChanged: self.route_changed,
            SyncProgress: self.sync_progress,
            OrdersChanged: self.orders_changed,
            Standing: self.standing_changed,
            HealthChanged: self.health_changed,
        }
        self._unsubscribe = [bus.subscribe(kind, self._heard) for kind in self._signals]

    def run_in_background(
        self,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Run `work` on another thread; `done(value)` or `failed(error)` on the GUI thread.

        Neither is called when they are methods of a QObject that is gone by then.
        """
        self._background.run(work, done, failed)

    def run_apart(
        self,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """As `run_in_background`, on a thread of its own: for what may wait for a person or a
        remote system, so that reads of the pages do not wait behind it."""
        self._background.run_apart(work, done, failed)

    def close(self) -> None:
        """Hear no more events and take no more calls; those under way end unheard."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._background.close()

    def _heard(self, event: object) -> None:
        """On the publisher's thread."""
        is_first = not self._events
        self._events.append(event)
        if is_first and isValid(self):
            self._wake.emit()

    @Slot()
    def _drain(self) -> None:
        last: dict[object, object] = {}
        while self._events:
            event = self._events.popleft()
            key = _told_once(event)
            last.pop(key, None)
            last[key] = event
        for event in last.values():
            self._signals[type(event)].emit(event)


def _told_once(event: object) -> object:
    """Of several events with the same key that wait together, the last is told."""
    if isinstance(event, JobChanged):
        return JobChanged, event.job_id
    if isinstance(event, IntakeProgress):
        return IntakeProgress, event.source, event.file
    if isinstance(event, SyncProgress):
        return SyncProgress, event.route_id
    return event
