"""A remote system in memory that behaves as told, and the target that writes there."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import (
    CredentialsRejected,
    NotFound,
    NotSupported,
    OutcomeUnknown,
    RecordLocked,
    Rejected,
    RemoteUnavailable,
    Throttled,
    TransientError,
)
from app.core.outcomes import RunRules
from app.core.types import ORDER_POST, Proof, Shipment
from app.integrations.base import CheckStep, Target


class ProcessDied(BaseException):
    """The program was killed at this point of a call."""


ERRORS = {
    "locked": lambda: RecordLocked("ps_locked", held_by="MARY", since=""),
    "throttled": lambda: Throttled("rate_limited", retry_after_s=5.0, host="shop"),
    "down": lambda: RemoteUnavailable("refused", host="shop"),
    "not_now": lambda: TransientError("server_error", host="shop", status=500),
    "refused": lambda: Rejected("rejected", host="shop", message="no", field="carrier"),
    "unknown": lambda: NotFound("not_found", host="shop", order="?"),
    "signed_out": lambda: CredentialsRejected("credentials_rejected", host="shop"),
    "bug": lambda: ZeroDivisionError("a fault of ours"),
}


@dataclass
class FakeRemote:
    """Orders and the numbers they hold. `plan`: what the next writes do; empty: all goes well."""

    plan: deque[str] = field(default_factory=deque)
    look_plan: deque[str] = field(default_factory=deque)
    held: dict[str, list[str]] = field(default_factory=dict)
    writes: list[tuple[str, str]] = field(default_factory=list)
    request_ids: list[str] = field(default_factory=list)
    when_kept: Callable[[], object] = lambda: None

    def keep(self, shipment: Shipment) -> None:
        """Apply a write."""
        self.held.setdefault(shipment.order_ref, []).append(shipment.tracking)
        self.writes.append((shipment.order_ref, shipment.tracking))
        self.when_kept()


class FakeTarget:
    """Writes to a FakeRemote as an adapter does: looks first, writes, reads back."""

    write_operation = ""
    can_read_back = True
    rules = RunRules(poll_locked_s=60.0)

    def __init__(self, remote: FakeRemote) -> None:
        self.remote = remote
        self.closed = False

    def write(self, shipment: Shipment, request_id: str) -> Proof:
        """Do what the plan says."""
        remote = self.remote
        remote.request_ids.append(request_id)
        what = remote.plan.popleft() if remote.plan else "ok"
        if what == "dies_before":
            raise ProcessDied
        if what in ERRORS:
            raise ERRORS[what]()
        found = self._find(shipment, was_there=True) if self.can_read_back else None
        if found:
            return found
        if what == "lost_unapplied":
            raise OutcomeUnknown("answer_lost", host="shop")
        remote.keep(shipment)
        if what == "dies_after":
            raise ProcessDied
        if what == "lost_applied":
            raise OutcomeUnknown("answer_lost", host="shop")
        return Proof(shipment.tracking, shipment.tracking, 0)

    def look(self, shipment: Shipment, request_id: str = "") -> Proof | None:
        """Read-only."""
        what = self.remote.look_plan.popleft() if self.remote.look_plan else "ok"
        if what == "dies_looking":
            raise ProcessDied
        if what in ERRORS:
            raise ERRORS[what]()
        if not self.can_read_back:
            raise NotSupported("not_supported", host="shop")
        return self._find(shipment, was_there=False)

    def _find(self, shipment: Shipment, *, was_there: bool) -> Proof | None:
        if shipment.tracking not in self.remote.held.get(shipment.order_ref, ()):
            return None
        return Proof(shipment.tracking, shipment.tracking, 0, was_there=was_there)

    def check(self) -> Iterable[CheckStep]:
        """All is well."""
        return (CheckStep("answers", True),)

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True


class FakeOpened:
    """What the runner gets for a connection."""

    def __init__(
        self,
        target: FakeTarget,
        wait_s: float = 0.0,
        others: Mapping[str, Target[Any]] | None = None,
    ) -> None:
        self.target = target
        self.wait_s = wait_s
        self.others = dict(others or {})  # targets of other types of jobs
        self.other_waits: dict[str, float] = {}
        self.types = frozenset({ORDER_POST, *self.others})

    def target_for(self, job_type: str) -> Target[Any]:
        """The target of that type."""
        return self.target if job_type == ORDER_POST else self.others[job_type]

    def waits(self) -> dict[str, float]:
        """As the test says."""
        own = {ORDER_POST: self.wait_s} if self.wait_s else {}
        return own | self.other_waits

    def close(self) -> None:
        """Close the targets."""
        self.target.close()
        for target in self.others.values():
            target.close()
