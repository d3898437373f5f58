"""Paints the rows: state in a soft disc, name over reason, tracking over connection."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap

from app.services.queue_lines import CauseGroup, Line
from app.ui import icons, theme
from app.ui.listing import DISC, GLYPH, LEFT, LOWER, MIDDLE, TEXT_LEFT, UPPER, Inks
from app.ui.queue.heads import HeadLook, paint_head
from app.ui.queue.looks import look_of
from app.ui.queue.model import ATTEMPTS, NEXT_TRY, SHIPMENT, TRACKING, QueueModel
from app.ui.times import countdown

_LAST_FOUR = 4
_WIDEST_LETTER = 2 * theme.TEXT_PX  # pixels
_MOST_KEPT = 4000  # texts as they were cut; more than a few screens show

Cells = Sequence[tuple[int, int, int]]


class RowPainter:
    """One for all rows; colours and fonts are looked up once per theme.

    The view calls it once for a row. (Qt's way, a delegate called for each cell through Python,
    takes twice as long.)
    """

    def __init__(self, model: QueueModel, now_ms: Callable[[], int]) -> None:
        self._model = model
        self._now_ms = now_ms
        self.hovered = self.focused = -1
        self.shows_skeleton = False
        self.barred, self.bar_room = -1, 0  # the header with buttons on it, and their width
        self.strength: Callable[[int], float] = lambda job_id: 0.0  # of a row that fades
        self.dress()

    def dress(self) -> None:
        """The theme has changed: look up everything again."""
        inks = self._inks = Inks()
        self._colours, self._fonts, self._metrics = inks.colours, inks.fonts, inks.metrics
        self._discs: dict[tuple[str, str, float], QPixmap] = {}
        self._cut: dict[tuple[str, str, int], str] = {}
        self._taken: dict[str, int] = {}  # pixels

    def clear(self, painter: QPainter, box: QRect) -> None:
        """The ground on which rows stand."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colours["surface"])
        painter.drawRect(box)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def paint(
        self, painter: QPainter, row: int, box: QRect, cells: Cells, *, is_selected: bool
    ) -> None:
        """The row in its box, those cells of it: number, left edge and width of each."""
        self._row(painter, row, box, cells, is_selected=is_selected)
        if row == self.focused:
            self._inks.mark_focus(painter, box)

    def _row(
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

    def _ground(self, painter: QPainter, box: QRect, row: int, is_selected: bool) -> None:
        if is_selected or row == self.hovered:
            painter.fillRect(box, self._colours["selection" if is_selected else "hover"])
        # Not `fillRect`: its first call takes a millisecond, in which PySide makes all gradients.
        painter.setPen(self._colours["border"])
        painter.drawLine(box.x(), box.bottom(), box.right(), box.bottom())

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
        look = (*look_of(line), painter.device().devicePixelRatioF())
        disc = self._discs.get(look)
        if disc is None:
            disc = self._discs[look] = self._disc(*look)
        painter.drawPixmap(x + LEFT, y + (theme.ROW - DISC) // 2, disc)
        left, room = x + TEXT_LEFT, width - TEXT_LEFT - 16
        self._text(painter, left, y + UPPER, room, line.title, "strong", "text")
        self._text(painter, left, y + LOWER, room, line.reason, "text", "muted")

    def _disc(self, name: str, token: str, ratio: float) -> QPixmap:
        """The icon of a state on its soft ground."""
        side = round(DISC * ratio)
        made = QPixmap(side, side)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colours.get(f"{token}_chip", self._colours["hover"]))
        painter.drawEllipse(0, 0, DISC, DISC)
        inset = (DISC - GLYPH) // 2
        painter.drawPixmap(inset, inset, icons.pixmap(name, token, GLYPH, ratio))
        painter.end()
        return made

    def _tracking(self, painter: QPainter, x: int, y: int, width: int, line: Line) -> None:
        room = width - 16
        painter.setFont(self._fonts["fixed"])
        painter.setPen(self._colours["text"])
        painter.drawText(x, y + UPPER, self._fitted(line.tracking, "fixed", room, end_kept))
        self._text(painter, x, y + LOWER, room, line.connection, "small", "muted")

    def _next(self, painter: QPainter, end: int, y: int, line: Line) -> None:
        if line.due_at is None:
            self._right(painter, end, y, line.when, "muted")
        else:
            self._right(painter, end, y, countdown(line.due_at - self._now_ms()), "text")

    def _right(self, painter: QPainter, end: int, y: int, text: str, token: str) -> None:
        painter.setFont(self._fonts["text"])
        painter.setPen(self._colours[token])
        taken = self._taken.get(text)
        if taken is None:
            if len(self._taken) >= _MOST_KEPT:
                self._taken.clear()
            taken = self._taken[text] = self._metrics["text"].horizontalAdvance(text)
        painter.drawText(end - 13 - taken, y + MIDDLE, text)

    def _text(
        self, painter: QPainter, x: int, y: int, width: int, text: str, font: str, token: str
    ) -> None:
        painter.setFont(self._fonts[font])
        painter.setPen(self._colours[token])
        painter.drawText(x, y, self._fitted(text, font, width, cut_short))

    def _fitted(
        self, text: str, font: str, width: int, cut: Callable[[str, int, QFontMetrics], str]
    ) -> str:
        """The text as it fits; rows are painted again and again, and measuring takes long."""
        if len(text) * _WIDEST_LETTER <= width:
            return text
        key = (text, font, width)
        shown = self._cut.get(key)
        if shown is None:
            if len(self._cut) >= _MOST_KEPT:
                self._cut.clear()
            shown = self._cut[key] = cut(text, width, self._metrics[font])
        return shown

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


def cut_short(text: str, width: int, metrics: QFontMetrics) -> str:
    """Without its end where it is too long."""
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def end_kept(text: str, width: int, metrics: QFontMetrics) -> str:
    """A number that is too long loses letters before its last four, never those."""
    if metrics.horizontalAdvance(text) <= width:
        return text
    end = f"…{text[-_LAST_FOUR:]}"
    letters = len(text) - _LAST_FOUR - 1
    while letters and metrics.horizontalAdvance(f"{text[:letters]}{end}") > width:
        letters -= 1
    return f"{text[:letters]}{end}"
