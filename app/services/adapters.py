"""Builds the adapter of a connection, with the means to work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from app.core.clock import Clock
from app.core.errors import NotSupported
from app.core.redact import Redactor
from app.core.types import ConnectionInfo
from app.integrations.base import Context, Kind, OrderSource, WriteBackTarget
from app.integrations.http import HttpFactory
from app.integrations.limits import BudgetStore, MemoryBudgets, RateBudget
from app.services.secrets import Secrets

Finder = Callable[[str], Kind]


class Opened:
    """A connection made ready for work, with the budget of its calls."""

    def __init__(self, target: WriteBackTarget, budget: RateBudget) -> None:
        self.target = target
        self._budget = budget

    def write_wait_s(self) -> float:
        """Seconds until the next write is allowed."""
        operation = self.target.write_operation
        return self._budget.wait_s(operation) if operation else 0.0

    def close(self) -> None:
        """Give up sockets."""
        self.target.close()


@dataclass(frozen=True, slots=True)
class Means:
    """What adapters are built with."""

    http: HttpFactory
    budgets: BudgetStore
    clock: Clock
    redactor: Redactor
    wrote: Callable[[int, str, str], bool]  # connection, order, number: a job of ours did


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

    def build(self, connection: ConnectionInfo, typed: Mapping[str, str] = {}) -> Opened:
        """The adapter of a connection, stored or not; `typed` secrets go before stored ones.

        Raises: SetupChanged when its settings do not fit together.
        """
        kind, context = self._prepared(connection, typed)
        return Opened(kind.build(context), context.budget)

    def build_orders(self, connection: ConnectionInfo) -> OrderSource:
        """The connection as a source of orders.

        Raises: NotSupported when its kind has none; SetupChanged when its settings do not fit.
        """
        kind, context = self._prepared(connection, {})
        if kind.orders is None:
            raise NotSupported("orders_none", title=kind.title)
        return kind.orders(context)

    def _prepared(
        self, connection: ConnectionInfo, typed: Mapping[str, str]
    ) -> tuple[Kind, Context]:
        connection, means = self._at_home(connection), self._means
        kind = self._kind_named(connection.kind)
        budgets = means.budgets if connection.id else MemoryBudgets()
        fields = {field.name: field for field in kind.secrets}
        budget = RateBudget(connection.id, budgets, means.clock, kind.limits)
        return kind, Context(
            connection=connection,
            secret=lambda name: typed.get(name) or self._secrets.get(connection, fields[name]),
            http=means.http,
            budget=budget,
            clock=means.clock,
            clean=means.redactor.clean,
            wrote=partial(means.wrote, connection.id),
        )

    def _at_home(self, connection: ConnectionInfo) -> ConnectionInfo:
        """A practice connection with the address its server has now."""
        here = self._practice_url(connection.kind) if connection.is_practice else ""
        if not here:
            return connection
        return replace(connection, settings={**connection.settings, "base_url": here})
