"""Parcels of one shipment wait for each other."""

from dataclasses import replace

import pytest

from tests.services.intake_bench import IntakeBench, a_record


def due_in_s(bench: IntakeBench, job_id: int) -> float:
    due = bench.job(job_id).due_at
    assert due is not None
    return (due - bench.clock.now_ms()) / 1000


def test_a_group_waits_for_its_parcels(bench: IntakeBench) -> None:
    bench.enter(a_record(packages=2, master_tracking="1Z1"))
    assert (bench.job(1).reason_code, due_in_s(bench, 1)) == ("collecting_rest", 10)
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


def test_a_lead_number_that_is_read_later_follows_its_parcels(bench: IntakeBench) -> None:
    bench.enter(a_record(tracking="1Z2", packages=2, master_tracking="1Z1", package_index=2))
    bench.clock.advance(4)
    bench.enter(a_record(tracking="1Z1", packages=2, master_tracking="1Z1", package_index=1))
    assert [due_in_s(bench, n) for n in (1, 2)] == [0, 0]
    assert [tracking for _, tracking, _ in bench.jobs()] == ["1Z2", "1Z1"]


@pytest.mark.parametrize(
    ("packages", "collect_s", "text", "hint"),
    [
        (3, 10.0, "Waiting: more parcels are expected",
         "2 of 3 are here. They are sent together when all are, or when no further one has come "
         "for 10 s."),
        (None, 300.0, "Waiting: more parcels may follow",
         "They are sent together, as soon as no further one has come for 5 min. Here so far: 2."),
    ],
)  # fmt: skip
def test_a_group_that_waits_says_for_what_and_how_long(
    bench: IntakeBench, packages: int | None, collect_s: float, text: str, hint: str
) -> None:
    source = replace(bench.source, collect_s=collect_s)
    for tracking in ("1Z1", "1Z2"):
        bench.enter(a_record(tracking=tracking, packages=packages, shipment_id="S"), source=source)
    for number in (1, 2):
        said = bench.wording(number)
        assert (said.text, said.hint) == (text, hint)
