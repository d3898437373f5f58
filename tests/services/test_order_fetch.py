"""One order looked up by its number: stored, or why not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import CredentialsRejected, TransientError, UsageError
from app.core.events import OrdersChanged
from app.core.orders import NEWEST_FIRST, OrderFilter, OrderStatus, Reason
from app.models.order_list import OrderList
from app.models.order_pages import OrderPages
from app.services.order_fetch import OrderFetch
from tests.fakes.source import FakeSource, an_order
from tests.services.test_routes import Bench

ON_HOLD = Reason("mg_skip_on_hold")
ODD = Reason("mg_order_odd", {"problem": "no items"})


class FetchBench(Bench):
    """The same with a source of the test."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.source = FakeSource([[an_order(1), an_order(2, skip=ON_HOLD), an_order(3, fault=ODD)]])
        self.told: list[OrdersChanged] = []
        self.program.bus.subscribe(OrdersChanged, self.told.append)
        self.fetcher = OrderFetch(
            self.program.routes, self.orders, lambda _: self.source, self.program.wordsmith,
            self.program.bus,
        )  # fmt: skip
        self.list = OrderList(self.store.database)
        self.pages = OrderPages(self.store.database)

    def statuses(self) -> dict[str, OrderStatus]:
        return {
            one.order_ref: one.status
            for one in self.pages.page(OrderFilter(), NEWEST_FIRST, 0, 99, kept=False)
        }


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[FetchBench]:
    bench = FetchBench(tmp_path)
    yield bench
    bench.close()


@pytest.mark.parametrize(
    ("number", "text", "status", "is_taken"),
    [
        ("000000001", "It is here now", OrderStatus.PENDING, True),
        ("000000002", "It is here, and skipped: ", OrderStatus.SKIPPED, False),
        ("000000003", "It could not be read: ", OrderStatus.FAILED, False),
    ],
)
def test_what_is_found_is_stored_and_said(
    bench: FetchBench, number: str, text: str, status: OrderStatus, is_taken: bool
) -> None:
    (found,) = bench.fetcher.fetch(bench.id, f"  {number} ")
    assert found.text.startswith(text)
    assert (found.is_taken, found.is_news) == (is_taken, True)
    assert bench.statuses() == {number: status}
    assert len(bench.told) == 1
    assert bench.source.is_closed


def test_an_unchanged_one_is_no_news(bench: FetchBench) -> None:
    bench.fetcher.fetch(bench.id, "000000001")
    (found,) = bench.fetcher.fetch(bench.id, "000000001")
    assert (found.text, found.is_news) == ("It was here already, unchanged", False)
    assert len(bench.told) == 1


def test_several_with_one_number_are_all_told(bench: FetchBench) -> None:
    twins = [an_order(7, order_ref="100", store="1"), an_order(8, order_ref="100", store="2")]
    bench.source.pages = [twins]
    found = bench.fetcher.fetch(bench.id, "100")
    assert [one.order.store for one in found] == ["1", "2"]
    assert len(bench.list.find("100")) == 2


@pytest.mark.parametrize(
    ("number", "code"), [("000000009", "order_unknown"), ("  ", "order_number_needed")]
)
def test_what_is_not_there_is_said(bench: FetchBench, number: str, code: str) -> None:
    with pytest.raises(UsageError, match=code):
        bench.fetcher.fetch(bench.id, number)
    assert bench.statuses() == {}


def test_how_far_it_was_read_stays(bench: FetchBench) -> None:
    before = bench.one.task
    bench.fetcher.fetch(bench.id, "000000001")
    assert bench.one.task == before


def test_a_stopped_connection_is_not_asked(bench: FetchBench) -> None:
    error = CredentialsRejected("mg_keys", host="h", message="no")
    bench.store.connections.block(bench.connection.id, error)
    with pytest.raises(UsageError, match="order_fetch_held"):
        bench.fetcher.fetch(bench.id, "000000001")


def test_a_paused_one_is_since_a_person_asks(bench: FetchBench) -> None:
    bench.program.routes.pause(bench.id, None, "ann")
    assert bench.fetcher.fetch(bench.id, "000000001")


def test_a_source_that_fails_is_closed(bench: FetchBench) -> None:
    def broken(*_: object) -> list[object]:
        raise TransientError("server_error", host="h", status=500)

    bench.source.fetch_numbered = broken  # type: ignore[method-assign,assignment]
    with pytest.raises(TransientError):
        bench.fetcher.fetch(bench.id, "000000001")
    assert bench.source.is_closed
