"""Orders read from a practice store: none missed, none doubled, whatever happens meanwhile."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from app.core.errors import PermissionMissing, RemoteUnavailable, TransientError
from app.core.orders import Order, OrderPage, OrderWish
from app.core.types import ConnectionInfo
from app.integrations.base import Context
from app.integrations.http import HttpFactory
from app.integrations.limits import RateBudget
from app.integrations.magento import Maker
from app.integrations.magento.order_documents import fields
from app.integrations.magento.orders import MagentoOrders
from app.practice.magento import PracticeMagento
from tests.fakes.clock import FakeClock
from tests.integrations.contract import MemoryBudgets
from tests.magento import KEYS

REQUEST_ID = "0b6c3a52-6a0e-4b5e-9d0c-0f6f0c6a7b11"
WISH = OrderWish("wait-for-invoice")
CARDS = ({"sku": "CARDS", "qty": 1, "price": 10},)


@pytest.fixture
def source(store: PracticeMagento, clock: FakeClock) -> Iterator[MagentoOrders]:
    context = Context(
        ConnectionInfo(1, "store", "magento", {"base_url": store.url}),
        secret=lambda name: KEYS[name],
        http=HttpFactory(clock=clock, proxies=lambda url: None),
        budget=RateBudget(1, MemoryBudgets(), clock, {}),
        clock=clock,
    )
    source = Maker().orders(context)
    yield source
    source.close()


class Reader:
    """Reads to the end, as the engine does, and keeps what came."""

    def __init__(self, source: MagentoOrders, wish: OrderWish = WISH) -> None:
        self.source, self.wish = source, wish
        self.cursor = ""
        self.pages: list[OrderPage] = []
        self.held: dict[str, Order] = {}

    def step(self) -> OrderPage:
        page = self.source.fetch_orders(self.cursor, self.wish, REQUEST_ID)
        self.cursor = page.cursor
        self.pages.append(page)
        self.held.update((order.remote_id, order) for order in page.orders)
        return page

    def read(self, between: Callable[[], object] = lambda: None, most: int = 500) -> int:
        """A whole reading; how many steps it took."""
        for count in range(1, most + 1):
            if self.step().is_last:
                return count
            between()
        raise AssertionError(f"it has not ended after {most} steps")

    @property
    def refs(self) -> list[str]:
        return sorted(order.order_ref for order in self.held.values() if not order.fault)


@pytest.fixture
def reader(source: MagentoOrders) -> Reader:
    return Reader(source)


def fill(store: PracticeMagento, clock: FakeClock, count: int, every_s: float = 1.0) -> list[str]:
    """So many orders, one every so many seconds; their numbers."""
    numbers = [f"{n:09}" for n in range(1, count + 1)]
    for number in numbers:
        store.add_order(number, CARDS)
        clock.advance(every_s)
    return numbers


def lists(store: PracticeMagento) -> int:
    return sum("/orders" in seen.path for seen in store.requests)


@pytest.mark.parametrize("release", ["2.3.7", "2.4.7"])
@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 128, 129])
@pytest.mark.parametrize("every_s", [0.0, 1.0])
def test_every_order_is_read_whatever_stands_past_the_last_page(
    store: PracticeMagento, clock: FakeClock, reader: Reader, release: str, count: int,
    every_s: float,
) -> None:  # fmt: skip
    store.act("version", {"release": release})
    numbers = fill(store, clock, count, every_s)
    reader.read(most=12)
    assert reader.refs == numbers


def test_the_next_reading_asks_only_for_what_is_new_and_an_overlap(
    store: PracticeMagento, clock: FakeClock, reader: Reader
) -> None:
    fill(store, clock, 300, 60)
    reader.read()
    reader.held.clear()
    assert reader.read() == 1
    assert reader.refs == ["000000298", "000000299", "000000300"], "two minutes before the last"


def test_an_order_saved_in_the_same_second_as_the_watermark_is_read(
    store: PracticeMagento, clock: FakeClock, reader: Reader
) -> None:
    store.add_order("1", CARDS)
    reader.read()
    store.add_order("2", CARDS)  # the clock did not move
    reader.read()
    assert reader.refs == ["1", "2"]


def test_two_saves_within_a_second_are_told_apart(
    store: PracticeMagento, clock: FakeClock, reader: Reader
) -> None:
    store.add_order("1", CARDS)
    reader.read()
    before = reader.held["1"]
    store.invoice("1")
    reader.read()
    after = reader.held["1"]
    assert (before.changed_text, before.skip is None) == (after.changed_text, False)
    assert after.skip is None
    assert before.digest != after.digest


@pytest.mark.parametrize("seed", range(4))
def test_five_hundred_orders_that_are_saved_while_they_are_read(
    store: PracticeMagento, clock: FakeClock, reader: Reader, seed: int
) -> None:
    numbers = fill(store, clock, 500, 0.1)
    rng = random.Random(seed)

    def saved() -> None:
        for number in rng.sample(numbers, 20):
            store.act("state", {"order": number, "state": "processing"})
        clock.advance(rng.choice([0, 0, 1, 5]))

    reads = 0

    def some_are_saved() -> None:
        nonlocal reads
        reads += 1
        if reads < 15:
            saved()

    reader.read(some_are_saved)
    assert reader.refs == numbers
    reader.read()
    states = {ref: order["state"] for ref, order in by_number(store).items()}
    assert {one.order_ref: one.state for one in reader.held.values()} == states


def by_number(store: PracticeMagento) -> dict[str, dict[str, object]]:
    return {one["increment_id"]: one for one in store.snapshot()["orders"].values()}


def test_a_thousand_orders_saved_in_one_second_are_read_by_their_ids(
    store: PracticeMagento, clock: FakeClock, reader: Reader
) -> None:
    numbers = fill(store, clock, 200, 0)
    rng = random.Random(7)

    def moved() -> None:
        clock.advance(1)
        store.act("state", {"order": rng.choice(numbers), "state": "processing"})

    reader.read(moved)
    assert reader.refs == numbers


@pytest.mark.parametrize("release", ["2.3.7", "2.4.7"])
@pytest.mark.parametrize("broken", [[1], [64], [65], [150], [1, 2, 3], [30, 31, 150], [149, 150]])
def test_an_order_that_breaks_its_page_is_told_and_all_others_are_read(
    store: PracticeMagento, clock: FakeClock, reader: Reader, release: str, broken: list[int]
) -> None:
    store.act("version", {"release": release})
    numbers = fill(store, clock, 150)
    for place in broken:
        store.act("break_order", {"order": numbers[place - 1]})
    reader.read(most=20)
    assert reader.refs == [n for i, n in enumerate(numbers, 1) if i not in broken]
    faults = [one for one in reader.held.values() if one.fault]
    assert len(faults) == len(broken)
    assert lists(store) < 120


def test_a_whole_page_of_broken_orders_is_passed(
    store: PracticeMagento, clock: FakeClock, reader: Reader
) -> None:
    numbers = fill(store, clock, 140)
    for number in numbers[:70]:
        store.act("break_order", {"order": number})
    reader.read(most=20)
    assert reader.refs == numbers[70:]


def test_the_fault_says_behind_which_order_it_stands(
    store: PracticeMagento, clock: FakeClock, reader: Reader
) -> None:
    fill(store, clock, 3)
    store.act("break_order", {"order": "000000002"})
    reader.read()
    (fault,) = [one.fault for one in reader.held.values() if one.fault]
    assert fault.code == "mg_order_unreadable"
    assert fault.params["after"] == "000000001"
    assert fault.params["report"] == "webapi-5f3a1c2b9d0e4"


def test_a_store_that_can_show_nothing_is_no_list_of_broken_orders(
    store: PracticeMagento, clock: FakeClock, reader: Reader
) -> None:
    fill(store, clock, 3)
    store.fault("server_error", times=None)
    with pytest.raises(TransientError):
        reader.step()
    assert reader.held == {}


def test_an_order_with_a_field_that_is_not_as_it_should_be_costs_no_other(
    store: PracticeMagento, clock: FakeClock, reader: Reader
) -> None:
    fill(store, clock, 3)
    with store._shop.lock:
        store._shop.values["orders"]["2"]["items"][0]["qty_ordered"] = {"odd": True}
    reader.read()
    assert reader.refs == ["000000001", "000000003"]
    odd = reader.held["2"]
    assert odd.order_ref == "000000002"
    assert odd.fault is not None
    assert "items[0].qty_ordered" in str(odd.fault.params["problem"])


@pytest.mark.parametrize("most", [1, 20, 50])
def test_a_store_with_input_limits_is_asked_for_less(
    store: PracticeMagento, clock: FakeClock, reader: Reader, most: int
) -> None:
    numbers = fill(store, clock, 70)
    store.act("page_limit", {"most": most})
    reader.read(most=250)
    assert reader.refs == numbers


def test_nothing_older_than_the_start_is_read(
    store: PracticeMagento, clock: FakeClock, source: MagentoOrders
) -> None:
    store.add_order("1", CARDS)
    clock.advance(3600)
    wish = WISH._replace(start_at=clock.now_ms())
    clock.advance(1)
    store.add_order("2", CARDS)
    reader = Reader(source, wish)
    reader.read()
    reader.read()
    assert reader.refs == ["2"]


@pytest.mark.parametrize("shift_s", [-86_400 * 400, -3600, 3600, 86_400 * 400])
def test_our_clock_decides_nothing(
    store: PracticeMagento, reader: Reader, clock: FakeClock, shift_s: int
) -> None:
    """The store keeps its own time; ours is set, forward or back, between two readings."""
    theirs = FakeClock(clock.now_ms())
    store._shop._now = store._rest._now = lambda: datetime.fromtimestamp(
        theirs.now_ms() / 1000, UTC
    )
    store._rest._sign_in._now = lambda: datetime.fromtimestamp(clock.now_ms() / 1000, UTC)
    store.add_order("1", CARDS)
    reader.read()
    clock.jump(shift_s)
    theirs.advance(300)
    store.add_order("2", CARDS)
    reader.read()
    theirs.advance(300)
    store.add_order("3", CARDS)
    reader.read()
    assert reader.refs == ["1", "2", "3"]


def test_a_store_whose_clock_is_set_back_loses_no_order(
    store: PracticeMagento, reader: Reader, clock: FakeClock
) -> None:
    store.add_order("1", CARDS)
    reader.read()
    clock.jump(-3600)
    store.add_order("2", CARDS)
    reader.read()
    clock.advance(600)
    store.add_order("3", CARDS)
    reader.read()
    assert reader.refs == ["1", "2", "3"]


def test_a_stamp_from_the_far_future_does_not_become_the_watermark(
    store: PracticeMagento, reader: Reader, clock: FakeClock
) -> None:
    store.add_order("1", CARDS)
    store.add_order("2", CARDS, updated_at="2999-01-01 00:00:00")
    reader.read()
    clock.advance(300)
    store.add_order("3", CARDS)
    reader.read()
    assert reader.refs == ["1", "2", "3"]


@pytest.mark.parametrize("stamp", ["1970-01-01 00:00:00", "garbage", "2026-13-45 99:00:00"])
def test_a_stamp_that_is_none_does_no_harm(
    store: PracticeMagento, reader: Reader, clock: FakeClock, stamp: str
) -> None:
    store.add_order("1", CARDS, updated_at=stamp, created_at=stamp)
    store.add_order("2", CARDS)
    reader.read()
    reader.read()
    assert "2" in reader.refs


def test_personal_data_is_asked_for_only_where_it_is_needed(
    store: PracticeMagento, source: MagentoOrders, clock: FakeClock
) -> None:
    store.add_order("1", CARDS)
    without, with_it = Reader(source), Reader(source, WISH._replace(with_address=True))
    without.read()
    assert without.held["1"].ship_to is None
    for asked in (fields(with_address=False), fields(with_address=True)):
        assert "customer" not in asked
        assert "email" not in asked
    assert "address" not in fields(with_address=False)
    with_it.read()
    place = with_it.held["1"].ship_to
    assert place is not None
    assert (place.name, place.street) == ("Ann Example", ("1 Main Street", "Suite 2"))
    assert (place.postcode, place.country) == ("62701", "US")


def test_rows_say_what_ships(store: PracticeMagento, reader: Reader, clock: FakeClock) -> None:
    inside = ({"sku": "IN-A"}, {"sku": "IN-B"})
    store.add_order(
        "1",
        [
            {"sku": "SHIRT", "type": "configurable", "children": [{"sku": "SHIRT-M"}]},
            {"sku": "BOX", "type": "bundle", "children": inside},
            {"sku": "VOUCHER", "type": "virtual"},
            {"sku": "CARDS", "qty": 2.5},
        ],
    )
    reader.read()
    lines = {line.sku: line for line in reader.held["1"].lines}
    assert {sku for sku, line in lines.items() if line.ships} == {
        "SHIRT", "BOX", "IN-A", "IN-B", "CARDS",
    }  # fmt: skip
    assert lines["SHIRT-M"].parent == lines["SHIRT"].remote_id
    assert str(lines["CARDS"].quantity) == "2.5"
    assert str(lines["SHIRT"].quantity) == "1"


def test_a_missing_right_is_named(store: PracticeMagento, reader: Reader) -> None:
    store.act("right", {"resource": "Magento_Sales::actions_view", "allowed": False})
    with pytest.raises(PermissionMissing) as caught:
        reader.step()
    assert "View" in str(caught.value.params["resource"])


def test_maintenance_between_two_pages_costs_nothing(
    store: PracticeMagento, clock: FakeClock, reader: Reader
) -> None:
    numbers = fill(store, clock, 150)
    reader.step()
    store.fault("maintenance", times=1)
    with pytest.raises(RemoteUnavailable):
        reader.step()
    reader.read()
    assert reader.refs == numbers


@pytest.mark.parametrize("cursor", ["{}", "[1]", "nonsense", '{"strange": 1}', '{"mark": "x"}'])
def test_a_cursor_of_another_time_begins_anew(
    store: PracticeMagento, clock: FakeClock, reader: Reader, cursor: str
) -> None:
    numbers = fill(store, clock, 3)
    reader.cursor = cursor
    reader.read()
    assert reader.refs == numbers
