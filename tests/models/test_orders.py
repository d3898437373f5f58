"""Orders as stored: where they stand, what a person does to them, what a page changes."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.errors import StorageError, UsageError
from app.core.orders import (
    NEWEST_FIRST,
    Order,
    OrderFilter,
    OrderLine,
    OrderPage,
    OrderStatus,
    Place,
    Reason,
    StoredOrder,
)
from app.core.outcomes import Outcome, succeeded
from app.core.states import JobState
from app.models.order_list import OrderList
from app.models.order_pages import OrderPages
from app.models.orders import Orders, Taken
from app.models.routes import Routes
from tests.builders import Store, a_new_job, a_proof, a_store
from tests.fakes.source import START, an_order

REF = "000000001"
FAULT = Reason("mg_order_unreadable", {"after": REF, "report": "r"})
SKIP = Reason("mg_skip_on_hold")


class Held:
    """A data file with a route, and pages taken along it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.routes = Routes(store.database, store.clock)
        self.orders = Orders(store.database, store.clock)
        self.list = OrderList(store.database)
        self.pages = OrderPages(store.database)
        self.route = self.routes.add("orders", 1, None, "m", {}, 300, "ann")

    def take(self, *orders: Order, cursor: str = "c", is_last: bool = False) -> Taken | None:
        task = self.routes.find(self.route)
        before = task.cursor if task else ""
        return self.orders.take(self.route, 1, OrderPage(orders, cursor, is_last), before)

    def one(self, ref: str = REF) -> StoredOrder:
        (found,) = self.list.find(ref)
        return found

    def status(self, ref: str = REF) -> OrderStatus:
        return self.one(ref).status

    def refs(self, **wanted: object) -> list[str]:
        shown = OrderFilter(**wanted)  # type: ignore[arg-type]
        found = self.pages.page(shown, NEWEST_FIRST, 0, 100, kept=False)
        return [order.order_ref for order in found]


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    store = a_store(tmp_path, connections=2)
    yield Held(store)
    store.database.close_thread()


def test_everything_of_an_order_comes_back(held: Held) -> None:
    line = OrderLine("7", "CARDS", "Cards 😀", "simple", Decimal("2.5"), Decimal(1), Decimal("1.5"),
                     Decimal("0.5"), True, "6")  # fmt: skip
    place = Place("Ann", "Acme", ("1 Main", "Suite 2"), "Springfield", "IL", "62701", "US", "555")
    held.take(an_order(1, lines=(line,), ship_to=place, total="19.50", currency="USD", skip=SKIP))
    found = held.one()
    assert (found.ship_to, found.total, found.currency, found.skip) == (place, "19.50", "USD", SKIP)
    assert held.list.lines(found.id) == [line]


def test_a_page_is_whole_or_not_at_all(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = an_order(2)._replace(order_ref="\ud800")  # cannot be written
    with pytest.raises((StorageError, UnicodeEncodeError)):
        held.take(an_order(1), bad, cursor="moved")
    assert held.refs() == []
    task = held.routes.find(held.route)
    assert task is not None
    assert task.cursor == ""


def test_a_cursor_that_somebody_else_moved_takes_nothing(held: Held) -> None:
    held.take(an_order(1), cursor="c1")
    page = OrderPage([an_order(2)], "c2", is_last=False)
    assert held.orders.take(held.route, 1, page, "c0") is None
    assert held.refs() == [REF]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], OrderStatus.PENDING),
        ([JobState.PENDING], OrderStatus.PENDING),
        ([JobState.PARKED], OrderStatus.PENDING),
        ([JobState.IN_FLIGHT], OrderStatus.PROCESSING),
        ([JobState.IN_DOUBT], OrderStatus.PROCESSING),
        ([JobState.SUCCEEDED], OrderStatus.SUCCESS),
        ([JobState.FAILED], OrderStatus.FAILED),
        ([JobState.DISCARDED], OrderStatus.PENDING),
        ([JobState.SUCCEEDED, JobState.PENDING], OrderStatus.PENDING),
        ([JobState.SUCCEEDED, JobState.FAILED], OrderStatus.FAILED),
        ([JobState.FAILED, JobState.IN_FLIGHT], OrderStatus.PROCESSING),
        ([JobState.SUCCEEDED, JobState.DISCARDED], OrderStatus.SUCCESS),
    ],
)
def test_where_an_order_stands_comes_from_its_jobs(
    held: Held, states: list[JobState], expected: OrderStatus
) -> None:
    held.take(an_order(1), an_order(11))
    for place, state in enumerate(states):
        (entered,) = held.store.enter(a_new_job(REF, f"1Z{place}"))
        held.store.database.write(
            lambda c, state=state, job=entered.job_id: c.execute(
                "UPDATE jobs SET state = ? WHERE id = ?", (state.value, job)
            )
        )
    held.store.enter(a_new_job(REF, "1ZOTHER", connection_id=2))  # of another connection
    assert held.status() is expected
    assert held.status("000000011") is OrderStatus.PENDING


def test_an_order_that_is_skipped_or_cannot_be_read_says_so(held: Held) -> None:
    held.take(an_order(1, skip=SKIP), an_order(2, fault=FAULT))
    assert held.status() is OrderStatus.SKIPPED
    assert held.status("000000002") is OrderStatus.FAILED
    assert held.refs(statuses=frozenset({OrderStatus.SKIPPED})) == [REF]


