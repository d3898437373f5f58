"""Reads how the connections stand: at once when asked, then at most once a second; what failed
is tried again by itself."""

import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.ui.connections.desk import Desk
from app.ui.connections.facts import Seen, look

_SOON_MS, _APART_MS, _AFTER_FAILURE_MS = 40, 1000, 5000


class Reading(QObject):
    """Follows the events of the bridge; a storm of them is read once a second."""

    seen = Signal(object)  # list[Seen]
    failed = Signal(object)  # Exception

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._is_reading = self._is_stale = False
        self._read_at = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._read)
        bridge = desk.bridge
        bridge.connection_changed.connect(self.now)
        for signal in (
            bridge.job_changed, bridge.jobs_added, bridge.store_changed, bridge.clock_jumped,
        ):  # fmt: skip
            signal.connect(self.soon)

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
        program = self._desk.program
        self._desk.bridge.run_in_background(lambda: look(program), self._read_it, self._not_read)

    @Slot(object)
    def _read_it(self, seen: list[Seen]) -> None:
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
