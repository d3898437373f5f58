"""Budgets against a store in memory and a clock the test moves."""

import threading
from collections.abc import Callable

import pytest

from app.core.errors import Throttled
from app.core.rates import Bucket, Rate
from app.integrations.limits import BudgetStore, RateBudget, ServerLocks
from tests.fakes.clock import FakeClock

WRITE = "invoice.write"
TWO_A_SECOND = Rate(per_s=2, burst=10)


class MemoryStore:
    """What the database will do, counted."""

    def __init__(self) -> None:
        self.buckets: dict[tuple[int, str], Bucket] = {}
        self.loads = self.updates = 0
        self._lock = threading.Lock()

    def load(self, connection_id: int, operation: str) -> Bucket | None:
        self.loads += 1
        return self.buckets.get((connection_id, operation))

    def update(
        self, connection_id: int, operation: str, change: Callable[[Bucket | None], Bucket]
    ) -> Bucket:
        self.updates += 1
        with self._lock:
            key = (connection_id, operation)
            self.buckets[key] = change(self.buckets.get(key))
            return self.buckets[key]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def a_budget(
    store: BudgetStore, clock: FakeClock, rate: Rate | None = TWO_A_SECOND, connection_id: int = 1
) -> RateBudget:
    declared = {WRITE: rate} if rate else {}
    return RateBudget(connection_id, store, clock, declared, host="shop.example")


def take_all(budget: RateBudget, operation: str = WRITE) -> int:
    """Take until it is refused."""
    for count in range(1000):
        try:
            budget.take(operation)
        except Throttled:
            return count
    return 1000


def test_burst_goes_at_once_but_for_one_in_reserve(store: MemoryStore, clock: FakeClock) -> None:
    assert take_all(a_budget(store, clock)) == 9


def test_refused_call_says_what_must_wait_and_how_long(
    store: MemoryStore, clock: FakeClock
) -> None:
    budget = a_budget(store, clock)
    take_all(budget)
    with pytest.raises(Throttled) as caught:
        budget.take(WRITE)
    assert caught.value.code == "rate_limited"
    assert caught.value.operation == WRITE
    assert caught.value.retry_after_s == 0.5
    assert caught.value.params == {"host": "shop.example"}
    assert budget.wait_s(WRITE) == 0.5


def test_after_the_burst_calls_go_at_the_pace(store: MemoryStore, clock: FakeClock) -> None:
    budget = a_budget(store, clock)
    take_all(budget)
    for _ in range(20):
        clock.advance(budget.wait_s(WRITE))
        assert take_all(budget) == 1


def test_idle_time_fills_the_burst_and_no_more(store: MemoryStore, clock: FakeClock) -> None:
    budget = a_budget(store, clock)
    take_all(budget)
    clock.advance(3600)
    assert take_all(budget) == 9


def test_single_call_at_a_time_has_no_reserve(store: MemoryStore, clock: FakeClock) -> None:
    budget = a_budget(store, clock, Rate(per_s=1, burst=1))
    assert take_all(budget) == 1
    clock.advance(0.999)
    assert take_all(budget) == 0
    clock.advance(0.001)
    assert take_all(budget) == 1


