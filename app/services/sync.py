"""One run along a route: reads the source page by page, each stored together with its cursor."""

import logging
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

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
from app.core.events import ConnectionChanged, EventBus, OrdersChanged, RouteChanged, SyncProgress
from app.core.orders import OrderWish, Reason
from app.core.types import ConnectionGate, Route, SyncTask
from app.integrations.base import Kind, OrderSource
from app.models.connections import Connections
from app.models.orders import Orders
from app.models.routes import Routes
from app.services.gatekeeping import rest_s

logger = logging.getLogger(__name__)

_ADVISE_FROM, _ADVISE_SHARE = 5, 0.8
_STORAGE_RETRY_S = 2.0


@dataclass(frozen=True, slots=True)
class Means:
    """What every run works with."""

    routes: Routes
    orders: Orders
    connections: Connections
    open_orders: Callable[[int], OrderSource]
    kind_of: Callable[[int], Kind]
    bus: EventBus
    clock: Clock


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
        try:
            is_done = self._read(task, stopping)
        except StorageError:
            raise
        except BackhaulError as error:
            self._note_connection(route.source_id, error)
            wait = _wait_s(task, error)
            routes.went_badly(route.id, wait, error.code, error.params, error.excerpt)
        except Exception as error:
            logger.exception("the run of route %d failed", route.id)
            params = {"error": type(error).__name__}
            routes.went_badly(route.id, _wait_s(task, error), "program_error", params, "")
        else:
            if is_done:
                self._note_connection(route.source_id, None)
                routes.went_well(route.id, route.interval_s)
            else:
                routes.stopped(route.id)

    def _read(self, task: SyncTask, stopping: threading.Event) -> bool:
        """True at the end of the reading; False when somebody stopped it before.

        Raises: BackhaulError.
        """
        means, route, cursor = self._means, task.route, task.cursor
        wish, request_id = wish_of(route), str(uuid.uuid4())
        source = means.open_orders(route.source_id)
        try:
            while True:
                page = source.fetch_orders(cursor, wish, request_id)
                if stopping.is_set():
                    return False
                taken = means.orders.take(route.id, route.source_id, page, cursor)
                if taken is None:
                    return False
                cursor = page.cursor
                if taken.ids:
                    means.bus.publish(OrdersChanged(route.source_id, tuple(taken.ids)))
                done = _read_of(taken.counts)
                means.bus.publish(SyncProgress(route.id, done, page.left))
                if page.is_last:
                    self._advise(route, taken.counts)
                    return True
                if self._is_held(route.id):
                    return False
        finally:
            source.close()

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
