"""The values that travel between layers: immutable, without behaviour of their own.

What imports make by the hundred thousand is a named tuple: a third of a frozen dataclass's cost.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.core.errors import Param
from app.core.states import JobState

Params = Mapping[str, Param]

ORDER_POST = "order.post"
"""Job kind of a write-back, as the copied details name it."""


class Priority:
    """What goes first on one connection; smaller is sooner."""

    WRITE_BACK = 10
    ORDER = 20
    MAIL = 30
    PRODUCT = 40


class ShipmentLine(NamedTuple):
    """Pieces of one order line in a parcel."""

    item: str
    quantity: Decimal


class Shipment(NamedTuple):
    """One parcel event. `tracking` is normalised; `cost` is what the carrier charged."""

    order_ref: str
    tracking: str
    carrier: str = ""
    service: str = ""
    ship_date: date | None = None
    lines: tuple[ShipmentLine, ...] = ()
    cost: Decimal | None = None
    source: str = "manual"


class NewJob(NamedTuple):
    """A job as it enters the outbox; `wait_ms` and a reason: it is not to run at once.

    `origin_file`, `origin_line`: the carrier file it came from, by its number, and its row there.
    """

    kind: str
    connection_id: int
    order_ref: str
    channel: str
    tracking: str
    idempotency_key: str
    payload: str
    priority: int = Priority.WRITE_BACK
    ship_by_ms: int | None = None
    wait_ms: int = 0
    reason_code: str = ""
    reason_params: str = ""  # as stored
    origin_file: int | None = None
    origin_line: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A stored job. Times are milliseconds since 1970, UTC; `due_at` None: a person decides."""

    id: int
    public_id: int
    kind: str
    connection_id: int
    order_ref: str
    channel: str
    tracking: str
    payload: str
    state: JobState
    created_at: int
    due_at: int | None
    reason_code: str
    reason_params: Params
    reason_since: int
    attempts: int  # spent ones
    lost: int  # answers lost in a row
    runs: int  # times a worker took it
    deaths: int  # 1: the program died while it ran; 2: now running alone because of that
    removing: bool  # a person removed it while it was being sent
    finished_at: int | None
    proof: "Proof | None"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was sent, when, and what the remote held when it was read back afterwards."""

    sent: str
    held: str
    read_at: int
    was_there: bool = False  # found before anything was sent
    remote_id: str = ""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a job's or a connection's history; `seq` gives the order, never `at`."""

    seq: int
    job_id: int | None
    connection_id: int | None
    at: int
    what: str
    code: str
    params: Params
    started_at: int | None
    spent: bool
    excerpt: str
    actor: str


@dataclass(frozen=True, slots=True)
class ConnectionInfo:
    """One account at one system, with its settings; its secrets are in the keyring."""

    id: int
    name: str
    kind: str
    settings: Mapping[str, Param] = field(default_factory=dict)
    is_practice: bool = False


@dataclass(frozen=True, slots=True)
class ConnectionGate:
    """Why a connection sends nothing now; all times in milliseconds since 1970."""

    block_code: str = ""
    block_params: Params = field(default_factory=dict)
    block_looks_again: bool = False
    block_since: int | None = None
    paused_at: int | None = None
    paused_until: int | None = None  # None while paused: until a person resumes
    failures: int = 0  # times in a row it could not be reached
    failing_since: int | None = None
    held_set_at: int = 0
    held_until: int = 0  # nothing is tried before

    @property
    def is_blocked(self) -> bool:
        return bool(self.block_code)

    @property
    def is_unreachable(self) -> bool:
        """True since the last call that did not get through."""
        return bool(self.failures) and self.failing_since is not None


@dataclass(frozen=True, slots=True)
class Route:
    """Connections joined for one purpose. `target_id` None: a source alone.

    `settings`: what of the source is read, as the kind of route knows it.
    """

    id: int
    purpose: str
    source_id: int
    target_id: int | None
    mode: str
    settings: Mapping[str, Param]
    interval_s: int


@dataclass(frozen=True, slots=True)
class SyncTask:
    """How the reading along a route stands. Times are milliseconds since 1970.

    `cycle_since`: a reading is not at its end yet; `over_since`: it began again before it was.
    `cycle_counts` is of that one, `counts` of the last whole one: new, changed, failed, and
    skipped ones by their reason. `left`: how many orders are still to come, None where nobody
    knows. `asked` rises with each Sync Now. `again_from`: a person wants everything since then
    once more; that reading has a cursor, counts and rest of its own.
    """

    route: Route
    cursor: str
    asked: int
    paused_at: int | None
    paused_until: int | None
    cycle_since: int | None
    cycle_counts: Mapping[str, int]
    left: int | None
    over_since: int | None
    running_since: int | None
    ran_at: int | None
    result_code: str  # empty: the last run went well
    result_params: Params
    failing_since: int | None
    failures: int
    finished_at: int | None
    counts: Mapping[str, int]
    advice_code: str
    advice_params: Params
    due_set_at: int
    due_at: int
    again_from: int | None = None
    again_cursor: str = ""
    again_counts: Mapping[str, int] = field(default_factory=dict)
    again_left: int | None = None
