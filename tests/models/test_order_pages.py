"""Lists of orders by position: every sort and filter, from both ends, while orders come and go."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.orders import (
    NEWEST_FIRST,
    URGENCY,
    OrderColumn,
    OrderFilter,
    OrderSort,
    OrderStatus,
    Place,
    Reason,
    StoredOrder,
)
from app.models.database import Stopped
from app.models.order_pages import OrderPages
from app.models.order_writing import drop_orders, put_orders
from tests.builders import AN_OUTCOME, Store, a_new_job, a_store
from tests.fakes.source import START, an_order

COUNT = 180
SKIP = Reason("mg_skip_on_hold")


class Shelf:
    """Orders of all kinds of two connections."""

    def __init__(self, store: Store) -> None:
        self.store, self.pages = store, OrderPages(store.database)
        chance = random.Random(7)
        for connection in (1, 2):
            orders = [self._order(n * 2 + connection, chance) for n in range(COUNT // 2)]
            self.put(connection, *orders)
        for state in AN_OUTCOME:
            store.enter(a_new_job(f"{len(state)}", "1ZNONE"))
        for number in (3, 5, 7, 9, 11):
            store.enter(a_new_job(f"{number}", f"1Z{number}"))
        for outcome in AN_OUTCOME.values():
            store.record(store.claim(), outcome)

    def _order(self, number: int, chance: random.Random) -> Any:
        total = chance.choice(["", "9.90", "10", "-3.5", "100.00", "20.00"])
        return an_order(
            number, order_ref=str(number), at=chance.randrange(9), total=total,
            placed_at=START + chance.randrange(50) * 1000,
            changed_at=chance.choice([None, START, START + 5]),
            status=chance.choice(["", "new", "Complete"]),
            ship_to=chance.choice([None, Place("ann", "x"), Place("Bob"), Place("", "Acme")]),
            skip=SKIP if chance.random() < 0.2 else None,
            fault=Reason("mg_order_odd") if chance.random() < 0.1 else None,
        )  # fmt: skip

    def put(self, connection: int, *orders: Any) -> list[int]:
        return self.store.database.write(lambda c: put_orders(c, connection, orders, Counter(), 5))

    def all(self, wanted: OrderFilter, sort: OrderSort, size: int = 7) -> list[StoredOrder]:
        """The whole list, page by page."""
        found: list[StoredOrder] = []
        while part := self.pages.page(wanted, sort, len(found), size, kept=bool(found)):
            found += part
        return found

    def drop(self, order_id: int) -> None:
        def work(connection: Any) -> None:
            drop_orders(connection, [order_id])
            connection.execute("UPDATE order_changes SET number = number + 1")

        self.store.database.write(work)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    store = a_store(tmp_path, connections=2)
    yield Shelf(store)
    store.database.close_thread()


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists this short would never be read from their end."""
    monkeypatch.setattr("app.models.order_pages._NEAR", 20)


def named(order: StoredOrder) -> str | None:
    place = order.ship_to
    return (place.name or place.company).casefold() or None if place else None


def why(order: StoredOrder) -> str | None:
    if order.fault:
        return order.fault.code
    if order.status is OrderStatus.FAILED:
        return "rejected"
    return order.skip.code if order.skip and order.status is OrderStatus.SKIPPED else None


KEYS: dict[OrderColumn, Callable[[StoredOrder], Any]] = {
    OrderColumn.ORDER: lambda one: int(one.order_ref),
    OrderColumn.STATUS: lambda one: URGENCY.index(one.status),
    OrderColumn.PLACED: lambda one: one.order_at,
    OrderColumn.CHANGED: lambda one: one.changed_at,
    OrderColumn.CONNECTION: lambda one: one.connection_id,  # as their names are sorted
    OrderColumn.STORE_STATUS: lambda one: one.source_status.casefold() or None,
    OrderColumn.TOTAL: lambda one: float(one.total) if one.total else None,
    OrderColumn.SHIP_TO: named,
    OrderColumn.REASON: why,
}
FILTERS = [
    OrderFilter(),
    OrderFilter(connection_id=2),
    OrderFilter(statuses=frozenset({OrderStatus.SKIPPED})),
    OrderFilter(statuses=frozenset({OrderStatus.FAILED, OrderStatus.PENDING}), connection_id=1),
    OrderFilter(since=START + 10_000, until=START + 30_000),
    OrderFilter(text="1"),
    OrderFilter(text="bob", statuses=frozenset({OrderStatus.PENDING})),
]

NAMES = ["all", "shop", "skipped", "two statuses", "dates", "text", "text and status"]


def fits(order: StoredOrder, wanted: OrderFilter) -> bool:
    place = order.ship_to
    text = f"{order.order_ref} {place.name if place else ''}".casefold()
    return (
        order.connection_id in (wanted.connection_id or order.connection_id,)
        and (not wanted.statuses or order.status in wanted.statuses)
        and (wanted.since is None or order.order_at >= wanted.since)
        and (wanted.until is None or order.order_at < wanted.until)
        and wanted.text in text
    )


