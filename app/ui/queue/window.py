"""The rows that are in memory, by position; everything else is only counted."""

from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar


class Listed(Protocol):
    """A row of a list; its number is its own, whatever its position."""

    @property
    def id(self) -> int: ...


L = TypeVar("L", bound=Listed)


@dataclass
class Window(Generic[L]):
    """`count` rows exist; those in `lines` were read."""

    count: int = 0
    lines: dict[int, L] = field(default_factory=dict)

    def find(self, number: int) -> int | None:
        """The position of a row that was read."""
        for row, line in self.lines.items():
            if line.id == number:
                return row
        return None

    def keep(self, first: int, end: int) -> None:
        """Forget what was read outside of these positions."""
        self.lines = {row: line for row, line in self.lines.items() if first <= row < end}

    def trim(self, around: int, most: int) -> None:
        """Forget what is furthest from a position, when more than `most` rows were read."""
        if len(self.lines) > most:
            nearest = sorted(self.lines, key=lambda row: abs(row - around))[:most]
            self.lines = {row: self.lines[row] for row in nearest}

    def insert(self, row: int, count: int) -> None:
        """Make room for rows that were not read."""
        self.lines = {at + count if at >= row else at: one for at, one in self.lines.items()}
        self.count += count

    def remove(self, row: int, count: int) -> None:
        """Close the gap that rows leave."""
        end = row + count
        self.lines = {
            at - count if at >= end else at: one
            for at, one in self.lines.items()
            if not row <= at < end
        }
        self.count -= count
