"""The STATUS page: connections at the left, what stands behind their lights at the right."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.services.health import ConnectionHealth, SeenHealth
from app.ui import theme
from app.ui.cards import OUTER_MARGIN
from app.ui.connections.desk import Desk
from app.ui.connections.facts import ago
from app.ui.connections.patience import Patience
from app.ui.connections.said import trouble
from app.ui.connections.skeleton import SkeletonCards
from app.ui.queue.states import Instead
from app.ui.reading import Reading
from app.ui.status.detail import Detail
from app.ui.status.legend import Legend
from app.ui.status.listed import ConnectionList
from app.ui.status.words import RANK, summary
from app.ui.widgets import AskStrip, PageHeader

_TICK_MS = 5_000
_WIDE = 820
"""From this width on there is room for the legend."""

_STOPPED, _NOTHING = ("state_failed", "danger"), ("nav_status", "muted")


class StatusContent(QWidget):
    """Made by `Later` when the page is first shown. `show_rows`: those of the connection with
    that name; `connect`: opens the assistant."""

    def __init__(
        self, desk: Desk, show_rows: Callable[[str], object], connect: Callable[[], object]
    ) -> None:
        super().__init__()
        self._desk = desk
        self._seen: list[SeenHealth] | None = None
        self._views: dict[int, ConnectionHealth] = {}
        self._read_at, self._chosen = 0, 0
        self.list, self.detail = ConnectionList(), Detail(desk)
        self._header, self._legend = PageHeader("Status"), Legend()
        self._stale = AskStrip("", "Try again", "danger_box")
        self._skeleton, self._failed, self.empty = SkeletonCards(), Instead(), Instead()
        self._both, self._stack = QWidget(), QStackedWidget()
        self._patience = Patience(desk, self)
        self.reading = Reading(desk.bridge, desk.program.health.look, self)
        self._tick = QTimer(self, interval=_TICK_MS)
        self.detail.activity.rows_asked.connect(lambda name: show_rows(name))
        self.empty.pressed.connect(lambda: connect())
        self._connect()
        self._lay_out()
        self._patience.begin()

    @property
    def is_read(self) -> bool:
        """True once the connections are known."""
        return self._seen is not None

    def shown(self) -> None:
        """The window brought this page to the front."""
        self.reading.now()

    def focus_list(self) -> None:
        """Where the keyboard begins."""
        if self._chosen in self.list.entries:
            self.list.entries[self._chosen].setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()
        self.reading.now()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_legend()

    def _show_legend(self) -> None:
        self._legend.setVisible(bool(self._views) and self.width() >= _WIDE)

    def _connect(self) -> None:
        bridge = self._desk.bridge
        for changed in (
            bridge.health_changed, bridge.connection_changed, bridge.job_changed,
            bridge.jobs_added, bridge.store_changed, bridge.clock_jumped,
        ):  # fmt: skip
            changed.connect(self._changed)
        self.reading.seen.connect(self._show)
        self.reading.failed.connect(self._not_read)
        self.detail.refreshed.connect(self.reading.now)
        self.list.chosen.connect(self._choose)
        self._tick.timeout.connect(self.reading.soon)
        self._patience.said.connect(self._skeleton.show_why)
        self._stale.press.clicked.connect(self.reading.now)
        self._failed.pressed.connect(self.reading.now)

    @Slot(object)
    def _changed(self, _: object) -> None:
        """Read again, but not for nobody: coming back reads at once."""
        if self.isVisible():
            self.reading.soon()

    @Slot(object)
    def _show(self, seen: list[SeenHealth]) -> None:
        self._patience.end()
        self._stale.hide()
        self._seen, self._read_at = seen, self._desk.program.clock.now_ms()
        health = self._desk.program.health
        views = [health.view(one, self._read_at) for one in seen]
        self._views = {one.connection.id: one for one in views}
        self._header.set_note(summary(views))
        self._show_legend()
        if not views:
            self.empty.show_text(
                "No system is connected yet.",
                "Once one is, its lights are shown here.",
                "Add connection",
                _NOTHING,
            )
            self._stack.setCurrentWidget(self.empty)
            return
        if self._chosen not in self._views:
            worst = min(views, key=lambda one: RANK[one.lamp])
            self._chosen = worst.connection.id
        self.list.show_connections(views, self._chosen)
        self.detail.show_connection(self._views[self._chosen], self._read_at)
        self._stack.setCurrentWidget(self._both)

    @Slot(int)
    def _choose(self, number: int) -> None:
        if number in self._views:
            self._chosen = number
            self.list.show_connections(list(self._views.values()), number)
            self.detail.show_connection(self._views[number], self._read_at)

    @Slot(object)
    def _not_read(self, error: Exception) -> None:
        """What was read stays, with its age, and nothing of it stays green for ever."""
        self._patience.end()
        said = trouble(self._desk.program.wordsmith, error)
        if self._seen is None:
            self._failed.show_text("The status cannot be read", said.text, "Try again", _STOPPED)
            self._stack.setCurrentWidget(self._failed)
            return
        read_at, now = self._read_at, self._desk.program.clock.now_ms()
        self._show_again(now)
        self._stale.set_text(
            f"This is how it stood {ago(read_at, now)}; it cannot be read now. {said.text}"
        )
        self._stale.show()

    def _show_again(self, now_ms: int) -> None:
        """The same calls, judged at a later moment."""
        health = self._desk.program.health
        views = [health.view(one, now_ms) for one in self._seen or ()]
        self._views = {one.connection.id: one for one in views}
        if self._chosen in self._views:
            self.list.show_connections(views, self._chosen)
            self.detail.show_connection(self._views[self._chosen], now_ms)

    def _lay_out(self) -> None:
        self._header.add(self._legend)
        row = QHBoxLayout(self._both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.list)
        row.addWidget(self.detail, 1)
        for page in (self._skeleton, self._failed, self.empty, self._both):
            self._stack.addWidget(page)
        above = QVBoxLayout()
        above.setContentsMargins(0, 0, theme.PAGE_MARGIN - OUTER_MARGIN, 0)
        above.setSpacing(14)
        above.addWidget(self._header)
        above.addWidget(self._stale)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.PAGE_MARGIN, 16, OUTER_MARGIN, 16)
        whole.setSpacing(14)
        whole.addLayout(above)
        whole.addWidget(self._stack, 1)
