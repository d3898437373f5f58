"""Says what holds something up that takes longer than a person expects."""

from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.program import Program
from app.ui.bridge import Bridge

SLOW_MS, _AGAIN_MS = 2000, 1000


class Means(Protocol):
    """The open program and the way to its threads: a desk, or whoever has both."""

    @property
    def program(self) -> Program:
        """The open program."""

    @property
    def bridge(self) -> Bridge:
        """The way to its threads."""


class Patience(QObject):
    """Between `begin` and `end` it tells, after two seconds and then each second, who writes the
    data file; where nobody does, what else it may be."""

    said = Signal(str)

    def __init__(self, desk: Means, parent: QObject, otherwise: str = "") -> None:
        super().__init__(parent)
        self._desk = desk
        self.otherwise = otherwise
        self._is_on = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look)

    def begin(self) -> None:
        """It was just pressed."""
        self._is_on = True
        self._timer.start(SLOW_MS)

    def end(self) -> None:
        """It is through."""
        self._is_on = False
        self._timer.stop()

    @Slot()
    def _look(self) -> None:
        # Apart: the threads of the pages may all be waiting for the same file.
        self._desk.bridge.run_apart(self._desk.program.holding.who, self._tell, self._unknown)

    @Slot(str)
    def _tell(self, who: str) -> None:
        if not self._is_on:
            return
        text = f"{who}. This goes on by itself as soon as that is through." if who else ""
        self.said.emit(text or self.otherwise)
        self._timer.start(_AGAIN_MS)

    @Slot(object)
    def _unknown(self, _: Exception) -> None:
        self._tell("")
