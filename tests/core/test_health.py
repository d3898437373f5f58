"""Calls counted by minutes and classes of time, and what was last."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.health import (
    BANDS_MS,
    MINUTE_MS,
    ApiCalls,
    Mark,
    Result,
    Tally,
    Way,
    band_of,
    count,
    within,
)

NOW = 1_790_000_040_000
MINUTE = NOW // MINUTE_MS


def a_tally(minute: int = MINUTE, result: Result = Result.OK, took: int = 40, n: int = 1) -> Tally:
    return Tally(minute, Way.READ, result, band_of(took), n)


def test_figures_count_each_result() -> None:
    found = count([
        a_tally(n=7), a_tally(result=Result.REFUSED, n=2), a_tally(result=Result.FAILED),
        a_tally(result=Result.NETWORK, n=5),
    ])  # fmt: skip
    assert (found.ok, found.refused, found.failed, found.network) == (7, 2, 1, 5)
    assert (found.answered, found.calls, found.error_rate) == (10, 15, 0.1)


def test_nothing_has_no_rate_and_no_median() -> None:
    found = count([])
    assert (found.error_rate, found.median_ms) == (0.0, None)


def test_slow_ones_are_counted_among_calls_that_got_there() -> None:
    slow = [a_tally(took=3001), a_tally(result=Result.REFUSED, took=9000), a_tally(took=2999)]
    failed = [a_tally(result=Result.FAILED, took=9000), a_tally(result=Result.NETWORK, took=9000)]
    assert count([*slow, *failed], slow_ms=3000).slow == 3


@given(st.lists(st.floats(0, 60_000), min_size=1, max_size=99))
def test_the_median_lies_in_the_class_of_the_real_one(times: list[float]) -> None:
    median = count([a_tally(took=one) for one in times]).median_ms  # type: ignore[arg-type]
    assert median is not None
    real = band_of(sorted(times)[len(times) // 2])
    assert (BANDS_MS[real - 1] if real else 0) <= median <= BANDS_MS[real]


def test_a_minute_whose_calls_may_be_older_is_left_out() -> None:
    tallies = [a_tally(MINUTE - age) for age in range(12)]
    kept = within(tallies, 10 * MINUTE_MS, NOW + 1)
    assert [MINUTE - one.minute for one in kept] == list(range(10))


def test_a_minute_that_is_still_to_come_is_left_out() -> None:
    assert within([a_tally(MINUTE + 1)], 10 * MINUTE_MS, NOW) == []


def test_only_an_answer_ends_a_row_of_failures() -> None:
    mark = Mark()
    for at, result in enumerate([Result.OK, Result.FAILED, Result.NETWORK, Result.FAILED], 1):
        mark.hear(result, at, result, {"host": "shop"})
    assert (mark.in_a_row, mark.failing_since, mark.code) == (2, 2, "failed")
    assert (mark.ok_at, mark.failed_at, mark.network_at) == (1, 4, 3)
    mark.hear(Result.REFUSED, 5)
    assert (mark.in_a_row, mark.failing_since, mark.code) == (0, None, "failed")


@given(st.lists(st.sampled_from(Result), max_size=12), st.integers(0, 12))
def test_two_parts_joined_are_the_whole(results: list[Result], cut: int) -> None:
    parts = [Mark(), Mark()]
    whole = Mark()
    for at, result in enumerate(results, 1):
        for mark in (whole, parts[at > cut]):
            mark.hear(result, at, f"code{at}", {"at": at})
    assert parts[0].followed_by(parts[1]) == whole


def test_what_a_wrong_clock_stamped_ahead_counts_for_nothing() -> None:
    calls = ApiCalls(marks={Way.READ: Mark(ok_at=NOW + 1), Way.WRITE: Mark(ok_at=NOW - 5)})
    assert calls.last("ok_at", NOW) == NOW - 5
