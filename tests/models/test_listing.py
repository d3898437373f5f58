"""Causes and standings: every row is counted once, where it belongs."""

import pytest

from app.core.states import JobState
from app.models.listing import Listing, RowFilter, Slice, Standing
from tests.builders import PERSON_DECIDES, Store, a_new_job, some_new_jobs

P, X, K = JobState.PENDING, JobState.FAILED, JobState.PARKED


def causes(store: Store, wanted: RowFilter | None = None) -> list[tuple[str, str, tuple[int, ...]]]:
    found = Listing(store.database).causes(wanted or RowFilter())
    return [(one.slice.value, one.code, one.ids) for one in found]


def ten(store: Store) -> None:
    """Rows 1-10 of connection 1, waiting."""
    store.enter(*some_new_jobs(10))


def test_what_needs_a_person_comes_first_then_the_largest(store: Store) -> None:
    ten(store)
    store.change("UPDATE jobs SET state = 'failed', reason_code = 'rejected' WHERE id = 3")
    store.change("UPDATE jobs SET reason_code = 'dns' WHERE id > 4")
    assert causes(store) == [
        ("needs_you", "rejected", (3,)),
        ("waiting", "dns", (10, 9, 8, 7, 6, 5)),
        ("waiting", "", (4, 2, 1)),
    ]


def test_one_cause_at_two_connections_is_two(store: Store) -> None:
    store.enter(*some_new_jobs(2), *some_new_jobs(1, connection_id=2, stem="B"))
    assert causes(store) == [("waiting", "", (2, 1)), ("waiting", "", (3,))]


def test_parked_rows_are_one_cause_whatever_they_failed_of(store: Store) -> None:
    ten(store)
    store.change("UPDATE jobs SET state = 'parked', reason_code = 'dns' WHERE id < 3")
    store.change("UPDATE jobs SET state = 'parked', reason_code = 'rejected' WHERE id = 3")
    assert causes(store, RowFilter(Slice.PARKED)) == [("parked", "", (3, 2, 1))]


def test_a_stopped_connection_is_one_cause_of_two_kinds(store: Store) -> None:
    store.enter(*some_new_jobs(3))
    store.change("UPDATE jobs SET reason_code = 'dns' WHERE id = 2")
    store.change("UPDATE jobs SET state = 'in_doubt', reason_code = 'timeout' WHERE id = 3")
    store.change("UPDATE connections SET block_code = 'permission_missing' WHERE id = 1")
    (cause,) = Listing(store.database).causes(RowFilter())
    assert (cause.slice, cause.code, cause.ids) == (Slice.NEEDS_YOU, "", (3, 2, 1))
    assert dict(cause.kinds) == {
        Standing(P, False, False): (2, 1),
        Standing(JobState.IN_DOUBT, False, False): (3,),
    }


def test_a_chip_groups_its_own_rows_only(store: Store) -> None:
    ten(store)
    store.change("UPDATE jobs SET state = 'failed', reason_code = 'dns' WHERE id = 3")
    assert causes(store, RowFilter(Slice.NEEDS_YOU)) == [("needs_you", "dns", (3,))]
    assert causes(store, RowFilter(connection_id=2)) == []


def test_found_rows_are_grouped_also_when_they_have_ended(store: Store) -> None:
    ten(store)
    store.acts.done([1], "typed", "ann")
    store.acts.discard([2], "ann")
    found = causes(store, RowFilter(Slice.CHOSEN, ids=(3, 2, 1)))
    assert sorted(found) == [("bin", "", (2,)), ("done", "", (1,)), ("waiting", "", (3,))]


def test_lists_of_what_has_ended_have_no_causes(store: Store) -> None:
    ten(store)
    store.acts.done([1], "typed", "ann")
    assert causes(store, RowFilter(Slice.DONE)) == []


def test_standings_are_of_the_named_rows_alone(store: Store) -> None:
    store.enter()
    store.record(store.claim(), PERSON_DECIDES)
    store.enter(*some_new_jobs(3))
    store.acts.park([2], "ann")
    assert dict(Listing(store.database).standings([1, 2, 3, 99])) == {
        Standing(JobState.IN_DOUBT, True, False): (1,),
        Standing(K, False, False): (2,),
        Standing(P, False, False): (3,),
    }


@pytest.mark.parametrize(
    "text", ["0164917312", "420902109205590164917312751089", "9205-5901 6491", "w7", "92055901"]
)
def test_unsettled_rows_are_found_by_a_part_of_a_number(store: Store, text: str) -> None:
    store.enter(a_new_job("W7", "9205590164917312751089"), a_new_job("8", ""))
    assert Listing(store.database).containing(text, 9) == [1]


@pytest.mark.parametrize("text", ["-", "%", "_", ". ."])
def test_what_has_no_number_in_it_is_contained_nowhere(store: Store, text: str) -> None:
    store.enter(a_new_job("W7", "9205590164917312751089"), a_new_job("8", ""))
    assert Listing(store.database).containing(text, 9) == []
