"""The ORDERS page, light while nobody looks at it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.core.orders import OrderFilter
from app.ui.connections.desk import Desk
from app.ui.light_page import LightPage
from app.ui.orders.seen import Seen, look

if TYPE_CHECKING:
    from app.ui.orders.content import OrdersContent


class OrdersPage(LightPage["OrdersContent"]):
    """Add it with `MainWindow.add_page("orders", "ORDERS", "nav_orders", page)`.
    `needs_you_changed`: orders that failed."""

    route_wanted = Signal()  # no store is read yet: the way to the first one
    job_wanted = Signal(int)  # the row of MANAGER with that number
    search_ended = Signal()  # what was searched for is not any more
    search_hint = "Order, SKU, item or tracking number (press / )"

    def __init__(self, desk: Desk) -> None:
        bridge = desk.bridge
        super().__init__(
            desk, self._look,
            bridge.orders_changed, bridge.job_changed, bridge.jobs_added, bridge.route_changed,
            bridge.connection_changed,
        )  # fmt: skip

    def make_content(self) -> "OrdersContent":
        from app.ui.orders.content import OrdersContent  # noqa: PLC0415 - costs start-up time

        made = OrdersContent(self._desk, self.feed, self.seen)
        made.route_wanted.connect(self.route_wanted)
        made.job_wanted.connect(self.job_wanted)
        made.search_ended.connect(self.search_ended)
        return made

    def focus_list(self) -> None:
        """Where the keyboard begins."""
        self.content.focus_list()

    def set_search(self, text: str) -> None:
        """Orders that have it: number, SKU, name of an item, tracking number; empty: all."""
        self.content.set_search(text)

    def show_order(self, order_id: int) -> None:
        """Open one order."""
        self.content.open_order(order_id)

    def show_some(self, connection_id: int, status: str) -> None:
        """Those of one connection with that status; 0 and empty: all."""
        self.content.show_some(connection_id, status)

    def _look(self) -> Seen:
        """On another thread."""
        content = self._content
        return look(self._desk.program, content.wanted if content else OrderFilter())
