"""The parts of the ORDERS page and where they stand."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.ui import icons, theme
from app.ui.connections.strip import Strip
from app.ui.orders.change_dialog import orders_text
from app.ui.orders.filters import FilterBar
from app.ui.orders.model import OrdersModel
from app.ui.orders.painter import OrderPainter
from app.ui.orders.pane import OrderPane
from app.ui.orders.table import OrdersTable
from app.ui.queue.foot import GAP, HEIGHT, Foot
from app.ui.queue.states import Instead
from app.ui.side_pane import WIDTH
from app.ui.widgets import AskStrip, PageHeader, button, frame, label

_BOTH_FIT = 800  # pixels for list and order beside each other


class ChosenBar(QFrame):
    """ "12 orders chosen", and what can be done with them."""

    set_back_pressed = Signal()
    clear_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setFixedHeight(HEIGHT)
        self._text = label("", "name")
        self.set_back = button("Set to Pending…")
        clear = button("Clear", "link", name="Clear the selection")
        self.set_back.clicked.connect(self.set_back_pressed)
        clear.clicked.connect(self.clear_pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self._text)
        row.addWidget(clear)
        row.addStretch(1)
        row.addWidget(self.set_back)
        self.hide()

    def show_count(self, count: int) -> None:
        """How many are chosen; it is only there for several."""
        self._text.setText(f"{orders_text(count)} chosen")
        self.set_back.setAccessibleName(f"Set {orders_text(count)} to Pending")
        self.setVisible(count > 1)


class OrdersLayout(QWidget):
    """Header, what was done, filters, and below them the list with one order beside it."""

    def __init__(self, model: OrdersModel) -> None:
        super().__init__()
        self.model = model
        model.setParent(self)
        self.header = PageHeader("Orders")
        self.export_button = button("Export…", icon="action_export", name="Export the orders")
        self.update_button = button("Update", "primary", name="Update: read the stores now")
        self.update_button.setToolTip("Read all stores now (F5)")
        for one in (self.export_button, self.update_button):
            self.header.add(one)
        self.strip, self.trouble = Strip(), AskStrip("", "Try again", "danger_box")
        self.exported = AskStrip("", "Show in folder", "success_box")
        close = button("Close", "link", name="Close this message")
        close.clicked.connect(self.exported.hide)
        row = self.exported.layout()
        assert row is not None
        row.addWidget(close)
        self.filters, self.instead = FilterBar(), Instead()
        self.pane, self.foot, self.chosen_bar = OrderPane(), Foot(), ChosenBar()
        self.pane.hide()
        self._lay_out()
        self.pane.installEventFilter(self)

    def show_instead(self, *, is_on: bool) -> None:
        """What stands in the place of the list."""
        self._stack.setCurrentWidget(self.instead if is_on else self._panel)

    @property
    def shows_instead(self) -> bool:
        """True while it does."""
        return self._stack.currentWidget() is self.instead

    def dress_buttons(self) -> None:
        """Icons in the colours of the theme."""
        self.export_button.setIcon(icons.icon("action_export", "text"))
        self.instead.dress()

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        margin = theme.PAGE_MARGIN
        whole.setContentsMargins(margin, 16, margin, margin)
        whole.setSpacing(12)
        upper = (self.header, self.strip, self.exported, self.trouble, self.filters)
        for above in upper:
            whole.addWidget(above)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        whole.addLayout(middle, 1)
        self._list_side = QWidget(self)
        middle.addWidget(self._list_side, 1)
        middle.addWidget(self.pane)
        left = QVBoxLayout(self._list_side)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(GAP)
        self._stack = QStackedWidget(self._list_side)
        self._stack.setMinimumHeight(3 * theme.ROW_ONE_LINE)
        for part in (self._stack, self.chosen_bar, self.foot):
            left.addWidget(part)
        left.setStretch(0, 1)
        self._panel = frame("panel", self._stack)
        self._stack.addWidget(self._panel)
        self._stack.addWidget(self.instead)
        self.table = OrdersTable(self.model, OrderPainter(self.model), self._panel)
        inside = QVBoxLayout(self._panel)
        inside.setContentsMargins(1, 2, 1, 4)
        inside.setSpacing(0)
        inside.addWidget(self.table)
        QWidget.setTabOrder(self.table.headings, self.table)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._share_room()
        return super().eventFilter(watched, event)

    def _share_room(self) -> None:
        """Where it is narrow the order stands in place of the list."""
        narrow = self.width() < _BOTH_FIT
        self._list_side.setHidden(narrow and not self.pane.isHidden())
        self.pane.setMaximumWidth(max(WIDTH, self.width()) if narrow else WIDTH)
