"""The MANAGER page's reads: a window over any number of rows, counts, causes, one row in full."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.clock import Clock, from_ms
from app.core.states import JobState
from app.core.types import Job
from app.models.acts import BIN_DAYS
from app.models.listing import Listing
from app.models.listing import RowFilter as RowFilter
from app.models.listing import Slice as Slice
from app.services.queue_lines import CauseGroup as CauseGroup
from app.services.queue_lines import Detail as Detail
from app.services.queue_lines import Line as Line
from app.services.queue_lines import to_detail, to_group, to_line
from app.services.queue_view import Acted, QueueView

_AT_ONCE = 200  # rows changed in one transaction: others wait for the file meanwhile
_MOST_FOUND = 500
_DAY_MS = 86_400_000
_BEING_SENT = frozenset({JobState.IN_FLIGHT, JobState.IN_DOUBT})


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


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an act: the rows it changed, and why others were left alone.

    `later`: rows that are being sent now and go when the answer is in.
    """

    done: tuple[int, ...]
    refused: tuple[str, ...] = ()
    later: tuple[int, ...] = ()


class QueuePage:
    """What the window shows of the queue. Not for the GUI thread: every call reads the file."""

    def __init__(
        self,
        listing: Listing,
        queue: QueueView,
        clock: Clock,
    ) -> None:
        self._listing = listing
        self._queue = queue
        self._clock = clock

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
        """Every row with that number, ended ones included, and unsettled ones that contain it."""
        found = {row.job.id for row in self._queue.search(text)}
        found.update(self._listing.containing(text, _MOST_FOUND))
        return RowFilter(Slice.CHOSEN, ids=tuple(sorted(found, reverse=True)[:_MOST_FOUND]))

    def at(self, wanted: RowFilter, positions: Sequence[int]) -> list[Line]:
        """The rows at those positions (ascending), however many."""
        if not positions:
            return []
        ids = self._listing.ids(wanted)
        chosen = [ids[place] for place in positions if place < len(ids)]
        found: list[Line] = []
        for start in range(0, len(chosen), _AT_ONCE):
            found += self._lines(self._listing.jobs(chosen[start : start + _AT_ONCE]))
        return found

    def ids(self, wanted: RowFilter) -> tuple[int, ...]:
        """The numbers of all rows of a list."""
        return self._listing.ids(wanted)

    def causes(self) -> list[CauseGroup]:
        """What is not settled, by cause; what needs a person comes first."""
        counted = self._listing.causes()
        oldest = {job.id: job for job in self._listing.jobs([c.ids[-1] for c in counted])}
        rows = {row.job.id: row for row in self._queue.in_words(list(oldest.values()))}
        return [to_group(c, rows[c.ids[-1]]) for c in counted if c.ids[-1] in rows]

    def detail(self, job_id: int) -> Detail | None:
        """One row in full; None when there is no such row."""
        lines = self._lines(self._listing.jobs([job_id]))
        if not lines:
            return None
        return to_detail(lines[0], self._queue.timeline(lines[0].row.job))

    def copy(self, job_id: int, *, with_diagnosis: bool) -> str:
        """The text behind "Copy details"; empty when there is no such row."""
        jobs = self._listing.jobs([job_id])
        if not jobs:
            return ""
        text = self._queue.details(jobs[0])
        return f"{text}\n{self._queue.diagnosis(jobs[0])}" if with_diagnosis else text

    def retry(self, ids: Sequence[int], actor: str) -> Result:
        """Pending again with five new attempts."""
        return self._each(ids, lambda jobs: self._queue.retry(jobs, actor))

    def discard(self, ids: Sequence[int], actor: str) -> Result:
        """Into the bin."""
        return self._each(ids, lambda jobs: self._queue.discard(jobs, actor))

    def restore(self, ids: Sequence[int], actor: str) -> Result:
        """Out of the bin."""
        return self._each(ids, lambda jobs: self._queue.restore(jobs, actor))

    def park(self, ids: Sequence[int], actor: str) -> Result:
        """Kept, not tried."""
        return self._each(ids, lambda jobs: self._queue.park(jobs, actor))

    def done(self, ids: Sequence[int], reason: str, actor: str) -> Result:
        """Closed as done by hand."""
        return self._each(ids, lambda jobs: self._queue.done(jobs, reason, actor))

    def edit(self, job_id: int, changes: dict[str, object], actor: str) -> Result:
        """Correct the shipment of a row and try again."""
        return self._each([job_id], lambda jobs: [self._queue.edit(jobs[0], changes, actor)])

    def _each(self, ids: Sequence[int], act: Callable[[Sequence[Job]], list[Acted]]) -> Result:
        done: list[int] = []
        refused: list[str] = []
        later: list[int] = []
        for start in range(0, len(ids), _AT_ONCE):
            jobs = self._listing.jobs(ids[start : start + _AT_ONCE])
            for acted in act(jobs) if jobs else ():
                if acted.error is not None:
                    refused.append(self._queue.why(acted.error))
                    continue
                done.append(acted.job_id)
                if acted.state in _BEING_SENT:
                    later.append(acted.job_id)
        return Result(tuple(done), tuple(refused), tuple(later))

    def _lines(self, jobs: Sequence[Job]) -> tuple[Line, ...]:
        now = self._clock.now_ms()
        return tuple(to_line(row, now) for row in self._queue.in_words(jobs))


def _midnight(now_ms: int) -> int:
    local: datetime = from_ms(now_ms).astimezone()
    start = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None).astimezone()
    return int(start.timestamp() * 1000)
