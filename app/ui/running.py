"""The open program behind the window: pages, engine, practice servers; started and stopped."""

import importlib
import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from app.core.errors import BackhaulError, UsageError
from app.core.events import EngineLooked
from app.services.engine import Engine
from app.services.onlooker import Onlooker
from app.services.program import Program
from app.services.rehearsal import Rehearsal
from app.ui.around import Around
from app.ui.beside import Beside
from app.ui.bridge import Bridge
from app.ui.connections.desk import Desk
from app.ui.connections.page import ConnectionsPage
from app.ui.elsewhere import Elsewhere
from app.ui.first_run import FirstRunPage
from app.ui.intake.page import IntakePage
from app.ui.later import Later
from app.ui.main_window import MainWindow
from app.ui.orders.page import OrdersPage
from app.ui.presence import Presence
from app.ui.queue.view import ManagerPage
from app.ui.retired import RetiredBand
from app.ui.sync.page import SyncPage

logger = logging.getLogger(__name__)

_NOT_SENDING = ("Not running", "danger")
_PUT_BACK_PATIENCE_S = 10.0


class Running(QObject):
    """One open data folder on the screen."""

    started = Signal()  # the engine runs here
    taken = Signal()  # another window was quicker
    stopped = Signal()
    restart_asked = Signal()  # the engine elsewhere has ended
    closed_work_asked = Signal(object)  # ClosedWork: stop in order and do it

    def __init__(
        self,
        program: Program,
        window: MainWindow,
        presence: Presence,
        actor: str,
        around: Around,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.program = program
        self.bridge = Bridge(program.bus, program.end_thread, self)
        self.rehearsal = Rehearsal(program)
        self._window = window
        self._actor = actor
        self._engine: Engine | None = None
        self._starting, self._is_over = threading.Lock(), False
        self._onlooker: Onlooker | None = None
        self._is_sending = True  # a window beside an engine elsewhere sees it end
        self.desk = Desk(program, self.bridge, self.rehearsal, actor)
        self.manager = ManagerPage(program, self.bridge, actor)
        self.orders = OrdersPage(self.desk)
        self.connections = ConnectionsPage(self.desk)
        self.intake = IntakePage(self.desk)
        self.sync = SyncPage(self.desk)
        means = (self.desk, around, lambda: self.is_visitor, self.closed_work_asked.emit)
        rows_and_assistant = (self._show_rows_of, self._connect_system)
        self.status = Later("app.ui.status.content:StatusContent", self.desk, *rows_and_assistant)
        self.settings = Later("app.ui.settings.page:SettingsPage", *means)
        self.beside = Beside(program, self.bridge, window, presence, actor)
        self._add_pages()
        self._tie()

    @property
    def is_visitor(self) -> bool:
        """True when another process runs the engine, and this window looks on."""
        return self._onlooker is not None

    def can_hide(self) -> bool:
        """True while something else than the window can bring it back."""
        return self.beside.is_visible()

    def may_quit(self, go_on: Callable[[], object], stay: Callable[[], object]) -> bool:
        """False while a person is asked about what ending would lose; one of both comes of it."""
        return self.manager.station.may_quit(go_on, stay)

    def store_last(self, then: Callable[[], object]) -> None:
        """`then`, after a last try to store what is only in memory."""
        self.manager.station.store_last(then)

    def start(self, begin: Callable[[Program], None] | None, *, is_visitor: bool) -> None:
        """Start the engine aside; a visitor only looks, and acts through the data file."""
        self.beside.start()
        if is_visitor:
            self._look_on()
            return

        def work() -> bool:
            with self._starting:
                if self._is_over:
                    return False
                if begin is None:
                    self._start_practice()
                engine = self.program.engine()
                engine.start()
                self._engine = engine
            return True

        def done(was_started: bool) -> None:
            if was_started:
                self.started.emit()
                self._practise(begin)

        self.bridge.run_in_background(work, done, self._not_started)

    def _start_practice(self) -> None:
        """Before the engine: else its first look finds nobody there, and says so."""
        try:
            self.rehearsal.start_if_used()
        except (BackhaulError, OSError):
            logger.warning("the practice servers did not start", exc_info=True)

    def stop(self) -> None:
        """Let what is being sent end, for some seconds, without holding up the window."""
        rehearsal, notices = self.rehearsal, self.program.notices
        onlooker, connections = self._onlooker, self.program.connections

        def work() -> list[str]:
            notices.stop()
            if not connections.end_checks(_PUT_BACK_PATIENCE_S):
                logger.warning("a contract check had not put back everything it changed")
            if onlooker is not None:
                onlooker.stop()
            with self._starting:
                self._is_over = True
            left = self._engine.stop() if self._engine is not None else []
            rehearsal.close()
            return left

        def done(left: list[str]) -> None:
            if left:
                logger.warning("%s still being sent; the next start looks", ", ".join(left))
            self._close()

        def failed(error: Exception) -> None:
            logger.error("the engine did not stop in order", exc_info=error)
            self._close()

        self.bridge.run_apart(work, done, failed)

    def _look_on(self) -> None:
        """The engine is another process: follow the data file instead of events."""
        elsewhere = Elsewhere()
        elsewhere.restart_asked.connect(self.restart_asked)
        self.bridge.engine_looked.connect(elsewhere.show_engine)
        self.bridge.engine_looked.connect(self._engine_looked)
        self._window.put_above_pages(elsewhere)
        self._onlooker = self.program.onlooker()
        self._onlooker.start()

    @Slot(object)
    def _engine_looked(self, seen: EngineLooked) -> None:
        self._is_sending = seen.is_running
        if not seen.is_running:
            self._show_overall("", "")
        self.manager.feed.something_changed()

    @Slot(str, str)
    def _show_overall(self, text: str, token: str) -> None:
        """What the rows say, unless nobody sends them."""
        self._window.set_overall(*((text, token) if self._is_sending else _NOT_SENDING))

    def _practise(self, begin: Callable[[Program], None] | None) -> None:
        """Practice servers where a practice connection needs them, or a demonstration does."""

        def work() -> None:
            if begin is None:
                self.rehearsal.start_if_used()
                return
            self.rehearsal.start_servers()
            begin(self.program)

        self.bridge.run_in_background(work, self._began, self._failed)

    def _began(self, _: object) -> None:
        self.manager.feed.something_changed()

    def _not_started(self, error: Exception) -> None:
        if isinstance(error, UsageError) and error.code == "engine_elsewhere":
            self.taken.emit()
            return
        self._is_sending = False
        if isinstance(error, UsageError) and error.code == "retired":
            self._show_retired()
            return
        self._failed(error)

    def _show_retired(self) -> None:
        """A line above the pages, with the way back; nothing else of it fails."""
        band = RetiredBand(self.desk)
        band.restart_asked.connect(self.restart_asked)
        self._window.put_above_pages(band)
        self._show_overall("", "")
        if not self._window.isVisible():
            self._window.bring_to_front()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, BackhaulError):
            raise error
        said = self.program.wordsmith.say(error.code, error.params)
        if not self._window.isVisible():
            self._window.bring_to_front()
        self._window.set_overall("Not running", "danger")
        self.manager.acts.say(f"{said.summary}. {said.hint}".rstrip(". "))

    def _add_pages(self) -> None:
        window, manager = self._window, self.manager
        window.replace_page("manager", manager)
        manager.focus_list()
        manager.needs_you.connect(lambda count: window.set_badge("manager", count))
        manager.overall.connect(self._show_overall)
        manager.last_changed.connect(window.set_last)
        window.add_page("orders", "ORDERS", "nav_orders", self.orders)
        self.orders.needs_you_changed.connect(lambda count: window.set_badge("orders", count))
        window.add_page("status", "STATUS", "nav_status", self.status)
        window.add_page("sync", "SYNC", "nav_sync", self.sync)
        self.sync.needs_you_changed.connect(lambda count: window.set_badge("sync", count))
        window.add_page("intake", "INTAKE", "nav_intake", self.intake)
        self.intake.needs_you_changed.connect(lambda count: window.set_badge("intake", count))
        window.add_page("connections", "CONNECTIONS", "nav_connections", self.connections)
        window.add_menu_entry("Add shipment…", manager.add_shipment)
        window.add_menu_entry("Scan shipments…", manager.scan_shipments)
        window.add_menu_entry("Group by cause", manager.toggle_groups)
        self._add_settings()

    def _add_settings(self) -> None:
        """Last in the side bar; the gear menu has it too, and who made the program."""
        window = self._window
        window.add_page("settings", "SETTINGS", "nav_settings", self.settings)
        window.add_menu_line()
        window.add_menu_entry("Settings", lambda: window.show_page("settings"), "Ctrl+,")
        window.add_menu_entry("About Backhaul", self._show_about)
        window.add_menu_line()

    @Slot()
    def _show_about(self) -> None:
        importlib.import_module("app.ui.settings.about").AboutDialog(self._window).show()

    def _tie(self) -> None:
        """What one part asks of another."""
        welcome = FirstRunPage(self.desk)
        self.manager.set_welcome(welcome)
        welcome.practice_started.connect(self.manager.feed.something_changed)
        welcome.connect_asked.connect(self._connect_system)
        self.manager.connect_wanted.connect(self._connect_system)
        self.connections.needs_you_changed.connect(self._connections_need_you)
        self.orders.job_wanted.connect(self._show_job)
        self.orders.search_ended.connect(self._window.end_search)
        self.orders.route_wanted.connect(lambda: self._read_orders_of(0))
        self.sync.orders_asked.connect(self._show_orders)
        self.connections.rows_asked.connect(self._show_rows_of)
        self.beside.job_asked.connect(self._show_job)
        self.beside.connection_asked.connect(self._show_connection)
        self.sync.connect_asked.connect(self._connect_system)
        self.beside.sync_page_asked.connect(lambda: self._window.show_page("sync"))
        self.sync.connection_asked.connect(lambda _: self._window.show_page("connections"))
        self.connections.sync_asked.connect(self._read_orders_of)

    @Slot(int, str)
    def _show_orders(self, connection_id: int, status: str) -> None:
        self._window.show_page("orders")
        self.orders.show_some(connection_id, status)

    @Slot(int)
    def _read_orders_of(self, connection_id: int) -> None:
        self._window.show_page("sync")
        self.sync.add_orders(connection_id)

    @Slot()
    def _connect_system(self) -> None:
        self._window.show_page("connections")
        self.connections.add_connection()

    @Slot(int)
    def _connections_need_you(self, count: int) -> None:
        self._window.set_badge("connections", count, "stopped")

    @Slot(int)
    def _show_job(self, job_id: int) -> None:
        self._window.show_page("manager")
        self.manager.show_job(job_id)

    @Slot(int)
    def _show_connection(self, connection_id: int) -> None:
        self._window.show_page("manager")
        self.manager.show_connection(connection_id)

    @Slot(str)
    def _show_rows_of(self, name: str) -> None:
        service = self.program.connections
        self.bridge.run_in_background(
            lambda: service.named(name).id, self._show_connection, self._failed
        )

    @Slot()
    def _close(self) -> None:
        self.beside.stop()
        self.bridge.close()
        self.program.close()
        self.stopped.emit()
