"""One run along a route: reads the source page by page, each stored together with its cursor."""

import logging
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from app.core.backoff import (
    ATTEMPT_WAITS_S,
    STORAGE_WAIT_S,
    UNREACHABLE_WAIT_S,
    capped_wait_s,
    probe_wait_s,
)
from app.core.clock import Clock
from app.core.errors import (
    BackhaulError,
    ConnectionBlocked,
    PermissionMissing,
    RemoteUnavailable,
    StorageError,
    Throttled,
)
from app.core.events import (
    ConnectionChanged,
    EventBus,
    JobsAdded,
    OrdersChanged,
    RouteChanged,
    SyncProgress,
)
from app.core.orders import OrderPage, OrderWish, Reason
from app.core.types import ConnectionGate, Route, SyncTask
from app.integrations.base import Kind, OrderSource
from app.models.connections import Connections
from app.models.orders import LOOKED_AT, Orders, Taken
from app.models.routes import Routes
from app.services.gatekeeping import rest_s

logger = logging.getLogger(__name__)

_ADVISE_FROM, _ADVISE_SHARE = 5, 0.8
_STORAGE_RETRY_S = 2.0

Take = Callable[[int, int, OrderPage, str], Taken | None]
"""Stores a page of a route and its connection, fetched with that cursor."""


Reader = Callable[[SyncTask, threading.Event], bool]
"""Runs a route whose source is no connection; True at its end, False when it was stopped."""


@dataclass(frozen=True, slots=True)
class Means:
    """What every run works with. `readers`: by purpose of a route, for those that have one."""

    routes: Routes
    orders: Orders
    connections: Connections
    open_orders: Callable[[int], OrderSource]
    kind_of: Callable[[int], Kind]
    bus: EventBus
    clock: Clock
    readers: Mapping[str, Reader] = field(default_factory=dict)


def rest_of(task: SyncTask, gate: ConnectionGate, now_ms: int) -> float:
    """Seconds until a run may begin: its own pause and whatever holds its connection."""
    own = ConnectionGate(paused_at=task.paused_at, paused_until=task.paused_until)
    return max(rest_s(own, now_ms), rest_s(gate, now_ms))


