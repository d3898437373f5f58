"""One act on many rows, in parts small enough for others to get at the file in between."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.core.errors import UsageError
from app.core.states import JobState
from app.core.types import Job
from app.models.acts import Acted

AT_ONCE = 200
"""Rows changed in one transaction."""

Watch = Callable[[int], bool]
"""Told after each part how many rows are through; False: go no further."""

_BEING_SENT = frozenset({JobState.IN_FLIGHT, JobState.IN_DOUBT})

# What is said of rows that were counted and had moved on when their turn came: one, several.
_MOVED_ON = {
    "job_busy": ("was already being sent", "were already being sent"),
    "job_over": ("is done already", "are done already"),
    "job_removed": ("was removed meanwhile", "were removed meanwhile"),
    "job_parked": ("is parked already", "are parked already"),
    "job_waits": ("is in the queue already", "are in the queue already"),
    "job_not_removed": ("was not removed", "were not removed"),
    "job_undecided": (
        "waits for you to look whether it arrived", "wait for you to look whether they arrived",
    ),
    "job_missing": ("is not there any more", "are not there any more"),
    "job_key_taken": ("is in the queue again by now", "are in the queue again by now"),
    "bin_over": ("was removed too long ago", "were removed too long ago"),
    "connection_missing": ("has no connection any more", "have no connection any more"),
}  # fmt: skip
_OTHER = ("was left alone", "were left alone")


@dataclass(frozen=True, slots=True)
class Left:
    """Rows that were left alone for one reason; `why` is the whole sentence for one row."""

    code: str
    count: int
    why: str

    @property
    def clause(self) -> str:
        """ "1 was already being sent"."""
        one, many = _MOVED_ON.get(self.code, _OTHER)
        return f"{self.count:,} {one if self.count == 1 else many}"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an act on the rows that were counted.

    `done`: rows it changed; `left`: rows it did not, by reason; `later`: those of `done` that
    are being sent and go when the answer is in; `not_reached`: rows after Cancel was pressed.
    """

    done: tuple[int, ...]
    left: tuple[Left, ...] = ()
    later: tuple[int, ...] = ()
    not_reached: int = 0


def in_parts(
    ids: Sequence[int],
    load: Callable[[Sequence[int]], Sequence[Job]],
    act: Callable[[Sequence[Job]], Sequence[Acted]],
    why: Callable[[UsageError], str],
    watch: Watch | None = None,
) -> Result:
    """Act on those rows and no others, part by part, until all are through or `watch` stops it.

    Raises: StorageError; the parts before are done then.
    """
    done: list[int] = []
    later: list[int] = []
    counted: Counter[str] = Counter()
    first: dict[str, UsageError] = {}
    through = 0
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        acted = act(jobs) if (jobs := load(part)) else ()
        errors = [UsageError("job_missing", job=str(part[0]))] * (len(part) - len(jobs))
        errors += [one.error for one in acted if one.error is not None]
        for error in errors:
            counted[error.code] += 1
            first.setdefault(error.code, error)
        done += [one.job_id for one in acted if one.error is None]
        later += [one.job_id for one in acted if one.error is None and one.state in _BEING_SENT]
        through += len(part)
        if watch is not None and not watch(through):
            break
    left = tuple(Left(code, count, why(first[code])) for code, count in counted.most_common())
    return Result(tuple(done), left, tuple(later), len(ids) - through)
