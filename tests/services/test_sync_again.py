"""Reading again from a date: nothing of the usual reading is lost, wherever it is broken off."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import TransientError
from app.core.orders import Reason
from tests.fakes.source import FakeSource, an_order
from tests.services.sync_bench import SyncBench

FROM = 1_780_000_000_000
BROKEN = TransientError("server_error", host="h", status=500)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[SyncBench]:
    bench = SyncBench(tmp_path)
    bench.source.pages = [[an_order(1), an_order(2)], [an_order(3), an_order(4)], [an_order(5)]]
    bench.run()
    bench.source.asked.clear()
    bench.source.wishes.clear()
    bench.progress.clear()
    yield bench
    bench.close()


def again(bench: SyncBench, since: int = FROM) -> None:
    bench.routes.read_again(bench.route_id, since, "ann")


def after_the_new(bench: SyncBench, happens: Any) -> None:
    """Let it happen when the reading that was asked for begins: the one for what is new is over."""

    def first() -> None:
        bench.source.plan[0] = happens

    bench.source.plan[0] = first


def test_it_comes_after_what_is_new_and_leaves_its_cursor_alone(bench: SyncBench) -> None:
    bench.source.pages[1][0] = an_order(3, shipping="by air")  # type: ignore[index]
    before = bench.task.cursor
    again(bench)
    task = bench.run()
    assert bench.source.asked == ["0", "1", "2", "", "1", "2"]
    assert [wish.start_at for wish in bench.source.wishes] == [0, 0, 0, FROM, FROM, FROM]
    assert (task.cursor, task.again_from, task.again_cursor) == (before, None, "")
    assert task.counts == {"changed": 1}
    assert [(one.done, one.left) for one in bench.progress[-3:]] == [(2, 3), (4, 1), (5, 0)]


def test_what_is_unchanged_stays(bench: SyncBench) -> None:
    again(bench)
    assert bench.run().counts == {}
    assert [len(bench.list.events(order.id)) for order in bench.all()] == [1] * 5


def test_broken_off_it_goes_on_where_it_was(bench: SyncBench) -> None:
    again(bench)

    def second_page() -> None:
        bench.source.plan[1] = BROKEN

    after_the_new(bench, second_page)
    task = bench.run()
    assert (task.result_code, task.again_from, task.again_cursor) == ("server_error", FROM, "1")
    assert task.cursor == "0", "the usual reading came to its end before"
    bench.source.asked.clear()
    task = bench.run()
    assert bench.source.asked == ["0", "1", "2", "1", "2"]
    assert (task.again_from, task.result_code) == (None, "")


def test_asked_for_twice_it_begins_anew_at_the_earlier_date(bench: SyncBench) -> None:
    again(bench)
    after_the_new(bench, lambda: again(bench, FROM + 1))
    task = bench.run()
    assert (task.again_from, task.again_cursor) == (FROM, "")
    assert task.due_at <= bench.clock.now_ms(), "it goes on at once"
    bench.source.asked.clear()
    assert bench.run().again_from is None
    assert bench.source.asked == ["0", "1", "2", "", "1", "2"]


def test_a_page_of_other_settings_is_not_stored(bench: SyncBench) -> None:
    """The route is edited while the first page is on its way."""
    again(bench)

    def edited() -> None:
        bench.routes.change(bench.route_id, "other", {}, 300, FROM, "ann")

    after_the_new(bench, edited)
    task = bench.run()
    assert (task.again_from, task.again_cursor) == (FROM, "")
    bench.run()
    assert bench.source.wishes[-1].mode == "other"


def test_it_makes_room_for_what_is_new(bench: SyncBench) -> None:
    again(bench)
    after_the_new(bench, lambda: bench.clock.advance(301))
    task = bench.run()
    assert (task.again_cursor, task.result_code) == ("1", "")
    assert task.due_at <= bench.clock.now_ms(), "the next run is due at once"
    assert bench.run().again_from is None


def test_ended_by_a_person(bench: SyncBench) -> None:
    again(bench)
    after_the_new(bench, lambda: bench.routes.read_no_more(bench.route_id, "ann"))
    bench.run()
    bench.source.asked.clear()
    assert bench.run().again_from is None
    assert bench.source.asked == ["0", "1", "2"]


def test_what_it_finds_out_about_the_mode_is_said(bench: SyncBench) -> None:
    skip = Reason("mg_skip_not_invoiced", {"setting": "mode", "value": "wait-for-invoice"})
    again(bench)

    def none_is_invoiced() -> None:
        bench.source.pages = [[an_order(n, skip=skip) for n in range(1, 6)]]

    after_the_new(bench, none_is_invoiced)
    assert bench.run().advice_code == "mg_mode_wait"


def test_an_order_that_was_looked_up_is_not_put_behind_a_later_one(bench: SyncBench) -> None:
    later = an_order(1, at=60, status="complete")
    assert list(bench.orders.take_found(1, [later])) == ["1"]
    assert bench.orders.take_found(1, [an_order(1, at=30)]) == {}
    assert bench.order("000000001").source_status == "complete"


def test_a_source_without_orders_at_all(bench: SyncBench) -> None:
    bench.source = FakeSource()
    again(bench)
    assert bench.run().again_from is None
