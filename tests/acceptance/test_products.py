"""Products on their way to a store: write-backs pass, kills lose nothing and double nothing."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import open_program
from app.core.states import JobState
from app.core.types import Shipment
from app.practice.magento import PracticeMagento
from app.practice.messages import Reply, Request
from app.services.product_layout import ProductLayout
from app.services.program import Program
from app.services.routes import TaskInWords, TaskState
from tests.acceptance.test_kills import running

ORDER, NUMBER = "000000123", "1Z999AA10123456784"
MANY, MOST_S = 60, 60
COLUMNS = ProductLayout({"sku": "sku", "price": "price"})


class WatchedStore:
    """Stands before the practice store: remembers every write, and may kill its caller."""

    def __init__(self, store: PracticeMagento) -> None:
        self._store = store
        self.writes: list[str] = []
        self.kill_at = 0
        self.pid = 0
        self.on_write: Callable[[], None] = lambda: None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def answer(self, request: Request, *, keep: bool = True) -> Reply:
        if request.method in ("PUT", "POST"):
            self.writes.append(request.path)
            self.on_write()
        reply = self._store.answer(request, keep=keep)
        if self.kill_at and len(self.writes) == self.kill_at:
            self.kill_at = 0
            os.kill(self.pid, signal.SIGKILL)
        return reply


@pytest.fixture
def store() -> Iterator[PracticeMagento]:
    with PracticeMagento() as made:
        for number in range(1, MANY + 1):
            made.add_product(f"SKU-{number:05}")
        made.add_order(ORDER, [{"sku": "CARDS", "qty": 2}])
        yield made


@pytest.fixture
def watched(store: PracticeMagento) -> WatchedStore:
    made = WatchedStore(store)
    store.host.shop = made
    return made


def prices(path: Path, price: str, count: int = MANY) -> Path:
    rows = "".join(f"SKU-{number:05},{price}\n" for number in range(1, count + 1))
    path.write_text(f"sku,price\n{rows}", encoding="utf-8")
    return path


def joined(program: Program, store: PracticeMagento, file: Path) -> int:
    """The store connected, its products kept as the file says; the connection's number."""
    connection = program.connections.add(
        "magento", "Web shop", {"base_url": store.url}, is_practice=True, actor="test"
    )
    program.products.add(file, connection, COLUMNS, interval_s=300, actor="test")
    return connection.id


def until(program: Program, holds: Callable[[TaskInWords], bool]) -> TaskInWords:
    ends = time.monotonic() + MOST_S
    while not holds(one := program.routes.one(1)):
        assert time.monotonic() < ends, f"not so within {MOST_S} s: {one.text}"
        threading.Event().wait(0.05)
    return one


def is_through(one: TaskInWords) -> bool:
    return one.task.finished_at is not None and one.progress is None


@pytest.mark.timeout(120)
def test_a_write_back_passes_all_products_that_wait(
    tmp_path: Path, store: PracticeMagento, watched: WatchedStore
) -> None:
    program = open_program(tmp_path / "data", is_engine=True)
    connection = joined(program, store, prices(tmp_path / "prices.csv", "14.25"))
    entered_at = 0

    def enter_once() -> None:
        nonlocal entered_at
        if len(watched.writes) == 5:
            entered_at = len(watched.writes)
            program.write_back.enter(connection, [Shipment(ORDER, NUMBER)], actor="test")
            program.end_thread()

    watched.on_write = enter_once
    engine = program.engine()
    try:
        engine.start()
        until(program, is_through)
        ends = time.monotonic() + MOST_S
        while not store.tracks(ORDER):
            assert time.monotonic() < ends
            threading.Event().wait(0.05)
    finally:
        engine.stop(5)
        program.close()
    shipped_at = next(at for at, path in enumerate(watched.writes) if path.endswith("/ship"))
    # The product under way, and the one that was claimed with its end.
    assert shipped_at - entered_at <= 1
    assert len(watched.writes) == MANY + 1


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kill_at", [1, 30])
def test_killed_in_the_middle_it_goes_on_where_it_was(
    tmp_path: Path, store: PracticeMagento, watched: WatchedStore, kill_at: int
) -> None:
    folder = tmp_path / "data"
    program = open_program(folder, is_engine=False)
    joined(program, store, prices(tmp_path / "prices.csv", "14.25"))
    watched.kill_at = kill_at
    with running(folder) as process:
        watched.pid = process.pid
        process.wait(MOST_S)
    one = program.routes.one(1)
    assert one.state is TaskState.RUNNING
    assert one.text == f"Updating product {kill_at} of {MANY}"
    with running(folder):
        one = until(program, is_through)
    assert one.text == f"{MANY} products: {MANY} updated"
    products = store.snapshot()["products"]
    assert {products[f"SKU-{n:05}"]["price"] for n in range(1, MANY + 1)} == {14.25}
    # Only the one that was under way may have been written again, after a look.
    assert sum(Counter(watched.writes).values()) <= MANY + 1
    program.close()


@pytest.mark.timeout(120)
def test_a_file_that_changes_meanwhile_starts_the_cycle_over_and_says_so(
    tmp_path: Path, store: PracticeMagento, watched: WatchedStore
) -> None:
    file = prices(tmp_path / "prices.csv", "14.25")
    program = open_program(tmp_path / "data", is_engine=True)
    joined(program, store, file)
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        if len(watched.writes) == 10:
            held.set()
            go_on.wait(MOST_S)

    watched.on_write = hold
    engine = program.engine()
    try:
        engine.start()
        assert held.wait(MOST_S)
        prices(file, "15.00")
        program.routes.run_now(1, "test")
        one = until(program, lambda one: bool(one.warning))
        assert "was read again" in one.warning
        go_on.set()
        one = until(program, is_through)
    finally:
        go_on.set()
        engine.stop(5)
    assert one.text == f"{MANY} products: {MANY} updated"
    products = store.snapshot()["products"]
    assert {products[f"SKU-{n:05}"]["price"] for n in range(1, MANY + 1)} == {15.0}
    assert not program.products.rows(None, states=[JobState.FAILED])
    program.close()
