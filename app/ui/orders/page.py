"""The ORDERS page: light while nobody looks at it, so that the program starts quickly."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.orders import OrderFilter
from app.ui.connections.desk import Desk
from app.ui.orders.seen import Seen, look
from app.ui.reading import Reading

if TYPE_CHECKING:
    from app.ui.orders.content import OrdersContent


class OrdersPage(QWidget):
    """Add it with `MainWindow.add_page("orders", "ORDERS", "nav_orders", page)`."""

    needs_you_changed = Signal(int)  # orders that failed
    route_wanted = Signal()  # no store is read yet: the way to the first one
    job_wanted = Signal(int)  # the row of MANAGER with that number
    search_ended = Signal()  # what was searched for is not any more
    search_hint = "Order, SKU, item or tracking number (press / )"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._told = 0
        self._content: OrdersContent | None = None
        self._seen: Seen | None = None
        self.feed = Reading(desk.bridge, self._look, self)
        bridge = desk.bridge
        self.feed.follow(
            bridge.orders_changed, bridge.job_changed, bridge.jobs_added, bridge.route_changed,
            bridge.connection_changed, bridge.store_changed, bridge.clock_jumped,
        )  # fmt: skip
        self.feed.seen.connect(self._tell)
        self.feed.later()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)

    @property
    def content(self) -> "OrdersContent":
        """What is on the page; made when it is first looked at."""
        if self._content is None:
            from app.ui.orders.content import OrdersContent  # noqa: PLC0415 - costs start-up time

            self._content = made = OrdersContent(self._desk, self.feed, self._seen)
            made.route_wanted.connect(self.route_wanted)
            made.job_wanted.connect(self.job_wanted)
            made.search_ended.connect(self.search_ended)
            layout = self.layout()
            assert layout is not None
            layout.addWidget(made)
        return self._content

    def shown(self) -> None:
        """The window brought this page to the front."""
        self.content.shown()

    def focus_list(self) -> None:
        """Where the keyboard begins."""
        self.content.focus_list()

    def set_search(self, text: str) -> None:
        """Orders that have it: number, SKU, name of an item, tracking number; empty: all."""
        self.content.set_search(text)

    def show_order(self, order_id: int) -> None:
        """Open one order."""
        self.content.open_order(order_id)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.content.shown()

    def show_some(self, connection_id: int, status: str) -> None:
        """Those of one connection with that status; 0 and empty: all."""
        self.content.show_some(connection_id, status)

    def _look(self) -> Seen:
        """On another thread."""
        content = self._content
        return look(self._desk.program, content.wanted if content else OrderFilter())

    @Slot(object)
    def _tell(self, seen: Seen) -> None:
        self._seen = seen
        if seen.failed != self._told:
            self._told = seen.failed
            self.needs_you_changed.emit(self._told)
