"""Sees when the GUI thread does not come back to its events."""

import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QAbstractEventDispatcher
from PySide6.QtWidgets import QApplication

LIMIT_S = 0.100
_STEP_S = 0.005


class Watchdog:
    """Counts its own steps while one handling of events lasts: on a machine that is short of
    time both are held up, and nobody is blamed."""

    def __init__(self, app: QApplication, limit_s: float = LIMIT_S) -> None:
        self._limit = round(limit_s / _STEP_S)
        self._is_watching = self._is_busy = False
        self._steps = self._turn = 0
        self._stopping = threading.Event()
        self._gui = threading.get_ident()
        self.late: list[str] = []
        self.longest_s = 0.0
        dispatcher = QAbstractEventDispatcher.instance(app.thread())
        assert dispatcher is not None
        self._dispatcher = dispatcher
        dispatcher.awake.connect(self._awake)
        dispatcher.aboutToBlock.connect(self._idle)
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While events are handled; what a test does between is its own affair."""
        self._turn += 1
        self._is_watching = self._is_busy = True
        try:
            yield
        finally:
            self._is_watching = self._is_busy = False

    def stop(self) -> None:
        """Watch no more."""
        self._dispatcher.awake.disconnect(self._awake)
        self._dispatcher.aboutToBlock.disconnect(self._idle)
        self._stopping.set()
        self._thread.join(1)

    def report(self) -> str:
        """Where it was."""
        return "\n".join(self.late)

    def _awake(self) -> None:
        self._turn += 1
        self._is_busy = self._is_watching

    def _idle(self) -> None:
        self._is_busy = False

    def _watch(self) -> None:
        turn, steps = 0, 0
        while not self._stopping.wait(_STEP_S):
            if not self._is_busy or turn != self._turn:
                turn, steps = self._turn, 0
                continue
            steps += 1
            self.longest_s = max(self.longest_s, steps * _STEP_S)
            if steps == self._limit:
                frame = sys._current_frames().get(self._gui)
                self.late.append("".join(traceback.format_stack(frame)))
