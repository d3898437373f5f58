"""A window over any number of orders, as the table asks for them: parts of it are read aside."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from app.core.orders import OrderColumn, OrderSort
from app.ui.bridge import Bridge
from app.ui.orders.reads import OrderReads, Read, Row, Wanted
from app.ui.queue.flat import ListRows
from app.ui.queue.windowed import WindowedModel
from app.ui.widgets import as_tooltip

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
_NAME = int(Qt.ItemDataRole.AccessibleTextRole)
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column:
    """A heading. `width`: pixels, of the one that stretches the least. `is_falling`: the first
    click puts the largest on top."""

    of: OrderColumn
    title: str
    width: int
    is_right: bool = False
    is_falling: bool = False


C = OrderColumn
COLUMNS = (
    Column(C.ORDER, "Order", 132),
    Column(C.STATUS, "Status", 108),
    Column(C.REASON, "Why", 230),
    Column(C.SHIP_TO, "Ship to", 128),
    Column(C.CONNECTION, "Connection", 112),
    Column(C.STORE_STATUS, "At the store", 100),
    Column(C.TOTAL, "Total", 104, is_right=True, is_falling=True),
    Column(C.CHANGED, "Changed", 138, is_right=True, is_falling=True),
    Column(C.PLACED, "Ordered", 138, is_right=True, is_falling=True),
)
PLACE_OF = {column.of: place for place, column in enumerate(COLUMNS)}


class OrderRows(ListRows[Row, Wanted]):
    """The orders that were read."""

    def _looks(self, line: Row) -> object:
        return line.texts, line.status

    def _phase(self, line: Row) -> object:
        return line.status


class OrdersModel(WindowedModel):
    """The orders of one filter, in one order. Never all of them are in memory."""

    sorted_anew = Signal()

    def __init__(self, reads: OrderReads, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reads, self._bridge = reads, bridge
        self._next: OrderRows | None = None  # being read
        self.rows = OrderRows(self, reads, bridge, Wanted())
        self.is_loading = True

    @property
    def wanted(self) -> Wanted:
        """The list that is shown, or is being read."""
        return (self._next or self.rows).wanted

    @property
    def is_busy(self) -> bool:
        """True while something is being read."""
        return self.is_loading or self.rows.is_busy

    def line(self, row: int) -> Row | None:
        """The order there; None: it was not read yet, which asks for it."""
        found = self.rows.loaded(row)
        if found is None and not self.is_loading and 0 <= row < self.rows.count:
            self.rows.ask(row)
        return found

    def loaded(self, row: int) -> Row | None:
        return self.rows.loaded(row)

    def row_of(self, number: int) -> int | None:
        return self.rows.find(number)

    def show(self, wanted: Wanted) -> None:
        """Another list; the rows of the old one stay until the new one is read."""
        is_sorted = wanted.sort != self.wanted.sort
        self._next = coming = OrderRows(self, self._reads, self._bridge, wanted)
        self.is_loading = True

        def done(found: Any) -> None:
            if self._next is coming:
                self._reset(coming, found)

        def failed(error: Exception) -> None:
            if self._next is coming:
                self.failed.emit(error)

        self._bridge.run_in_background(coming.first_read(), done, failed)
        if is_sorted:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
            self.sorted_anew.emit()

    @Slot()
    def again(self) -> None:
        """The same list from its top."""
        self.show(self.wanted)

    def refresh(self, first: int, last: int) -> None:
        """Read the rows that are shown again."""
        if not self.is_loading:
            self.rows.refresh(first, last, lambda: True)

    def sort_by(self, column: OrderColumn, *, other_way: bool = False) -> None:
        """As a click on a heading does: again turns it round, `other_way` begins turned round."""
        before = self.wanted
        if before.sort.column is column:
            falling = not before.sort.descending
        else:
            falling = COLUMNS[PLACE_OF[column]].is_falling != other_way
        self.show(before._replace(sort=OrderSort(column, falling)))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self.rows.count

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        title = COLUMNS[section].title
        if role == _NAME:
            return f"{title}{self._sorted(section)}"
        if role == _TOOLTIP:
            return f"Sort by “{title}” (Shift: the other way round)"
        return title if role == _DISPLAY else None

    def _sorted(self, section: int) -> str:
        sort = self.wanted.sort
        if COLUMNS[section].of is not sort.column:
            return ""
        return ", sorted descending" if sort.descending else ", sorted ascending"

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        if role not in (_DISPLAY, _TOOLTIP, _NAME):
            return None
        line = self.rows.loaded(index.row())
        if line is None:
            return None
        column = COLUMNS[index.column()].of
        if role == _TOOLTIP:
            return as_tooltip(_tooltip(line, column))
        if role == _NAME and column is C.ORDER:
            return spoken(line)
        return line.texts[column]

    def _reset(self, coming: OrderRows, found: Read) -> None:
        self.beginResetModel()
        self.rows.is_gone = True
        coming.begin(found)
        self.rows, self._next = coming, None
        self.is_loading = False
        self.endResetModel()
        self.arrived.emit()


def spoken(line: Row) -> str:
    """A whole row in words."""
    why = line.texts[C.REASON]
    name = f"{line.name[:1].upper()}{line.name[1:]}"
    return f"{name}: {line.one.status}{f', {why}' if why else ''}, {line.one.connection}"


def _tooltip(line: Row, column: OrderColumn) -> str:
    if column in (C.STATUS, C.REASON):
        setting = f"Setting: {line.one.setting}" if line.one.setting else ""
        return "\n".join(part for part in (line.one.reason, line.one.hint, setting) if part)
    if column is C.SHIP_TO:
        return line.one.ship_to
    return line.texts[column]
