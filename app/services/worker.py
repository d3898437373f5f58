"""Starts a runner for each connection with due jobs, up to 32, and stops them in order."""

import logging
import math
import threading
from collections.abc import Callable

from app.core.events import ClockJumped, ConnectionChanged, JobsAdded, StoreChanged
from app.services.runner import Runner, Workshop

logger = logging.getLogger(__name__)

MAX_RUNNERS = 32
_LINGER_S = 60.0
"""A runner whose next job is further away ends; the worker starts it again in time."""


class Worker:
    """The engine's hands. A hung connection costs the others nothing: each has its thread."""

    def __init__(
        self,
        shop: Workshop,
        *,
        end_thread: Callable[[], None],
        max_runners: int = MAX_RUNNERS,
    ) -> None:
        self._shop = shop
        self._end_thread = end_thread
        self._max_runners = max_runners
        self._lock = threading.Lock()
        self._runners: dict[int, Runner] = {}
        self._threads: dict[int, threading.Thread] = {}
        self._rest_until: dict[int, float] = {}  # monotonic; connections without a runner
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._dispatch, name="worker", daemon=True)
        bus = shop.bus
        self._unsubscribe = [
            bus.subscribe(JobsAdded, lambda event: self._added(event.connection_id)),
            bus.subscribe(ConnectionChanged, lambda event: self._changed(event.connection_id)),
            bus.subscribe(StoreChanged, lambda _: self.refresh()),
            bus.subscribe(ClockJumped, self._jumped),
        ]

    def start(self) -> None:
        """Take over what a dead process left, then begin."""
        recovered = self._shop.outbox.recover(self._shop.lease)
        if recovered:
            logger.warning("%d jobs were being sent when the program ended", len(recovered))
        self._shop.outbox.rebase_waits()
        self._shop.connections.rebase_holds()
        self._thread.start()

    def stop(self, patience_s: float) -> list[str]:
        """Let running jobs end for some seconds; returns the threads still at work.

        Those keep their lease: the next start looks what came of their jobs.
        """
        self._shop.stopping.set()
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._wake.set()
        with self._lock:
            threads = [*self._threads.values()]
            for runner in self._runners.values():
                runner.wake.set()
        ends = self._shop.clock.monotonic() + patience_s
        for thread in (*threads, self._thread):
            if thread.is_alive():
                thread.join(max(0.05, ends - self._shop.clock.monotonic()))
        return [thread.name for thread in threads if thread.is_alive()]

    def refresh(self) -> None:
        """Another process changed the data file, or the clock jumped: look at everything."""
        with self._lock:
            runners = [*self._runners.values()]
            self._rest_until.clear()
        for runner in runners:
            runner.refresh()
        self._wake.set()

    def _added(self, connection_id: int) -> None:
        with self._lock:
            runner = self._runners.get(connection_id)
            self._rest_until.pop(connection_id, None)
        if runner is not None:
            runner.wake.set()
        else:
            self._wake.set()

    def _changed(self, connection_id: int) -> None:
        with self._lock:
            runner = self._runners.get(connection_id)
            self._rest_until.pop(connection_id, None)
        on_own_thread = threading.current_thread() is self._threads.get(connection_id)
        if runner is not None and not on_own_thread:
            runner.refresh()
        self._wake.set()

    def _jumped(self, event: ClockJumped) -> None:
        if event.shift_s < 0:
            self._shop.outbox.rebase_waits()
            self._shop.connections.rebase_holds()
        self.refresh()

    def _dispatch(self) -> None:
        try:
            while not self._shop.stopping.is_set():
                self._wake.clear()
                wait = self._start_runners()
                self._shop.clock.wait(self._wake, min(wait, 3600.0))
        finally:
            self._end_thread()

    def _start_runners(self) -> float:
        """Start what may start; returns the seconds until the next resting connection is due."""
        now = self._shop.clock.monotonic()
        wait = math.inf
        for connection_id in self._shop.outbox.connections_with_work():
            with self._lock:
                if connection_id in self._runners:
                    continue
                rest = self._rest_until.get(connection_id, 0.0) - now
                full = len(self._runners) >= self._max_runners
                if rest <= 0 and not full:
                    self._start_runner(connection_id)
                elif rest > 0:
                    wait = min(wait, rest)
        return wait

    def _start_runner(self, connection_id: int) -> None:
        runner = Runner(self._shop, connection_id)
        thread = threading.Thread(
            target=self._serve, args=(runner,), name=f"connection-{connection_id}", daemon=True
        )
        self._runners[connection_id], self._threads[connection_id] = runner, thread
        thread.start()

    def _serve(self, runner: Runner) -> None:
        try:
            while not self._shop.stopping.is_set():
                runner.wake.clear()
                wait = runner.step()
                if wait > 0 and not self._linger(runner, wait):
                    return
        except Exception:
            logger.exception("the runner of connection %d failed", runner.connection_id)
            runner.wake.clear()
            self._leave(runner, _LINGER_S)
            runner.give_back()
        finally:
            runner.close()
            self._end_thread()

    def _linger(self, runner: Runner, wait: float) -> bool:
        """Wait for the next job here; False when it is so far off that the thread may end."""
        crowded = len(self._runners) >= self._max_runners
        if wait <= _LINGER_S and not crowded:
            self._shop.clock.wait(runner.wake, wait)
            return True
        if not crowded and self._shop.clock.wait(runner.wake, _LINGER_S):
            return True
        return not self._leave(runner, wait)

    def _leave(self, runner: Runner, wait: float) -> bool:
        """Hand the connection back to the worker, unless something just came for it."""
        with self._lock:
            if runner.wake.is_set():
                return False
            me = runner.connection_id
            self._rest_until[me] = self._shop.clock.monotonic() + wait
            self._runners.pop(me, None)
            self._threads.pop(me, None)
        self._wake.set()
        return True
