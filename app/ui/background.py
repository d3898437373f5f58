"""Calls of the window on other threads; whatever belongs to widgets stays with the GUI thread."""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

logger = logging.getLogger(__name__)
T = TypeVar("T")

_THREADS = 3
_IDLE_S = 10.0


class _Call:
    """What is to be done, and what came of it; `error` None: it went well."""

    __slots__ = ("done", "error", "failed", "value", "work")

    def __init__(
        self,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None,
    ) -> None:
        self.work, self.done, self.failed = work, done, failed
        self.value: Any = None
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.value = self.work()
        except Exception as error:  # noqa: BLE001 - handed to the caller on its own thread
            self.error = error


class Background(QObject):
    """A few threads for calls that read or write the data file, or wait for the network.

    A call often holds the last reference to a widget. So the threads only borrow it: it is let
    go on the GUI thread, since what dies with it must not die elsewhere.
    """

    _finished = Signal(int)

    def __init__(self, end_thread: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._end_thread = end_thread
        self._calls: dict[int, _Call] = {}
        self._asked = 0
        self._queue: queue.SimpleQueue[int] = queue.SimpleQueue()  # 0: end
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
        with self._lock:
            if self._closed:
                return
            self._queue.put(self._keep(_Call(work, done, failed)))
            if self._idle >= self._queue.qsize() or self._threads >= _THREADS:
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
        with self._lock:
            if self._closed:
                return
            number = self._keep(_Call(work, done, failed))
        threading.Thread(
            target=self._serve_one, args=(number,), name="window-apart", daemon=True
        ).start()

    def close(self) -> None:
        """Take no more calls."""
        with self._lock:
            self._closed = True
            for _ in range(self._threads):
                self._queue.put(0)

    def _keep(self, call: _Call) -> int:
        """With the lock held."""
        self._asked += 1
        self._calls[self._asked] = call
        return self._asked

    def _run(self, number: int) -> None:
        self._calls[number].run()  # no name of this thread holds it when the GUI thread lets it go
        if not self._closed and isValid(self):
            self._finished.emit(number)

    def _serve_one(self, number: int) -> None:
        try:
            self._run(number)
        finally:
            self._end_thread()

    def _serve(self) -> None:
        try:
            while number := self._next():
                self._run(number)
        finally:
            self._end_thread()

    def _next(self) -> int:
        """The next call; 0 when this thread may end."""
        with self._lock:
            self._idle += 1
        try:
            number = self._queue.get(timeout=_IDLE_S)
        except queue.Empty:
            number = 0
        with self._lock:
            self._idle -= 1
            if not number and not self._queue.empty() and not self._closed:
                number = self._queue.get()  # arrived just now
            if not number:
                self._threads -= 1
        return number

    @Slot(int)
    def _deliver(self, number: int) -> None:
        call = self._calls.pop(number)
        error, call.error = call.error, None  # its trace holds the call
        if error is None:
            if _is_there(call.done):
                call.done(call.value)
        elif call.failed is None:
            logger.error("a call of the window failed", exc_info=error)
        elif _is_there(call.failed):
            call.failed(error)


def _is_there(callback: Callable[..., object]) -> bool:
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)
