"""A products route over a real data file and a real CSV file: what is sent, and what is said."""

import os
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.events import AttentionChanged, EventBus, JobChanged, JobsAdded, SyncProgress
from app.core.job_types import payload_of
from app.core.outcomes import Outcome, succeeded
from app.core.products import ProductUpdate
from app.core.states import JobState
from app.core.types import Job, SyncTask
from app.integrations.registry import kind_named
from app.models.attention import Attention, ItemState
from app.models.listing import Listing, RowFilter, Slice
from app.models.orders import Orders
from app.models.products import CycleProgress, Products
from app.models.routes import Routes
from app.services.product_progress import ProductProgress
from app.services.product_runs import ProductRuns, mark_of
from app.services.product_words import PRODUCTS
from app.services.sync import Means, Sync
from tests.builders import LEASE, a_new_job, a_proof, a_store
from tests.fakes.clock import FakeClock

START = "sku,price\nA,1.00\nB,2.00\nC,3.00\n"


class QuickClock(FakeClock):
    """Whoever waits alone has waited: time passes by itself."""

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        self.advance(timeout_s)
        return event.is_set()


class ProductBench:
    """A connection whose products are kept as a file says; jobs are carried out by hand."""

    def __init__(self, folder: Path) -> None:
        self.clock = QuickClock()
        self.store = a_store(folder / "data", self.clock)
        self.file, self.bus = folder / "prices.csv", EventBus()
        database = self.store.database
        self.routes, self.products = (
            Routes(database, self.clock),
            Products(database, self.store.outbox, self.clock),
        )
        self.attention, self.listing = Attention(database, self.clock), Listing(database)
        self.settings = {"file": str(self.file), "columns": '{"sku":"sku","price":"price"}'}
        self.route_id = self.routes.add(PRODUCTS, 1, 1, "", self.settings, 300, "ann")
        runs = ProductRuns(self.products, self.bus, self.clock)
        self.sync = Sync(
            Means(
                self.routes, Orders(database, self.clock), self.store.connections, self._none,
                lambda _: kind_named("magento"), self.bus, self.clock, {PRODUCTS: runs.read},
            )
        )  # fmt: skip
        self.stopping = threading.Event()
        self._written = 0

    def _none(self, connection_id: int) -> None:
        raise AssertionError("no source is opened for a file")

    def write(self, text: str) -> None:
        """The file as another program leaves it; each time it is another moment."""
        self.file.write_text(text, encoding="utf-8")
        self._written += 1
        os.utime(self.file, ns=(self._written * 10**9, self._written * 10**9))

    def run(self, text: str | None = None) -> SyncTask:
        """One run, of another file where one is given."""
        if text is not None:
            self.write(text)
        self.clock.advance(1)
        self.sync.run(self.route_id, self.stopping)
        return self.task

    @property
    def task(self) -> SyncTask:
        found = self.routes.find(self.route_id)
        assert found is not None
        return found

    @property
    def progress(self) -> CycleProgress:
        return self.products.progress(1, mark_of(self.task).cycle)

    def jobs(self, *states: JobState) -> list[Job]:
        """Last jobs of products in these states, by SKU."""
        found = [self.store.job(one.job_id) for one in self.products.sent(1, states=states)]
        return sorted(found, key=lambda job: job.order_ref)

    def prices(self, *states: JobState) -> dict[str, str]:
        """What these jobs carry."""
        pairs = [(job.order_ref, payload_of(job)) for job in self.jobs(*states)]
        return {sku: str(product.price) for sku, product in pairs}

    def confirm(self, most: int = 100, outcome: Outcome | None = None) -> list[ProductUpdate]:
        """So many of the waiting jobs are carried out; what they carried."""
        done = []
        while len(done) < most and (job := self.store.outbox.claim(1, LEASE)) is not None:
            done.append(payload_of(job))
            self.store.record(job, outcome or succeeded(a_proof()))
        return done


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[ProductBench]:
    made = ProductBench(tmp_path)
    yield made
    made.store.database.close_thread()


