"""The list itself: hovering, keys, and where the row actions stand."""

import time

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCursor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.services.queue_lines import Line
from app.ui import theme
from app.ui.queue.delegate import RowDelegate
from app.ui.queue.model import ACTIONS, ATTEMPTS, NEXT_TRY, SHIPMENT, TRACKING, QueueModel
from app.ui.queue.row_actions import WIDTH, RowActions
from app.ui.widgets import when_dressed

_WIDTHS = {TRACKING: 208, ATTEMPTS: 76, NEXT_TRY: 96, ACTIONS: WIDTH + 2 * 12}
_NARROW = 760
_NARROW_WIDTHS = {TRACKING: 160, NEXT_TRY: 72}
_SKELETON_AFTER_MS = 150
_SECOND_MS = 1000
_REST_S = 2.0


class QueueTable(QTableView):
    """Rows of 52 pixels. The action bar is a sibling of this view, laid over it."""

    opened = Signal(int)  # Enter or a double click: show the row in full
    remove_wanted = Signal()
    copy_wanted = Signal(bool)
    menu_wanted = Signal(QPoint)
    picked = Signal()
    escaped = Signal()

    def __init__(self, model: QueueModel, delegate: RowDelegate, parent: QWidget) -> None:
        super().__init__(parent)
        self._frame = parent
        self._rows = model
        self._painter = delegate
        self._moved_at = 0.0
        self.setModel(model)
        self.setItemDelegate(delegate)
        delegate.setParent(self)
        self.row_actions = RowActions(parent)
        self.row_actions.left.connect(self._actions_left)
        self._set_up()
        self._skeleton = QTimer(self, singleShot=True, interval=_SKELETON_AFTER_MS)
        self._skeleton.timeout.connect(self._show_skeleton)
        self._ticks = QTimer(self, interval=_SECOND_MS)
        self._ticks.timeout.connect(self._tick)
        model.modelReset.connect(self._arrived)
        model.dataChanged.connect(self._place_actions)
        model.rowsInserted.connect(self._moved)
        model.rowsRemoved.connect(self._moved)
        model.refreshed.connect(self._keep_place)
        self.selectionModel().selectionChanged.connect(self._selected)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def expect(self) -> None:
        """A list was asked for; if it takes long, say so."""
        self._skeleton.start()

    def current_line(self) -> Line | None:
        """The row of the keyboard."""
        return self._rows.loaded(self.currentIndex().row())

    def selected_rows(self) -> list[int]:
        """Positions of the selected rows."""
        found: set[int] = set()
        chosen = self.selectionModel().selection()
        for place in range(chosen.size()):
            part = chosen.at(place)
            found.update(range(part.top(), part.bottom() + 1))
        current = self.currentIndex()
        return sorted(found) or ([current.row()] if current.isValid() else [])

    def visible_rows(self) -> tuple[int, int]:
        """First and last position on the screen."""
        last = self.rowAt(self.viewport().height() - 1)
        return max(0, self.rowAt(0)), last if last >= 0 else self._rows.rowCount() - 1

    def is_pointed_at(self) -> bool:
        """True while the pointer moves over the rows: none may jump away under it."""
        busy = time.monotonic() - self._moved_at < _REST_S
        return busy and (self.viewport().underMouse() or self.row_actions.underMouse())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._moved_at = time.monotonic()
        self._hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._begin_somewhere()
        self._place_actions()

    def _begin_somewhere(self) -> None:
        """With the keyboard in the list one row is always selected."""
        if self._rows.rowCount() and not self.selectionModel().hasSelection():
            self.selectRow(max(0, self.currentIndex().row()))

    def leaveEvent(self, event: QEvent) -> None:
        if not self._is_over_actions():
            self._hover(-1)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, control = event.key(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        elif key == Qt.Key.Key_Delete:
            self.remove_wanted.emit()
        elif key == Qt.Key.Key_C and control:
            self.copy_wanted.emit(shift)
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self.setColumnHidden(ATTEMPTS, narrow)
        for column in _NARROW_WIDTHS:
            self.setColumnWidth(column, (_NARROW_WIDTHS if narrow else _WIDTHS)[column])
        self._place_actions()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._dress)

    def _dress(self) -> None:
        self._painter.dress()
        self.row_actions.dress()
        self.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ticks.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ticks.stop()

    def _set_up(self) -> None:
        self.setAccessibleName("Write-backs")
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.doubleClicked.connect(self._double_clicked)
        down, across = self.verticalHeader(), self.horizontalHeader()
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setMinimumSectionSize(theme.ROW)
        down.setDefaultSectionSize(theme.ROW)
        across.hide()
        across.setMinimumSectionSize(40)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setSectionResizeMode(SHIPMENT, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)

    def _hover(self, row: int) -> None:
        if row == self._painter.hovered:
            return
        self._painter.hovered = row
        self.viewport().update()
        self._place_actions()

    @Slot()
    def _place_actions(self) -> None:
        """On the hovered row, else on the row of the keyboard."""
        row = self._painter.hovered
        if row < 0 and (self.hasFocus() or self.selectionModel().hasSelection()):
            row = self.currentIndex().row()
        line = self._rows.loaded(row) if row >= 0 else None
        top = self.rowViewportPosition(row) if line is not None else -1
        if line is None or top < -theme.ROW or top > self.viewport().height() - theme.ROW // 2:
            self.row_actions.hide()
            return
        self.row_actions.stand_on(line)
        cell = QRect(self.columnViewportPosition(ACTIONS), top, _WIDTHS[ACTIONS], theme.ROW)
        corner = self.viewport().mapTo(self._frame, cell.topLeft())
        self.row_actions.move(corner + QPoint(12, (theme.ROW - theme.ROW_ACTION) // 2))
        self.row_actions.show()
        self.row_actions.raise_()

    @Slot()
    def _moved(self) -> None:
        """Another row may lie under the pointer: its buttons come when the pointer moves."""
        self._painter.hovered = -1
        self._place_actions()

    @Slot()
    def _actions_left(self) -> None:
        inside = self.viewport().rect().contains(self.viewport().mapFromGlobal(QCursor.pos()))
        if not inside:
            self._hover(-1)

    def _is_over_actions(self) -> bool:
        """True when the pointer went from the row to its buttons, which lie over the row."""
        bar = self.row_actions
        return bar.isVisible() and bar.rect().contains(bar.mapFromGlobal(QCursor.pos()))

    @Slot()
    def _arrived(self) -> None:
        self._skeleton.stop()
        self._painter.shows_skeleton = False
        self._painter.hovered = -1
        self.scrollToTop()
        if self.hasFocus():
            self._begin_somewhere()
        self._place_actions()

    @Slot()
    def _show_skeleton(self) -> None:
        self._painter.shows_skeleton = True
        self.viewport().update()

    @Slot(int)
    def _keep_place(self, shift: int) -> None:
        """Rows came or went above what is shown: what is shown stays where it is."""
        bar = self.verticalScrollBar()
        if shift and bar.value() > 0:
            bar.setValue(bar.value() + shift * theme.ROW)
        self._place_actions()

    @Slot()
    def _selected(self) -> None:
        self._place_actions()
        self.picked.emit()

    @Slot()
    def _scrolled(self) -> None:
        if self.viewport().underMouse():
            self._hover(self.rowAt(self.viewport().mapFromGlobal(self.cursor().pos()).y()))
        if not self._painter.shows_skeleton and not self._skeleton.isActive():
            self._skeleton.start()
        self._place_actions()

    @Slot()
    def _tick(self) -> None:
        """Countdowns of the rows on the screen."""
        first, last = self.visible_rows()
        for row in range(first, last + 1):
            line = self._rows.loaded(row)
            if line is not None and line.due_at is not None:
                self.update(self._rows.index(row, NEXT_TRY))

    @Slot(QPoint)
    def _menu(self, where: QPoint) -> None:
        index = self.indexAt(where)
        if index.isValid() and not self.selectionModel().isRowSelected(index.row(), QModelIndex()):
            self.selectRow(index.row())
        if not index.isValid() or not self.viewport().rect().contains(where):
            where = self.visualRect(self.currentIndex()).center()
        if self.currentIndex().isValid():
            self.menu_wanted.emit(self.viewport().mapToGlobal(where))

    @Slot(QModelIndex)
    def _double_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())
