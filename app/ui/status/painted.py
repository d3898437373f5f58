"""Painted buttons: a connection with its lamp at the left, a light of it at the right."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from app.core.health import Lamp
from app.ui import theme
from app.ui.connections.marks import LAMP_SIDE, paint_lamp
from app.ui.widgets import as_tooltip

ENTRY_HEIGHT, LIGHT_HEIGHT = 48, 56
_LEFT, _GAP = 12, 12
_NAME, _LINE = 19, 17  # heights of both lines
_ONE, _TWO = 19, 26  # from the middle up to the name, above one line or two


class LampButton(QAbstractButton):
    """A lamp, a name, and a line below it; one of a group is pressed."""

    def __init__(self, name: str, height: int, *, is_panel: bool) -> None:
        super().__init__()
        self._is_panel = is_panel
        self.lamp = Lamp.NONE
        self._name, self._line = name, ""
        self.setText(name)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab: `one_stop`

    @property
    def line(self) -> str:
        """What stands below the name."""
        return self._line

    def show_state(self, name: str, lamp: Lamp, line: str, spoken: str) -> None:
        """How it stands. `spoken`: for a screen reader, and in the tooltip."""
        if (name, lamp, line, spoken) == (
            self._name, self.lamp, self._line, self.accessibleDescription()
        ):  # fmt: skip
            return
        self._name, self.lamp, self._line = name, lamp, line
        self.setText(name)
        self.setAccessibleName(f"{name}: {line}")
        self.setAccessibleDescription(spoken)
        self.setToolTip(as_tooltip(spoken))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(140, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(96, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        painter.save()
        painter.translate(QPointF(_LEFT, (self.height() - LAMP_SIDE) / 2))
        paint_lamp(painter, self.lamp)
        painter.restore()
        self._write(painter, self.rect().adjusted(_LEFT + LAMP_SIDE + _GAP, 0, -8, 0))
        painter.end()

    def _write(self, painter: QPainter, words: QRect) -> None:
        """The name, and the line below it; a panel has room for a line in two."""
        small, token = theme.small_font(), "text" if self.isChecked() else "muted"
        is_long = QFontMetrics(small).horizontalAdvance(self._line) > words.width()
        top = words.center().y() - (_TWO if self._is_panel and is_long else _ONE)
        name = QRect(words.left(), top, words.width(), _NAME)
        _draw(painter, theme.text_font(strong=True), "text", self._name, name)
        below = QRect(words.left(), name.bottom() + 1, words.width(), _LINE)
        if self._is_panel and is_long:
            painter.setFont(small)
            painter.setPen(theme.colour(token))
            flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(below.adjusted(0, 0, 0, _LINE), flags, self._line)
        else:
            _draw(painter, small, token, self._line, below)

    def _paint_ground(self, painter: QPainter) -> None:
        radius = theme.PANEL_RADIUS if self._is_panel else theme.RADIUS
        ground = "surface" if self._is_panel else ""
        if self.isChecked():
            ground = "selection"
        elif self.underMouse():
            ground = "hover"
        edge = "border" if self._is_panel else ""
        if self.hasFocus() or (self._is_panel and self.isChecked()):
            edge = "accent"
        pen = QPen(theme.colour(edge), 1) if edge else QPen(Qt.PenStyle.NoPen)
        painter.setPen(pen)
        painter.setBrush(theme.colour(ground) if ground else Qt.BrushStyle.NoBrush)
        box = self.rect().adjusted(0, 0, -1, -1)
        painter.drawRoundedRect(box.toRectF().translated(0.5, 0.5), radius, radius)


def _draw(painter: QPainter, font: QFont, token: str, text: str, box: QRect) -> None:
    painter.setFont(font)
    painter.setPen(theme.colour(token))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
