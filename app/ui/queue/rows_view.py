"""How the list lies there: columns, which rows show and are chosen."""

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QTableView, QWidget

from app.ui.listing import Ranges, selected_ranges, set_up
from app.ui.queue.delegate import RowPainter
from app.ui.queue.grouped import GroupedRows
from app.ui.queue.model import ACTIONS, ATTEMPTS, NEXT_TRY, SHIPMENT, TITLES, TRACKING, QueueModel
from app.ui.queue.row_actions import WIDTH

_WIDTHS = {TRACKING: 208, ATTEMPTS: 76, NEXT_TRY: 96, ACTIONS: WIDTH + 2 * 12}
_NARROW = 760
_NOWHERE = QModelIndex()
_NARROW_WIDTHS = {TRACKING: 160, NEXT_TRY: 72}


class RowsView(QTableView):
    """Rows and headers of two lines."""

    def __init__(self, model: QueueModel, painter: RowPainter, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows, self._painter = model, painter
        # Qt's own viewport is unknown to Python: asking for it takes 4 ms once, in which every
        # class of widget there is gets made.
        self.setViewport(QWidget())
        self.viewport().setObjectName("qt_scrollarea_viewport")
        # It paints all of itself, so that nobody paints first what lies below it.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setModel(model)
        set_up(self, "Write-backs", SHIPMENT, _WIDTHS)

    def selected_ranges(self) -> list[tuple[int, int]]:
        """The selected rows as ranges, both ends included; without any the current row."""
        row = self.currentIndex().row()
        return selected_ranges(self) or ([(row, row)] if row >= 0 else [])

    def select_ranges(self, ranges: Ranges) -> None:
        """Those rows and no others; the row of the keyboard stays."""
        last = self._rows.columnCount() - 1
        chosen = QItemSelection()
        for top, bottom in ranges:
            chosen.select(self._rows.index(top, 0), self._rows.index(bottom, last))
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().select(chosen, flag)

    def visible_rows(self) -> tuple[int, int]:
        """First and last position on the screen."""
        last = self._end_of(self.rowAt(self.viewport().height() - 1)) - 1
        return max(0, self.rowAt(0)), last

    def go_to(self, row: int) -> None:
        """Select that row alone. (Qt's `selectRow` goes through all selected rows, one by one,
        while Ctrl is held.)"""
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(
            self._rows.index(max(0, row), 0), flags.ClearAndSelect | flags.Rows
        )

    def select_current(self) -> None:
        """Only the row of the keyboard."""
        self.go_to(self.currentIndex().row())

    def toggle_group(self, row: int, *, folded: bool | None = None) -> None:
        """Fold or unfold the group whose header stands there."""
        rows = self._rows.rows
        if isinstance(rows, GroupedRows) and rows.group(row) is not None:
            rows.fold(row, folded=rows.is_open(row) if folded is None else folded)

    def fold_all(self, *, folded: bool) -> None:
        """Fold or unfold every group."""
        rows = self._rows.rows
        if isinstance(rows, GroupedRows):
            rows.fold_all(folded=folded)

    def paintEvent(self, event: QPaintEvent) -> None:
        box, bottom = event.rect(), self.rowAt(event.rect().bottom())
        cells = [
            (column, left, width)
            for column in range(len(TITLES))
            if (width := self.columnWidth(column))
            and (left := self.columnViewportPosition(column)) <= box.right()
            and left + width > box.left()
        ]
        chosen, whole = self.selectionModel(), self.viewport().width()
        may_be_selected = chosen.hasSelection()
        self._painter.focused = self.currentIndex().row() if self.hasFocus() else -1
        painter = QPainter(self.viewport())
        try:
            self._painter.clear(painter, box)
            for row in range(max(0, self.rowAt(box.top())), self._end_of(bottom)):
                place = QRect(0, self.rowViewportPosition(row), whole, self.rowHeight(row))
                is_selected = may_be_selected and chosen.isRowSelected(row, _NOWHERE)
                self._painter.paint(painter, row, place, cells, is_selected=is_selected)
        finally:
            painter.end()  # a painter that outlives a fault here would take the program down

    def _end_of(self, row: int) -> int:
        """The row after that one; -1: after the last."""
        return row + 1 if row >= 0 else self._rows.rowCount()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self.setColumnHidden(ATTEMPTS, narrow)
        for column in _NARROW_WIDTHS:
            self.setColumnWidth(column, (_NARROW_WIDTHS if narrow else _WIDTHS)[column])
