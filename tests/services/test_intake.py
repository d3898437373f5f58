"""Each parcel once, and what is told of it."""

import threading
from decimal import Decimal

import pytest

from app.core.events import JobsAdded
from app.core.payload import load_shipment
from app.models.attention import ItemKind, ItemState
from app.services import intake_rows
from app.services.intake import IntakeSource
from app.services.intake_rows import order_ref
from tests.services.intake_bench import GONE, OPEN, IntakeBench, a_record, counts


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