@pytest.mark.parametrize("wanted", FILTERS, ids=NAMES)
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("column", OrderColumn)
def test_every_list_is_whole_and_in_order(
    shelf: Shelf, column: OrderColumn, descending: bool, wanted: OrderFilter
) -> None:
    sort, key = OrderSort(column, descending), KEYS[column]
    found = shelf.all(wanted, sort)
    everything = shelf.all(OrderFilter(), NEWEST_FIRST)
    assert len(everything) == COUNT
    expected = {one.id for one in everything if fits(one, wanted)}
    assert len(expected) > 3, "the test has something to sort"
    assert sorted(one.id for one in found) == sorted(expected)
    keys = [key(one) for one in found]
    filled = [one for one in keys if one is not None]
    assert keys == filled + [None] * (len(keys) - len(filled)), "what is empty stands last"
    assert filled == sorted(filled, reverse=descending)
    if column not in (OrderColumn.PLACED, OrderColumn.ORDER):
        newest = [(one.order_at, one.id) for one in found]
        for place in range(1, len(found)):
            if keys[place] == keys[place - 1]:
                assert newest[place] < newest[place - 1]


@pytest.mark.parametrize("wanted", FILTERS, ids=NAMES)
@pytest.mark.parametrize("column", OrderColumn)
def test_positions_counts_and_the_export_agree_with_the_list(
    shelf: Shelf, column: OrderColumn, wanted: OrderFilter
) -> None:
    sort = OrderSort(column, descending=column is not OrderColumn.STATUS)
    found = shelf.all(wanted, sort)
    assert shelf.pages.ids(wanted, sort).tolist() == [one.id for one in found]
    assert shelf.pages.count(wanted) == len(found)
    counted = shelf.pages.counts(wanted)
    if not wanted.statuses:
        assert counted == {s: sum(one.status is s for one in found) for s in OrderStatus}
    for place in (0, len(found) // 2, len(found) - 1):
        assert shelf.pages.position(found[place].id, wanted, sort) == place
    other = next(one for one in shelf.all(OrderFilter(), NEWEST_FIRST) if one not in found[:1])
    if wanted.text or wanted.connection_id:
        outside = [one for one in shelf.all(OrderFilter(), sort) if one not in found]
        assert shelf.pages.position(outside[0].id, wanted, sort) is None
    assert shelf.pages.position(other.id + 100_000, wanted, sort) is None


def test_numbers_sort_as_people_expect(shelf: Shelf) -> None:
    refs = ["A10", "A9", "b1", "1000-2", "1000-10", "000900", ""]
    shelf.put(1, *(an_order(9000 + n, order_ref=ref) for n, ref in enumerate(refs)))
    found = [one.order_ref for one in shelf.all(OrderFilter(), OrderSort(OrderColumn.ORDER, False))]
    assert found[-7:] == ["000900", "1000-2", "1000-10", "A9", "A10", "b1", ""]


def test_a_list_is_as_it_is_now_unless_the_one_before_will_do(shelf: Shelf) -> None:
    sort = OrderSort(OrderColumn.TOTAL, descending=True)
    before = shelf.pages.page(OrderFilter(), sort, 0, 5, kept=False)
    (new,) = shelf.put(1, an_order(9999, total="5000"))
    kept = shelf.pages.page(OrderFilter(), sort, 0, 5, kept=True)
    assert [one.id for one in kept] == [one.id for one in before]
    now = shelf.pages.page(OrderFilter(), sort, 0, 5, kept=False)
    assert [one.id for one in now] == [new, *[one.id for one in before][:4]]
    assert shelf.pages.page(OrderFilter(), sort, 0, 5, kept=True)[0].id == new


def test_an_order_that_is_gone_leaves_no_hole(shelf: Shelf) -> None:
    sort = OrderSort(OrderColumn.TOTAL, descending=True)
    before = shelf.pages.page(OrderFilter(), sort, 0, 6, kept=False)
    shelf.drop(before[2].id)
    after = shelf.pages.page(OrderFilter(), sort, 0, 5, kept=True)
    assert [one.id for one in after] == [one.id for one in before if one is not before[2]]


def test_what_nobody_wants_any_more_is_not_read_to_its_end(shelf: Shelf) -> None:
    more = [an_order(n) for n in range(10_000, 14_000)]
    shelf.put(1, *more)
    with pytest.raises(Stopped):
        shelf.pages.ids(OrderFilter(), OrderSort(OrderColumn.TOTAL), lambda: True)
    assert len(shelf.pages.ids(OrderFilter(), OrderSort(OrderColumn.TOTAL))) == COUNT + 4000


@pytest.mark.parametrize("text", ["1Z7", "1z-7"])
def test_an_order_is_found_by_its_tracking_number(shelf: Shelf, text: str) -> None:
    found = shelf.all(OrderFilter(text=text), NEWEST_FIRST)
    assert [one.order_ref for one in found] == ["7"]
