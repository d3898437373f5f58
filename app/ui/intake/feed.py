"""How the watch folders stand and how many items wait, read aside and not too often."""

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.folders import FolderStatus, Light
from app.services.program import Program
from app.ui.bridge import Bridge

_SOON_MS, _APART_MS, _AFTER_FAILURE_MS = 40, 700, 5000


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read: the folders by name, and how many items are open."""

    folders: tuple[FolderStatus, ...]
    open_count: int
    connections: tuple[tuple[int, str], ...]  # number, name

    @property
    def needs_you(self) -> int:
        """Open items, and folders that cannot be read."""
        return self.open_count + sum(one.light is Light.RED for one in self.folders)


class IntakeFeed(QObject):
    """Follows the events of the bridge; a storm of them is read less than twice a second."""

    seen = Signal(object)  # Seen
    failed = Signal(object)  # Exception
    items_changed = Signal()  # the list of items is to be read again

    def __init__(self, program: Program, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._program, self._bridge = program, bridge
        self._is_reading = self._is_stale = False
        self._read_at = 0.0
        self.last: Seen | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._read)
        for signal in (
            bridge.folder_changed, bridge.attention_changed, bridge.connection_changed,
            bridge.store_changed, bridge.clock_jumped,
        ):  # fmt: skip
            signal.connect(self.soon)
        self._timer.start(_APART_MS)  # the rows of the queue go first

    @property
    def is_quiet(self) -> bool:
        """True while nothing is read and nothing is about to be."""
        return not (self._is_reading or self._timer.isActive())

    @Slot()
    def now(self) -> None:
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
        program = self._program

        def look() -> Seen:
            connections = tuple((one.id, one.name) for one in program.connections.all())
            return Seen(tuple(program.folders.all()), program.attention.count(), connections)

        self._bridge.run_in_background(look, self._read_it, self._not_read)

    @Slot(object)
    def _read_it(self, seen: Seen) -> None:
        self._go_on()
        self.last = seen
        self.seen.emit(seen)
        self.items_changed.emit()

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
