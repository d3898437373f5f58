"""A row that is read again with other facts."""

from decimal import Decimal

from app.core.payload import load_shipment
from app.core.states import JobState
from tests.builders import AN_OUTCOME
from tests.services.intake_bench import DONE, GONE, OPEN, IntakeBench, a_record, counts, write


def test_a_cost_that_changed_mends_the_row_while_it_waits(bench: IntakeBench) -> None:
    bench.enter(a_record(cost="8.40"))
    assert bench.enter(a_record(cost="9.10")).counts == counts(updated=1)
    assert load_shipment(bench.job(1).payload).cost == Decimal("9.10")
    assert bench.store.story(1) == ["entered", "updated"]
    assert bench.enter(a_record(cost="9.10")).counts == counts(repeated=1)


def test_a_correction_leaves_what_a_person_corrected(bench: IntakeBench) -> None:
    bench.enter(a_record(service="Grnd", cost="8.40"))
    payload = bench.job(1).payload.replace("Grnd", "Ground")
    bench.store.change("UPDATE jobs SET payload = ? WHERE id = 1", (payload,))
    bench.enter(a_record(service="Grnd", cost="9.10"))
    shipment = load_shipment(bench.job(1).payload)
    assert (shipment.service, shipment.cost) == ("Ground", Decimal("9.10"))


def test_a_cost_that_the_target_shows_is_written_again(bench: IntakeBench) -> None:
    bench.write_costs()
    bench.enter(a_record(cost="8.40"))
    write(bench)
    assert bench.enter(a_record(cost="9.10")).counts == counts(updated=1, entered=1)
    assert [state for *_, state in bench.jobs()] == [DONE, OPEN]
    assert load_shipment(bench.job(2).payload).cost == Decimal("9.10")


def test_a_cost_that_is_not_sent_by_choice_is_not_written_again(bench: IntakeBench) -> None:
    bench.enter(a_record(cost="8.40"))
    write(bench)
    assert bench.enter(a_record(cost="9.10")).counts == counts(updated=1)
    assert len(bench.jobs()) == 1


def test_costs_that_are_kept_here_are_counted(bench: IntakeBench) -> None:
    records = [a_record(cost="8.40"), a_record(tracking="1Z2"), a_record("7", "1Z7", cost="0")]
    assert bench.enter(*records).kept_costs == 2
    bench.write_costs()
    assert bench.enter(*records).kept_costs == 0


def test_a_service_that_the_target_does_not_show_is_not_written_again(bench: IntakeBench) -> None:
    bench.enter(a_record())
    write(bench)
    assert bench.enter(a_record(service="Next Day")).counts == counts(updated=1)
    assert len(bench.jobs()) == 1


def test_a_correction_sets_a_failed_row_going_again(bench: IntakeBench) -> None:
    bench.write_costs()
    bench.enter(a_record(cost="8.40"))
    bench.store.record(bench.store.claim(), AN_OUTCOME[JobState.FAILED])
    bench.enter(a_record(cost="9.10"))
    job = bench.job(1)
    assert (job.state, job.attempts, job.finished_at) == (JobState.PENDING, 0, None)


def test_a_correction_does_not_bring_back_what_a_person_removed(bench: IntakeBench) -> None:
    bench.enter(a_record(cost="8.40"))
    bench.store.acts.discard([1], "ann")
    bench.enter(a_record(cost="9.10"))
    assert [state for *_, state in bench.jobs()] == [GONE]


def test_another_ship_date_is_the_same_parcel_for_ninety_days(bench: IntakeBench) -> None:
    bench.enter(a_record())
    tomorrow = a_record(ship_date=a_record().ship_date.replace(day=22))  # type: ignore[union-attr]
    assert bench.enter(tomorrow).counts == counts(updated=1)
    assert bench.enter(tomorrow, a_record()).counts == counts(repeated=2)
    assert len(bench.jobs()) == 1
    bench.clock.advance(91 * 86_400)
    write(bench)
    later = a_record(ship_date=a_record().ship_date.replace(month=12))  # type: ignore[union-attr]
    assert bench.enter(later).counts == counts(entered=1)  # the sequence of numbers rolled over
