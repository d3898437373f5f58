"""The connections page on a real data folder, with a practice server and a made-up keyring."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.bootstrap import open_program
from app.core.errors import ConnectionBlocked
from app.core.states import JobState
from app.core.types import ConnectionInfo, Job
from app.models.connections import Connections
from app.models.database import Database
from app.models.opening import FILE_NAME
from app.models.outbox import Outbox
from app.services.rehearsal import Rehearsal
from app.services.secrets import Secrets
from app.ui.bridge import Bridge
from app.ui.connections.assistant import Assistant
from app.ui.connections.card import ConnectionCard
from app.ui.connections.desk import Desk
from app.ui.connections.page import ConnectionsPage
from app.ui.theme import Theme
from tests.builders import AN_OUTCOME, LEASE, a_shipment
from tests.fakes.ring import Ring
from tests.ui.desk import until

TOKEN = "practice"
W = TypeVar("W", bound=QWidget)


class Place:
    """Everything of one test."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ring = Ring()
        given = Secrets.__init__

        def with_ring(secrets: Secrets, uid: str, redactor: object) -> None:
            given(secrets, uid, redactor, backends=lambda: [self.ring], environment={})  # type: ignore[arg-type]

        monkeypatch.setattr(Secrets, "__init__", with_ring)
        self.program = open_program(folder, is_engine=False)
        self.bridge = Bridge(self.program.bus, self.program.end_thread)
        self.rehearsal = Rehearsal(self.program)
        self.desk = Desk(self.program, self.bridge, self.rehearsal, "ann")
        self._database = Database(folder / FILE_NAME)
        self.gates = Connections(self._database, self.program.clock)
        self._outbox = Outbox(self._database, self.program.clock)
        self._entered = 0
        self._widgets: list[QWidget] = []

    @property
    def url(self) -> str:
        """Where the practice server answers; started at the first call."""
        self.rehearsal.start_servers()
        return self.program.practice.url("printsmith")

    def connect(self, name: str = "Front desk", **more: str) -> ConnectionInfo:
        """A connection that is no practice one, to the practice server."""
        typed = {"base_url": self.url, **more}
        added = self.program.connections.add("printsmith", name, typed, actor="ann")
        field = self.program.kinds["printsmith"].secrets[0]
        self.program.secrets.set(added, field, TOKEN)
        return added

    def enter(self, connection: ConnectionInfo, count: int) -> list[int]:
        """Shipments come in, none twice; their row numbers."""
        first, self._entered = self._entered, self._entered + count
        shipments = [
            a_shipment(f"31{n:04}", f"1Z23966E{n:010}") for n in range(first, first + count)
        ]
        entered = self.program.write_back.enter(connection.id, shipments, actor="ann")
        return [one.job_id for one in entered]

    def claim(self, connection: ConnectionInfo) -> Job:
        """The engine begins to send the next row."""
        job = self._outbox.claim(connection.id, LEASE)
        assert job is not None
        return job

    def fail(self, connection: ConnectionInfo) -> None:
        """The next row is refused for good."""
        job, now = self.claim(connection), self.program.clock.now_ms()
        outcome = AN_OUTCOME[JobState.FAILED]
        self._outbox.record(job, outcome, LEASE, started_at=now, claim_next=False)

    def block(self, connection: ConnectionInfo, error: ConnectionBlocked) -> None:
        """The engine stops it."""
        self.gates.block(connection.id, error)

    def sql(self, statement: str) -> None:
        """Something happens to the data file behind everybody's back."""
        self._database.write(lambda connection: connection.execute(statement))

    @contextmanager
    def busy_threads(self) -> Iterator[None]:
        """Every thread that reads for the pages has something else to do meanwhile."""
        free, taken = threading.Event(), [threading.Event() for _ in range(3)]

        def work(mine: threading.Event) -> None:
            mine.set()
            assert free.wait(30)

        for one in taken:
            self.bridge.run_in_background(lambda one=one: work(one), lambda _: None)
        try:
            assert all(one.wait(10) for one in taken)
            yield
        finally:
            free.set()

    def whole_contract(self, number: str) -> list[object]:
        """Every line of the contract check of the only connection."""
        (connection,) = self.program.connections.all()
        return [*self.program.connections.test_contract(connection, number)]

    def page(self) -> ConnectionsPage:
        """The page, read once."""
        page = self.show(ConnectionsPage(self.desk))
        page.resize(1040, 700)
        until(lambda: page.is_read)
        return page

    def card(self, page: ConnectionsPage, name: str = "Front desk") -> ConnectionCard:
        """A card by the name on it."""
        return next(one for one in page.grid.cards if one.facts.connection.name == name)

    def assistant(self, page: ConnectionsPage) -> Assistant:
        """The one that was opened, ready."""
        found = page.acts.dialogs[0]
        assert isinstance(found, Assistant)
        until(lambda: found.is_ready)
        return found

    def show(self, widget: W) -> W:
        """Kept until the test ends."""
        self.keep(widget)
        widget.show()
        return widget

    def keep(self, widget: QWidget) -> None:
        """Until the test ends."""
        self._widgets.append(widget)

    def close(self) -> None:
        """The window goes, then the program."""
        for widget in self._widgets:
            widget.close()
            widget.deleteLater()
        self.bridge.close()
        self.bridge.deleteLater()
        self.rehearsal.close()
        self._database.close_thread()
        self.program.close()
        QCoreApplication.sendPostedEvents(None, 0)


@pytest.fixture
def place(tmp_path: Path, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    place = Place(tmp_path / "data", monkeypatch)
    yield place
    place.close()
