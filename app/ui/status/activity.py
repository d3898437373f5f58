"""What a connection did last, per kind and direction, and the rows that wait for it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.core.health import Api
from app.services.health import ConnectionHealth
from app.ui.status.section import MARGIN, Rows
from app.ui.status.words import last_text, rows_text
from app.ui.widgets import button, label

_TAKEN, _WRITTEN = "Shipment in", "Write-back out"
_ORDER, _PRODUCT = "Order in", "Product out"


class ActivityPanel(QFrame):
    """One line per kind and direction that the connection has."""

    rows_asked = Signal(str)  # the connection's name

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAccessibleName("Most recent activity")
        self._name = ""
        self.rows = Rows((_TAKEN, _WRITTEN, _ORDER, _PRODUCT, "Waiting"))
        self.show_rows = button("Show its rows under MANAGER", "inline")
        self.show_rows.clicked.connect(lambda: self.rows_asked.emit(self._name))
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 14, MARGIN, 14)
        column.setSpacing(8)
        column.addWidget(label("Most recent activity", "name"))
        column.addLayout(self.rows)
        column.addWidget(self.show_rows, 0, Qt.AlignmentFlag.AlignLeft)

    def show_activity(self, one: ConnectionHealth, now_ms: int) -> None:
        """Of this connection, as it is now."""
        self._name, done = one.connection.name, one.activity
        show = self.rows.show_row
        show(_TAKEN, last_text(done.taken_in, now_ms))
        show(_WRITTEN, last_text(done.written, now_ms))
        has_orders = Api.ORDERS in one.apis or done.order_read is not None
        show(_ORDER, last_text(done.order_read, now_ms) if has_orders else "")
        has_products = Api.PRODUCTS in one.apis or done.product_sent is not None
        show(_PRODUCT, last_text(done.product_sent, now_ms) if has_products else "")
        waiting = rows_text(one)
        show("Waiting", waiting or "None")
        self.show_rows.setAccessibleName(f"Show the rows of {self._name}: {waiting}")
        self.show_rows.setVisible(bool(waiting))
