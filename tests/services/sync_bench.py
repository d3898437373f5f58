"""Routes of a real data file over a fake source, run by hand or by the worker."""

import threading
from pathlib import Path
from typing import Any

from app.core.events import EventBus, OrdersChanged, SyncProgress
from app.core.orders import NEWEST_FIRST, OrderFilter, StoredOrder
from app.core.types import SyncTask
from app.integrations.base import Kind
from app.integrations.registry import kind_named
from app.models.order_list import OrderList
from app.models.order_pages import OrderPages
from app.models.orders import Orders
from app.models.routes import Routes
from app.services.sync import Means, Sync
from tests.builders import Store, a_store
from tests.fakes.clock import FakeClock
from tests.fakes.source import FakeSource


class SyncBench:
    """One connection with one route to read its orders every five minutes."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = a_store(folder, FakeClock())
        self.clock, self.bus = self.store.clock, EventBus()
        self.source = FakeSource()
        self.routes = Routes(self.store.database, self.clock)
        self.orders = Orders(self.store.database, self.clock)
        self.list = OrderList(self.store.database)
        self.pages = OrderPages(self.store.database)
        self.changed: list[OrdersChanged] = []
        self.progress: list[SyncProgress] = []
        self.bus.subscribe(OrdersChanged, self.changed.append)
        self.bus.subscribe(SyncProgress, self.progress.append)
        self.route_id = self.routes.add("orders", 1, None, "wait-for-invoice", {}, 300, "ann")
        self.means = Means(
            self.routes, self.orders, self.store.connections, self._open, self._kind, self.bus,
            self.clock,
        )  # fmt: skip
        self.sync = Sync(self.means)
        self.stopping = threading.Event()

    def _open(self, connection_id: int) -> FakeSource:
        return self.source

    def _kind(self, connection_id: int) -> Kind:
        return kind_named("magento")

    def run(self) -> SyncTask:
        """One run; how the task stands then."""
        self.sync.run(self.route_id, self.stopping)
        return self.task

    @property
    def task(self) -> SyncTask:
        found = self.routes.find(self.route_id)
        assert found is not None
        return found

    def all(self, **wanted: Any) -> list[StoredOrder]:
        return self.pages.page(OrderFilter(**wanted), NEWEST_FIRST, 0, 10_000, kept=False)

    @property
    def refs(self) -> list[str]:
        """The numbers of all orders, sorted."""
        return sorted(order.order_ref for order in self.all())

    def order(self, ref: str) -> StoredOrder:
        (found,) = self.list.find(ref)
        return found

    def close(self) -> None:
        self.store.database.close_thread()
