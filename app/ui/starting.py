"""What is shown while the data folder is opened, and when it could not be."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import theme
from app.ui.queue.states import Instead

_TOP = 16 + theme.BUTTON + 12 + 26 + 12


class StartingPage(QWidget):
    """The outline of the list, so that nothing jumps when it comes."""

    painted = Signal()  # once, when it is on the screen

    def __init__(self) -> None:
        super().__init__()
        self._was_painted = False
        self._instead = Instead()
        self._instead.hide()
        column = QVBoxLayout(self)
        column.addWidget(self._instead)

    @Slot(str)
    def fail(self, text: str) -> None:
        """Say why there is no list."""
        self._instead.show_text("Backhaul cannot start", text, "", ("state_failed", "danger"))
        self._instead.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._instead.isHidden():
            return
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()
        colours = theme.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.border))
        painter.setBrush(QColor(colours.surface))
        margin = theme.PAGE_MARGIN
        box = self.rect().adjusted(margin, _TOP, -margin - 1, -margin - 1)
        painter.drawRoundedRect(box, theme.PANEL_RADIUS, theme.PANEL_RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.hover))
        for row in range(min(8, box.height() // theme.ROW)):
            top = box.y() + 4 + row * theme.ROW
            painter.drawEllipse(box.x() + 15, top + 14, 24, 24)
            painter.drawRoundedRect(box.x() + 55, top + 12, 130, 10, 4, 4)
            painter.drawRoundedRect(box.x() + 55, top + 30, 240, 10, 4, 4)
