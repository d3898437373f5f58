"""The last page: what will be stored, in words."""

from collections.abc import Sequence

from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.connections.scroll import Scroll
from app.ui.widgets import label

_TITLE_WIDTH = 190


class SummaryPage(Scroll):
    """A list of points."""

    def __init__(self) -> None:
        super().__init__(QMargins(24, 4, 24, 20))
        self._lead = label("", wrap=True)
        self._points = QWidget()
        self.column.setSpacing(16)
        self.column.addWidget(self._lead)
        self.column.addWidget(self._points)
        self.column.addStretch(1)

    def show_points(self, lead: str, points: Sequence[tuple[str, str]]) -> None:
        """A sentence above, and the points: title and text."""
        self._lead.setText(lead)
        old, self._points = self._points, QWidget()
        grid = QGridLayout(self._points)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnMinimumWidth(0, _TITLE_WIDTH)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, (title, text) in enumerate(points):
            grid.addWidget(label(title, "name", wrap=True), row, 0, top)
            line = label(text, wrap=True)
            line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(line, row, 1, top)
        self.column.replaceWidget(old, self._points)
        old.deleteLater()
