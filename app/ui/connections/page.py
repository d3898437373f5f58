"""The CONNECTIONS page: every connection as a card, and what a person does with them."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.core.types import ConnectionInfo
from app.ui import theme
from app.ui.cards import OUTER_MARGIN
from app.ui.connections.acts import Acts
from app.ui.connections.card_grid import CardGrid
from app.ui.connections.desk import Desk
from app.ui.connections.empty import EmptyState
from app.ui.connections.facts import Facts, Seen, ago, facts, look, summary
from app.ui.connections.patience import Patience
from app.ui.connections.practice_bar import PracticeBar
from app.ui.connections.practice_start import PracticeStart
from app.ui.connections.said import trouble
from app.ui.connections.skeleton import SkeletonCards
from app.ui.connections.strip import Strip
from app.ui.queue.states import Instead
from app.ui.reading import Reading
from app.ui.widgets import AskStrip, PageHeader, button

_TICK_MS, _COUNTING_MS, _BAR_MS = 10_000, 1_000, 5_000
_LEAST = 48
_STOPPED = ("state_failed", "danger")


class ConnectionsPage(QWidget):
    """Add it with `MainWindow.add_page("connections", "CONNECTIONS", "nav_connections", page)`."""

    needs_you_changed = Signal(int)  # how many connections are stopped
    count_changed = Signal(int)  # how many connections there are
    rows_asked = Signal(str)  # show the rows of the connection with this name
    sync_asked = Signal(int)  # read the orders of the connection with this number

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._seen: list[Seen] | None = None
        self._told = (-1, -1)
        self.grid = CardGrid()
        self.acts = Acts(desk, self.grid.card, self)
        self.practice_bar = PracticeBar(desk)
        self._strip = Strip()
        self._ask = AskStrip(
            "The practice server is not running: practice connections wait for it.",
            "Start practice server",
        )
        self._stale = AskStrip("", "Try again", "danger_box")
        self._skeleton = SkeletonCards()
        self._failed = Instead()
        self._patience = Patience(desk, self)
        self._read_at, self._why_stale = 0, ""
        self._empty = EmptyState()
        self._add = button("Add connection", "primary")
        self._header = PageHeader("Connections")
        self._stack = QStackedWidget()
        self._start = PracticeStart(desk, self)
        self._reading = Reading(desk.bridge, lambda: look(desk.program), self)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._bar_tick = QTimer(self, interval=_BAR_MS)
        self._connect()
        self._lay_out()
        self._patience.begin()
        self._reading.now()

    @property
    def is_read(self) -> bool:
        """True once the connections are known."""
        return self._seen is not None

    def shown(self) -> None:
        """The window brought this page to the front."""
        self._reading.now()

    @Slot()
    def add_connection(self) -> None:
        """Open the assistant."""
        self.acts.add()

    @Slot()
    def start_practice(self) -> None:
        """Practice mode in one click."""
        self._empty.show_busy("Starting the practice servers…")
        self._start.begin()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()
        self._bar_tick.start()
        self._reading.now()
        self.practice_bar.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()
        self._bar_tick.stop()

    def _connect(self) -> None:
        self._add.clicked.connect(self.add_connection)
        self._empty.add_asked.connect(self.add_connection)
        self._empty.practice_asked.connect(self.start_practice)
        self.grid.card_added.connect(self.acts.follow)
        self.acts.began.connect(self._strip.clear)
        self.acts.done.connect(self._strip.done)
        self.acts.failed.connect(self._strip.failed)
        self.acts.changed.connect(self._reading.now)
        self.acts.rows_asked.connect(self.rows_asked)
        self.acts.sync_asked.connect(self.sync_asked)
        bridge = self._desk.bridge
        bridge.connection_changed.connect(self._reading.now)
        self._reading.follow(
            bridge.route_changed,
            bridge.job_changed,
            bridge.jobs_added,
            bridge.store_changed,
            bridge.clock_jumped,
            bridge.health_changed,
        )
        self._reading.seen.connect(self._show)
        self._reading.failed.connect(self._not_read)
        self._patience.said.connect(self._skeleton.show_why)
        self._stale.press.clicked.connect(self._reading.now)
        self._failed.pressed.connect(self._reading.now)
        self._tick.timeout.connect(self._show_again)
        self._bar_tick.timeout.connect(self.practice_bar.refresh)
        self.practice_bar.running_changed.connect(self._show_ask)
        self._ask.press.clicked.connect(self._start_servers)
        self._start.began.connect(self._practice_began)
        self._start.servers_started.connect(self.practice_bar.refresh)
        self._start.failed.connect(self._practice_failed)

    @Slot(object)
    def _show(self, seen: list[Seen]) -> None:
        self._seen, self._read_at = seen, self._desk.program.clock.now_ms()
        self._patience.end()
        self._stale.hide()
        self._show_words(is_news=True)
        self._stack.setCurrentWidget(self.grid if seen else self._empty)
        self._add.setVisible(bool(seen))
        self._show_ask()

    @Slot()
    def _show_again(self) -> None:
        """What was read, at this moment: ages, what is left of a pause."""
        self._show_words(is_news=False)

    def _show_words(self, *, is_news: bool) -> None:
        if self._seen is None:
            return
        now = self._desk.program.clock.now_ms()
        found = [facts(one, now) for one in self._seen]
        self.grid.show_facts(found, is_news=is_news)
        self._header.set_note(summary(found))
        self._tell(found)
        self._tick.setInterval(_COUNTING_MS if any(one.left for one in found) else _TICK_MS)
        if any(0 < (one.gate.paused_until or 0) <= now for one in self._seen):
            self._reading.soon()
        if self._stale.isVisibleTo(self):
            self._stale.set_text(self._stale_text())

    def _tell(self, found: list[Facts]) -> None:
        """The window, when a number it shows has changed."""
        told, self._told = self._told, (len(found), sum(one.is_stopped for one in found))
        if told[0] != self._told[0]:
            self.count_changed.emit(self._told[0])
        if told[1] != self._told[1]:
            self.needs_you_changed.emit(self._told[1])

    @Slot(object)
    def _not_read(self, error: Exception) -> None:
        """Old cards stay, with their age; without any the page says what is wrong."""
        self._patience.end()
        said = trouble(self._desk.program.wordsmith, error)
        self._why_stale = said.text
        if self._seen is None:
            text = "The connections cannot be read"
            self._failed.show_text(text, said.text, "Try again", _STOPPED)
            self._stack.setCurrentWidget(self._failed)
            return
        self._stale.set_text(self._stale_text())
        self._stale.show()

    def _stale_text(self) -> str:
        age = ago(self._read_at, self._desk.program.clock.now_ms())
        return f"This is how it stood {age}; it cannot be read now. {self._why_stale}"

    @Slot()
    def _show_ask(self) -> None:
        used = any(one.status.connection.is_practice for one in self._seen or ())
        self._ask.setVisible(used and self.practice_bar.is_running is False)
        self._ask.press.setEnabled(True)

    @Slot()
    def _start_servers(self) -> None:
        self._ask.press.setEnabled(False)
        self._start.start_servers()

    @Slot(object)
    def _practice_began(self, connection: ConnectionInfo) -> None:
        self._empty.show_busy("")
        self.practice_bar.refresh()
        self._strip.done(f"“{connection.name}” is ready. Its shipments are under MANAGER.")

    @Slot(str)
    def _practice_failed(self, text: str) -> None:
        self._empty.show_busy("")
        self._ask.press.setEnabled(True)
        self._strip.failed(text)

    def _lay_out(self) -> None:
        self._header.add(self._add)
        self._add.hide()
        for page in (self._skeleton, self._failed, self._empty, self.grid):
            self._stack.addWidget(page)
        self._stack.setMinimumHeight(_LEAST)  # outlines of cards may be cut, what is above never
        whole = QVBoxLayout(self)
        margin = theme.PAGE_MARGIN
        whole.setContentsMargins(margin, 16, OUTER_MARGIN, 16)
        whole.setSpacing(14)
        above = QVBoxLayout()
        above.setContentsMargins(0, 0, margin - OUTER_MARGIN, 0)
        above.setSpacing(14)
        for part in (self._header, self._stale, self._strip, self._ask, self.practice_bar):
            above.addWidget(part)
        whole.addLayout(above)
        whole.addWidget(self._stack, 1)
