"""Lets each sync task run at its interval, on one thread per connection beside its write-backs."""

import logging
import math
import threading
from collections.abc import Callable

from app.core.errors import StorageError
from app.core.events import ClockJumped, ConnectionChanged, EventBus, RouteChanged, StoreChanged
from app.core.types import SyncTask
from app.services.gatekeeping import left_s
from app.services.scheduler import Scheduler
from app.services.sync import Means, Sync, rest_of

logger = logging.getLogger(__name__)

_STORAGE_RETRY_S = 2.0
_LONGEST_S = 3600.0


class SyncWorker:
    """Follows the stored routes. A source that hangs costs no other a thread, and no write."""

    def __init__(
        self,
        sync: Sync,
        means: Means,
        scheduler: Scheduler,
        bus: EventBus,
        end_thread: Callable[[], None],
    ) -> None:
        self._sync = sync
        self._means = means
        self._scheduler = scheduler
        self._bus = bus
        self._end_thread = end_thread
        self._lock = threading.Lock()
        self._due: set[int] = set()
        self._asked: dict[int, int] = {}  # routes that are known, with their last Sync Now
        self._lanes: dict[int, threading.Thread] = {}  # by connection
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="sync", daemon=True)
        self._unsubscribe: list[Callable[[], None]] = []

    def start(self) -> None:
        """Begin; what is overdue runs at once."""
        if self._means.routes.recover():
            logger.warning("a reading was under way when the program ended; it goes on")
        kinds = (RouteChanged, StoreChanged, ConnectionChanged, ClockJumped)
        self._unsubscribe = [self._bus.subscribe(kind, self._changed) for kind in kinds]
        self._thread.start()

    def stop(self, patience_s: float) -> None:
        """Begin nothing more; a page under way is dropped, or stored whole."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._stopping.set()
        self._wake.set()
        with self._lock:
            lanes = [*self._lanes.values()]
        ends = self._means.clock.monotonic() + patience_s
        for thread in (*lanes, self._thread):
            if thread.is_alive():
                thread.join(max(0.05, ends - self._means.clock.monotonic()))

    def _changed(self, _: object) -> None:
        self._wake.set()

    def _watch(self) -> None:
        try:
            while not self._stopping.is_set():
                self._wake.clear()
                self._means.clock.wait(self._wake, min(self._look(), _LONGEST_S))
        finally:
            self._end_thread()

    def _look(self) -> float:
        """Begin what is due; returns the seconds until something held may go on."""
        try:
            tasks = self._means.routes.all()
            self._follow(tasks)
            return min((self._begin(task) for task in tasks), default=math.inf)
        except StorageError as error:
            logger.warning("the sync tasks could not be looked at: %s", error)
            return _STORAGE_RETRY_S

    def _follow(self, tasks: list[SyncTask]) -> None:
        """Take up routes that are new, drop those that are gone, hear what was asked for."""
        for gone in self._asked.keys() - {task.route.id for task in tasks}:
            self._scheduler.drop(_name(gone))
            del self._asked[gone]
            self._due.discard(gone)
        now = self._means.clock.now_ms()
        for task in tasks:
            route_id = task.route.id
            if route_id not in self._asked:
                left = min(left_s(task.due_set_at, task.due_at, now), task.route.interval_s)
                self._scheduler.add(
                    _name(route_id), left or task.route.interval_s, self._firing(route_id)
                )
                if left <= 0:
                    self._due.add(route_id)
            elif task.asked != self._asked[route_id]:
                self._due.add(route_id)
            self._asked[route_id] = task.asked

    def _firing(self, route_id: int) -> Callable[[], None]:
        def fire() -> None:
            self._due.add(route_id)
            self._wake.set()

        return fire

    def _begin(self, task: SyncTask) -> float:
        """Start the run if it is due and may; returns the seconds it is held."""
        route = task.route
        if route.id not in self._due:
            return math.inf
        gate = self._means.connections.gate(route.source_id)
        rest = rest_of(task, gate, self._means.clock.now_ms())
        if rest > 0:
            return rest
        with self._lock:
            if route.source_id in self._lanes or self._stopping.is_set():
                return math.inf  # its end wakes us
            self._due.discard(route.id)
            thread = threading.Thread(
                target=self._run, args=(task,), name=f"sync-{route.id}", daemon=True
            )
            self._lanes[route.source_id] = thread
        thread.start()
        return math.inf

    def _run(self, task: SyncTask) -> None:
        route = task.route
        try:
            self._sync.run(route.id, self._stopping)
            self._plan(route.id)
        except Exception:
            logger.exception("the sync of route %d failed", route.id)
        finally:
            with self._lock:
                self._lanes.pop(route.source_id, None)
            self._wake.set()
            self._end_thread()

    def _plan(self, route_id: int) -> None:
        """When the next run is, as the last one left it; one that was broken off by a person or
        by somebody else's reading is still due."""
        task = self._means.routes.find(route_id)
        if task is None or self._stopping.is_set():
            return
        left = left_s(task.due_set_at, task.due_at, self._means.clock.now_ms())
        if left <= 0:
            self._due.add(route_id)
        self._scheduler.pace(_name(route_id), left or task.route.interval_s, anew=True)


def _name(route_id: int) -> str:
    return f"sync {route_id}"