def test_only_what_differs_is_sent(bench: ProductBench) -> None:
    added: list[JobsAdded] = []
    bench.bus.subscribe(JobsAdded, added.append)
    bench.run(START)
    assert [one.sku for one in bench.confirm()] == ["A", "B", "C"]
    assert [len(event.job_ids) for event in added] == [3]
    task = bench.run("sku,price\nA,1.0\nB,2.50\nC,3.00\nD,4.00\n")
    assert dict(task.counts) == {"products": 4, "sent": 2, "same": 2, "blank": 0, "rejected": 0}
    assert bench.confirm() == [
        ProductUpdate("B", price=Decimal("2.50")), ProductUpdate("D", price=Decimal("4.00")),
    ]  # fmt: skip
    assert not bench.confirm()


def test_a_file_that_did_not_change_is_not_read_again(bench: ProductBench) -> None:
    finished = bench.run(START).finished_at
    task = bench.run()
    assert (task.finished_at, task.result_code, task.cycle_since) == (finished, "", None)
    task = bench.run(START)  # saved once more, as it was
    assert (task.finished_at, task.cycle_since) == (finished, None)
    assert task.due_at > bench.clock.now_ms()


def test_back_to_an_earlier_value_is_sent_again(bench: ProductBench) -> None:
    for price in ("1.5", "2.5", "1.5"):
        bench.run(f"sku,price\nA,{price}\n")
        assert [str(one.price) for one in bench.confirm()] == [price]


def test_a_newer_value_takes_the_place_of_one_that_waits(bench: ProductBench) -> None:
    bench.run(START)
    (first,) = [job.id for job in bench.jobs() if job.order_ref == "A"]
    bench.run("sku,price\nA,1.10\nB,2.00\nC,3.00\n")
    assert bench.prices() == {"A": "1.1", "B": "2", "C": "3"}
    assert first in [job.id for job in bench.jobs()]
    assert bench.store.story(first) == ["entered", "product_updated"]
    assert [str(one.price) for one in bench.confirm()] == ["1.1", "2", "3"]


def test_a_newer_value_follows_one_that_is_being_sent(bench: ProductBench) -> None:
    bench.run("sku,price\nA,1.00\n")
    under_way = bench.store.claim()
    bench.run("sku,price\nA,1.10\n")
    assert bench.store.outbox.claim(1, LEASE) is None
    bench.store.record(under_way, succeeded(a_proof()))
    assert [str(one.price) for one in bench.confirm()] == ["1.1"]


def test_an_older_one_that_failed_meanwhile_goes_and_cannot_come_back(bench: ProductBench) -> None:
    bench.run("sku,price\nA,1.00\n")
    under_way = bench.store.claim()
    bench.run("sku,price\nA,1.10\n")
    bench.store.record(under_way, Outcome(JobState.FAILED, "rejected", spent=True))
    assert bench.store.acts.retry([under_way.id], "ann")[0].error is not None
    bench.confirm()
    bench.run("sku,price\nA,1.20\n")
    old = bench.store.job(under_way.id)
    assert (old.state, old.reason_code) == (JobState.DISCARDED, "product_superseded")
    assert bench.store.acts.restore([old.id], "ann")[0].error is not None


def test_one_that_failed_waits_for_a_person_or_a_newer_value(bench: ProductBench) -> None:
    bench.run(START)
    bench.confirm(1, Outcome(JobState.FAILED, "rejected", spent=True))
    bench.confirm()
    assert bench.progress == CycleProgress(3, 0, 1)
    bench.routes.ask(bench.route_id, "ann")
    bench.run()
    assert bench.prices(JobState.FAILED) == {"A": "1"}
    bench.run("sku,price\nA,1.10\nB,2.00\nC,3.00\n")
    assert [str(one.price) for one in bench.confirm()] == ["1.1"]


def test_what_a_person_removed_comes_again_when_asked_for_or_changed(bench: ProductBench) -> None:
    bench.run("sku,price\nA,1.00\n")
    (job,) = bench.jobs()
    bench.store.acts.discard([job.id], "ann")
    bench.run("sku,price\nA,1.00\n\n")
    assert not bench.confirm()
    bench.routes.ask(bench.route_id, "ann")
    bench.run()
    assert len(bench.confirm()) == 1


