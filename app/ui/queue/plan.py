"""Which row stands where when a list is grouped by cause; pure, and safe on any thread.

Every group has a header; below it stand its rows, newest first, unless it is folded.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.services.queue_lines import CauseGroup

_MOST_EDITS = 100


@dataclass(frozen=True, slots=True)
class Edit:
    """At `row`, take `removed` rows away, then make room for `added`."""

    row: int
    removed: int
    added: int


class Plan:
    """Positions of all rows; never changed."""

    def __init__(
        self, groups: Sequence[CauseGroup] = (), folded: Mapping[str, bool] | None = None
    ) -> None:
        folded = folded or {}
        self.groups = tuple(groups)
        self.open = tuple(not folded.get(group.key) for group in groups)
        self.starts: list[int] = []
        self.count = 0
        for group, is_open in zip(self.groups, self.open, strict=True):
            self.starts.append(self.count)
            self.count += 1 + (len(group.ids) if is_open else 0)

    def place(self, row: int) -> int:
        """The place of the group to which a row belongs, in the order of the groups."""
        return bisect_right(self.starts, row) - 1

    def head(self, row: int) -> int | None:
        """The place of the group whose header stands at that row."""
        at = self.place(row)
        return at if 0 <= row < self.count and self.starts[at] == row else None

    def id_at(self, row: int) -> int | None:
        """The number of the row there; None at a header and outside."""
        at = self.place(row)
        if not 0 <= row < self.count or self.starts[at] == row:
            return None
        return self.groups[at].ids[row - self.starts[at] - 1]

    def ids(self, first: int, end: int) -> list[int]:
        """The numbers of the rows from `first` up to `end`, headers left out."""
        found = (self.id_at(row) for row in range(max(0, first), min(end, self.count)))
        return [job_id for job_id in found if job_id is not None]

    def row_of(self, job_id: int) -> int | None:
        """Where a row stands; None when it is in no group, or its group is folded."""
        for start, group, is_open in zip(self.starts, self.groups, self.open, strict=True):
            if is_open:
                at = bisect_left(group.ids, -job_id, key=lambda one: -one)
                if at < len(group.ids) and group.ids[at] == job_id:
                    return start + 1 + at
        return None

    def body(self, place: int) -> tuple[int, ...]:
        """The rows that stand below a header."""
        return self.groups[place].ids if self.open[place] else ()


def kept_in_order(old: Plan, groups: Sequence[CauseGroup]) -> list[CauseGroup]:
    """Groups that were there keep their order, so that none jumps; new ones follow those that
    they are sorted with."""
    rank = {group.key: place for place, group in enumerate(old.groups)}
    known = sorted((g for g in groups if g.key in rank), key=lambda group: rank[group.key])
    now = {group.key: place for place, group in enumerate(known)}
    place = -1
    slots: dict[int, list[CauseGroup]] = {}
    for group in groups:
        if group.key in now:
            place = now[group.key]
        else:
            slots.setdefault(place, []).append(group)
    found = slots.get(-1, [])
    for at, group in enumerate(known):
        found = [*found, group, *slots.get(at, ())]
    return found


def edits(old: Plan, new: Plan) -> list[Edit]:
    """What leads from one to the other, from the bottom to the top, so that each holds as it is.

    Groups that are in both must have the same order in both.
    """
    there = {group.key: place for place, group in enumerate(new.groups)}
    found: list[Edit] = []
    at = 0
    for place, group in enumerate(old.groups):
        start = old.starts[place]
        size = 1 + len(old.body(place))
        other = there.get(group.key)
        if other is None:
            found.append(Edit(start, size, 0))
            continue
        added = sum(1 + len(new.body(one)) for one in range(at, other))
        if added:
            found.append(Edit(start, 0, added))
        found += _body_edits(start + 1, old.body(place), new.body(other))
        at = other + 1
    rest = sum(1 + len(new.body(one)) for one in range(at, len(new.groups)))
    if rest:
        found.append(Edit(old.count, 0, rest))
    return found[::-1]


def _body_edits(start: int, old: Sequence[int], new: Sequence[int]) -> list[Edit]:
    """The same for the rows of one group; both go from the largest number to the smallest."""
    if old == new:
        return []
    found: list[Edit] = []
    here = there = 0
    while here < len(old) or there < len(new):
        if here < len(old) and there < len(new) and old[here] == new[there]:
            here, there = here + 1, there + 1
            continue
        gone = _larger(old, here, new[there] if there < len(new) else 0)
        came = _larger(new, there, old[here] if here < len(old) else 0)
        found.append(Edit(start + here, gone, came))
        here, there = here + gone, there + came
        if len(found) > _MOST_EDITS:
            return [Edit(start, len(old), len(new))]
    return found


def _larger(ids: Sequence[int], start: int, than: int) -> int:
    """How many of the numbers from `start` on are larger than that one."""
    end = start
    while end < len(ids) and ids[end] > than:
        end += 1
    return end - start
