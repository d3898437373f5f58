"""What every part of the connections page works with."""

from dataclasses import dataclass

from app.services.program import Program
from app.services.rehearsal import Rehearsal
from app.ui.bridge import Bridge


@dataclass(frozen=True, slots=True)
class Desk:
    """The open program, the way to its threads, its practice servers, and who sits there."""

    program: Program
    bridge: Bridge
    rehearsal: Rehearsal
    actor: str  # the desktop user, for the history
