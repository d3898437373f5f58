"""Waits, as the error table gives them."""

import random

import pytest

from app.core import backoff


class Edge(random.Random):
    """Always the lowest or the highest value."""

    def __init__(self, *, high: bool) -> None:
        super().__init__(0)
        self._high = high

    def uniform(self, a: float, b: float) -> float:
        return b if self._high else a


@pytest.mark.parametrize(("spent", "base"), [(1, 30), (2, 120), (3, 600), (4, 3600), (9, 3600)])
def test_wait_after_an_attempt_is_its_step_within_a_quarter(spent: int, base: float) -> None:
    assert backoff.attempt_wait_s(spent, Edge(high=False)) == base * 0.75
    assert backoff.attempt_wait_s(spent, Edge(high=True)) == base * 1.25


def test_waits_differ_so_that_rows_do_not_come_back_together() -> None:
    rng = random.Random(1)
    assert len({backoff.attempt_wait_s(1, rng) for _ in range(50)}) > 40


@pytest.mark.parametrize(
    ("held_for_s", "poll_s", "wait_s"),
    [(0, 60, 60), (599.9, 60, 60), (600, 60, 300), (86_400, 60, 300), (600, 900, 900), (5, 5, 5)],
)
def test_locked_record_is_watched_closely_for_ten_minutes(
    held_for_s: float, poll_s: float, wait_s: float
) -> None:
    assert backoff.lock_wait_s(held_for_s, poll_s) == wait_s


@pytest.mark.parametrize(
    ("failures", "wait_s"),
    [(0, 0), (1, 0), (2, 0), (3, 30), (4, 60), (5, 120), (7, 480), (8, 900), (9, 900), (999, 900)],
)
def test_unreachable_connection_is_probed_at_doubling_waits(failures: int, wait_s: float) -> None:
    assert backoff.probe_wait_s(failures) == wait_s


@pytest.mark.parametrize(
    ("asked_s", "wait_s"),
    [(None, 30), (0.0, 0), (-5.0, 0), (12.5, 12.5), (86_400.0, 86_400), (3.2e8, 86_400)],
)
def test_remote_decides_the_wait_up_to_a_day(asked_s: float | None, wait_s: float) -> None:
    assert backoff.capped_wait_s(asked_s, 30.0) == wait_s
