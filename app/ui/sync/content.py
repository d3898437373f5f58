"""What is on the SYNC page: the tasks as cards, and what a person does with them."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.core.events import EngineLooked, SyncProgress
from app.ui import theme
from app.ui.cards import OUTER_MARGIN
from app.ui.connections.desk import Desk
from app.ui.connections.facts import ago
from app.ui.connections.patience import Patience
from app.ui.connections.said import trouble
from app.ui.connections.skeleton import SkeletonCards
from app.ui.connections.strip import Strip
from app.ui.queue.states import Instead
from app.ui.reading import Reading
from app.ui.sync.acts import Acts
from app.ui.sync.facts import facts, summary
from app.ui.sync.seen import Seen
from app.ui.sync.task_grid import TaskGrid
from app.ui.widgets import AskStrip, PageHeader, button

_TICK_MS = 1000
_STOPPED, _NOTHING = ("state_failed", "danger"), ("nav_sync", "muted")
_NO_TASK = (
    "Nothing is read yet",
    "A sync reads the orders of a store every few minutes, so that you see which are to be "
    "shipped, and which are skipped and why.",
)
_NO_STORE = (
    "Nothing is read yet",
    "A sync reads the orders of a store every few minutes. Connect a store that has orders first.",
)


class SyncContent(QWidget):
    """Follows the feed of its page."""

    orders_asked = Signal(int, str)
    connection_asked = Signal(int)
    connect_asked = Signal()

    def __init__(self, desk: Desk, feed: Reading, seen: Seen | None) -> None:
        """`seen`: what was read before this page was looked at."""
        super().__init__()
        self._desk, self.feed = desk, feed
        self._seen: Seen | None = None
        self._read_at, self._why_stale, self._is_engine = 0, "", True
        self.all_now, self.add = button("Sync all now"), button("Add a sync", "primary")
        self.grid = TaskGrid(self.add)
        self.acts = Acts(desk, self)
        self.strip = Strip()
        self._stale = AskStrip("", "Try again", "danger_box")
        self._skeleton = SkeletonCards()
        self._skeleton.setAccessibleName("Reading the sync tasks")
        self.failed, self.empty = Instead(), Instead()
        self._patience = Patience(desk, self)
        self._header = PageHeader("Sync")
        self._stack = QStackedWidget()
        self._tick = QTimer(self, interval=_TICK_MS)
        self._connect()
        self._lay_out()
        if seen is not None:
            self._show(seen)
        else:
            self._patience.begin()

    @property
    def is_read(self) -> bool:
        """True once the tasks are known."""
        return self._seen is not None

    def shown(self) -> None:
        """The page came to the front."""
        self.feed.now()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    def _connect(self) -> None:
        self.add.clicked.connect(self.acts.add_one)
        self.all_now.clicked.connect(self.acts.run_all)
        self.grid.card_added.connect(self.acts.follow)
        self.acts.began.connect(self.strip.clear)
        self.acts.done.connect(self.strip.done)
        self.acts.failed.connect(self.strip.failed)
        self.acts.changed.connect(self.feed.now)
        self.acts.orders_asked.connect(self.orders_asked)
        self.acts.connection_asked.connect(self.connection_asked)
        self.empty.pressed.connect(self._fill_empty)
        self.failed.pressed.connect(self.feed.now)
        self._stale.press.clicked.connect(self.feed.now)
        self.feed.seen.connect(self._show)
        self.feed.failed.connect(self._not_read)
        self._patience.said.connect(self._skeleton.show_why)
        self._tick.timeout.connect(self._show_again)
        self._desk.bridge.sync_progress.connect(self._progress)
        self._desk.bridge.engine_looked.connect(self._engine_looked)

    @Slot(object)
    def _show(self, seen: Seen) -> None:
        self._seen, self._read_at = seen, self._desk.program.clock.now_ms()
        self._patience.end()
        self._stale.hide()
        self.acts.end_busy()
        self._show_again()
        self._show_empty(seen)
        self._stack.setCurrentWidget(self.grid if seen.tasks else self.empty)
        self.add.setVisible(bool(seen.tasks and seen.free))
        self.all_now.setVisible(len(seen.tasks) > 1)

    @Slot()
    def _show_again(self) -> None:
        """What was read, at this moment: ages, countdowns, what is left of a pause."""
        if self._seen is None:
            return
        now = self._desk.program.clock.now_ms()
        found = [facts(one, now, is_read=self._is_engine) for one in self._seen.tasks]
        self.grid.show_facts(found)
        self._header.set_note(summary(found))
        if any(0 < (one.one.task.paused_until or 0) <= now for one in self._seen.tasks):
            self.feed.soon()

    def _show_empty(self, seen: Seen) -> None:
        if seen.free:
            self.empty.show_text(*_NO_TASK, "Add a sync", _NOTHING)
        else:
            self.empty.show_text(*_NO_STORE, "Connect a store", _NOTHING)

    @Slot()
    def _fill_empty(self) -> None:
        if self._seen is not None and self._seen.free:
            self.acts.add()
        else:
            self.connect_asked.emit()

    @Slot(object)
    def _progress(self, _: SyncProgress) -> None:
        """A page was stored: the task has its counts."""
        if self.isVisible():
            self.feed.soon()

    @Slot(object)
    def _engine_looked(self, seen: EngineLooked) -> None:
        self._is_engine = self.acts.is_read = seen.is_running
        self._show_again()

    @Slot(object)
    def _not_read(self, error: Exception) -> None:
        """Old cards stay, with their age; without any the page says what is wrong."""
        self._patience.end()
        self.acts.end_busy()
        why = trouble(self._desk.program.wordsmith, error).text
        if self._seen is None:
            self.failed.show_text("The sync tasks cannot be read", why, "Try again", _STOPPED)
            self._stack.setCurrentWidget(self.failed)
            return
        age = ago(self._read_at, self._desk.program.clock.now_ms())
        self._stale.set_text(f"This is how it stood {age}; it cannot be read now. {why}")
        self._stale.show()

    def _lay_out(self) -> None:
        for press in (self.all_now, self.add):
            self._header.add(press)
            press.hide()
        for page in (self._skeleton, self.failed, self.empty, self.grid):
            self._stack.addWidget(page)
        margin = theme.PAGE_MARGIN
        above = QVBoxLayout()
        above.setContentsMargins(0, 0, margin - OUTER_MARGIN, 0)
        above.setSpacing(14)
        for part in (self._header, self._stale, self.strip):
            above.addWidget(part)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(margin, 16, OUTER_MARGIN, 16)
        whole.setSpacing(14)
        whole.addLayout(above)
        whole.addWidget(self._stack, 1)
