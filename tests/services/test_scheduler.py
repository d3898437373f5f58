"""Recurring tasks: once per due, also when the clock jumps or the machine slept."""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from apscheduler.schedulers.background import BackgroundScheduler

from app.core.clock import SystemClock
from app.core.events import ClockJumped, EventBus
from app.services.scheduler import GUARD_S, Scheduler
from tests.fakes.clock import FakeClock
from tests.processes import Caller, until

POLL_S = 900.0
HOUR_S = 3600.0


class Bench:
    """A scheduler on a fake clock with one task, and what happened to it."""

    def __init__(self) -> None:
        self.clock, self.bus = FakeClock(), EventBus()
        self.jumps: list[float] = []
        self.bus.subscribe(ClockJumped, lambda event: self.jumps.append(event.shift_s))
        self.ended: list[str] = []
        self.scheduler = Scheduler(
            self.clock, self.bus, lambda: self.ended.append(threading.current_thread().name)
        )
        self.runs = self._drains = 0
        self.scheduler.add("poll", POLL_S, self._run)

    def _run(self) -> None:
        self.runs += 1

    def start(self) -> None:
        self.scheduler.start()
        assert self.clock.until_waiting()

    def drain(self) -> int:
        """How often the task ran, once everything that was queued is done."""
        done = threading.Event()
        self._drains += 1
        self.scheduler.add(f"drain {self._drains}", 1.0, done.set)
        self.clock.advance(1)
        self.scheduler.fire(f"drain {self._drains}")
        assert done.wait(20)
        return self.runs

    def next_run_s(self, name: str = "poll") -> float:
        """Seconds of real time until APScheduler would call."""
        job = self.scheduler._scheduler.get_job(name)
        return float((job.next_run_time - datetime.now(UTC)).total_seconds())

    def guard_looks(self) -> None:
        """Let the guard come round once."""
        self.clock.advance(GUARD_S)


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    bench.start()
    yield bench
    if not bench.ended:
        bench.scheduler.stop(20)


def test_task_runs_once_per_due(bench: Bench) -> None:
    for count in (1, 2, 3):
        assert not bench.scheduler.fire("poll"), "too early"
        bench.clock.advance(POLL_S)
        assert bench.scheduler.fire("poll")
        assert not bench.scheduler.fire("poll"), "a second time"
        assert until(lambda count=count: bench.runs == count)
    assert bench.drain() == 3


def test_tasks_do_not_wait_for_apscheduler_forgiveness(bench: Bench) -> None:
    """Its default gives a late run one second; ours come however late."""
    job = bench.scheduler._scheduler.get_job("poll")
    assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)


def test_apscheduler_ignores_the_same_wish_as_a_plain_keyword() -> None:
    plain = BackgroundScheduler(timezone=UTC, misfire_grace_time=None)
    plain.start(paused=True)
    assert plain.add_job(print, "interval", seconds=60).misfire_grace_time == 1
    plain.shutdown()


@pytest.mark.parametrize("waited_s", [10.0, 100.0, 800.0])
@pytest.mark.parametrize("fires_itself", [True, False])
def test_jump_forward_runs_a_task_once(bench: Bench, waited_s: float, fires_itself: bool) -> None:
    bench.clock.advance(waited_s - GUARD_S)
    bench.guard_looks()
    assert bench.clock.until_waiting()
    bench.clock.jump(7 * HOUR_S)
    if fires_itself:  # APScheduler finds its time long past
        bench.scheduler.fire("poll")
    bench.guard_looks()
    assert until(lambda: bench.jumps)
    assert bench.jumps == [pytest.approx(7 * HOUR_S, abs=1)]
    bench.scheduler.fire("poll")
    assert until(lambda: bench.next_run_s() > 1), "APScheduler was not told, or did not come"
    assert bench.drain() == 1
    bench.clock.advance(POLL_S)
    assert bench.scheduler.fire("poll")
    assert bench.drain() == 2


