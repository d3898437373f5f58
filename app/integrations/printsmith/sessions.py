"""Leaves PrintSmith's user sessions to the people of the shop: asks before, and waits longer."""

from dataclasses import dataclass

from app.core.clock import Clock
from app.core.errors import PermissionMissing, Throttled
from app.integrations.printsmith.client import Probe

PROBE_AGE_S = 60.0
WAITS_S = (60.0, 120.0, 300.0)


@dataclass(slots=True)
class Memory:
    """What a connection remembers while the program runs; adapters come and go meanwhile."""

    refusals: int = 0  # times in a row there was no session for us
    setup_order: str = ""  # the invoice on which the charge was missing or fixed


class SessionGate:
    """Whether there is a user session to spare for us.

    Source: bridge contract v1, B6 and section 5 (`no_free_session`).
    """

    def __init__(self, clock: Clock, wanted: int, memory: Memory) -> None:
        self._clock = clock
        self._wanted = wanted
        self._memory = memory
        self._passed_at: float | None = None

    def is_probe_due(self) -> bool:
        """True when the last good probe is more than a minute old."""
        if self._wanted < 1:
            return False
        return self._passed_at is None or self._clock.monotonic() - self._passed_at > PROBE_AGE_S

    def judge(self, probe: Probe) -> None:
        """Raises: PermissionMissing, Throttled when too few sessions are free."""
        self._passed_at = None
        if not (probe.can_save_invoice and probe.can_see_locks):
            raise PermissionMissing("ps_no_permission")
        free = probe.sessions_free
        if free is not None and free < self._wanted:
            code = "ps_few_sessions" if free > 0 else "ps_no_session"
            raise Throttled(code, free=free, wanted=self._wanted)
        self._passed_at = self._clock.monotonic()

    def refused(self, error: Throttled) -> None:
        """Give the refusal our wait: 60 s, 120 s, then 300 s, or longer if the remote says so."""
        self._passed_at = None
        step = WAITS_S[min(self._memory.refusals, len(WAITS_S) - 1)]
        self._memory.refusals += 1
        error.retry_after_s = max(step, error.retry_after_s or 0.0)
