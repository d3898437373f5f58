"""One scan on its way: how far it came, and what a person can still do about it."""

from dataclasses import dataclass
from enum import Enum, auto

from app.services.queue_lines import Line
from app.services.wording import Phase
from app.ui.scan.pairing import Pair


class Place(Enum):
    """How far a pair came."""

    WAITING = auto()  # not on disk yet
    ENTERED = auto()  # a new row of the queue
    KNOWN = auto()  # it was there before; nothing was added
    REFUSED = auto()  # not entered, and not tried again
    LEFT = auto()  # an invoice without a label
    BACK = auto()  # taken back before it was on disk


@dataclass(slots=True)
class Scan:
    """One line of what was scanned. `line`: its row of the queue as it is now."""

    key: int
    pair: Pair
    connection_id: int
    connection: str
    at: int  # ms since 1970
    place: Place = Place.WAITING
    trouble: str = ""  # why it is not on disk, in words
    job_id: int = 0
    line: Line | None = None
    has_failed: bool = False  # told
    goes_back: bool = False  # taken back while it was on its way to the disk

    @property
    def is_open(self) -> bool:
        """True for what is not in the queue, and for a person to scan again."""
        return self.place in (Place.REFUSED, Place.LEFT)

    @property
    def can_go_back(self) -> bool:
        """True while this scan can be taken back."""
        if self.place is Place.WAITING:
            return not self.goes_back
        over = (Phase.DONE, Phase.REMOVED)
        gone = self.line is not None and (self.line.phase in over or self.line.row.job.removing)
        return self.place is Place.ENTERED and not gone
