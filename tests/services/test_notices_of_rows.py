"""Failed rows and rows that wait: one notice for all of a cause."""

import pytest

from app.core.outcomes import Outcome
from app.core.states import JobState
from app.core.telling import Notice, Overall
from tests.builders import PERSON_DECIDES, a_new_job, some_new_jobs
from tests.services.notice_bench import HOUR, LOCKED, MINUTE, NO_SESSION, Watch, keys


def test_failed_row_is_told_within_seconds_with_the_row_to_open(watch: Watch) -> None:
    watch.fail("316088")
    (told,) = watch.look(5)
    assert told.key == "failed:1:rejected"
    assert told.title == "Shop 1: invoice 316088 needs you"
    assert told.text.endswith("Correct it with Edit and retry.")
    assert (told.count, told.connection_id, told.job_id) == (1, 1, 1)


def test_five_thousand_failures_in_a_minute_are_one_notice(watch: Watch) -> None:
    for number in range(50):
        watch.store.enter(*some_new_jobs(100, stem=f"B{number}-"))
        now = watch.store.clock.now_ms()
        watch.store.change(
            "UPDATE jobs SET state = 'failed', reason_code = 'rejected', reason_since = ?, "
            "finished_at = ? WHERE state = 'pending'",
            (now, now),
        )
        watch.look(1.15)
    (told,) = watch.look(5)
    assert told.title == "Shop 1: 5000 write-backs need you"
    assert watch.told == [told]
    assert watch.look(HOUR) == []


def test_failures_that_go_on_are_told_after_a_minute(watch: Watch) -> None:
    for number in range(70):
        watch.fail(f"A{number}")
        watch.look(1)
    (told,) = watch.told
    assert 50 <= told.count < 70
    (more,) = watch.look(11 * MINUTE)
    assert (more.key, more.count) == (told.key, 70)


def test_causes_of_one_connection_are_told_apart(watch: Watch) -> None:
    watch.fail("A1")
    watch.fail("A2", outcome=Outcome(JobState.FAILED, "ps_picked_up"))
    assert sorted(keys(watch.look(10))) == ["failed:1:ps_picked_up", "failed:1:rejected"]


def test_failed_rows_a_person_deals_with_are_taken_away_unsaid(watch: Watch) -> None:
    watch.fail("A1", "A2")
    watch.look(10)
    watch.store.acts.discard([1], "desk")
    assert watch.look(HOUR) == []
    watch.store.acts.discard([2], "desk")
    assert watch.look() == [Notice("failed:1:rejected", is_resolved=True)]


def test_new_failure_after_some_were_dealt_with_is_news(watch: Watch) -> None:
    watch.fail("A1", "A2")
    watch.look(10)
    watch.store.acts.discard([1], "desk")
    watch.look(HOUR)
    watch.fail("A3")
    (told,) = watch.look(10)
    assert told.count == 2


def test_row_that_nobody_can_tell_the_end_of_needs_a_person(watch: Watch) -> None:
    watch.fail("A1", outcome=PERSON_DECIDES)
    (told,) = watch.look(10)
    assert told.key == "undecided:1:person_decides"
    assert watch.overall is Overall.NEEDS_YOU


@pytest.mark.parametrize(("outcome", "patience_s"), [(LOCKED, 4 * HOUR), (NO_SESSION, HOUR / 2)])
def test_row_that_waits_is_told_only_when_it_waits_for_long(
    watch: Watch, outcome: Outcome, patience_s: float
) -> None:
    watch.store.enter(a_new_job("316132"))
    watch.store.record(watch.store.claim(), outcome)
    assert watch.look(patience_s - MINUTE) == []
    (told,) = watch.look(3 * MINUTE)
    assert told.key == "waiting:1"
    assert told.title.startswith("Shop 1: invoice 316132 has waited since ")
    assert watch.look(5 * HOUR) == []
    watch.store.change("UPDATE jobs SET state = 'succeeded', finished_at = 1")
    assert watch.look() == [Notice("waiting:1", is_resolved=True)]


def test_row_whose_order_is_still_to_come_is_never_told(watch: Watch) -> None:
    watch.store.enter(a_new_job())
    watch.store.record(watch.store.claim(), Outcome(JobState.PENDING, "order_wait", {}, 900.0))
    assert watch.look(100 * HOUR) == []


def test_backlog_is_told_with_what_most_wait_for_and_that_it_drains(watch: Watch) -> None:
    watch.store.enter(*some_new_jobs(25))
    for _ in range(25):
        watch.store.record(watch.store.claim(), LOCKED)
    (told,) = watch.look(HOUR)
    assert told.title == "Shop 1: the queue is not draining"
    assert "25 write-backs wait" in told.text
    assert "Open at another desk (MARY)" in told.text
    watch.store.change("UPDATE jobs SET state = 'succeeded', finished_at = 1 WHERE id < 20")
    (over,) = watch.look()
    assert over.title == "Shop 1: the queue drains again"