class Sync:
    """Runs a sync task to the end of its reading, or as far as it goes."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def run(self, route_id: int, stopping: threading.Event) -> None:
        """One run, on the calling thread. What it stored stays, however it ends."""
        routes, bus = self._means.routes, self._means.bus
        try:
            task = routes.begin(route_id)
            if task is None:
                return
            bus.publish(RouteChanged(route_id))
            self._run(task, stopping)
        except StorageError as error:
            logger.warning("route %d: %s; it is tried again", route_id, error)
            self._means.clock.wait(stopping, _STORAGE_RETRY_S)
        bus.publish(RouteChanged(route_id))

    def _run(self, task: SyncTask, stopping: threading.Event) -> None:
        routes, route = self._means.routes, task.route
        reader = self._means.readers.get(route.purpose)
        try:
            if reader is not None:
                is_done, following = reader(task, stopping), float(route.interval_s)
            else:
                is_done = self._read(task, stopping)
                following = self._read_again(task, stopping) if is_done else 0.0
        except StorageError:
            raise
        except BackhaulError as error:
            if reader is None:
                self._note_connection(route.source_id, error)
            wait = _wait_s(task, error)
            routes.went_badly(route.id, wait, error.code, error.params, error.excerpt)
        except Exception as error:
            logger.exception("the run of route %d failed", route.id)
            params = {"error": type(error).__name__}
            routes.went_badly(route.id, _wait_s(task, error), "program_error", params, "")
        else:
            if is_done:
                if reader is None:
                    self._note_connection(route.source_id, None)
                routes.went_well(route.id, following)
            else:
                routes.stopped(route.id)

    def _read(self, task: SyncTask, stopping: threading.Event) -> bool:
        """True at the end of the reading; False when somebody stopped it before.

        Raises: BackhaulError.
        """
        take, route, is_last = self._means.orders.take, task.route, False
        for page, taken in self._pages(route, wish_of(route), task.cursor, take, stopping):
            self._tell(route, _read_of(taken.counts), page.left)
            is_last = page.is_last
            if is_last:
                self._advise(route, taken.counts)
        return is_last

    def _read_again(self, task: SyncTask, stopping: threading.Event) -> float:
        """What a person wanted once more, after what is new; returns the seconds until the next
        run. It makes room for what is new whenever an interval has passed.

        Raises: BackhaulError.
        """
        means, found = self._means, self._means.routes.find(task.route.id)
        if found is None or found.again_from is None:
            return task.route.interval_s
        route = found.route  # it may have been edited meanwhile
        wish = wish_of(route)._replace(start_at=found.again_from)
        ends, is_last = means.clock.monotonic() + route.interval_s, False
        take = partial(means.orders.take_again, asked=found.asked)
        for page, taken in self._pages(route, wish, found.again_cursor, take, stopping):
            self._tell(route, taken.counts[LOOKED_AT], page.left)
            is_last = page.is_last
            if is_last:
                self._advise(route, taken.counts)
            elif means.clock.monotonic() >= ends:
                break
        return route.interval_s if is_last else 0.0

    def _pages(
        self, route: Route, wish: OrderWish, cursor: str, take: Take, stopping: threading.Event
    ) -> Iterator[tuple[OrderPage, Taken]]:
        """One page after the other, each stored before it is handed out; ends with the last, or
        when somebody stopped it.

        Raises: BackhaulError.
        """
        means, request_id = self._means, str(uuid.uuid4())
        source = means.open_orders(route.source_id)
        try:
            while True:
                page = source.fetch_orders(cursor, wish, request_id)
                taken = None if stopping.is_set() else take(route.id, route.source_id, page, cursor)
                if taken is None:
                    return
                cursor = page.cursor
                if taken.jobs:
                    means.bus.publish(JobsAdded(route.source_id, taken.jobs))
                if taken.ids:
                    means.bus.publish(OrdersChanged(route.source_id, tuple(taken.ids)))
                yield page, taken
                if page.is_last or self._is_held(route.id):
                    return
        finally:
            source.close()

    def _tell(self, route: Route, done: int, left: int | None) -> None:
        self._means.bus.publish(SyncProgress(route.id, done, left))

    def _is_held(self, route_id: int) -> bool:
        """A person paused it, or its connection was stopped, while it reads."""
        means = self._means
        task = means.routes.find(route_id)
        if task is None:
            return True
        gate = means.connections.gate(task.route.source_id)
        return rest_of(task, gate, means.clock.now_ms()) > 0

    def _advise(self, route: Route, counts: Mapping[str, int]) -> None:
        """Nearly all orders skipped for one setting: that setting is likely the wrong one."""
        read = _read_of(counts)
        if read < _ADVISE_FROM:
            return
        found = None
        for code, advice in self._means.kind_of(route.source_id).wrong_mode.items():
            skipped = counts.get(f"skipped:{code}", 0)
            if skipped >= _ADVISE_SHARE * read:
                found = Reason(advice, {"skipped": skipped, "read": read})
        self._means.orders.advise(route.id, found)

    def _note_connection(self, connection_id: int, error: BackhaulError | None) -> None:
        """What the answer says about the connection itself. A right that only reading needs
        stops no write."""
        connections, gate = self._means.connections, self._means.connections.gate(connection_id)
        match error:
            case PermissionMissing():
                return
            case ConnectionBlocked():
                connections.block(connection_id, error)
            case RemoteUnavailable():
                hold = probe_wait_s(gate.failures + 1)
                if error.retry_after_s is not None:
                    hold = max(hold, capped_wait_s(error.retry_after_s, 0.0))
                connections.failed_to_reach(connection_id, error, hold)
            case Throttled(operation=""):
                wait = capped_wait_s(error.retry_after_s, UNREACHABLE_WAIT_S)
                connections.hold(connection_id, wait)
            case _ if gate.failures:
                connections.answered(connection_id)
            case _:
                return
        self._means.bus.publish(ConnectionChanged(connection_id))


def wish_of(route: Route) -> OrderWish:
    """What a route reads of its source, from its settings."""
    stores = str(route.settings.get("stores") or "")
    return OrderWish(
        mode=route.mode,
        start_at=int(route.settings.get("start_at") or 0),
        stores=frozenset(part for part in stores.split(",") if part),
        with_address=bool(route.settings.get("with_address")),
    )


def _read_of(counts: Mapping[str, int]) -> int:
    """Orders that were new or otherwise than before."""
    return counts.get("new", 0) + counts.get("changed", 0)


def _wait_s(task: SyncTask, error: Exception) -> float:
    """Until the next run after one that was broken off: soon at first, never beyond the
    interval unless the source asked for that."""
    if isinstance(error, Throttled) and error.retry_after_s is not None:
        return capped_wait_s(error.retry_after_s, STORAGE_WAIT_S)
    wait = ATTEMPT_WAITS_S[min(task.failures, len(ATTEMPT_WAITS_S) - 1)]
    return float(min(task.route.interval_s, wait))
