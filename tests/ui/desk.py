"""The program as a window has it, on a folder of the test; the remote is the outbox itself."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop, QTimer

from app.bootstrap import open_program
from app.core.states import JobState
from app.core.types import Shipment
from app.models.connections import Connections
from app.models.database import Database
from app.models.opening import FILE_NAME
from app.models.outbox import Outbox
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.queue.view import ManagerPage
from tests.builders import AN_OUTCOME, LEASE
from tests.fakes.clock import FakeClock
from tests.ui.heartbeat import Heartbeat, heartbeat

NAME = "Front desk"
ACTOR = "ann"
_LOOK_MS = 10


class Desk:
    """One folder, opened once for the window and once more as "the engine" that changes rows."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.program = open_program(folder, is_engine=False, clock=self.clock)
        self.bridge = Bridge(self.program.bus, self.program.end_thread)
        database = Database(folder / FILE_NAME)
        self._database = database
        self.outbox = Outbox(database, self.clock)
        self.gates = Connections(database, self.clock)
        self.pages: list[ManagerPage] = []
        self.windows: list[MainWindow] = []
        self._entered = 0

    def connect(self, name: str = NAME) -> int:
        """One more connection; its id."""
        settings = {"base_url": "http://127.0.0.1:9"}
        return self.program.connections.add("printsmith", name, settings, actor=ACTOR).id

    def enter(self, *orders: str, connection_id: int = 1) -> list[int]:
        """Shipments come in; their row numbers."""
        shipments = []
        for order in orders:
            self._entered += 1
            shipments.append(Shipment(order, f"1Z23966E{self._entered:010}"))
        entered = self.program.write_back.enter(connection_id, shipments, actor=ACTOR)
        self.clock.advance(1)
        return [one.job_id for one in entered]

    def put(self, state: JobState, order: str, connection_id: int = 1) -> int:
        """One row brought to a state as the engine does."""
        (job_id,) = self.enter(order, connection_id=connection_id)
        if state is JobState.PENDING:
            return job_id
        if state is JobState.PARKED:
            self.program.queue_page.park([job_id], ACTOR)
        elif state is JobState.DISCARDED:
            self.program.queue_page.discard([job_id], ACTOR)
        else:
            self.finish(job_id, state, connection_id)
        return job_id

    def finish(self, job_id: int, state: JobState, connection_id: int = 1) -> None:
        """The engine takes the row, and this comes of it."""
        job = self.outbox.claim(connection_id, LEASE)
        assert job is not None
        assert job.id == job_id, "another job was due first"
        if state is not JobState.IN_FLIGHT:
            outcome, now = AN_OUTCOME[state], self.clock.now_ms()
            self.outbox.record(job, outcome, LEASE, started_at=now, claim_next=False)

    def page(self) -> ManagerPage:
        """The MANAGER page with its rows read."""
        page = ManagerPage(self.program, self.bridge, ACTOR)
        page.resize(1040, 640)
        page.show()
        self.pages.append(page)
        until(lambda: not page.model.is_loading and page.feed.is_quiet)
        return page

    def window(self) -> MainWindow:
        """The whole window with that page in it."""
        window = MainWindow()
        window.add_page("manager", "MANAGER", "nav_manager", self.page())
        window.show()
        window.activateWindow()
        until(window.isActiveWindow)
        self.windows.append(window)
        return window

    def close(self) -> None:
        """The window goes."""
        for window in self.windows:
            window.let_close()
            window.deleteLater()
        for page in self.pages:
            page.close()
            page.deleteLater()
        self.bridge.close()
        self.bridge.deleteLater()
        self._database.close_thread()
        self.program.close()
        QCoreApplication.sendPostedEvents(None, 0)


_watching: list[Heartbeat] = []


def watch_with(beat: Heartbeat | None) -> None:
    """Who looks on while events are handled."""
    _watching[:] = [beat] if beat else []


def until(condition: Callable[[], bool], limit_ms: int = 5000) -> None:
    """Let events come until it holds."""
    deadline = QDeadlineTimer(limit_ms)
    while not condition():
        assert not deadline.hasExpired(), "it never came to that"
        with ExitStack() as stack:
            for beat in _watching:
                stack.enter_context(beat)
            loop = QEventLoop()
            QTimer.singleShot(_LOOK_MS, loop.quit)
            loop.exec()


def longest_ms(act: Callable[[], object], over: Callable[[], bool], times: int = 5) -> float:
    """How long the window did not answer while `act` is done and until `over` holds: the median
    of several tries."""
    found = []
    for _ in range(times):
        with heartbeat() as beat:
            act()
            until(over, 20_000)
        found.append(beat.longest_ms)
    return median(found)


def settle(page: ManagerPage) -> None:
    """Until everything that was asked for is shown."""
    until(lambda: page.feed.is_quiet and not page.model.is_busy)
