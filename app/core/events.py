"""Events that say what changed, and the bus that carries them inside one process."""

import logging
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from app.core.states import JobState

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class JobChanged:
    """One job has a new state or a new reason."""

    job_id: int
    connection_id: int
    state: JobState


@dataclass(frozen=True, slots=True)
class JobsAdded:
    """Jobs entered the outbox for a connection."""

    connection_id: int
    job_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IntakeProgress:
    """Rows of a carrier file are being entered; `done` equals `total`: all of them are in.

    Both 0: the file is being read, nobody knows yet how many there are.
    `source`: the folder's name for people, or empty for a file that a person imports.
    """

    source: str
    file: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class AttentionChanged:
    """Attention items came up, or were settled."""


@dataclass(frozen=True, slots=True)
class FolderChanged:
    """A watch folder was added, edited or removed, or stands otherwise than before."""

    folder_id: int


@dataclass(frozen=True, slots=True)
class LocalIntakeChanged:
    """The local intake was switched, has another key, or stands otherwise than before."""


@dataclass(frozen=True, slots=True)
class ConnectionChanged:
    """A connection was edited, blocked, paused, or works again."""

    connection_id: int


@dataclass(frozen=True, slots=True)
class HealthChanged:
    """How calls to other systems ended was stored: lights may be others now."""


@dataclass(frozen=True, slots=True)
class RouteChanged:
    """A route was added, removed, paused or asked to run now, or a run of it began or ended."""

    route_id: int


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """A reading goes on: `done` records so far, `left` still to come, None where nobody knows."""

    route_id: int
    done: int
    left: int | None


@dataclass(frozen=True, slots=True)
class OrdersChanged:
    """Orders of a connection are new, or stand otherwise than before."""

    connection_id: int
    order_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StoreChanged:
    """Another process wrote to the data file: read again what is shown."""


@dataclass(frozen=True, slots=True)
class StorageTrouble:
    """The data file cannot be written: nothing is sent until it can. Empty code: over."""

    code: str


@dataclass(frozen=True, slots=True)
class EngineLooked:
    """For a window beside the engine: whether one runs, and as which process, if that is known."""

    pid: int | None
    is_running: bool


@dataclass(frozen=True, slots=True)
class ClockJumped:
    """The wall clock moved by `shift_s` seconds: set by a person, or the machine slept."""

    shift_s: float


E = TypeVar("E")


class EventBus:
    """Hands each event to its subscribers, on the publisher's thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._handlers: dict[type, list[Callable[..., None]]] = defaultdict(list)

    def subscribe(self, event_type: type[E], handler: Callable[[E], None]) -> Callable[[], None]:
        """Call `handler` for each event of that type; the returned function ends it."""
        with self._lock:
            self._handlers[event_type].append(handler)

        def unsubscribe() -> None:
            with self._lock, suppress(ValueError):
                self._handlers[event_type].remove(handler)

        return unsubscribe

    def publish(self, event: object) -> None:
        """A subscriber that fails is logged and does not keep the others from hearing it."""
        for handler in tuple(self._handlers.get(type(event), ())):
            try:
                handler(event)
            except Exception:
                logger.exception("a subscriber of %s failed", type(event).__name__)
