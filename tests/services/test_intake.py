"""Each parcel once: repeats, voids, corrections, groups, and what is told to a person."""

import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.events import JobChanged, JobsAdded
from app.core.payload import load_shipment
from app.core.states import JobState
from app.models.attention import ItemKind, ItemState
from app.services import intake_rows
from app.services.intake import IntakeSource
from app.services.intake_rows import order_ref
from tests.builders import AN_OUTCOME, PERSON_DECIDES
from tests.services.intake_bench import AT, IntakeBench, a_record

ALL = dict.fromkeys(
    ("entered", "repeated", "known", "updated", "voided", "returns", "noted"),
    0,
)
OPEN, GONE, DONE = "pending", "discarded", "succeeded"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[IntakeBench]:
    bench = IntakeBench(tmp_path)
    yield bench
    bench.close()


def counts(**given: int) -> dict[str, int]:
    return {**ALL, **given}


def write(bench: IntakeBench) -> int:
    """The next job goes through; its number."""
    bench.clock.advance(60)
    job = bench.store.claim()
    bench.store.record(job, AN_OUTCOME[JobState.SUCCEEDED])
    return job.id


# entering


def test_a_row_becomes_a_job_that_knows_its_file(bench: IntakeBench) -> None:
    file_id = bench.files.begin("folder:1", "ws.csv")
    result = bench.enter(a_record(cost="8.40"), file_id=file_id)
    assert result.counts == counts(entered=1)
    (job_id,) = result.job_ids
    shipment = load_shipment(bench.job(job_id).payload)
    assert (shipment.order_ref, shipment.tracking, shipment.service) == ("316132", "1Z1", "Ground")
    assert (shipment.cost, shipment.source) == (Decimal("8.40"), "folder:WorldShip")
    assert bench.ledger.origin(job_id) == ("folder:1", "ws.csv", 2)
    assert bench.store.story(job_id) == ["entered"]


def test_the_same_row_again_adds_nothing(bench: IntakeBench) -> None:
    bench.enter(a_record(), a_record("316133", "1Z2"))
    again = bench.enter(a_record(), a_record("316133", "1Z2"))
    assert again.counts == counts(repeated=2)
    assert len(bench.jobs()) == 2


def test_the_same_row_twice_in_one_batch_is_one_job(bench: IntakeBench) -> None:
    assert bench.enter(a_record(), a_record()).counts == counts(entered=1, repeated=1)
    assert len(bench.jobs()) == 1


def test_a_row_that_a_person_removed_does_not_come_back(bench: IntakeBench) -> None:
    bench.enter(a_record())
    bench.store.acts.discard([1], "ann")
    assert bench.enter(a_record()).counts == counts(repeated=1)
    assert bench.jobs() == [("316132", "1Z1", GONE)]


def test_the_same_shipment_from_two_sources_is_one_job(bench: IntakeBench) -> None:  # B4
    bench.enter(a_record())
    other = IntakeSource("import:1", "import", 1)
    assert bench.enter(a_record(), source=other).counts == counts(known=1)
    assert bench.jobs() == [("316132", "1Z1", OPEN)]
    assert bench.store.story(1) == ["entered", "entered_again"]


def test_the_same_file_for_another_connection_is_not_a_repeat(bench: IntakeBench) -> None:
    bench.enter(a_record(), source=IntakeSource("import:1", "import", 1))
    other = bench.enter(a_record(), source=IntakeSource("import:2", "import", 2))
    assert other.counts == counts(entered=1)


def test_two_parcels_of_one_order_are_two_jobs(bench: IntakeBench) -> None:  # B5
    bench.enter(a_record(tracking="1Z1", packages=2), a_record(tracking="1Z2", packages=2))
    assert bench.jobs() == [("316132", "1Z1", OPEN), ("316132", "1Z2", OPEN)]


def test_one_number_on_two_orders_is_written_to_both(bench: IntakeBench) -> None:
    result = bench.enter(a_record("1"), a_record("2"))
    assert result.counts == counts(entered=2)


@pytest.mark.parametrize(
    ("typed", "prefix", "suffix", "ref"),
    [
        (" #316132 ", "", "", "316132"),
        ("ord  12 ", "", "", "ord 12"),
        ("INV-316132", "inv-", "", "316132"),
        ("316132/US", "", "/us", "316132"),
        ("INV-", "INV-", "", ""),
    ],
)
def test_references_are_normalised(typed: str, prefix: str, suffix: str, ref: str) -> None:
    assert order_ref(typed, prefix, suffix) == ref


