"""What a person may do to a row in each state, and what that leaves behind."""

from typing import Any

import pytest

from app.core.outcomes import Outcome
from app.core.states import JobState
from app.models.acts import Acted
from tests.builders import (
    AN_OUTCOME,
    LEASE,
    PERSON_DECIDES,
    Store,
    a_new_job,
    some_new_jobs,
)

P, F, D = JobState.PENDING, JobState.IN_FLIGHT, JobState.IN_DOUBT
S, X, K, R = JobState.SUCCEEDED, JobState.FAILED, JobState.PARKED, JobState.DISCARDED
ASKS = "asks a person"
BUSY, OVER, REMOVED, PARKED, UNDECIDED, NOT_REMOVED = (
    "job_busy", "job_over", "job_removed", "job_parked", "job_undecided", "job_not_removed",
)  # fmt: skip
DAY_S = 86_400

EDITED = a_new_job("316133", "94055")

WHAT_BECOMES: dict[Any, dict[str, JobState | str]] = {
    # from            retry    discard   restore      park    done    edit
    P: dict(retry=P, discard=R, restore=NOT_REMOVED, park=K, done=S, edit=P),
    F: dict(retry=BUSY, discard=F, restore=NOT_REMOVED, park=BUSY, done=BUSY, edit=BUSY),
    D: dict(retry=BUSY, discard=D, restore=NOT_REMOVED, park=BUSY, done=BUSY, edit=BUSY),
    ASKS: dict(retry=P, discard=R, restore=NOT_REMOVED, park=UNDECIDED, done=S, edit=UNDECIDED),
    S: dict(retry=OVER, discard=OVER, restore=NOT_REMOVED, park=OVER, done=OVER, edit=OVER),
    X: dict(retry=P, discard=R, restore=NOT_REMOVED, park=K, done=S, edit=P),
    K: dict(retry=P, discard=R, restore=NOT_REMOVED, park=PARKED, done=S, edit=P),
    R: dict(retry=REMOVED, discard=REMOVED, restore=P, park=REMOVED, done=REMOVED, edit=REMOVED),
}
CASES = [(old, act, new) for old, acts in WHAT_BECOMES.items() for act, new in acts.items()]
NOTED = {"done": "done_by_hand"}


def put(store: Store, state: JobState | str) -> None:
    if state != ASKS:
        store.put(JobState(state))
        return
    store.enter()
    store.record(store.claim(), PERSON_DECIDES)


def do(store: Store, act: str, job_id: int = 1) -> Acted:
    if act == "edit":
        return store.acts.edit(job_id, EDITED, "ann", {"tracking": "94055"})
    more = ["it is on the invoice"] if act == "done" else []
    (acted,) = getattr(store.acts, act)([job_id], *more, "ann")
    assert isinstance(acted, Acted)
    return acted


@pytest.mark.parametrize(("old", "act", "new"), CASES)
def test_act_moves_the_row_or_says_why_not(
    store: Store, old: JobState | str, act: str, new: JobState | str
) -> None:
    put(store, old)
    before, story = store.job(), store.story()
    store.clock.advance(5)
    acted = do(store, act)
    if isinstance(new, JobState):
        assert (acted.state, acted.error) == (new, None)
        assert store.job().state is new
        line = store.history.of_job(1)[-1]
        assert (line.what, line.actor, line.at) == (
            NOTED.get(act, act), "ann", store.clock.now_ms(),
        )  # fmt: skip
    else:
        assert acted.error is not None
        assert (acted.state, acted.error.code) == (None, new)
        assert (store.job(), store.story()) == (before, story)


def test_every_act_is_tried_from_every_state() -> None:
    assert set(WHAT_BECOMES) == {*JobState, ASKS}
    assert {len(acts) for acts in WHAT_BECOMES.values()} == {6}


@pytest.mark.parametrize("act", ["retry", "edit"])
@pytest.mark.parametrize("old", [P, X, K])
def test_row_starts_anew_with_five_attempts_due_now(store: Store, old: JobState, act: str) -> None:
    store.put(old)
    store.change("UPDATE jobs SET attempts = 5, lost = 3, deaths = 2, reason_code = 'rejected'")
    store.clock.advance(5)
    do(store, act)
    job = store.job()
    assert (job.attempts, job.lost, job.deaths, job.reason_code) == (0, 0, 0, "")
    assert (job.due_at, job.reason_since, job.finished_at) == (
        store.clock.now_ms(), store.clock.now_ms(), None,
    )  # fmt: skip
    assert store.claim().id == 1


def test_edited_row_carries_the_new_facts_and_the_old_ones_are_noted(store: Store) -> None:
    store.put(X)
    do(store, "edit")
    job = store.job()
    assert (job.order_ref, job.channel, job.tracking, job.payload) == (
        "316133", "316133", "94055", EDITED.payload,
    )  # fmt: skip
    assert dict(store.history.of_job(1)[-1].params) == {"tracking": "94055"}
    assert not store.enter(EDITED)[0].is_new
    assert store.enter(a_new_job())[0].is_new, "the old facts are free again"


