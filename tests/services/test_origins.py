"""What files told about numbers that have no row in the queue."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.bootstrap import open_program
from app.core.clock import clock_time
from app.services.letterbox import Entry
from app.services.origins import Origins
from tests.fakes.clock import FakeClock
from tests.services.intake_bench import IntakeBench, Watching, a_record

NUMBER, OTHER = "1Z999AA10123456784", "1Z12345E1512345676"
HEAD = "Order Number,Tracking Number,Service,Void,Ship Date\n"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[IntakeBench]:
    bench = IntakeBench(tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def origins(bench: IntakeBench) -> Origins:
    return Origins(bench.ledger, bench.received, bench.folders, bench.attention, bench.wordsmith)


@pytest.fixture
def watching(bench: IntakeBench, tmp_path: Path) -> Watching:
    watching = Watching(bench, tmp_path / "export")
    watching.look()
    bench.clock.advance(1)
    return watching


def test_a_void_without_its_label_is_told_with_file_and_row(
    bench: IntakeBench, watching: Watching, origins: Origins
) -> None:
    row = f"316132,{NUMBER},Ground,Y,20260921\n"
    watching.put("ws.csv", HEAD + f"316131,{OTHER},Ground,N,20260921\n" + row)
    watching.poll()
    time = clock_time(bench.store.rows("SELECT at FROM ledger WHERE void = 1")[0][0])
    said = f"Void label {NUMBER} for order 316132, read from WorldShip: ws.csv, row 3, {time}"
    for text in (NUMBER, NUMBER.lower(), "1z 999-AA1 0123456784", "316132", "#316132"):
        assert origins.known(text) == (said,), text
    assert origins.known("316131") == (), "this one has a row in the queue"
    assert origins.known("316133") == origins.known("") == origins.known("-") == ()


def test_a_return_label_is_told(bench: IntakeBench, origins: Origins) -> None:
    bench.enter(a_record(tracking=NUMBER, service="Ground Return"))
    (said,) = origins.known(NUMBER)
    assert said.startswith(f"Return label {NUMBER} for order 316132, read ")
    assert said.endswith(". Returns are not written back")


def test_a_row_that_was_rejected_is_told_with_its_reason(
    bench: IntakeBench, watching: Watching, origins: Origins
) -> None:
    good = f"316131,{OTHER},Ground,N,20260921\n"
    watching.put("ws.csv", f"{HEAD}{good},1Z 999 AA1 0123456784,Ground,N,20260921\n")
    watching.poll()
    (said,) = origins.known(NUMBER.lower())
    assert said.startswith("A row with it was not entered, read from WorldShip: ws.csv, row 3, ")
    assert origins.known("0123") == (), "short numbers stand in every row"


def test_the_post_s_barcode_finds_the_number(bench: IntakeBench, origins: Origins) -> None:
    bench.enter(a_record(tracking="9205590164917312751089", is_void=True))
    assert len(origins.known("420902109205590164917312751089")) == 1


def test_reads_are_by_index_however_many_rows_there_are(
    bench: IntakeBench, origins: Origins
) -> None:
    asked: list[str] = []
    bench.store.database.connection().set_trace_callback(asked.append)
    origins.known(NUMBER)
    bench.store.database.connection().set_trace_callback(None)
    asked = [sql for sql in asked if "FROM ledger" in sql or "FROM attention" in sql]
    plans = [row[3] for sql in asked for row in bench.store.rows(f"EXPLAIN QUERY PLAN {sql}")]
    assert len(asked) == 2
    assert "SEARCH l USING PRIMARY KEY (tracking=?)" in plans
    assert "SEARCH l USING INDEX ledger_jobless (channel=?)" in plans
    assert "SEARCH attention USING INTEGER PRIMARY KEY (rowid>?)" in plans
    assert [plan for plan in plans if plan.startswith("SCAN") and "USING" not in plan] == []


def test_a_row_of_another_program_names_its_record(tmp_path: Path) -> None:
    program = open_program(tmp_path / "data", is_engine=False, clock=FakeClock())
    settings = {"base_url": "http://127.0.0.1:9"}
    program.connections.add("printsmith", "Till", settings, is_practice=True, actor="ann")
    record = a_record(tracking=NUMBER, source="http")
    (answer,) = program.letterbox.take([Entry(replace(record, source_key="A-77"))])
    row = program.letterbox.follow(answer.receipt_id).row
    assert row is not None
    assert program.origins.of(row.job.id) == "Local intake: record A-77"
    detail = program.queue_page.detail(row.job.id)
    assert detail is not None
    assert ("From", "Local intake: record A-77") in detail.facts
    program.close()


def test_a_row_that_a_person_entered_came_from_nowhere_else(
    bench: IntakeBench, origins: Origins
) -> None:
    (entered,) = bench.store.enter()
    assert origins.of(entered.job_id) == ""
