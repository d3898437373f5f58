"""Which rows are chosen: by their numbers, whatever becomes of their places in the list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.queue_page import Kinds, QueuePage, Slice
from app.ui.bridge import Bridge
from app.ui.listing import Ranges
from app.ui.queue.choice import Choice, of_group, of_lines
from app.ui.queue.flat import FlatRows
from app.ui.queue.grouped import GroupedRows
from app.ui.queue.model import QueueModel
from app.ui.queue.rows_view import RowsView

T = TypeVar("T")

_SOON_MS = 150


@dataclass(frozen=True, slots=True)
class _Seen:
    """The list as it is now, and what of the chosen rows is still in it."""

    all: tuple[int, ...]
    chosen: tuple[int, ...]
    ranges: Ranges
    kinds: Kinds


class Selection(QObject):
    """Counts what a person selected in the table and keeps to those rows.

    A place in the list is no name: rows above may go without having been read. So the numbers of
    the rows are read once when they are selected, and afterwards the places follow the numbers.
    """

    changed = Signal()

    def __init__(self, table: RowsView, model: QueueModel, page: QueuePage, bridge: Bridge) -> None:
        super().__init__(table)
        self._table, self._model, self._page, self._bridge = table, model, page, bridge
        self.count = 0
        self.choice: Choice | None = None  # None while it is read
        self._ids: tuple[int, ...] = ()  # of a list without groups, once they are known
        self._turn = 0  # rises with every choice of a person: what is read for an older one is not
        self._is_reading = self._is_late = False
        self._is_moving = False  # rows come and go: that is nobody's choice
        self._waiting: list[Callable[[Choice], object]] = []
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._look_again)
        table.selectionModel().selectionChanged.connect(self._picked)
        table.selectionModel().currentChanged.connect(self._went)
        model.moving.connect(self._rows_move)
        model.refreshed.connect(self._rows_moved)
        model.modelReset.connect(self._picked)
        model.dataChanged.connect(self._look_soon)

    @property
    def total(self) -> int:
        """How many rows the list has."""
        rows = self._model.rows
        if isinstance(rows, GroupedRows):
            return sum(len(group.ids) for group in rows.groups)
        return rows.count

    def take(self, then: Callable[[Choice], object]) -> None:
        """Call `then` with the chosen rows once they are known; never when there are none, or
        when others are chosen before."""
        if self.choice is None:
            self._waiting.append(then)
        elif self.choice.count:
            then(self.choice)

    @Slot()
    def _picked(self) -> None:
        if self._is_moving:
            return
        self._turn += 1
        self._waiting.clear()
        self._ids, self.choice = (), None
        self._look()
        if self.choice is None:
            self.changed.emit()

    @Slot()
    def _went(self) -> None:
        """Without a selection the row of the keyboard is the one that is meant."""
        if not self._table.selectionModel().hasSelection():
            self._picked()

    @Slot()
    def _rows_move(self) -> None:
        self._is_moving = True

    @Slot()
    def _rows_moved(self) -> None:
        self._is_moving = False
        self._look_soon()

    @Slot()
    def _look_soon(self) -> None:
        """Rows that are chosen may have moved on."""
        if self.count and not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _look_again(self) -> None:
        rows = self._model.rows
        if isinstance(rows, FlatRows) and self._ids and rows.wanted.slice is not Slice.DONE:
            self._follow(rows)
        else:
            self._look()

    def _look(self) -> None:
        """The rows at the places that are selected."""
        ranges, rows = self._table.selected_ranges(), self._model.rows
        if isinstance(rows, GroupedRows):
            self._look_at_groups(rows, ranges)
            return
        self.count = sum(last - first + 1 for first, last in ranges)
        if self.count <= rows.in_memory:
            places = (row for first, last in ranges for row in range(first, last + 1))
            known = [line for row in places if (line := rows.loaded(row)) is not None]
            if len(known) == self.count:
                self._ids = tuple(line.id for line in known)
                self._found(of_lines(known))
                return
        self._read_places(rows, ranges)

    def _look_at_groups(self, rows: GroupedRows, ranges: Ranges) -> None:
        """A header stands for all rows of its group."""
        if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
            row = ranges[0][0]
            group, line = rows.group(row), rows.loaded(row)
            alone = of_group(group) if group is not None else of_lines([line] if line else [])
            if alone.count:
                self._found(alone)
                return
        page, ids = self._page, rows.ids(ranges)
        self.count = len(ids)
        self._read(lambda: page.standings(ids), lambda kinds: self._found(Choice(kinds)))

    def _read_places(self, rows: FlatRows, ranges: Ranges) -> None:
        """The numbers of all rows, if they agree with what is shown."""
        page, wanted = self._page, rows.wanted

        def see() -> _Seen:
            ids = page.ids(wanted)
            chosen = tuple(one for first, last in ranges for one in ids[first : last + 1])
            return _Seen(ids, chosen, ranges, page.standings(chosen))

        self._read(see, lambda seen: self._take_over(rows, seen))

    def _follow(self, rows: FlatRows) -> None:
        """The chosen rows, as far as they are still in the list, and where they stand now."""
        page, wanted, before = self._page, rows.wanted, frozenset(self._ids)

        def see() -> _Seen:
            ids = page.ids(wanted)
            places = [place for place, one in enumerate(ids) if one in before]
            chosen = tuple(ids[place] for place in places)
            return _Seen(ids, chosen, _ranges(places), page.standings(chosen))

        self._read(see, lambda seen: self._take_over(rows, seen))

    def _take_over(self, rows: FlatRows, seen: _Seen) -> None:
        if rows is not self._model.rows or not rows.agrees(seen.all):
            self._model.stale.emit()  # looked at again when the list is as it is now
            self._soon.start()
            return
        self._ids = seen.chosen
        if list(seen.ranges) != self._table.selected_ranges():
            self._is_moving = True
            self._table.select_ranges(seen.ranges)
            self._is_moving = False
        if not seen.ranges:
            self._picked()
        elif len(seen.chosen) == 1 and (line := rows.loaded(seen.ranges[0][0])) is not None:
            self._found(of_lines([line]))
        else:
            self._found(Choice(seen.kinds))

    def _read(self, work: Callable[[], T], then: Callable[[T], object]) -> None:
        """One reading at a time: what changes meanwhile is looked at when it is over."""
        if self._is_reading:
            self._is_late = True
            return
        self._is_reading, turn = True, self._turn

        def found(value: T) -> None:
            self._is_reading = False
            if turn == self._turn:
                then(value)
            if self._is_late:
                self._is_late = False
                self._soon.start()

        def failed(error: Exception) -> None:
            self._is_reading = False
            self._model.failed.emit(error)

        self._bridge.run_in_background(work, found, failed)

    def _found(self, choice: Choice) -> None:
        is_new = choice != self.choice
        self.choice, self.count = choice, choice.count
        waiting, self._waiting = self._waiting, []
        if is_new:
            self.changed.emit()
        if choice.count:
            for then in waiting:
                then(choice)


def _ranges(places: Sequence[int]) -> Ranges:
    """Ascending places as ranges, both ends included."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and place == found[-1][1] + 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found
