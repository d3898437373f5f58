"""The menu of the tray icon, rebuilt only when what it says has changed."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.core.clock import clock_time
from app.core.telling import Problem, Standing

PAUSES: tuple[tuple[str, float | None], ...] = (
    ("30 minutes", 1800.0),
    ("1 hour", 3600.0),
    ("Until I resume", None),
)
_MOST_TEXT = 90

_Content = tuple[tuple[Problem, ...], int, bool, str]


class TrayMenu(QObject):
    """Open, the problems, sync now, pause and resume, quit."""

    open_requested = Signal()
    problem_opened = Signal(str)
    pause_requested = Signal(object)
    resume_requested = Signal()
    sync_requested = Signal()
    quit_requested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        self.menu.setTitle("Backhaul")
        self.menu.aboutToShow.connect(self._opens)
        self.menu.aboutToHide.connect(self._closed)
        self._pauses = QMenu("Pause")
        for text, seconds in PAUSES:
            self._add(self._pauses, text, partial(self.pause_requested.emit, seconds))
        self._is_open = False
        self._wanted = _content(Standing())
        self._built: _Content | None = None
        self._build()

    def show_standing(self, standing: Standing) -> None:
        """Say how everything stands; an open menu does not move under the pointer."""
        self._wanted = _content(standing)
        if not self._is_open:
            self._build()

    @Slot()
    def _opens(self) -> None:
        self._build()
        self._is_open = True

    @Slot()
    def _closed(self) -> None:
        self._is_open = False
        self._build()

    def _build(self) -> None:
        if self._wanted == self._built:
            return
        self._built = self._wanted
        problems, more, can_pause, resume = self._wanted
        menu = self.menu
        menu.clear()
        menu.setDefaultAction(self._add(menu, "Open Backhaul", self.open_requested.emit))
        if problems:
            menu.addSeparator()
        for problem in problems:
            self._add(menu, problem.text, partial(self.problem_opened.emit, problem.key))
        if more:
            self._add(menu, f"{more} more", self.open_requested.emit)
        menu.addSeparator()
        if can_pause:  # something is connected, and not everything is paused
            self._add(menu, "Sync now", self.sync_requested.emit)
            menu.addMenu(self._pauses)
        if resume:
            self._add(menu, resume, self.resume_requested.emit)
        if can_pause or resume:
            menu.addSeparator()
        self._add(menu, "Quit", self.quit_requested.emit)

    def _add(self, menu: QMenu, text: str, act: Callable[[], None]) -> QAction:
        action = menu.addAction(_entry(text))
        action.triggered.connect(lambda _checked=False: act())
        return action


def _content(standing: Standing) -> _Content:
    resume = ""
    if standing.can_resume:
        until = standing.paused_until
        resume = f"Resume (paused until {clock_time(until)})" if until else "Resume"
    return standing.problems, standing.more, standing.can_pause, resume


def _entry(text: str) -> str:
    """On one line, not too long; "&" would mark a key."""
    short = text if len(text) <= _MOST_TEXT else f"{text[: _MOST_TEXT - 1].rstrip()}…"
    return " ".join(short.split()).replace("&", "&&")
