"""Job states and the one table of moves between them."""

from enum import StrEnum


class JobState(StrEnum):
    """Where a job stands; product words: `pending` shows as Waiting or Retrying."""

    PENDING = "pending"  # due at a time, with a reason when it waits
    IN_FLIGHT = "in_flight"  # leased: a worker is sending it now
    IN_DOUBT = "in_doubt"  # sent, outcome unknown: the remote is read before anything else
    SUCCEEDED = "succeeded"  # the remote confirmed it, or a person said so
    FAILED = "failed"  # no attempt left, or only a person can solve it
    PARKED = "parked"  # a person keeps it but stops trying it
    DISCARDED = "discarded"  # removed by a person, or no longer needed


OPEN = frozenset({JobState.PENDING, JobState.IN_FLIGHT, JobState.IN_DOUBT})
"""States that hold back later jobs of the same remote order."""

LIVE = OPEN | {JobState.FAILED, JobState.PARKED}
"""States of the rows a person still sees in the list."""

_P, _F, _D = JobState.PENDING, JobState.IN_FLIGHT, JobState.IN_DOUBT
_S, _X, _K, _R = JobState.SUCCEEDED, JobState.FAILED, JobState.PARKED, JobState.DISCARDED

MOVES: dict[JobState, frozenset[JobState]] = {
    _P: frozenset({_P, _F, _K, _R, _S}),
    _F: frozenset({_P, _D, _S, _X, _R}),
    _D: frozenset({_D, _P, _S, _X, _R}),
    _S: frozenset(),
    _X: frozenset({_P, _K, _R, _S}),
    _K: frozenset({_P, _R, _S}),
    _R: frozenset({_P, _X, _K, _D}),
}
"""Allowed moves. `_P → _S`, `_X → _S`, `_K → _S` are "done by hand"; `_R → …` is Undo."""


def may_move(old: JobState, new: JobState) -> bool:
    """True when the table of moves allows it."""
    return new in MOVES[old]
