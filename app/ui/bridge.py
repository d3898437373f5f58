"""Between the program's threads and the window's: events become signals, calls go aside."""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from app.core.events import (
    ClockJumped,
    ConnectionChanged,
    EngineLooked,
    EventBus,
    JobChanged,
    JobsAdded,
    StorageTrouble,
    StoreChanged,
)
from app.core.telling import Standing

logger = logging.getLogger(__name__)
T = TypeVar("T")

_THREADS = 3
_IDLE_S = 10.0


@dataclass(frozen=True, slots=True)
class _Call:
    """What came of a call; `error` None: it went well."""

    done: Callable[[Any], object]
    failed: Callable[[Exception], object] | None
    value: Any
    error: Exception | None


class Bridge(QObject):
    """Made in the GUI thread. Its signals carry the frozen events of `core.events`.

    Several changes of one job that arrive together are told once, the last of them.
    """

    job_changed = Signal(object)
    jobs_added = Signal(object)
    connection_changed = Signal(object)
    store_changed = Signal(object)
    storage_trouble = Signal(object)
    clock_jumped = Signal(object)
    engine_looked = Signal(object)
    standing_changed = Signal(object)

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
            Standing: self.standing_changed,
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
            key = (JobChanged, event.job_id) if isinstance(event, JobChanged) else event
            last.pop(key, None)
            last[key] = event
        for event in last.values():
            self._signals[type(event)].emit(event)


class Background(QObject):
    """A few threads for calls that read or write the data file, or wait for the network."""

    _finished = Signal(object)

    def __init__(self, end_thread: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._end_thread = end_thread
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = self._idle = 0
        self._closed = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None,
    ) -> None:
        """See `Bridge.run_in_background`."""

        def call() -> None:
            self._call(work, done, failed)

        with self._lock:
            if self._closed:
                return
            self._calls.put(call)
            if self._idle >= self._calls.qsize() or self._threads >= _THREADS:
                return
            self._threads += 1
        threading.Thread(target=self._serve, name="window-aside", daemon=True).start()

    def run_apart(
        self,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None,
    ) -> None:
        """See `Bridge.run_apart`."""

        def serve() -> None:
            try:
                self._call(work, done, failed)
            finally:
                self._end_thread()

        if not self._closed:
            threading.Thread(target=serve, name="window-apart", daemon=True).start()

    def _call(
        self,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None,
    ) -> None:
        try:
            result = _Call(done, failed, work(), None)
        except Exception as error:  # noqa: BLE001 - handed to the caller on its own thread
            result = _Call(done, failed, None, error)
        if not self._closed and isValid(self):
            self._finished.emit(result)

    def close(self) -> None:
        """Take no more calls."""
        with self._lock:
            self._closed = True
            for _ in range(self._threads):
                self._calls.put(None)

    def _serve(self) -> None:
        try:
            while (call := self._next()) is not None:
                call()
        finally:
            self._end_thread()

    def _next(self) -> Callable[[], None] | None:
        with self._lock:
            self._idle += 1
        try:
            call = self._calls.get(timeout=_IDLE_S)
        except queue.Empty:
            call = None
        with self._lock:
            self._idle -= 1
            if call is None and not self._calls.empty() and not self._closed:
                call = self._calls.get()  # arrived just now
            if call is None:
                self._threads -= 1
        return call

    @Slot(object)
    def _deliver(self, result: _Call) -> None:
        if result.error is None:
            if _is_there(result.done):
                result.done(result.value)
        elif result.failed is None:
            logger.error("a call of the window failed", exc_info=result.error)
        elif _is_there(result.failed):
            result.failed(result.error)


def _is_there(callback: Callable[..., object]) -> bool:
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)
