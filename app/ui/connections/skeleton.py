"""The outlines of cards while the connections are read for the first time."""

from PySide6.QtCore import QRect, QTimer, Slot
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets import label

AFTER_MS = 150
_CARDS, _HEIGHT, _GAP, _NARROWEST, _WIDEST = 2, 264, 16, 420, 3
_PAD, _BAR, _RIGHT = 16, 10, 16


class SkeletonCards(QWidget):
    """Nothing for the first moment: most reads are over before anybody would see it."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Reading the connections")
        self.is_drawn = False
        self._why = label("", "muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, _HEIGHT + _GAP, _RIGHT, 0)
        column.addWidget(self._why)
        column.addStretch(1)
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self._draw)

    @Slot(str)
    def show_why(self, text: str) -> None:
        """What holds it up, below the outlines."""
        self._why.setText(text)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self.is_drawn = False

    @Slot()
    def _draw(self) -> None:
        self.is_drawn = True
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.is_drawn:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width() - _RIGHT
        columns = max(1, min(_WIDEST, (width + _GAP) // (_NARROWEST + _GAP)))
        each = (width - (columns - 1) * _GAP) // columns
        for place in range(min(_CARDS, columns)):
            _card(painter, QRect(place * (each + _GAP), 0, each, _HEIGHT))
        painter.end()


def _card(painter: QPainter, box: QRect) -> None:
    colours = theme.palette()
    painter.setPen(QPen(QColor(colours.border)))
    painter.setBrush(QColor(colours.surface))
    painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), theme.PANEL_RADIUS, theme.PANEL_RADIUS)
    painter.setPen(QPen(QColor(colours.hover), 0))
    painter.setBrush(QColor(colours.hover))
    left, top = box.x() + _PAD, box.y() + _PAD
    inner = box.width() - 2 * _PAD
    painter.drawRoundedRect(left, top + 2, inner * 2 // 5, _BAR + 2, 4, 4)
    painter.drawEllipse(left, top + 30, 14, 14)
    painter.drawRoundedRect(left + 22, top + 32, inner // 4, _BAR, 4, 4)
    for line in range(5):
        y = top + 64 + line * 24
        painter.drawRoundedRect(left, y, 84, _BAR, 4, 4)
        painter.drawRoundedRect(left + 116, y, (inner - 116) * (8 - line % 3) // 10, _BAR, 4, 4)
    for place in range(3):
        x = left + place * 72
        painter.drawRoundedRect(x, box.bottom() - _PAD - theme.BUTTON, 64, theme.BUTTON, 6, 6)