def test_the_same_order_written_in_two_ways_is_one(bench: IntakeBench) -> None:
    assert bench.enter(a_record("#abc 1"), a_record("ABC  1")).counts == counts(
        entered=1, repeated=1
    )


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (a_record(references=()), "order_empty"),
        (a_record(tracking=""), "tracking_empty"),
        (a_record(tracking="9" * 51), "tracking_too_long"),
        (a_record(tracking="1Z%1"), "tracking_characters"),
    ],
)
def test_a_record_that_cannot_be_written_is_rejected_alone(
    bench: IntakeBench, record: object, code: str
) -> None:
    result = bench.enter(a_record(), record, a_record("3", "1Z3"))  # type: ignore[arg-type]
    assert result.counts == counts(entered=2)
    assert [(row.line_no, row.code) for row in result.rejected] == [(3, code)]


@pytest.mark.parametrize(
    "more",
    [{"service": "UPS Return Ground"}, {"service": "90"}, {"tracking": "1ZA1B2C39045678903"}],
)
def test_a_return_label_is_kept_but_not_written_back(
    bench: IntakeBench, more: dict[str, str]
) -> None:
    assert bench.enter(a_record(**more)).counts == counts(returns=1)
    assert bench.enter(a_record(**more)).counts == counts(repeated=1)
    assert bench.jobs() == []


# voids


def test_a_void_before_the_write_discards_the_job(bench: IntakeBench) -> None:  # B8
    bench.enter(a_record())
    seen: list[JobChanged] = []
    bench.bus.subscribe(JobChanged, seen.append)
    assert bench.enter(a_record(is_void=True)).counts == counts(voided=1)
    assert (bench.job(1).state, bench.job(1).reason_code) == (JobState.DISCARDED, "voided")
    assert seen == [JobChanged(1, 1, JobState.DISCARDED)]
    assert bench.store.story(1) == ["entered", "voided"]
    assert bench.open_items() == []


@pytest.mark.parametrize("voids_first", [True, False])
def test_label_and_void_in_one_batch_write_nothing(bench: IntakeBench, voids_first: bool) -> None:
    rows = [a_record(), a_record(is_void=True)]
    result = bench.enter(*(rows[::-1] if voids_first else rows))
    assert result.counts == counts(voided=2)
    assert bench.jobs() == [("316132", "1Z1", GONE)]


def test_no_job_of_a_batch_may_start_before_its_void_is_in(
    bench: IntakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_rows, "CHUNK_ROWS", 2)
    claimable: list[object] = []
    records = [a_record(str(n), f"1Z{n}") for n in range(6)] + [a_record("0", "1Z0", is_void=True)]
    bench.enter(
        *records,
        watch=lambda done, total: claimable.append(
            bench.store.rows("SELECT 1 FROM jobs WHERE order_ref = '0' AND state = 'pending'")
        ),
    )
    assert claimable == [[], [], [], []]


def test_a_void_that_comes_first_waits_for_its_label(bench: IntakeBench) -> None:
    assert bench.enter(a_record(is_void=True)).counts == counts(voided=1)
    assert bench.jobs() == []
    bench.clock.advance(89 * 86_400)
    assert bench.enter(a_record()).counts == counts(voided=1)
    assert bench.jobs() == [("316132", "1Z1", GONE)]


def test_a_void_waits_for_ninety_days_only(bench: IntakeBench) -> None:
    bench.enter(a_record(is_void=True))
    bench.clock.advance(91 * 86_400)
    assert bench.enter(a_record()).counts == counts(entered=1)


def test_a_void_of_another_source_does_not_touch_the_label(bench: IntakeBench) -> None:
    bench.enter(a_record(is_void=True), source=IntakeSource("folder:2", "folder:Other", 1))
    assert bench.enter(a_record()).counts == counts(entered=1)


def test_a_void_without_an_order_takes_back_the_number_everywhere(bench: IntakeBench) -> None:
    bench.enter(a_record("1"), a_record("2"))
    bench.enter(a_record(references=(), is_void=True))
    assert [state for *_, state in bench.jobs()] == [GONE, GONE]


def test_a_void_row_that_is_exported_again_is_a_repeat(bench: IntakeBench) -> None:
    bench.enter(a_record(), a_record(is_void=True))
    bench.store.acts.restore([1], "ann")  # a person knows better
    assert bench.enter(a_record(), a_record(is_void=True)).counts == counts(repeated=2)
    assert bench.jobs() == [("316132", "1Z1", OPEN)]


