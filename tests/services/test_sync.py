"""One run along a route: what is stored, what a broken run leaves, what the task says."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import (
    CredentialsRejected,
    PermissionMissing,
    RemoteUnavailable,
    StorageError,
    Throttled,
    TransientError,
)
from app.core.orders import Reason
from app.services.sync import Sync
from tests.fakes.source import FakeSource, an_order
from tests.services.sync_bench import SyncBench

NOT_INVOICED = Reason("mg_skip_not_invoiced", {"setting": "mode", "value": "wait-for-invoice"})


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[SyncBench]:
    bench = SyncBench(tmp_path)
    bench.source.pages = [[an_order(1), an_order(2)], [an_order(3), an_order(4)], [an_order(5)]]
    yield bench
    bench.close()


REFS = [f"{number:09}" for number in range(1, 6)]


def test_a_run_reads_to_the_end_and_says_what_came(bench: SyncBench) -> None:
    task = bench.run()
    assert bench.refs == REFS
    assert (task.counts, task.result_code, task.cycle_since) == ({"new": 5}, "", None)
    assert task.due_at - bench.clock.now_ms() == 300_000
    assert [(one.done, one.left) for one in bench.progress] == [(2, 3), (4, 1), (5, 0)]
    assert sum(len(one.order_ids) for one in bench.changed) == 5
    assert bench.source.is_closed


def test_what_is_unchanged_is_no_news(bench: SyncBench) -> None:
    bench.run()
    bench.changed.clear()
    assert bench.run().counts == {}
    assert bench.changed == []
    assert [len(bench.list.events(order.id)) for order in bench.all()] == [1] * 5


@pytest.mark.parametrize("page", [0, 1, 2])
def test_a_run_that_is_broken_off_keeps_its_pages_and_goes_on_from_there(
    bench: SyncBench, page: int
) -> None:
    bench.source.plan[page] = TransientError("server_error", host="h", status=500)
    task = bench.run()
    assert bench.refs == REFS[: 2 * page]
    assert (task.result_code, task.failures) == ("server_error", 1)
    assert task.cycle_since is not None
    bench.source.asked.clear()
    task = bench.run()
    assert bench.source.asked[0] == (str(page) if page else "")
    assert bench.refs == REFS
    assert (task.counts, task.result_code, task.over_since) == ({"new": 5}, "", None)


@pytest.mark.parametrize("page", [0, 1, 2])
def test_a_page_that_cannot_be_stored_is_fetched_again(bench: SyncBench, page: int) -> None:
    """Between the answer and the commit: neither the orders nor the cursor."""
    take = bench.orders.take
    calls = 0

    def failing(*given: object) -> object:
        nonlocal calls
        calls += 1
        if calls == page + 1:
            bench.stopping.set()  # spares the wait
            raise StorageError("store_full")
        return take(*given)  # type: ignore[arg-type]

    bench.orders.take = failing  # type: ignore[method-assign,assignment]
    bench.run()
    assert bench.refs == REFS[: 2 * page]
    bench.stopping.clear()
    bench.run()
    assert bench.refs == REFS


def test_a_fault_of_the_program_is_told_and_tried_again(bench: SyncBench) -> None:
    bench.source.plan[1] = LookupError("nobody thought of that")
    assert bench.run().result_code == "program_error"
    assert bench.run().result_code == ""
    assert bench.refs == REFS


def test_tries_come_later_and_later_but_never_beyond_the_interval(bench: SyncBench) -> None:
    waits = []
    for _ in range(5):
        bench.source.plan[0] = TransientError("server_error", host="h", status=500)
        task = bench.run()
        waits.append((task.due_at - bench.clock.now_ms()) / 1000)
    assert waits == [30, 120, 300, 300, 300]


def test_a_source_that_asks_for_a_pause_gets_it(bench: SyncBench) -> None:
    bench.source.plan[0] = Throttled("rate_limited", retry_after_s=900, host="h")
    task = bench.run()
    assert task.due_at - bench.clock.now_ms() == 900_000
    assert bench.store.connections.gate(1).held_until - bench.clock.now_ms() == 900_000


def test_a_refused_sign_in_stops_the_connection(bench: SyncBench) -> None:
    bench.source.plan[0] = CredentialsRejected("mg_keys", host="h", message="no")
    bench.run()
    assert bench.store.connections.gate(1).block_code == "mg_keys"


def test_a_right_that_only_reading_needs_stops_no_write(bench: SyncBench) -> None:
    bench.source.plan[0] = PermissionMissing("mg_right", resource="View")
    assert bench.run().result_code == "mg_right"
    assert not bench.store.connections.gate(1).is_blocked


def test_an_unreachable_source_counts_for_its_connection_and_recovers(bench: SyncBench) -> None:
    for count in range(1, 4):
        bench.source.plan[0] = RemoteUnavailable("dns", host="h")
        bench.run()
        assert bench.store.connections.gate(1).failures == count
    bench.clock.advance(60)
    bench.run()
    assert bench.store.connections.gate(1).failures == 0
    assert [one.what for one in bench.store.history.recent(9)][-1] == "sync_works_again"


def test_a_pause_takes_effect_between_two_pages(bench: SyncBench) -> None:
    bench.source.plan[1] = lambda: bench.routes.pause(bench.route_id, None, "ann")
    task = bench.run()
    assert bench.refs == REFS[:4]
    assert (task.running_since, task.result_code) == (None, "")
    bench.routes.resume(bench.route_id, "ann")
    bench.run()
    assert bench.refs == REFS


def test_a_block_of_the_connection_holds_its_reading(bench: SyncBench) -> None:
    error = CredentialsRejected("mg_keys", host="h", message="no")
    bench.source.plan[0] = lambda: bench.store.connections.block(1, error)
    bench.run()
    assert bench.refs == REFS[:2]


def test_a_route_that_is_removed_meanwhile_stores_nothing_more(bench: SyncBench) -> None:
    bench.source.plan[1] = lambda: bench.routes.remove(bench.route_id, "ann")
    bench.sync.run(bench.route_id, bench.stopping)
    assert bench.refs == REFS[:2]


def test_two_that_read_the_same_double_nothing(bench: SyncBench) -> None:
    """Somebody else takes a page while ours is on its way: ours is not stored."""
    theirs = FakeSource(bench.source.pages)
    other = Sync(replace(bench.means, open_orders=lambda _: theirs))
    bench.source.plan[1] = lambda: other.run(bench.route_id, bench.stopping)
    bench.run()
    assert theirs.asked == ["1", "2"]
    assert bench.refs == REFS
    assert [len(bench.list.events(order.id)) for order in bench.all()] == [1] * 5


def test_a_stop_stores_nothing_more_and_leaves_the_task_whole(bench: SyncBench) -> None:
    bench.source.plan[1] = bench.stopping.set
    task = bench.run()
    assert bench.refs == REFS[:2]
    assert task.running_since is None


def test_a_reading_that_starts_over_is_noticed_until_it_ends(bench: SyncBench) -> None:
    bench.source.positions = {1: bench.clock.now_ms() - 10**9}
    bench.source.plan[2] = TransientError("server_error", host="h", status=500)
    task = bench.run()
    assert task.over_since == bench.clock.now_ms()
    assert bench.run().over_since is None


@pytest.mark.parametrize(
    ("skipped", "read", "is_said"), [(8, 10, True), (7, 10, False), (4, 4, False)]
)
def test_nearly_all_skipped_for_the_mode_is_said(
    bench: SyncBench, skipped: int, read: int, is_said: bool
) -> None:
    bench.source.pages = [
        [an_order(n, skip=NOT_INVOICED if n <= skipped else None) for n in range(1, read + 1)]
    ]
    task = bench.run()
    assert (task.advice_code == "mg_mode_wait") is is_said
    if is_said:
        assert task.advice_params == {"skipped": skipped, "read": read}
        bench.run()
        assert bench.task.advice_code, "a run without news takes nothing back"


def test_the_wish_comes_from_the_route(bench: SyncBench) -> None:
    bench.run()
    bench.routes.remove(bench.route_id, "ann")
    given_settings = {"start_at": 7, "stores": "1,3", "with_address": True}
    bench.route_id = bench.routes.add("orders", 1, None, "m", given_settings, 60, "ann")
    bench.run()
    wish = bench.source.wishes[-1]
    assert (wish.mode, wish.start_at, wish.stores, wish.with_address) == (
        "m", 7, frozenset({"1", "3"}), True,
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=12), st.integers(1, 5))
def test_wherever_runs_are_broken_off_every_order_is_there_once(
    tmp_path_factory: pytest.TempPathFactory, breaks: list[int], size: int
) -> None:
    bench = SyncBench(tmp_path_factory.mktemp("sync"))
    try:
        numbers = range(1, 12)
        bench.source.pages = [
            [an_order(n) for n in numbers[start : start + size]] for start in range(0, 11, size)
        ]
        for page in breaks:
            bench.source.plan[page] = TransientError("server_error", host="h", status=500)
            bench.run()
            bench.source.plan.clear()
        bench.run()
        assert bench.refs == [f"{n:09}" for n in numbers]
        assert all(len(bench.list.events(order.id)) == 1 for order in bench.all())
        assert bench.task.cycle_since is None
    finally:
        bench.close()
