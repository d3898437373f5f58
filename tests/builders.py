"""Short ways to the values that tests need; everything not named is ordinary."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.outcomes import Outcome, succeeded
from app.core.payload import dump_shipment, idempotency_key
from app.core.states import JobState
from app.core.tracking import order_channel
from app.core.types import ORDER_POST, ConnectionInfo, Job, NewJob, Priority, Proof, Shipment
from app.models.acts import Acts
from app.models.budgets import Budgets
from app.models.connections import Connections
from app.models.database import Database
from app.models.history import History
from app.models.opening import FILE_NAME, Opened, open_store
from app.models.outbox import Entered, Outbox
from tests.fakes.clock import FakeClock

UPS = "1Z23966E0397467800"
LEASE = "1-this-process"
OTHER_LEASE = "2-another-process"


def a_shipment(order_ref: str = "316132", tracking: str = UPS, **more: Any) -> Shipment:
    """One parcel."""
    return Shipment(order_ref, tracking, **more)


def a_new_job(
    order_ref: str = "316132",
    tracking: str = UPS,
    connection_id: int = 1,
    *,
    repeat: int = 0,
    priority: int = Priority.WRITE_BACK,
    ship_by_ms: int | None = None,
) -> NewJob:
    """A write-back as it enters the outbox."""
    shipment = a_shipment(order_ref, tracking)
    channel = order_channel(order_ref)
    return NewJob(
        ORDER_POST, connection_id, order_ref, channel, tracking,
        idempotency_key(connection_id, channel, shipment, repeat), dump_shipment(shipment),
        priority, ship_by_ms,
    )  # fmt: skip


def some_new_jobs(count: int, connection_id: int = 1, stem: str = "A") -> list[NewJob]:
    """Write-backs of different orders."""
    return [
        a_new_job(f"{stem}{i}", f"{stem}TRACK{i:06}", connection_id) for i in range(1, count + 1)
    ]


def a_job(state: JobState = JobState.IN_FLIGHT, **more: Any) -> Job:
    """A stored job that no file holds."""
    now = FakeClock().now_ms()
    values: dict[str, Any] = {
        "id": 7, "public_id": now, "kind": ORDER_POST, "connection_id": 1,
        "order_ref": "316132", "channel": "316132", "tracking": UPS,
        "payload": dump_shipment(a_shipment()), "state": state, "created_at": now, "due_at": now,
        "reason_code": "", "reason_params": {}, "reason_since": now, "attempts": 0, "lost": 0,
        "runs": 1, "deaths": 0, "removing": False, "finished_at": None, "proof": None,
    }  # fmt: skip
    return Job(**{**values, **more})


def a_proof(**more: Any) -> Proof:
    """What a remote held."""
    values: dict[str, Any] = {"sent": UPS, "held": UPS, "read_at": 1_790_000_000_000, **more}
    return Proof(**values)


def a_connection(connection_id: int = 1, name: str = "Shop", **more: Any) -> ConnectionInfo:
    """An account that no file holds."""
    return ConnectionInfo(connection_id, name, "printsmith", **more)


@dataclass
class Store:
    """An open data file with everything that works on it."""

    folder: Path
    clock: FakeClock
    opened: Opened

    def __post_init__(self) -> None:
        self.database: Database = self.opened.database
        self.outbox = Outbox(self.database, self.clock)
        self.acts = Acts(self.database, self.clock)
        self.connections = Connections(self.database, self.clock)
        self.history = History(self.database)
        self.budgets = Budgets(self.database)

    @property
    def path(self) -> Path:
        return self.folder / FILE_NAME

    def connect(self, name: str = "Shop") -> int:
        """One more connection; its id."""
        return self.connections.add(name, "printsmith", {}, is_practice=False, actor="desk").id

    def enter(self, *jobs: NewJob) -> list[Entered]:
        """Into the outbox; without jobs the ordinary one."""
        return self.outbox.enter(jobs or [a_new_job()], "desk")

    def claim(self, connection_id: int = 1, lease: str = LEASE) -> Job:
        """The next job of a connection, which must be there."""
        job = self.outbox.claim(connection_id, lease)
        assert job is not None, "nothing was due"
        return job

    def record(self, job: Job, outcome: Outcome, lease: str = LEASE) -> JobState:
        """Store what came of a run that began now."""
        started = self.clock.now_ms()
        return self.outbox.record(job, outcome, lease, started_at=started, claim_next=False).state

    def job(self, job_id: int = 1) -> Job:
        """The row as it stands."""
        found = self.history.job(job_id)
        assert found is not None, f"there is no job {job_id}"
        return found

    def story(self, job_id: int = 1) -> list[str]:
        """What happened to a job, in order."""
        return [line.what for line in self.history.of_job(job_id)]

    def put(self, state: JobState, *jobs: NewJob) -> int:
        """A job brought to a state the way life does; its id."""
        entered = self.enter(*jobs)[0]
        if state is JobState.PENDING:
            return entered.job_id
        if state is JobState.PARKED:
            self.acts.park([entered.job_id], "desk")
        elif state is JobState.DISCARDED:
            self.acts.discard([entered.job_id], "desk")
        else:
            job = self.claim()
            assert job.id == entered.job_id, "another job was due first"
            if state is not JobState.IN_FLIGHT:
                self.record(job, AN_OUTCOME[state])
        return entered.job_id

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Read by a connection that is not the program's: only what was committed."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(sql, parameters).fetchall()

    def change(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Change the file behind the program's back."""
        with closing(sqlite3.connect(self.path, timeout=10)) as connection, connection:
            connection.execute(sql, parameters)


AN_OUTCOME = {
    JobState.PENDING: Outcome(JobState.PENDING, "server_error", {"status": 500}, 30.0, spent=True),
    JobState.IN_DOUBT: Outcome(JobState.IN_DOUBT, "answer_lost", wait_s=2.0, lost=True),
    JobState.SUCCEEDED: succeeded(a_proof()),
    JobState.FAILED: Outcome(JobState.FAILED, "rejected", {"field": "tracking"}, spent=True),
}
PERSON_DECIDES = Outcome(JobState.IN_DOUBT, "person_decides", wait_s=None)


def a_store(folder: Path, clock: FakeClock | None = None, *, connections: int = 1) -> Store:
    """A new data file with connections 1, 2, ...; close it with `store.database.close_thread`."""
    clock = clock or FakeClock()
    store = Store(folder, clock, open_store(folder, clock))
    for number in range(1, connections + 1):
        store.connect(f"Shop {number}")
    return store
