"""A window over any number of rows: exact length at once, rows read in blocks aside."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)

from app.services.queue_lines import Line
from app.services.queue_page import QueuePage, Refreshed, RowFilter
from app.ui.bridge import Bridge
from app.ui.queue.window import Window
from app.ui.times import countdown
from app.ui.widgets import as_tooltip

BLOCK = 128
KEEP_BLOCKS = 32
TITLES = ("Shipment", "Tracking", "Attempts", "Next try", "Actions")
SHIPMENT, TRACKING, ATTEMPTS, NEXT_TRY, ACTIONS = range(len(TITLES))

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
_HORIZONTAL = Qt.Orientation.Horizontal
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class QueueModel(QAbstractTableModel):
    """The rows of one filter, newest first. Never all of them are in memory."""

    arrived = Signal()  # a list was read from its top
    refreshed = Signal(int)  # the list was read again; rows that came (or went) above
    failed = Signal(object)

    def __init__(
        self,
        page: QueuePage,
        bridge: Bridge,
        now_ms: Callable[[], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._page = page
        self._bridge = bridge
        self._wanted = RowFilter()
        self._window = Window()
        self._version = 0  # rises when positions change: answers about older ones are dropped
        self._asked: list[int] = []
        self._is_reading = False
        self._is_refreshing = False
        self.is_loading = True

    @property
    def wanted(self) -> RowFilter:
        return self._wanted

    @property
    def is_busy(self) -> bool:
        """True while something is being read."""
        return self.is_loading or self._is_refreshing or self._is_reading

    def line(self, row: int) -> Line | None:
        """A row as it is painted; None: not read yet, which asks for it."""
        found = self._window.lines.get(row)
        if found is None and row < self._window.count and not self.is_loading:
            self._ask(row // BLOCK)
        return found

    def loaded(self, row: int) -> Line | None:
        """The same, but never asks."""
        return self._window.lines.get(row)

    def row_of(self, job_id: int) -> int | None:
        """Where a row stands, if it is among those read."""
        return self._window.find(job_id)

    def show(self, wanted: RowFilter) -> None:
        """Another list; the rows of the old one stay until the new one is read."""
        self._wanted = wanted
        self._version += 1
        version = self._version
        self._asked.clear()
        self.is_loading = True

        def done(found: Refreshed) -> None:
            if version == self._version:
                self._reset(found)

        self._bridge.run_in_background(
            lambda: self._page.first(wanted, BLOCK), done, self._failed_with(version)
        )

    def refresh(self, first: int, last: int, may_move: Callable[[], bool]) -> None:
        """Read the rows that are shown again; `may_move` False: only change rows in place."""
        if self.is_loading or self._is_refreshing:
            return
        self._is_refreshing = True
        version, wanted, page = self._version, self._wanted, self._page
        anchor = self._window.lines.get(first) if first else None
        limit = max(BLOCK // 2, last - first + 20)

        def read() -> Refreshed:
            if anchor is None:
                return page.first(wanted, limit)
            return page.refreshed(wanted, anchor, limit)

        def done(found: Refreshed) -> None:
            self._is_refreshing = False
            if version != self._version:
                return
            start = first if anchor is not None else 0
            if may_move():
                self._apply(found, start)
            else:
                self._touch(found.lines)

        def failed(error: Exception) -> None:
            self._is_refreshing = False
            self._failed_with(version)(error)

        self._bridge.run_in_background(read, done, failed)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._window.count

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if role == _DISPLAY and orientation == _HORIZONTAL:
            return TITLES[section]
        return None

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        if role != _DISPLAY and role != _TOOLTIP:
            return None
        line = self._window.lines.get(index.row())
        if line is None:
            return None
        column = index.column()
        if role == _TOOLTIP:
            return as_tooltip(_tooltip(line, column))
        if column == SHIPMENT:
            return f"{line.title}: {line.reason}"
        if column == TRACKING:
            return f"{line.tracking}, {line.connection}"
        if column == ATTEMPTS:
            return line.attempts
        if column != NEXT_TRY:
            return None
        return line.when if line.due_at is None else countdown(line.due_at - self._now_ms())

    def _ask(self, block: int) -> None:
        """Read a block aside; the one asked for last comes first."""
        if block in self._asked:
            return
        self._asked.append(block)
        self._pump()

    def _pump(self) -> None:
        if self._is_reading or not self._asked:
            return
        self._is_reading = True
        block, version = self._asked[-1], self._version
        wanted, total, page = self._wanted, self._window.count, self._page

        def done(lines: tuple[Line, ...]) -> None:
            self._is_reading = False
            if block in self._asked:
                self._asked.remove(block)
            if version == self._version:
                self._fill(block * BLOCK, lines)
            del self._asked[:-KEEP_BLOCKS]
            self._pump()

        def failed(error: Exception) -> None:
            self._is_reading = False
            self._asked.clear()
            self._failed_with(version)(error)

        self._bridge.run_in_background(
            lambda: page.block(wanted, block * BLOCK, BLOCK, total), done, failed
        )

    def _fill(self, start: int, lines: Sequence[Line]) -> None:
        for offset, line in enumerate(lines):
            self._window.lines.setdefault(start + offset, line)
        self._window.trim(start, KEEP_BLOCKS * BLOCK)
        if lines:
            self._changed(start, start + len(lines) - 1)

    def _reset(self, found: Refreshed) -> None:
        self.beginResetModel()
        self._window = Window(found.count, dict(enumerate(found.lines)))
        self.is_loading = False
        self.endResetModel()
        self.arrived.emit()

    def _touch(self, lines: Sequence[Line]) -> None:
        """Rows that are shown get their new words, none comes or goes."""
        for line in lines:
            row = self._window.find(line.id)
            if row is not None:
                self._set(row, line)

    def _apply(self, found: Refreshed, start: int) -> None:
        """Bring the rows from `start` on in line with what was read, row by row."""
        window = self._window
        window.keep(start, start + len(found.lines) + BLOCK)
        shift = found.above - start
        self._insert(0, shift) if shift > 0 else self._remove(0, -shift)
        for offset, line in enumerate(found.lines):
            self._place(found.above + offset, line)
        end = found.above + len(found.lines)
        window.keep(found.above, end)
        self._insert(window.count, found.count - window.count)
        self._remove(found.count, window.count - found.count)
        self.refreshed.emit(shift)

    def _place(self, row: int, line: Line) -> None:
        here = self._window.lines.get(row)
        if here is not None and here.id != line.id:
            later = self._window.find(line.id)
            if later is not None and later > row:
                self._remove(row, later - row)
            else:
                self._insert(row, 1)
        elif row >= self._window.count:
            self._insert(row, 1)
        self._set(row, line)

    def _set(self, row: int, line: Line) -> None:
        before = self._window.lines.get(row)
        self._window.lines[row] = line
        if before is None or _shown(before) != _shown(line):
            self._changed(row, row)

    def _insert(self, row: int, count: int) -> None:
        if count <= 0:
            return
        self._version += 1
        self.beginInsertRows(_NOWHERE, row, row + count - 1)
        self._window.insert(row, count)
        self.endInsertRows()

    def _remove(self, row: int, count: int) -> None:
        count = min(count, self._window.count - row)
        if count <= 0:
            return
        self._version += 1
        self.beginRemoveRows(_NOWHERE, row, row + count - 1)
        self._window.remove(row, count)
        self.endRemoveRows()

    def _changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(TITLES) - 1))

    def _failed_with(self, version: int) -> Callable[[Exception], None]:
        def failed(error: Exception) -> None:
            if version == self._version:
                self.failed.emit(error)

        return failed

    @Slot()
    def again(self) -> None:
        """Read the same list from its top."""
        self.show(self._wanted)


def _shown(line: Line) -> tuple[object, ...]:
    """What of a row is seen: a due time counts by the second."""
    due = None if line.due_at is None else round(line.due_at, -3)
    return (
        line.title, line.reason, line.tracking, line.connection, line.attempts, line.when, due,
        line.phase, line.is_locked,
    )  # fmt: skip


def _tooltip(line: Line, column: int) -> str:
    if column == SHIPMENT:
        return "\n".join(part for part in (line.title, line.reason, line.row.wording.hint) if part)
    return f"{line.tracking}\n{line.connection}" if column == TRACKING else ""