def test_parked_takes_the_newer_value_and_stays_parked(bench: ProductBench) -> None:
    bench.run("sku,price\nA,1.00\n")
    bench.store.acts.park([bench.jobs()[0].id], "ann")
    bench.run("sku,price\nA,1.10\n")
    assert bench.prices(JobState.PARKED) == {"A": "1.1"}
    assert not bench.confirm()


def test_everything_is_sent_where_a_person_wants_that(bench: ProductBench) -> None:
    bench.run(START)
    bench.confirm()
    bench.products.forget(1)
    bench.routes.ask(bench.route_id, "ann")
    bench.run()
    assert len(bench.confirm()) == 3


def test_progress_comes_from_the_jobs_themselves(bench: ProductBench) -> None:
    bench.run("sku,price\n" + "".join(f"S{i},1\n" for i in range(10)))
    bench.confirm(4)
    assert bench.progress[:3] == (10, 6, 0)
    bench.confirm(1, Outcome(JobState.PENDING, "server_error", {"host": "shop"}, 30, spent=True))
    assert bench.progress == CycleProgress(10, 6, 0, "server_error", '{"host":"shop"}')
    assert bench.progress.done == 4


def test_a_cycle_that_starts_over_is_noticed(bench: ProductBench) -> None:
    assert bench.run(START).over_since is None
    bench.confirm(1)
    task = bench.run("sku,price\nA,1.00\nB,2.00\nC,3.00\nD,4.00\n")
    assert task.over_since is not None
    assert bench.progress[:2] == (3, 3)  # B and C go on, D is new; A is there
    bench.confirm()
    assert bench.run(START).over_since is None


def test_rows_that_cannot_be_read_wait_for_a_person_until_they_are_mended(
    bench: ProductBench,
) -> None:
    told: list[AttentionChanged] = []
    bench.bus.subscribe(AttentionChanged, told.append)
    task = bench.run("sku,price\nA,1.00\n,2.00\nC,three\nA,4.00\n")
    assert task.counts["rejected"] == 3
    items = {item.code: item for item in bench.attention.items()}
    assert set(items) == {"sku_empty", "product_number", "product_twice"}
    assert (items["product_number"].line, items["product_number"].text) == (4, "C,three")
    assert (items["product_number"].file, items["product_number"].connection_id) == (
        "prices.csv",
        1,
    )
    assert len(bench.confirm()) == 1
    bench.run("sku,price\nA,1.00\n,2.00\nC,3.00\n")
    assert {item.code for item in bench.attention.items()} == {"sku_empty"}
    assert len(told) == 2
    bench.run("sku,price\nA,1.00\n,2.00\nC,three\n")
    assert {item.code for item in bench.attention.items()} == {"sku_empty", "product_number"}