def test_edit_to_a_shipment_that_is_there_already_names_that_row(store: Store) -> None:
    store.put(X)
    (other,) = store.enter(EDITED)
    before = store.job()
    acted = do(store, "edit")
    assert acted.error is not None
    assert (acted.error.code, acted.error.params) == ("job_key_taken", {"other": other.job_id})
    assert store.job() == before


def test_done_by_hand_keeps_the_reason_in_the_history(store: Store) -> None:
    store.put(X)
    do(store, "done")
    assert store.job().reason_code == "done_by_hand"
    assert store.job().finished_at == store.clock.now_ms()
    assert dict(store.history.of_job(1)[-1].params) == {"reason": "it is on the invoice"}


def test_parked_row_is_not_tried(store: Store) -> None:
    store.put(K)
    store.clock.advance(1e6)
    assert store.outbox.claim(1, LEASE) is None


@pytest.mark.parametrize(("old", "back"), [(P, P), (X, X), (K, K)])
def test_undo_puts_a_row_back_where_it_was(store: Store, old: JobState, back: JobState) -> None:
    store.put(old)
    before = store.job()
    do(store, "discard")
    assert store.job().finished_at == store.clock.now_ms()
    assert store.outbox.claim(1, LEASE) is None
    assert do(store, "restore").state is back
    after = store.job()
    assert (after.attempts, after.order_ref) == (0 if back is P else before.attempts, "316132")
    assert after.reason_code == ("restored" if back is P else before.reason_code)
    assert after.finished_at is None


def test_undo_of_a_row_nobody_could_settle_asks_again_instead_of_sending(store: Store) -> None:
    put(store, ASKS)
    do(store, "discard")
    assert do(store, "restore").state is D
    assert (store.job().due_at, store.job().reason_code) == (None, "person_decides")
    store.clock.advance(1e6)
    assert store.outbox.claim(1, LEASE) is None


@pytest.mark.parametrize("old", [F, D])
def test_undo_before_the_answer_is_in_takes_the_removal_back(store: Store, old: JobState) -> None:
    store.put(old)
    do(store, "discard")
    assert store.job().removing
    assert do(store, "restore").state is old
    assert not store.job().removing
    if old is F:
        store.change("UPDATE jobs SET lease = ?", (LEASE,))
        store.record(store.job(), AN_OUTCOME[P])
        assert store.job().state is P


@pytest.mark.parametrize("outcome", [AN_OUTCOME[P], AN_OUTCOME[X], PERSON_DECIDES])
def test_undo_after_the_answer_came_in(store: Store, outcome: Outcome) -> None:
    store.enter()
    job = store.claim()
    do(store, "discard")
    store.record(job, outcome)
    assert store.job().state is R
    assert do(store, "restore").state is outcome.state


def test_bin_keeps_a_row_for_thirty_days(store: Store) -> None:
    for job in some_new_jobs(2):
        store.enter(job)
    store.acts.discard([1, 2], "ann")
    store.clock.advance(30 * DAY_S)
    assert do(store, "restore", 1).state is P
    store.clock.advance(0.001)
    acted = do(store, "restore", 2)
    assert acted.error is not None
    assert acted.error.code == "bin_over"


def test_row_whose_shipment_entered_again_stays_removed(store: Store) -> None:
    store.put(R)
    (again,) = store.enter(a_new_job())
    acted = do(store, "restore")
    assert acted.error is not None
    assert (acted.error.code, acted.error.params) == ("job_key_taken", {"other": again.job_id})
    store.acts.discard([again.job_id], "ann")
    assert do(store, "restore").state is P


def test_row_of_a_removed_connection_is_not_put_back(store: Store) -> None:
    store.put(X)
    store.connections.remove(1, discard_rows=True, actor="ann")
    acted = do(store, "restore")
    assert acted.error is not None
    assert (acted.error.code, acted.error.params) == ("connection_missing", {"name": "Shop 1"})
    assert store.job().state is R


def test_acts_on_many_rows_answer_for_each_and_one_refusal_stops_none(store: Store) -> None:
    store.enter(*some_new_jobs(3))
    store.claim()
    acted = store.acts.park([1, 2, 99, 3], "ann")
    assert [(one.job_id, one.state, one.error and one.error.code) for one in acted] == [
        (1, None, "job_busy"), (2, K, None), (99, None, "job_missing"), (3, K, None),
    ]  # fmt: skip
    assert store.rows("SELECT id FROM jobs WHERE state = 'parked'") == [(2,), (3,)]


def test_second_press_on_retry_changes_nothing_more(store: Store) -> None:
    store.put(X)
    do(store, "retry")
    job = store.claim()
    acted = do(store, "retry")
    assert acted.error is not None
    assert acted.error.code == "job_busy"
    assert store.record(job, AN_OUTCOME[S]) is S
