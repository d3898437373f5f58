"""What every painted list has in common: how its table lies there, which rows are selected, with
what it is painted."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.ui import theme

DISC = 24
LEFT = 14
TEXT_LEFT = LEFT + DISC + 16
GLYPH = 14
_FOCUS = 3  # pixels of the mark
UPPER, LOWER, MIDDLE = 21, 39, 30
"""Baselines of two lines in a row, and of one that stands alone."""

Ranges = Sequence[tuple[int, int]]
"""Rows from one to another, both included."""


class Inks:
    """Colours, fonts and their measures, looked up once per theme."""

    def __init__(self) -> None:
        self._accent = theme.colour("accent")
        self.colours = {
            name: QColor(value)
            for name in theme.Palette.__dataclass_fields__
            if isinstance(value := getattr(theme.palette(), name), str)
        }
        self.fonts = {
            "strong": theme.text_font(strong=True),
            "text": theme.text_font(),
            "small": theme.small_font(),
            "fixed": theme.fixed_font(),
        }
        self.metrics = {name: QFontMetrics(font) for name, font in self.fonts.items()}

    def mark_focus(self, painter: QPainter, box: QRect) -> None:
        """The row of the keyboard, while it is in the list: a selected row alone does not say."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._accent)
        painter.drawRect(box.x(), box.y(), _FOCUS, box.height() - 1)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def set_up(table: QTableView, name: str, stretched: int, widths: Mapping[int, int]) -> None:
    """Rows of two lines without headings. `widths`: of the other columns, in pixels."""
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setMouseTracking(True)
    table.setWordWrap(False)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    down, across = table.verticalHeader(), table.horizontalHeader()
    down.hide()
    down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    down.setDefaultSectionSize(theme.ROW)
    across.hide()
    across.setMinimumSectionSize(40)
    across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    across.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
    for column, width in widths.items():
        table.setColumnWidth(column, width)


def selected_ranges(table: QTableView) -> list[tuple[int, int]]:
    """The selected rows as ranges from the top, those that touch as one."""
    chosen = table.selectionModel().selection()
    parts = sorted((chosen.at(at).top(), chosen.at(at).bottom()) for at in range(chosen.size()))
    found: list[tuple[int, int]] = []
    for first, last in parts:
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found
