"""How jobs enter the outbox: once each, with an `id` that nobody else has."""

import sqlite3
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.core.payload import idempotency_key
from app.core.states import JobState
from app.models.outbox import Outbox
from tests.builders import (
    AN_OUTCOME,
    UPS,
    Store,
    a_new_job,
    a_shipment,
    a_store,
    some_new_jobs,
)

HOUR_S = 3600


def public_ids(store: Store) -> list[int]:
    return [row[0] for row in store.rows("SELECT public_id FROM jobs ORDER BY id")]


def test_entered_job_is_pending_due_now_and_on_disk(store: Store) -> None:
    (entered,) = store.enter(a_new_job())
    job = store.job(entered.job_id)
    now = store.clock.now_ms()
    assert entered.is_new
    assert (job.state, job.due_at, job.created_at, job.public_id) == (
        JobState.PENDING, now, now, entered.public_id,
    )  # fmt: skip
    assert (job.order_ref, job.tracking, job.attempts, job.runs) == ("316132", UPS, 0, 0)
    assert store.rows("SELECT id FROM jobs") == [(entered.job_id,)]
    assert [(line.what, line.actor) for line in store.history.of_job(job.id)] == [
        ("entered", "desk")
    ]


def test_same_shipment_again_is_noted_at_its_row(store: Store) -> None:
    (first,) = store.enter(a_new_job())
    (again,) = store.outbox.enter([a_new_job()], "worldship")
    assert again == (first.job_id, first.public_id, False)
    assert store.rows("SELECT COUNT(*) FROM jobs") == [(1,)]
    assert store.story() == ["entered", "entered_again"]


@pytest.mark.parametrize("state", [s for s in JobState if s is not JobState.DISCARDED])
def test_same_shipment_finds_its_row_in_every_state_but_removed(
    store: Store, state: JobState
) -> None:
    job_id = store.put(state)
    assert store.enter(a_new_job())[0] == (job_id, store.job().public_id, False)


def test_removed_shipment_may_enter_anew(store: Store) -> None:
    job_id = store.put(JobState.DISCARDED)
    (again,) = store.enter(a_new_job())
    assert again.is_new
    assert again.job_id != job_id


def test_same_number_for_another_target_is_another_job(store: Store) -> None:
    found = store.enter(a_new_job(connection_id=1), a_new_job(connection_id=2))
    assert [entered.is_new for entered in found] == [True, True]


@pytest.mark.parametrize("place", [0, 2, 4])
def test_batch_keeps_its_order_around_a_repeat(store: Store, place: int) -> None:
    (old,) = store.enter(a_new_job())
    batch = some_new_jobs(4)
    batch.insert(place, a_new_job())
    found = store.enter(*batch)
    assert [entered.is_new for entered in found] == [i != place for i in range(5)]
    assert found[place].job_id == old.job_id
    orders = [store.job(entered.job_id).order_ref for entered in found]
    assert orders == [job.order_ref for job in batch]


def test_repeat_inside_one_batch_is_one_row(store: Store) -> None:
    one, two = a_new_job("A"), a_new_job("B")
    found = store.enter(one, two, one, one)
    assert [entered.is_new for entered in found] == [True, True, False, False]
    assert {found[0].job_id} == {found[2].job_id, found[3].job_id}
    assert store.story(found[0].job_id) == ["entered", "entered_again", "entered_again"]