def test_machine_that_slept_again_right_after_a_run_runs_once_more(bench: Bench) -> None:
    for night in (1, 2):
        bench.clock.jump(8 * HOUR_S)
        bench.guard_looks()
        assert until(lambda night=night: len(bench.jumps) == night)
        bench.scheduler.fire("poll")
        assert bench.drain() == night
        assert bench.clock.until_waiting()


@pytest.mark.parametrize("back_s", [-HOUR_S, -7 * HOUR_S, -3.0])
def test_jump_back_leaves_what_is_left_of_the_wait(bench: Bench, back_s: float) -> None:
    bench.clock.advance(500)
    assert bench.clock.until_waiting()
    bench.clock.jump(back_s)
    bench.guard_looks()
    assert until(lambda: bench.jumps)
    assert bench.next_run_s() == pytest.approx(POLL_S - 500 - GUARD_S, abs=2)
    assert bench.drain() == 0
    bench.clock.advance(POLL_S - 500 - GUARD_S)
    assert bench.scheduler.fire("poll")


def test_jump_back_makes_up_for_a_due_that_passed(bench: Bench) -> None:
    bench.clock.advance(POLL_S + 10)
    assert bench.clock.until_waiting()
    bench.clock.jump(-HOUR_S)
    bench.guard_looks()
    assert until(lambda: bench.runs == 1), "it is due since before the jump"


def test_clock_that_drifts_is_no_jump(bench: Bench) -> None:
    for _ in range(50):
        bench.clock.jump(1.5)
        bench.guard_looks()
        assert bench.clock.until_waiting()
    assert bench.jumps == []


def test_slow_task_is_not_queued_up_behind_itself() -> None:
    bench = Bench()
    begun, go = threading.Event(), threading.Event()
    runs: list[int] = []

    def slow() -> None:
        runs.append(1)
        begun.set()
        assert go.wait(20)

    bench.scheduler.add("slow", 1.0, slow)
    bench.start()
    for number in range(10):
        bench.clock.advance(1)
        bench.scheduler.fire("slow")
        if number == 0:
            assert begun.wait(20)
    go.set()
    bench.drain()
    assert len(runs) == 2, "the one under way, and one more for the time since"
    bench.scheduler.stop(20)


def test_task_that_fails_is_logged_and_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    bench.scheduler.add("broken", 10.0, lambda: [][0])
    bench.start()
    with caplog.at_level(logging.ERROR):
        for count in (1, 2):
            bench.clock.advance(10)
            assert bench.scheduler.fire("broken")
            bench.drain()
            assert caplog.text.count("IndexError") == count
    assert "the task broken failed" in caplog.text
    bench.scheduler.stop(20)


def test_stopped_scheduler_runs_nothing_more_and_closes_its_threads(bench: Bench) -> None:
    bench.scheduler.stop(20)
    bench.clock.advance(POLL_S)
    bench.scheduler.fire("poll")
    assert bench.runs == 0
    assert sorted(bench.ended) == ["chores", "clock-guard"]


def test_stop_does_not_wait_for_a_long_task_longer_than_its_patience() -> None:
    bench = Bench()
    begun, go = threading.Event(), threading.Event()
    bench.scheduler.add("long", 10.0, lambda: [begun.set(), go.wait(20)])
    bench.start()
    bench.clock.advance(10)
    bench.scheduler.fire("long")
    assert begun.wait(20)
    stopping = Caller(lambda: bench.scheduler.stop(0.05))
    stopping.result()
    assert bench.ended == ["clock-guard"]
    go.set()
    assert until(lambda: len(bench.ended) == 2)


def test_stopping_what_never_started_is_no_error() -> None:
    bench = Bench()
    bench.scheduler.stop()
    assert bench.runs == 0


def test_task_added_later_is_taken_up(bench: Bench) -> None:
    done = threading.Event()
    bench.scheduler.add("later", 10.0, done.set)
    assert bench.next_run_s("later") == pytest.approx(10, abs=2)
    bench.clock.advance(10)
    bench.scheduler.fire("later")
    assert done.wait(20)


