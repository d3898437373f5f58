"""Paints the rows: state in a soft disc, name over reason, tracking over connection."""

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from app.services.queue_lines import CauseGroup, Line
from app.ui import theme
from app.ui.listing import DISC, LEFT, LOWER, TEXT_LEFT, UPPER
from app.ui.painting import Cells, Painting
from app.ui.queue.heads import HeadLook, paint_head
from app.ui.queue.looks import look_of
from app.ui.queue.model import ATTEMPTS, NEXT_TRY, SHIPMENT, TRACKING, QueueModel
from app.ui.times import countdown


class RowPainter(Painting):
    """Rows and headers of MANAGER."""

    def __init__(self, model: QueueModel, now_ms: Callable[[], int]) -> None:
        self._model = model
        self._now_ms = now_ms
        self.barred, self.bar_room = -1, 0  # the header with buttons on it, and their width
        self.strength: Callable[[int], float] = lambda job_id: 0.0  # of a row that fades
        super().__init__()

    def paint(
        self, painter: QPainter, row: int, box: QRect, cells: Cells, *, is_selected: bool
    ) -> None:
        line = self._model.line(row)
        if line is None and (group := self._model.group(row)) is not None:
            self._head(painter, box, row, group, is_selected=is_selected)
            return
        self._ground(painter, box, row, is_selected)
        if line is not None:
            self._fade(painter, box, line)
        elif not self.shows_skeleton:
            return
        y = box.y()
        for column, left, width in cells:
            if line is None:
                self._skeleton(painter, left, y, column)
            elif column == SHIPMENT:
                self._shipment(painter, left, y, width, line)
            elif column == TRACKING:
                self._tracking(painter, left, y, width, line)
            elif column == ATTEMPTS:
                self._right(painter, left + width, y, line.attempts, "muted")
            elif column == NEXT_TRY:
                self._next(painter, left + width, y, line)

    def _head(
        self, painter: QPainter, box: QRect, row: int, group: CauseGroup, *, is_selected: bool
    ) -> None:
        ground = "hover" if row == self.hovered else "window"
        look = HeadLook(
            box,
            self._model.rows.is_open(row),
            "selection" if is_selected else ground,
            self.bar_room if row == self.barred else 0,
        )
        paint_head(painter, group, look, self._colours, self._fonts)

    def _fade(self, painter: QPainter, box: QRect, line: Line) -> None:
        strength = self.strength(line.id)
        if strength > 0:
            painter.setOpacity(strength)
            chip = self._colours.get(f"{look_of(line)[1]}_chip", self._colours["hover"])
            painter.fillRect(box.adjusted(0, 0, 0, -1), chip)
            painter.setOpacity(1.0)

    def _shipment(self, painter: QPainter, x: int, y: int, width: int, line: Line) -> None:
        painter.drawPixmap(
            x + LEFT, y + (theme.ROW - DISC) // 2, self._disc(painter, look_of(line))
        )
        left, room = x + TEXT_LEFT, width - TEXT_LEFT - 16
        self._text(painter, left, y + UPPER, room, line.title, "strong", "text")
        self._text(painter, left, y + LOWER, room, line.reason, "text", "muted")

    def _tracking(self, painter: QPainter, x: int, y: int, width: int, line: Line) -> None:
        room = width - 16
        self._number(painter, x, y + UPPER, room, line.tracking, "text")
        self._text(painter, x, y + LOWER, room, line.connection, "small", "muted")

    def _next(self, painter: QPainter, end: int, y: int, line: Line) -> None:
        if line.due_at is None:
            self._right(painter, end, y, line.when, "muted")
        else:
            self._right(painter, end, y, countdown(line.due_at - self._now_ms()), "text")

    def _skeleton(self, painter: QPainter, x: int, y: int, column: int) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colours["hover"])
        if column == SHIPMENT:
            painter.drawEllipse(x + LEFT, y + 14, DISC, DISC)
            painter.drawRoundedRect(x + TEXT_LEFT, y + 12, 130, 10, 4, 4)
            painter.drawRoundedRect(x + TEXT_LEFT, y + 30, 240, 10, 4, 4)
        elif column == TRACKING:
            painter.drawRoundedRect(x, y + 12, 120, 10, 4, 4)
            painter.drawRoundedRect(x, y + 30, 80, 10, 4, 4)
        painter.restore()
