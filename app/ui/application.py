"""The window as a program: shown first, everything else opened behind it, stopped in order."""

import importlib
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, Qt, QThread, QTimer, Signal, Slot
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication

from app.core.errors import BackhaulError
from app.ui import icons
from app.ui.main_window import TITLE, MainWindow
from app.ui.signals import StopSignals
from app.ui.starting import StartingPage
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.services.program import Program
    from app.ui.instance import Instance
    from app.ui.presence import Presence
    from app.ui.running import Running

logger = logging.getLogger(__name__)

DESKTOP_NAME = "org.backhaul.Backhaul"
_UNSEEN_MS = 1000  # a covered or minimised window is not painted: do not wait for that


@dataclass(frozen=True, slots=True)
class Opening:
    """How the data folder is opened, on a thread aside; and what is done once it runs.

    `say` makes a sentence of an error before there is a program.
    """

    folder: Path
    open: Callable[[bool], "Program"]
    say: Callable[[BackhaulError], str]
    actor: str
    is_taken: bool = False  # another process runs the engine: this window looks on
    begin: "Callable[[Program], None] | None" = None  # a demonstration's first shipments
    ended: Callable[[], None] = lambda: None
    scheme: str = ""


class Opener(QThread):
    """Imports and opens everything while the window is already there."""

    opened = Signal(object, object)  # the Program and the class Running
    failed = Signal(object)

    def __init__(self, work: "Callable[[], Program]", parent: QObject) -> None:
        super().__init__(parent)
        self._work = work

    def run(self) -> None:
        try:
            program = self._work()
            program.end_thread()
            running = importlib.import_module("app.ui.running").Running
        except Exception as error:  # noqa: BLE001 - shown in the window
            self.failed.emit(error)
        else:
            self.opened.emit(program, running)


class Desktop(QObject):
    """Ties the application, its window and the running program together."""

    def __init__(self, app: QApplication, opening: Opening) -> None:
        super().__init__(app)
        self._app = app
        self._opening = opening
        self.instance: Instance | None = None
        self._running: Running | None = None
        self._presence: Presence | None = None
        self._is_stopping = False
        self.restarts = False  # once it has ended, it is to be started again
        self.theme = Theme(app, opening.scheme)
        self.window = MainWindow()
        starting = StartingPage()
        self.window.add_page("manager", "MANAGER", "nav_manager", starting)
        self.window.closing.connect(self.close_pressed)
        self._opener = Opener(lambda: opening.open(not opening.is_taken), self)
        self._opener.opened.connect(self._opened)
        self._opener.failed.connect(self._failed)
        starting.painted.connect(self._show_icon, Qt.ConnectionType.QueuedConnection)
        app.commitDataRequest.connect(self._session_ends)

    def start(self) -> None:
        """Show the window; once it is there, the data folder is opened behind it."""
        self.window.show()
        QTimer.singleShot(_UNSEEN_MS, self._show_icon)

    @Slot()
    def _show_icon(self) -> None:
        """As soon as the window is on the screen, or is not going to be seen soon."""
        if self._presence is not None or self._is_stopping:
            return
        presence: Presence = importlib.import_module("app.ui.presence").Presence(self)
        presence.tray.open_requested.connect(self.window.bring_to_front)
        presence.tray.quit_requested.connect(self.quit)
        self._presence = presence
        QTimer.singleShot(0, self._open)

    @Slot()
    def _open(self) -> None:
        """Everything else, behind the window."""
        if self._presence is None or self._is_stopping:
            return
        try:
            self._presence.start()
            self.instance = make_instance(self._opening.folder, self)
        except Exception as error:  # noqa: BLE001 - shown in the window
            self._failed(error)
            return
        self.instance.asked.connect(self.window.bring_to_front)
        self._opener.start()

    @property
    def running(self) -> "Running | None":
        """The program, once it is open."""
        return self._running

    @Slot()
    def close_pressed(self) -> None:
        """Closing hides only while a tray icon can bring the window back."""
        if self._running is not None and self._running.can_hide():
            self.window.hide()
        else:
            self.quit()

    @Slot()
    def quit(self) -> None:
        """Stop in order: the window stays until the engine has let go, at most some seconds."""
        if self._is_stopping:
            return
        self._is_stopping = True
        self.window.set_overall("Stopping", "muted")
        if self._running is None:
            self._stopped()
        else:
            self._running.stop()

    @Slot(object, object)
    def _opened(self, program: "Program", running: "type[Running]") -> None:
        if self._is_stopping:
            program.close()
            return
        assert self._presence is not None
        assert self.instance is not None
        self._running = running(program, self.window, self._presence, self._opening.actor, self)
        self._running.stopped.connect(self._stopped)
        self._running.taken.connect(self._taken)
        self._running.started.connect(self.instance.listen)
        self._running.restart_asked.connect(self._restart)
        self._running.start(self._opening.begin, is_visitor=self._opening.is_taken)

    @Slot()
    def _taken(self) -> None:
        """Another start was quicker: it has the folder, this one goes."""
        assert self.instance is not None
        self.instance.ask_other()
        self.quit()

    @Slot()
    def _restart(self) -> None:
        """What did the sending elsewhere has ended: come back as the one that sends."""
        self.restarts = True
        self.quit()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        page = self.window.page("manager")
        assert isinstance(page, StartingPage)
        if isinstance(error, BackhaulError):
            page.fail(self._opening.say(error))
        else:
            logger.error("the program could not be opened", exc_info=error)
            page.fail(
                "Backhaul made a mistake while starting. Start it again; if that does not help, "
                "its log says more for Backhaul support."
            )
        self.window.set_overall("Not running", "danger")

    @Slot()
    def _stopped(self) -> None:
        self._opener.wait(5000)
        if self._presence is not None:
            self._presence.stop()
        if self.instance is not None:
            self.instance.close()
        self.window.let_close()
        self._app.quit()

    def _session_ends(self, _: QSessionManager) -> None:
        self.quit()


def run(opening: Opening) -> int:
    """The window until it is quit; 0, also when another one was raised instead.

    Raises: UsageError, StorageError before there is a window.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName(TITLE)
    app.setApplicationDisplayName("")
    app.setDesktopFileName(DESKTOP_NAME)
    app.setQuitOnLastWindowClosed(False)
    app.setWindowIcon(icons.icon("mark", "accent"))
    sys.excepthook = _log_fault
    if opening.is_taken and make_instance(opening.folder, app).ask_other():
        return 0
    desktop = Desktop(app, opening)
    with StopSignals(desktop.quit, app):
        desktop.start()
        app.exec()
    opening.ended()
    if desktop.restarts:
        QProcess.startDetached(sys.orig_argv[0], sys.orig_argv[1:], str(Path.cwd()))
    return 0


def make_instance(folder: Path, parent: QObject) -> "Instance":
    """The socket of a folder's window; Qt's network module is loaded for it."""
    made: Instance = importlib.import_module("app.ui.instance").Instance(folder, parent)
    return made


def _log_fault(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Where a slot fails: into the log; the window goes on."""
    logger.error("a fault in the window", exc_info=(kind, error, trace))
