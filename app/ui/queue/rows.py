"""What the model asks of an arrangement of rows, and how parts of it are read aside."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from app.services.queue_lines import CauseGroup, Line
from app.ui.bridge import Bridge
from app.ui.queue.window import L

BLOCK = 128
KEEP_BLOCKS = 32

P = TypeVar("P")
W = TypeVar("W")


class Host(Protocol):
    """The model, as an arrangement changes it. Rows are positions from the top."""

    def insert(self, row: int, count: int, then: Callable[[], object]) -> None:
        """`then` makes the room, between the two signals that belong around it."""

    def remove(self, row: int, count: int, then: Callable[[], object]) -> None:
        """`then` closes the gap."""

    def touched(self, first: int, last: int) -> None:
        """Those rows read differently now."""

    def moved_on(self, number: int) -> None:
        """A row that is shown changed its phase."""

    def about_to_move(self) -> None:
        """Rows are about to come and go."""

    def moved(self) -> None:
        """They have."""

    def come_again(self) -> None:
        """What was read is out of date already, or it was too soon to read."""

    def trouble(self, error: Exception) -> None:
        """Something could not be read."""


class Rows(ABC, Generic[L, W, P]):
    """One list: how many rows it has, those that were read, and what else is wanted.

    Its rows are `L`, `W` says which are wanted, and `P` reads them.
    """

    def __init__(self, host: Host, page: P, bridge: Bridge, wanted: W) -> None:
        self.wanted = wanted
        self._host, self._page, self._bridge = host, page, bridge
        self._asked: list[int] = []
        self._is_reading = self._is_refreshing = False
        self.is_gone = False  # another list is shown: answers that come now are dropped

    @property
    def is_busy(self) -> bool:
        """True while something is being read."""
        return self._is_reading or self._is_refreshing

    @property
    @abstractmethod
    def count(self) -> int:
        """How many rows there are, headers included."""

    @abstractmethod
    def loaded(self, row: int) -> L | None:
        """The row there, if it was read."""

    @abstractmethod
    def find(self, number: int) -> int | None:
        """Where a row stands, if it is among those read."""

    @abstractmethod
    def first_read(self) -> Callable[[], Any]:
        """The work that reads the list from its top."""

    @abstractmethod
    def begin(self, found: Any) -> None:
        """What came of it."""

    @abstractmethod
    def refresh(self, first: int, last: int, may_move: Callable[[], bool]) -> None:
        """Read the rows that are shown again; `may_move` False: only change rows in place.

        Asks to come again where that cannot be now.
        """

    def group(self, row: int) -> CauseGroup | None:
        """The group whose header stands there."""
        return None

    def find_group(self, key: str) -> int | None:
        """Where the header of a group stands."""
        return None

    def is_open(self, row: int) -> bool:
        """True when the rows of the group whose header stands there are shown."""
        return False

    def head_of(self, row: int) -> int | None:
        """Where the header of that row's group stands."""
        return None

    @abstractmethod
    def _read_block(self, block: int) -> Callable[[], Any]:
        """The work that reads a block of rows."""

    @abstractmethod
    def _fill(self, block: int, found: Any) -> None:
        """What came of it, on the GUI thread."""

    def ask(self, row: int) -> None:
        """Read what stands there, aside; what was asked for last comes first."""
        block = row // BLOCK
        if block not in self._asked:
            self._asked.append(block)
            self._pump()

    def _pump(self) -> None:
        if self._is_reading or not self._asked or self.is_gone:
            return
        self._is_reading = True
        block = self._asked[-1]

        def done(found: Any) -> None:
            self._is_reading = False
            if block in self._asked:
                self._asked.remove(block)
            if not self.is_gone:
                self._fill(block, found)
            del self._asked[:-KEEP_BLOCKS]
            self._pump()

        def failed(error: Exception) -> None:
            self._is_reading = False
            self._asked.clear()
            if not self.is_gone:
                self._host.trouble(error)

        self._bridge.run_in_background(self._read_block(block), done, failed)

    def _again(self, read: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """One refreshing at a time."""
        self._is_refreshing = True

        def over(found: Any) -> None:
            self._is_refreshing = False
            if not self.is_gone:
                done(found)

        def failed(error: Exception) -> None:
            self._is_refreshing = False
            if not self.is_gone:
                self._host.trouble(error)

        self._bridge.run_in_background(read, over, failed)


def shown(line: Line) -> tuple[object, ...]:
    """What of a row is seen: a due time counts by the second."""
    due = None if line.due_at is None else round(line.due_at, -3)
    return (
        line.title, line.reason, line.tracking, line.connection, line.attempts, line.when, due,
        line.phase, line.is_locked,
    )  # fmt: skip
