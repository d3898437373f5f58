"""The items of one list as the table asks for them: exact length, parts read aside."""

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.services.attention import AttentionService, ItemState
from app.ui.bridge import Bridge
from app.ui.connections.facts import ago
from app.ui.intake.steps import Step, steps
from app.ui.intake.words import ItemLine, item_line
from app.ui.widgets import as_tooltip

BLOCK = 128
KEEP = 32 * BLOCK
WHAT, WHERE, SINCE = range(3)
TITLES = ("What", "Where", "Since")
OPEN = (ItemState.OPEN,)
CLOSED = (ItemState.RESOLVED, ItemState.IGNORED)

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class ItemsModel(QAbstractTableModel):
    """Newest first. All numbers are in memory, eight bytes each; of the rows only some are."""

    arrived = Signal()  # a list was read, or what was shown is up to date again
    moved = Signal()  # the list is another one than before
    failed = Signal(object)

    def __init__(
        self,
        service: AttentionService,
        bridge: Bridge,
        now_ms: Callable[[], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._service, self._bridge, self._now_ms = service, bridge, now_ms
        self.states: Sequence[ItemState] = OPEN
        self._ids: array[int] = array("q")
        self._lines: dict[int, ItemLine] = {}
        self._asked: list[int] = []
        self._is_reading = self._is_refreshing = self._is_stale = False
        self.is_read = False

    @property
    def is_busy(self) -> bool:
        """True while something is being read."""
        return self._is_reading or self._is_refreshing

    def show(self, states: Sequence[ItemState]) -> None:
        """Another list; the rows of the old one stay until it is read."""
        if states != self.states:
            self.states = states
            self.refresh()

    def refresh(self) -> None:
        """Read which items there are; once more when that is under way."""
        if self._is_refreshing:
            self._is_stale = True
            return
        self._is_refreshing, self._is_stale = True, False
        states, before, service = self.states, self._ids, self._service

        def read() -> tuple["array[int]", list[Step] | None]:
            now = array("q", service.ids(states))
            return now, steps(before, now)

        def done(found: tuple["array[int]", list[Step] | None]) -> None:
            self._is_refreshing = False
            if states == self.states:
                self._apply(*found)
            if self._is_stale or states != self.states:
                self.refresh()

        self._bridge.run_in_background(read, done, self._not_read)

    def ids(self, ranges: Sequence[tuple[int, int]]) -> list[int]:
        """The numbers of the items in those rows, both ends included."""
        found: list[int] = []
        for first, last in ranges:
            found += self._ids[first : last + 1]
        return found

    def id_at(self, row: int) -> int:
        """The number of the item there; 0: none."""
        return self._ids[row] if 0 <= row < len(self._ids) else 0

    def row_of(self, item_id: int) -> int | None:
        """Where an item stands."""
        low, high = 0, len(self._ids)
        while low < high:
            middle = (low + high) // 2
            if self._ids[middle] > item_id:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self._ids) and self._ids[low] == item_id else None

    def loaded(self, row: int) -> ItemLine | None:
        """The item there, if it was read; never asks."""
        return self._lines.get(self.id_at(row))

    def line(self, row: int) -> ItemLine | None:
        """The same, asking for it where it was not read yet."""
        found = self.loaded(row)
        if found is None and 0 <= row < len(self._ids):
            block = row // BLOCK
            if block not in self._asked:
                self._asked.append(block)
                self._pump()
        return found

    def since(self, row: int) -> str:
        """How old the item there is."""
        line = self.loaded(row)
        return ago(line.item.item.created_at, self._now_ms()) if line else ""

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        is_title = role == _DISPLAY and orientation == Qt.Orientation.Horizontal
        return TITLES[section] if is_title else None

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        if role != _DISPLAY and role != _TOOLTIP:
            return None
        line = self.loaded(index.row())
        if line is None:
            return None
        column = index.column()
        if role == _TOOLTIP:
            text = f"{line.name}\n{line.reason}" if column == WHAT else line.item.where
            return as_tooltip(text if column != SINCE else "")
        if column == WHAT:
            return f"{line.name}: {line.reason}"
        if column == WHERE:
            return f"{line.kind}, {line.place}" if line.place else line.kind
        return self.since(index.row())

    def _pump(self) -> None:
        if self._is_reading or not self._asked:
            return
        self._is_reading = True
        block, service = self._asked[-1], self._service
        wanted = self.ids([(block * BLOCK, (block + 1) * BLOCK - 1)])

        def read() -> list[ItemLine]:
            return [item_line(one) for one in service.some(wanted)]

        def done(found: list[ItemLine]) -> None:
            self._is_reading = False
            if block in self._asked:
                self._asked.remove(block)
            self._keep(found)
            self._pump()

        self._bridge.run_in_background(read, done, self._not_read)

    def _not_read(self, error: Exception) -> None:
        self._is_reading = self._is_refreshing = False
        self._asked.clear()
        self.failed.emit(error)

    def _keep(self, found: list[ItemLine]) -> None:
        self._lines.update((line.id, line) for line in found)
        for old in list(self._lines)[: max(0, len(self._lines) - KEEP)]:
            del self._lines[old]
        rows = [row for line in found if (row := self.row_of(line.id)) is not None]
        if rows:
            self._touch(min(rows), max(rows))
        self.arrived.emit()

    def _touch(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(TITLES) - 1))

    def _apply(self, now: "array[int]", found: list[Step] | None) -> None:
        is_first, self.is_read = not self.is_read, True
        if found is None:
            self.beginResetModel()
            self._ids = now
            self._lines.clear()
            self.endResetModel()
        else:
            self._ids = self._ids[:]  # a reading aside may still look at the other one
            for step in found:
                self._step(step, now)
        self._asked.clear()
        if found is None or found or is_first:
            self.moved.emit()
        self.arrived.emit()

    def _step(self, step: Step, now: "array[int]") -> None:
        """From the bottom upwards: what stands below is in its place already."""
        row, gone, come = step
        if gone:
            self.beginRemoveRows(_NOWHERE, row, row + gone - 1)
            for item_id in self._ids[row : row + gone]:
                self._lines.pop(item_id, None)
            del self._ids[row : row + gone]
            self.endRemoveRows()
        if come:
            below = len(self._ids) - row
            self.beginInsertRows(_NOWHERE, row, row + come - 1)
            self._ids[row:row] = now[len(now) - below - come : len(now) - below]
            self.endInsertRows()
