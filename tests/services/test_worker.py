"""The worker: a thread per active connection, none of which waits for another."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.clock import SystemClock
from app.core.events import JobChanged, StoreChanged
from app.core.states import JobState
from app.core.types import Proof, Shipment
from app.services.worker import Worker
from app.services.write_back import to_job
from tests.fakes.bench import Bench
from tests.fakes.target import FakeOpened, FakeRemote, FakeTarget

PATIENCE_S = 20.0


class HangingTarget(FakeTarget):
    """Never answers until it is let go."""

    def __init__(self, remote: FakeRemote) -> None:
        super().__init__(remote)
        self.asked = threading.Event()
        self.let_go = threading.Event()

    def write(self, shipment: Shipment, request_id: str) -> Proof:
        self.asked.set()
        self.let_go.wait(PATIENCE_S)
        return super().write(shipment, request_id)


class Shop:
    """A worker with two connections on real time: one well, one hanging."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench(folder, clock=SystemClock())
        self.hanging = HangingTarget(FakeRemote())
        self.second = self.bench.connections.add(
            "Hung", "printsmith", {}, is_practice=True, actor="test"
        )
        targets = {self.bench.connection.id: self.bench.target, self.second.id: self.hanging}
        self.bench.restart(open_target=lambda number: FakeOpened(targets[number]))
        self.done: list[int] = []
        self._changed = threading.Condition()
        self.bench.bus.subscribe(JobChanged, self._note)
        self.worker = Worker(self.bench.shop, end_thread=self.bench.database.close_thread)

    def _note(self, event: JobChanged) -> None:
        with self._changed:
            if event.state is JobState.SUCCEEDED:
                self.done.append(event.job_id)
            self._changed.notify_all()

    def until_done(self, count: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: len(self.done) >= count, PATIENCE_S)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.hanging.let_go.set()
    made.worker.stop(5.0)
    made.bench.close()


def test_a_hanging_connection_costs_the_others_nothing(shop: Shop) -> None:
    stuck = Shipment("X", "1Z9")
    shop.bench.write_back.enter(shop.second.id, [stuck], actor="test")
    shop.worker.start()
    assert shop.hanging.asked.wait(PATIENCE_S)
    for number in range(20):
        shop.bench.enter(str(number), f"1Z{number}")
    assert shop.until_done(20)
    assert shop.hanging.remote.writes == []


def test_a_row_entered_while_it_runs_is_sent_at_once(shop: Shop) -> None:
    shop.worker.start()
    shop.bench.enter()
    assert shop.until_done(1)


def test_a_row_of_another_process_is_found_when_the_store_changed(shop: Shop) -> None:
    shop.worker.start()
    job = to_job(shop.bench.connection.id, Shipment("A", "1Z1"))
    shop.bench.outbox.enter([job], "another process")  # no event in this process
    shop.bench.bus.publish(StoreChanged())
    assert shop.until_done(1)


def test_stopping_says_who_is_still_at_work_and_leaves_the_lease(shop: Shop) -> None:
    shop.bench.write_back.enter(shop.second.id, [Shipment("X", "1Z9")], actor="test")
    shop.worker.start()
    assert shop.hanging.asked.wait(PATIENCE_S)
    assert shop.worker.stop(0.05) == [f"connection-{shop.second.id}"]
    assert shop.bench.job(1).state is JobState.IN_FLIGHT


def test_stopping_an_idle_worker_leaves_nothing_behind(shop: Shop) -> None:
    shop.worker.start()
    shop.bench.enter()
    assert shop.until_done(1)
    assert shop.worker.stop(5.0) == []
