"""Small marks: the lamp of a connection, and icons that keep to the colours of the theme."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QWidget

from app.ui import icons, theme
from app.ui.connections.facts import Lamp

LAMP_SIDE = 14

_TOKENS = {Lamp.GREEN: "lamp_green", Lamp.YELLOW: "lamp_yellow", Lamp.RED: "lamp_red"}


class LampMark(QWidget):
    """Green circle, yellow triangle, red square, two bars for a pause, dashed ring for unknown."""

    def __init__(self) -> None:
        super().__init__()
        self._lamp = Lamp.NONE
        self.setFixedSize(QSize(LAMP_SIDE, LAMP_SIDE))

    def set_lamp(self, lamp: Lamp) -> None:
        """Another state; the words beside it say it to a screen reader."""
        if lamp is not self._lamp:
            self._lamp = lamp
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_lamp(painter, self._lamp)
        painter.end()


def paint_lamp(painter: QPainter, lamp: Lamp) -> None:
    """A lamp in the square of `LAMP_SIDE` at the painter's origin."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(_TOKENS.get(lamp, "muted")))
    match lamp:
        case Lamp.GREEN:
            painter.drawEllipse(QRectF(1, 1, 12, 12))
        case Lamp.YELLOW:
            corners = [QPointF(7, 1), QPointF(13.6, 12.6), QPointF(0.4, 12.6)]
            painter.drawPolygon(QPolygonF(corners))
        case Lamp.RED:
            painter.drawRoundedRect(QRectF(1, 1, 12, 12), 1.5, 1.5)
        case Lamp.PAUSED:
            painter.drawRoundedRect(QRectF(2.5, 1.5, 3.2, 11), 1, 1)
            painter.drawRoundedRect(QRectF(8.3, 1.5, 3.2, 11), 1, 1)
        case Lamp.NONE:
            _ring(painter)


def _ring(painter: QPainter) -> None:
    pen = QPen(theme.colour("muted"), 1.8)
    pen.setDashPattern([1.4, 1.55])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(2, 2, 10, 10))


class IconMark(QLabel):
    """An icon beside a text, drawn again when the colours change."""

    def __init__(self, name: str, token: str = "muted") -> None:
        super().__init__()
        self._name, self._token = name, token
        self.setFixedSize(QSize(theme.ICON, theme.ICON))
        self._draw()

    def set_icon(self, name: str, token: str, meaning: str = "") -> None:
        """Another icon; `meaning` is what a screen reader says."""
        self._name, self._token = name, token
        self.setAccessibleName(meaning)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        self.setPixmap(icons.pixmap(self._name, self._token, theme.ICON, ratio))
