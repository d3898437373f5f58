"""The table of moves, held against the words of the product page."""

import itertools

import pytest

from app.core.states import LIVE, MOVES, OPEN, JobState, may_move

P, F, D = JobState.PENDING, JobState.IN_FLIGHT, JobState.IN_DOUBT
S, X, K, R = JobState.SUCCEEDED, JobState.FAILED, JobState.PARKED, JobState.DISCARDED

ALLOWED = {
    # by the engine
    (P, F), (F, P), (F, D), (F, S), (F, X), (F, R), (D, D), (D, P), (D, S), (D, X), (D, R),
    # by a person: run now, park, remove, done by hand, retry
    (P, P), (P, K), (P, R), (P, S), (X, P), (X, K), (X, R), (X, S), (K, P), (K, R), (K, S),
    # undo: back to where it was; what was in doubt is in doubt again
    (R, P), (R, X), (R, K), (R, D),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [*itertools.product(JobState, JobState)])
def test_only_the_named_moves_are_allowed(old: JobState, new: JobState) -> None:
    assert may_move(old, new) == ((old, new) in ALLOWED)


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(JobState)


def test_nothing_leaves_succeeded() -> None:
    assert not MOVES[S]


def test_failed_and_parked_hold_nobody_back_but_are_seen() -> None:
    assert {P, F, D} == OPEN
    assert {P, F, D, X, K} == LIVE
