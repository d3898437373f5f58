"""What models of windows over many rows have in common: the signals around rows that move."""

from abc import abstractmethod
from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Signal

from app.services.queue_lines import CauseGroup
from app.ui.queue.window import Listed

_NOWHERE = QModelIndex()


class WindowedModel(QAbstractTableModel):
    """The host of an arrangement of rows (see `rows.Host`)."""

    arrived = Signal()  # a list was read from its top
    moving = Signal()  # rows are about to come and go; what is shown should stay in its place
    refreshed = Signal()  # they have
    phase_changed = Signal(int)  # of the row with that number, which is shown
    stale = Signal()  # what is shown is to be read again soon
    failed = Signal(object)

    @abstractmethod
    def loaded(self, row: int) -> Listed | None:
        """The row there, if it was read; never asks."""

    @abstractmethod
    def row_of(self, number: int) -> int | None:
        """Where a row stands, if it is among those read."""

    def group(self, row: int) -> CauseGroup | None:
        """The group whose header stands there."""
        return None

    def row_of_group(self, key: str) -> int | None:
        """Where the header of a group stands."""
        return None

    def insert(self, row: int, count: int, then: Callable[[], object]) -> None:
        """See `Host`; these are for the arrangement alone."""
        self.beginInsertRows(_NOWHERE, row, row + count - 1)
        then()
        self.endInsertRows()

    def remove(self, row: int, count: int, then: Callable[[], object]) -> None:
        self.beginRemoveRows(_NOWHERE, row, row + count - 1)
        then()
        self.endRemoveRows()

    def touched(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, self.columnCount() - 1))

    def moved_on(self, number: int) -> None:
        self.phase_changed.emit(number)

    def about_to_move(self) -> None:
        self.moving.emit()

    def moved(self) -> None:
        self.refreshed.emit()

    def come_again(self) -> None:
        self.stale.emit()

    def trouble(self, error: Exception) -> None:
        self.failed.emit(error)
