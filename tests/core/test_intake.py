"""The record and its keys: what is the same row, the same group, the same content."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.core.intake import (
    ShipmentRecord,
    content_hash,
    fingerprint_of,
    group_key,
    label_key,
)
from app.core.types import ShipmentLine

RECORD = ShipmentRecord(
    source="folder:ups",
    source_key="k1",
    references=("316990", "PO 7"),
    tracking="1ZA1B2C30345678903",
    carrier="ups",
    service="GND",
    ship_date=date(2026, 11, 20),
    cost=Decimal("8.40"),
)


@pytest.mark.parametrize(
    "change",
    [
        {"service": "1DA"},
        {"cost": Decimal("9")},
        {"shipped_at": 5},
        {"references": ("316990",)},
        {"references": (" #316990 ",)},
        {"source_key": "k2"},
    ],
)
def test_the_same_row_though_something_else_changed(change: dict[str, object]) -> None:
    assert fingerprint_of(replace(RECORD, **change)) == fingerprint_of(RECORD)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"source": "folder:other"},
        {"tracking": "1ZA1B2C30345678912"},
        {"references": ("316991",)},
        {"references": ()},
        {"is_void": True},
        {"ship_date": date(2029, 11, 20)},  # FedEx Ground numbers come back after years
        {"ship_date": None},
    ],
)
def test_another_row(change: dict[str, object]) -> None:
    assert fingerprint_of(replace(RECORD, **change)) != fingerprint_of(RECORD)  # type: ignore[arg-type]


def test_nothing_runs_into_its_neighbour_in_a_fingerprint() -> None:
    one = replace(RECORD, tracking="12", references=("3",))
    other = replace(RECORD, tracking="1", references=("23",))
    assert fingerprint_of(one) != fingerprint_of(other)


def test_fingerprint_stays_what_it_was() -> None:
    """It is stored: another one would let every shipment in a second time."""
    assert fingerprint_of(RECORD) == "348e2e5da546e76a9693d5c6c67ec57d"


def test_a_void_row_and_its_label_agree_in_label_and_group() -> None:
    void = replace(RECORD, is_void=True, references=("#316990",))
    assert label_key(void) == label_key(RECORD)
    assert group_key(replace(void, run="r")) == group_key(replace(RECORD, run="r"))


@pytest.mark.parametrize("key", ["shipment_id", "master_tracking", "run"])
def test_parcels_with_one_key_and_one_order_are_a_group(key: str) -> None:
    one = replace(RECORD, **{key: "S1"})  # type: ignore[arg-type]
    two = replace(one, tracking="1ZA1B2C30345678912", source_key="k2")
    assert group_key(one) == group_key(two)
    assert group_key(replace(two, **{key: "S2"})) != group_key(one)  # type: ignore[arg-type]
    assert group_key(replace(two, references=("1",))) != group_key(one)
    assert group_key(replace(two, source="manual")) != group_key(one)


def test_shipment_id_goes_before_lead_number_and_both_before_neighbourhood() -> None:
    one = replace(RECORD, shipment_id="S", master_tracking="M1", run="r1")
    assert group_key(one) == group_key(replace(one, master_tracking="M2", run="r2"))
    led = replace(RECORD, master_tracking="M", run="r1")
    assert group_key(led) == group_key(replace(led, run="r2"))


def test_a_parcel_without_any_key_stands_alone() -> None:
    assert group_key(RECORD) != group_key(replace(RECORD, tracking="1ZA1B2C30345678912"))
    empty = replace(RECORD, tracking="")
    assert group_key(empty) != group_key(replace(empty, source_key="k2"))


@pytest.mark.parametrize(
    "change",
    [
        {"service": "1DA"},
        {"cost": Decimal("8.41")},
        {"cost": None},
        {"is_void": True},
        {"lines": (ShipmentLine("A", Decimal(1)),)},
        {"shipped_at": 0},
        {"packages": 2},
        {"carrier": "other", "carrier_raw": "Joe"},
    ],
)
def test_content_that_differs(change: dict[str, object]) -> None:
    assert content_hash(replace(RECORD, **change)) != content_hash(RECORD)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [{"cost": Decimal("8.4")}, {"tracking_raw": "x"}, {"source_key": "y"}, {"run": "z"}],
)
def test_content_that_is_the_same(change: dict[str, object]) -> None:
    assert content_hash(replace(RECORD, **change)) == content_hash(RECORD)  # type: ignore[arg-type]


def test_a_record_without_reference_has_no_order() -> None:
    assert replace(RECORD, references=()).order_ref == ""
    assert RECORD.order_ref == "316990"
