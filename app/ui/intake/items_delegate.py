"""Paints the items: a mark in a soft disc, name over reason, kind over place, age."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui import icons, theme
from app.ui.intake.items_model import WHAT, WHERE, ItemsModel
from app.ui.intake.words import ItemLine
from app.ui.listing import DISC, GLYPH, LEFT, LOWER, MIDDLE, TEXT_LEFT, UPPER, Inks

_SELECTED = QStyle.StateFlag.State_Selected
_FOCUSED = QStyle.StateFlag.State_HasFocus
_RIGHT, _MIDDLE_OUT = Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle


class ItemsDelegate(QStyledItemDelegate):
    """One for all columns; colours and fonts are looked up once per theme."""

    def __init__(self, model: ItemsModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self.hovered = -1
        self.dress()

    def dress(self) -> None:
        """The theme has changed: look up everything again."""
        inks = self._inks = Inks()
        self._colours, self._fonts, self._metrics = inks.colours, inks.fonts, inks.metrics

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
        if option.state & _SELECTED:
            painter.fillRect(box, self._colours["selection"])
        elif row == self.hovered:
            painter.fillRect(box, self._colours["hover"])
        painter.fillRect(box.x(), box.bottom(), box.width(), 1, self._colours["border"])
        line = self._model.line(row)
        if line is None:
            return
        if column == WHAT:
            self._what(painter, box, line)
            if option.state & _FOCUSED == _FOCUSED:
                self._inks.mark_focus(painter, box)
        elif column == WHERE:
            width = box.width() - 16
            self._text(painter, box.x(), box.y() + UPPER, width, line.kind, "text", "text")
            self._text(painter, box.x(), box.y() + LOWER, width, line.place, "small", "muted")
        else:
            self._age(painter, box, self._model.since(row))

    def _what(self, painter: QPainter, box: QRect, line: ItemLine) -> None:
        name, token = line.look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colours.get(f"{token}_chip", self._colours["hover"]))
        top, inset = box.y() + (theme.ROW - DISC) // 2, (DISC - GLYPH) // 2
        painter.drawEllipse(box.x() + LEFT, top, DISC, DISC)
        picture = icons.pixmap(name, token, GLYPH, painter.device().devicePixelRatioF())
        painter.drawPixmap(box.x() + LEFT + inset, top + inset, picture)
        left, width = box.x() + TEXT_LEFT, box.width() - TEXT_LEFT - 16
        name = self._metrics["strong"].elidedText(line.name, _MIDDLE_OUT, width)  # keeps the row
        self._text(painter, left, box.y() + UPPER, width, name, "strong", "text")
        self._text(painter, left, box.y() + LOWER, width, line.reason, "text", "muted")

    def _age(self, painter: QPainter, box: QRect, text: str) -> None:
        width = self._metrics["text"].horizontalAdvance(text)
        left = max(box.x(), box.right() - 12 - width)
        self._text(painter, left, box.y() + MIDDLE, box.right() - left, text, "text", "muted")

    def _text(
        self, painter: QPainter, x: int, y: int, width: int, text: str, font: str, token: str
    ) -> None:
        painter.setFont(self._fonts[font])
        painter.setPen(self._colours[token])
        painter.drawText(x, y, self._metrics[font].elidedText(text, _RIGHT, width))
