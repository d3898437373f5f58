"""One act on many rows: part by part, exactly those that were named, stopped when told so."""

from collections.abc import Sequence

import pytest

from app.core.errors import StorageError, UsageError
from app.core.states import JobState
from app.core.types import Job
from app.models.acts import Acted
from app.services.acting import AT_ONCE, Left, in_parts
from tests.builders import a_job


def job(job_id: int) -> Job:
    return a_job(JobState.FAILED, id=job_id)


def load(ids: Sequence[int]) -> list[Job]:
    """Rows above 1000 are gone."""
    return [job(one) for one in ids if one <= 1000]


def act(jobs: Sequence[Job]) -> list[Acted]:
    """Even rows are busy; row 3 is being sent and follows later."""
    return [
        Acted(one.id, error=UsageError("job_busy"))
        if one.id % 2 == 0
        else Acted(one.id, JobState.IN_FLIGHT if one.id == 3 else JobState.DISCARDED)
        for one in jobs
    ]


def why(error: UsageError) -> str:
    return f"because of {error.code}"


def test_rows_left_alone_are_counted_by_reason() -> None:
    result = in_parts([1, 2, 3, 4, 1001], load, act, why)
    assert result.done == (1, 3)
    assert result.later == (3,)
    assert [one.clause for one in result.left] == [
        "2 were already being sent", "1 is not there any more",
    ]  # fmt: skip
    assert result.left[0].why == "because of job_busy"


def test_each_part_is_told_and_a_no_ends_it() -> None:
    ids = list(range(1, 2 * AT_ONCE + 52))
    told: list[int] = []

    def watch(through: int) -> bool:
        told.append(through)
        return through < 2 * AT_ONCE

    result = in_parts(ids, load, act, why, watch)
    assert told == [AT_ONCE, 2 * AT_ONCE]
    assert result.not_reached == 51
    assert len(result.done) + result.left[0].count == 2 * AT_ONCE


def test_no_rows_are_no_work() -> None:
    assert in_parts([], load, act, why).done == ()


def test_trouble_with_the_file_is_raised() -> None:
    def full(jobs: Sequence[Job]) -> list[Acted]:
        raise StorageError("store_full")

    with pytest.raises(StorageError):
        in_parts([1], load, full, why)


@pytest.mark.parametrize("code", ["job_over", "job_unheard_of"])
def test_a_clause_stands_behind_every_count(code: str) -> None:
    assert Left(code, 1, "").clause.startswith("1 ")
    assert Left(code, 2000, "").clause.startswith("2,000 ")
