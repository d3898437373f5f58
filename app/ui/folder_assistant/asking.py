"""Asks a folder that may be slow: one question at a time, the newest goes next."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.ui.bridge import Bridge

WORKING_MS, SLOW_MS = 100, 5000


class Asker(QObject):
    """On a thread of its own: a share that hangs must hold up neither window nor pages.

    Answers to a question that was asked again meanwhile are not told.
    """

    answered = Signal(object)
    failed = Signal(object)  # Exception
    working = Signal()  # there is no answer after 100 ms
    slow = Signal()  # nor after five seconds

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._wanted: Callable[[], Any] | None = None
        self._is_running = False
        self._is_wanted = False
        self._working = self._timer(WORKING_MS, self.working.emit)
        self._slow = self._timer(SLOW_MS, self.slow.emit)

    def _timer(self, wait_ms: int, tell: Callable[[], None]) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=wait_ms)
        timer.timeout.connect(tell)
        return timer

    @property
    def is_busy(self) -> bool:
        """True until the last question is answered."""
        return self._is_wanted

    def ask(self, work: Callable[[], Any]) -> None:
        """Run `work` aside; what was asked before is not wanted any more."""
        self._wanted, self._is_wanted = work, True
        self._working.start()
        self._slow.start()
        if not self._is_running:
            self._next()

    def forget(self) -> None:
        """Nothing is wanted any more."""
        self._wanted, self._is_wanted = None, False
        self._working.stop()
        self._slow.stop()

    def _next(self) -> None:
        work, self._wanted = self._wanted, None
        if work is not None:
            self._is_running = True
            self._bridge.run_apart(work, self._answer, self._fail)

    @Slot(object)
    def _answer(self, value: Any) -> None:
        if self._is_last():
            self.answered.emit(value)

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        if self._is_last():
            self.failed.emit(error)

    def _is_last(self) -> bool:
        self._is_running = False
        if self._wanted is not None:
            self._next()
            return False
        was_wanted = self._is_wanted
        self.forget()
        return was_wanted
