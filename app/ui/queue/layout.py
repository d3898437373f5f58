"""The parts of the MANAGER page and where they stand."""

from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QStackedWidget, QVBoxLayout, QWidget

from app.core.clock import Clock
from app.ui import theme
from app.ui.queue.banners import Banners
from app.ui.queue.causes import Causes
from app.ui.queue.chips import Chips
from app.ui.queue.delegate import RowDelegate
from app.ui.queue.detail import DetailPane
from app.ui.queue.model import QueueModel
from app.ui.queue.states import Instead
from app.ui.queue.table import QueueTable
from app.ui.widgets import PageHeader, button, frame, label


class ManagerLayout(QWidget):
    """Header, banners, chips, and below them the list, the causes, or what stands instead."""

    def __init__(self, model: QueueModel, clock: Clock) -> None:
        super().__init__()
        self.model = model
        model.setParent(self)
        self.header = PageHeader("Write-backs")
        self.add_button = button("Add shipment", icon="plus")
        self.group_button = button("Group by cause")
        self.group_button.setCheckable(True)
        self.bin_button = button("Bin")
        self.bin_button.setCheckable(True)
        for one in (self.add_button, self.group_button, self.bin_button):
            self.header.add(one)
        self.chips, self.banners, self.instead = Chips(), Banners(), Instead()
        self.causes, self.details = Causes(), DetailPane()
        self.details.hide()
        panel = frame("panel")
        delegate = RowDelegate(self.model, clock.now_ms, self)
        self.table = QueueTable(self.model, delegate, panel)
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(1, 4, 1, 4)
        inside.addWidget(self.table)
        self._stack = QStackedWidget()
        self._stack.addWidget(panel)
        self._stack.addWidget(self.instead)
        self._stack.addWidget(self.causes)
        self._panel = panel
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self._stack, 1)
        middle.addWidget(self.details)
        self._trouble = label("", "danger", wrap=True)
        self._trouble.hide()
        self._outer = QStackedLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        inside_all = QWidget()
        self._outer.addWidget(inside_all)
        whole = QVBoxLayout(inside_all)
        margin = theme.PAGE_MARGIN
        whole.setContentsMargins(margin, 16, margin, margin)
        whole.setSpacing(12)
        whole.addWidget(self.header)
        whole.addWidget(self.banners)
        whole.addWidget(self.chips)
        whole.addWidget(self._trouble)
        whole.addLayout(middle, 1)
