"""Reads for people: rows by filter, rows by any number, what happened, what piles up."""

import pytest

from app.core.outcomes import Outcome
from app.core.states import LIVE, JobState
from app.models.history import Backlog
from app.models.listing import Listing, RowFilter, Slice
from tests.builders import (
    AN_OUTCOME,
    PERSON_DECIDES,
    UPS,
    Store,
    a_new_job,
    some_new_jobs,
)


def found(store: Store, text: str) -> list[int]:
    return [job.id for job in store.history.search(text)]


def test_row_is_found_by_every_number_it_has(store: Store) -> None:
    store.enter(a_new_job("Web 7a"))
    for text in (
        "1", "row:1", " 1 ", str(store.job().public_id), "web 7A", " #Web  7a ", UPS, UPS.lower(),
        "1Z 2396 6E03 9746 7800", "'1Z-23966E0397467800",
    ):  # fmt: skip
        assert found(store, text) == [1], text


@pytest.mark.parametrize("state", [JobState.PENDING, JobState.SUCCEEDED])
@pytest.mark.parametrize(
    "text",
    [
        "420902109205590164917312751089",
        "42090210 9205 5901 6491 7312 7510 89",
        "9205-5901-6491-7312-7510-89",
        "w7",
        "W-7",
    ],
)
def test_row_is_found_as_its_label_is_scanned_or_typed(
    store: Store, state: JobState, text: str
) -> None:
    store.put(state, a_new_job("W7", "9205590164917312751089"))
    assert found(store, text) == [1]


@pytest.mark.parametrize("state", JobState)
def test_row_is_found_in_every_state(store: Store, state: JobState) -> None:
    store.put(state)
    assert found(store, "316132") == [1]


@pytest.mark.parametrize(
    "text",
    ["", " ", "2", "row:", "row:x", "row:316132", "31613", "%", "_", "9" * 40, "-1", "\u0661"],
)
def test_what_fits_nothing_finds_nothing(store: Store, text: str) -> None:
    store.enter(a_new_job(), a_new_job("no number", ""))
    assert found(store, text) == ([2] if text == "2" else [])


def test_number_that_fits_several_rows_finds_all_in_order(store: Store) -> None:
    store.enter(a_new_job("2", "1"), a_new_job("9", "5"), a_new_job("8", "2"))
    store.enter(a_new_job("2", "7", connection_id=2))
    assert found(store, "2") == [1, 2, 3, 4]
    assert found(store, "row:2") == [2]


def test_large_number_is_a_copied_id_never_a_row(store: Store) -> None:
    store.enter()
    store.change("UPDATE history SET job_id = NULL")
    store.change("UPDATE jobs SET id = 100000000000")
    assert found(store, "100000000000") == []
    assert found(store, str(store.rows("SELECT public_id FROM jobs")[0][0])) == [100_000_000_000]


def test_what_a_job_of_ours_wrote_is_known(store: Store) -> None:
    store.put(JobState.FAILED, a_new_job("Web 7a"))
    assert not store.history.wrote(1, "WEB 7A", UPS)
    store.put(JobState.SUCCEEDED, a_new_job("Web 8a"))
    assert store.history.wrote(1, "web 8a", f" {UPS.lower()}")
    assert not store.history.wrote(1, "web 7a", UPS)
    assert not store.history.wrote(2, "WEB 8A", UPS)


def test_search_never_reads_the_whole_table(store: Store) -> None:
    asked: list[str] = []
    store.database.connection().set_trace_callback(asked.append)
    for text in ("1", str(store.clock.now_ms()), "A1"):
        store.history.search(text)
    store.database.connection().set_trace_callback(None)
    plans = [row[3] for sql in asked for row in store.rows(f"EXPLAIN QUERY PLAN {sql}")]
    assert len(plans) > len(asked) == 3, "one statement each: rows move between two"
    assert [plan for plan in plans if "jobs" in plan and " USING " not in plan] == []


def test_ended_rows_are_read_by_index_however_many_there_are(store: Store) -> None:
    listing, asked = Listing(store.database), list[str]()
    store.database.connection().set_trace_callback(asked.append)
    for ended in (Slice.DONE, Slice.BIN):
        listing.count(RowFilter(ended, since_ms=1))
        listing.ids(RowFilter(ended, since_ms=1))
    listing.last_success()
    store.database.connection().set_trace_callback(None)
    plans = [row[3] for sql in asked for row in store.rows(f"EXPLAIN QUERY PLAN {sql}")]
    steps = [plan for plan in plans if "TEMP B-TREE" not in plan]
    assert len(steps) == len(asked) == 5
    assert [step for step in steps if "jobs_ended (state=?" not in step] == []


def test_the_last_success_of_a_connection_without_any_is_one_step(store: Store) -> None:
    for number in range(3):
        store.put(JobState.SUCCEEDED, a_new_job(f"A{number}"))
    asked: list[str] = []
    store.database.connection().set_trace_callback(asked.append)
    assert store.history.last_success(2) is None
    store.database.connection().set_trace_callback(None)
    (plan,) = [row[3] for row in store.rows(f"EXPLAIN QUERY PLAN {asked[0]}")]
    assert plan.endswith("INDEX jobs_confirmed (connection_id=? AND kind=?)")
    assert store.history.last_success(1) == store.job(3).finished_at