def test_batch_that_cannot_be_stored_whole_leaves_nothing(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.enter(a_new_job("A"), a_new_job("B", connection_id=99))
    assert store.rows("SELECT COUNT(*) FROM jobs") == [(0,)]
    assert store.rows("SELECT COUNT(*) FROM history WHERE job_id IS NOT NULL") == [(0,)]


def test_full_disk_is_told_as_such_for_one_and_for_a_batch(store: Store) -> None:
    store.enter(a_new_job("before"))
    (pages,) = store.database.connection().execute("PRAGMA page_count").fetchone()
    store.database.connection().execute(f"PRAGMA max_page_count = {pages}")
    for batch in (some_new_jobs(2000), [a_new_job("X" * 9000)]):
        with pytest.raises(StorageError) as caught:
            store.enter(*batch)
        assert caught.value.code == "store_full"
    assert store.rows("SELECT order_ref FROM jobs") == [("before",)]
    store.database.connection().execute("PRAGMA max_page_count = 1000000")
    assert len(store.enter(*some_new_jobs(2000))) == 2000


def test_copied_id_is_the_moment_or_the_next_free_millisecond(store: Store) -> None:
    now = store.clock.now_ms()
    store.enter(a_new_job("A"))
    store.enter(*some_new_jobs(3, stem="B"))
    store.clock.advance(0.002)
    store.enter(a_new_job("C"))
    store.clock.advance(1)
    store.enter(a_new_job("D"))
    assert public_ids(store) == [*range(now, now + 5), now + 1002]


def test_copied_id_stays_unique_when_the_clock_goes_back(store: Store) -> None:
    for step in (-1, HOUR_S, -HOUR_S, -HOUR_S, -0.001, 2 * HOUR_S - 0.001, -HOUR_S):
        store.enter(*some_new_jobs(3, stem=f"S{step}at{store.clock.now_ms()}x"))
        store.clock.jump(step)
    found = public_ids(store)
    assert len(set(found)) == len(found) == 21


def test_copied_id_goes_back_with_the_clock_rather_than_an_hour_ahead(store: Store) -> None:
    store.enter(a_new_job("A"))
    store.clock.jump(-HOUR_S)
    (entered,) = store.enter(a_new_job("B"))
    assert entered.public_id == store.clock.now_ms()


def test_copied_id_another_process_took_is_passed_over(store: Store) -> None:
    other = Outbox(store.database, store.clock)
    now = store.clock.now_ms()
    other.enter(some_new_jobs(3, stem="O"), "other")
    assert store.enter(a_new_job("A"))[0].public_id == now + 3
    other.enter([a_new_job("P")], "other")
    found = store.enter(*some_new_jobs(2, stem="B"))
    assert [entered.public_id for entered in found] == [now + 5, now + 6]
    assert [entered.is_new for entered in found] == [True, True]


def test_gap_between_taken_milliseconds_is_used(store: Store) -> None:
    now = store.clock.now_ms()
    store.enter(*some_new_jobs(4, stem="A"))
    store.change("DELETE FROM history WHERE job_id = 3")
    store.change("DELETE FROM jobs WHERE public_id = ?", (now + 2,))
    fresh = Outbox(store.database, store.clock)
    assert fresh.enter([a_new_job("B")], "desk")[0].public_id == now + 2
    assert fresh.enter([a_new_job("C")], "desk")[0].public_id == now + 4


def test_large_batch_is_whole_and_its_ids_are_its_own(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    found = store.enter(*some_new_jobs(5000))
    assert len({entered.public_id for entered in found}) == 5000
    assert store.rows("SELECT COUNT(*) FROM history WHERE what = 'entered'") == [(5000,)]
    store.database.close_thread()


def test_repeat_number_rises_with_each_wanted_repeat(store: Store) -> None:
    key = idempotency_key(1, "316132", a_shipment())
    assert store.outbox.next_repeat(key) == 0
    for repeat in range(12):
        assert store.enter(a_new_job(repeat=repeat))[0].is_new
        assert store.outbox.next_repeat(key) == repeat + 1


def test_repeat_number_looks_at_its_own_shipment_only(store: Store) -> None:
    store.enter(
        a_new_job("316132", UPS + "1", repeat=7), a_new_job("3161321", repeat=8),
        a_new_job(connection_id=2, repeat=9),
    )  # fmt: skip
    assert store.outbox.next_repeat(idempotency_key(1, "316132", a_shipment())) == 0


def test_repeat_number_of_a_removed_row_is_free_again(store: Store) -> None:
    store.put(JobState.DISCARDED)
    assert store.outbox.next_repeat(idempotency_key(1, "316132", a_shipment())) == 0


def test_connections_with_work_are_those_with_a_row_that_can_move(store: Store) -> None:
    assert store.outbox.connections_with_work() == []
    store.put(JobState.FAILED, a_new_job("A"))
    assert store.outbox.connections_with_work() == []
    store.put(JobState.IN_DOUBT, a_new_job("B"))
    assert store.outbox.connections_with_work() == [1]
    store.enter(a_new_job("C", connection_id=2))
    assert store.outbox.connections_with_work() == [1, 2]
    job = store.claim(2)
    store.record(job, AN_OUTCOME[JobState.SUCCEEDED])
    assert store.outbox.connections_with_work() == [1]
