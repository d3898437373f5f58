"""One connection's jobs, stepped by hand: every answer a remote may give, and what comes of it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.events import ConnectionChanged, JobChanged, StorageTrouble
from app.core.states import JobState
from app.core.types import Shipment
from app.services.runner import STORAGE_RETRY_S
from tests.fakes.bench import Bench
from tests.fakes.target import ProcessDied


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def test_a_shipment_is_written_once_with_proof(bench: Bench) -> None:
    job_id = bench.enter()
    bench.settle()
    job = bench.job(job_id)
    assert job.state is JobState.SUCCEEDED
    assert job.proof is not None
    assert bench.remote.writes == [("316132", "1Z1")]


def test_each_change_of_a_row_is_told(bench: Bench) -> None:
    seen: list[JobState] = []
    bench.bus.subscribe(JobChanged, lambda event: seen.append(event.state))
    bench.enter()
    bench.settle()
    assert seen == [JobState.IN_FLIGHT, JobState.SUCCEEDED]


def test_locked_invoice_spends_no_attempt_and_is_watched_slower_after_ten_minutes(
    bench: Bench,
) -> None:
    job_id = bench.enter()
    bench.remote.plan.extend(["locked"] * 14)
    waits = []
    for _ in range(13):
        waits.append(bench.run())
        bench.clock.advance(waits[-1])
    assert waits[:10] == [60.0] * 10
    assert waits[11:] == [300.0] * 2
    job = bench.job(job_id)
    assert job.attempts == 0
    assert (bench.clock.now_ms() - job.reason_since) / 1000 > 600
    bench.settle()
    assert bench.job(job_id).state is JobState.SUCCEEDED


def test_five_answers_not_now_fail_the_job(bench: Bench) -> None:
    job_id = bench.enter()
    bench.remote.plan.extend(["not_now"] * 5)
    waits = []
    for _ in range(4):
        waits.append(bench.run())
        bench.clock.advance(waits[-1])
    bench.run()
    job = bench.job(job_id)
    assert (job.state, job.attempts) == (JobState.FAILED, 5)
    for wait, base in zip(waits, (30, 120, 600, 3600), strict=True):
        assert base * 0.75 <= wait <= base * 1.25


def test_a_refusal_fails_at_once(bench: Bench) -> None:
    job_id = bench.enter()
    bench.remote.plan.append("refused")
    bench.settle()
    job = bench.job(job_id)
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert bench.remote.writes == []


@pytest.mark.parametrize(("what", "looks"), [("lost_applied", 1), ("lost_unapplied", 1)])
def test_a_lost_answer_is_looked_up_before_anything_else(
    bench: Bench, what: str, looks: int
) -> None:
    job_id = bench.enter()
    bench.remote.plan.append(what)
    bench.run()
    assert bench.job(job_id).state is JobState.IN_DOUBT
    bench.settle()
    assert bench.job(job_id).state is JobState.SUCCEEDED
    assert bench.remote.writes == [("316132", "1Z1")]
    assert bench.job(job_id).attempts == 0


def test_an_answer_lost_five_times_in_a_row_is_for_a_person(bench: Bench) -> None:
    job_id = bench.enter()
    bench.remote.plan.extend(["lost_unapplied"] * 5)
    bench.settle()
    job = bench.job(job_id)
    assert (job.state, job.reason_code) == (JobState.FAILED, "lost_five")


def test_a_remote_that_cannot_be_read_back_leaves_it_to_a_person(bench: Bench) -> None:
    bench.target.can_read_back = False
    job_id = bench.enter()
    bench.remote.plan.append("lost_applied")
    bench.settle()
    job = bench.job(job_id)
    assert (job.state, job.reason_code, job.due_at) == (JobState.IN_DOUBT, "person_decides", None)
    assert len(bench.remote.writes) == 1
    bench.acts.done([job_id], "seen there", "anna")
    assert bench.job(job_id).state is JobState.SUCCEEDED


def test_in_doubt_and_out_of_reach_stays_in_doubt(bench: Bench) -> None:
    job_id = bench.enter()
    bench.remote.plan.append("lost_applied")
    bench.remote.look_plan.extend(["down"] * 4)
    bench.run()
    for _ in range(4):
        bench.clock.advance(bench.run())
        assert bench.job(job_id).state is JobState.IN_DOUBT
    bench.settle()
    assert bench.job(job_id).state is JobState.SUCCEEDED
    assert len(bench.remote.writes) == 1


def test_three_times_unreachable_stops_the_connection_and_probes_with_one_job(
    bench: Bench,
) -> None:
    for number in range(20):
        bench.enter(str(number))
    bench.remote.plan.extend(["down"] * 20)
    asked = []
    for _ in range(8):
        before = len(bench.remote.request_ids)
        wait = bench.run()
        asked.append(len(bench.remote.request_ids) - before)
        bench.clock.advance(wait)
    gate = bench.connections.gate(bench.connection.id)
    assert asked[0] == 3, "three jobs find out"
    assert set(asked[1:]) <= {0, 1}, "then one at a time"
    assert gate.failures >= 8
    bench.remote.plan.clear()
    bench.settle()
    assert len(bench.remote.writes) == 20
    assert bench.connections.gate(bench.connection.id).failures == 0


def test_probes_of_an_unreachable_connection_are_never_further_apart_than_15_minutes(
    bench: Bench,
) -> None:
    bench.enter()
    bench.remote.plan.extend(["down"] * 40)
    waits = []
    for _ in range(30):
        waits.append(bench.run())
        bench.clock.advance(waits[-1])
    assert max(waits) == 900.0
    job = bench.job(1)
    assert (job.state, job.attempts) == (JobState.PENDING, 0)


def test_after_twelve_hours_of_maintenance_three_thousand_rows_go_through_one_by_one(
    bench: Bench,
) -> None:
    shipments = [Shipment(f"{n}", f"1Z{n}", source="test") for n in range(3000)]
    bench.write_back.enter(bench.connection.id, shipments, actor="test")
    bench.remote.plan.extend(["down"] * 10_000)
    back_at = bench.clock.now_ms() + 12 * 3_600_000
    while bench.clock.now_ms() < back_at:
        bench.clock.advance(bench.run())
    assert len(bench.remote.request_ids) < 60, "it is probed, not hammered"
    assert {job.attempts for job in bench.history.jobs(limit=3000)} == {0}
    bench.remote.plan.clear()
    while bench.run(most=4000) != float("inf"):
        bench.clock.advance(60)
    assert len(bench.remote.writes) == len(set(bench.remote.writes)) == 3000


def test_a_rejected_sign_in_stops_the_connection_until_a_person_acts(bench: Bench) -> None:
    for number in range(10):
        bench.enter(str(number))
    bench.remote.plan.append("signed_out")
    changed: list[int] = []
    bench.bus.subscribe(ConnectionChanged, lambda event: changed.append(event.connection_id))
    assert bench.run() == float("inf")
    bench.clock.advance(100_000)
    assert bench.run() == float("inf")
    assert len(bench.remote.request_ids) == 1, "no hammering"
    assert changed == [bench.connection.id]
    assert {job.state for job in bench.history.jobs()} == {JobState.PENDING}
    bench.connections.resume(bench.connection.id, "anna")
    bench.runner.refresh()
    bench.settle()
    assert len(bench.remote.writes) == 10


def test_a_throttled_connection_rests_as_long_as_it_was_asked_to(bench: Bench) -> None:
    for number in range(3):
        bench.enter(str(number))
    bench.remote.plan.append("throttled")
    assert bench.run() == pytest.approx(5.0)
    assert len(bench.remote.request_ids) == 1
    bench.clock.advance(5.0)
    bench.settle()
    assert len(bench.remote.writes) == 3
    assert {bench.job(job_id).attempts for job_id in (1, 2, 3)} == {0}


def test_other_orders_pass_a_waiting_one_and_its_own_second_parcel_does_not(
    bench: Bench,
) -> None:
    bench.enter("A", "1Z1")
    bench.enter("A", "1Z2")
    bench.enter("B", "1Z3")
    bench.remote.plan.append("locked")
    bench.run()
    assert bench.remote.writes == [("B", "1Z3")]
    bench.settle()
    assert bench.remote.writes == [("B", "1Z3"), ("A", "1Z1"), ("A", "1Z2")]


def test_a_fault_of_the_program_fails_that_job_and_the_others_go_on(bench: Bench) -> None:
    first, second = bench.enter("A", "1Z1"), bench.enter("B", "1Z2")
    bench.remote.plan.append("bug")
    bench.settle()
    assert bench.job(first).reason_code == "program_error"
    assert bench.job(first).state is JobState.FAILED
    assert bench.job(second).state is JobState.SUCCEEDED


def test_killed_before_the_request_it_is_sent_once(bench: Bench) -> None:
    job_id = bench.enter()
    bench.remote.plan.append("dies_before")
    with pytest.raises(ProcessDied):
        bench.runner.step()
    bench.restart()
    assert bench.job(job_id).state is JobState.IN_DOUBT
    bench.settle()
    assert bench.remote.writes == [("316132", "1Z1")]


def test_killed_after_the_remote_did_it_it_is_found_and_not_sent_again(bench: Bench) -> None:
    job_id = bench.enter()
    bench.remote.plan.append("dies_after")
    with pytest.raises(ProcessDied):
        bench.runner.step()
    bench.restart()
    bench.settle()
    job = bench.job(job_id)
    assert job.state is JobState.SUCCEEDED
    assert bench.remote.writes == [("316132", "1Z1")]


def test_a_job_that_kills_the_program_twice_alone_is_failed(bench: Bench) -> None:
    poison, innocent = bench.enter("A", "1Z1"), bench.enter("B", "1Z2")
    bench.remote.look_plan.extend(["dies_looking"] * 2)
    bench.remote.plan.append("dies_before")
    for _ in range(2):
        with pytest.raises(ProcessDied):
            bench.run()
        bench.restart()
    job = bench.job(poison)
    assert (job.state, job.reason_code) == (JobState.FAILED, "crashed_twice")
    bench.settle()
    assert bench.job(innocent).state is JobState.SUCCEEDED


def test_the_request_id_is_the_same_on_every_run_of_a_job(bench: Bench) -> None:
    bench.enter("A", "1Z1")
    bench.remote.plan.extend(["not_now", "locked", "lost_unapplied"])
    bench.settle()
    bench.enter("B", "1Z2")
    bench.settle()
    first, *again, other = bench.remote.request_ids
    assert set(again) == {first}
    assert other != first


def test_removed_while_it_is_sent_it_ends_done_if_it_landed(bench: Bench) -> None:
    job_id = bench.enter()
    bench.remote.plan.append("lost_applied")
    bench.run()
    bench.acts.discard([job_id], "anna")
    assert bench.job(job_id).removing
    bench.settle()
    assert bench.job(job_id).state is JobState.SUCCEEDED


def test_removed_while_it_is_sent_it_goes_to_the_bin_if_it_did_not_land(bench: Bench) -> None:
    job_id = bench.enter()
    bench.remote.plan.append("lost_unapplied")
    bench.run()
    bench.acts.discard([job_id], "anna")
    bench.settle()
    assert bench.job(job_id).state is JobState.DISCARDED
    assert bench.remote.writes == []


def test_an_order_from_a_machine_source_is_waited_for(bench: Bench) -> None:
    bench.target.rules = bench.target.rules.__class__(order_wait_s=3600.0)
    typed = Shipment("A", "1Z1")
    bench.write_back.enter(bench.connection.id, [typed], actor="anna")
    from_file = bench.enter("B", "1Z2")
    bench.remote.plan.extend(["unknown", "unknown"])
    bench.run()
    assert bench.job(1).state is JobState.FAILED, "a typed number is wrong, not early"
    assert bench.job(from_file).state is JobState.PENDING
    bench.settle()
    assert bench.job(from_file).state is JobState.SUCCEEDED


def test_while_the_store_cannot_be_written_nothing_is_sent(bench: Bench) -> None:
    job_id = bench.enter()
    told: list[str] = []
    bench.bus.subscribe(StorageTrouble, lambda event: told.append(event.code))
    bench.database.connection().execute("PRAGMA query_only = 1")
    assert bench.run() == STORAGE_RETRY_S
    assert bench.remote.request_ids == []
    bench.database.connection().execute("PRAGMA query_only = 0")
    bench.clock.advance(STORAGE_RETRY_S)
    bench.settle()
    assert bench.job(job_id).state is JobState.SUCCEEDED
    assert told == ["store_readonly", ""]


def test_an_outcome_that_cannot_be_stored_is_kept_until_it_can(bench: Bench) -> None:
    job_id = bench.enter()
    connection = bench.database.connection()
    told: list[str] = []

    def trouble(event: StorageTrouble) -> None:
        told.append(event.code)
        if event.code:
            assert bench.remote.writes, "it was sent, and only then could not be stored"
            connection.execute("PRAGMA query_only = 0")
            threading.Thread(target=pass_the_wait).start()

    def pass_the_wait() -> None:
        assert bench.clock.until_waiting()
        bench.clock.advance(STORAGE_RETRY_S)

    bench.bus.subscribe(StorageTrouble, trouble)
    bench.remote.when_kept = lambda: connection.execute("PRAGMA query_only = 1")
    bench.run()
    assert told == ["store_readonly", ""]
    assert bench.job(job_id).state is JobState.SUCCEEDED
    assert len(bench.remote.request_ids) == 1


def test_after_the_clock_was_set_back_a_wait_counts_from_now(bench: Bench) -> None:
    bench.enter()
    bench.remote.plan.append("locked")
    bench.run()
    bench.clock.jump(-7200)
    bench.outbox.rebase_waits()
    bench.connections.rebase_holds()
    bench.runner.refresh()
    assert bench.run() == pytest.approx(60.0)


def test_a_paused_connection_sends_nothing_and_resumes_by_itself(bench: Bench) -> None:
    bench.enter()
    bench.connections.pause(bench.connection.id, bench.clock.now_ms() + 1_800_000, "anna")
    bench.runner.refresh()
    assert bench.run() == pytest.approx(1800.0)
    bench.clock.advance(1800.0)
    bench.settle()
    assert len(bench.remote.writes) == 1
