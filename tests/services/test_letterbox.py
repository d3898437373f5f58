"""Records of other programs become rows of the right connection, and everybody hears of them."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import open_program
from app.core.errors import UsageError
from app.core.events import AttentionChanged, JobChanged, JobsAdded
from app.core.intake import ShipmentRecord
from app.core.states import JobState
from app.services.letterbox import Entry, Fate
from app.services.program import Program
from tests.fakes.clock import FakeClock

LEAD, SECOND = "1ZA1B2C30345678903", "1ZA1B2C30345678912"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = open_program(tmp_path, is_engine=False, clock=FakeClock())
    for name in ("Till", "Web"):
        typed = {"base_url": "http://127.0.0.1:9"}
        program.connections.add("printsmith", name, typed, is_practice=True, actor="ann")
    yield program
    program.close()


def an_entry(key: str = "a", to: str | None = "Till", **more: Any) -> Entry:
    values: dict[str, Any] = {
        "references": ("316132",), "tracking": LEAD, "ship_date": date(2026, 9, 21), **more,
    }  # fmt: skip
    return Entry(ShipmentRecord(source="http", source_key=key, **values), to)


def rows(program: Program) -> list[tuple[str, str, str]]:
    found = program.queue.rows(list(JobState))
    return sorted((row.connection, row.job.order_ref, row.job.tracking) for row in found)


def test_each_record_goes_to_its_connection(program: Program) -> None:
    told: list[JobsAdded] = []
    program.bus.subscribe(JobsAdded, told.append)
    answers = program.letterbox.take([an_entry("a", "Till"), an_entry("b", "web")])
    assert [answer.fate for answer in answers] == [Fate.TAKEN, Fate.TAKEN]
    assert rows(program) == [("Till", "316132", LEAD), ("Web", "316132", LEAD)]
    assert sorted(event.connection_id for event in told) == [1, 2]


@pytest.mark.parametrize(
    ("to", "code"), [(None, "connection_needed"), ("Attic", "connection_missing")]
)
def test_a_record_for_nobody_is_refused(program: Program, to: str | None, code: str) -> None:
    (answer,) = program.letterbox.take([an_entry(to=to)])
    assert (answer.fate, answer.receipt_id, answer.code) == (Fate.REFUSED, 0, code)
    assert rows(program) == []


def test_the_lead_parcel_goes_first_whatever_the_order(program: Program) -> None:
    shipment = {"shipment_id": "S1", "packages": 2, "master_tracking": LEAD}
    second = an_entry("b", tracking=SECOND, package_index=2, **shipment)
    answers = program.letterbox.take([second, an_entry("a", package_index=1, **shipment)])
    follows = [program.letterbox.follow(answer.receipt_id) for answer in answers]
    assert [follow.receipt.tracking for follow in follows] == [SECOND, LEAD]
    jobs = [follow.receipt.job_id for follow in follows]
    assert jobs == [2, 1]


def test_a_void_is_heard_of(program: Program) -> None:
    program.letterbox.take([an_entry()])
    told: list[JobChanged] = []
    program.bus.subscribe(JobChanged, told.append)
    (answer,) = program.letterbox.take([an_entry("void", is_void=True)])
    assert told == [JobChanged(1, 1, JobState.DISCARDED)]
    assert program.letterbox.follow(answer.receipt_id).receipt.job_id == 1


def test_a_known_record_writes_nothing(program: Program) -> None:
    program.letterbox.take([an_entry(carrier="other", carrier_raw="Velo")])
    told: list[object] = []
    for kind in (JobsAdded, JobChanged, AttentionChanged):
        program.bus.subscribe(kind, told.append)
    (answer,) = program.letterbox.take([an_entry(carrier="other", carrier_raw="Velo")])
    assert (answer.fate, answer.receipt_id, told) == (Fate.KNOWN, 1, [])


def test_the_same_parcel_under_two_keys_is_one_row(program: Program) -> None:
    answers = program.letterbox.take([an_entry("a"), an_entry("b")])
    assert [answer.receipt_id for answer in answers] == [1, 2]
    jobs = {program.letterbox.follow(number).receipt.job_id for number in (1, 2)}
    assert jobs == {1}


def test_a_record_whose_connection_was_removed_is_still_known(program: Program) -> None:
    program.letterbox.take([an_entry()])
    program.connections.remove(program.connections.named("Till"), actor="ann", discard_rows=True)
    (answer,) = program.letterbox.take([an_entry()])
    assert answer.fate is Fate.KNOWN
    assert program.letterbox.follow(1).connection == "Till"


def test_a_record_that_was_never_taken(program: Program) -> None:
    with pytest.raises(UsageError) as refused:
        program.letterbox.follow(7)
    assert refused.value.code == "record_unknown"
