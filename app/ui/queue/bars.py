"""Where the two action bars stand: on the hovered row, else on the row of the keyboard."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, Slot
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QTableView, QWidget

from app.ui import theme
from app.ui.queue.delegate import RowPainter
from app.ui.queue.group_bar import GroupBar
from app.ui.queue.model import ACTIONS, QueueModel
from app.ui.queue.row_actions import RowActions

_EDGE = 12


class Bars(QObject):
    """Both are siblings of the view, laid over it: only so a screen reader finds them."""

    def __init__(
        self,
        table: QTableView,
        model: QueueModel,
        painter: RowPainter,
        frame: QWidget,
        leave: Callable[[], object],
    ) -> None:
        """`leave`: the pointer went from a bar to somewhere outside of the rows."""
        super().__init__(table)
        self._table, self._model, self._painter, self._frame = table, model, painter, frame
        self._leave = leave
        self.row, self.group = RowActions(frame), GroupBar(frame)
        for one in (self.row, self.group):
            one.left.connect(self._left)

    def dress(self) -> None:
        """In the colours of the theme."""
        self.row.dress()

    def is_under_mouse(self) -> bool:
        """True when the pointer is on one of them."""
        return self.row.underMouse() or self.group.underMouse()

    def is_pointed_at(self) -> bool:
        """True when the pointer went from the row to its buttons, which lie over the row."""
        return any(
            bar.isVisible() and bar.rect().contains(bar.mapFromGlobal(QCursor.pos()))
            for bar in (self.row, self.group)
        )

    def place(self) -> None:
        """Where they belong now."""
        row = self._painter.hovered
        if row < 0 and (self._table.hasFocus() or self._table.selectionModel().hasSelection()):
            row = self._table.currentIndex().row()
        top = self._table.rowViewportPosition(row) if row >= 0 else -theme.ROW
        is_seen = -theme.ROW < top <= self._table.viewport().height() - theme.ROW // 2
        group = self._model.group(row) if row >= 0 else None
        self._place_on_head(row if is_seen and group is not None else -1, top)
        line = self._model.loaded(row) if row >= 0 else None
        if line is None or not is_seen:
            self.row.hide()
            return
        self.row.stand_on(line)
        left, width = self._table.columnViewportPosition(ACTIONS), self._table.columnWidth(ACTIONS)
        cell = QRect(left, top, width, theme.ROW)
        corner = self._table.viewport().mapTo(self._frame, cell.topLeft())
        self.row.move(corner + QPoint(_EDGE, (theme.ROW - theme.ROW_ACTION) // 2))
        self._show(self.row)

    def _place_on_head(self, row: int, top: int) -> None:
        group = self._model.group(row) if row >= 0 else None
        before = self._painter.barred
        self._painter.barred = row
        if group is None:
            self.group.hide()
        else:
            self.group.stand_on(group)
            self._painter.bar_room = self.group.width()
            left = self._table.viewport().width() - self.group.width() - _EDGE
            corner = self._table.viewport().mapTo(self._frame, QPoint(left, top))
            self.group.move(corner + QPoint(0, (theme.ROW - self.group.height()) // 2))
            self._show(self.group)
        if before != row:
            self._table.viewport().update()

    def _show(self, bar: QWidget) -> None:
        bar.show()
        bar.raise_()

    @Slot()
    def _left(self) -> None:
        viewport = self._table.viewport()
        if not viewport.rect().contains(viewport.mapFromGlobal(QCursor.pos())):
            self._leave()
