"""The list itself: hovering, keys, and where the row actions stand."""

import time

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from app.services.queue_lines import Line
from app.ui.queue.bars import Bars
from app.ui.queue.deeds import Act, act_of_key
from app.ui.queue.delegate import RowPainter
from app.ui.queue.heads import CHEVRON_ROOM
from app.ui.queue.model import NEXT_TRY, TITLES, QueueModel
from app.ui.queue.motion import Fades
from app.ui.queue.rows_view import RowsView
from app.ui.queue.steady import Anchor, Steady
from app.ui.widgets import when_dressed

_SECOND_MS = 1000
_REST_S = 2.0


class QueueTable(RowsView):
    """What hovering, keys and the mouse do there. The action bars are siblings, laid over it."""

    opened = Signal(int)  # Enter or a double click: show the row in full
    act_wanted = Signal(object)  # the Act whose key was pressed
    escaped = Signal()

    def __init__(self, model: QueueModel, painter: RowPainter, parent: QWidget) -> None:
        super().__init__(model, painter, parent)
        self._moved_at = 0.0
        self._hovered: Anchor | None = None
        self.bars = Bars(self, model, painter, parent, self._not_hovered)
        self.row_actions = self.bars.row
        self.doubleClicked.connect(self._double_clicked)
        self._fades = Fades(self._repaint_row, self)
        painter.strength = self._fades.strength
        self._ticks = QTimer(self, interval=_SECOND_MS)
        self._ticks.timeout.connect(self._tick)
        model.modelReset.connect(self._arrived)
        model.dataChanged.connect(self._place_actions)
        model.moving.connect(self._moving)
        self._steady = Steady(self, model)
        model.refreshed.connect(self._moved)
        model.phase_changed.connect(self._fades.start)
        self.selectionModel().selectionChanged.connect(self._selected)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    def current_line(self) -> Line | None:
        """The row of the keyboard."""
        return self._rows.loaded(self.currentIndex().row())

    def is_pointed_at(self) -> bool:
        """True while the pointer moves over the rows: none may jump away under it."""
        busy = time.monotonic() - self._moved_at < _REST_S
        return busy and (self.viewport().underMouse() or self.bars.is_under_mouse())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._moved_at = time.monotonic()
        self._hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._begin_somewhere()
        self._place_actions()

    def leaveEvent(self, event: QEvent) -> None:
        if not self.bars.is_pointed_at():
            self._hover(-1)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        where = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and where.x() < CHEVRON_ROOM:
            self.toggle_group(self.rowAt(where.y()))
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        where = event.position().toPoint()
        self.toggle_group(self.rowAt(where.y()))
        super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self.currentIndex().row()
        act = act_of_key(event)
        if act is Act.DETAILS or key == Qt.Key.Key_Enter:
            if row >= 0:
                self.opened.emit(row)
        elif act is not None:
            self.act_wanted.emit(act)
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        elif not (self._rows.is_grouped and row >= 0 and self._folds(key, row)):
            super().keyPressEvent(event)

    def _folds(self, key: int, row: int) -> bool:
        """Left and Right fold and unfold, Space turns round; Left on a row goes to its header."""
        is_head = self._rows.group(row) is not None
        if key == Qt.Key.Key_Space and is_head:
            self.toggle_group(row)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and is_head:
            self.toggle_group(row, folded=key == Qt.Key.Key_Left)
        elif key == Qt.Key.Key_Left:
            self.go_to(self._rows.rows.head_of(row) or 0)
        else:
            return False
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_actions()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._dress)

    def _dress(self) -> None:
        self._painter.dress()
        self.bars.dress()
        self.viewport().update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ticks.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ticks.stop()

    @Slot(int)
    def _repaint_row(self, job_id: int) -> None:
        row = self._rows.row_of(job_id)
        if row is not None:
            for column in range(len(TITLES)):
                self.update(self._rows.index(row, column))

    def _hover(self, row: int) -> None:
        if row == self._painter.hovered:
            return
        self._painter.hovered = row
        self.viewport().update()
        self._place_actions()

    @Slot()
    def _place_actions(self) -> None:
        self.bars.place()

    @Slot()
    def _moving(self) -> None:
        self._hovered = self._steady.anchor(self._painter.hovered)

    @Slot()
    def _moved(self) -> None:
        """The buttons stay only where the same row is still under the pointer; on another they
        come when the pointer moves."""
        row = self._steady.row_of(self._hovered) if self._painter.hovered >= 0 else -1
        self._painter.hovered = row if row == self._steady.pointed_row() else -1
        self._place_actions()

    @Slot()
    def _not_hovered(self) -> None:
        self._hover(-1)

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
    def _selected(self) -> None:
        self._follow_selection()
        self._place_actions()

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

    @Slot(QModelIndex)
    def _double_clicked(self, index: QModelIndex) -> None:
        if self._rows.group(index.row()) is None:
            self.opened.emit(index.row())
