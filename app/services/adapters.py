"""Builds the adapter of a connection, with the means to work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from app.core.clock import Clock
from app.core.errors import NotSupported
from app.core.health import Api
from app.core.job_types import PRODUCT_UPDATE
from app.core.redact import Redactor
from app.core.types import ORDER_POST, ConnectionInfo
from app.integrations.base import Context, Kind, OrderSource, Target, WriteBackTarget
from app.integrations.calls import Calls, Heard
from app.integrations.http import HttpFactory
from app.integrations.limits import BudgetStore, MemoryBudgets, RateBudget
from app.services.secrets import Secrets

Finder = Callable[[str], Kind]

API_OF = {PRODUCT_UPDATE: Api.PRODUCTS}
"""What jobs of a type are for; those of other types write to orders."""


class Opened:
    """A connection made ready for work, with the budget of its calls."""

    def __init__(self, kind: Kind, context: Context) -> None:
        self._kind = kind
        self._context = context
        self.target: WriteBackTarget = kind.build(context)
        self.types = frozenset({ORDER_POST, *kind.targets})
        self._targets: dict[str, Target[Any]] = {ORDER_POST: self.target}

    def target_for(self, job_type: str) -> Target[Any]:
        """What takes jobs of that type, made when it is first needed.

        Raises: NotSupported where the system takes none; SetupChanged.
        """
        if job_type not in self._targets:
            build = self._kind.targets.get(job_type)
            if build is None:
                raise NotSupported("job_type_none", title=self._kind.title)
            api = API_OF.get(job_type, Api.WRITE_BACK)
            self._targets[job_type] = build(_apart(self._context, api))
        return self._targets[job_type]

    def waits(self) -> dict[str, float]:
        """Job types whose rate budget is spent, with the seconds until their next write."""
        found = {}
        for job_type, target in self._targets.items():
            operation = target.write_operation
            wait = self._context.budget.wait_s(operation) if operation else 0.0
            if wait > 0:
                found[job_type] = wait
        return found

    def close(self) -> None:
        """Give up sockets."""
        for target in self._targets.values():
            target.close()


def _apart(context: Context, api: Api) -> Context:
    """The same means, for calls to another API."""
    calls = context.calls.apart(api)
    return replace(context, calls=calls, http=context.http.heard_by(calls))


@dataclass(frozen=True, slots=True)
class Means:
    """What adapters are built with."""

    http: HttpFactory
    budgets: BudgetStore
    clock: Clock
    redactor: Redactor
    wrote: Callable[[int, str, str], bool]  # connection, order, number: a job of ours did
    heard: Callable[[int, Heard], None] = lambda connection_id, heard: None  # a call ended
    forget: Callable[[int], None] = lambda connection_id: None  # it leads somewhere else now
    invoices: Callable[[int, str, str], bool] = lambda connection_id, order, remote_id: False


class Adapters:
    """Makes connections ready for work; what it makes belongs to the calling thread."""

    def __init__(
        self,
        means: Means,
        secrets: Secrets,
        kind_named: Finder,
        practice_url: Callable[[str], str],
    ) -> None:
        self._means = means
        self._secrets = secrets
        self._kind_named = kind_named
        self._practice_url = practice_url

    def build(
        self,
        connection: ConnectionInfo,
        typed: Mapping[str, str] = {},
        api: Api | None = Api.WRITE_BACK,
    ) -> Opened:
        """The adapter of a connection, stored or not; `typed` secrets go before stored ones.

        `api`: what its calls are for; None: nobody hears them.
        Raises: SetupChanged when its settings do not fit together.
        """
        kind, context = self._prepared(connection, typed, api)
        return Opened(kind, context)

    def build_orders(self, connection: ConnectionInfo) -> OrderSource:
        """The connection as a source of orders.

        Raises: NotSupported when its kind has none; SetupChanged when its settings do not fit.
        """
        kind, context = self._prepared(connection, {}, Api.ORDERS)
        if kind.orders is None:
            raise NotSupported("orders_none", title=kind.title)
        return kind.orders(context)

    def _prepared(
        self, connection: ConnectionInfo, typed: Mapping[str, str], api: Api | None
    ) -> tuple[Kind, Context]:
        connection, means = self._at_home(connection), self._means
        kind = self._kind_named(connection.kind)
        budgets = means.budgets if connection.id else MemoryBudgets()
        fields = {field.name: field for field in kind.secrets}
        budget = RateBudget(connection.id, budgets, means.clock, kind.limits)
        calls = Calls(api if connection.id else None, partial(means.heard, connection.id))
        return kind, Context(
            connection=connection,
            secret=lambda name: typed.get(name) or self._secrets.get(connection, fields[name]),
            http=means.http.heard_by(calls),
            budget=budget,
            clock=means.clock,
            clean=means.redactor.clean,
            wrote=partial(means.wrote, connection.id),
            invoices=partial(means.invoices, connection.id),
            calls=calls,
        )

    def _at_home(self, connection: ConnectionInfo) -> ConnectionInfo:
        """A practice connection with the address its server has now."""
        here = self._practice_url(connection.kind) if connection.is_practice else ""
        if not here:
            return connection
        return replace(connection, settings={**connection.settings, "base_url": here})
