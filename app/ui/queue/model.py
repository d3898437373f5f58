"""A window over any number of rows, as the table asks for it: exact length, parts read aside."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Slot,
)

from app.services.queue_lines import CauseGroup, Line
from app.services.queue_page import QueuePage, RowFilter
from app.ui.bridge import Bridge
from app.ui.queue.flat import FlatRows
from app.ui.queue.grouped import GroupedRows
from app.ui.queue.windowed import WindowedModel
from app.ui.queue.words import head_note
from app.ui.times import countdown
from app.ui.widgets import as_tooltip

TITLES = ("Shipment", "Tracking", "Attempts", "Next try", "Actions")
SHIPMENT, TRACKING, ATTEMPTS, NEXT_TRY, ACTIONS = range(len(TITLES))

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
_HORIZONTAL = Qt.Orientation.Horizontal
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class QueueModel(WindowedModel):
    """The rows of one filter, as they come or by cause. Never all of them are in memory."""

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
        self._folded: dict[str, bool] = {}
        self._next: FlatRows | GroupedRows | None = None  # being read
        self.rows: FlatRows | GroupedRows = FlatRows(self, page, bridge, RowFilter())
        self.is_loading = True

    @property
    def wanted(self) -> RowFilter:
        """The filter that is shown, or is being read."""
        return (self._next or self.rows).wanted

    @property
    def is_grouped(self) -> bool:
        """True while headers stand between the rows."""
        return isinstance(self.rows, GroupedRows)

    @property
    def is_busy(self) -> bool:
        """True while something is being read."""
        return self.is_loading or self.rows.is_busy

    def line(self, row: int) -> Line | None:
        """A row as it is painted; None: not read yet (which asks for it), or a header."""
        found = self.rows.loaded(row)
        if found is not None or self.is_loading or not 0 <= row < self.rows.count:
            return found
        if self.rows.group(row) is None:
            self.rows.ask(row)
        return None

    def loaded(self, row: int) -> Line | None:
        """The same, but never asks."""
        return self.rows.loaded(row)

    def group(self, row: int) -> CauseGroup | None:
        """The group whose header stands there."""
        return self.rows.group(row)

    def row_of(self, job_id: int) -> int | None:
        """Where a row stands, if it is among those read."""
        return self.rows.find(job_id)

    def row_of_group(self, key: str) -> int | None:
        """Where the header of a group stands."""
        return self.rows.find_group(key)

    def show(self, wanted: RowFilter, *, grouped: bool = False) -> None:
        """Another list; the rows of the old one stay until the new one is read."""
        coming: FlatRows | GroupedRows
        if grouped:
            coming = GroupedRows(self, self._page, self._bridge, wanted, self._folded)
        else:
            coming = FlatRows(self, self._page, self._bridge, wanted)
        self._next = coming
        self.is_loading = True

        def done(found: Any) -> None:
            if self._next is coming:
                self._reset(coming, found)

        def failed(error: Exception) -> None:
            if self._next is coming:
                self.failed.emit(error)

        self._bridge.run_in_background(coming.first_read(), done, failed)

    def refresh(self, first: int, last: int, may_move: Callable[[], bool]) -> None:
        """Read the rows that are shown again; `may_move` False: only change rows in place."""
        if not self.is_loading:
            self.rows.refresh(first, last, may_move)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self.rows.count

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if role == _DISPLAY and orientation == _HORIZONTAL:
            return TITLES[section]
        return None

    def data(self, index: _Index, role: int = _DISPLAY) -> Any:
        if role != _DISPLAY and role != _TOOLTIP:
            return None
        line = self.rows.loaded(index.row())
        if line is None:
            return self._head_data(index.row(), index.column(), role)
        column = index.column()
        if role == _TOOLTIP:
            return as_tooltip(_tooltip(line, column))
        if column == SHIPMENT:
            return f"{line.title}: {line.reason}"
        if column == TRACKING:
            return ", ".join(part for part in (line.tracking, line.connection) if part)
        if column == ATTEMPTS:
            return line.attempts
        if column != NEXT_TRY:
            return None
        return line.when if line.due_at is None else countdown(line.due_at - self._now_ms())

    def _head_data(self, row: int, column: int, role: int) -> Any:
        group = self.rows.group(row)
        if group is None:
            return None
        if role == _TOOLTIP:
            parts = (group.title, head_note(group), group.hint)
            return as_tooltip("\n".join(part for part in parts if part))
        if column != SHIPMENT:
            return None
        state = "shown" if self.rows.is_open(row) else "folded"
        hint = f". {group.hint}" if group.hint else ""
        return f"{group.title}: {head_note(group)}, {state}{hint}"

    def _reset(self, coming: FlatRows | GroupedRows, found: Any) -> None:
        self.beginResetModel()
        self.rows.is_gone = True
        coming.begin(found)
        self.rows, self._next = coming, None
        self.is_loading = False
        self.endResetModel()
        self.arrived.emit()

    @Slot()
    def again(self) -> None:
        """Read the same list from its top."""
        self.show(self.wanted, grouped=self.is_grouped)


def _tooltip(line: Line, column: int) -> str:
    if column == SHIPMENT:
        return "\n".join(part for part in (line.title, line.reason, line.row.wording.hint) if part)
    return f"{line.tracking}\n{line.connection}" if column == TRACKING else ""
