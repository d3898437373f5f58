"""Products as people handle them: a file that keeps a store's products up to date."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import Param, UsageError
from app.core.events import EventBus, RouteChanged
from app.core.job_types import PRODUCT_UPDATE
from app.core.states import JobState
from app.core.types import ConnectionInfo
from app.models.history import History
from app.models.products import Products, SentProduct
from app.models.routes import Routes
from app.services.connections import ConnectionService
from app.services.product_layout import MEANINGS, GoodRow, ProductLayout
from app.services.product_words import PRODUCTS
from app.services.queue_view import QueueRow, QueueView
from app.services.routes import SHORTEST_S, RouteService, TaskInWords

WEIGHT_UNITS = ("", "kg", "lb")
DECIMAL_MARKS = ("", ".", ",")


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product at a connection, with the row of its last job."""

    sku: str
    connection: str
    changed_at: int  # ms since 1970
    row: QueueRow


class ProductService:
    """Adds product routes, and shows what became of each product."""

    def __init__(
        self,
        routes: Routes,
        route_service: RouteService,
        products: Products,
        connections: ConnectionService,
        history: History,
        queue: QueueView,
        bus: EventBus,
    ) -> None:
        self._routes = routes
        self._service = route_service
        self._products = products
        self._connections = connections
        self._history = history
        self._queue = queue
        self._bus = bus

    def free(self) -> list[ConnectionInfo]:
        """Connections that take products and get none yet; by name."""
        fed = {t.route.target_id for t in self._routes.all() if t.route.purpose == PRODUCTS}
        return [
            one
            for one in self._connections.all()
            if one.id not in fed and PRODUCT_UPDATE in self._connections.kind(one).targets
        ]

    def add(
        self,
        file: Path,
        connection: ConnectionInfo,
        layout: ProductLayout,
        *,
        interval_s: int,
        actor: str,
    ) -> TaskInWords:
        """Keep the products of a connection as the file says, from now on. The file is tried
        before anything is stored.

        Raises: UsageError.
        """
        kind = self._connections.kind(connection)
        if PRODUCT_UPDATE not in kind.targets:
            raise UsageError("products_none", title=kind.title)
        _check(layout)
        file = file.absolute()
        columns = _tried(file, layout)
        settings: Mapping[str, Param] = {
            "file": str(file),
            "columns": json.dumps(columns),
            "delimiter": layout.delimiter,
            "encoding": layout.encoding,
            "decimal_mark": layout.decimal_mark,
            "weight_unit": layout.weight_unit,
        }
        route_id = self._add(connection.id, settings, max(interval_s, SHORTEST_S), actor)
        self._bus.publish(RouteChanged(route_id))
        return self._service.one(route_id)

    def _add(
        self, connection_id: int, settings: Mapping[str, Param], interval_s: int, actor: str
    ) -> int:
        """A file is no connection: the store stands at both ends, and what holds it holds this."""
        try:
            return self._routes.add(
                PRODUCTS, connection_id, connection_id, "", settings, interval_s, actor
            )
        except UsageError as error:
            if error.code == "route_twice":
                raise UsageError("products_twice") from error
            raise

    def send(self, route_id: int, actor: str, *, everything: bool = False) -> None:
        """Read the file now, also when it is as it was, and send what differs from what is there;
        `everything`: what does not differ too."""
        task = self._service.one(route_id).task
        if everything and task.route.target_id is not None:
            self._products.forget(task.route.target_id)
        self._service.run_now(route_id, actor)

    def named(self, sku: str) -> list[ProductRow]:
        """A product, once for each connection that got it. Raises: UsageError when none did."""
        found = self._rows(self._products.of_sku(sku))
        if not found:
            raise UsageError("product_unknown", sku=sku)
        return found

    def rows(
        self,
        connection: ConnectionInfo | None,
        *,
        states: Sequence[JobState] = (),
        limit: int = 100,
    ) -> list[ProductRow]:
        """Products by their last jobs, what was changed last first."""
        connection_id = connection.id if connection else None
        return self._rows(self._products.sent(connection_id, states=states, limit=limit))

    def _rows(self, sent: Sequence[SentProduct]) -> list[ProductRow]:
        jobs = [job for one in sent if (job := self._history.job(one.job_id)) is not None]
        found = {row.job.id: row for row in self._queue.in_words(jobs)}
        return [
            ProductRow(one.sku, found[one.job_id].connection, one.at, found[one.job_id])
            for one in sent
            if one.job_id in found
        ]


def _check(layout: ProductLayout) -> None:
    unknown = [meaning for meaning in layout.columns if meaning not in MEANINGS]
    if unknown:
        raise UsageError("products_meaning", meaning=unknown[0], meanings=", ".join(MEANINGS))
    if layout.weight_unit not in WEIGHT_UNITS:
        raise UsageError("products_unit", unit=layout.weight_unit)
    if layout.decimal_mark not in DECIMAL_MARKS:
        raise UsageError("products_decimal_mark", mark=layout.decimal_mark)


def _tried(file: Path, layout: ProductLayout) -> Mapping[str, str | int]:
    """The columns as they are kept. Raises: UsageError when no row of the file can be read."""
    from app.services.product_file import ProductFile  # noqa: PLC0415 - with the first file

    try:
        with file.open("rb") as stream:
            opened = ProductFile(stream, layout)
            bad = None
            for count, row in enumerate(opened):
                if isinstance(row, GoodRow) or count >= 100:
                    bad = None
                    break
                bad = bad or row
    except FileNotFoundError as error:
        raise UsageError("products_no_file", file=str(file)) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UsageError("products_unreadable", file=str(file), reason=reason) from error
    if bad is not None:
        raise bad.why
    return dict(layout.columns) or {name: at + 1 for name, at in opened.columns.items()}
