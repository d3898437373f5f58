"""Tells how far the updating of products is, while their jobs are carried out."""

import threading
from dataclasses import dataclass

from app.core.clock import Clock
from app.core.errors import StorageError
from app.core.events import EventBus, JobChanged, RouteChanged, StoreChanged, SyncProgress
from app.core.states import JobState
from app.models.products import Products
from app.models.routes import Routes
from app.services.product_runs import mark_of
from app.services.product_words import PRODUCTS

EVERY_S = 1.0
"""Not more often than that: each time their jobs are counted."""

_ENDS = frozenset({JobState.SUCCEEDED, JobState.FAILED, JobState.DISCARDED})


@dataclass(slots=True)
class _Seen:
    next_look: float  # monotonic
    left: int = 0


class ProductProgress:
    """Listens to the jobs of this process; publishes SyncProgress, and RouteChanged at the end."""

    def __init__(self, routes: Routes, products: Products, bus: EventBus, clock: Clock) -> None:
        self._routes = routes
        self._products = products
        self._bus = bus
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[int, _Seen] = {}  # by connection
        self._changes = 0  # of routes, so far
        self._fed: frozenset[int] | None = None  # connections with such a route; None: look
        bus.subscribe(JobChanged, self._changed)
        bus.subscribe(RouteChanged, self._forget)
        bus.subscribe(StoreChanged, self._forget)

    def _forget(self, _: object) -> None:
        self._changes += 1
        self._fed = None

    def _changed(self, event: JobChanged) -> None:
        if event.state not in _ENDS:
            return
        fed = self._fed
        if fed is not None and event.connection_id not in fed:
            return
        now = self._clock.monotonic()
        with self._lock:
            seen = self._seen.setdefault(event.connection_id, _Seen(now))
            seen.left -= 1
            if now < seen.next_look and seen.left != 0:
                return
            seen.next_look = now + EVERY_S
        try:
            self._tell(event.connection_id, seen)
        except StorageError:
            return  # the next one tells it

    def _tell(self, connection_id: int, seen: _Seen) -> None:
        changes = self._changes
        tasks = [task for task in self._routes.all() if task.route.purpose == PRODUCTS]
        if changes == self._changes:
            self._fed = frozenset(task.route.target_id or 0 for task in tasks)
        for task in tasks:
            if task.route.target_id != connection_id:
                continue
            cycle = self._products.progress(connection_id, mark_of(task).cycle)
            seen.left = cycle.left
            self._bus.publish(SyncProgress(task.route.id, cycle.done, cycle.left))
            if not cycle.left:
                self._bus.publish(RouteChanged(task.route.id))
