"""One active connection: claims its due jobs one after another and records what came of each."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

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
from app.core.types import ConnectionGate, Job
from app.integrations.base import WriteBackTarget
from app.models.connections import Connections
from app.models.outbox import Outbox, Recorded
from app.services.gatekeeping import rest_s
from app.services.turns import Turns
from app.services.write_back import Ran, WriteBack

logger = logging.getLogger(__name__)

STORAGE_RETRY_S = 2.0


class OpenedTarget(Protocol):
    """A connection made ready for work."""

    target: WriteBackTarget

    def write_wait_s(self) -> float:
        """Seconds until the rate budget allows the next write."""

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
        self._gate = ConnectionGate()
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
        job = shop.outbox.claim(self.connection_id, shop.lease)
        self._tell_storage("")
        if job is not None:
            return job, 0.0
        due = shop.outbox.next_due(self.connection_id, now)
        return None, float("inf") if due is None else max(due - now, 1) / 1000

    def _rest_s(self, now: int) -> float:
        if self._stale.is_set():
            self._stale.clear()
            self._gate = self._shop.connections.gate(self.connection_id)
            self.close()  # settings or secrets may be others now
        rest = rest_s(self._gate, now)
        if not rest and self._opened is not None:
            rest = self._opened.write_wait_s()
        return rest

    def _run(self, job: Job) -> None:
        shop = self._shop
        started_at = shop.clock.now_ms()
        shop.bus.publish(JobChanged(job.id, job.connection_id, job.state))
        with shop.turns.alone() if job.deaths else shop.turns.together():
            if job.deaths:
                shop.outbox.mark_alone(job)
            ran = shop.write_back.run(job, self._target)
        # The outcome first: what it says about the connection would be learned again.
        recorded = self._record(job, ran, started_at)
        self._next = recorded.next_job
        self._note_connection(ran.error)
        shop.bus.publish(JobChanged(job.id, job.connection_id, recorded.state))

    def _target(self) -> WriteBackTarget:
        if self._opened is None:
            self._opened = self._shop.open_target(self.connection_id)
        return self._opened.target

    def _record(self, job: Job, ran: Ran, started_at: int) -> Recorded:
        """Store the outcome, however long the disk is full or the file held by another."""
        shop = self._shop
        while True:
            free = not (
                shop.stopping.is_set()
                or isinstance(ran.error, ConnectionBlocked | RemoteUnavailable | Throttled)
                or self._rest_s(shop.clock.now_ms())
            )
            try:
                recorded = shop.outbox.record(
                    job, ran.outcome, shop.lease, started_at=started_at, claim_next=free
                )
            except StorageError as error:
                self._tell_storage(error.code)
                if shop.stopping.is_set():
                    raise  # the lease stays: the next start looks what came of it
                shop.clock.wait(shop.stopping, STORAGE_RETRY_S)
            else:
                self._tell_storage("")
                return recorded

    def _note_connection(self, error: Exception | None) -> None:
        """What the answer says about the connection itself."""
        connections, me = self._shop.connections, self.connection_id
        match error:
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
