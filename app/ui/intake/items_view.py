"""The list of items: hovering, keys, what is chosen."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QTableView

from app.ui.intake.items_delegate import ItemsDelegate
from app.ui.intake.items_model import SINCE, WHAT, WHERE, ItemsModel
from app.ui.listing import selected_ranges, set_up
from app.ui.widgets import when_dressed

_WIDTHS = {WHERE: 168, SINCE: 104}
_NARROW, _NARROWEST = 480, 380
_FLAGS = QItemSelectionModel.SelectionFlag


class ItemsView(QTableView):
    """Rows of 52 pixels; what can be done with them stands beside the list."""

    chosen_changed = Signal()
    opened = Signal()  # Enter: to the details
    ignore_wanted = Signal()  # Delete
    copy_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, model: ItemsModel) -> None:
        super().__init__()
        self._rows = model
        self._painter = ItemsDelegate(model, self)
        self._kept: list[int] = []  # chosen before the list was read anew
        self._gap = -1  # where the chosen rows were that have just gone
        model.rowsAboutToBeRemoved.connect(self._about_to_go)  # before Qt chooses another row
        self.setModel(model)
        self.setItemDelegate(self._painter)
        set_up(self, "Needs you", WHAT, _WIDTHS)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)
        self.customContextMenuRequested.connect(self._menu)
        self.doubleClicked.connect(self.opened)
        model.modelAboutToBeReset.connect(self._keep_choice)
        model.moved.connect(self._begin_somewhere)

    def chosen_ranges(self) -> list[tuple[int, int]]:
        """The selected rows as ranges from the top, both ends included."""
        return selected_ranges(self)

    def go_to(self, row: int) -> None:
        """Select that row alone."""
        index = self._rows.index(row, 0)
        self.selectionModel().setCurrentIndex(index, _FLAGS.ClearAndSelect | _FLAGS.Rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif key == Qt.Key.Key_Delete:
            self.ignore_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._begin_somewhere()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(WHERE, self.width() < _NARROW)
        self.setColumnHidden(SINCE, self.width() < _NARROWEST)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._dress)

    def _dress(self) -> None:
        self._painter.dress()
        self.viewport().update()

    def _hover(self, row: int) -> None:
        if row != self._painter.hovered:
            self._painter.hovered = row
            self.viewport().update()

    @Slot()
    def _keep_choice(self) -> None:
        self._kept = self._rows.ids(self.chosen_ranges()[:1])[:1]

    @Slot(QModelIndex, int, int)
    def _about_to_go(self, parent: QModelIndex, first: int, last: int) -> None:
        """The row below those that go is chosen next."""
        if self.selectionModel().isRowSelected(first, parent):
            self._gap = first

    @Slot()
    def _begin_somewhere(self) -> None:
        """One item is always chosen: its details stand beside the list."""
        self._painter.hovered = -1
        count = self._rows.rowCount()
        if count and not self.selectionModel().hasSelection():
            before = self._rows.row_of(self._kept[0]) if self._kept else None
            row = before if before is not None else self._gap
            row = row if row >= 0 else self.currentIndex().row()
            self.go_to(min(max(0, row), count - 1))
        self._kept, self._gap = [], -1
        self.chosen_changed.emit()

    @Slot(QPoint)
    def _menu(self, where: QPoint) -> None:
        index = self.indexAt(where)
        if index.isValid() and not self.selectionModel().isRowSelected(index.row(), QModelIndex()):
            self.go_to(index.row())
        if not index.isValid():
            where = self.visualRect(self.currentIndex()).center()
        if self.currentIndex().isValid():
            self.menu_wanted.emit(self.viewport().mapToGlobal(where))
