"""The ORDERS page on a real data folder; orders come in when the test says so."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from app.core.events import OrdersChanged
from app.core.orders import Order, OrderLine, Place, Reason
from app.core.states import JobState
from app.core.types import Shipment
from app.models.orders import Orders
from app.services.rehearsal import Rehearsal
from app.ui.connections.desk import Desk as WindowDesk
from app.ui.orders.page import OrdersPage
from app.ui.orders.reads import Row
from tests.ui.desk import ACTOR, Desk, until

SKIPPED = Reason("mg_skip_not_invoiced", {"setting": "mode", "value": "wait-for-invoice"})
DAY_MS = 86_400_000
SETTINGS = {"base_url": "http://127.0.0.1:9"}


class Shop:
    """The page, and a store whose orders are those the test puts there."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.program, self.clock = desk, desk.program, desk.clock
        self.window_desk = WindowDesk(desk.program, desk.bridge, Rehearsal(desk.program), ACTOR)
        self._orders = Orders(desk._database, desk.clock)
        self.connection_id = 0
        self.pages: list[OrdersPage] = []

    def connect(self, name: str = "Web shop") -> int:
        """One more store whose orders are read."""
        service = self.program.connections
        connection = service.add("magento", name, SETTINGS, actor=ACTOR)
        self.program.routes.add_orders(
            connection, mode=None, interval_s=300, start_at=0, stores=frozenset(),
            with_address=True, actor=ACTOR,
        )  # fmt: skip
        self.connection_id = self.connection_id or connection.id
        return connection.id

    def read(self, *orders: Order, connection_id: int = 0) -> dict[str, int]:
        """Orders are read from the store; our numbers of them by their own."""
        number = connection_id or self.connection_id
        found = self._orders.take_found(number, orders)
        ids = tuple(found.values())
        self.program.bus.publish(OrdersChanged(number, ids))
        return {order.order_ref: found[order.remote_id] for order in orders}

    def ship(self, order: str, state: JobState = JobState.SUCCEEDED) -> int:
        """A parcel of an order, and what came of writing it back; the number of its row."""
        found = self.program.write_back.enter(
            self.connection_id,
            [Shipment(order, f"1Z23966E{int(order):010}", carrier="UPS", service="Ground")],
            actor=ACTOR,
        )
        self.clock.advance(1)
        if state is not JobState.PENDING:
            self.desk.finish(found[0].job_id, state, self.connection_id)
        return found[0].job_id

    def page(self) -> OrdersPage:
        """The page, read once."""
        page = OrdersPage(self.window_desk)
        page.resize(1056, 756)
        page.show()
        self.pages.append(page)
        settle(page)
        return page

    def close(self) -> None:
        """The window goes."""
        for page in self.pages:
            content = page.content
            for dialog in (content.acts.dialog, content.exporting.dialog):
                if dialog is not None:
                    dialog.close()
            page.close()
            page.deleteLater()


def an_order(number: int, **more: object) -> Order:
    """One that was placed at that day of 2026, for two items."""
    ref = f"{number:09}"
    lines = (
        OrderLine(f"{number}1", "CARD-A6", "Greeting cards A6", "simple", Decimal(10), Decimal(4),
                  Decimal(6), Decimal("0.250")),
        OrderLine(f"{number}2", "BOX-S", "Gift box, small", "simple", Decimal(1), Decimal(0),
                  Decimal(1), Decimal("0.400")),
    )  # fmt: skip
    values: dict[str, object] = {
        "changed_at": 1_767_225_600_000 + number * 60_000,
        "placed_at": 1_767_225_600_000 + number * 60_000,
        "state": "processing",
        "status": "processing",
        "shipping": "Flat Rate - Fixed",
        "total": f"{number}.50",
        "currency": "USD",
        "ship_to": Place(
            f"Customer {number}", "", ("1 Main Street",), "Springfield", "OR", "97477", "US"
        ),
        "lines": lines,
        **more,
    }
    return Order(str(number), ref, **values)  # type: ignore[arg-type]


def settle(page: OrdersPage) -> None:
    """Until everything that was asked for is shown."""
    until(lambda: page.content.is_quiet and page.content.is_read, 20_000)


def rows(page: OrdersPage) -> list[Row]:
    """The orders that are listed, from the top."""
    model = page.content.model
    count = model.rowCount()
    until(lambda: all(model.line(row) is not None for row in range(count)))
    return [line for row in range(count) if (line := model.line(row)) is not None]


def numbers(page: OrdersPage) -> list[int]:
    """Their numbers, without the zeros in front."""
    return [int(row.one.order.order_ref) for row in rows(page)]


@pytest.fixture
def shop(desk: Desk) -> Iterator[Shop]:
    shop = Shop(desk)
    yield shop
    shop.close()
