"""The SYNC page: light while nobody looks at it, so that the program starts quickly."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.connections.desk import Desk
from app.ui.reading import Reading
from app.ui.sync.seen import Seen, look

if TYPE_CHECKING:
    from app.ui.sync.content import SyncContent


class SyncPage(QWidget):
    """Add it with `MainWindow.add_page("sync", "SYNC", "nav_sync", page)`."""

    needs_you_changed = Signal(int)  # tasks that go on only after somebody has acted
    orders_asked = Signal(int, str)  # show orders of this connection with this status
    connection_asked = Signal(int)  # show this connection, which is stopped
    connect_asked = Signal()  # connect a store

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._told = 0
        self._content: SyncContent | None = None
        self._seen: Seen | None = None
        bridge = desk.bridge
        self.feed = Reading(bridge, lambda: look(desk.program), self)
        self.feed.follow(
            bridge.route_changed, bridge.connection_changed, bridge.store_changed,
            bridge.clock_jumped,
        )  # fmt: skip
        self.feed.seen.connect(self._tell)
        self.feed.later()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)

    @property
    def content(self) -> "SyncContent":
        """What is on the page; made when it is first looked at."""
        if self._content is None:
            from app.ui.sync.content import SyncContent  # noqa: PLC0415 - costs start-up time

            made = self._content = SyncContent(self._desk, self.feed, self._seen)
            made.orders_asked.connect(self.orders_asked)
            made.connection_asked.connect(self.connection_asked)
            made.connect_asked.connect(self.connect_asked)
            layout = self.layout()
            assert layout is not None
            layout.addWidget(made)
        return self._content

    def add_orders(self, connection_id: int = 0) -> None:
        """Open the assistant for a new task; `connection_id`: that connection's, else to choose."""
        self.content.acts.add(connection_id)

    def shown(self) -> None:
        """The window brought this page to the front."""
        self.content.shown()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.content.shown()

    @Slot(object)
    def _tell(self, seen: Seen) -> None:
        self._seen = seen
        if seen.needs_you != self._told:
            self._told = seen.needs_you
            self.needs_you_changed.emit(self._told)
