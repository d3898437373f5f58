"""The list as it comes: newest first, rows known by their position."""

from collections.abc import Callable, Sequence

from app.services.queue_lines import Line
from app.services.queue_page import QueuePage, Refreshed, RowFilter
from app.ui.bridge import Bridge
from app.ui.queue.rows import BLOCK, KEEP_BLOCKS, Host, Rows, shown
from app.ui.queue.window import Window

_FIRST = BLOCK // 2  # rows; more than a screen shows, and sooner there


class FlatRows(Rows):
    """A window over the rows of one filter."""

    def __init__(self, host: Host, page: QueuePage, bridge: Bridge, wanted: RowFilter) -> None:
        super().__init__(host, page, bridge, wanted)
        self._window = Window()
        self._version = 0  # rises when positions change: answers about older ones are dropped

    @property
    def count(self) -> int:
        return self._window.count

    @property
    def in_memory(self) -> int:
        """How many rows were read and are kept."""
        return len(self._window.lines)

    def loaded(self, row: int) -> Line | None:
        return self._window.lines.get(row)

    def find(self, job_id: int) -> int | None:
        return self._window.find(job_id)

    def agrees(self, ids: Sequence[int]) -> bool:
        """True when these are the numbers of the rows, as far as can be told."""
        if len(ids) != self._window.count:
            return False
        return all(ids[row] == line.id for row, line in self._window.lines.items())

    def first_read(self) -> Callable[[], Refreshed]:
        page, wanted = self._page, self.wanted
        return lambda: page.first(wanted, _FIRST)

    def begin(self, found: Refreshed) -> None:
        self._window = Window(found.count, dict(enumerate(found.lines)))

    def refresh(self, first: int, last: int, may_move: Callable[[], bool]) -> None:
        if self._is_refreshing:
            self._host.come_again()
            return
        version, wanted, page = self._version, self.wanted, self._page
        anchor = self._window.lines.get(first) if first else None
        limit = max(BLOCK // 2, last - first + 20)

        def read() -> Refreshed:
            if anchor is None:
                return page.first(wanted, limit)
            return page.refreshed(wanted, anchor, limit)

        def done(found: Refreshed) -> None:
            if version != self._version:
                self._host.come_again()
            elif may_move():
                self._apply(found, first if anchor is not None else 0)
            else:
                self._touch(found.lines)

        self._again(read, done)

    def _read_block(self, block: int) -> Callable[[], tuple[int, tuple[Line, ...]]]:
        page, wanted, version, total = self._page, self.wanted, self._version, self._window.count
        return lambda: (version, page.block(wanted, block * BLOCK, BLOCK, total))

    def _fill(self, block: int, found: tuple[int, tuple[Line, ...]]) -> None:
        version, lines = found
        if version != self._version:
            return
        start = block * BLOCK
        for offset, line in enumerate(lines):
            self._window.lines.setdefault(start + offset, line)
        self._window.trim(start, KEEP_BLOCKS * BLOCK)
        if lines:
            self._host.touched(start, start + len(lines) - 1)

    def _touch(self, lines: Sequence[Line]) -> None:
        """Rows that are shown get their new words, none comes or goes."""
        for line in lines:
            row = self._window.find(line.id)
            if row is not None:
                self._set(row, line)

    def _apply(self, found: Refreshed, start: int) -> None:
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
        if before is None or shown(before) != shown(line):
            self._host.touched(row, row)
        if before is not None and before.id == line.id and before.phase is not line.phase:
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
