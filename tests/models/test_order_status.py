"""The stored status of orders: right after whatever happens to their jobs and to themselves."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import UsageError
from app.core.job_types import comment_job
from app.core.order_deeds import OrderComment
from app.core.orders import OrderStatus, Reason
from app.core.states import JobState
from app.models.migrations import SCHEMA_VERSION
from app.models.order_status import ORDER_TRIGGERS, status_of
from app.models.order_writing import put_orders
from app.models.orders import Orders
from tests.builders import AN_OUTCOME, LEASE, OTHER_LEASE, PERSON_DECIDES, a_new_job, a_store
from tests.fakes.source import an_order

REFS = [f"{number:09}" for number in range(1, 5)]
FAULT, SKIP = Reason("mg_order_odd", {"problem": "x"}), Reason("mg_skip_on_hold")
OUTCOMES = [*AN_OUTCOME.values(), PERSON_DECIDES]
_WEIGHT = {
    "in_flight": OrderStatus.PROCESSING, "in_doubt": OrderStatus.PROCESSING,
    "failed": OrderStatus.FAILED, "pending": OrderStatus.PENDING, "parked": OrderStatus.PENDING,
    "succeeded": OrderStatus.SUCCESS,
}  # fmt: skip
_FIRST = [OrderStatus.PROCESSING, OrderStatus.FAILED, OrderStatus.PENDING, OrderStatus.SUCCESS]


class World:
    """Two connections that have orders with the same numbers, their jobs, and what may happen."""

    def __init__(self, folder: Path, chance: Random) -> None:
        self.store = a_store(folder, connections=2)
        self.orders = Orders(self.store.database, self.store.clock)
        self.chance, self._count = chance, 0
        for connection in (1, 2):
            self.read(connection)

    def read(self, connection: int = 1, **more: object) -> None:
        orders = [an_order(n, at=self._next(), **more) for n in range(1, 5)]
        self.store.database.write(lambda c: put_orders(c, connection, orders, Counter(), 5))

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _jobs(self) -> list[int]:
        found = [row[0] for row in self.store.rows("SELECT id FROM jobs")]
        return self.chance.sample(found, min(len(found), self.chance.randint(1, 2)))

    def enter(self) -> None:
        owner, ref = self.chance.choice([1, 1, 2]), self.chance.choice([*REFS, "ELSEWHERE"])
        if self.chance.random() < 0.2:
            deed = OrderComment(ref, "1", "hello")
            self.store.enter(comment_job(owner, deed, self._next()))
        else:
            self.store.enter(a_new_job(ref, f"1Z{self._next()}", owner))

    def enter_many(self) -> None:
        jobs = [a_new_job(ref, f"1Z{self._next()}", owner) for ref in REFS for owner in (1, 2)]
        self.store.enter(*jobs)

    def run(self) -> None:
        job = self.store.outbox.claim(self.chance.choice([1, 2]), LEASE)
        if job is not None and self.chance.random() < 0.8:
            self.store.record(job, self.chance.choice(OUTCOMES))

    def look(self) -> None:
        self.store.clock.advance(7200)
        self.run()

    def die(self) -> None:
        self.store.outbox.recover(OTHER_LEASE)

    def give_back(self) -> None:
        self.store.outbox.give_back(1, LEASE)

    def act(self) -> None:
        acts, ids = self.store.acts, self._jobs()
        what = self.chance.choice([acts.retry, acts.discard, acts.restore, acts.park])
        what(ids, "ann")

    def done(self) -> None:
        self.store.acts.done(self._jobs(), "seen", "ann")

    def edit(self) -> None:
        for job_id in self._jobs()[:1]:
            owner = self.store.job(job_id).connection_id
            changed = a_new_job(self.chance.choice(REFS), f"1Z{self._next()}", owner)
            self.store.acts.edit(job_id, changed, "ann", {})

    def set_back(self) -> None:
        ids = [row[0] for row in self.store.rows("SELECT id FROM orders")]
        with suppress(UsageError):  # it is being written
            self.orders.set_back(self.chance.sample(ids, 1), "", "ann")

    def skip(self) -> None:
        self.read(self.chance.choice([1, 2]), skip=SKIP)

    def spoil(self) -> None:
        self.read(self.chance.choice([1, 2]), fault=FAULT)

    def rename(self) -> None:
        ref = self.chance.choice(REFS)
        one = an_order(self.chance.randint(1, 4), at=self._next(), order_ref=ref)
        self.store.database.write(lambda c: put_orders(c, 1, [one], Counter(), 5))

    def leave(self) -> None:
        self.store.connections.remove(2, discard_rows=True, actor="ann")

    def check(self) -> None:
        """Every order stands in its row as its jobs and readings say."""
        jobs = self.store.rows("SELECT id, connection_id, channel, state, kind FROM jobs")
        for number, owner, channel, after, fault, skip, urgency in self.store.rows(
            "SELECT id, connection_id, channel, jobs_after, fault_code, skip_code, urgency "
            "FROM orders"
        ):
            found = {
                _WEIGHT[state]
                for job, job_owner, job_channel, state, kind in jobs
                if (job_owner, job_channel) == (owner, channel)
                and job > after
                and state != "discarded"
                and (state != "succeeded" or kind == "order.post")
            }
            read = OrderStatus.FAILED if fault else OrderStatus.SKIPPED if skip else None
            expected = next((one for one in _FIRST if one in found), read or OrderStatus.PENDING)
            assert status_of(urgency) is expected, f"order {number}"


DEEDS: list[Callable[[World], None]] = [
    World.enter, World.enter_many, World.run, World.run, World.look, World.die, World.give_back,
    World.act, World.act, World.done, World.edit, World.set_back, World.skip, World.spoil,
    World.rename, World.read,
]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, len(DEEDS) - 1), min_size=5, max_size=40), st.randoms())
def test_the_stored_status_is_right_after_whatever_happens(
    deeds: list[int], chance: Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), chance)
        try:
            for deed in deeds:
                DEEDS[deed](world)
                world.check()
            world.leave()
            world.check()
        finally:
            world.store.database.close_thread()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path, Random(1))
    yield world
    world.store.database.close_thread()


def changes(world: World) -> int:
    return int(world.store.rows("SELECT number FROM order_changes")[0][0])


def test_the_number_of_changes_rises_with_a_status_and_only_then(world: World) -> None:
    before = changes(world)
    world.store.enter(a_new_job("ELSEWHERE"))
    world.store.enter(a_new_job(REFS[0]))
    assert changes(world) == before, "it is pending as it was"
    world.store.record(world.store.claim(), AN_OUTCOME[JobState.FAILED])
    assert changes(world) == before, "not an order's job"
    world.store.claim()
    assert changes(world) == before + 1, "it is processing now"
    for _ in range(2):
        one = [an_order(1, at=99)]
        world.store.database.write(lambda c, one=one: put_orders(c, 1, one, Counter(), 5))
        assert changes(world) == before + 2, "changed once, then the same was read again"


def test_the_triggers_of_a_file_are_those_of_this_version(world: World) -> None:
    """Whoever changes them writes a step that makes them anew in older files."""
    found = world.store.rows("SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    assert [row[0] for row in found] == sorted(ORDER_TRIGGERS), SCHEMA_VERSION


def test_a_job_that_is_corrected_to_another_order_leaves_the_first_one(world: World) -> None:
    job_id = world.store.put(JobState.FAILED, a_new_job(REFS[0]))
    world.check()
    world.store.acts.edit(job_id, a_new_job(REFS[1], "1ZOTHER"), "ann", {})
    world.check()
