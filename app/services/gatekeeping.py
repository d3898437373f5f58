"""How long a connection must rest before its next job: pure rules over its gate."""

import math

from app.core.types import ConnectionGate

FOREVER = math.inf


def rest_s(gate: ConnectionGate, now_ms: int) -> float:
    """Seconds until a job may be tried: 0 now, infinity when a person must act first."""
    if gate.is_blocked:
        return FOREVER
    return max(_pause_s(gate, now_ms), left_s(gate.held_set_at, gate.held_until, now_ms))


def is_paused(gate: ConnectionGate, now_ms: int) -> bool:
    """True while a person's pause holds; one with a time ends by itself."""
    return _pause_s(gate, now_ms) > 0


def _pause_s(gate: ConnectionGate, now_ms: int) -> float:
    if gate.paused_at is None:
        return 0.0
    if gate.paused_until is None:
        return FOREVER
    return left_s(gate.paused_at, gate.paused_until, now_ms)


def left_s(set_at: int, until: int, now_ms: int) -> float:
    """Seconds left of a wait; a clock set back before its start restarts it, never more."""
    return max(0, until - max(now_ms, set_at)) / 1000
