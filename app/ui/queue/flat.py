"""The list as it comes: newest first, rows known by their position."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from app.services.queue_lines import Line
from app.services.queue_page import RowFilter
from app.ui.bridge import Bridge
from app.ui.queue.rows import BLOCK, KEEP_BLOCKS, Host, Rows, W, shown
from app.ui.queue.window import L, Listed, Window

_FIRST = BLOCK // 2  # rows; more than a screen shows, and sooner there


_L = TypeVar("_L", bound=Listed, covariant=True)
_W = TypeVar("_W", contravariant=True)


class Read(Protocol[_L]):
    """A list read again: exact length, how many rows stand above, and the rows shown."""

    @property
    def count(self) -> int: ...

    @property
    def above(self) -> int: ...

    @property
    def lines(self) -> Sequence[_L]: ...


class Reads(Protocol[L, _W]):
    """How a list is read; every call takes its time."""

    def first(self, wanted: _W, limit: int) -> Read[L]:
        """A list from its top."""

    def block(self, wanted: _W, offset: int, limit: int, total: int) -> Sequence[L]:
        """Rows by position."""

    def refreshed(self, wanted: _W, anchor: L, limit: int) -> Read[L]:
        """The list around a row that is shown, as it is now."""


class ListRows(Rows[L, W, Reads[L, W]], Generic[L, W]):
    """A window over the rows of one filter."""

    def __init__(self, host: Host, page: Reads[L, W], bridge: Bridge, wanted: W) -> None:
        super().__init__(host, page, bridge, wanted)
        self._window: Window[L] = Window()
        self._version = 0  # rises when positions change: answers about older ones are dropped

    @property
    def count(self) -> int:
        return self._window.count

    @property
    def in_memory(self) -> int:
        """How many rows were read and are kept."""
        return len(self._window.lines)

    def loaded(self, row: int) -> L | None:
        return self._window.lines.get(row)

    def find(self, number: int) -> int | None:
        return self._window.find(number)

    @abstractmethod
    def _looks(self, line: L) -> object:
        """What of a row is seen."""

    @abstractmethod
    def _phase(self, line: L) -> object:
        """How it stands."""

    def agrees(self, ids: Sequence[int]) -> bool:
        """True when these are the numbers of the rows, as far as can be told."""
        if len(ids) != self._window.count:
            return False
        return all(ids[row] == line.id for row, line in self._window.lines.items())

    def first_read(self) -> Callable[[], Read[L]]:
        page, wanted = self._page, self.wanted
        return lambda: page.first(wanted, _FIRST)

    def begin(self, found: Read[L]) -> None:
        self._window = Window(found.count, dict(enumerate(found.lines)))

    def refresh(self, first: int, last: int, may_move: Callable[[], bool]) -> None:
        if self._is_refreshing:
            self._host.come_again()
            return
        version, wanted, page = self._version, self.wanted, self._page
        anchor = self._window.lines.get(first) if first else None
        limit = max(BLOCK // 2, last - first + 20)

        def read() -> Read[L]:
            if anchor is None:
                return page.first(wanted, limit)
            return page.refreshed(wanted, anchor, limit)

        def done(found: Read[L]) -> None:
            if version != self._version:
                self._host.come_again()
            elif may_move():
                self._apply(found, first if anchor is not None else 0)
            else:
                self._touch(found.lines)

        self._again(read, done)

    def _read_block(self, block: int) -> Callable[[], tuple[int, Sequence[L]]]:
        page, wanted, version, total = self._page, self.wanted, self._version, self._window.count
        return lambda: (version, page.block(wanted, block * BLOCK, BLOCK, total))

    def _fill(self, block: int, found: tuple[int, Sequence[L]]) -> None:
        version, lines = found
        if version != self._version:
            return
        start = block * BLOCK
        for offset, line in enumerate(lines):
            self._window.lines.setdefault(start + offset, line)
        self._window.trim(start, KEEP_BLOCKS * BLOCK)
        if lines:
            self._host.touched(start, start + len(lines) - 1)

    def _touch(self, lines: Sequence[L]) -> None:
        """Rows that are shown get their new words, none comes or goes."""
        for line in lines:
            row = self._window.find(line.id)
            if row is not None:
                self._set(row, line)

    def _apply(self, found: Read[L], start: int) -> None:
        """Bring the rows from `start` on in line with what was read, row by row."""
        self._host.about_to_move()
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
        self._host.moved()

    def _place(self, row: int, line: L) -> None:
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

    def _set(self, row: int, line: L) -> None:
        before = self._window.lines.get(row)
        self._window.lines[row] = line
        if before is None or self._looks(before) != self._looks(line):
            self._host.touched(row, row)
        if before is not None and before.id == line.id and self._phase(before) != self._phase(line):
            self._host.moved_on(line.id)

    def _insert(self, row: int, count: int) -> None:
        if count > 0:
            self._version += 1
            self._host.insert(row, count, lambda: self._window.insert(row, count))

    def _remove(self, row: int, count: int) -> None:
        count = min(count, self._window.count - row)
        if count > 0:
            self._version += 1
            self._host.remove(row, count, lambda: self._window.remove(row, count))


class FlatRows(ListRows[Line, RowFilter]):
    """The write-backs."""

    def _looks(self, line: Line) -> object:
        return shown(line)

    def _phase(self, line: Line) -> object:
        return line.phase
