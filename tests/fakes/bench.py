"""A work bench for tests of the engine: real store, fake clock, fake remote, no threads."""

import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.core.clock import Clock
from app.core.events import EventBus
from app.core.types import Job, Shipment
from app.models.acts import Acts
from app.models.connections import Connections
from app.models.history import History
from app.models.opening import open_store
from app.models.outbox import Outbox
from app.services.runner import Runner, Workshop
from app.services.turns import Turns
from app.services.write_back import WriteBack
from tests.fakes.clock import FakeClock
from tests.fakes.target import FakeOpened, FakeRemote, FakeTarget


class Bench:
    """One data folder with one connection, whose runner the test steps by hand."""

    def __init__(
        self, folder: Path, remote: FakeRemote | None = None, clock: Clock | None = None
    ) -> None:
        self.clock: Any = clock or FakeClock()
        self.remote = remote or FakeRemote()
        self.target = FakeTarget(self.remote)
        self.bus = EventBus()
        opened = open_store(folder, self.clock)
        self.database = opened.database
        self.outbox = Outbox(self.database, self.clock)
        self.acts = Acts(self.database, self.clock)
        self.history = History(self.database)
        self.connections = Connections(self.database, self.clock)
        self.write_back = WriteBack(self.outbox, self.bus, self.clock, opened.uid, random.Random(1))
        self.connection = self.connections.add(
            "Shop", "printsmith", {}, is_practice=True, actor="test"
        )
        self.starts = 0
        self.restart()

    def restart(self, open_target: Callable[[int], FakeOpened] | None = None) -> None:
        """The process begins (again): a new lease, what a dead one left is recovered."""
        self.starts += 1
        self.shop = Workshop(
            self.outbox, self.connections, self.write_back,
            open_target or (lambda _: FakeOpened(self.target)), self.bus, self.clock, Turns(),
            f"lease-{self.starts}", threading.Event(),
        )  # fmt: skip
        self.outbox.recover(self.shop.lease)
        self.outbox.rebase_waits()
        self.connections.rebase_holds()
        self.runner = Runner(self.shop, self.connection.id)

    def enter(self, order: str = "316132", tracking: str = "1Z1") -> int:
        """A shipment enters; returns its row number."""
        shipment = Shipment(order, tracking, source="test")
        return self.write_back.enter(self.connection.id, [shipment], actor="test")[0].job_id

    def job(self, job_id: int) -> Job:
        """The row as stored."""
        found = self.history.job(job_id)
        assert found is not None
        return found

    def run(self, most: int = 100) -> float:
        """Step until there is nothing to do now; returns the seconds until there may be."""
        for _ in range(most):
            wait = self.runner.step()
            if wait > 0:
                return wait
        raise AssertionError(f"still busy after {most} jobs")

    def settle(self, most: int = 400) -> None:
        """Let time pass until nothing waits any more."""
        for _ in range(most):
            wait = self.run()
            if wait == float("inf"):
                return
            self.clock.advance(wait)
        raise AssertionError("it never comes to rest")

    def close(self) -> None:
        """Close the store."""
        self.database.close_thread()
