"""Reads aside what a page shows: at once when asked, else not too often; what failed is tried again
by itself."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance, Slot

from app.ui.bridge import Bridge

_SOON_MS, _APART_MS, _AFTER_FAILURE_MS = 40, 1000, 5000


class Reading(QObject):
    """Follows the events that matter to a page; a storm of them is read once a second."""

    seen = Signal(object)  # what `look` returned
    failed = Signal(object)  # Exception

    def __init__(self, bridge: Bridge, look: Callable[[], object], parent: QObject) -> None:
        """`look` runs on another thread than the window's."""
        super().__init__(parent)
        self._bridge, self._look = bridge, look
        self._is_reading = self._is_stale = False
        self._read_at = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._read)

    @property
    def is_quiet(self) -> bool:
        """True while nothing is read and nothing is about to be."""
        return not (self._is_reading or self._timer.isActive())

    def follow(self, *signals: SignalInstance) -> None:
        """Read soon after each of them."""
        for signal in signals:
            signal.connect(self.soon)

    def later(self) -> None:
        """Begin when the window has had time for what goes first."""
        self._timer.start(_APART_MS)

    @Slot()
    @Slot(object)
    def now(self, _: object = None) -> None:
        """A person waits for it."""
        self._timer.start(0)

    @Slot()
    @Slot(object)
    def soon(self, _: object = None) -> None:
        """Something changed."""
        if not self._timer.isActive():
            since_ms = (time.monotonic() - self._read_at) * 1000
            self._timer.start(max(_SOON_MS, int(_APART_MS - since_ms)))

    @Slot()
    def _read(self) -> None:
        if self._is_reading:
            self._is_stale = True
            return
        self._is_reading, self._read_at = True, time.monotonic()
        self._bridge.run_in_background(self._look, self._read_it, self._not_read)

    @Slot(object)
    def _read_it(self, seen: object) -> None:
        self._go_on()
        self.seen.emit(seen)

    @Slot(object)
    def _not_read(self, error: Exception) -> None:
        self._go_on()
        self.failed.emit(error)
        if not self._timer.isActive():
            self._timer.start(_AFTER_FAILURE_MS)

    def _go_on(self) -> None:
        self._is_reading = False
        if self._is_stale:
            self._is_stale = False
            self.soon()
