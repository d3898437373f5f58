"""Routes and their sync tasks as people handle them: added, removed, run now, paused, in words."""

from collections.abc import Mapping

from app.core.clock import Clock
from app.core.errors import Param, UsageError
from app.core.events import ConnectionChanged, EventBus, RouteChanged
from app.core.types import ConnectionInfo, Route
from app.integrations.base import Kind
from app.models.products import Products
from app.models.routes import Routes
from app.services.connections import ConnectionService
from app.services.product_words import PRODUCTS
from app.services.route_words import Progress as Progress
from app.services.route_words import TaskState as TaskState
from app.services.route_words import day_text
from app.services.task_words import TaskInWords as TaskInWords
from app.services.task_words import TaskWords
from app.services.wording import Wordsmith

ORDERS = "orders"
INTERVAL_S = 300
SHORTEST_S = 60


class RouteService:
    """Routes as people handle them."""

    def __init__(
        self,
        routes: Routes,
        connections: ConnectionService,
        wordsmith: Wordsmith,
        bus: EventBus,
        clock: Clock,
        products: Products,
    ) -> None:
        self._routes = routes
        self._connections = connections
        self._words = TaskWords(connections, products, wordsmith, clock)
        self._bus = bus
        self._clock = clock

    def all(self) -> list[TaskInWords]:
        """Every route with its task, oldest first."""
        names = self._connections.names()
        return [self._words.say(task, names) for task in self._routes.all()]

    def one(self, route_id: int) -> TaskInWords:
        """Raises: UsageError when there is none."""
        task = self._routes.find(route_id)
        if task is None:
            raise UsageError("route_missing", route=str(route_id))
        return self._words.say(task, self._connections.names())

    def free(self) -> list[ConnectionInfo]:
        """Connections whose orders could be read, and are not; by name."""
        read = {task.route.source_id for task in self._routes.all() if task.route.purpose == ORDERS}
        return [
            one
            for one in self._connections.all()
            if one.id not in read and self._connections.kind(one).orders is not None
        ]

    def named(self, text: str | None, purpose: str = "") -> TaskInWords:
        """The route with that number, or of that connection; without text the only one.
        `purpose`: of those for it, empty: of all.

        Raises: UsageError when there is none, or a choice.
        """
        found = [one for one in self.all() if purpose in ("", one.task.route.purpose)]
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
            "stores": _joined(stores),
            "with_address": with_address,
        }
        mode = self._mode(self._connections.kind(connection), mode)
        route_id = self._routes.add(
            ORDERS, connection.id, None, mode, settings, max(interval_s, SHORTEST_S), actor
        )
        self._bus.publish(RouteChanged(route_id))
        return self.one(route_id)

    def edit(
        self,
        route_id: int,
        *,
        mode: str | None = None,
        interval_s: int | None = None,
        start_at: int | None = None,
        stores: frozenset[str] | None = None,
        with_address: bool | None = None,
        actor: str,
    ) -> TaskInWords:
        """Change what is given, and run at once. Where something else is made of orders that
        were read already, they are read again since the start date.

        Raises: UsageError.
        """
        route = self._orders_route(route_id)
        settings = {
            "start_at": route.settings.get("start_at") if start_at is None else start_at,
            "stores": route.settings.get("stores") if stores is None else _joined(stores),
            "with_address": bool(
                route.settings.get("with_address") if with_address is None else with_address
            ),
        }
        chosen = route.mode if mode in (None, route.mode) else self._mode_of(route, mode)
        begin, before = int(settings["start_at"] or 0), int(route.settings.get("start_at") or 0)
        is_other = (
            chosen != route.mode
            or settings["with_address"] != bool(route.settings.get("with_address"))
            or (settings["stores"] or "") != (route.settings.get("stores") or "")
            or begin < before
        )
        every = route.interval_s if interval_s is None else max(interval_s, SHORTEST_S)
        again = begin if is_other else None
        self._routes.change(route_id, chosen, settings, every, again, actor)
        self._bus.publish(RouteChanged(route_id))
        return self.one(route_id)

    def run_all(self, actor: str) -> int:
        """Sync Now for every task that may run; returns how many there were."""
        waiting = [
            one for one in self.all() if one.state not in (TaskState.RUNNING, TaskState.PAUSED)
        ]
        for one in waiting:
            self.run_now(one.task.route.id, actor)
        return len(waiting)

    def remove(self, route_id: int, actor: str) -> None:
        """Read along it no more; what was read stays."""
        self._routes.remove(route_id, actor)
        self._bus.publish(RouteChanged(route_id))

    def run_now(self, route_id: int, actor: str) -> None:
        """Sync Now: whoever runs the engine runs it at once."""
        self._routes.ask(route_id, actor)
        self._bus.publish(RouteChanged(route_id))

    def fetch_from(self, route_id: int, since_ms: int | None, actor: str) -> None:
        """Read everything saved there since then (ms) once more, at once; None: since the start
        date. What is unchanged stays, and so does how far new orders were read.

        Raises: UsageError for a moment that is to come.
        """
        route = self._orders_route(route_id)
        if since_ms is None:
            since_ms = int(route.settings.get("start_at") or 0)
        if since_ms > self._clock.now_ms():
            raise UsageError("sync_from_ahead", day=day_text(since_ms))
        self._routes.read_again(route_id, since_ms, actor)
        self._bus.publish(RouteChanged(route_id))

    def end_fetch(self, route_id: int, actor: str) -> None:
        """End what `fetch_from` began; what was read of it stays."""
        self._routes.read_no_more(route_id, actor)
        self._bus.publish(RouteChanged(route_id))

    def pause(self, route_id: int, for_s: float | None, actor: str) -> None:
        """Read nothing for some seconds; None: until resumed."""
        until = None if for_s is None else self._clock.now_ms() + int(for_s * 1000)
        self._routes.pause(route_id, until, actor)
        self._tell_held(route_id)

    def resume(self, route_id: int, actor: str) -> None:
        """End a pause."""
        self._routes.resume(route_id, actor)
        self._tell_held(route_id)

    def _tell_held(self, route_id: int) -> None:
        """A pause of products also holds those that wait in the outbox."""
        self._bus.publish(RouteChanged(route_id))
        task = self._routes.find(route_id)
        if task is not None and task.route.purpose == PRODUCTS:
            self._bus.publish(ConnectionChanged(task.route.source_id))

    def _orders_route(self, route_id: int) -> Route:
        """Raises: UsageError when it is for something else."""
        one = self.one(route_id)
        if one.task.route.purpose != ORDERS:
            raise UsageError("route_no_orders", route=one.name)
        return one.task.route

    def _mode_of(self, route: Route, wanted: str | None) -> str:
        return self._mode(self._connections.kind_of(route.source_id), wanted)

    def _mode(self, kind: Kind, wanted: str | None) -> str:
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


def _joined(stores: frozenset[str]) -> str:
    return ",".join(sorted(stores))
