"""How long to wait before a job, or a connection, is tried again; all values in seconds."""

import random

MAX_ATTEMPTS = 5
"""Spent attempts after which a job is failed."""

MAX_LOST = 5
"""Answers lost in a row after which a job is failed."""

ATTEMPT_WAITS_S = (30.0, 120.0, 600.0, 3600.0)
UNREACHABLE_WAIT_S = 30.0
STORAGE_WAIT_S = 30.0
NOT_ARRIVED_WAIT_S = 30.0
LOST_ANSWER_LOOK_S = 2.0
ORDER_WAIT_STEP_S = 900.0
DAY_S = 86_400.0

LOCK_WATCH_FAST_S = 600.0
LOCK_WATCH_SLOW_S = 300.0

STORM_COUNT = 3
"""Failures to reach a remote, in a row, after which its connection is only probed."""
_PROBE_FIRST_S, _PROBE_MAX_S = 30.0, 900.0


def attempt_wait_s(spent: int, rng: random.Random) -> float:
    """Wait after the `spent`-th spent attempt (1-4): 30 s, 2, 10, 60 min, each ±25 %."""
    base = ATTEMPT_WAITS_S[min(spent, len(ATTEMPT_WAITS_S)) - 1]
    return base * rng.uniform(0.75, 1.25)


def lock_wait_s(held_for_s: float, poll_s: float) -> float:
    """Time to the next look at a locked record: every `poll_s`, after 10 min every 5 min."""
    return poll_s if held_for_s < LOCK_WATCH_FAST_S else max(poll_s, LOCK_WATCH_SLOW_S)


def probe_wait_s(failures: int) -> float:
    """Wait of an unreachable connection: none below three failures, then 30 s … 15 min."""
    if failures < STORM_COUNT:
        return 0.0
    return float(min(_PROBE_FIRST_S * 2 ** (failures - STORM_COUNT), _PROBE_MAX_S))


def capped_wait_s(retry_after_s: float | None, default_s: float) -> float:
    """What the remote asked for, at most 24 hours, or the default where it named nothing."""
    if retry_after_s is None:
        return default_s
    return min(max(retry_after_s, 0.0), DAY_S)
