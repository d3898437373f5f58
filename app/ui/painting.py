"""Painting rows of a list: grounds, icons on soft discs, texts cut to their room, measured once."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap

from app.ui import icons, theme
from app.ui.listing import DISC, GLYPH, MIDDLE, Inks

_LAST_FOUR = 4
_WIDEST_LETTER = 2 * theme.TEXT_PX  # pixels
_MOST_KEPT = 4000  # texts as they were cut; more than a few screens show

Cells = Sequence[tuple[int, int, int]]
"""Of each cell of a row: its column, left edge and width."""


class Painting(ABC):
    """One for all rows; colours and fonts are looked up once per theme.

    The view calls it once for a row. (Qt's way, a delegate called for each cell through Python,
    takes twice as long.)
    """

    def __init__(self) -> None:
        self.hovered = -1
        self.shows_skeleton = False
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

    @abstractmethod
    def paint(
        self, painter: QPainter, row: int, box: QRect, cells: Cells, *, is_selected: bool
    ) -> None:
        """The row in its box, those cells of it."""

    def mark_focus(self, painter: QPainter, box: QRect) -> None:
        """The row of the keyboard, while it is in the list: a selected row alone does not say."""
        self._inks.mark_focus(painter, box)

    def _ground(self, painter: QPainter, box: QRect, row: int, is_selected: bool) -> None:
        if is_selected or row == self.hovered:
            painter.fillRect(box, self._colours["selection" if is_selected else "hover"])
        # Not `fillRect`: its first call takes a millisecond, in which PySide makes all gradients.
        painter.setPen(self._colours["border"])
        painter.drawLine(box.x(), box.bottom(), box.right(), box.bottom())

    def _disc(self, painter: QPainter, look: tuple[str, str]) -> QPixmap:
        """The icon of a state on its soft ground."""
        key = (*look, painter.device().devicePixelRatioF())
        made = self._discs.get(key)
        if made is None:
            made = self._discs[key] = self._make_disc(*key)
        return made

    def _make_disc(self, name: str, token: str, ratio: float) -> QPixmap:
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

    def _right(
        self, painter: QPainter, end: int, y: int, text: str, token: str, base: int = MIDDLE
    ) -> None:
        """Ends at `end`; `base`: of its line, in pixels from the top of the row."""
        painter.setFont(self._fonts["text"])
        painter.setPen(self._colours[token])
        painter.drawText(end - 13 - self._wide(text), y + base, text)

    def _wide(self, text: str) -> int:
        """Pixels it takes in the font of text."""
        taken = self._taken.get(text)
        if taken is None:
            if len(self._taken) >= _MOST_KEPT:
                self._taken.clear()
            taken = self._taken[text] = self._metrics["text"].horizontalAdvance(text)
        return taken

    def _text(
        self, painter: QPainter, x: int, y: int, width: int, text: str, font: str, token: str
    ) -> None:
        painter.setFont(self._fonts[font])
        painter.setPen(self._colours[token])
        painter.drawText(x, y, self._fitted(text, font, width, cut_short))

    def _number(self, painter: QPainter, x: int, y: int, width: int, text: str, token: str) -> None:
        """In the fixed-width font; its end is kept."""
        painter.setFont(self._fonts["fixed"])
        painter.setPen(self._colours[token])
        painter.drawText(x, y, self._fitted(text, "fixed", width, end_kept))

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
