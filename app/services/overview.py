"""What waits where and why: the numbers behind `backhaul status` and the backlog banner."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.core.clock import Clock, clock_time
from app.core.states import JobState
from app.core.types import ConnectionGate, ConnectionInfo
from app.models.history import Backlog, History
from app.services.connections import ConnectionService
from app.services.wording import Wordsmith

BACKLOG_COUNT = 20
BACKLOG_AGE_MS = 30 * 60_000


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """One connection in numbers and words. `oldest_s`: age of its oldest waiting row."""

    connection: ConnectionInfo
    state: str  # working, paused, blocked, unreachable, never used
    text: str
    hint: str
    waiting: int
    needs_you: int
    oldest_s: float | None
    last_success: int | None
    backlog: str  # why many rows wait; empty when the queue drains
    paused_until: int | None = None  # ms; None: not paused, or until a person resumes it
    gate: ConnectionGate = field(default_factory=ConnectionGate)


class Overview:
    """Reads how every connection stands; green is only what was seen working."""

    def __init__(
        self,
        connections: ConnectionService,
        history: History,
        wordsmith: Wordsmith,
        clock: Clock,
    ) -> None:
        self._connections = connections
        self._history = history
        self._wordsmith = wordsmith
        self._clock = clock

    def all(self) -> list[ConnectionStatus]:
        """Every connection, by name."""
        waiting = self._history.backlog()
        return [
            self._one(connection, [b for b in waiting if b.connection_id == connection.id])
            for connection in self._connections.all()
        ]

    def unfinished(self, connection_id: int | None = None) -> dict[JobState, int]:
        """How many rows of a connection, or of all, are not settled, by their state."""
        found: dict[JobState, int] = {}
        for group in self._history.backlog(everything=True):
            if connection_id in (None, group.connection_id):
                found[group.state] = found.get(group.state, 0) + group.count
        return found

    def _one(self, connection: ConnectionInfo, rows: list[Backlog]) -> ConnectionStatus:
        gate = self._connections.gate(connection.id)
        last_success = self._history.last_success(connection.id)
        state, text, hint = self._state(gate, last_success)
        waiting = [b for b in rows if b.state in WAITING]
        oldest = min((b.oldest_at for b in waiting), default=None)
        now = self._clock.now_ms()
        return ConnectionStatus(
            connection,
            state,
            text,
            hint,
            sum(b.count for b in waiting),
            sum(b.count for b in rows if b.state is JobState.FAILED),
            None if oldest is None else max(0, now - oldest) / 1000,
            last_success,
            self._backlog(waiting, now),
            gate.paused_until if state == "paused" else None,
            gate,
        )

    def _state(self, gate: ConnectionGate, last_success: int | None) -> tuple[str, str, str]:
        if gate.is_blocked:
            said = self._wordsmith.block(gate)
            return "blocked", said.summary, said.hint
        if gate.paused_at is not None:
            until = gate.paused_until
            text = f"Paused until {clock_time(until)}" if until else "Paused until you resume it"
            return "paused", text, ""
        if gate.is_unreachable and gate.failing_since is not None:
            return "unreachable", f"Not reachable since {clock_time(gate.failing_since)}", ""
        if last_success is None:
            return "never used", "Nothing was written back yet", ""
        return "working", f"Last write-back {clock_time(last_success)}", ""

    def _backlog(self, rows: list[Backlog], now: int) -> str:
        if not has_backlog(rows, now):
            return ""
        count = sum(b.count for b in rows)
        cause = max(rows, key=lambda b: b.count)
        why = self._wordsmith.say(cause.reason_code, {}).summary
        oldest = clock_time(min(b.oldest_at for b in rows))
        return f"{count} rows wait, the oldest since {oldest}; most of them: {why}"


WAITING = (JobState.PENDING, JobState.IN_FLIGHT, JobState.IN_DOUBT)


def has_backlog(rows: Sequence[Backlog], now: int) -> bool:
    """True when so many rows wait for so long that the queue is not draining."""
    old = any(now - b.oldest_at > BACKLOG_AGE_MS for b in rows)
    return old and sum(b.count for b in rows) >= BACKLOG_COUNT
