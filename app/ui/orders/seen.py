"""What the ORDERS page shows beside its rows, read at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.orders import OrderColumn, OrderFilter, OrderStatus
from app.services.program import Program
from app.services.routes import ORDERS, TaskInWords


@dataclass(frozen=True, slots=True)
class Seen:
    """`totals`: how many orders of each status there are; `counts`: how many of them fit.
    `stores`: number and name of the connections that may have orders."""

    tasks: tuple[TaskInWords, ...]
    stores: tuple[tuple[int, str], ...]
    totals: Mapping[OrderStatus, int]
    counts: Mapping[OrderStatus, int]

    @property
    def idle_columns(self) -> frozenset[OrderColumn]:
        """Headings that would tell nothing: where parcels go is not read, there is one store."""
        found = set()
        if not any(one.task.route.settings.get("with_address") for one in self.tasks):
            found.add(OrderColumn.SHIP_TO)
        if len(self.stores) < 2:
            found.add(OrderColumn.CONNECTION)
        return frozenset(found)

    @property
    def total(self) -> int:
        """Orders of all stores."""
        return sum(self.totals.values())

    @property
    def needs_you(self) -> int:
        """Orders that need a person."""
        return self.totals.get(OrderStatus.FAILED, 0)

    @property
    def is_new(self) -> bool:
        """True while no order was read and none is going to be."""
        return not self.tasks and not self.total

    @property
    def read_at(self) -> int | None:
        """When a store was last read to its end (ms)."""
        return max((at for one in self.tasks if (at := one.task.finished_at)), default=None)


def look(program: Program, wanted: OrderFilter) -> Seen:
    """Read it; never on the thread of the window."""
    kinds = program.kinds
    stores = [
        (one.id, one.name)
        for one in program.connections.all()
        if one.kind in kinds and kinds[one.kind].orders is not None
    ]
    totals = program.orders.counts(OrderFilter())
    plain = wanted._replace(statuses=frozenset())
    counts = totals if plain == OrderFilter() else program.orders.counts(plain)
    tasks = tuple(one for one in program.routes.all() if one.task.route.purpose == ORDERS)
    return Seen(tasks, tuple(stores), totals, counts)