def test_twenty_accounts_stay_near_the_allowed_rate_without_a_refusal(
    store: MemoryStore, clock: FakeClock
) -> None:
    calls, accounts = 800, 20
    remote = [_Remote(TWO_A_SECOND, clock) for _ in range(accounts)]
    budgets = [a_budget(store, clock, connection_id=number) for number in range(accounts)]
    left = [calls // accounts] * accounts
    started = clock.monotonic()
    while any(left):
        for number, budget in enumerate(budgets):
            while left[number] and budget.wait_s(WRITE) == 0:
                budget.take(WRITE)
                remote[number].call()
                left[number] -= 1
        if any(left):
            clock.advance(min(b.wait_s(WRITE) for b, n in zip(budgets, left, strict=True) if n))
    ideal = (calls - accounts * TWO_A_SECOND.burst) / (accounts * TWO_A_SECOND.per_s)
    assert sum(each.refused for each in remote) == 0
    assert ideal / (clock.monotonic() - started) >= 0.96


class _Remote:
    """A remote that fills a bucket evenly and refuses when it is empty."""

    def __init__(self, rate: Rate, clock: FakeClock) -> None:
        self._rate, self._clock = rate, clock
        self._tokens, self._at = float(rate.burst), clock.monotonic()
        self.refused = 0

    def call(self) -> None:
        now = self._clock.monotonic()
        grown = self._tokens + (now - self._at) * self._rate.per_s
        self._tokens, self._at = min(grown, self._rate.burst), now
        if self._tokens < 1:
            self.refused += 1
        else:
            self._tokens -= 1


def test_twenty_restarts_share_one_burst(store: MemoryStore, clock: FakeClock) -> None:
    assert sum(take_all(a_budget(store, clock)) for _ in range(20)) == 9


def test_connections_have_budgets_of_their_own(store: MemoryStore, clock: FakeClock) -> None:
    assert take_all(a_budget(store, clock, connection_id=1)) == 9
    assert take_all(a_budget(store, clock, connection_id=2)) == 9


def test_threads_share_one_burst(store: MemoryStore, clock: FakeClock) -> None:
    taken: list[int] = []
    budget = a_budget(store, clock, Rate(per_s=0.001, burst=201))
    threads = [threading.Thread(target=lambda: taken.append(take_all(budget))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 200


def test_unlimited_operation_asks_the_store_once(store: MemoryStore, clock: FakeClock) -> None:
    budget = a_budget(store, clock, rate=None)
    for _ in range(50):
        assert budget.wait_s("invoice.read") == 0
        budget.take("invoice.read")
    assert store.loads == 2  # the operation, and the whole connection
    assert store.updates == 0


def test_observation_is_seen_after_a_look_found_nothing(
    store: MemoryStore, clock: FakeClock
) -> None:
    budget = a_budget(store, clock, rate=None)
    assert budget.wait_s(WRITE) == 0
    budget.observe(WRITE, 1.0, 3)
    assert take_all(budget) == 2
    assert budget.wait_s(WRITE) == 1.0


def test_observation_between_look_and_memory_is_not_lost(clock: FakeClock) -> None:
    class SlowStore(MemoryStore):
        """The answer "nothing known" is overtaken by an observation."""

        def load(self, connection_id: int, operation: str) -> Bucket | None:
            found = super().load(connection_id, operation)
            if operation == WRITE and self.loads <= 2:
                budget.observe(WRITE, 1.0, 2)
            return found

    budget = a_budget(SlowStore(), clock, rate=None)
    budget.wait_s(WRITE)
    assert take_all(budget) == 1


def test_observed_rate_goes_before_the_declared_one(store: MemoryStore, clock: FakeClock) -> None:
    budget = a_budget(store, clock)
    budget.observe(WRITE, 0.5)
    take_all(budget)
    assert budget.wait_s(WRITE) == 2.0
    assert take_all(a_budget(store, clock)) == 0  # after a restart too


def test_faster_rate_ends_a_wait_booked_at_the_slower(store: MemoryStore, clock: FakeClock) -> None:
    budget = a_budget(store, clock, Rate(per_s=0.01, burst=10))
    take_all(budget)
    budget.observe(WRITE, 10.0)
    assert budget.wait_s(WRITE) <= 0.1


def test_repeated_observation_writes_once(store: MemoryStore, clock: FakeClock) -> None:
    budget = a_budget(store, clock)
    for _ in range(10):
        budget.observe(WRITE, 4.0, 8)
    assert store.updates == 1


@pytest.mark.parametrize("per_s", [0.0, -1.0, float("nan"), float("inf")])
def test_absurd_observation_is_ignored(store: MemoryStore, clock: FakeClock, per_s: float) -> None:
    budget = a_budget(store, clock)
    budget.observe(WRITE, per_s)
    assert take_all(budget) == 9


def test_hold_stops_one_operation(store: MemoryStore, clock: FakeClock) -> None:
    budget = a_budget(store, clock, rate=None)
    budget.hold(WRITE, 30)
    assert budget.wait_s(WRITE) == 30
    assert budget.wait_s("invoice.read") == 0
    with pytest.raises(Throttled) as caught:
        budget.take(WRITE)
    assert (caught.value.operation, caught.value.retry_after_s) == (WRITE, 30)
    clock.advance(30)
    budget.take(WRITE)


def test_hold_without_operation_stops_the_connection(store: MemoryStore, clock: FakeClock) -> None:
    budget = a_budget(store, clock)
    budget.hold("", 30)
    assert budget.wait_s(WRITE) == budget.wait_s("invoice.read") == 30
    with pytest.raises(Throttled) as caught:
        budget.take(WRITE)
    assert caught.value.operation == ""


def test_hold_survives_a_restart(store: MemoryStore, clock: FakeClock) -> None:
    a_budget(store, clock).hold(WRITE, 30)
    clock.advance(10)
    assert a_budget(store, clock, rate=None).wait_s(WRITE) == 20


def test_shorter_hold_does_not_end_a_longer_one(store: MemoryStore, clock: FakeClock) -> None:
    budget = a_budget(store, clock, rate=None)
    budget.hold(WRITE, 30)
    budget.hold(WRITE, 5)
    assert budget.wait_s(WRITE) == 30


def test_hold_of_ten_years_ends_after_a_day(store: MemoryStore, clock: FakeClock) -> None:
    budget = a_budget(store, clock)
    budget.hold(WRITE, 3.15e8)
    assert budget.wait_s(WRITE) == 86_400


def test_after_a_refusal_calls_go_one_by_one(store: MemoryStore, clock: FakeClock) -> None:
    budget = a_budget(store, clock)
    budget.hold(WRITE, 60)
    clock.advance(60)
    assert take_all(budget) == 1
    assert budget.wait_s(WRITE) == 0.5


def test_clock_set_back_restarts_the_wait_from_now(store: MemoryStore, clock: FakeClock) -> None:
    budget = a_budget(store, clock)
    take_all(budget)
    clock.jump(-3600)
    assert budget.wait_s(WRITE) == 0.5
    clock.advance(0.5)
    assert budget.wait_s(WRITE) == 0
    assert take_all(budget) == 1


def test_clock_set_back_during_a_hold_never_lengthens_it(
    store: MemoryStore, clock: FakeClock
) -> None:
    budget = a_budget(store, clock)
    budget.hold(WRITE, 60)
    clock.jump(-7200)
    assert budget.wait_s(WRITE) == 60
    clock.advance(60)
    assert budget.wait_s(WRITE) == 0


def test_clock_set_forward_and_back_leaves_no_long_wait(
    store: MemoryStore, clock: FakeClock
) -> None:
    budget = a_budget(store, clock)
    clock.jump(7 * 3600)
    take_all(budget)
    clock.jump(-7 * 3600)
    assert budget.wait_s(WRITE) <= TWO_A_SECOND.burst / TWO_A_SECOND.per_s


def test_one_write_at_a_time_per_server() -> None:
    locks = ServerLocks()
    inside = threading.Event()
    order: list[str] = []

    def second() -> None:
        with locks.one_at_a_time("printsmith.example"):
            order.append("second")

    thread = threading.Thread(target=second)
    with locks.one_at_a_time("printsmith.example"):
        thread.start()
        with locks.one_at_a_time("other.example"):  # another server does not wait
            inside.set()
        order.append("first")
    thread.join()
    assert inside.is_set()
    assert order == ["first", "second"]


def test_server_is_free_again_after_an_error() -> None:
    locks = ServerLocks()
    with pytest.raises(Throttled), locks.one_at_a_time("printsmith.example"):
        raise Throttled("rate_limited")
    with locks.one_at_a_time("printsmith.example"):
        pass


def test_fake_wait_ends_when_the_time_is_moved(clock: FakeClock) -> None:
    answers: list[bool] = []
    event = threading.Event()
    thread = threading.Thread(target=lambda: answers.append(clock.wait(event, 30)))
    thread.start()
    assert clock.until_waiting()
    clock.jump(3600)  # the wall clock alone ends no wait
    assert clock.until_waiting()
    clock.advance(30)
    thread.join()
    assert answers == [False]
