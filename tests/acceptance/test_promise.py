"""The promise, tried by a machine: whatever happens in whatever order, nothing is lost or doubled.

Hypothesis invents histories of shipments, answers, deaths of the process, clock jumps and acts
of people; after each step what the product promises must hold.
"""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.core.backoff import MAX_ATTEMPTS
from app.core.states import OPEN, JobState
from app.core.types import Shipment
from tests.fakes.bench import Bench
from tests.fakes.target import FakeRemote, ProcessDied

ORDERS = st.sampled_from(["316132", "316133", "316134"])
NUMBERS = st.sampled_from(["1Z1", "1Z2", "1Z3"])
ANSWERS = st.sampled_from(
    [
        "ok", "locked", "throttled", "down", "not_now", "refused", "signed_out", "bug",
        "lost_applied", "lost_unapplied", "dies_before", "dies_after",
    ]
)  # fmt: skip
LOOKS = st.sampled_from(["ok", "down", "throttled", "dies_looking"])


class WatchedRemote(FakeRemote):
    """Notes each write together with what the queue looked like at that moment."""

    def __init__(self, machine: "Promise") -> None:
        super().__init__()
        self._machine = machine

    def keep(self, shipment: Shipment) -> None:
        self._machine.check_order(shipment)
        super().keep(shipment)


class Promise(RuleBasedStateMachine):
    """One connection, three orders, everything that can go wrong."""

    @initialize()
    def open(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.bench = Bench(Path(self._folder.name), WatchedRemote(self))
        self.accepted: dict[int, tuple[str, str]] = {}
        self.overtaken: list[tuple[str, str]] = []

    def teardown(self) -> None:
        if not hasattr(self, "bench"):
            return
        self._everything_heals()
        self.bench.close()
        self._folder.cleanup()

    @rule(order=ORDERS, number=NUMBERS)
    def a_shipment_enters(self, order: str, number: str) -> None:
        job_id = self.bench.enter(order, number)
        assert self.accepted.setdefault(job_id, (order, number)) == (order, number)

    @rule(answers=st.lists(ANSWERS, min_size=1, max_size=3))
    def the_remote_will(self, answers: list[str]) -> None:
        self.bench.remote.plan.extend(answers)

    @rule(looks=st.lists(LOOKS, min_size=1, max_size=2))
    def a_look_will(self, looks: list[str]) -> None:
        self.bench.remote.look_plan.extend(looks)

    @rule(steps=st.integers(1, 4))
    def the_engine_works(self, steps: int) -> None:
        try:
            for _ in range(steps):
                self.bench.runner.step()
        except ProcessDied:
            self.bench.restart()

    @rule(seconds=st.sampled_from([1.0, 31.0, 400.0, 4000.0]))
    def time_passes(self, seconds: float) -> None:
        self.bench.clock.advance(seconds)

    @rule(seconds=st.sampled_from([-7200.0, -90.0, 90.0, 86_400.0]))
    def somebody_sets_the_clock(self, seconds: float) -> None:
        self.bench.clock.jump(seconds)
        if seconds < 0:
            self.bench.outbox.rebase_waits()
            self.bench.connections.rebase_holds()
        self.bench.runner.refresh()

    @precondition(lambda self: self.accepted)
    @rule(data=st.data(), act=st.sampled_from(["retry", "discard", "restore", "park"]))
    def a_person_acts(self, data: st.DataObject, act: str) -> None:
        job_id = data.draw(st.sampled_from(sorted(self.accepted)))
        getattr(self.bench.acts, act)([job_id], "anna")

    @rule()
    def a_person_resumes_the_connection(self) -> None:
        self.bench.connections.resume(self.bench.connection.id, "anna")
        self.bench.runner.refresh()

    @invariant()
    def nothing_is_lost(self) -> None:
        for job_id, (order, number) in getattr(self, "accepted", {}).items():
            job = self.bench.job(job_id)
            assert (job.order_ref, job.tracking) == (order, number)

    @invariant()
    def nothing_is_doubled(self) -> None:
        if hasattr(self, "bench"):
            writes = self.bench.remote.writes
            assert len(writes) == len(set(writes)), writes

    @invariant()
    def done_means_there(self) -> None:
        for job_id, (order, number) in getattr(self, "accepted", {}).items():
            job = self.bench.job(job_id)
            if job.state is JobState.SUCCEEDED:
                assert number in self.bench.remote.held[order]
                assert job.proof is not None

    @invariant()
    def attempts_are_counted(self) -> None:
        for job_id in getattr(self, "accepted", {}):
            job = self.bench.job(job_id)
            assert 0 <= job.attempts <= MAX_ATTEMPTS
            assert job.state is not JobState.PENDING or job.attempts < MAX_ATTEMPTS

    def check_order(self, shipment: Shipment) -> None:
        """While a number is written, no earlier row of that order may still be open."""
        rows = [self.bench.job(job_id) for job_id in sorted(self.accepted)]
        mine = next(
            row
            for row in rows
            if (row.order_ref, row.tracking) == (shipment.order_ref, shipment.tracking)
            and row.state in OPEN
        )
        self.overtaken += [
            (row.tracking, shipment.tracking)
            for row in rows
            if row.order_ref == shipment.order_ref and row.id < mine.id and row.state in OPEN
        ]

    @invariant()
    def nothing_overtakes_within_an_order(self) -> None:
        assert not getattr(self, "overtaken", ())

    def _everything_heals(self) -> None:
        """With a remote that works and a person who resumes, every open row is confirmed."""
        bench = self.bench
        bench.remote.plan.clear()
        bench.remote.look_plan.clear()
        bench.connections.resume(bench.connection.id, "anna")
        bench.runner.refresh()
        bench.settle()
        for job_id in self.accepted:
            assert bench.job(job_id).state not in OPEN


Promise.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestPromise = Promise.TestCase
