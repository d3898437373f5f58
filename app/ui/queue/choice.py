"""Rows that a person means, counted: what can be done with how many of them."""

from dataclasses import dataclass

from app.services.queue_lines import CauseGroup, Line
from app.services.queue_page import Kinds, Standing
from app.ui.queue.deeds import Act, allowed
from app.ui.queue.words import name_of, rows


@dataclass(frozen=True, slots=True)
class Choice:
    """`kinds`: the rows by where they stood when they were counted, and no others.

    `line`: the row, where it is a single one; `group`: where the header of a group was meant.
    """

    kinds: Kinds
    line: Line | None = None
    group: CauseGroup | None = None

    @property
    def count(self) -> int:
        """How many rows."""
        return sum(len(ids) for _, ids in self.kinds)

    @property
    def what(self) -> str:
        """ "invoice 316132" or "12 rows"."""
        return rows(self.count) if self.line is None else name_of(self.line.title)

    def ids(self, act: Act) -> list[int]:
        """The rows with which that can be done, newest first."""
        if self.group is not None and self.group.is_stopped and act is Act.RETRY:
            return []
        fitting = [ids for standing, ids in self.kinds if allowed(act, standing)]
        return sorted((job_id for ids in fitting for job_id in ids), reverse=True)

    def count_for(self, act: Act) -> int:
        """How many rows that is."""
        if self.group is not None and self.group.is_stopped and act is Act.RETRY:
            return 0
        return sum(len(ids) for standing, ids in self.kinds if allowed(act, standing))


def of_line(line: Line) -> Choice:
    """One row."""
    return Choice(((standing_of(line), (line.id,)),), line)


def of_lines(lines: list[Line]) -> Choice:
    """Rows that were read."""
    if len(lines) == 1:
        return of_line(lines[0])
    found: dict[Standing, list[int]] = {}
    for line in lines:
        found.setdefault(standing_of(line), []).append(line.id)
    return Choice(tuple((standing, tuple(ids)) for standing, ids in found.items()))


def of_group(group: CauseGroup) -> Choice:
    """All rows of a cause."""
    return Choice(group.kinds, group=group)


def standing_of(line: Line) -> Standing:
    """Where a row stands."""
    job = line.row.job
    return Standing(job.state, job.state == "in_doubt" and job.due_at is None, job.removing)
