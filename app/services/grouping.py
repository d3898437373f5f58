"""Rows with the same cause at the same connection, so that a person can act on all at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.errors import UsageError
from app.core.states import JobState
from app.services.queue_view import QueueRow
from app.services.wording import Phase


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one cause, oldest first; the oldest row's number is the group's."""

    rows: tuple[QueueRow, ...]

    @property
    def number(self) -> int:
        return self.rows[0].job.id

    @property
    def oldest(self) -> QueueRow:
        return self.rows[0]


def grouped(rows: Sequence[QueueRow]) -> list[Group]:
    """The groups of these rows, the largest first."""
    found: dict[tuple[int, Phase, str], list[QueueRow]] = {}
    for row in sorted(rows, key=lambda row: row.job.id):
        found.setdefault(_cause(row), []).append(row)
    groups = [Group(tuple(members)) for members in found.values()]
    return sorted(groups, key=lambda group: (-len(group.rows), group.number))


def group_numbered(rows: Sequence[QueueRow], number: int) -> Group:
    """The group whose oldest row has that number.

    Raises: UsageError when there is none (any more).
    """
    for group in grouped(rows):
        if group.number == number:
            return group
    raise UsageError("group_missing", group=number)


def _cause(row: QueueRow) -> tuple[int, Phase, str]:
    """A blocked connection is one cause, whatever its rows waited for before."""
    job, phase = row.job, row.wording.phase
    blocked = phase is Phase.NEEDS_YOU and (
        job.state is JobState.PENDING or (job.state is JobState.IN_DOUBT and job.due_at is not None)
    )
    return job.connection_id, phase, "" if blocked else job.reason_code
