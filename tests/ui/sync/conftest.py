"""The SYNC page on a real data folder; what an engine would do is done when the test says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog

from app.bootstrap import open_program
from app.core.orders import Order, OrderPage
from app.core.types import ConnectionInfo, SyncTask
from app.models.connections import Connections
from app.models.database import Database
from app.models.opening import FILE_NAME
from app.models.orders import Orders
from app.models.routes import Routes
from app.services.rehearsal import Rehearsal
from app.ui.bridge import Bridge
from app.ui.connections.desk import Desk
from app.ui.sync.assistant import SyncAssistant
from app.ui.sync.card import TaskCard
from app.ui.sync.content import SyncContent
from app.ui.sync.page import SyncPage
from app.ui.theme import Theme
from tests.fakes.clock import FakeClock
from tests.ui.desk import ACTOR, until

SHOP = "Web shop"
NAME = f"Orders from {SHOP}"
DAY_MS = 86_400_000


class Place:
    """A program with a clock of the test, and the tables as the engine writes them."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.program = open_program(folder, is_engine=False, clock=self.clock)
        self.bridge = Bridge(self.program.bus, self.program.end_thread)
        self.rehearsal = Rehearsal(self.program)
        self.desk = Desk(self.program, self.bridge, self.rehearsal, ACTOR)
        self.database = Database(folder / FILE_NAME)
        self.routes = Routes(self.database, self.clock)
        self.orders = Orders(self.database, self.clock)
        self.gates = Connections(self.database, self.clock)
        self.pages: list[SyncPage] = []

    def connect(self, name: str = SHOP, url: str = "http://127.0.0.1:9") -> ConnectionInfo:
        """One more practice store."""
        return self.program.connections.add(
            "magento", name, {"base_url": url}, is_practice=True, actor=ACTOR
        )

    def add(self, name: str = SHOP, **more: object) -> int:
        """A store whose orders are read; the number of the route."""
        values: dict[str, object] = {
            "mode": None, "interval_s": 300, "start_at": self.clock.now_ms() - DAY_MS,
            "stores": frozenset(), "with_address": False, "actor": ACTOR, **more,
        }  # fmt: skip
        added = self.program.routes.add_orders(self.connect(name), **values)  # type: ignore[arg-type]
        return added.task.route.id

    def task(self, route_id: int = 1) -> SyncTask:
        """How it stands in the file."""
        found = self.routes.find(route_id)
        assert found is not None
        return found

    def begin(self, *orders: Order, left: int | None = 380, route_id: int = 1) -> None:
        """The engine reads a first page, and more is to come."""
        task = self.routes.begin(route_id)
        assert task is not None
        page = OrderPage(orders, "next", False, left)
        self.orders.take(route_id, task.route.source_id, page, task.cursor)

    def read(self, *orders: Order, route_id: int = 1) -> None:
        """The engine reads to the end."""
        task = self.routes.begin(route_id)
        assert task is not None
        page = OrderPage(orders, "", True, 0)
        self.orders.take(route_id, task.route.source_id, page, task.cursor)
        self.routes.went_well(route_id, 300)

    def fail(self, code: str, route_id: int = 1, **params: object) -> None:
        """A run of the engine is broken off."""
        self.routes.begin(route_id)
        self.routes.went_badly(route_id, 30, code, params, "")

    def page(self) -> SyncPage:
        """The page, read once."""
        page = SyncPage(self.desk)
        page.resize(1040, 700)
        page.show()
        self.pages.append(page)
        until(lambda: page.content.is_read and page.feed.is_quiet)
        return page

    def refresh(self, page: SyncPage) -> None:
        """Read once more."""
        page.feed.now()
        until(lambda: page.feed.is_quiet)

    def dialog(self, page: SyncPage) -> QDialog:
        """The one that is open."""
        until(lambda: page.content.acts.dialog is not None)
        found = page.content.acts.dialog
        assert found is not None
        return found

    def assistant(self, page: SyncPage) -> SyncAssistant:
        """The one that is open, ready."""
        found = self.dialog(page)
        assert isinstance(found, SyncAssistant)
        until(lambda: found.is_ready)
        return found

    def close(self) -> None:
        """The window goes, then the program."""
        for page in self.pages:
            dialog = page.content.acts.dialog
            if dialog is not None:
                dialog.done(0)
            page.close()
            page.deleteLater()
        self.bridge.close()
        self.bridge.deleteLater()
        self.rehearsal.close()
        self.database.close_thread()
        self.program.close()
        QCoreApplication.sendPostedEvents(None, 0)


@pytest.fixture
def place(tmp_path: Path, theme: Theme) -> Iterator[Place]:
    place = Place(tmp_path / "data")
    yield place
    place.close()


def card_of(content: SyncContent, name: str = NAME) -> TaskCard:
    """A card by the name on it."""
    return next(one for one in content.grid.cards if one.facts.name == name)
