"""From a shipment to jobs in the outbox, and one run of a job of any type."""

import logging
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from app.core import outcomes
from app.core.clock import Clock
from app.core.errors import (
    BackhaulError,
    BugError,
    NotSupported,
    PermissionMissing,
    SetupChanged,
    UsageError,
)
from app.core.events import EventBus, JobsAdded
from app.core.job_types import Barred, job_type, payload_of
from app.core.outcomes import Outcome, RunRules
from app.core.payload import dump_shipment, idempotency_key
from app.core.states import JobState
from app.core.tracking import clean_order_ref, order_channel
from app.core.types import ORDER_POST, Job, NewJob, Proof, Shipment
from app.integrations.base import Target
from app.models.outbox import Entered, Outbox

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run came to, and the error that decided it, if any."""

    outcome: Outcome
    error: Exception | None = None


def to_job(connection_id: int, shipment: Shipment, repeat: int = 0) -> NewJob:
    """The write-back job of one shipment for one connection.

    Raises: UsageError when there is no order reference. The tracking number is taken as it
    is: normalised by whoever read it.
    """
    order_ref = clean_order_ref(shipment.order_ref)
    if not order_ref:
        raise UsageError("order_empty")
    if order_ref != shipment.order_ref:
        shipment = shipment._replace(order_ref=order_ref)
    channel = order_ref.upper()  # what `order_channel` makes of a clean one
    return NewJob(
        ORDER_POST,
        connection_id,
        order_ref,
        channel,
        shipment.tracking,
        idempotency_key(connection_id, channel, shipment, repeat),
        dump_shipment(shipment),
    )


class WriteBack:
    """Takes shipments in, and carries out jobs of every type."""

    def __init__(
        self, outbox: Outbox, bus: EventBus, clock: Clock, store_uid: str, rng: random.Random
    ) -> None:
        self._outbox = outbox
        self._bus = bus
        self._clock = clock
        self._uid = uuid.UUID(store_uid)
        self._rng = rng

    def enter(
        self, connection_id: int, shipments: Sequence[Shipment], *, actor: str, again: bool = False
    ) -> list[Entered]:
        """Put shipments of one connection into the outbox; on disk when this returns.

        `again`: a person wants it sent once more although it went through.
        Raises: UsageError, StorageError; then none was entered.
        """
        return self.enter_all({connection_id: shipments}, actor=actor, again=again)

    def enter_all(
        self,
        shipments: Mapping[int, Sequence[Shipment]],
        *,
        actor: str,
        again: bool = False,
    ) -> list[Entered]:
        """The same for several connections, by id, in one commit."""
        jobs = [
            to_job(connection_id, one, self._repeat(connection_id, one) if again else 0)
            for connection_id, group in shipments.items()
            for one in group
        ]
        entered = self._outbox.enter(jobs, actor)
        ids = iter([e.job_id for e in entered])
        for connection_id, group in shipments.items():
            self._bus.publish(JobsAdded(connection_id, tuple(islice(ids, len(group)))))
        return entered

    def known(self, connection_id: int, shipments: Sequence[Shipment]) -> list[int | None]:
        """Of each shipment when it was entered before (ms since 1970); None: it would be new."""
        keys = [to_job(connection_id, one).idempotency_key for one in shipments]
        held = self._outbox.holding(keys)
        return [held.get(key) for key in keys]

    def _repeat(self, connection_id: int, shipment: Shipment) -> int:
        channel = order_channel(shipment.order_ref)
        return self._outbox.next_repeat(idempotency_key(connection_id, channel, shipment))

    def request_id(self, job: Job) -> str:
        """A UUID that is the same on every run of this job, and nobody else's."""
        return str(uuid.uuid5(self._uid, f"job/{job.public_id}"))

    def run(self, job: Job, open_target: Callable[[], Target[Any]]) -> Ran:
        """One run: look if the job is in doubt, write (which looks first) if it is not."""
        rules = RunRules()
        looking = job.state is JobState.IN_DOUBT
        try:
            payload = payload_of(job)
            target = open_target()
            # A reference that a person typed is wrong rather than early.
            rules = replace(target.rules, order_wait_s=0) if _typed(payload) else target.rules
            request_id = self.request_id(job)
            if looking:
                proof = _look(target, payload, request_id)
            else:
                proof = target.write(payload, request_id)
        except Exception as error:  # the worker loop: every error becomes a state
            if not isinstance(error, BackhaulError) or isinstance(error, BugError):
                logger.exception("job %d: a fault of the program", job.id)
            return Ran(self._after(job, error, rules), error)
        return Ran(outcomes.succeeded(proof) if proof else outcomes.not_arrived(job))

    def _after(self, job: Job, error: Exception, rules: RunRules) -> Outcome:
        """What becomes of a job whose run raised `error`."""
        looking = job.state is JobState.IN_DOUBT
        if isinstance(error, BARRED) and job_type(job.kind).barred is Barred.FAILS:
            return outcomes.barred(job, error)
        decide = outcomes.after_look_error if looking else outcomes.after_write_error
        now = self._clock.now_ms()
        return decide(job, error, now_ms=now, rules=rules, rng=self._rng)


BARRED = (PermissionMissing, SetupChanged)
"""Errors of a connection that may be about one type of job alone."""


def _look(target: Target[Any], payload: object, request_id: str) -> Proof | None:
    if not target.can_read_back:
        raise NotSupported("not_supported")
    return target.look(payload, request_id)


def _typed(payload: object) -> bool:
    return isinstance(payload, Shipment) and payload.source == "manual"