def test_a_later_label_with_a_void_number_is_a_new_one(bench: IntakeBench) -> None:
    bench.enter(a_record(shipped_at=AT), a_record(shipped_at=AT, is_void=True))
    later = a_record(shipped_at=AT + 3_600_000)
    assert bench.enter(later).counts == counts(entered=1)
    assert bench.enter(later, a_record(shipped_at=AT)).counts == counts(repeated=2)
    assert [state for *_, state in bench.jobs()] == [GONE, OPEN]


def test_a_later_label_whose_void_came_after_the_write_gets_a_job_of_its_own(
    bench: IntakeBench,
) -> None:
    bench.enter(a_record(shipped_at=AT))
    write(bench)
    bench.enter(a_record(shipped_at=AT, is_void=True))
    assert bench.enter(a_record(shipped_at=AT + 1)).counts == counts(entered=1)
    assert [state for *_, state in bench.jobs()] == [DONE, OPEN]


def test_a_later_label_is_voided_by_a_later_void_of_the_same_day(bench: IntakeBench) -> None:
    bench.enter(a_record(shipped_at=AT), a_record(shipped_at=AT, is_void=True))
    bench.enter(a_record(shipped_at=AT + 9))
    assert bench.enter(a_record(shipped_at=AT + 9, is_void=True)).counts == counts(voided=1)
    assert [state for *_, state in bench.jobs()] == [GONE, GONE]


def test_an_earlier_void_leaves_a_later_label_alone(bench: IntakeBench) -> None:
    bench.enter(a_record(shipped_at=AT + 9))
    bench.enter(a_record(shipped_at=AT, is_void=True))
    assert bench.jobs() == [("316132", "1Z1", OPEN)]


def test_a_void_after_the_write_is_for_a_person(bench: IntakeBench) -> None:  # B8
    bench.enter(a_record())
    write(bench)
    bench.enter(a_record(is_void=True))
    assert bench.jobs() == [("316132", "1Z1", DONE)]
    (item,) = bench.open_items()
    assert (item.kind, item.code, item.job_id) == (ItemKind.VOID_WRITTEN, "void_written", 1)
    text = bench.items.one(item.id).text
    assert text == "Tracking number 1Z1 is on order 316132, but its label was voided"


@pytest.mark.parametrize("landed", [True, False])
def test_a_void_while_the_number_is_being_sent_waits_for_the_answer(
    bench: IntakeBench, landed: bool
) -> None:
    bench.enter(a_record())
    job = bench.store.claim()
    bench.enter(a_record(is_void=True))
    assert not bench.attention.settle()
    assert bench.open_items() == []
    outcome = AN_OUTCOME[JobState.SUCCEEDED if landed else JobState.FAILED]
    assert bench.store.record(job, outcome) is (
        JobState.SUCCEEDED if landed else JobState.DISCARDED
    )
    assert bench.attention.settle() is landed
    assert len(bench.open_items()) == landed
    assert bench.store.rows("SELECT COUNT(*) FROM attention") == [(int(landed),)]


def test_a_void_of_a_row_nobody_knows_the_outcome_of_is_for_a_person(bench: IntakeBench) -> None:
    bench.enter(a_record())
    bench.store.record(bench.store.claim(), PERSON_DECIDES)
    bench.enter(a_record(is_void=True))
    assert [item.code for item in bench.open_items()] == ["void_undecided"]


def test_a_label_in_place_of_a_void_one_says_so(bench: IntakeBench) -> None:
    bench.enter(a_record(), a_record(is_void=True))
    (job_id,) = bench.enter(a_record(tracking="1Z2")).job_ids
    assert bench.store.story(job_id) == ["entered", "replaces"]
    line = bench.store.history.of_job(job_id)[-1]
    assert line.params == {"tracking": "1Z1"}
    (third,) = bench.enter(a_record(tracking="1Z3")).job_ids  # another parcel, no replacement
    assert bench.store.story(third) == ["entered"]


# other facts


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
    bench.enter(a_record(cost="8.40"))
    write(bench)
    assert bench.enter(a_record(cost="9.10")).counts == counts(updated=1, entered=1)
    assert [state for *_, state in bench.jobs()] == [DONE, OPEN]
    assert load_shipment(bench.job(2).payload).cost == Decimal("9.10")


def test_a_service_that_the_target_does_not_show_is_not_written_again(bench: IntakeBench) -> None:
    bench.enter(a_record())
    write(bench)
    assert bench.enter(a_record(service="Next Day")).counts == counts(updated=1)
    assert len(bench.jobs()) == 1


