"""Wakes the program's recurring tasks through APScheduler, also after sleep and clock changes.

APScheduler goes by the wall clock: set back, it falls silent; set forward, it fires by itself.
So the truth is our own due time per task on the monotonic clock, and a guard compares the two
clocks and moves APScheduler's next run times after a jump.

Each run through APScheduler wakes three threads. What is looked at every second is looked at by
the guard itself, which is awake anyway.
"""

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from app.core.clock import Clock
from app.core.events import ClockJumped, EventBus

logger = logging.getLogger(__name__)

GUARD_S = 1.0
JUMP_S = 2.0


@dataclass(slots=True)
class _Task:
    name: str
    interval_s: float
    action: Callable[[], None]
    due: float  # monotonic seconds
    offset: float  # between the two clocks when it was last fired
    is_queued: bool = False


class Scheduler:
    """Recurring tasks. Their actions run one after another on one thread of ours.

    APScheduler's own threads are joined at exit, so nothing long may run on them.
    """

    def __init__(self, clock: Clock, bus: EventBus, end_thread: Callable[[], None]) -> None:
        self._clock = clock
        self._bus = bus
        self._end_thread = end_thread
        self._tasks: dict[str, _Task] = {}
        self._looks: dict[str, Callable[[], None]] = {}
        self._stopping = threading.Event()
        self._chores: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name="chores", daemon=True),
            threading.Thread(target=self._guard, name="clock-guard", daemon=True),
        ]
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def add(self, name: str, interval_s: float, action: Callable[[], None]) -> None:
        """Run `action` every `interval_s` seconds, first after one interval."""
        due = self._clock.monotonic() + interval_s
        task = _Task(name, interval_s, action, due, self._offset())
        self._tasks[name] = task
        self._scheduler.add_job(self.fire, "interval", args=(name,), seconds=interval_s, id=name)

    def drop(self, name: str) -> None:
        """Run the task no more; one that waits for its turn still runs."""
        self._tasks.pop(name, None)
        with contextlib.suppress(JobLookupError):
            self._scheduler.remove_job(name)

    def add_look(self, name: str, look: Callable[[], None]) -> None:
        """Run `look` about every `GUARD_S` seconds; it takes a moment only, and never waits."""
        self._looks[name] = look

    def pace(self, name: str, interval_s: float, *, anew: bool = False) -> None:
        """From now on run the task every `interval_s` seconds, next after one interval.

        `anew`: the interval begins now even if it is the same as before.
        """
        task = self._tasks.get(name)
        if task is None or (task.interval_s == interval_s and not anew):
            return
        due = self._clock.monotonic() + interval_s
        task.interval_s, task.due = interval_s, due
        with contextlib.suppress(JobLookupError):  # it was stopped
            self._scheduler.reschedule_job(name, trigger="interval", seconds=interval_s)

    def start(self) -> None:
        """Begin; tasks added later are taken up as well."""
        self._scheduler.start()
        for thread in self._threads:
            thread.start()

    def stop(self, patience_s: float = 2.0) -> None:
        """No more runs; one that is under way may end for some seconds."""
        self._stopping.set()
        if not self._scheduler.running:
            return
        self._scheduler.shutdown(wait=False)
        self._chores.put(None)
        for thread in self._threads:
            thread.join(patience_s)

    def fire(self, name: str) -> bool:
        """APScheduler's call: queue the task unless it already ran since it fell due.

        One that still waits for its turn, or runs for long, is not queued a second time.
        """
        task = self._tasks.get(name)
        now = self._clock.monotonic()
        if task is None or now < task.due - task.interval_s / 2:
            return False
        task.due, task.offset = now + task.interval_s, self._offset()
        if task.is_queued:
            return False
        task.is_queued = True
        self._chores.put(task)
        return True

    def jumped(self, shift_s: float) -> None:
        """The wall clock moved: set every next run to what is left of its wait."""
        logger.info("the clock moved by %.0f s", shift_s)
        now, offset = self._clock.monotonic(), self._offset()
        wall = datetime.now(UTC)
        for task in tuple(self._tasks.values()):
            # After a jump forward APScheduler may have fired it before we came.
            if shift_s > 0 and abs(offset - task.offset) > JUMP_S:
                task.due = now
            left = max(0.0, task.due - now)
            with contextlib.suppress(JobLookupError):  # it was dropped meanwhile
                self._scheduler.modify_job(task.name, next_run_time=wall + timedelta(seconds=left))
        self._bus.publish(ClockJumped(shift_s))

    def _guard(self) -> None:
        last = self._offset()
        while not self._clock.wait(self._stopping, GUARD_S):
            offset = self._offset()
            if abs(offset - last) > JUMP_S:
                self.jumped(offset - last)
            last = offset
            for name, look in self._looks.items():
                _try(name, look)
        self._end_thread()

    def _offset(self) -> float:
        return self._clock.now_ms() / 1000 - self._clock.monotonic()

    def _work(self) -> None:
        while (task := self._chores.get()) is not None:
            task.is_queued = False
            _try(task.name, task.action)
        self._end_thread()


def _try(name: str, action: Callable[[], None]) -> None:
    try:
        action()
    except Exception:
        logger.exception("the task %s failed", name)
