"""What a run leaves behind: state, reason, counts, proof, history; and what a death leaves."""

from dataclasses import replace

import pytest

from app.core.outcomes import Outcome, not_arrived, succeeded
from app.core.states import JobState
from tests.builders import (
    AN_OUTCOME,
    LEASE,
    OTHER_LEASE,
    PERSON_DECIDES,
    Store,
    a_new_job,
    a_proof,
)

LOST, FAILED = AN_OUTCOME[JobState.IN_DOUBT], AN_OUTCOME[JobState.FAILED]
LOCKED = Outcome(JobState.PENDING, "ps_locked", {"held_by": "Ann"}, 60.0)
NOT_THERE = Outcome(JobState.PENDING, "not_arrived", wait_s=30.0)


def run(store: Store, outcome: Outcome, lease: str = LEASE) -> JobState:
    """One run of the first job, as soon as it is due."""
    due = store.job().due_at or 0
    store.clock.advance(max(0, due - store.clock.now_ms()) / 1000)
    return store.record(store.claim(lease=lease), outcome, lease)


def test_success_keeps_its_proof(store: Store) -> None:
    store.enter()
    assert run(store, succeeded(a_proof(was_there=True, remote_id="9"))) is JobState.SUCCEEDED
    job = store.job()
    assert job.proof == a_proof(was_there=True, remote_id="9")
    assert (job.reason_code, job.finished_at) == ("was_there", store.clock.now_ms())
    assert store.outbox.claim(1, LEASE) is None


def test_not_now_spends_an_attempt_and_waits(store: Store) -> None:
    store.enter()
    run(store, AN_OUTCOME[JobState.PENDING])
    job = store.job()
    assert (job.state, job.attempts, job.finished_at) == (JobState.PENDING, 1, None)
    assert job.due_at == store.clock.now_ms() + 30_000
    assert (job.reason_code, dict(job.reason_params)) == ("server_error", {"status": 500})


def test_waiting_spends_nothing(store: Store) -> None:
    store.enter()
    for _ in range(20):
        run(store, LOCKED)
    assert (store.job().attempts, store.job().runs) == (0, 20)


def test_failed_is_finished_and_stays(store: Store) -> None:
    store.enter()
    run(store, FAILED)
    job = store.job()
    assert (job.state, job.attempts, job.finished_at) == (
        JobState.FAILED, 1, store.clock.now_ms(),
    )  # fmt: skip
    store.clock.advance(1e7)
    assert store.outbox.claim(1, LEASE) is None


def test_reason_keeps_its_since_while_it_stays_the_same(store: Store) -> None:
    store.enter()
    run(store, LOCKED)
    since = store.clock.now_ms()
    run(store, replace(LOCKED, params={"held_by": "Bob"}))
    assert store.job().reason_since == since
    assert dict(store.job().reason_params) == {"held_by": "Bob"}
    run(store, AN_OUTCOME[JobState.PENDING])
    assert store.job().reason_since == store.clock.now_ms()
    run(store, LOCKED)
    assert store.job().reason_since == store.clock.now_ms()


def test_answers_lost_in_a_row_are_counted_until_an_answer_comes(store: Store) -> None:
    store.enter()
    for count in (1, 2):
        run(store, LOST)
        assert store.job().lost == count
        run(store, NOT_THERE)
        assert store.job().lost == count
    run(store, AN_OUTCOME[JobState.PENDING])
    assert store.job().lost == 0


def test_fifth_lost_answer_fails_the_job(store: Store) -> None:
    store.enter()
    for _ in range(4):
        run(store, LOST)
        run(store, not_arrived(store.job()))
        assert store.job().state is JobState.PENDING
    run(store, LOST)
    run(store, not_arrived(store.job()))
    assert (store.job().state, store.job().reason_code) == (JobState.FAILED, "lost_five")
    assert store.job().attempts == 0


def test_each_run_and_look_has_its_line_that_nothing_overwrites(store: Store) -> None:
    store.enter()
    run(store, replace(AN_OUTCOME[JobState.PENDING], excerpt="busy"))
    run(store, LOST)
    run(store, succeeded(a_proof()))
    lines = store.history.of_job(1)
    assert [line.what for line in lines] == [
        "entered", "run_pending", "run_in_doubt", "look_succeeded",
    ]  # fmt: skip
    assert [(line.code, line.spent, line.excerpt) for line in lines[1:]] == [
        ("server_error", True, "busy"), ("answer_lost", False, ""), ("", False, ""),
    ]  # fmt: skip
    assert dict(lines[1].params) == {"status": 500}
    assert lines[1].started_at is not None
    assert [line.seq for line in lines] == sorted(line.seq for line in lines)


def test_outcome_of_a_lease_that_was_lost_changes_nothing_but_is_noted(store: Store) -> None:
    store.enter()
    job = store.claim()
    store.outbox.recover(OTHER_LEASE)
    store.record(job, succeeded(a_proof()))
    assert store.job().state is JobState.IN_DOUBT
    assert store.story()[-1] == "run_succeeded"


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (AN_OUTCOME[JobState.PENDING], JobState.DISCARDED),
        (FAILED, JobState.DISCARDED),
        (PERSON_DECIDES, JobState.DISCARDED),
        (AN_OUTCOME[JobState.SUCCEEDED], JobState.SUCCEEDED),
    ],
    ids=lambda value: "" if isinstance(value, JobState) else value.code or "ok",
)
def test_row_removed_in_flight_goes_when_the_answer_is_in(
    store: Store, outcome: Outcome, state: JobState
) -> None:
    store.enter()
    job = store.claim()
    store.acts.discard([1], "desk")
    assert store.job().removing
    assert store.record(job, outcome) is state
    assert (store.job().state, store.job().removing) == (state, False)
    assert store.job().finished_at == store.clock.now_ms()


