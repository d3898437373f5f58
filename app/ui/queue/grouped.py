"""The list grouped by cause: headers, and below each the rows of its group, read as they show."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from app.services.queue_lines import CauseGroup, Line
from app.services.queue_page import QueuePage, RowFilter
from app.ui.bridge import Bridge
from app.ui.queue.plan import Edit, Plan, edits, kept_in_order
from app.ui.queue.rows import BLOCK, KEEP_BLOCKS, Host, Rows, shown

_OPEN_UP_TO = 50  # rows; a larger group starts folded, unless it is the only one
_REST = 4  # times as long as a reading took, before the next


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was read: the plan, how to get there from the one that is shown, the shown rows."""

    plan: Plan
    steps: tuple[Edit, ...]
    lines: tuple[Line, ...]
    took_s: float


class GroupedRows(Rows[Line, RowFilter, QueuePage]):
    """Which row is where is known for all; the rows themselves only where they show."""

    def __init__(
        self,
        host: Host,
        page: QueuePage,
        bridge: Bridge,
        wanted: RowFilter,
        folded: dict[str, bool],
    ) -> None:
        """`folded`: what a person folded (or unfolded) so far, by key; added to here."""
        super().__init__(host, page, bridge, wanted)
        self._folded = folded
        self._plan = Plan()
        self._count = 0  # while rows come and go it is between the old and the new plan
        self._lines: dict[int, Line] = {}
        self._rests_until = 0.0

    @property
    def count(self) -> int:
        return self._count

    @property
    def groups(self) -> Sequence[CauseGroup]:
        """All groups, in the order in which they stand."""
        return self._plan.groups

    @property
    def in_memory(self) -> int:
        """How many rows were read and are kept."""
        return len(self._lines)

    def loaded(self, row: int) -> Line | None:
        job_id = self._plan.id_at(row)
        return None if job_id is None else self._lines.get(job_id)

    def find(self, number: int) -> int | None:
        return self._plan.row_of(number)

    def group(self, row: int) -> CauseGroup | None:
        place = self._plan.head(row)
        return None if place is None else self._plan.groups[place]

    def find_group(self, key: str) -> int | None:
        for group, row in zip(self._plan.groups, self._plan.starts, strict=True):
            if group.key == key:
                return row
        return None

    def is_open(self, row: int) -> bool:
        place = self._plan.head(row)
        return place is not None and self._plan.open[place]

    def head_of(self, row: int) -> int | None:
        return self._plan.starts[self._plan.place(row)] if 0 <= row < self._count else None

    def heads(self, first: int, last: int) -> Sequence[int]:
        """The headers among those rows."""
        return [row for row in self._plan.starts if first <= row <= last]

    def ids(self, ranges: Sequence[tuple[int, int]]) -> list[int]:
        """The numbers of the rows in those ranges (both ends included), each once; a header
        stands for all rows of its group, folded or not."""
        found: dict[int, None] = {}
        for first, last in ranges:
            for start in self.heads(first, last):
                found.update(dict.fromkeys(self._plan.groups[self._plan.place(start)].ids))
            found.update(dict.fromkeys(self._plan.ids(first, last + 1)))
        return list(found)

    def fold(self, row: int, *, folded: bool) -> None:
        """Hide or show the rows of the group whose header stands there."""
        group = self.group(row)
        if group is not None and self.is_open(row) is folded:
            self._folded[group.key] = folded
            self._go_to(Plan(self._plan.groups, self._folded))
            self._host.touched(row, row)

    def fold_all(self, *, folded: bool) -> None:
        """The same for all groups."""
        self._folded.update((group.key, folded) for group in self._plan.groups)
        self._go_to(Plan(self._plan.groups, self._folded))
        for row in self._plan.starts:
            self._host.touched(row, row)

    def first_read(self) -> Callable[[], _Seen]:
        return lambda: self._see(Plan(), range(BLOCK))

    def begin(self, found: _Seen) -> None:
        self._plan, self._count = found.plan, found.plan.count
        self._lines = {line.id: line for line in found.lines}

    def refresh(self, first: int, last: int, may_move: Callable[[], bool]) -> None:
        if self._is_refreshing or time.monotonic() < self._rests_until:
            self._host.come_again()
            return
        old = self._plan
        shows = range(first, last + 1)

        def done(found: _Seen) -> None:
            self._rests_until = time.monotonic() + _REST * found.took_s
            if old is not self._plan:
                self._host.come_again()
            elif may_move():
                self._apply(found)
                return
            self._take(found.lines)

        self._again(lambda: self._see(old, shows), done)

    def _see(self, old: Plan, shows: range) -> _Seen:
        """On another thread: how the list stands now."""
        began = time.monotonic()
        groups = kept_in_order(old, self._page.causes(self.wanted))
        self._fold_large(groups)
        plan = Plan(groups, self._folded)
        ids = dict.fromkeys([*old.ids(shows.start, shows.stop), *plan.ids(shows.start, shows.stop)])
        lines = self._page.lines(list(ids))
        return _Seen(plan, tuple(edits(old, plan)), lines, time.monotonic() - began)

    def _fold_large(self, groups: Sequence[CauseGroup]) -> None:
        for group in groups:
            is_large = len(group.ids) > _OPEN_UP_TO and len(groups) > 1
            self._folded.setdefault(group.key, is_large)

    def _read_block(self, block: int) -> Callable[[], tuple[Line, ...]]:
        page, ids = self._page, self._plan.ids(block * BLOCK, (block + 1) * BLOCK)
        return lambda: page.lines(ids)

    def _fill(self, block: int, found: tuple[Line, ...]) -> None:
        self._lines.update((line.id, line) for line in found)
        self._trim(block * BLOCK)
        first = block * BLOCK
        if first < self._count:
            self._host.touched(first, min(first + BLOCK, self._count) - 1)

    def _trim(self, around: int) -> None:
        """Forget what is far away, when many rows were read."""
        most = KEEP_BLOCKS * BLOCK
        if len(self._lines) > most:
            near = self._plan.ids(around - most // 4, around + most // 4)
            self._lines = {one: self._lines[one] for one in near if one in self._lines}

    def _apply(self, found: _Seen) -> None:
        before = {group.key: group for group in self._plan.groups}
        self._go_to(found.plan, found.steps)
        for group, row in zip(found.plan.groups, found.plan.starts, strict=True):
            if before.get(group.key) != group:
                self._host.touched(row, row)
        self._take(found.lines)

    def _go_to(self, plan: Plan, steps: Sequence[Edit] | None = None) -> None:
        """Bring the view from one plan to the next; nothing that stays is moved in between."""
        steps = edits(self._plan, plan) if steps is None else steps
        if not steps:
            self._plan = plan
            return
        self._host.about_to_move()
        self._plan = plan
        for step in steps:
            if step.removed:
                self._host.remove(step.row, step.removed, partial(self._grow, -step.removed))
            if step.added:
                self._host.insert(step.row, step.added, partial(self._grow, step.added))
        self._host.moved()

    def _grow(self, count: int) -> None:
        self._count += count

    def _take(self, lines: Sequence[Line]) -> None:
        for line in lines:
            before = self._lines.get(line.id)
            self._lines[line.id] = line
            row = self._plan.row_of(line.id)
            if row is None or (before is not None and shown(before) == shown(line)):
                continue
            self._host.touched(row, row)
            if before is not None and before.phase is not line.phase:
                self._host.moved_on(line.id)
