"""One active connection: claims its due jobs one after another and records what came of each."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from app.core.backoff import UNREACHABLE_WAIT_S, capped_wait_s, probe_wait_s
from app.core.clock import Clock
from app.core.errors import (
    BackhaulError,
    ConnectionBlocked,
    RemoteUnavailable,
    StorageError,
    Throttled,
)
from app.core.events import ConnectionChanged, EventBus, JobChanged, StorageTrouble
from app.core.job_types import PRODUCT_UPDATE, Barred, job_type
from app.core.types import ConnectionGate, Job
from app.integrations.base import Target
from app.models.connections import Connections
from app.models.outbox import Outbox, Recorded
from app.services.gatekeeping import rest_s
from app.services.turns import Turns
from app.services.write_back import BARRED, Ran, WriteBack

logger = logging.getLogger(__name__)

STORAGE_RETRY_S = 2.0
BARRED_REST_S = 900.0
"""How long jobs of one type rest after the remote barred them; then one is tried."""


class OpenedTarget(Protocol):
    """A connection made ready for work."""

    types: frozenset[str]
    """Types of jobs that it takes."""

    def target_for(self, job_type: str) -> Target[Any]:
        """What takes jobs of that type. Raises: NotSupported, SetupChanged."""

    def waits(self) -> dict[str, float]:
        """Seconds until the rate budget allows the next write, by type of job; none: now."""

    def close(self) -> None:
        """Give up sockets."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every runner works with."""

    outbox: Outbox
    connections: Connections
    write_back: WriteBack
    open_target: Callable[[int], OpenedTarget]
    bus: EventBus
    clock: Clock
    turns: Turns
    lease: str
    stopping: threading.Event


