"""The SETTINGS page: calm panels below each other; each setting applies at once."""

from collections.abc import Callable

from PySide6.QtCore import QMargins
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.around import Around
from app.ui.closed import ClosedWork
from app.ui.connections.desk import Desk
from app.ui.connections.scroll import Scroll
from app.ui.settings.appearance import AppearancePanel
from app.ui.settings.computer import ComputerPanel
from app.ui.settings.data import DataPanel
from app.ui.settings.links import LinksPanel
from app.ui.settings.local import LocalPanel
from app.ui.settings.means import Means
from app.ui.settings.moving import MovingPanel
from app.ui.settings.names import NamesPanel
from app.ui.settings.parts import Panel
from app.ui.widgets import PageHeader

_WIDEST = 860  # a line of help is no longer than one likes to read


class SettingsPage(QWidget):
    """`shown` reads everything anew."""

    def __init__(
        self,
        desk: Desk,
        around: Around,
        is_visitor: Callable[[], bool],
        ask_closed: Callable[[ClosedWork], object],
    ) -> None:
        super().__init__()
        means = Means(desk, around, is_visitor, ask_closed)
        self.computer = ComputerPanel(means)
        self.appearance = AppearancePanel(means)
        self.data = DataPanel(means)
        self.moving = MovingPanel(means)
        self.local = LocalPanel(means)
        self.names = NamesPanel(means)
        self.links = LinksPanel(means)
        self.panels: list[Panel] = [
            self.computer,
            self.appearance,
            self.data,
            self.moving,
            self.local,
            self.names,
            self.links,
        ]
        self.area = Scroll(QMargins(theme.PAGE_MARGIN, 0, theme.PAGE_MARGIN, 20))
        self._lay_out()

    def shown(self) -> None:
        """The window brought this page to the front."""
        for panel in self.panels:
            panel.read()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(theme.PAGE_MARGIN, 0, theme.PAGE_MARGIN, 0)
        head.addWidget(PageHeader("Settings"))
        self.area.column.setSpacing(16)
        for panel in self.panels:
            panel.setMaximumWidth(_WIDEST)
            self.area.column.addWidget(panel)
        self.area.column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 16, 0, 0)
        whole.setSpacing(14)
        whole.addLayout(head)
        whole.addWidget(self.area, 1)
