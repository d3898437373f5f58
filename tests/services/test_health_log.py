"""Calls are counted in memory and stored in batches; what a clock may do to them."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.core.events import ClockJumped, EventBus
from app.core.health import Api, ConnectionCalls, Lamp, Result, Way
from app.core.health_lights import RECENT_MS, judge
from app.integrations.calls import Heard
from app.models.health import HealthStore
from app.services import health_log
from app.services.health_log import HealthLog
from tests.builders import Store, a_store

HOUR = 3600
OK = Heard(Api.ORDERS, Way.READ, Result.OK, 80.0)
FAILED = Heard(Api.ORDERS, Way.READ, Result.FAILED, 80.0, "server_error", {"host": "shop"})


class LogBench:
    """A log over a real data file; another reader of the file judges."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.bus = store, store.clock, EventBus()
        self.log = self.anew()

    def anew(self) -> HealthLog:
        """The program starts."""
        database = self.store.database
        return HealthLog(HealthStore(database), self.clock, self.bus, database.close_thread)

    def hear(self, *heard: Heard) -> None:
        for one in heard:
            self.log.heard(1, one)

    @property
    def lamp(self) -> Lamp:
        found = HealthStore(self.store.database).load(self.clock.now_ms() - HOUR * 1000)
        return judge(ConnectionCalls(found.get(1, {})), Api.ORDERS, self.clock.now_ms()).lamp


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[LogBench]:
    store = a_store(tmp_path)
    bench = LogBench(store)
    yield bench
    bench.log.stop()
    store.database.close_thread()


def test_a_call_is_on_disk_within_some_seconds_without_being_asked(
    bench: LogBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_log, "BATCH_S", 0.01)
    written = threading.Event()
    add = HealthStore.add

    def told(*given: object) -> None:
        add(*given)  # type: ignore[arg-type]
        written.set()

    monkeypatch.setattr(HealthStore, "add", told)
    bench.hear(OK)
    assert written.wait(10)
    assert bench.lamp is Lamp.GREEN


def test_what_was_heard_last_is_stored_at_the_end(bench: LogBench) -> None:
    bench.hear(OK, FAILED, FAILED)
    bench.log.stop()
    assert bench.lamp is Lamp.RED
    assert not [one for one in threading.enumerate() if one.name == "health"]


def test_lights_survive_a_restart_and_a_row_of_failures_goes_on(bench: LogBench) -> None:
    bench.hear(*[OK] * 100, FAILED, FAILED)
    bench.log.stop()
    assert bench.lamp is Lamp.YELLOW, "two of a hundred, but the last two"
    bench.log = bench.anew()
    bench.clock.advance(60)
    bench.hear(FAILED)
    bench.log.flush()
    assert bench.lamp is Lamp.RED


def test_nothing_is_lost_while_the_file_cannot_be_written(
    bench: LogBench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.store.database.write(lambda c: c.execute("PRAGMA query_only = ON"))
    bench.hear(OK, FAILED)
    bench.log.flush()
    bench.hear(FAILED)
    bench.log.flush()
    assert "stored later" in caplog.text
    bench.store.database.read("PRAGMA query_only = OFF")
    bench.log.flush()
    assert bench.lamp is Lamp.RED
    rows = bench.store.rows("SELECT SUM(calls), MAX(in_a_row) FROM health_calls, health_marks")
    assert rows == [(3, 2)]


def test_a_clock_set_back_makes_no_old_success_fresh(bench: LogBench) -> None:
    bench.hear(OK)
    bench.log.flush()
    bench.clock.advance(HOUR)
    assert bench.lamp is Lamp.NONE
    bench.clock.jump(-HOUR + 5)
    assert bench.lamp is Lamp.GREEN, "a file alone cannot know"
    bench.bus.publish(ClockJumped(-HOUR + 5.0))
    assert bench.lamp is Lamp.NONE
    bench.hear(OK)
    bench.log.flush()
    assert bench.lamp is Lamp.GREEN


def test_a_clock_set_back_is_noticed_by_the_next_call_too(bench: LogBench) -> None:
    bench.hear(OK)
    bench.log.flush()
    bench.clock.advance(HOUR)
    bench.hear(FAILED)
    bench.clock.jump(-HOUR + 5)
    bench.hear(FAILED)
    bench.log.flush()
    assert bench.store.rows("SELECT SUM(calls) FROM health_calls") == [(1,)]
    assert bench.lamp is Lamp.YELLOW


@pytest.mark.parametrize("shift", [8 * HOUR, 24 * HOUR])
def test_after_sleep_or_a_clock_set_forward_the_light_is_out_until_the_next_call(
    bench: LogBench, shift: int
) -> None:
    bench.hear(OK)
    bench.log.flush()
    bench.clock.jump(shift)
    bench.bus.publish(ClockJumped(float(shift)))
    assert bench.lamp is Lamp.NONE
    bench.hear(OK)
    bench.log.flush()
    assert bench.lamp is Lamp.GREEN


def test_a_clock_that_was_ahead_when_the_program_ended_lights_nothing(bench: LogBench) -> None:
    bench.clock.jump(HOUR)
    bench.hear(OK)
    bench.log.stop()
    bench.clock.jump(-HOUR)
    bench.log = bench.anew()
    assert bench.lamp is Lamp.NONE
    bench.log.begin()
    bench.clock.advance(HOUR + RECENT_MS / 1000 / 2)
    assert bench.lamp is Lamp.NONE


def test_a_start_forgets_nothing_that_was_stamped_in_order(bench: LogBench) -> None:
    bench.hear(OK)
    bench.log.stop()
    bench.log = bench.anew()
    bench.log.begin()
    assert bench.lamp is Lamp.GREEN


def test_calls_of_many_threads_are_all_counted(bench: LogBench) -> None:
    def hear() -> None:
        for _ in range(500):
            bench.hear(OK)

    threads = [threading.Thread(target=hear) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        bench.log.flush()
    for thread in threads:
        thread.join()
    bench.log.flush()
    with closing(sqlite3.connect(bench.store.path)) as file:
        assert file.execute("SELECT SUM(calls) FROM health_calls").fetchone() == (4000,)