class Runner:
    """The jobs of one connection, one at a time, on one thread."""

    def __init__(self, shop: Workshop, connection_id: int) -> None:
        self._shop = shop
        self.connection_id = connection_id
        self.wake = threading.Event()
        self._stale = threading.Event()
        self._barred: dict[str, float] = {}  # types of jobs that rest, until when (monotonic)
        self._gate = ConnectionGate()
        self._products_pause: ConnectionGate | None = None
        self._opened: OpenedTarget | None = None
        self._next: Job | None = None
        self._storage_trouble = False
        self._stale.set()

    def refresh(self) -> None:
        """Something about the connection or the clock changed: look at everything again."""
        self._stale.set()
        self.wake.set()

    def step(self) -> float:
        """Run one job; returns the seconds until there may be another (0: at once)."""
        try:
            if self._next is None:
                self._next, wait = self._claim()
                if self._next is None:
                    return wait
            self._run(self._next)
        except StorageError as error:
            self._tell_storage(error.code)
            return STORAGE_RETRY_S
        return 0.0

    def close(self) -> None:
        """Give up the target; called on the runner's own thread."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def give_back(self) -> None:
        """After a fault of the program: what was claimed here is in doubt, not forgotten."""
        self._next = None
        self._shop.outbox.give_back(self.connection_id, self._shop.lease)

    def _claim(self) -> tuple[Job | None, float]:
        shop = self._shop
        now = shop.clock.now_ms()
        rest = self._rest_s(now)
        if rest > 0:
            return None, rest
        held = self._held()
        if self._opened is not None and held.keys() >= self._opened.types:
            return None, min(held.values())
        job = shop.outbox.claim(self.connection_id, shop.lease, held)
        self._tell_storage("")
        if job is not None:
            return job, 0.0
        due = shop.outbox.next_due(self.connection_id, now)
        wait = float("inf") if due is None else max(due - now, 1) / 1000
        return None, min([wait, *held.values()])

    def _held(self) -> dict[str, float]:
        """Types of jobs that are not to be claimed now, with the seconds until they may be."""
        held: dict[str, float] = {}
        if self._barred:
            now = self._shop.clock.monotonic()
            self._barred = {kind: until for kind, until in self._barred.items() if until > now}
            held = {kind: until - now for kind, until in self._barred.items()}
        for kind, wait in (self._opened.waits() if self._opened else {}).items():
            held[kind] = max(wait, held.get(kind, 0.0))
        if self._products_pause is not None:
            rest = rest_s(self._products_pause, self._shop.clock.now_ms())
            if rest > 0:
                held[PRODUCT_UPDATE] = max(rest, held.get(PRODUCT_UPDATE, 0.0))
        return held

    def _rest_s(self, now: int) -> float:
        if self._stale.is_set():
            self._stale.clear()
            self._gate = self._shop.connections.gate(self.connection_id)
            self._products_pause = self._shop.connections.products_pause(self.connection_id)
            self._barred.clear()
            self.close()  # settings or secrets may be others now
        return rest_s(self._gate, now)

    def _run(self, job: Job) -> None:
        shop = self._shop
        started_at = shop.clock.now_ms()
        shop.bus.publish(JobChanged(job.id, job.connection_id, job.state))
        with shop.turns.alone() if job.deaths else shop.turns.together():
            if job.deaths:
                shop.outbox.mark_alone(job)
            ran = shop.write_back.run(job, lambda: self._target(job.kind))
        # The outcome first: what it says about the connection would be learned again.
        recorded = self._record(job, ran, started_at)
        self._next = recorded.next_job
        self._note_connection(job, ran.error)
        shop.bus.publish(JobChanged(job.id, job.connection_id, recorded.state))

    def _target(self, kind: str) -> Target[Any]:
        if self._opened is None:
            self._opened = self._shop.open_target(self.connection_id)
        return self._opened.target_for(kind)

    def _record(self, job: Job, ran: Ran, started_at: int) -> Recorded:
        """Store the outcome, however long the disk is full or the file held by another."""
        shop = self._shop
        while True:
            free = not (
                shop.stopping.is_set()
                or isinstance(ran.error, ConnectionBlocked | RemoteUnavailable | Throttled)
                or self._rest_s(shop.clock.now_ms())
            )
            held = self._held() if free else {}
            free = free and not (self._opened and held.keys() >= self._opened.types)
            try:
                recorded = shop.outbox.record(
                    job, ran.outcome, shop.lease, started_at=started_at, claim_next=free, held=held
                )
            except StorageError as error:
                self._tell_storage(error.code)
                if shop.stopping.is_set():
                    raise  # the lease stays: the next start looks what came of it
                shop.clock.wait(shop.stopping, STORAGE_RETRY_S)
            else:
                self._tell_storage("")
                return recorded

    def _note_connection(self, job: Job, error: Exception | None) -> None:
        """What the answer says about the connection itself, or about all jobs of that type."""
        connections, me = self._shop.connections, self.connection_id
        match error:
            case _ if isinstance(error, BARRED) and job_type(job.kind).barred is not Barred.STOPS:
                if job_type(job.kind).barred is Barred.RESTS:
                    until = self._shop.clock.monotonic() + BARRED_REST_S
                    self._barred[job.kind] = until
                return
            case ConnectionBlocked():
                connections.block(me, error)
            case RemoteUnavailable():
                hold = probe_wait_s(self._gate.failures + 1)
                if error.retry_after_s is not None:
                    hold = max(hold, capped_wait_s(error.retry_after_s, 0.0))
                connections.failed_to_reach(me, error, hold)
            case Throttled(operation=""):
                wait = capped_wait_s(error.retry_after_s, UNREACHABLE_WAIT_S)
                connections.hold(me, wait)
            case _ if self._gate.failures and _was_answered(error):
                connections.answered(me)
            case _:
                return
        self._gate = connections.gate(me)
        self._shop.bus.publish(ConnectionChanged(me))

    def _tell_storage(self, code: str) -> None:
        if bool(code) == self._storage_trouble:
            return
        self._storage_trouble = bool(code)
        if code:
            logger.error("the data file cannot be written: %s; nothing is sent meanwhile", code)
        self._shop.bus.publish(StorageTrouble(code))


def _was_answered(error: Exception | None) -> bool:
    """True when the remote itself said something, good or bad."""
    return error is None or (
        isinstance(error, BackhaulError) and error.code not in ("answer_lost", "read_back_failed")
    )
