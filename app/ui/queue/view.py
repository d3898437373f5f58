"""The MANAGER page: header, chips, banners, the list with its details, and the bar below."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut

from app.core.types import ConnectionInfo
from app.services.overview import ConnectionStatus
from app.services.program import Program
from app.services.queue_lines import Detail
from app.services.queue_page import Counts, RowFilter, Slice
from app.ui import icons
from app.ui.bridge import Bridge
from app.ui.queue.acts import QueueActs
from app.ui.queue.at_foot import AtFoot
from app.ui.queue.banners import notices_of
from app.ui.queue.choice import of_line
from app.ui.queue.chosen import Chosen
from app.ui.queue.deeds import Act
from app.ui.queue.feed import Feed
from app.ui.queue.layout import ManagerLayout
from app.ui.queue.model import QueueModel
from app.ui.queue.showing import Showing
from app.ui.queue.toast import Toast
from app.ui.queue.unread import Unread
from app.ui.queue.words import nothing_in, overall_of, since
from app.ui.scan.station import Station
from app.ui.times import span
from app.ui.widgets import when_dressed

_AGES_MS = 10_000


class ManagerPage(ManagerLayout):
    """Made in the GUI thread once the data folder is open."""

    needs_you = Signal(int)
    overall = Signal(str, str)  # word and colour token
    last_changed = Signal(str)
    connect_wanted = Signal()  # there is no connection yet

    def __init__(self, program: Program, bridge: Bridge, actor: str) -> None:
        model = QueueModel(program.queue_page, bridge, program.clock.now_ms)
        model.show(RowFilter())  # read aside while the page is made
        super().__init__(model, program.clock)
        self._program, self._bridge = program, bridge
        self._counts = Counts({}, None, None)
        self._is_read = False
        self._connections: list[ConnectionInfo] = []
        self.feed = Feed(program, bridge, self)
        self.toast = Toast(self)
        self.acts = QueueActs(program, bridge, self.toast, actor)
        self.chosen = Chosen(program, bridge, self.table, self.model, self.acts, self)
        self.unread = Unread(self, program)
        self.showing = Showing(self, program, bridge)
        AtFoot(self, self.showing, self.chosen, self.acts, self.toast)
        self.station = Station(program, bridge, actor, self)
        self._connect()
        self._ages = QTimer(self, interval=_AGES_MS)
        self._ages.timeout.connect(self._tell_ages)
        self._ages.start()
        self.table.expect()
        once = Qt.ConnectionType.SingleShotConnection
        self.model.arrived.connect(self.feed.begin, once)

    def shown(self) -> None:
        """The page came to the front."""
        self.feed.something_changed()

    def show_connection(self, connection_id: int) -> None:
        """The rows of one connection that are not settled."""
        self.showing.show(RowFilter(Slice.ALL, connection_id=connection_id), None)

    def focus_list(self) -> None:
        """Where the keyboard begins."""
        self.table.setFocus()

    def show_job(self, job_id: int) -> None:
        """Bring one row to light, whatever became of it."""
        self.showing.show(RowFilter(Slice.CHOSEN, ids=(job_id,)), None)
        self._open_details(job_id)

    @Slot(str)
    def set_search(self, text: str) -> None:
        """Rows that have that number, ended ones included; empty: the list as before."""
        self.showing.search(text)

    def toggle_groups(self) -> None:
        """Rows with the same cause together, or as they come."""
        self.showing.toggle_groups()

    @Slot()
    def add_shipment(self) -> None:
        """The form for a shipment by hand; without a connection, the way to one."""
        if self._is_read and self._connections:
            self.chosen.add_shipment(self._connections)
        else:
            self._without_connection(self.add_shipment)

    @Slot()
    def scan_shipments(self) -> None:
        """The scanner station; without a connection, the way to one."""
        if self._is_read and self._connections:
            self.station.open(self._connections)
        else:
            self._without_connection(self.scan_shipments)

    def _without_connection(self, asked: Callable[[], None]) -> None:
        """The way to a first connection, or as soon as it is known that there is one."""
        if self._is_read:
            self.connect_wanted.emit()
        else:
            self.feed.statuses.connect(asked, Qt.ConnectionType.SingleShotConnection)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._dress)

    def _dress(self) -> None:
        self.add_button.setIcon(icons.icon("plus", "text"))
        self.scan_button.setIcon(icons.icon("action_scan", "text"))
        self.banners.dress()
        self.instead.dress()

    def _connect(self) -> None:
        self.add_button.clicked.connect(self.add_shipment)
        self.scan_button.clicked.connect(self.scan_shipments)
        self.banners.resume_pressed.connect(self.acts.resume)
        self.details.closed.connect(self._close_details)
        self.details.act_pressed.connect(self._act_from_details)
        self.chosen.details_wanted.connect(self._open_details)
        self.table.opened.connect(self._open_row)
        self.table.escaped.connect(self._close_details)
        for signal in (self.model.arrived, self.model.refreshed):
            signal.connect(self.unread.rows_came)
            signal.connect(self._arrived)
        self.model.stale.connect(self.feed.something_changed)
        self.model.failed.connect(self.unread.rows_failed)
        self.showing.changed.connect(self._shows_rows)
        self.showing.failed.connect(self.unread.rows_failed)
        self.instead.pressed.connect(self._instead_pressed)
        self.acts.changed.connect(self._acted)
        self.feed.rows_changed.connect(self._refresh)
        self.feed.counts.connect(self._counted)
        self.feed.statuses.connect(self._stand)
        self.feed.failed.connect(self.unread.numbers_failed)
        self.unread.again.connect(self._read_again)
        self.station.said.connect(self.acts.say)
        QShortcut(QKeySequence("Ctrl+N"), self, self.add_shipment)
        QShortcut(QKeySequence("Ctrl+Shift+S"), self, self.scan_shipments)
        QShortcut(QKeySequence("Ctrl+Z"), self, self.toast.press)
        QShortcut(QKeySequence("F5"), self, self._acted)
        showing = self.showing
        self.chosen.entries = [showing.group_action, showing.unfold_action, showing.fold_action]
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.acts.stop)

    @Slot()
    def _shows_rows(self) -> None:
        """Another list was asked for."""
        self._stack.setCurrentWidget(self._panel)

    @Slot()
    def _acted(self) -> None:
        """A person did something: show it at once, wherever the pointer is."""
        self._read_rows(at_once=True)
        self.feed.read_numbers()

    @Slot()
    def _refresh(self) -> None:
        self._read_rows(at_once=False)

    def _read_rows(self, *, at_once: bool) -> None:
        first, last = self.table.visible_rows()

        def may_move() -> bool:
            if at_once or not self.table.is_pointed_at():
                return True
            self.feed.something_changed()  # come again when the pointer rests
            return False

        self.model.refresh(first, last, may_move)
        if self.details.isVisible():
            self._open_details(self.details.job_id)

    @Slot(object)
    def _counted(self, counts: Counts) -> None:
        self._counts = counts
        self.chips.set_counts(counts.by_slice)
        self.needs_you.emit(counts.by_slice.get(Slice.NEEDS_YOU, 0))
        self._tell_ages()
        self._arrived()

    @Slot(object)
    def _stand(self, statuses: list[ConnectionStatus]) -> None:
        self.unread.numbers_came()
        self._is_read = True
        self._connections = [one.connection for one in statuses]
        self.station.show_connections(self._connections)
        self.banners.show_notices(notices_of(statuses))
        self.overall.emit(*overall_of(statuses))
        self._arrived()

    @Slot()
    def _tell_ages(self) -> None:
        self.unread.tell_age()
        now = self._program.clock.now_ms()
        count, oldest = self._counts.by_slice.get(Slice.ALL, 0), self._counts.oldest_at
        age = f" · oldest {span((now - oldest) / 1000)}" if oldest is not None else ""
        self.header.set_note(f"{count:,} open{age}")
        if self._counts.last is not None:
            order, at = self._counts.last
            self.last_changed.emit(f"{since(at, now)} · {order}")

    @Slot()
    def _arrived(self) -> None:
        """Rows, or what stands in their place."""
        is_new = self._is_read and not self._connections and not self._counts.last
        self.show_welcome(is_new)
        if self.model.is_loading:
            return
        if self.model.rowCount():
            self._stack.setCurrentWidget(self._panel)
            return
        self.instead.show_text(
            *nothing_in(
                self.showing.slice,
                self.showing.searched,
                self.showing.known,
                is_connected=bool(self._connections),
                last=self._counts.last,
                now_ms=self._program.clock.now_ms(),
            )
        )
        self.show_instead()

    @Slot()
    def _instead_pressed(self) -> None:
        if self.unread.in_place:
            self.unread.press()
        elif self.showing.slice is Slice.ALL:
            self.add_shipment()
        else:
            self.showing.searched = ""
            self.showing.show_slice(Slice.ALL)

    @Slot(int)
    def _open_row(self, row: int) -> None:
        line = self.model.loaded(row)
        if line is not None:
            self._open_details(line.id)
        else:
            self.table.toggle_group(row)

    @Slot(int)
    def _open_details(self, job_id: int) -> None:
        page = self._program.queue_page
        self._bridge.run_in_background(lambda: page.detail(job_id), self._show_details)

    def _show_details(self, detail: Detail | None) -> None:
        if detail is None:
            self._close_details()
        else:
            self.details.show_detail(detail)

    @Slot()
    def _close_details(self) -> None:
        self.details.hide()
        self.table.setFocus()

    @Slot(object, int)
    def _act_from_details(self, act: Act, job_id: int) -> None:
        page = self._program.queue_page

        def found(detail: Detail | None) -> None:
            if detail is not None:
                self.chosen.act(act, of_line(detail.line))

        self._bridge.run_in_background(lambda: page.detail(job_id), found)

    @Slot()
    def _read_again(self) -> None:
        """What could not be read."""
        if self.model.is_loading:
            self.showing.read_again()
            self.feed.read_numbers()
        else:
            self._acted()
