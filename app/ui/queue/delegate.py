"""Paints the rows: state in a soft disc, name over reason, tracking over connection."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.services.queue_lines import CauseGroup, Line
from app.ui import icons, theme
from app.ui.queue.heads import HeadLook, paint_head
from app.ui.queue.looks import look_of
from app.ui.queue.model import ATTEMPTS, NEXT_TRY, SHIPMENT, TRACKING, QueueModel
from app.ui.times import countdown

DISC = 24
LEFT = 14
TEXT_LEFT = LEFT + DISC + 16
_GLYPH = 14
_UPPER, _LOWER = 21, 39  # baselines of the two lines
_MIDDLE = 30
_SELECTED = QStyle.StateFlag.State_Selected
_LAST_FOUR = 4


class RowDelegate(QStyledItemDelegate):
    """One delegate for all columns; colours and fonts are looked up once per theme."""

    def __init__(self, model: QueueModel, now_ms: Callable[[], int], parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._now_ms = now_ms
        self.hovered = -1
        self.shows_skeleton = False
        self.barred, self.bar_room = -1, 0  # the header with buttons on it, and their width
        self.strength: Callable[[int], float] = lambda job_id: 0.0  # of a row that fades
        self.dress()

    def dress(self) -> None:
        """The theme has changed: look up everything again."""
        self._colours = {
            name: QColor(value)
            for name in theme.Palette.__dataclass_fields__
            if isinstance(value := getattr(theme.palette(), name), str)
        }
        self._fonts = {
            "strong": theme.text_font(strong=True),
            "text": theme.text_font(),
            "small": theme.small_font(),
            "fixed": theme.fixed_font(),
        }
        self._metrics = {name: QFontMetrics(font) for name, font in self._fonts.items()}

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(80, theme.ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row, column, box = index.row(), index.column(), option.rect
        line = self._model.line(row)
        is_selected = bool(option.state & _SELECTED)
        if line is None and (group := self._model.group(row)) is not None:
            self._head(painter, option, row, group)
            return
        self._ground(painter, box, row, is_selected)
        if line is not None:
            self._fade(painter, box, line)
        if line is None:
            if self.shows_skeleton:
                self._skeleton(painter, box, column)
        elif column == SHIPMENT:
            self._shipment(painter, box, line)
        elif column == TRACKING:
            self._tracking(painter, box, line)
        elif column == ATTEMPTS:
            self._right(painter, box, line.attempts, "text", "muted")
        elif column == NEXT_TRY:
            self._next(painter, box, line)

    def _ground(self, painter: QPainter, box: QRect, row: int, is_selected: bool) -> None:
        if is_selected:
            painter.fillRect(box, self._colours["selection"])
        elif row == self.hovered:
            painter.fillRect(box, self._colours["hover"])
        painter.fillRect(box.x(), box.bottom(), box.width(), 1, self._colours["border"])

    def _head(
        self, painter: QPainter, option: QStyleOptionViewItem, row: int, group: CauseGroup
    ) -> None:
        """Each cell paints its part of the one header that lies across all of them."""
        cell, view = option.rect, option.widget
        width = view.viewport().width() if isinstance(view, QAbstractItemView) else cell.right()
        ground = "hover" if row == self.hovered else "window"
        look = HeadLook(
            QRect(0, cell.y(), width, cell.height()),
            self._model.rows.is_open(row),
            "selection" if option.state & _SELECTED else ground,
            self.bar_room if row == self.barred else 0,
        )
        painter.save()
        painter.setClipRect(cell)
        paint_head(painter, group, look, self._colours, self._fonts)
        painter.restore()

    def _fade(self, painter: QPainter, box: QRect, line: Line) -> None:
        strength = self.strength(line.id)
        if strength > 0:
            painter.setOpacity(strength)
            chip = self._colours.get(f"{look_of(line)[1]}_chip", self._colours["hover"])
            painter.fillRect(box.adjusted(0, 0, 0, -1), chip)
            painter.setOpacity(1.0)

    def _shipment(self, painter: QPainter, box: QRect, line: Line) -> None:
        name, token = look_of(line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colours.get(f"{token}_chip", self._colours["hover"]))
        top = box.y() + (theme.ROW - DISC) // 2
        painter.drawEllipse(box.x() + LEFT, top, DISC, DISC)
        inset = (DISC - _GLYPH) // 2
        ratio = painter.device().devicePixelRatioF()
        picture = icons.pixmap(name, token, _GLYPH, ratio)
        painter.drawPixmap(box.x() + LEFT + inset, top + inset, picture)
        left, width = box.x() + TEXT_LEFT, box.width() - TEXT_LEFT - 16
        self._text(painter, left, box.y() + _UPPER, width, line.title, "strong", "text")
        self._text(painter, left, box.y() + _LOWER, width, line.reason, "text", "muted")

    def _tracking(self, painter: QPainter, box: QRect, line: Line) -> None:
        width = box.width() - 16
        painter.setFont(self._fonts["fixed"])
        painter.setPen(self._colours["text"])
        number = end_kept(line.tracking, width, self._metrics["fixed"])
        painter.drawText(box.x(), box.y() + _UPPER, number)
        self._text(painter, box.x(), box.y() + _LOWER, width, line.connection, "small", "muted")

    def _next(self, painter: QPainter, box: QRect, line: Line) -> None:
        if line.due_at is None:
            self._right(painter, box, line.when, "text", "muted")
        else:
            left = countdown(line.due_at - self._now_ms())
            self._right(painter, box, left, "text", "text")

    def _right(self, painter: QPainter, box: QRect, text: str, font: str, token: str) -> None:
        width = self._metrics[font].horizontalAdvance(text)
        left = box.right() - 12 - width
        self._text(painter, left, box.y() + _MIDDLE, width + 2, text, font, token)

    def _text(
        self, painter: QPainter, x: int, y: int, width: int, text: str, font: str, token: str
    ) -> None:
        painter.setFont(self._fonts[font])
        painter.setPen(self._colours[token])
        shown = self._metrics[font].elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(x, y, shown)

    def _skeleton(self, painter: QPainter, box: QRect, column: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colours["hover"])
        if column == SHIPMENT:
            painter.drawEllipse(box.x() + LEFT, box.y() + 14, DISC, DISC)
            painter.drawRoundedRect(box.x() + TEXT_LEFT, box.y() + 12, 130, 10, 4, 4)
            painter.drawRoundedRect(box.x() + TEXT_LEFT, box.y() + 30, 240, 10, 4, 4)
        elif column == TRACKING:
            painter.drawRoundedRect(box.x(), box.y() + 12, 120, 10, 4, 4)
            painter.drawRoundedRect(box.x(), box.y() + 30, 80, 10, 4, 4)


def end_kept(text: str, width: int, metrics: QFontMetrics) -> str:
    """A number that is too long loses letters before its last four, never those."""
    if metrics.horizontalAdvance(text) <= width:
        return text
    end = f"…{text[-_LAST_FOUR:]}"
    letters = len(text) - _LAST_FOUR - 1
    while letters and metrics.horizontalAdvance(f"{text[:letters]}{end}") > width:
        letters -= 1
    return f"{text[:letters]}{end}"
