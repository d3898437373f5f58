"""Routes as people handle them: what may be changed, what is read again for it, the words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import open_program
from app.core.errors import RemoteUnavailable, UsageError
from app.core.events import RouteChanged
from app.core.orders import OrderPage
from app.models.orders import Orders
from app.models.routes import Routes
from app.services.program import Program
from app.services.routes import Progress, TaskInWords, TaskState
from tests.builders import a_store
from tests.fakes.clock import FakeClock
from tests.fakes.source import an_order

DAY = 86_400_000


class Bench:
    """A practice Magento connection with a route, and the tables an engine would write to."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.program: Program = open_program(folder, is_engine=False, clock=self.clock)
        self.start = self.clock.now_ms() - 2 * DAY
        connection = self.program.connections.add(
            "magento", "Web shop", {"base_url": "http://127.0.0.1:9"}, is_practice=True, actor="ann"
        )
        self.connection = connection
        self.added = self.program.routes.add_orders(
            connection, mode=None, interval_s=300, start_at=self.start, stores=frozenset(),
            with_address=False, actor="ann",
        )  # fmt: skip
        self.heard: list[RouteChanged] = []
        self.program.bus.subscribe(RouteChanged, self.heard.append)
        self.store = a_store(folder, self.clock)
        self.routes = Routes(self.store.database, self.clock)
        self.orders = Orders(self.store.database, self.clock)

    @property
    def id(self) -> int:
        return self.added.task.route.id

    @property
    def one(self) -> TaskInWords:
        return self.program.routes.one(self.id)

    def ran(self, *orders: int, is_last: bool = True) -> None:
        """The engine read a page."""
        task = self.routes.begin(self.id)
        assert task is not None
        found = [an_order(number) for number in orders]
        page = OrderPage(found, "" if is_last else "next", is_last, 0 if is_last else 380)
        self.orders.take(self.id, self.connection.id, page, task.cursor)
        if is_last:
            self.routes.went_well(self.id, 300)

    def close(self) -> None:
        self.store.database.close_thread()
        self.program.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def test_what_is_not_given_stays(bench: Bench) -> None:
    edited = bench.program.routes.edit(bench.id, interval_s=600, actor="ann")
    route, before = edited.task.route, bench.added.task.route
    assert (route.mode, dict(route.settings)) == (before.mode, dict(before.settings))
    assert route.interval_s == 600
    assert edited.task.again_from is None, "nothing else is made of what was read"
    assert edited.task.asked == 1
    assert bench.heard == [RouteChanged(bench.id)]


@pytest.mark.parametrize(
    "change", [{"stores": frozenset({"2"})}, {"with_address": True}, {"start_at": 5}]
)
def test_what_makes_something_else_of_orders_reads_them_again(
    bench: Bench, change: dict[str, object]
) -> None:
    edited = bench.program.routes.edit(bench.id, actor="ann", **change)  # type: ignore[arg-type]
    assert edited.task.again_from == change.get("start_at", bench.start)


def test_a_later_start_reads_nothing_again(bench: Bench) -> None:
    edited = bench.program.routes.edit(bench.id, start_at=bench.start + DAY, actor="ann")
    assert edited.task.again_from is None


def test_an_interval_is_never_too_short(bench: Bench) -> None:
    edited = bench.program.routes.edit(bench.id, interval_s=1, actor="ann")
    assert edited.task.route.interval_s == 60


def test_a_mode_that_there_is_not(bench: Bench) -> None:
    with pytest.raises(UsageError, match="order_mode"):
        bench.program.routes.edit(bench.id, mode="whatever", actor="ann")
    assert bench.one.task.route.mode == "wait-for-invoice"


def test_a_day_to_come_is_refused(bench: Bench) -> None:
    with pytest.raises(UsageError, match="sync_from_ahead"):
        bench.program.routes.fetch_from(bench.id, bench.clock.now_ms() + 1, "ann")
    assert bench.one.task.again_from is None


def test_fetch_from_without_a_date_is_from_the_start(bench: Bench) -> None:
    bench.program.routes.fetch_from(bench.id, None, "ann")
    assert bench.one.task.again_from == bench.start
    bench.program.routes.end_fetch(bench.id, "ann")
    assert bench.one.task.again_from is None


def test_what_it_reads_in_words(bench: Bench) -> None:
    assert bench.one.reads.endswith(", without delivery addresses")
    assert "Orders changed since 20" in bench.one.reads
    assert "invoiced in full" in bench.one.mode_help
    stores = frozenset({"1", "3"})
    edited = bench.program.routes.edit(bench.id, stores=stores, with_address=True, actor="ann")
    assert ", of the store views 1, 3, with delivery addresses" in edited.reads


def test_progress_and_result_in_words(bench: Bench) -> None:
    assert (bench.one.result, bench.one.progress) == ("", None)
    bench.ran(1, 2, is_last=False)
    assert bench.one.text == "Reading: 2 orders, 380 to come"
    assert bench.one.progress == Progress(2, 380)
    bench.ran(3)
    assert (bench.one.result, bench.one.progress) == ("3 new", None)


def test_reading_again_in_words(bench: Bench) -> None:
    bench.ran(1)
    bench.program.routes.fetch_from(bench.id, bench.start, "ann")
    task = bench.routes.begin(bench.id)
    assert task is not None
    bench.orders.take(bench.id, bench.connection.id, OrderPage([], "", True, 0), task.cursor)
    assert "Reading again since 20" in bench.one.text
    assert bench.one.text.endswith(": 0 orders so far")
    page = OrderPage([an_order(1)], "next", False, 7)
    bench.orders.take_again(bench.id, bench.connection.id, page, "", asked=task.asked)
    assert bench.one.text.endswith(": 1 orders, 7 to come")
    assert bench.one.progress == Progress(1, 7)


def test_a_failure_says_who_must_act(bench: Bench) -> None:
    bench.routes.begin(bench.id)
    bench.routes.went_badly(bench.id, 30, "mg_right", {"resource": "Sales"}, "")
    assert bench.one.state is TaskState.FAILED
    assert bench.one.who


def test_run_all_leaves_alone_what_runs_or_is_paused(bench: Bench) -> None:
    assert bench.program.routes.run_all("ann") == 1
    bench.program.routes.pause(bench.id, None, "ann")
    assert bench.one.pauses_itself
    assert bench.program.routes.run_all("ann") == 0
    bench.program.routes.resume(bench.id, "ann")
    bench.routes.begin(bench.id)
    assert bench.program.routes.run_all("ann") == 0


def test_a_pause_of_the_connection_is_not_its_own(bench: Bench) -> None:
    bench.program.connections.pause(bench.connection, None, "ann")
    assert bench.one.state is TaskState.PAUSED
    assert not bench.one.pauses_itself


def test_an_unreachable_connection_holds_it(bench: Bench) -> None:
    bench.routes.begin(bench.id)
    bench.routes.went_badly(bench.id, 30, "dns", {"host": "h"}, "")
    error = RemoteUnavailable("dns", host="h")
    bench.store.connections.failed_to_reach(bench.connection.id, error, 60)
    assert bench.one.state is TaskState.HELD
