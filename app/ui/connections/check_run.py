"""Walks through a test on a thread of its own, and tells each line on the window's."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from app.services.connection_checks import until_over
from app.services.connection_setup import Found, Lines
from app.ui.bridge import Bridge

Steps = Callable[[], Lines]


@dataclass(frozen=True, slots=True)
class Timed:
    """One line of a test, and the seconds it took."""

    found: Found
    took_s: float


class CheckRun(QObject):
    """Runs one test on another thread and tells each line on the window's."""

    came = Signal(object)  # Timed
    ended = Signal()
    broke = Signal(object)

    def __init__(self, bridge: Bridge, steps: Steps, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._steps = steps
        self._is_over = self._is_stopping = False

    def start(self) -> None:
        """Begin."""
        self._bridge.run_apart(self._walk, self._done, self._failed)

    def cancel(self) -> None:
        """Tell nothing more; what is under way ends unheard."""
        self._is_over = True

    def stop(self) -> None:
        """End after the line that is under way; what it changed is put back, and that is told."""
        self._is_stopping = True

    def _walk(self) -> None:
        began = time.monotonic()
        steps = self._steps()
        try:
            for found in until_over(steps, lambda: self._is_over or self._is_stopping):
                if isValid(self) and not self._is_over:
                    self.came.emit(Timed(found, time.monotonic() - began))
                began = time.monotonic()
        finally:
            steps.close()

    def _done(self, _: None) -> None:
        if not self._is_over:
            self.ended.emit()

    def _failed(self, error: Exception) -> None:
        if not self._is_over:
            self.broke.emit(error)
