"""What every part of the settings page works with."""

from collections.abc import Callable
from dataclasses import dataclass

from app.services.program import Program
from app.ui.around import Around
from app.ui.bridge import Bridge
from app.ui.closed import ClosedWork
from app.ui.connections.desk import Desk
from app.ui.connections.said import trouble


@dataclass(frozen=True, slots=True)
class Means:
    """`is_visitor`: another process does the sending. `ask_closed`: stop everything in order, do
    this, start again."""

    desk: Desk
    around: Around
    is_visitor: Callable[[], bool]
    ask_closed: Callable[[ClosedWork], object]

    @property
    def program(self) -> Program:
        return self.desk.program

    @property
    def bridge(self) -> Bridge:
        return self.desk.bridge

    @property
    def actor(self) -> str:
        return self.desk.actor

    def words(self, error: Exception) -> str:
        """What happened and what to do."""
        return trouble(self.program.wordsmith, error).text
