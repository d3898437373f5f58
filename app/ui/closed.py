"""What is done while everything is closed: said in the window, then the program starts again."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from app.core.errors import BackhaulError
from app.ui.main_window import MainWindow
from app.ui.queue.states import Instead

logger = logging.getLogger(__name__)

_SHOWN_MS = 20_000  # nothing is sent meanwhile


@dataclass(frozen=True, slots=True)
class ClosedWork:
    """`work` runs once, on a thread aside; what it returns is said below `done`."""

    busy: str
    done: str
    failed: str
    work: Callable[[], str]


class Cover(QObject):
    """Does the work in front of the closed pages."""

    over = Signal(bool)  # True: start again; False: the person closed the window

    def __init__(self, work: ClosedWork, say: Callable[[BackhaulError], str]) -> None:
        super().__init__()
        self._work, self._say = work, say
        self._page = Instead()
        self._page.pressed.connect(self._end)
        self._thread = _Thread(work.work, self)
        self._thread.done.connect(self._done)
        self._thread.failed.connect(self._failed)
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self._end)
        self._is_over = self._is_through = self._must_leave = False

    def lay_over(self, window: MainWindow) -> None:
        """Begin."""
        window.cover(self._page)
        window.set_overall("Closed", "muted")
        window.bring_to_front()
        self._show(self._work.busy, "This takes a moment.", "", ("state_waiting", "muted"))
        self._thread.start()

    def leave(self) -> None:
        """The session ends, or the person wants to: as soon as the work is through."""
        self._must_leave = True
        if self._is_through:  # not at once: the window may just be asked to close
            QTimer.singleShot(0, self, self._close)

    @Slot(str)
    def _done(self, text: str) -> None:
        more = f"{text} Backhaul starts again by itself in a moment."
        self._show(self._work.done, more, "Start again now", ("state_done", "success"))
        self._let_end()
        self._timer.start()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        if isinstance(error, BackhaulError):
            why = self._say(error)
        else:
            logger.error("what was to be done while closed failed", exc_info=error)
            why = "Backhaul made a mistake here. Its log says more for Backhaul support."
        more = f"{why} Your data is as it was."
        self._show(self._work.failed, more, "Start again", ("state_failed", "danger"))
        self._let_end()

    def _show(self, text: str, more: str, press: str, look: tuple[str, str]) -> None:
        self._page.show_text(text, more, press, look)
        self._page.setAccessibleName(f"{text}. {more}")

    def _let_end(self) -> None:
        self._is_through = True
        if self._must_leave:
            self._close()
        else:
            self._page.focus_button()

    @Slot()
    def _end(self) -> None:
        self._be_over(starts_again=True)

    @Slot()
    def _close(self) -> None:
        self._be_over(starts_again=False)

    def _be_over(self, *, starts_again: bool) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._timer.stop()
        self._thread.wait()
        self.over.emit(starts_again)


class _Thread(QThread):
    done = Signal(str)
    failed = Signal(object)

    def __init__(self, work: Callable[[], str], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work

    def run(self) -> None:
        try:
            said = self._work()
        except Exception as error:  # noqa: BLE001 - shown in the window
            self.failed.emit(error)
        else:
            self.done.emit(said)
