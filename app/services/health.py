"""The lights of every connection with what stands behind them, in words."""

from collections.abc import Iterable, Mapping

from app.core.clock import Clock, clock_time
from app.core.health import (
    LIT,
    Api,
    ApiCalls,
    ConnectionCalls,
    Lamp,
    count,
    within,
)
from app.core.health_lights import HOUR_MS, SLOW_MS, Light, judge, overall
from app.core.job_types import PRODUCT_UPDATE
from app.core.types import ConnectionInfo, Params
from app.core.words import Said, Who
from app.core.words_health import SHORT, WAYS
from app.integrations.base import Kind
from app.models.health import Activity as Activity
from app.models.health import HealthStore
from app.models.health import Last as Last
from app.models.routes import Routes
from app.services.connection_checks import Lines
from app.services.connection_setup import ConnectionSetup
from app.services.health_log import HealthLog
from app.services.health_views import ABSENT as ABSENT
from app.services.health_views import TITLES as TITLES
from app.services.health_views import ApiHealth as ApiHealth
from app.services.health_views import ConnectionHealth as ConnectionHealth
from app.services.health_views import LastError as LastError
from app.services.health_views import Point as Point
from app.services.health_views import SeenHealth as SeenHealth
from app.services.health_views import points_of
from app.services.overview import ConnectionStatus, Overview
from app.services.wording import Wordsmith


class Health:
    """Reads how calls went, and judges."""

    def __init__(
        self,
        store: HealthStore,
        routes: Routes,
        overview: Overview,
        setup: ConnectionSetup,
        kinds: Mapping[str, Kind],
        log: HealthLog,
        wordsmith: Wordsmith,
        clock: Clock,
    ) -> None:
        self._store = store
        self._routes = routes
        self._overview = overview
        self._setup = setup
        self._kinds = kinds
        self._log = log
        self._wordsmith = wordsmith
        self._clock = clock

    def look(self) -> list[SeenHealth]:
        """Read every connection, by name; never on the thread of the window.

        Raises: StorageError.
        """
        statuses = self._overview.all()
        calls = self.calls(statuses)
        activity = self._store.activity(one.connection.id for one in statuses)
        return [
            SeenHealth(
                one,
                calls[one.connection.id].gate,
                self._kind(one).title,
                apis_of(self._kind(one)),
                calls[one.connection.id],
                activity[one.connection.id],
            )
            for one in statuses
        ]

    def calls(self, statuses: list[ConnectionStatus]) -> dict[int, ConnectionCalls]:
        """What the lights of these connections are judged by, by connection.

        Raises: StorageError.
        """
        found = self._store.load(self._clock.now_ms() - HOUR_MS)
        tasks = [task for task in self._routes.all() if task.route.purpose == "orders"]
        reading = {task.route.source_id for task in tasks if task.paused_at is None}
        return {
            one.connection.id: ConnectionCalls(
                found.get(one.connection.id, {}),
                one.gate,
                frozenset(_busy(one, reads_orders=one.connection.id in reading)),
            )
            for one in statuses
        }

    def lit(self, connection: ConnectionInfo) -> frozenset[Api]:
        """The APIs of a connection that have a light."""
        return apis_of(self._kinds[connection.kind])

    def view(self, seen: SeenHealth, now_ms: int) -> ConnectionHealth:
        """The lights of a connection at a moment, in words."""
        whole = lamp_of(seen.calls, seen.lit, seen.status.backlog, now_ms)
        status = seen.status
        return ConnectionHealth(
            status.connection,
            seen.system,
            whole.lamp,
            self._wordsmith.text(_BACKLOG if whole.code == _BEHIND else SHORT[whole.code]),
            {api: self._api(seen, api, now_ms) for api in LIT if api in seen.lit},
            seen.activity,
            status.waiting,
            status.needs_you,
            status.oldest_s,
        )

    def refresh(self, connection: ConnectionInfo) -> Lines:
        """Ask it now, read-only, line by line; only what a line asked gets a light of it."""
        try:
            yield from self._setup.test(connection)
        finally:
            self.flush()

    def flush(self) -> None:
        """Have what was heard until now on disk at once."""
        self._log.flush()

    def _kind(self, status: ConnectionStatus) -> Kind:
        return self._kinds[status.connection.kind]

    def _api(self, seen: SeenHealth, api: Api, now_ms: int) -> ApiHealth:
        light, calls = judge(seen.calls, api, now_ms), seen.calls.of(api)
        said = self._sentence(seen, api, light)
        # Out of reach is the whole connection, whatever was asked when that was found.
        asked = seen.calls.apis.values() if is_out_of_reach(light) else [calls]
        last = self._last_error(asked, now_ms)
        hint, who = self._mend(light, said, last)
        hour = within(calls.tallies, HOUR_MS, now_ms)
        return ApiHealth(
            api,
            light.lamp,
            self._wordsmith.text(SHORT[light.code]),
            said.summary,
            hint,
            who,
            count(hour, SLOW_MS),
            calls.last("ok_at", now_ms),
            last,
            points_of(calls, now_ms),
        )

    def _sentence(self, seen: SeenHealth, api: Api, light: Light) -> Said:
        if light.code == "health_blocked":
            return self._wordsmith.block(seen.gate)
        code, params = light.code, dict(light.params)
        done = _done(seen.activity, api)
        if code.startswith("health_idle") and done is not None:
            code = code.replace("_never", "")
            params["since"] = max(done.at, int(params.get("since") or 0))
        if "way" in params:
            params["way"] = self._wordsmith.text(WAYS[str(params["way"])])
        return self._wordsmith.say(code, _readable(params))

    def _mend(self, light: Light, said: Said, last: LastError | None) -> tuple[str, str]:
        """What to do and who: what the last error says, where it stands and names somebody."""
        nobody = self._wordsmith.text(Who.NOBODY.value)
        is_trouble = light.lamp is not Lamp.GREEN and light.code != "health_blocked"
        stands = last is not None and is_trouble and not last.is_over and not light.is_idle
        if last is not None and stands and last.said.who != nobody:
            said = last.said
        elif last is not None and stands and not said.hint:
            said = Said("", last.said.hint, "")
        return said.hint, said.who if said.hint and said.who != nobody else ""

    def _last_error(self, asked: Iterable[ApiCalls], now_ms: int) -> LastError | None:
        """The newest of the last failures, of both ways."""
        found: LastError | None = None
        for mark in (mark for calls in asked for mark in calls.marks.values()):
            at = max(mark.failed_at or 0, mark.network_at or 0)
            if not 0 < at <= now_ms or (found is not None and found.at >= at):
                continue
            said = self._wordsmith.say(mark.code, mark.params)
            answered = max(mark.ok_at or 0, mark.refused_at or 0) > at
            is_over = not mark.in_a_row if at == mark.failed_at else answered
            found = LastError(at, said, is_over)
        return found


