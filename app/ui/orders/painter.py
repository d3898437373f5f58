"""Paints the orders: number, a chip for how it stands, why, and what else is known."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from app.core.orders import OrderColumn, OrderStatus
from app.ui import icons, theme
from app.ui.orders.model import COLUMNS, OrdersModel
from app.ui.orders.reads import Row
from app.ui.painting import Cells, Painting

LOOKS = {
    OrderStatus.PENDING: ("state_waiting", "warning"),
    OrderStatus.PROCESSING: ("state_sending", "accent"),
    OrderStatus.SUCCESS: ("state_done", "success"),
    OrderStatus.FAILED: ("state_failed", "danger"),
    OrderStatus.SKIPPED: ("state_parked", "muted"),
}
"""Icon and colour of each status; the chip has the soft colour that goes with it."""

_LEFT, _BASE, _CHIP, _MARK = 14, 22, 20, 12
_SKELETON = {OrderColumn.ORDER: 84, OrderColumn.STATUS: 64, OrderColumn.PLACED: 0}


class OrderPainter(Painting):
    """Rows of one line; failed ones are marked by colour, icon and word."""

    def __init__(self, model: OrdersModel) -> None:
        self._model = model
        self.points_at_number = False  # the pointer stands on the number of the hovered row
        super().__init__()

    def paint(
        self, painter: QPainter, row: int, box: QRect, cells: Cells, *, is_selected: bool
    ) -> None:
        line = self._model.line(row)
        self._ground(painter, box, row, is_selected)
        if line is None:
            if self.shows_skeleton:
                self._skeleton(painter, box.y(), cells)
            return
        y = box.y()
        for place, left, width in cells:
            column = COLUMNS[place]
            if column.of is OrderColumn.ORDER:
                self._order(painter, left, y, width, line, row)
            elif column.of is OrderColumn.STATUS:
                self._status(painter, left, y, line)
            elif column.is_right:
                text = line.texts[column.of]
                token = "text" if column.of is OrderColumn.TOTAL else "muted"
                self._right(painter, left + width, y, text, token, _BASE)
            else:
                self._cell(painter, left, y, width, line, column.of)

    def _cell(
        self, painter: QPainter, x: int, y: int, width: int, line: Row, column: OrderColumn
    ) -> None:
        ink = "text" if column is OrderColumn.SHIP_TO else "muted"
        if column is OrderColumn.REASON and line.status is OrderStatus.FAILED:
            ink = "danger"
        self._text(painter, x, y + _BASE, width - 14, line.texts[column], "text", ink)

    def _order(self, painter: QPainter, x: int, y: int, width: int, line: Row, row: int) -> None:
        is_failed = line.status is OrderStatus.FAILED
        ink = "danger" if is_failed else "text"
        if row == self.hovered and self.points_at_number:
            ink = "accent"
        room, text = width - _LEFT - 12, line.texts[OrderColumn.ORDER]
        if not line.one.order.order_ref:
            self._text(painter, x + _LEFT, y + _BASE, room, text, "text", ink)
            return
        if is_failed:
            wide = min(room, self._metrics["fixed"].horizontalAdvance(text))
            self._pill(painter, QRect(x + _LEFT - 7, y + 7, wide + 14, _CHIP), "danger_chip")
        self._number(painter, x + _LEFT, y + _BASE, room, text, ink)

    def _status(self, painter: QPainter, x: int, y: int, line: Row) -> None:
        name, token = LOOKS[line.status]
        text = line.texts[OrderColumn.STATUS]
        wide = self._metrics["small"].horizontalAdvance(text) + _MARK + 20
        ground = f"{token}_chip" if f"{token}_chip" in self._colours else "hover"
        self._pill(painter, QRect(x, y + 7, wide, _CHIP), ground)
        picture = icons.pixmap(name, token, _MARK, painter.device().devicePixelRatioF())
        painter.drawPixmap(x + 7, y + 7 + (_CHIP - _MARK) // 2, picture)
        painter.setFont(self._fonts["small"])
        painter.setPen(self._colours[token])
        painter.drawText(x + 7 + _MARK + 5, y + _BASE - 1, text)

    def _pill(self, painter: QPainter, box: QRect, ground: str) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colours[ground])
        painter.drawRoundedRect(box, _CHIP / 2, _CHIP / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _skeleton(self, painter: QPainter, y: int, cells: Cells) -> None:
        for place, left, width in cells:
            indent = _LEFT if place == 0 else 0
            wide = _SKELETON.get(COLUMNS[place].of, width * 3 // 5)
            if wide:
                box = QRect(left + indent, y + theme.ROW_ONE_LINE // 2 - 5, wide, 10)
                self._pill(painter, box, "hover")
