"""What a person is told beside the window: how everything stands, and notices of what changed.

Both travel on the bus of events.
"""

from dataclasses import dataclass
from enum import StrEnum


class Overall(StrEnum):
    """What the tray icon shows."""

    OK = "ok"  # nothing to do, nothing wrong
    WORKING = "working"  # something is being sent
    NEEDS_YOU = "needs_you"  # only a person can go on
    PAUSED = "paused"  # a person stopped every connection for a time
    OFFLINE = "offline"  # a connection cannot be reached


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem in one line. `key` is that of its notice; what to open stands beside it."""

    key: str
    text: str
    connection_id: int | None
    job_id: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Published on the bus whenever it changes. `more`: problems beyond those listed."""

    overall: Overall = Overall.OK
    text: str = ""
    problems: tuple[Problem, ...] = ()
    more: int = 0
    can_pause: bool = False
    can_resume: bool = False
    paused_until: int | None = None  # ms; None while paused: until a person resumes
    waiting: int = 0
    needs_you: int = 0


class Urgency(StrEnum):
    """How hard a notice tries to be seen."""

    NORMAL = "normal"  # shown for a while
    CRITICAL = "critical"  # stays until it is read


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell a person, in place of what was told under the same key before.

    Without a title nothing is told: what was shown under that key is taken away.
    """

    key: str
    title: str = ""
    text: str = ""
    urgency: Urgency = Urgency.NORMAL
    count: int = 0
    connection_id: int | None = None
    job_id: int | None = None
    is_resolved: bool = False
