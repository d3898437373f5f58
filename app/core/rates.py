"""Rate limits as values: what a remote allows, and where a token bucket stands."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """Calls per second in the long run, and how many may come at once (1 or more)."""

    per_s: float
    burst: int

    @property
    def step_ms(self) -> float:
        """Time between two calls at the allowed pace."""
        return 1000 / self.per_s

    @property
    def ahead_ms(self) -> float:
        """How far the arrival time may run ahead: one call of a burst stays in reserve, because
        calls that leave evenly do not arrive evenly."""
        return (max(self.burst - 1, 1) - 1) * self.step_ms

    @property
    def full_ms(self) -> int:
        """Time in which an emptied bucket is full again."""
        return math.ceil(self.ahead_ms + self.step_ms)


@dataclass(frozen=True, slots=True)
class Bucket:
    """The state of one budget; milliseconds since 1970. `rate`: as the remote has stated it."""

    rate: Rate
    tat_ms: int  # theoretical arrival time of the next call, if all came at the allowed pace
    held_until_ms: int  # the remote asked for a pause until then
    set_at_ms: int  # when this was written: a clock set back is noticed by it