def test_row_removed_in_flight_whose_answer_got_lost_is_looked_up_first(store: Store) -> None:
    store.enter()
    job = store.claim()
    store.acts.discard([1], "desk")
    assert store.record(job, LOST) is JobState.IN_DOUBT
    assert store.job().removing
    assert run(store, NOT_THERE) is JobState.DISCARDED


def test_death_puts_what_was_being_sent_in_doubt(store: Store) -> None:
    store.enter(a_new_job("A"), a_new_job("B"), a_new_job("C"))
    first, second = store.claim(), store.claim(lease="3-own")
    assert store.outbox.recover("3-own") == [first.id]
    job = store.job(first.id)
    assert (job.state, job.reason_code, job.deaths) == (JobState.IN_DOUBT, "crash_look", 1)
    assert job.due_at == store.clock.now_ms()
    assert job.attempts == 0
    assert store.job(second.id).state is JobState.IN_FLIGHT
    assert store.job(3).state is JobState.PENDING
    assert store.story(first.id)[-1] == "found_in_doubt"


def test_death_during_a_look_leaves_the_doubt(store: Store) -> None:
    store.put(JobState.IN_DOUBT)
    store.clock.advance(2)
    store.claim()
    assert store.outbox.recover("new") == [1]
    assert store.claim(lease="new").state is JobState.IN_DOUBT


def test_nobodys_doubt_is_left_alone_by_a_start(store: Store) -> None:
    store.put(JobState.IN_DOUBT)
    assert store.outbox.recover("new") == []
    assert (store.job().deaths, store.job().reason_code) == (0, "answer_lost")


def test_second_death_while_it_ran_alone_fails_the_job(store: Store) -> None:
    store.enter()
    store.claim(lease="1")
    store.outbox.recover("2")
    store.outbox.mark_alone(store.claim(lease="2"))
    assert store.job().deaths == 2
    store.outbox.recover("3")
    job = store.job()
    assert (job.state, job.reason_code, job.deaths) == (JobState.FAILED, "crashed_twice", 0)
    assert job.finished_at == store.clock.now_ms()
    assert store.story()[-1] == "found_failed"


def test_second_death_beside_others_is_not_blamed_on_it(store: Store) -> None:
    store.enter()
    store.claim(lease="1")
    store.outbox.recover("2")
    store.claim(lease="2")  # died before it was alone
    store.outbox.recover("3")
    assert (store.job().state, store.job().deaths) == (JobState.IN_DOUBT, 1)


def test_job_that_kills_the_program_at_each_write_fails_although_looks_go_well(
    store: Store,
) -> None:
    store.enter()
    store.claim(lease="1")
    store.outbox.recover("2")
    look = store.claim(lease="2")
    store.outbox.mark_alone(look)
    store.record(look, NOT_THERE, "2")
    assert store.job().deaths == 1, "the write that killed it must run alone"
    store.clock.advance(30)
    store.outbox.mark_alone(store.claim(lease="2"))
    store.outbox.recover("3")
    assert (store.job().state, store.job().reason_code) == (JobState.FAILED, "crashed_twice")


def test_write_that_came_through_clears_the_job_of_suspicion(store: Store) -> None:
    store.enter()
    store.claim(lease="1")
    store.outbox.recover(LEASE)
    run(store, NOT_THERE)
    run(store, LOCKED)
    assert store.job().deaths == 0


def test_row_removed_before_two_deaths_goes_to_the_bin(store: Store) -> None:
    store.enter()
    store.claim(lease="1")
    store.acts.discard([1], "desk")
    store.outbox.recover("2")
    assert (store.job().state, store.job().removing) == (JobState.IN_DOUBT, True)
    store.outbox.mark_alone(store.claim(lease="2"))
    store.outbox.recover("3")
    assert (store.job().state, store.job().removing) == (JobState.DISCARDED, False)


def test_given_back_job_is_in_doubt_and_nobody_died(store: Store) -> None:
    store.enter(a_new_job("A"), a_new_job("B"), a_new_job("C", connection_id=2))
    store.claim()
    store.claim(2)
    store.outbox.give_back(1, LEASE)
    assert [store.job(number).state for number in (1, 2, 3)] == [
        JobState.IN_DOUBT, JobState.PENDING, JobState.IN_FLIGHT,
    ]  # fmt: skip
    assert store.job(1).deaths == 0
    assert store.claim().state is JobState.IN_DOUBT


def test_attempts_and_reason_outlive_a_death(store: Store) -> None:
    store.enter()
    run(store, AN_OUTCOME[JobState.PENDING])
    store.clock.advance(30)
    store.claim()
    store.outbox.recover("new")
    assert (store.job().attempts, store.job().runs) == (1, 2)