def test_what_a_person_ignored_stays_ignored(bench: ProductBench) -> None:
    bench.run("sku,price\n,2.00\n")
    (item,) = bench.attention.items()
    bench.attention.close([item.id], ItemState.IGNORED, "ann", "")
    bench.run("sku,price\n,2.00\nA,1.00\n")
    assert bench.attention.items() == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "products_no_file"), ("", "file_empty"),
        ("colour,price\nred,1\n", "file_column_missing"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_said_and_tried_again(
    bench: ProductBench, text: str | None, code: str
) -> None:
    task = bench.run(text)
    assert (task.result_code, task.failures) == (code, 1)
    assert not bench.store.connections.gate(1).failures
    assert bench.run(START).result_code == ""
    assert len(bench.confirm()) == 3


def test_a_file_that_is_still_written_is_left_for_later(bench: ProductBench) -> None:
    bench.write("sku,price\nA,1.0")

    class Writing(QuickClock):
        def wait(self, event: threading.Event, timeout_s: float) -> bool:
            bench.write("sku,price\nA,1.00\n")
            return super().wait(event, timeout_s)

    bench.sync = Sync(
        Means(
            bench.routes, bench.sync._means.orders, bench.store.connections, bench._none,
            lambda _: kind_named("magento"), bench.bus, bench.clock,
            {PRODUCTS: ProductRuns(bench.products, bench.bus, Writing()).read},
        )
    )  # fmt: skip
    assert bench.run().result_code == "products_growing"
    assert bench.jobs() == []


def test_stopped_in_the_middle_it_goes_on_where_it_was(bench: ProductBench) -> None:
    many = "sku,price\n" + "".join(f"S{i:04},1\n" for i in range(500))

    def stop(event: JobsAdded) -> None:
        bench.stopping.set()

    forget = bench.bus.subscribe(JobsAdded, stop)
    bench.run(many)
    entered = len(bench.jobs())
    assert 0 < entered < 500
    assert bench.task.finished_at is None
    forget()
    bench.stopping.clear()
    bench.confirm(10)
    task = bench.run()
    assert (task.counts["sent"], task.counts["same"]) == (490, 10)
    assert len(bench.confirm(1000)) == 490


def test_a_route_that_is_removed_sends_nothing_more(bench: ProductBench) -> None:
    bench.write(START)

    class Removing(QuickClock):
        def wait(self, event: threading.Event, timeout_s: float) -> bool:
            bench.routes.remove(bench.route_id, "ann")
            return False

    ProductRuns(bench.products, bench.bus, Removing()).read(bench.task, bench.stopping)
    assert bench.jobs() == []


def test_pending_products_do_not_stand_among_the_write_backs(bench: ProductBench) -> None:
    bench.run(START)
    (shipment,) = bench.store.enter(a_new_job("316132"))
    assert bench.listing.ids(RowFilter()) == (shipment.job_id,)
    assert [(one.slice, one.count) for one in bench.listing.phases()] == [(Slice.WAITING, 1)]
    assert [job.id for job in bench.store.history.jobs()] == [shipment.job_id]
    assert sum(one.count for one in bench.store.history.backlog()) == 1
    assert sum(one.count for one in bench.store.history.backlog(everything=True)) == 4


def test_a_product_that_needs_a_person_is_listed_and_counted(bench: ProductBench) -> None:
    bench.run(START)
    bench.confirm(1, Outcome(JobState.FAILED, "rejected", spent=True))
    bench.confirm()
    (failed,) = bench.jobs(JobState.FAILED)
    wanted = RowFilter(Slice.NEEDS_YOU)
    assert bench.listing.ids(wanted) == (failed.id,)
    assert bench.listing.count(wanted) == 1
    assert bench.listing.count(RowFilter(Slice.DONE)) == 0
    assert bench.listing.last_success() is None


def test_a_product_is_found_by_its_item_number_wherever_it_stands(bench: ProductBench) -> None:
    bench.run(START)
    (waiting,) = bench.store.history.search("a")
    assert (waiting.order_ref, waiting.kind) == ("A", "product.update")
    assert bench.listing.containing("B", 10) == [bench.jobs()[1].id]
    bench.confirm()
    assert [job.id for job in bench.store.history.search("A")] == [waiting.id]
    bench.run("sku,price\nA,1.10\n")
    assert len(bench.store.history.search("A")) == 2


def test_what_waits_goes_with_its_route_and_comes_with_the_next(bench: ProductBench) -> None:
    bench.run(START)
    bench.confirm(1)
    under_way = bench.store.claim()
    bench.routes.remove(bench.route_id, "ann")
    bench.store.record(under_way, succeeded(a_proof()))
    assert not bench.confirm()
    assert bench.listing.count(RowFilter(Slice.BIN)) == 0
    bench.route_id = bench.routes.add(PRODUCTS, 1, 1, "", bench.settings, 300, "ann")
    task = bench.run()
    assert (task.counts["same"], task.over_since) == (2, None)
    assert [one.sku for one in bench.confirm()] == ["C"]


def test_how_far_it_is_is_told_once_a_second_and_at_the_end(bench: ProductBench) -> None:
    told: list[SyncProgress] = []
    ProductProgress(bench.routes, bench.products, bench.bus, bench.clock)
    bench.run("sku,price\n" + "".join(f"S{i},1\n" for i in range(6)))
    bench.bus.subscribe(SyncProgress, told.append)
    for part in (1, 3, 2):
        for _ in range(part):
            bench.confirm(1)
            bench.bus.publish(JobChanged(1, 1, JobState.SUCCEEDED))
        bench.clock.advance(0.6)
    assert [(one.done, one.left) for one in told] == [(1, 5), (5, 1), (6, 0)]