_BEHIND, _BACKLOG = "backlog", "Falling behind"


def lamp_of(calls: ConnectionCalls, lit: frozenset[Api], backlog: str, now_ms: int) -> Light:
    """The light of a whole connection wherever it is shown; `backlog`: rows pile up there."""
    found = overall(calls, lit, now_ms)
    if backlog and found.lamp in (Lamp.GREEN, Lamp.NONE):
        return Light(Lamp.YELLOW, _BEHIND)
    return found


def is_out_of_reach(light: Light) -> bool:
    """True where the last call did not get through, by whosever fault."""
    return light.code in ("health_unreachable", "health_network")


def apis_of(kind: Kind) -> frozenset[Api]:
    """What connections of a kind can do, as far as it has a light."""
    found = {Api.WRITE_BACK}
    if kind.orders is not None:
        found.add(Api.ORDERS)
    if PRODUCT_UPDATE in kind.targets:
        found.add(Api.PRODUCTS)
    return frozenset(found)


def _busy(status: ConnectionStatus, *, reads_orders: bool) -> set[Api]:
    found = {Api.ORDERS} if reads_orders else set()
    return found | {Api.WRITE_BACK} if status.waiting else found


def _done(activity: Activity, api: Api) -> Last | None:
    return {Api.WRITE_BACK: activity.written, Api.PRODUCTS: activity.product_sent}.get(api)


def _readable(params: Params) -> Params:
    """Moments as clock times."""
    return {
        name: clock_time(value) if name in _MOMENTS and isinstance(value, int) else value
        for name, value in params.items()
    }


_MOMENTS = frozenset({"since", "until", "at"})
