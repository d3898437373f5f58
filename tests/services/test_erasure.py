"""Addresses go some days after the end of their orders; everything else stays."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.events import EventBus, OrdersChanged
from app.core.orders import Order, OrderLine, Place, Reason
from app.core.states import JobState
from app.models.order_erasing import OrderErasing
from app.models.order_list import OrderList
from app.models.order_writing import put_orders
from app.services.erasure import KEEP_DAYS, Erasure
from tests.builders import Store, a_new_job, a_store
from tests.fakes.source import an_order

DAY_S = 86_400
PLACE = Place("Ann Example", "Acme", ("1 Main Street", "Suite 2"), "Springfield", phone="555 0199")
SKIP = Reason("mg_skip_canceled")


def a_line(left: int) -> OrderLine:
    return OrderLine("1", "CARDS", "Cards", "simple", Decimal(2), Decimal(0), Decimal(left))


class Kept:
    """Orders that were read with their addresses, and what is left of those."""

    def __init__(self, store: Store) -> None:
        self.store, self.list = store, OrderList(store.database)
        self.changed: list[OrdersChanged] = []
        bus = EventBus()
        bus.subscribe(OrdersChanged, self.changed.append)
        self.erasure = Erasure(OrderErasing(store.database, store.clock), bus)

    def read(self, number: int, connection: int = 1, **more: object) -> None:
        order = an_order(number, **{"ship_to": PLACE, "lines": (a_line(2),), **more})
        now = self.store.clock.now_ms()
        self.store.database.write(lambda c: put_orders(c, connection, [order], Counter(), now))

    def later(self, days: float) -> int:
        self.store.clock.advance(days * DAY_S)
        return self.erasure.run()

    @property
    def left(self) -> set[str]:
        """The numbers of the orders whose addresses are there."""
        rows = self.store.rows("SELECT order_ref FROM orders WHERE ship_to <> ''")
        return {row[0].lstrip("0") for row in rows}


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    store = a_store(tmp_path, connections=2)
    yield Kept(store)
    store.database.close_thread()


def test_an_address_goes_after_the_end_of_its_order_and_the_history_stays(kept: Kept) -> None:
    kept.read(1, total="19.50")
    kept.later(40)
    kept.store.put(JobState.SUCCEEDED, a_new_job("000000001"))
    assert kept.later(KEEP_DAYS - 1) == 0, "it ended when it was written, not when it was read"
    assert kept.left == {"1"}
    assert kept.later(2) == 1
    (order,) = kept.list.find("000000001")
    assert (order.ship_to, order.total) == (None, "19.50")
    told = [(one.what, dict(one.params)) for one in kept.list.events(order.id)]
    assert told == [("order_read", {}), ("order_erased", {"days": KEEP_DAYS})]
    assert kept.list.jobs(order), "its parcel stays"
    assert [(one.connection_id, one.order_ids) for one in kept.changed] == [(1, (order.id,))]
    assert kept.erasure.run() == 0


def test_not_a_byte_of_it_is_left_in_the_file(kept: Kept) -> None:
    kept.read(1, skip=SKIP)
    kept.store.database.checkpoint()
    assert b"Ann Example" in kept.store.path.read_bytes()
    assert kept.later(KEEP_DAYS + 1) == 1
    kept.store.database.checkpoint()
    assert b"Ann Example" not in kept.store.path.read_bytes()


@pytest.mark.parametrize(
    ("state", "more", "goes"),
    [
        (JobState.SUCCEEDED, {}, True),
        (JobState.FAILED, {}, False),
        (JobState.PENDING, {}, False),
        (JobState.PARKED, {}, False),
        (JobState.IN_DOUBT, {}, False),
        (None, {}, False),
        (None, {"skip": SKIP}, True),
        (None, {"fault": Reason("mg_order_odd")}, False),
        (None, {"lines": (a_line(0),)}, True),
    ],
)
def test_only_what_ended_is_erased(
    kept: Kept, state: JobState | None, more: dict[str, object], goes: bool
) -> None:
    kept.read(1, **more)
    if state is not None:
        kept.store.put(state, a_new_job("000000001"))
    assert kept.later(KEEP_DAYS + 1) == int(goes)
    assert kept.later(1000) == 0


def test_an_order_that_changed_at_its_store_counts_from_then_on(kept: Kept) -> None:
    kept.read(1, skip=SKIP)
    kept.later(KEEP_DAYS - 1)
    kept.read(1, skip=SKIP, at=60)
    assert kept.later(2) == 0
    assert kept.later(KEEP_DAYS) == 1


def test_more_than_fit_into_one_commit_all_go(kept: Kept) -> None:
    orders: list[Order] = [an_order(n, ship_to=PLACE, skip=SKIP) for n in range(1, 1203)]
    now = kept.store.clock.now_ms()
    kept.store.database.write(lambda c: put_orders(c, 2, orders, Counter(), now))
    assert kept.later(KEEP_DAYS + 1) == 1202
    assert kept.left == set()
    assert {one.connection_id for one in kept.changed} == {2}


def test_the_days_are_a_persons_choice(kept: Kept) -> None:
    kept.read(1, skip=SKIP)
    kept.erasure.set_days(0, "ann")
    assert kept.later(4000) == 0, "never"
    kept.erasure.set_days(5000, "ann")
    assert kept.erasure.days == 5000
    assert kept.erasure.run() == 0
    assert kept.later(1001) == 1
    told = kept.store.rows("SELECT params, actor FROM history WHERE what = 'addresses_kept'")
    assert told == [('{"days":0}', "ann"), ('{"days":5000}', "ann")]
