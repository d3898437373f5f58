"""Very many orders: nothing a person does blocks the window."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.orders import NEWEST_FIRST, OrderColumn, OrderPage
from app.models.orders import Orders
from app.ui.orders.filters import Chip, Days
from app.ui.orders.model import COLUMNS
from app.ui.orders.page import OrdersPage
from app.ui.orders.reads import Wanted
from app.ui.queue.rows import BLOCK, KEEP_BLOCKS
from app.ui.theme import Theme
from tests.ui.desk import Desk, longest_ms, until
from tests.ui.orders.conftest import SKIPPED, Shop, an_order, settle

LIMIT_MS = 50.0
_PART = 2_000

SIZES = [
    pytest.param(20_000, id="20,000 orders"),
    pytest.param(
        1_000_000,
        id="1,000,000 orders",
        marks=[pytest.mark.battery, pytest.mark.timeout(600)],
    ),
]


def fill(shop: Shop, count: int) -> None:
    """Orders as a reading stores them, a page after another."""
    shop.connect()
    (route,) = shop.program.routes.all()
    orders, cursor = Orders(shop.desk._database, shop.clock), ""
    for start in range(0, count, _PART):
        page = [
            an_order(n + 1, lines=(), skip=SKIPPED if n % 7 == 0 else None)
            for n in range(start, start + _PART)
        ]
        step = OrderPage(page, str(start + _PART), start + _PART >= count)
        assert orders.take(route.task.route.id, shop.connection_id, step, cursor) is not None
        cursor = step.cursor


@pytest.fixture(scope="module", params=SIZES)
def page(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, theme: Theme
) -> Iterator[OrdersPage]:
    folder: Path = tmp_path_factory.mktemp("many")
    shop = Shop(Desk(folder / "data"))
    fill(shop, request.param)
    yield shop.page()
    shop.close()
    shop.desk.close()


@pytest.fixture(autouse=True)
def _from_the_top(page: OrdersPage) -> Iterator[None]:
    yield
    page.content.table.clearSelection()
    page.content.filters.show_all()
    page.content.model.show(Wanted(sort=NEWEST_FIRST))
    settle(page)


def ready(page: OrdersPage) -> Callable[[], bool]:
    """All rows on the screen are read, and so is everything else."""
    content = page.content

    def is_ready() -> bool:
        if not content.is_quiet:
            return False
        first, last = content.table.visible_rows()
        return all(content.model.loaded(row) for row in range(first, last + 1))

    return is_ready


@pytest.mark.parametrize("column", [column.of for column in COLUMNS])
def test_every_heading(page: OrdersPage, column: OrderColumn) -> None:
    act = longest_ms(lambda: page.content.model.sort_by(column), ready(page), times=2)
    assert act <= LIMIT_MS


def test_the_end_and_back(page: OrdersPage) -> None:
    table = page.content.table
    assert longest_ms(table.scrollToBottom, ready(page)) <= LIMIT_MS
    assert longest_ms(table.scrollToTop, ready(page)) <= LIMIT_MS
    assert page.content.model.rows.in_memory <= KEEP_BLOCKS * BLOCK


def test_filters_and_search(page: OrdersPage) -> None:
    filters = page.content.filters
    for act in (
        lambda: filters.chips.chosen.emit(Chip.SKIPPED),
        lambda: filters.chips.chosen.emit(Chip.ALL),
        lambda: filters.choose_days(Days.MONTH),
        filters.show_all,
        lambda: page.set_search("000012345"),
        lambda: page.set_search(""),
    ):
        assert longest_ms(act, ready(page), times=1) <= LIMIT_MS


def test_all_of_them_chosen_while_orders_come_in(page: OrdersPage) -> None:
    content = page.content
    assert longest_ms(content.table.selectAll, ready(page)) <= LIMIT_MS
    assert longest_ms(page.feed.now, ready(page)) <= LIMIT_MS
    assert content.table.chosen_ranges() == [(0, content.model.rowCount() - 1)]
    content.chosen_bar.set_back.click()
    if content.model.rowCount() > 5_000:
        until(content.strip.isVisible)
        assert "more than can be set back at once" in content.strip.accessibleName()
