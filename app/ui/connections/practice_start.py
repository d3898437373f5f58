"""Practice mode in one click, away from the window's thread."""

from PySide6.QtCore import QObject, Signal, Slot

from app.core.types import ConnectionInfo
from app.ui.connections.desk import Desk
from app.ui.connections.said import trouble


class PracticeStart(QObject):
    """Starts the practice servers; `begin` adds a connection and shipments as well."""

    began = Signal(object)  # the practice connection
    servers_started = Signal()
    failed = Signal(str)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.is_busy = False

    @Slot()
    def begin(self) -> None:
        """The whole of it; a second press while it starts does nothing."""
        if self.is_busy:
            return
        self.is_busy = True
        desk = self._desk
        desk.bridge.run_in_background(
            lambda: desk.rehearsal.begin(desk.actor), self._began, self._failed
        )

    @Slot()
    def start_servers(self) -> None:
        """Only the servers."""
        if self.is_busy:
            return
        self.is_busy = True
        rehearsal = self._desk.rehearsal
        self._desk.bridge.run_in_background(rehearsal.start_servers, self._started, self._failed)

    @Slot(object)
    def _began(self, connection: ConnectionInfo) -> None:
        self.is_busy = False
        self.began.emit(connection)

    @Slot(object)
    def _started(self, _: object) -> None:
        self.is_busy = False
        self.servers_started.emit()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self.is_busy = False
        self.failed.emit(trouble(self._desk.program.wordsmith, error).text)
