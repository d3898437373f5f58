"""Routes and their sync tasks as people handle them: added, removed, run now, paused, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.clock import Clock, clock_time
from app.core.errors import Param, UsageError
from app.core.events import EventBus, RouteChanged
from app.core.types import ConnectionGate, ConnectionInfo, SyncTask
from app.core.words import Said
from app.models.orders import Orders
from app.models.routes import Routes
from app.services.connections import ConnectionService
from app.services.gatekeeping import is_paused, rest_s
from app.services.wording import Wordsmith

ORDERS = "orders"
INTERVAL_S = 300
SHORTEST_S = 60


class TaskState(StrEnum):
    """How a sync task stands."""

    RUNNING = "running"  # it reads now
    WAITING = "waiting"  # until its next run
    PAUSED = "paused"  # by a person, itself or its connection
    HELD = "held"  # its connection is stopped or cannot be reached
    FAILED = "failed"  # the last run was broken off; it is tried again


@dataclass(frozen=True, slots=True)
class TaskInWords:
    """A sync task for people. `warning`: something besides how it stands, empty: nothing."""

    task: SyncTask
    name: str
    connection: str
    state: TaskState
    text: str
    hint: str
    warning: str
    warning_hint: str


class RouteService:
    """Routes as people handle them."""

    def __init__(
        self,
        routes: Routes,
        orders: Orders,
        connections: ConnectionService,
        wordsmith: Wordsmith,
        bus: EventBus,
        clock: Clock,
    ) -> None:
        self._routes = routes
        self._orders = orders
        self._connections = connections
        self._wordsmith = wordsmith
        self._bus = bus
        self._clock = clock

    def all(self) -> list[TaskInWords]:
        """Every route with its task, oldest first."""
        names = self._connections.names()
        return [self._in_words(task, names) for task in self._routes.all()]

    def one(self, route_id: int) -> TaskInWords:
        """Raises: UsageError when there is none."""
        task = self._routes.find(route_id)
        if task is None:
            raise UsageError("route_missing", route=str(route_id))
        return self._in_words(task, self._connections.names())

    def named(self, text: str | None) -> TaskInWords:
        """The route with that number, or of that connection; without text the only one.

        Raises: UsageError when there is none, or a choice.
        """
        found = self.all()
        if text is None:
            if not found:
                raise UsageError("route_none")
            fitting = found
        else:
            fitting = [
                one
                for one in found
                if text == str(one.task.route.id)
                or text.casefold() in (one.connection.casefold(), one.name.casefold())
            ]
            if not fitting:
                raise UsageError("route_missing", route=text)
        if len(fitting) > 1:
            raise UsageError("route_needed", routes=", ".join(one.name for one in fitting))
        return fitting[0]

    def add_orders(
        self,
        connection: ConnectionInfo,
        *,
        mode: str | None,
        interval_s: int,
        start_at: int,
        stores: frozenset[str],
        with_address: bool,
        actor: str,
    ) -> TaskInWords:
        """Read the orders of a connection from now on; nothing older than `start_at` (ms).

        Raises: UsageError.
        """
        settings: Mapping[str, Param] = {
            "start_at": start_at,
            "stores": ",".join(sorted(stores)),
            "with_address": with_address,
        }
        mode = self._mode(connection, mode)
        route_id = self._routes.add(
            ORDERS, connection.id, None, mode, settings, max(interval_s, SHORTEST_S), actor
        )
        self._bus.publish(RouteChanged(route_id))
        return self.one(route_id)

    def remove(self, route_id: int, actor: str) -> None:
        """Read along it no more; what was read stays."""
        self._routes.remove(route_id, actor)
        self._bus.publish(RouteChanged(route_id))

    def run_now(self, route_id: int, actor: str) -> None:
        """Sync Now: whoever runs the engine runs it at once."""
        self._routes.ask(route_id, actor)
        self._bus.publish(RouteChanged(route_id))

    def start_over(self, route_id: int) -> None:
        """Look again at everything since the start date, at once; what is unchanged stays."""
        self._orders.start_over(route_id)
        self._bus.publish(RouteChanged(route_id))

    def pause(self, route_id: int, for_s: float | None, actor: str) -> None:
        """Read nothing for some seconds; None: until resumed."""
        until = None if for_s is None else self._clock.now_ms() + int(for_s * 1000)
        self._routes.pause(route_id, until, actor)
        self._bus.publish(RouteChanged(route_id))

    def resume(self, route_id: int, actor: str) -> None:
        """End a pause."""
        self._routes.resume(route_id, actor)
        self._bus.publish(RouteChanged(route_id))

    def _mode(self, connection: ConnectionInfo, wanted: str | None) -> str:
        kind = self._connections.kind(connection)
        if kind.orders is None:
            raise UsageError("orders_none", title=kind.title)
        modes = {mode.name: mode for mode in kind.order_modes}
        built = ", ".join(name for name, mode in modes.items() if mode.is_built)
        if wanted is None:
            return next(iter(modes), "")
        if wanted not in modes:
            raise UsageError("order_mode", mode=wanted, title=kind.title, modes=built)
        if not modes[wanted].is_built:
            raise UsageError("order_mode_not_built", mode=wanted, modes=built)
        return wanted

    def _in_words(self, task: SyncTask, names: Mapping[int, str]) -> TaskInWords:
        connection = names.get(task.route.source_id, "?")
        state, text, hint = self._standing(task, self._connections.gate(task.route.source_id))
        warning = self._warning(task)
        return TaskInWords(
            task,
            self._wordsmith.text("Orders from {name}", name=connection),
            connection,
            state,
            text,
            hint,
            warning.summary if warning else "",
            warning.hint if warning else "",
        )

    def _standing(self, task: SyncTask, gate: ConnectionGate) -> tuple[TaskState, str, str]:
        now, text = self._clock.now_ms(), self._wordsmith.text
        own = ConnectionGate(paused_at=task.paused_at, paused_until=task.paused_until)
        if is_paused(own, now) or is_paused(gate, now):
            until = own.paused_until if is_paused(own, now) else gate.paused_until
            if until is None:
                return TaskState.PAUSED, text("Paused until it is resumed"), ""
            return TaskState.PAUSED, text("Paused until {until}", until=clock_time(until)), ""
        if gate.is_blocked:
            said = self._wordsmith.block(gate)
            return TaskState.HELD, text("Blocked: {why}", why=said.summary), said.hint
        if task.running_since is not None:
            return TaskState.RUNNING, self._progress(task), ""
        if task.result_code:
            said = self._wordsmith.say(task.result_code, task.result_params)
            since = clock_time(task.failing_since or now)
            why = text("Broken off since {since}: {why}", since=since, why=said.summary)
            return TaskState.HELD if rest_s(gate, now) else TaskState.FAILED, why, said.hint
        if task.finished_at is None:
            return TaskState.WAITING, text("It has not run yet"), ""
        return TaskState.WAITING, self._result(task), ""

    def _progress(self, task: SyncTask) -> str:
        done, left = _orders_of(task.cycle_counts), task.left
        if left is None:
            return self._wordsmith.text("Reading: {done} orders so far", done=done)
        return self._wordsmith.text("Reading: {done} orders, {left} to come", done=done, left=left)

    def _result(self, task: SyncTask) -> str:
        counts, text = task.counts, self._wordsmith.text
        parts = [
            text(template, count=counts[name])
            for name, template in (
                ("new", "{count} new"), ("changed", "{count} changed"),
                ("skipped", "{count} skipped"), ("failed", "{count} not readable"),
            )
            if counts.get(name)
        ]  # fmt: skip
        return ", ".join(parts) or text("Nothing new")

    def _warning(self, task: SyncTask) -> Said | None:
        if task.over_since is not None:
            return self._wordsmith.say("sync_over", {"since": clock_time(task.over_since)})
        if task.advice_code:
            return self._wordsmith.say(task.advice_code, task.advice_params)
        return None


def _orders_of(counts: Mapping[str, int]) -> int:
    return counts.get("new", 0) + counts.get("changed", 0)
