"""Voids: before the write and after it, before their label and after it."""

import pytest

from app.core.events import JobChanged
from app.core.states import JobState
from app.models.attention import ItemKind
from app.services import intake_rows
from app.services.intake import IntakeSource
from tests.builders import AN_OUTCOME, PERSON_DECIDES
from tests.services.intake_bench import AT, DONE, GONE, OPEN, IntakeBench, a_record, counts, write


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
