"""A table whose rows are painted in one go each, and which of them show and are chosen."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QTableView, QWidget

from app.ui.listing import Ranges, selected_ranges
from app.ui.painting import Painting

_SKELETON_AFTER_MS = 150
_NOWHERE = QModelIndex()


class PaintedTable(QTableView):
    """`set_up` of app.ui.listing comes after it."""

    menu_wanted = Signal(QPoint)

    def __init__(self, model: QAbstractItemModel, painting: Painting, parent: QWidget) -> None:
        super().__init__(parent)
        self._painting = painting
        # Qt's own viewport is unknown to Python: asking for it takes 4 ms once, in which every
        # class of widget there is gets made.
        self.setViewport(QWidget())
        self.viewport().setObjectName("qt_scrollarea_viewport")
        # It paints all of itself, so that nobody paints first what lies below it.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setModel(model)
        self._skeleton = QTimer(self, singleShot=True, interval=_SKELETON_AFTER_MS)
        self._skeleton.timeout.connect(self._show_skeleton)
        self.customContextMenuRequested.connect(self._menu)

    def expect(self) -> None:
        """A list was asked for; if it takes long, say so."""
        self._skeleton.start()

    def selected_ranges(self) -> list[tuple[int, int]]:
        """The selected rows as ranges, both ends included; without any the current row."""
        row = self.currentIndex().row()
        return selected_ranges(self) or ([(row, row)] if row >= 0 else [])

    def select_ranges(self, ranges: Ranges) -> None:
        """Those rows and no others; the row of the keyboard stays."""
        model = self.model()
        last = model.columnCount() - 1
        chosen = QItemSelection()
        for top, bottom in ranges:
            chosen.select(model.index(top, 0), model.index(bottom, last))
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
            self.model().index(max(0, row), 0), flags.ClearAndSelect | flags.Rows
        )

    def _begin_somewhere(self) -> None:
        """With the keyboard in the list one row is always selected."""
        if self.model().rowCount() and not self.selectionModel().hasSelection():
            self.go_to(max(0, self.currentIndex().row()))

    def _follow_selection(self) -> None:
        """A screen reader selects a cell without going there: the keyboard's row follows."""
        chosen = self.selectionModel()
        if chosen.hasSelection() and not chosen.isSelected(self.currentIndex()):
            first = chosen.selection().at(0).topLeft()
            chosen.setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)

    @Slot()
    def _show_skeleton(self) -> None:
        self._painting.shows_skeleton = True
        self.viewport().update()

    @Slot(QPoint)
    def _menu(self, where: QPoint) -> None:
        index = self.indexAt(where)
        if index.isValid() and not self.selectionModel().isRowSelected(index.row(), QModelIndex()):
            self.go_to(index.row())
        if not index.isValid() or not self.viewport().rect().contains(where):
            where = self.visualRect(self.currentIndex()).center()
        if self.currentIndex().isValid():
            self.menu_wanted.emit(self.viewport().mapToGlobal(where))

    def paintEvent(self, event: QPaintEvent) -> None:
        box, bottom = event.rect(), self.rowAt(event.rect().bottom())
        cells = [
            (column, left, width)
            for column in range(self.model().columnCount())
            if (width := self.columnWidth(column))
            and (left := self.columnViewportPosition(column)) <= box.right()
            and left + width > box.left()
        ]
        chosen, whole = self.selectionModel(), self.viewport().width()
        may_be_selected = chosen.hasSelection()
        focused = self.currentIndex().row() if self.hasFocus() else -1
        painter = QPainter(self.viewport())
        try:
            self._painting.clear(painter, box)
            for row in range(max(0, self.rowAt(box.top())), self._end_of(bottom)):
                place = QRect(0, self.rowViewportPosition(row), whole, self.rowHeight(row))
                is_selected = may_be_selected and chosen.isRowSelected(row, _NOWHERE)
                self._painting.paint(painter, row, place, cells, is_selected=is_selected)
                if row == focused:
                    self._painting.mark_focus(painter, place)
        finally:
            painter.end()  # a painter that outlives a fault here would take the program down

    def _end_of(self, row: int) -> int:
        """The row after that one; -1: after the last."""
        return row + 1 if row >= 0 else self.model().rowCount()
