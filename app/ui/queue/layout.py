"""The parts of the MANAGER page and where they stand."""

from functools import cached_property

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.core.clock import Clock
from app.ui import theme
from app.ui.queue.banners import Banners
from app.ui.queue.chips import Chips
from app.ui.queue.delegate import RowPainter
from app.ui.queue.detail import WIDTH, DetailPane
from app.ui.queue.foot import GAP, Foot
from app.ui.queue.model import QueueModel
from app.ui.queue.states import Instead
from app.ui.queue.table import QueueTable
from app.ui.widgets import AskStrip, PageHeader, button, frame

_BOTH_FIT = 800  # pixels for list and details beside each other


class ManagerLayout(QWidget):
    """Header, banners, chips, and below them the list, or what stands instead."""

    def __init__(self, model: QueueModel, clock: Clock) -> None:
        super().__init__()
        self.model = model
        model.setParent(self)
        self.header = PageHeader("Write-backs")
        self.scan_button = button("Scan", icon="action_scan", name="Scan shipments")
        self.scan_button.setToolTip("Enter shipments with a barcode scanner (Ctrl+Shift+S)")
        self.add_button = button("Add shipment", icon="plus")
        self.group_button = button("Group by cause")
        self.group_button.setCheckable(True)
        self.bin_button = button("Bin")
        self.bin_button.setCheckable(True)
        self.group_button.setToolTip("Rows with the same cause together (Ctrl+G)")
        for one in (self.scan_button, self.add_button, self.bin_button):
            self.header.add(one)
        self.chips, self.banners, self.instead = Chips(), Banners(clock.now_ms), Instead()
        self.details, self.foot = DetailPane(), Foot()
        self.details.hide()
        self._lay_out(clock)
        self.details.installEventFilter(self)

    def _lay_out(self, clock: Clock) -> None:
        """From the outside in: each part that is moved takes all that is in it along."""
        self._outer = QStackedLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        inside_all = QWidget(self)
        self._outer.addWidget(inside_all)
        self._whole = whole = QVBoxLayout(inside_all)
        margin = theme.PAGE_MARGIN
        whole.setContentsMargins(margin, 16, margin, margin)
        whole.setSpacing(12)
        whole.addWidget(self.header)
        whole.addWidget(self.banners)
        narrow = QHBoxLayout()
        narrow.setSpacing(10)
        whole.addLayout(narrow)
        narrow.addWidget(self.chips, 1)
        narrow.addWidget(self.group_button, 0, Qt.AlignmentFlag.AlignTop)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        whole.addLayout(middle, 1)
        self._list_side = QWidget(inside_all)
        middle.addWidget(self._list_side, 1)
        middle.addWidget(self.details)
        left = QVBoxLayout(self._list_side)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(GAP)
        self._stack = QStackedWidget(self._list_side)
        self._stack.setMinimumHeight(2 * theme.ROW)  # long banners of a small window come first
        left.addWidget(self._stack, 1)
        left.addWidget(self.foot)
        self._panel = frame("panel", self._stack)
        self._stack.addWidget(self._panel)
        self._stack.addWidget(self.instead)
        self.table = QueueTable(self.model, RowPainter(self.model, clock.now_ms), self._panel)
        inside = QVBoxLayout(self._panel)
        inside.setContentsMargins(1, 4, 1, 4)
        inside.setSpacing(0)
        inside.addWidget(self.table)

    def set_welcome(self, widget: QWidget) -> None:
        """What stands here while there is neither a connection nor a row."""
        self._outer.addWidget(widget)

    def show_welcome(self, is_new: bool) -> None:
        """That, where there is one; when it goes, the keyboard goes on to the list."""
        was, place = self._outer.currentIndex(), 1 if is_new and self._outer.count() > 1 else 0
        self._outer.setCurrentIndex(place)
        if was and not place:
            self.table.setFocus()

    @cached_property
    def trouble(self) -> AskStrip:
        """Above the list; made when something could not be read."""
        made = AskStrip("", "Try again", "danger_box")
        self._whole.insertWidget(self._whole.count() - 1, made)
        return made

    def show_instead(self) -> None:
        """What stands in the place of the list."""
        self._stack.setCurrentWidget(self.instead)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._share_room()
        return super().eventFilter(watched, event)

    def _share_room(self) -> None:
        """Where it is narrow the details stand in place of the list."""
        narrow = self.width() < _BOTH_FIT
        self._list_side.setHidden(narrow and not self.details.isHidden())
        self.details.setMaximumWidth(max(WIDTH, self.width()) if narrow else WIDTH)
