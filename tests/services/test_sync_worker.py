"""When sync tasks run: at their interval, when asked, never while they are held."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import CredentialsRejected, TransientError
from app.core.events import ConnectionChanged, RouteChanged, StoreChanged
from app.services.scheduler import Scheduler
from app.services.sync_worker import SyncWorker
from tests.fakes.source import an_order
from tests.processes import until
from tests.services.sync_bench import SyncBench


class WorkerBench(SyncBench):
    """The same with a worker and a scheduler, on a fake clock."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        end = self.store.database.close_thread
        self.scheduler = Scheduler(self.clock, self.bus, end)
        self.worker = SyncWorker(self.sync, self.means, self.scheduler, self.bus, end)

    def start(self) -> None:
        self.worker.start()
        self.scheduler.start()

    @property
    def runs(self) -> int:
        """Readings that began."""
        return self.source.asked.count("") + self.source.asked.count("0")

    def is_idle(self) -> bool:
        return self.task.running_since is None and not self.worker._lanes

    def ran(self, count: int) -> bool:
        return until(lambda: self.runs == count and self.is_idle())

    def later(self, seconds: float) -> None:
        """Time passes, and whatever falls due is fired."""
        self.clock.advance(seconds)
        self.scheduler.fire(f"sync {self.route_id}")

    def close(self) -> None:
        self.worker.stop(5)
        self.scheduler.stop()
        super().close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[WorkerBench]:
    bench = WorkerBench(tmp_path)
    bench.source.pages = [[an_order(1)]]
    yield bench
    bench.close()


def test_a_new_route_runs_at_once_and_then_at_its_interval(bench: WorkerBench) -> None:
    bench.start()
    assert bench.ran(1)
    bench.later(140)
    assert bench.is_idle()
    assert bench.runs == 1
    bench.later(160)
    assert bench.ran(2)
    assert (bench.task.due_at - bench.clock.now_ms()) == 300_000


def test_a_restart_waits_for_what_is_left_of_the_interval(bench: WorkerBench) -> None:
    bench.run()
    bench.clock.advance(100)
    bench.start()
    assert bench.clock.until_waiting(1)
    bench.later(100)
    assert bench.runs == 1
    bench.later(100)
    assert bench.ran(2)


@pytest.mark.parametrize("shift_s", [-7 * 86_400, -3600])
def test_a_clock_set_back_holds_up_no_run(bench: WorkerBench, shift_s: int) -> None:
    bench.start()
    assert bench.ran(1)
    bench.clock.jump(shift_s)
    bench.later(300)
    assert bench.ran(2)


def test_sync_now_of_another_process_runs_at_once(bench: WorkerBench) -> None:
    bench.start()
    assert bench.ran(1)
    bench.routes.ask(bench.route_id, "ann")
    bench.bus.publish(StoreChanged())
    assert bench.ran(2)


def test_asked_while_it_reads_it_reads_again(bench: WorkerBench) -> None:
    def asked() -> None:
        bench.routes.ask(bench.route_id, "ann")
        bench.bus.publish(RouteChanged(bench.route_id))

    bench.source.plan[0] = asked
    bench.start()
    assert bench.ran(2)


def test_a_paused_route_waits_and_goes_on_when_resumed(bench: WorkerBench) -> None:
    bench.routes.pause(bench.route_id, None, "ann")
    bench.start()
    assert bench.clock.until_waiting(1)
    assert bench.runs == 0
    bench.routes.resume(bench.route_id, "ann")
    bench.bus.publish(RouteChanged(bench.route_id))
    assert bench.ran(1)


def test_a_pause_with_an_end_ends_by_itself(bench: WorkerBench) -> None:
    bench.routes.pause(bench.route_id, bench.clock.now_ms() + 60_000, "ann")
    bench.start()
    assert bench.clock.until_waiting(1)
    bench.clock.advance(60)
    assert bench.ran(1)


def test_a_blocked_connection_holds_its_route(bench: WorkerBench) -> None:
    error = CredentialsRejected("mg_keys", host="h", message="no")
    bench.store.connections.block(1, error)
    bench.start()
    assert bench.clock.until_waiting(1)
    assert bench.runs == 0
    bench.store.connections.unblock(1, "ann")
    bench.bus.publish(ConnectionChanged(1))
    assert bench.ran(1)


def test_a_paused_connection_holds_its_route(bench: WorkerBench) -> None:
    bench.store.connections.pause(1, bench.clock.now_ms() + 60_000, "ann")
    bench.start()
    assert bench.clock.until_waiting(1)
    assert bench.runs == 0
    bench.clock.advance(61)
    assert bench.ran(1)


def test_after_a_run_that_was_broken_off_it_comes_again_soon(bench: WorkerBench) -> None:
    bench.source.plan[0] = TransientError("server_error", host="h", status=500)
    bench.start()
    assert bench.ran(1)
    bench.later(30)
    assert bench.ran(2)
    assert bench.task.result_code == ""
    bench.later(200)
    assert bench.runs == 2, "the interval is back"


def test_a_route_that_is_removed_runs_no_more(bench: WorkerBench) -> None:
    bench.start()
    assert bench.ran(1)
    bench.routes.remove(bench.route_id, "ann")
    bench.bus.publish(RouteChanged(bench.route_id))
    assert until(lambda: f"sync {bench.route_id}" not in bench.scheduler._tasks)
    bench.later(600)
    assert bench.runs == 1


def test_what_a_dead_process_left_running_is_not(bench: WorkerBench) -> None:
    bench.routes.begin(bench.route_id)
    bench.start()
    assert bench.ran(1)


def test_a_source_that_hangs_holds_up_no_quit_and_stores_nothing_after_it(
    bench: WorkerBench,
) -> None:
    hangs, arrived = threading.Event(), threading.Event()

    def hang() -> None:
        arrived.set()
        hangs.wait(20)

    bench.source.plan[0] = hang
    bench.start()
    assert arrived.wait(10)
    bench.worker.stop(0.05)
    hangs.set()
    assert until(lambda: not bench.worker._lanes)
    assert bench.refs == []
