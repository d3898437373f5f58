"""Rate limits as values: what a remote allows, and where a token bucket stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls a second on average, and so many at once after a rest."""

    per_s: float
    burst: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket in the form of a "theoretical arrival time"; wall time in milliseconds."""

    rate: Rate
    tat_ms: int  # when the bucket is full again
    held_until_ms: int  # the remote asked for a pause until then
    set_at_ms: int  # when this was written: a clock set back is noticed by it