def test_rows_are_listed_newest_first_by_state_connection_and_reason(store: Store) -> None:
    store.put(JobState.SUCCEEDED, a_new_job("A"))
    store.put(JobState.FAILED, a_new_job("B"))
    store.enter(a_new_job("C"), a_new_job("D", connection_id=2))
    listed = [job.id for job in store.history.jobs()]
    assert listed == [4, 3, 2]
    assert [job.id for job in store.history.jobs([JobState.SUCCEEDED])] == [1]
    assert [job.id for job in store.history.jobs(connection_id=2)] == [4]
    assert [job.id for job in store.history.jobs(reason_code="rejected")] == [2]
    assert [job.id for job in store.history.jobs(limit=2)] == [4, 3]
    assert store.history.jobs([]) == []


def test_live_list_holds_exactly_what_is_not_settled(store: Store) -> None:
    # In flight and in doubt come last: while they are open, nothing else is due.
    order = sorted(JobState, key=lambda state: state in (JobState.IN_DOUBT, JobState.IN_FLIGHT))
    for state in order:
        if state is not JobState.PENDING:
            store.put(state, a_new_job(f"order {state}"))
    store.put(JobState.PENDING, a_new_job("waits"))
    assert {job.state for job in store.history.jobs()} == set(LIVE)


def test_missing_row_is_none(store: Store) -> None:
    assert store.history.job(1) is None
    assert store.history.of_job(1) == []


def test_history_goes_by_sequence_also_when_the_clock_went_back(store: Store) -> None:
    store.enter()
    store.clock.jump(-7200)
    store.outbox.rebase_waits()
    store.record(store.claim(), AN_OUTCOME[JobState.FAILED])
    assert store.story() == ["entered", "run_failed"]
    assert [line.what for line in store.history.recent(2)] == ["entered", "run_failed"]
    assert [line.what for line in store.history.recent(1)] == ["run_failed"]


def test_backlog_counts_by_connection_state_and_reason(store: Store) -> None:
    oldest = store.clock.now_ms()
    store.enter(*some_new_jobs(3), a_new_job("X", connection_id=2))
    store.clock.advance(60)
    later = store.clock.now_ms()
    store.record(store.claim(), AN_OUTCOME[JobState.FAILED])
    store.record(store.claim(), AN_OUTCOME[JobState.IN_DOUBT])
    store.enter(a_new_job("Y", connection_id=2))
    store.record(store.claim(2), PERSON_DECIDES)
    lines = sorted(store.history.backlog(), key=lambda line: (line.connection_id, line.state))
    assert lines == [
        Backlog(1, JobState.FAILED, "rejected", 1, oldest, later),
        Backlog(1, JobState.IN_DOUBT, "answer_lost", 1, oldest, later),
        Backlog(1, JobState.PENDING, "", 1, oldest, oldest),
        Backlog(2, JobState.IN_DOUBT, "person_decides", 1, oldest, later, stands=True),
        Backlog(2, JobState.PENDING, "", 1, later, later),
    ]
    examples = [store.history.example(line) for line in lines]
    assert [job and job.order_ref for job in examples] == ["A1", "A2", "A3", "X", "Y"]


def test_settled_rows_are_no_backlog(store: Store) -> None:
    store.put(JobState.SUCCEEDED, a_new_job("A"))
    store.put(JobState.DISCARDED, a_new_job("B"))
    assert store.history.backlog() == []


def test_example_of_a_group_that_moves_is_none_that_stands(store: Store) -> None:
    store.enter(a_new_job("stands"), a_new_job("moves"))
    for wait_s in (None, 60.0):
        outcome = Outcome(JobState.IN_DOUBT, "restored_look", wait_s=wait_s)
        store.record(store.claim(), outcome)
    found = {line.stands: store.history.example(line) for line in store.history.backlog()}
    assert {stands: job and job.order_ref for stands, job in found.items()} == {
        True: "stands", False: "moves",
    }  # fmt: skip


def test_connection_was_seen_working_only_after_the_moment_asked_for(store: Store) -> None:
    store.put(JobState.SUCCEEDED, a_new_job("A"))
    seen = store.history.last_seq()
    assert store.history.was_seen_working(1, seen - 1)
    assert not store.history.was_seen_working(1, seen)
    store.put(JobState.FAILED, a_new_job("B"))
    assert not store.history.was_seen_working(1, seen)
    assert not store.history.was_seen_working(2, 0)


def test_last_success_is_that_of_the_connection(store: Store) -> None:
    assert store.history.last_success(1) is None
    store.put(JobState.SUCCEEDED, a_new_job("A"))
    first = store.clock.now_ms()
    store.clock.advance(60)
    store.put(JobState.FAILED, a_new_job("B"))
    assert store.history.last_success(1) == first
    assert store.history.last_success(2) is None