def test_what_is_looked_at_each_second_needs_no_run_of_apscheduler(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench, looks = Bench(), list[int]()

    def look() -> None:
        looks.append(threading.get_ident())
        if len(looks) == 1:
            raise ValueError("the first one fails")

    bench.scheduler.add_look("look", look)
    bench.start()
    for count in (1, 2, 3):
        assert bench.clock.until_waiting()
        bench.guard_looks()
        assert until(lambda count=count: len(looks) == count)
    assert GUARD_S <= 1.0, "what another process enters shows within a second"
    assert bench.scheduler._scheduler.get_job("look") is None
    assert "the task look failed" in caplog.text
    bench.scheduler.stop(20)
    assert len(set(looks)) == 1, "one thread, and it was not ended by the fault"


def test_a_task_that_is_paced_faster_does_not_wait_out_its_longer_interval(bench: Bench) -> None:
    bench.clock.advance(10)
    bench.scheduler.pace("poll", 2.0)
    assert bench.next_run_s() == pytest.approx(2, abs=1)
    bench.clock.advance(2)
    assert bench.scheduler.fire("poll")
    assert bench.drain() == 1
    bench.scheduler.pace("poll", POLL_S)
    assert bench.next_run_s() == pytest.approx(POLL_S, abs=1)
    bench.clock.advance(2)
    assert not bench.scheduler.fire("poll"), "too early at the new pace"
    bench.clock.advance(POLL_S)
    assert bench.scheduler.fire("poll")
    assert bench.drain() == 2


def test_pacing_what_was_stopped_is_no_error(bench: Bench) -> None:
    bench.scheduler.stop(20)
    bench.scheduler.pace("poll", 2.0)


def ticking(look: Callable[[Scheduler, Callable[[], int]], None]) -> None:
    """A scheduler on the machine's own clocks with a task ten times a second."""
    scheduler, ticks = Scheduler(SystemClock(), EventBus(), lambda: None), list[int]()
    scheduler.add("tick", 0.1, lambda: ticks.append(1))
    scheduler.start()
    assert until(lambda: ticks), "it does not even begin"
    look(scheduler, lambda: len(ticks))
    scheduler.stop(20)


def test_clock_set_back_and_forward_again_never_silences_a_real_scheduler() -> None:
    def look(scheduler: Scheduler, count: Callable[[], int]) -> None:
        past = datetime.now(UTC) - timedelta(hours=1)
        with time_machine.travel(past, tick=True):
            scheduler.jumped(-HOUR_S)
            before = count()
            assert until(lambda: count() >= before + 3, 5), "silent after the clock went back"
        scheduler.jumped(HOUR_S)
        before = count()
        assert until(lambda: count() >= before + 3, 5), "silent after it went forward again"

    ticking(look)


@pytest.mark.battery
@pytest.mark.timeout(60)
def test_guard_notices_by_itself_that_the_clock_was_set_back() -> None:
    def look(scheduler: Scheduler, count: Callable[[], int]) -> None:
        with time_machine.travel(datetime.now(UTC) - timedelta(hours=1), tick=True):
            before = count()
            assert until(lambda: count() >= before + 10, 10)
        before = count()
        assert until(lambda: count() >= before + 10, 10)

    ticking(look)


def test_a_task_that_is_dropped_runs_no_more_and_a_jump_does_not_miss_it(bench: Bench) -> None:
    bench.scheduler.drop("poll")
    bench.scheduler.drop("poll")
    bench.clock.advance(POLL_S)
    assert not bench.scheduler.fire("poll")
    bench.scheduler.jumped(HOUR_S)
    bench.scheduler.pace("poll", 5.0)
    assert bench.drain() == 0


def test_an_interval_may_begin_anew_although_it_is_the_same(bench: Bench) -> None:
    bench.clock.advance(POLL_S - 1)
    bench.scheduler.pace("poll", POLL_S, anew=True)
    bench.clock.advance(POLL_S / 2 - 1)
    assert not bench.scheduler.fire("poll"), "it was set back to its start"
    bench.clock.advance(POLL_S / 2 + 1)
    assert bench.scheduler.fire("poll")
    assert bench.drain() == 1
