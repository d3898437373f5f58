"""The SYNC page, light while nobody looks at it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.ui.connections.desk import Desk
from app.ui.light_page import LightPage
from app.ui.sync.seen import look

if TYPE_CHECKING:
    from app.ui.sync.content import SyncContent


class SyncPage(LightPage["SyncContent"]):
    """Add it with `MainWindow.add_page("sync", "SYNC", "nav_sync", page)`. `needs_you_changed`:
    tasks that go on only after somebody has acted."""

    orders_asked = Signal(int, str)  # show orders of this connection with this status
    connection_asked = Signal(int)  # show this connection, which is stopped
    connect_asked = Signal()  # connect a store

    def __init__(self, desk: Desk) -> None:
        bridge = desk.bridge
        super().__init__(
            desk, lambda: look(desk.program), bridge.route_changed, bridge.connection_changed
        )

    def make_content(self) -> "SyncContent":
        from app.ui.sync.content import SyncContent  # noqa: PLC0415 - costs start-up time

        made = SyncContent(self._desk, self.feed, self.seen)
        made.orders_asked.connect(self.orders_asked)
        made.connection_asked.connect(self.connection_asked)
        made.connect_asked.connect(self.connect_asked)
        return made

    def add_orders(self, connection_id: int = 0) -> None:
        """Open the assistant for a new task; `connection_id`: that connection's, else to choose."""
        self.content.acts.add(connection_id)
