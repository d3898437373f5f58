"""The list of orders: what hovering, keys and the mouse do there; nothing jumps."""

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.orders import OrderColumn
from app.ui import theme
from app.ui.listing import selected_ranges, set_up
from app.ui.orders.headings import Headings
from app.ui.orders.model import COLUMNS, PLACE_OF, OrdersModel
from app.ui.orders.painter import OrderPainter
from app.ui.orders.reads import Row
from app.ui.painted_table import PaintedTable
from app.ui.queue.steady import Steady
from app.ui.widgets import when_dressed

_MOST_KEPT = 2_000  # chosen rows that are found again after the list moved
_FLAGS = QItemSelectionModel.SelectionFlag
_STRETCHED = PLACE_OF[OrderColumn.REASON]
_ROOM_ORDER = (
    OrderColumn.PLACED, OrderColumn.SHIP_TO, OrderColumn.CONNECTION, OrderColumn.TOTAL,
    OrderColumn.STORE_STATUS, OrderColumn.CHANGED,
)  # fmt: skip
"""Which headings come first where room is scarce, after number, status and reason."""


class OrdersTable(PaintedTable):
    """Rows of one line below headings."""

    opened = Signal(int)  # the order's number: Enter, a double click, a click on its number
    chosen_changed = Signal()  # by a person
    copy_wanted = Signal(str)
    escaped = Signal()

    def __init__(self, model: OrdersModel, painter: OrderPainter, parent: QWidget) -> None:
        super().__init__(model, painter, parent)
        self._rows, self._painter = model, painter
        self.headings = Headings(model, self)
        self.setHorizontalHeader(self.headings)
        set_up(self, "Orders", _STRETCHED, {at: c.width for at, c in enumerate(COLUMNS)})
        self.verticalHeader().setDefaultSectionSize(theme.ROW_ONE_LINE)
        self.headings.show()
        self.headings.sort_wanted.connect(lambda column, way: model.sort_by(column, other_way=way))
        self._is_moving, self._kept, self._current = False, list[int](), 0
        self._left_out: frozenset[OrderColumn] = frozenset()
        self._steady = Steady(self, model)
        model.moving.connect(self._moving)
        model.refreshed.connect(self._moved)
        model.modelAboutToBeReset.connect(self._moving)
        model.modelReset.connect(self._arrived)
        self.selectionModel().selectionChanged.connect(self._selected)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.doubleClicked.connect(self._open_current)

    def chosen_ranges(self) -> list[tuple[int, int]]:
        """The selected rows as ranges from the top, both ends included."""
        return selected_ranges(self)

    def leave_out(self, columns: frozenset[OrderColumn]) -> None:
        """Headings below which nothing would stand, or always the same."""
        if columns != self._left_out:
            self._left_out = columns
            self._share_room()

    def current_row(self) -> Row | None:
        """The order of the keyboard."""
        return self._rows.loaded(self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open_current()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._begin_somewhere()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        self._hover(self.rowAt(at.y()), is_number=self.columnAt(at.x()) == 0)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = self.indexAt(event.position().toPoint())
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        is_click = is_plain and event.button() == Qt.MouseButton.LeftButton
        is_number = at.isValid() and at.column() == 0 and at.row() == self.currentIndex().row()
        if is_click and is_number and len(self.chosen_ranges()) == 1:
            self._open_current()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1, is_number=False)
        super().leaveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._dress)

    def _dress(self) -> None:
        self._painter.dress()
        self.viewport().update()
        self.headings.viewport().update()

    def _share_room(self) -> None:
        """What does not fit goes, from the least needed on."""
        always = (OrderColumn.ORDER, OrderColumn.STATUS, OrderColumn.REASON)
        room = self.viewport().width() - sum(COLUMNS[PLACE_OF[one]].width for one in always)
        for one in _ROOM_ORDER:
            place = PLACE_OF[one]
            room -= 0 if one in self._left_out else COLUMNS[place].width
            is_hidden = room < 0 or one in self._left_out
            if self.isColumnHidden(place) != is_hidden:
                self.setColumnHidden(place, is_hidden)

    def _hover(self, row: int, *, is_number: bool) -> None:
        painter = self._painter
        if (row, is_number) != (painter.hovered, painter.points_at_number):
            painter.hovered, painter.points_at_number = row, is_number
            hand = Qt.CursorShape.PointingHandCursor if row >= 0 and is_number else None
            self.viewport().setCursor(hand or Qt.CursorShape.ArrowCursor)
            self.viewport().update()

    @Slot()
    def _open_current(self) -> None:
        line = self.current_row()
        if line is not None:
            self.opened.emit(line.id)

    @Slot()
    def copy(self) -> None:
        """The numbers of the chosen orders."""
        rows = [row for first, last in self.chosen_ranges() for row in range(first, last + 1)]
        lines = [line for row in rows[:_MOST_KEPT] if (line := self._rows.loaded(row)) is not None]
        numbers = [line.one.order.order_ref or line.one.order.remote_id for line in lines]
        if numbers:
            self.copy_wanted.emit("\n".join(numbers))

    @Slot()
    def _selected(self) -> None:
        self._follow_selection()
        if not self._is_moving:
            self.chosen_changed.emit()

    @Slot()
    def _moving(self) -> None:
        """Rows are about to come and go: note which are chosen, by their numbers."""
        self._is_moving = True
        self._kept = self._numbers_chosen()
        line = self.current_row()
        self._current = line.id if line is not None else 0

    def _numbers_chosen(self) -> list[int]:
        rows = self._rows.rows
        ranges = self.chosen_ranges()
        if sum(last - first + 1 for first, last in ranges) > _MOST_KEPT:
            return []
        found = (rows.loaded(row) for first, last in ranges for row in range(first, last + 1))
        return [line.id for line in found if line is not None]

    @Slot()
    def _moved(self) -> None:
        """The same orders are chosen as before, wherever they stand now."""
        rows = [row for one in self._kept if (row := self._rows.row_of(one)) is not None]
        current = self._rows.row_of(self._current) if self._current else None
        if rows and {(row, row) for row in rows} != set(_singles(self.chosen_ranges())):
            self.select_ranges([(row, row) for row in sorted(rows)])
        if current is not None and current != self.currentIndex().row():
            index = self._rows.index(current, 0)
            self.selectionModel().setCurrentIndex(index, _FLAGS.NoUpdate)
        self._is_moving = False
        self.chosen_changed.emit()

    @Slot()
    def _arrived(self) -> None:
        self._skeleton.stop()
        self._painter.shows_skeleton, self._painter.hovered = False, -1
        self.scrollToTop()
        self._moved()
        if self.hasFocus():
            self._begin_somewhere()

    @Slot()
    def _scrolled(self) -> None:
        if self.viewport().underMouse():
            at = self.viewport().mapFromGlobal(self.cursor().pos())
            self._hover(self.rowAt(at.y()), is_number=self.columnAt(at.x()) == 0)
        if not self._painter.shows_skeleton and not self._skeleton.isActive():
            self._skeleton.start()


def _singles(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    if sum(last - first + 1 for first, last in ranges) > _MOST_KEPT:
        return []
    return [(row, row) for first, last in ranges for row in range(first, last + 1)]
