"""The window as a program: shown first, everything else opened behind it, stopped in order."""

import importlib
import logging
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, Qt, QTimer, Slot
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication

from app.core.errors import BackhaulError
from app.ui import icons
from app.ui.around import Around
from app.ui.collecting import Collector
from app.ui.main_window import TITLE, MainWindow
from app.ui.opener import Opener, Opening
from app.ui.signals import StopSignals
from app.ui.starting import StartingPage
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.services.program import Program
    from app.ui.closed import ClosedWork, Cover
    from app.ui.instance import Instance
    from app.ui.presence import Presence
    from app.ui.running import Running

logger = logging.getLogger(__name__)

DESKTOP_NAME = "org.backhaul.Backhaul"
_UNSEEN_MS = 1000  # a covered or minimised window is not painted: do not wait for that


class Desktop(QObject):
    """Ties the application, its window and the running program together."""

    def __init__(self, app: QApplication, opening: Opening) -> None:
        super().__init__(app)
        self._app = app
        self._opening = opening
        self.instance: Instance | None = None
        self._running: Running | None = None
        self._presence: Presence | None = None
        self._cover: Cover | None = None
        self._closed_work: ClosedWork | None = None
        self._is_stopping = False
        self.restarts = False  # once it has ended, it is to be started again
        self.theme = Theme(app, opening.scheme)
        self.window = MainWindow()
        starting = StartingPage()
        self.window.add_page("manager", "MANAGER", "nav_manager", starting)
        self.window.closing.connect(self.close_pressed)
        self.window.quit_asked.connect(self.quit)
        self._opener = Opener(lambda: opening.open(not opening.is_taken), self)
        self._opener.opened.connect(self._opened)
        self._opener.failed.connect(self._failed)
        starting.painted.connect(self._show_icon, Qt.ConnectionType.QueuedConnection)
        starting.again.connect(self._try_again)
        app.commitDataRequest.connect(self._session_ends)

    def start(self) -> None:
        """Show the window; once it is there, the data folder is opened behind it."""
        if self._opening.is_hidden:
            QTimer.singleShot(0, self._show_icon)
            return
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
        if self._opening.is_hidden:
            presence.no_icon.connect(self._come)
            presence.expect_icon()
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
        """As a person asks for it, who is told first what would be lost."""
        running = None if self._is_stopping else self._running
        if running is None or running.may_quit(self._stop, self._stay):
            self._stop()

    @Slot()
    def end(self) -> None:
        """As the system asks for it, which waits some seconds only: nobody is asked."""
        running = None if self._is_stopping else self._running
        if running is None:
            self._stop()
        else:
            running.store_last(self._stop)

    def _stay(self) -> None:
        """What ending was asked for does not happen either."""
        self.restarts, self._closed_work = False, None

    def _stop(self) -> None:
        """In order: the window stays until the engine has let go, at most some seconds."""
        if self._is_stopping:
            if self._cover is not None:
                self._cover.leave()
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
        opening = self._opening
        around = Around(self.theme, is_usual=opening.is_usual, is_demo=opening.is_demo)
        self._running = running(program, self.window, self._presence, opening.actor, around, self)
        self._running.stopped.connect(self._stopped)
        self._running.taken.connect(self._taken)
        self._running.started.connect(self.instance.listen)
        self._running.restart_asked.connect(self._restart)
        self._running.closed_work_asked.connect(self._work_closed)
        self._running.start(self._opening.begin, is_visitor=self._opening.is_taken)

    @Slot()
    def _taken(self) -> None:
        """Another start was quicker: it has the folder, this one goes."""
        assert self.instance is not None
        self.instance.ask_other(raises=not self._opening.is_hidden)
        self.quit()

    @Slot(object)
    def _work_closed(self, work: "ClosedWork") -> None:
        """Something that nothing else may be open for: stop in order, do it, start again."""
        self._closed_work = work
        self.quit()

    @Slot()
    def _come(self) -> None:
        """A person has to see the window, also one that was to stay away."""
        if not self.window.isVisible():
            self.window.show()

    @Slot()
    def _restart(self) -> None:
        """What did the sending elsewhere has ended: come back as the one that sends."""
        self.restarts = True
        self.quit()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._come()
        page = self.window.page("manager")
        assert isinstance(page, StartingPage)
        if isinstance(error, BackhaulError):
            page.fail(self._opening.say(error), self._opening.folder)
        else:
            logger.error("the program could not be opened", exc_info=error)
            page.fail(
                "Backhaul made a mistake while starting. Start it again; if that does not help, "
                "its log says more for Backhaul support.",
                self._opening.folder,
            )
        self.window.set_overall("Not running", "danger")

    @Slot()
    def _try_again(self) -> None:
        """The folder once more; what failed before it came to that begins anew."""
        if self.instance is None:
            self._restart()
            return
        self.window.set_overall("Starting", "muted")
        self._opener.wait()
        self._opener.start()

    @Slot()
    def _stopped(self) -> None:
        self._opener.wait(5000)
        if self._presence is not None:
            self._presence.stop()
        if self.instance is not None:
            self.instance.close()
        work, self._closed_work = self._closed_work, None
        if work is not None:
            self._cover = importlib.import_module("app.ui.closed").Cover(work, self._opening.say)
            self._cover.over.connect(self._uncovered)
            self._cover.lay_over(self.window)
            return
        self._leave()

    @Slot(bool)
    def _uncovered(self, starts_again: bool) -> None:
        self.restarts = starts_again
        self._leave()

    def _leave(self) -> None:
        self.window.let_close()
        self._app.quit()

    def _session_ends(self, manager: QSessionManager) -> None:
        """Where the desktop lets us, a person decides about what is not stored."""
        running = None if self._is_stopping else self._running
        if running is None or running.may_quit(self._stop, self._stay):
            self._stop()
        elif manager.allowsInteraction():
            manager.cancel()
        else:
            self.end()


def run(opening: Opening) -> int:
    """The window until it is quit; 0, also when another one was raised instead.

    Raises: UsageError, StorageError before there is a window.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    Collector(app).start()  # until the process ends: some threads may outlive the window
    app.setApplicationName(TITLE)
    app.setApplicationDisplayName("")
    app.setDesktopFileName(DESKTOP_NAME)
    app.setQuitOnLastWindowClosed(False)
    app.setWindowIcon(icons.large_icon("mark", "accent"))
    sys.excepthook = _log_fault
    if opening.is_taken:
        other = make_instance(opening.folder, app)
        if other.ask_other(raises=not opening.is_hidden):
            return 0
    desktop = Desktop(app, opening)
    with StopSignals(desktop.end, app):
        desktop.start()
        app.exec()
    opening.ended()
    if desktop.restarts:
        words = [word for word in sys.orig_argv[1:] if word != "--hidden"]  # somebody looks now
        QProcess.startDetached(sys.orig_argv[0], words, str(Path.cwd()))
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
