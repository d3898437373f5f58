"""The MANAGER page's reads: a window over any number of rows, counts, causes, one row in full."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.core.clock import Clock, from_ms
from app.core.scanning import cleaned
from app.core.types import Job
from app.models.acts import BIN_DAYS
from app.models.listing import Kinds as Kinds
from app.models.listing import Listing
from app.models.listing import RowFilter as RowFilter
from app.models.listing import Slice as Slice
from app.models.listing import Standing as Standing
from app.services.acting import AT_ONCE, Watch, in_parts
from app.services.acting import Left as Left
from app.services.acting import Result as Result
from app.services.queue_lines import CauseGroup as CauseGroup
from app.services.queue_lines import Detail as Detail
from app.services.queue_lines import Line as Line
from app.services.queue_lines import to_detail, to_group, to_line
from app.services.queue_view import Acted, QueueView
from app.services.tracking_facts import Link

_MOST_FOUND = 50_000
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A list read again: exact length, how many rows stand above, and the rows shown."""

    count: int
    above: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows each chip stands for; `oldest_at` of what is not settled (ms)."""

    by_slice: dict[Slice, int]
    oldest_at: int | None
    last: tuple[str, int] | None  # order and time (ms) of the last write-back


class QueuePage:
    """What the window shows of the queue. Not for the GUI thread: every call reads the file."""

    def __init__(
        self,
        listing: Listing,
        queue: QueueView,
        clock: Clock,
        link: Link,
        origin: Callable[[int], str],
    ) -> None:
        """`origin`: where a row came from, in words; empty where a person entered it."""
        self._listing = listing
        self._queue = queue
        self._clock = clock
        self._link = link
        self._origin = origin

    def filter(self, wanted: Slice) -> RowFilter:
        """The filter of a chip, as of now."""
        now = self._clock.now_ms()
        if wanted is Slice.DONE:
            return RowFilter(wanted, since_ms=_midnight(now))
        if wanted is Slice.BIN:
            return RowFilter(wanted, since_ms=now - BIN_DAYS * _DAY_MS)
        return RowFilter(wanted)

    def counts(self) -> Counts:
        """For the chips and the badge."""
        phases = self._listing.phases()
        found = {one.slice: one.count for one in phases}
        found[Slice.ALL] = sum(found.values())
        for ended in (Slice.DONE, Slice.BIN):
            found[ended] = self._listing.count(self.filter(ended))
        oldest = min((one.oldest_at for one in phases), default=None)
        return Counts(found, oldest, self._listing.last_success())

    def first(self, wanted: RowFilter, limit: int) -> Refreshed:
        """A list from its top."""
        count = self._listing.count(wanted)
        return Refreshed(count, 0, self._lines(self._listing.at(wanted, 0, limit, count)))

    def block(self, wanted: RowFilter, offset: int, limit: int, total: int) -> tuple[Line, ...]:
        """Rows by position."""
        return self._lines(self._listing.at(wanted, offset, limit, total))

    def refreshed(self, wanted: RowFilter, anchor: Line, limit: int) -> Refreshed:
        """The list around a row that is shown, as it is now."""
        job = anchor.row.job
        above = self._listing.count_above(wanted, job)
        lines = self._lines(self._listing.from_row(wanted, job, limit))
        return Refreshed(self._listing.count(wanted), above, lines)

    def search(self, text: str) -> RowFilter:
        """Every row with that number, ended ones included, and unsettled ones that contain it.

        The number may come from a scanner, with what scanners put around it.
        """
        text = cleaned(text)
        if not text:
            return RowFilter(Slice.CHOSEN)
        found = {row.job.id for row in self._queue.search(text)}
        found.update(self._listing.containing(text, _MOST_FOUND))
        return RowFilter(Slice.CHOSEN, ids=tuple(sorted(found, reverse=True)[:_MOST_FOUND]))

    def ids(self, wanted: RowFilter) -> tuple[int, ...]:
        """The numbers of all rows of a list, in its order."""
        return self._listing.ids(wanted)

    def lines(self, ids: Sequence[int]) -> tuple[Line, ...]:
        """Those rows as they are now, newest first; numbers that are unknown are left out."""
        return self._lines(self._listing.jobs(ids))

    def standings(self, ids: Sequence[int]) -> Kinds:
        """Those rows by where they stand, which says what can be done with them."""
        return self._listing.standings(ids)

    def causes(self, wanted: RowFilter) -> list[CauseGroup]:
        """The rows of a list by cause; what needs a person comes first. None in DONE and BIN."""
        counted = self._listing.causes(wanted)
        wanted_ids = [job_id for one in counted for job_id in (one.ids[0], one.ids[-1])]
        jobs: dict[int, Job] = {}
        for start in range(0, len(wanted_ids), AT_ONCE):
            part = wanted_ids[start : start + AT_ONCE]
            jobs.update((job.id, job) for job in self._listing.jobs(part))
        there = [c for c in counted if c.ids[0] in jobs and c.ids[-1] in jobs]
        common = [_in_common(jobs[c.ids[-1]], jobs[c.ids[0]]) for c in there]
        rows = self._queue.causes_in_words(common)
        return [to_group(counted, row) for counted, row in zip(there, rows, strict=True)]

    def detail(self, job_id: int) -> Detail | None:
        """One row in full; None when there is no such row."""
        lines = self._lines(self._listing.jobs([job_id]))
        if not lines:
            return None
        job, queue = lines[0].row.job, self._queue
        return to_detail(
            lines[0],
            queue.timeline(job),
            queue.shipping_cost(job),
            queue.tracking_facts(job, self._link),
            self._origin(job.id),
        )

    def copy(self, job_id: int, *, with_diagnosis: bool) -> str:
        """The text behind "Copy details"; empty when there is no such row."""
        jobs = self._listing.jobs([job_id])
        if not jobs:
            return ""
        text = self._queue.details(jobs[0])
        return f"{text}\n{self._queue.diagnosis(jobs[0])}" if with_diagnosis else text

    def retry(self, ids: Sequence[int], actor: str, watch: Watch | None = None) -> Result:
        """Pending again with five new attempts."""
        return self._each(ids, lambda jobs: self._queue.retry(jobs, actor), watch)

    def discard(self, ids: Sequence[int], actor: str, watch: Watch | None = None) -> Result:
        """Into the bin."""
        return self._each(ids, lambda jobs: self._queue.discard(jobs, actor), watch)

    def restore(self, ids: Sequence[int], actor: str, watch: Watch | None = None) -> Result:
        """Out of the bin."""
        return self._each(ids, lambda jobs: self._queue.restore(jobs, actor), watch)

    def park(self, ids: Sequence[int], actor: str, watch: Watch | None = None) -> Result:
        """Kept, not tried."""
        return self._each(ids, lambda jobs: self._queue.park(jobs, actor), watch)

    def done(
        self, ids: Sequence[int], reason: str, actor: str, watch: Watch | None = None
    ) -> Result:
        """Closed as done by hand."""
        return self._each(ids, lambda jobs: self._queue.done(jobs, reason, actor), watch)

    def edit(self, job_id: int, changes: dict[str, object], actor: str) -> Result:
        """Correct the shipment of a row and try again."""
        return self._each([job_id], lambda jobs: [self._queue.edit(jobs[0], changes, actor)])

    def _each(
        self,
        ids: Sequence[int],
        act: Callable[[Sequence[Job]], list[Acted]],
        watch: Watch | None = None,
    ) -> Result:
        return in_parts(ids, self._listing.jobs, act, self._queue.why, watch)

    def _lines(self, jobs: Sequence[Job]) -> tuple[Line, ...]:
        now = self._clock.now_ms()
        return tuple(to_line(row, now) for row in self._queue.in_words(jobs))


def _in_common(oldest: Job, newest: Job) -> Job:
    """The oldest row of a cause, with what only some of its rows share left open ("…")."""
    if oldest.id == newest.id:
        return oldest
    params = {
        name: value if name == "since" or newest.reason_params.get(name) == value else "…"
        for name, value in oldest.reason_params.items()
    }
    order = oldest.order_ref if oldest.order_ref == newest.order_ref else "…"
    return replace(oldest, reason_params=params, order_ref=order)


def _midnight(now_ms: int) -> int:
    local: datetime = from_ms(now_ms).astimezone()
    start = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None).astimezone()
    return int(start.timestamp() * 1000)
