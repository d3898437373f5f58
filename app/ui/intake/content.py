"""What is on the INTAKE page: the watch folders above, what needs a person below."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.core.events import IntakeProgress
from app.services.folders import FolderStatus
from app.ui import theme
from app.ui.cards import OUTER_MARGIN
from app.ui.connections.desk import Desk
from app.ui.connections.said import trouble
from app.ui.connections.strip import Strip
from app.ui.intake.folder_acts import FolderActs, local_file
from app.ui.intake.folder_grid import FolderGrid
from app.ui.intake.needs_you import NeedsYou
from app.ui.intake.seen import Seen
from app.ui.intake.words import FolderFacts, folder_facts
from app.ui.queue.toast import Toast
from app.ui.reading import Reading
from app.ui.widgets import AskStrip, PageHeader, button, label

_TICK_MS = 10_000
_LEAST_CARDS, _SHARE = 120, 0.44  # of the page, at most, while the list has rows
_FOLDER = "folder:"  # how the source of a file in a watch folder begins


class IntakeContent(QWidget):
    """Follows the feed of its page."""

    def __init__(self, desk: Desk, feed: Reading, seen: Seen | None) -> None:
        """`seen`: what was read before this page was looked at."""
        super().__init__()
        self._desk, self.feed = desk, feed
        self._seen: Seen | None = None
        self.bring = button("Import a file…")
        self.add = button("Add watch folder", "primary")
        self.grid = FolderGrid(self.add)
        self.acts = FolderActs(desk, self)
        self.strip = Strip()
        self._stale = AskStrip("", "Try again", "danger_box")
        self.toast = Toast(self)
        self.needs_you = NeedsYou(desk, self.toast)
        self._header = PageHeader("Intake")
        self._empty = self._make_empty()
        self._stack = QStackedWidget()
        self._tick = QTimer(self, interval=_TICK_MS)
        self.setAcceptDrops(True)
        self._connect()
        self._lay_out()
        if seen is not None:
            self._show(seen)

    @property
    def is_read(self) -> bool:
        """True once the folders are known."""
        return self._seen is not None

    def shown(self) -> None:
        """The page came to the front."""
        self.feed.now()

    def focus_list(self) -> None:
        """Where the keyboard begins."""
        self.needs_you.focus_list()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = local_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.acts.import_file(path)

    def _connect(self) -> None:
        self.add.clicked.connect(self.acts.add)
        self.bring.clicked.connect(self.acts.choose_file)
        self.grid.card_added.connect(self.acts.follow)
        self.grid.height_changed.connect(self._share_room)
        self.acts.done.connect(self.strip.done)
        self.acts.failed.connect(self.strip.failed)
        self.acts.changed.connect(self.feed.now)
        self.needs_you.emptied.connect(self._share_room)
        self.needs_you.failed.connect(self._tell_stale)
        self.feed.seen.connect(self._show)
        self.feed.seen.connect(self._read_items)
        self.feed.failed.connect(self._not_read)
        self._stale.press.clicked.connect(self.feed.now)
        self._tick.timeout.connect(self.feed.now)
        self._desk.bridge.intake_progress.connect(self._progress)

    @Slot(object)
    def _show(self, seen: Seen) -> None:
        self._seen = seen
        self._stale.hide()
        now = self._desk.program.clock.now_ms()
        facts = [folder_facts(one, now) for one in seen.folders]
        self.grid.show_facts(facts)
        self.acts.show_facts(facts)
        self._end_gauges(seen.folders)
        self._header.set_note(_note(facts, seen.open_count))
        self._share_room()

    @Slot()
    def _read_items(self) -> None:
        if self.isVisible():
            self.needs_you.refresh()

    @Slot(object)
    def _not_read(self, error: Exception) -> None:
        self._tell_stale(trouble(self._desk.program.wordsmith, error).text)

    @Slot(str)
    def _tell_stale(self, why: str) -> None:
        """What is shown stays, with a word that it may be old."""
        self._stale.set_text(f"This may be out of date, it cannot be read now. {why}")
        self._stale.show()

    @Slot(object)
    def _progress(self, told: IntakeProgress) -> None:
        card = self.grid.named(told.source.removeprefix(_FOLDER))
        if card is None or not told.source.startswith(_FOLDER):
            return
        if told.total and told.done >= told.total:
            card.gauge.end()
            self.feed.soon()
        else:
            card.gauge.tell(told.file, told.done, told.total)
        card.fit_soon()

    def _end_gauges(self, folders: tuple[FolderStatus, ...]) -> None:
        """A file that was read, or could not be, is not being read any more."""
        for status in folders:
            card = self.grid.card(status.folder.id)
            if card is None or not card.gauge.is_on:
                continue
            newest = status.files[0] if status.files else None
            is_over = newest and newest.name == card.gauge.file and newest.state != "reading"
            if (is_over and card.gauge.is_idle) or status.folder.trouble_code:
                card.gauge.end()
                card.fit_soon()

    @Slot()
    def _share_room(self) -> None:
        """Cards get what they need; less than half of the page while the list has rows."""
        has_folders = bool(self._seen and self._seen.folders)
        has_rows = not self.needs_you.is_empty
        self._stack.setCurrentWidget(self.grid if has_folders else self._empty)
        self._stack.setVisible(self._seen is not None)
        wanted = self.grid.whole_height if has_folders else self._empty.sizeHint().height()
        most = max(_LEAST_CARDS, int(self.height() * _SHARE)) if has_rows else self.height()
        self._stack.setFixedHeight(max(_LEAST_CARDS, min(wanted, most, self._room())))
        self.add.setVisible(has_folders)

    def _room(self) -> int:
        return max(_LEAST_CARDS, self.height() - 180)

    def _make_empty(self) -> QWidget:
        whole = QWidget()
        text = label("No folder is watched yet. Rows of your carrier program come in from one.")
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        press = button("Add watch folder", "primary")
        press.clicked.connect(self.acts.add)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 24, 16, 16)
        column.setSpacing(12)
        column.addWidget(text)
        column.addWidget(press, 0, Qt.AlignmentFlag.AlignHCenter)
        return whole

    def _lay_out(self) -> None:
        self._header.add(self.bring)
        self._header.add(self.add)
        for page in (self.grid, self._empty):
            self._stack.addWidget(page)
        inner = QVBoxLayout()
        inner.setContentsMargins(0, 0, theme.PAGE_MARGIN - OUTER_MARGIN, 0)
        inner.setSpacing(12)
        for part in (self._header, self._stale, self.strip):
            inner.addWidget(part)
        lower = QHBoxLayout()
        lower.setContentsMargins(0, 0, theme.PAGE_MARGIN - OUTER_MARGIN, 0)
        lower.addWidget(self.needs_you)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(theme.PAGE_MARGIN, 16, OUTER_MARGIN, 16)
        whole.setSpacing(14)
        whole.addLayout(inner)
        whole.addWidget(self._stack)
        whole.addLayout(lower, 1)


def _note(facts: list[FolderFacts], open_count: int) -> str:
    count = len(facts)
    said = [f"{count} watch {'folder' if count == 1 else 'folders'}"] if count else []
    if open_count:
        said.append(f"{open_count:,} {'needs' if open_count == 1 else 'need'} you")
    return " · ".join(said)