def test_a_correction_sets_a_failed_row_going_again(bench: IntakeBench) -> None:
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


# parcels of a group


def due_in_s(bench: IntakeBench, job_id: int) -> float:
    due = bench.job(job_id).due_at
    assert due is not None
    return (due - bench.clock.now_ms()) / 1000


def test_a_group_waits_for_its_parcels(bench: IntakeBench) -> None:
    bench.enter(a_record(packages=2, master_tracking="1Z1"))
    assert (bench.job(1).reason_code, due_in_s(bench, 1)) == ("collecting", 10)
    assert bench.store.outbox.claim(1, "lease") is None
    bench.clock.advance(10)
    assert bench.store.claim().id == 1


def test_a_group_starts_when_all_parcels_are_there(bench: IntakeBench) -> None:
    bench.enter(a_record(packages=2, master_tracking="1Z1"))
    bench.clock.advance(4)
    bench.enter(a_record(tracking="1Z2", packages=2, master_tracking="1Z1"))
    assert [due_in_s(bench, n) for n in (1, 2)] == [0, 0]
    assert bench.job(1).reason_code == ""


def test_each_further_parcel_lets_the_group_wait_again(bench: IntakeBench) -> None:
    bench.enter(a_record(packages=3, shipment_id="S1"))
    bench.clock.advance(8)
    bench.enter(a_record(tracking="1Z2", packages=3, shipment_id="S1"))
    assert [due_in_s(bench, n) for n in (1, 2)] == [10, 10]


def test_another_shipment_of_the_order_does_not_hold_the_group_up(bench: IntakeBench) -> None:
    bench.enter(a_record(packages=None, shipment_id="S1"))
    bench.clock.advance(5)
    bench.enter(a_record(tracking="1Z2", packages=None, shipment_id="S2"))
    assert [due_in_s(bench, n) for n in (1, 2)] == [5, 10]


def test_only_the_last_run_of_a_file_may_go_on(bench: IntakeBench) -> None:
    bench.enter(
        a_record("1", "1Z1", packages=None, run="2"), a_record("2", "1Z2", packages=None, run="3")
    )
    assert [due_in_s(bench, n) for n in (1, 2)] == [0, 10]


def test_the_lead_number_goes_first(bench: IntakeBench) -> None:
    records = [
        a_record(tracking=number, packages=3, master_tracking="1Z1", package_index=index)
        for number, index in (("1Z3", 3), ("1Z2", 2), ("1Z1", 1))
    ]
    bench.enter(*records)
    assert [tracking for _, tracking, _ in bench.jobs()] == ["1Z1", "1Z2", "1Z3"]


# carriers, events, stopping


def test_a_new_carrier_name_is_told_once_and_holds_up_nothing(bench: IntakeBench) -> None:
    rows = [a_record(str(n), f"1Z{n}", carrier="other", carrier_raw="Speedy Ltd") for n in range(3)]
    assert bench.enter(*rows).counts == counts(entered=3)
    bench.enter(a_record("9", "1Z9", carrier="other", carrier_raw="SPEEDY LTD"))
    (item,) = bench.open_items()
    assert (item.kind, item.params["name"]) == (ItemKind.CARRIER, "Speedy Ltd")
    assert load_shipment(bench.job(1).payload).carrier == "Speedy Ltd"
    bench.items.map_carrier(item.id, "UPS", "ann")
    bench.enter(a_record("10", "1Z10", carrier="other", carrier_raw="speedy ltd"))
    assert load_shipment(bench.job(5).payload).carrier == "ups"
    assert bench.attention.items((ItemState.RESOLVED,))[0].note == "ups"


def test_new_rows_are_told_with_their_numbers(bench: IntakeBench) -> None:
    seen: list[JobsAdded] = []
    bench.bus.subscribe(JobsAdded, seen.append)
    bench.enter(a_record(), a_record("2", "1Z2"))
    bench.enter(a_record())
    assert seen == [JobsAdded(1, (1, 2))]


def test_a_stop_takes_effect_between_two_commits(
    bench: IntakeBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_rows, "CHUNK_ROWS", 2)
    stopping = threading.Event()
    records = [a_record(str(n), f"1Z{n}") for n in range(6)]
    result = bench.enter(*records, stopping=stopping, watch=lambda done, _: stopping.set())
    assert (result.was_stopped, result.counts["entered"]) == (True, 2)
    assert bench.enter(*records).counts == counts(entered=4, repeated=2)
