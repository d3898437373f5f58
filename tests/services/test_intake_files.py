"""A file on its way in: killed between commits, beside a person's acts, in the right order."""

import csv
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import open_program
from app.core.types import Shipment
from app.services import intake_reading, intake_rows
from app.services.intake_import import import_file
from app.services.program import Program
from tests.processes import Caller, child

ROWS, VOIDS, BROKEN = 200, 10, 17


def export(path: Path, rows: int = ROWS) -> Path:
    """A carrier's file: labels, then voids of the first ones, and broken rows in between."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        write = csv.writer(stream).writerow
        write(["Order Number", "Tracking Number", "Void", "Ship Date"])
        for number in range(rows):
            write([f"A{number}", f"9TRACK{number:06}X", "N", "20260921"])
            if number < BROKEN:
                write([f"B{number}", f"9.4{number:02}E+21", "N", "20260921"])
        for number in range(VOIDS):
            write([f"A{number}", f"9TRACK{number:06}X", "Y", "20260921"])
    return path


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = open_program(tmp_path / "data", is_engine=False)
    program.connections.add("printsmith", "Shop", {"base_url": "http://127.0.0.1:9"}, actor="ann")
    yield program
    program.close()


def states(program: Program) -> dict[str, int]:
    with sqlite3.connect(program.folder / "backhaul.db") as file:
        found = dict(file.execute("SELECT state, COUNT(*) FROM jobs GROUP BY state").fetchall())
    file.close()
    return found


@pytest.mark.parametrize("commits", [1, 2, 5, 9])
def test_killed_between_commits_the_next_reading_completes_it(
    program: Program, tmp_path: Path, commits: int
) -> None:
    file = export(tmp_path / "ws.csv")
    with child("import_rows", program.folder, file) as process:
        for _ in range(commits - 1):
            assert process.hear()
            process.tell()
        assert process.hear()
        process.kill()
    voided_already = states(program).get("discarded", 0)
    result = import_file(program.file_intake, file, 1, {}, actor="ann")
    assert sum(result.counts.values()) == ROWS + VOIDS + BROKEN
    assert result.counts["repeated"] >= 10 + 20 * (commits - 1)
    assert states(program) == {"pending": ROWS - VOIDS, "discarded": VOIDS}
    assert voided_already <= VOIDS
    assert program.attention.count() == BROKEN
    again = import_file(program.file_intake, file, 1, {}, actor="ann")
    assert again.counts["repeated"] == ROWS + VOIDS
    assert program.attention.count() == BROKEN


def test_killed_before_the_commit_nothing_is_half_entered(program: Program, tmp_path: Path) -> None:
    """Rows and jobs are of one transaction: there is never one without the other."""
    file = export(tmp_path / "ws.csv")
    with child("import_rows", program.folder, file) as process:
        for _ in range(4):
            assert process.hear()
            process.tell()
        process.kill()  # somewhere in a commit
    with sqlite3.connect(program.folder / "backhaul.db") as connection:
        (orphans,) = connection.execute(
            "SELECT (SELECT COUNT(*) FROM jobs j WHERE NOT EXISTS (SELECT 1 FROM ledger l "
            "WHERE l.job_id = j.id)) + (SELECT COUNT(*) FROM ledger WHERE void = 0 AND job_id "
            "IS NULL)"
        ).fetchone()
    connection.close()
    assert orphans == 0


def test_a_person_gets_through_while_a_file_comes_in(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Acts are answered between two commits, not after the file."""
    file = export(tmp_path / "ws.csv", 4000)
    monkeypatch.setattr(intake_rows, "CHUNK_ROWS", 100)
    between: list[int] = []
    begun = threading.Event()

    def watch(done: int, total: int) -> None:
        begun.set()
        between.append(done)

    importing = Caller(
        lambda: import_file(program.file_intake, file, 1, {}, actor="ann", watch=watch)
    )
    assert begun.wait(20)
    slowest = 0.0
    acts = 0
    while importing.is_alive():
        started, seen = time.perf_counter(), len(between)
        program.write_back.enter(1, [Shipment(f"HAND{acts}", f"1Z{acts}")], actor="ann")
        slowest = max(slowest, time.perf_counter() - started)
        assert len(between) - seen <= 3, "several commits went before a person's act"
        acts += 1
    importing.result()
    assert acts > 3
    assert slowest < 2.0


def test_a_file_too_large_for_memory_is_read_twice_and_entered_once(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_reading, "KEPT_ROWS", 30)
    monkeypatch.setattr(intake_rows, "_WINDOW_ROWS", 50)
    file = export(tmp_path / "ws.csv")
    progress: list[tuple[int, int]] = []
    result = import_file(
        program.file_intake, file, 1, {}, actor="ann", watch=lambda *now: progress.append(now)
    )
    assert result.counts["entered"] == ROWS - VOIDS
    assert (result.counts["voided"], len(result.rejected)) == (2 * VOIDS, BROKEN)
    assert progress[-1] == (ROWS + VOIDS, ROWS + VOIDS)
    assert states(program) == {"pending": ROWS - VOIDS, "discarded": VOIDS}
    again = import_file(program.file_intake, file, 1, {}, actor="ann")
    assert again.counts["repeated"] == ROWS + VOIDS


def test_two_imports_of_one_file_at_once_add_it_once(program: Program, tmp_path: Path) -> None:
    file = export(tmp_path / "ws.csv")

    def bring() -> object:
        try:
            return import_file(program.file_intake, file, 1, {}, actor="ann").counts
        finally:
            program.end_thread()

    first, second = Caller(bring), Caller(bring)
    counts = [first.result(), second.result()]
    assert sum(one["entered"] for one in counts) == ROWS - VOIDS  # type: ignore[index]
    assert states(program) == {"pending": ROWS - VOIDS, "discarded": VOIDS}