def test_an_order_skipped_first_and_taken_later(held: Held) -> None:
    held.take(an_order(1, skip=SKIP))
    held.take(an_order(1, at=60))
    assert held.status() is OrderStatus.PENDING
    events = held.list.events(held.one().id)
    assert [(e.what, e.code) for e in events] == [
        ("order_read", "mg_skip_on_hold"), ("order_changed", ""),
    ]  # fmt: skip


def fail_one(held: Held) -> int:
    held.store.enter(a_new_job(REF))
    job = held.store.claim()
    held.store.record(job, Outcome(JobState.FAILED, "mg_refused", spent=True))
    return job.id


def test_set_back_to_pending_keeps_the_history_and_is_taken_as_new(held: Held) -> None:
    held.take(an_order(1))
    fail_one(held)
    assert held.status() is OrderStatus.FAILED
    assert held.orders.set_back([held.one().id], "customer called", "ann")
    found = held.one()
    assert (found.status, found.set_back_at) == (OrderStatus.PENDING, held.store.clock.now_ms())
    assert held.list.jobs(found), "they stay"
    event = held.list.events(found.id)[-1]
    assert (event.what, event.actor, event.params) == (
        "order_set_back", "ann", {"comment": "customer called"},
    )  # fmt: skip
    taken = held.take(an_order(1))
    assert taken is not None
    assert taken.ids == [found.id], "the next reading takes it, unchanged as it is"


def test_a_later_job_counts_again(held: Held) -> None:
    held.take(an_order(1))
    fail_one(held)
    held.orders.set_back([held.one().id], "", "ann")
    held.store.enter(a_new_job(REF, "1ZNEW"))
    job = held.store.claim()
    held.store.record(job, succeeded(a_proof()))
    assert held.status() is OrderStatus.SUCCESS


def test_an_order_that_is_being_written_is_left_alone(held: Held) -> None:
    held.take(an_order(1), an_order(2))
    held.store.enter(a_new_job(REF))
    held.store.claim()
    with pytest.raises(UsageError) as caught:
        held.orders.set_back([held.one().id], "", "ann")
    assert caught.value.code == "order_processing"
    both = [held.one().id, held.one("000000002").id]
    assert held.orders.set_back(both, "", "ann") == both[1:]


def test_an_order_of_which_only_the_number_can_be_read_keeps_what_was_known(held: Held) -> None:
    held.take(an_order(1, total="19.50"))
    held.take(Order("1", REF, fault=Reason("mg_order_odd", {"problem": "x"})))
    assert (held.one().total, held.status()) == ("19.50", OrderStatus.FAILED)
    held.take(an_order(1, total="19.50"))
    assert held.status() is OrderStatus.PENDING


def test_an_entry_for_an_order_that_could_not_be_shown_goes_when_it_can(held: Held) -> None:
    unreadable = Order("after:1", "", fault=FAULT)
    held.take(an_order(1), unreadable, an_order(3))
    held.take(an_order(1), unreadable, an_order(3))
    assert sorted(held.refs()) == ["", REF, "000000003"], "told once"
    held.take(an_order(1), an_order(2), an_order(3))
    assert sorted(held.refs()) == [REF, "000000002", "000000003"]


def test_filters(held: Held) -> None:
    line = OrderLine("7", "A_B%", "Posters", "simple", Decimal(1), Decimal(0), Decimal(1))
    held.take(an_order(1), an_order(2, lines=(line,)), an_order(3))
    held.store.enter(a_new_job("000000003", "1ZABC"))
    assert held.refs() == ["000000003", "000000002", REF], "newest first"
    assert held.refs(text="a_b%") == ["000000002"]
    assert held.refs(text="aXb") == []
    assert held.refs(text="poster") == ["000000002"]
    assert held.refs(text="1z abc") == ["000000003"]
    assert held.refs(text="0003") == ["000000003"]
    assert held.refs(since=START + 2000, until=START + 3000) == ["000000002"]
    assert held.refs(connection_id=2) == []
    assert held.pages.count(OrderFilter(text="0000")) == 3


def test_all_of_many_come_in_parts_each_once(held: Held) -> None:
    held.take(*(an_order(n, placed_at=START + n // 7) for n in range(1, 1201)))
    found = held.pages.ids(OrderFilter(), NEWEST_FIRST).tolist()
    assert len(found) == len(set(found)) == 1200
    pages = (held.pages.page(OrderFilter(), NEWEST_FIRST, n, 100, kept=True)
             for n in range(0, 1300, 100))  # fmt: skip
    assert found == [order.id for page in pages for order in page]


def test_a_removed_connection_takes_its_routes_along(held: Held) -> None:
    held.store.connections.remove(1, discard_rows=True, actor="ann")
    assert held.routes.all() == []


def test_between_two_ends_there_is_one_route(held: Held) -> None:
    with pytest.raises(UsageError) as caught:
        held.routes.add("orders", 1, None, "m", {}, 60, "ann")
    assert caught.value.code == "route_twice"
    held.routes.remove(held.route, "ann")
    held.routes.add("orders", 1, None, "m", {}, 60, "ann")
