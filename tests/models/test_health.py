"""Calls in the data file: added up, bounded, read by index."""

from app.core.health import MINUTE_MS, Api, Mark, Result, Tally, Way
from app.core.orders import OrderPage
from app.core.outcomes import succeeded
from app.core.states import JobState
from app.models.health import KEPT_MINUTES, HealthStore, Key, Last
from app.models.orders import Orders
from app.models.routes import Routes
from tests.builders import Store, a_new_job, a_proof, some_new_jobs
from tests.fakes.clock import FakeClock
from tests.fakes.source import an_order

KEY: Key = (1, Api.WRITE_BACK, Way.WRITE)


def a_tally(clock: FakeClock, minutes_ago: int = 0, result: Result = Result.OK) -> Tally:
    return Tally(clock.now_ms() // MINUTE_MS - minutes_ago, Way.WRITE, result, 3, 0)


def put(store: Store, *tallies: Tally, mark: Mark | None = None) -> None:
    now = store.clock.now_ms()
    marks = {KEY: mark} if mark else {}
    HealthStore(store.database).add({(KEY, one): 2 for one in tallies}, marks, now)


def test_batches_of_one_minute_add_up(store: Store, clock: FakeClock) -> None:
    put(store, a_tally(clock))
    put(store, a_tally(clock), a_tally(clock, result=Result.FAILED))
    (calls,) = HealthStore(store.database).load(clock.now_ms())[1].values()
    assert {one.result: one.calls for one in calls.tallies} == {Result.OK: 4, Result.FAILED: 2}


def test_marks_go_on_where_the_last_batch_ended(store: Store, clock: FakeClock) -> None:
    put(store, a_tally(clock), mark=Mark(failed_at=5, in_a_row=2, failing_since=4, code="a"))
    put(store, a_tally(clock), mark=Mark(failed_at=9, in_a_row=1, failing_since=9, code="b",
                                         params={"host": "shop"}))  # fmt: skip
    mark = HealthStore(store.database).load(0)[1][Api.WRITE_BACK].marks[Way.WRITE]
    assert (mark.in_a_row, mark.failing_since, mark.failed_at) == (3, 4, 9)
    assert (mark.code, mark.params) == ("b", {"host": "shop"})


def test_a_day_is_kept_and_nothing_from_ahead(store: Store, clock: FakeClock) -> None:
    put(store, *(a_tally(clock, age) for age in (-5, 0, KEPT_MINUTES, KEPT_MINUTES + 1)))
    kept = store.rows("SELECT minute FROM health_calls ORDER BY minute")
    now = clock.now_ms() // MINUTE_MS
    assert kept == [(now - KEPT_MINUTES,), (now,)]


def test_forgetting_leaves_nothing(store: Store, clock: FakeClock) -> None:
    put(store, a_tally(clock), mark=Mark(ok_at=1))
    HealthStore(store.database).forget()
    assert HealthStore(store.database).load(0) == {}


def test_reading_and_pruning_go_by_the_key(store: Store, clock: FakeClock) -> None:
    asked: list[str] = []
    store.database.connection().set_trace_callback(asked.append)
    put(store, a_tally(clock))
    HealthStore(store.database).load(clock.now_ms())
    HealthStore(store.database).activity([1, 2])
    store.database.connection().set_trace_callback(None)
    plans = [
        row[3] for sql in asked if sql.split()[0] in ("SELECT", "DELETE")
        for row in store.rows(f"EXPLAIN QUERY PLAN {sql}")
    ]  # fmt: skip
    assert len(plans) > 6
    # The newest rows of all are read along the table itself; marks are a handful.
    scans = [plan for plan in plans if plan.startswith("SCAN") and "health_marks" not in plan]
    assert set(scans) <= {"SCAN jobs", "SCAN (subquery-1)", "SCAN (subquery 1)"}


def test_the_newest_of_each_kind_is_told_per_connection(store: Store, clock: FakeClock) -> None:
    store.enter(a_new_job("A1"))
    job = store.claim()
    clock.advance(60)
    store.record(job, succeeded(a_proof()))
    confirmed = clock.now_ms()
    clock.advance(60)
    store.enter(a_new_job("A2"), a_new_job("B1", connection_id=2))
    routes, orders = Routes(store.database, clock), Orders(store.database, clock)
    route = routes.add("orders", 1, None, "all", {}, 300, "ann")
    orders.take(route, 1, OrderPage([an_order(7001)], "", True), "")
    found = HealthStore(store.database).activity([1, 2])
    assert found[1].written == Last("A1", confirmed)
    assert found[1].taken_in == Last("A2", clock.now_ms())
    assert found[1].order_read == Last("000007001", clock.now_ms())
    assert found[1].product_sent is None
    assert found[2].taken_in == Last("B1", clock.now_ms())
    assert (found[2].written, found[2].order_read) == (None, None)


def test_a_shipment_long_ago_is_known_by_its_write_back(store: Store, clock: FakeClock) -> None:
    store.put(JobState.SUCCEEDED, a_new_job("old"))
    entered = clock.now_ms()
    clock.advance(60)
    store.enter(*some_new_jobs(2001, connection_id=2))
    assert HealthStore(store.database).activity([1])[1].taken_in == Last("old", entered)
