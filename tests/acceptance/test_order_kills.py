"""The engine is killed while it reads orders, again and again: each order is there once."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.bootstrap import open_program
from app.core.states import JobState
from app.core.types import Shipment
from app.models.opening import FILE_NAME
from app.services.practice import Practice
from app.services.routes import TaskState
from tests.cli.console import Desk
from tests.processes import child, until

COUNT = 400


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(folder: Path) -> Iterator[Practice]:
    """A store with some pages of orders, and a route from it."""
    desk = Desk(folder)
    program = desk.program
    with program.practice_servers() as urls:
        for number in range(1, COUNT + 1):
            stamp = f"2026-11-21 10:{number // 60 % 60:02}:{number % 60:02}"
            program.practice.act(
                "magento", "add_order", order=f"{number:09}", created_at=stamp, updated_at=stamp,
                items="CARDS=1",
            )  # fmt: skip
        connection = program.connections.add(
            "magento", "Web shop", {"base_url": urls["magento"]}, is_practice=True, actor="ann"
        )
        program.routes.add_orders(
            connection, mode=None, interval_s=60, start_at=0, stores=frozenset(),
            with_address=False, actor="ann",
        )  # fmt: skip
        yield program.practice
    program.close()


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / FILE_NAME)) as file:
        return file.execute(sql).fetchall()


def test_killed_after_every_page_each_order_is_read_once(store: Practice, folder: Path) -> None:
    kills = 0
    while True:
        with child("read_orders", folder) as process:
            said = process.hear()
            assert said, "the engine ended by itself"
            if said == "all":
                process.end()
                break
            process.kill()
        kills += 1
        held = rows(folder, "SELECT COUNT(*), COUNT(DISTINCT order_ref) FROM orders")
        assert held[0][0] == held[0][1] >= int(said), "what was told is on disk"
        assert kills < 20
    assert kills >= 4
    assert rows(folder, "SELECT COUNT(*), COUNT(DISTINCT order_ref) FROM orders") == [
        (COUNT, COUNT)
    ]
    assert rows(folder, "SELECT MAX(n) FROM (SELECT COUNT(*) n FROM order_history "
                        "GROUP BY order_id)") == [(1,)]  # fmt: skip
    asked = rows(folder, "SELECT counts, cycle_since, running_since FROM routes")
    assert asked == [('{"new":400,"skipped":400,"skipped:mg_skip_not_invoiced":400}', None, None)]


def test_a_write_back_passes_a_reading_that_hangs(store: Practice, folder: Path) -> None:
    store.fault("magento", "hang", times=1, method="GET", path="/orders$")
    program = open_program(folder, is_engine=True)
    engine = program.engine()
    try:
        engine.start()
        assert until(lambda: not store.state("magento")["faults"]), "the reading hangs"
        shipment = Shipment("000000007", "1Z999AA10123456784")
        job_id = program.write_back.enter(1, [shipment], actor="ann")[0].job_id
        assert until(lambda: program.queue.one(f"row:{job_id}").job.state is JobState.SUCCEEDED)
        assert program.routes.one(1).state is TaskState.RUNNING
    finally:
        engine.stop(1)
        program.close()
