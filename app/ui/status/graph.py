"""The last hour of one API as bars, a minute each; failed calls differ in width and colour."""

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.services.health import Point
from app.ui import theme
from app.ui.status.words import graph_text

_HEIGHT, _FOOT, _HEAD = 96, 18, 18
_GOOD_WIDTH, _BAD_WIDTH = 0.5, 0.9
"""Shares of a minute's place."""

_LEAST = 2.0
"""Pixels of the smallest bar: one call among hundreds is still seen."""


class HourGraph(QWidget):
    """Calls per minute from left, an hour ago, to right, now."""

    def __init__(self) -> None:
        super().__init__()
        self._points: tuple[Point, ...] = ()
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Calls of the last hour")

    def show_points(self, points: Sequence[Point]) -> None:
        """Another hour."""
        if tuple(points) != self._points:
            self._points = tuple(points)
            text = graph_text(points)
            self.setAccessibleDescription(text)
            self.setToolTip(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(0, _HEAD, self.width(), self.height() - _HEAD - _FOOT)
        painter.setPen(QPen(theme.colour("border"), 1))
        bottom = round(ground.bottom()) - 0.5
        painter.drawLine(QLineF(ground.left(), bottom, ground.right(), bottom))
        busiest = max((one.calls for one in self._points), default=0)
        if busiest:
            place = ground.width() / len(self._points)
            for number, one in enumerate(self._points):
                box = QRectF(ground.left() + number * place, ground.top(), place, ground.height())
                _bar(painter, box, one, busiest)
        self._write(painter, busiest)
        painter.end()

    def _write(self, painter: QPainter, busiest: int) -> None:
        painter.setFont(theme.small_font())
        painter.setPen(theme.colour("muted"))
        whole, flag = self.rect(), Qt.AlignmentFlag
        painter.drawText(whole, flag.AlignLeft | flag.AlignBottom, "60 min ago")
        painter.drawText(whole, flag.AlignRight | flag.AlignBottom, "now")
        said = f"up to {busiest:,} a minute" if busiest else "No calls in the last hour"
        painter.drawText(whole, flag.AlignLeft | flag.AlignTop, said)
        if any(one.failed for one in self._points):
            painter.setPen(theme.colour("danger"))
            painter.drawText(whole, flag.AlignRight | flag.AlignTop, "wide: failed")


def _bar(painter: QPainter, box: QRectF, point: Point, busiest: int) -> None:
    """Failed calls stand at the bottom, the others above them."""
    if not point.calls:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    high = max(_LEAST, box.height() * point.calls / busiest)
    failed = high * point.failed / point.calls
    if point.failed:
        failed = max(_LEAST, failed)
    good = max(0.0, high - failed)
    for share, height, top, token in (
        (_BAD_WIDTH, failed, box.bottom() - failed, "lamp_red"),
        (_GOOD_WIDTH, good, box.bottom() - failed - good, "accent"),
    ):
        if height:
            width = box.width() * share
            left = box.left() + (box.width() - width) / 2
            painter.setBrush(theme.colour(token))
            painter.drawRect(QRectF(left, top, width, height))
