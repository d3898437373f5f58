"""What stands beside the window: the tray icon and the notices, tied to the program."""

from PySide6.QtCore import QObject, Signal, Slot

from app.core.telling import Notice, Problem, Standing
from app.services.program import Program
from app.services.standing import pause_all, resume_all
from app.ui.bridge import Bridge
from app.ui.main_window import MainWindow
from app.ui.presence import Presence


class Beside(QObject):
    """Opens what a person clicks in the tray or in a notice."""

    job_asked = Signal(int)
    connection_asked = Signal(int)
    sync_page_asked = Signal()  # there is no task yet that could run

    def __init__(
        self, program: Program, bridge: Bridge, window: MainWindow, presence: Presence, actor: str
    ) -> None:
        super().__init__(presence)
        self._program, self._bridge, self._window = program, bridge, window
        self._actor = actor
        self._known: dict[str, Notice | Problem] = {}
        self._presence = presence
        tray = presence.tray
        tray.problem_opened.connect(self._open)
        tray.pause_requested.connect(self._pause)
        tray.resume_requested.connect(self._resume)
        tray.sync_requested.connect(self._sync)
        tray.lost_host.connect(self._lost_host)
        presence.notifier.opened.connect(self._open)
        bridge.standing_changed.connect(self._stands)
        self._unsubscribe = program.bus.subscribe(Notice, self._notice)

    def start(self) -> None:
        """Watch what there is to tell."""
        self._program.notices.start()

    def stop(self) -> None:
        """Tell nothing more."""
        self._unsubscribe()

    def is_visible(self) -> bool:
        """True while an icon can really bring the window back."""
        return self._presence.tray.is_visible()

    def _notice(self, notice: Notice) -> None:
        """On the publisher's thread."""
        self._known[notice.key] = notice
        self._presence.notifier.show(notice)

    @Slot(object)
    def _stands(self, standing: Standing) -> None:
        for problem in standing.problems:
            self._known.setdefault(problem.key, problem)
        self._presence.tray.show_standing(standing)

    @Slot(str)
    def _open(self, key: str) -> None:
        self._window.bring_to_front()
        known = self._known.get(key)
        if known is None:
            return
        if known.job_id is not None:
            self.job_asked.emit(known.job_id)
        elif known.connection_id is not None:
            self.connection_asked.emit(known.connection_id)

    @Slot(object)
    def _pause(self, seconds: float | None) -> None:
        service, actor = self._program.connections, self._actor
        self._bridge.run_in_background(
            lambda: pause_all(service, seconds, actor), self._done, self._failed
        )

    @Slot()
    def _resume(self) -> None:
        service, actor = self._program.connections, self._actor
        self._bridge.run_in_background(lambda: resume_all(service, actor), self._done, self._failed)

    @Slot()
    def _sync(self) -> None:
        routes, actor = self._program.routes, self._actor

        def work() -> bool:
            return bool(routes.run_all(actor) or routes.all())

        self._bridge.run_in_background(work, self._synced, self._failed)

    def _synced(self, has_tasks: bool) -> None:
        if not has_tasks:
            self._window.bring_to_front()
            self.sync_page_asked.emit()

    def _done(self, _: object) -> None:
        pass

    def _failed(self, error: Exception) -> None:
        self._window.bring_to_front()
        raise error

    @Slot()
    def _lost_host(self) -> None:
        if not self._window.isVisible():
            self._window.bring_to_front()
