"""One press on a card: shown at once, done on another thread, told when it is through."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from app.core.types import ConnectionInfo
from app.ui.connections.card import ConnectionCard
from app.ui.connections.desk import Desk
from app.ui.connections.patience import Patience
from app.ui.connections.said import trouble


class CardAct(QObject):
    """It deletes itself when it is through; the card may be gone by then."""

    over = Signal(int)  # the connection's number
    failed = Signal(str)  # what happened and what to do

    def __init__(self, desk: Desk, card: ConnectionCard, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._connection = card.facts.connection
        self._patience = Patience(desk, self)
        self._patience.said.connect(card.show_why_busy)

    def start(self, work: Callable[[ConnectionInfo], object]) -> None:
        """Do it."""
        self._patience.begin()
        connection = self._connection
        self._desk.bridge.run_apart(lambda: work(connection), self._done, self._not_done)

    @Slot(object)
    def _done(self, _: object) -> None:
        self._patience.end()
        self.over.emit(self._connection.id)
        self.deleteLater()

    @Slot(object)
    def _not_done(self, error: Exception) -> None:
        self.failed.emit(trouble(self._desk.program.wordsmith, error).text)
        self._done(None)
