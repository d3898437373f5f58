"""The real program on a screen that nobody watches: opened, acted on, and photographed.

Time is the stage's: the program's clock and the machine's wall clock (the practice servers look
at that one) stand still until a scene lets time pass, so pictures are the same on every run.
"""

import gc
import json
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

import time_machine
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QEventLoop,
    QPoint,
    Qt,
    QTimer,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLineEdit,
    QMenu,
    QWidget,
)

from app.bootstrap import open_program
from app.core.states import JobState
from app.core.types import ConnectionInfo, Shipment
from app.desktop import say
from app.services.practice import FILE_NAME as PRACTICE
from app.services.program import Program
from app.services.rehearsal import SYSTEM
from app.services.secrets import variable_name
from app.services.wording import Phase
from app.ui.application import Desktop
from app.ui.connections import check_run
from app.ui.main_window import MainWindow
from app.ui.opener import Opening
from app.ui.queue.view import ManagerPage
from app.ui.running import Running
from tests.fakes.clock import FakeClock
from tests.screens.camera import Camera

ACTOR = "ann"
SECRET = variable_name("", "")[: -len("__")]
WINDOW = (1240, 800)
HALF_HOUR_S = 1800
NOBODY_THERE = "http://127.0.0.1:9"
PORT = 47316  # of the practice server; it stands in some sentences
_PATIENCE_S = 20.0
_LOOK_MS = 10
_SAME_LOOKS = 6
_SOON_MS = 500  # what is due by then is waited for
W = TypeVar("W", bound=QWidget)


class StageClock(FakeClock):
    """Moves the wall clock of the whole process along."""

    def __init__(self) -> None:
        super().__init__()
        self._travel = time_machine.travel(self.now_ms() / 1000, tick=False)
        self._wall = self._travel.start()

    def advance(self, seconds: float) -> None:
        self._wall.shift(seconds)
        super().advance(seconds)

    def stop(self) -> None:
        """The wall clock goes on as it was."""
        self._travel.stop()


class Stage:
    """One data folder with its window; `close` ends both."""

    def __init__(self, app: QApplication, folder: Path, camera: Camera) -> None:
        self.app, self.folder, self.camera = app, folder, camera
        self.clock = StageClock()
        # How long the lines of a test took is told in ms of the real clock.
        self._took = patch.object(check_run, "time", self.clock)
        self._took.start()
        folder.mkdir(parents=True, mode=0o700)
        last = {
            "urls": {SYSTEM: f"http://127.0.0.1:{PORT + round(app.devicePixelRatio())}"},
            "key": "",
        }
        (folder / PRACTICE).write_text(json.dumps(last))  # a restart takes the same port
        self._desktop: Desktop | None = None

    @property
    def desktop(self) -> Desktop:
        assert self._desktop is not None
        return self._desktop

    @property
    def window(self) -> MainWindow:
        return self.desktop.window

    @property
    def running(self) -> Running:
        assert self.desktop.running is not None
        return self.desktop.running

    @property
    def program(self) -> Program:
        return self.running.program

    @property
    def manager(self) -> ManagerPage:
        return self.running.manager

    def open(
        self, begin: Callable[[Program], None] | None = None, *, waits: bool = True
    ) -> "Stage":
        """Start the program as a person does; `begin` enters a demonstration's shipments.

        `waits` False: the data folder may still be opening, or may not open at all.
        """
        opening = Opening(self.folder, self.open_folder, say, ACTOR, begin=begin, scheme="light")
        self._desktop = Desktop(self.app, opening)
        self.window.resize(*WINDOW)
        self.window.move(20, 20)
        self.desktop.start()
        self.window.activateWindow()
        if waits:
            self.until(lambda: self.desktop.running is not None)
            self.until(self._is_running)
        return self

    def _is_running(self) -> bool:
        """True once the engine has the folder: from then on a second start finds this one."""
        instance = self.desktop.instance
        return instance is not None and instance.is_listening

    def open_folder(self, is_engine: bool) -> Program:
        """As `bootstrap` does it, with the stage's clock."""
        return open_program(
            self.folder, is_engine=is_engine, clock=self.clock, rng=random.Random(1)
        )

    def close(self) -> None:
        """Quit as a person does."""
        if self._desktop is not None:
            self._desktop.quit()
            self.until(lambda: not self.window.isVisible())
            self._desktop.deleteLater()
            self._desktop.window.deleteLater()
            self._desktop = None
        self.handle_events()
        gc.collect()
        self._took.stop()
        self.clock.stop()
        for name in [one for one in os.environ if one.startswith(SECRET)]:
            del os.environ[name]

    # --- what a scene does

    def connect(
        self, name: str, url: str, *, practice: bool = False, token: str = "", **typed: str
    ) -> ConnectionInfo:
        """One more connection; its `token` is found in the environment, as on a server."""
        if token:
            os.environ[variable_name(name, "token")] = token
        typed = {"base_url": url, **typed}
        return self.program.connections.add(
            "printsmith", name, typed, is_practice=practice, actor=ACTOR
        )

    def enter(self, connection: ConnectionInfo, *shipments: Shipment) -> None:
        """Shipments come in, one after another."""
        self.program.write_back.enter(connection.id, list(shipments), actor=ACTOR)

    def phase(self, order: str) -> str:
        """How the row of an order stands; empty when there is none."""
        found = self.program.queue.search(order)
        return found[0].wording.phase.value if found else ""

    def until_phase(self, phase: Phase, *orders: str) -> None:
        """Until the rows of these orders stand so."""
        self.until(lambda: all(self.phase(order) == phase for order in orders))

    def until_run(self, phase: Phase, order: str) -> None:
        """Until the row of an order was tried, and stands so for now."""

        def was_run() -> bool:
            row = self.program.queue.search(order)[0]
            rests = bool(row.job.runs) and row.job.state is not JobState.IN_FLIGHT
            return rests and row.wording.phase == phase

        self.until(was_run)

    def rest(self) -> None:
        """Take the keyboard from wherever it is."""
        at = self.app.focusWidget()
        if at is not None:
            at.clearFocus()
        self.settle()

    def press(self, name: str) -> None:
        """The visible button with that accessible name or text, as a person finds it."""
        self.button(name).click()
        self.handle_events()

    def button(self, name: str) -> QAbstractButton:
        """The same, to look at."""
        return self.find(QAbstractButton, name)

    def type_into(self, name: str, text: str) -> None:
        """Replace what stands in a field."""
        box = self.find(QLineEdit, name)
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, text)

    def find(self, kind: type[W], name: str) -> W:
        """A visible widget by its accessible name or text; what lies in front comes first."""
        found: list[W] = []

        def look() -> bool:
            for top in self.in_front():
                for one in top.findChildren(kind):
                    if one.isVisible() and name in (one.accessibleName(), text_of(one)):
                        found.append(one)
                        return True
            return False

        self.until(look, f"nothing visible is named “{name}”")
        return found[0]

    def in_front(self) -> list[QWidget]:
        """What stands on the screen, the foremost first; tooltips come and go."""
        tips = Qt.WindowType.ToolTip
        tops = [
            one
            for one in self.app.topLevelWidgets()
            if one.isVisible() and one.windowType() is not tips
        ]
        ranks = {QMenu: 0, QDialog: 1}
        return sorted(
            tops,
            key=lambda one: (
                min((at for kind, at in ranks.items() if isinstance(one, kind)), default=2),
                not one.isModal(),
            ),
        )

    @property
    def tray_menu(self) -> QMenu:
        """What the tray icon would open; no host shows the icon here."""
        presence = self.desktop._presence
        assert presence is not None
        return presence.tray._menu.menu

    def select(self, order: str) -> None:
        """The keyboard on the row of an order."""
        self.settle()
        table, model = self.manager.table, self.manager.model
        for row in range(model.rowCount()):
            line = model.loaded(row)
            if line is not None and line.row.job.order_ref == order:
                table.setFocus()
                table.go_to(row)
                return
        raise AssertionError(f"no row for {order}")

    def hover(self, row: int) -> None:
        """The pointer on a row."""
        table = self.manager.table
        box = table.visualRect(table.model().index(row, 0))
        QTest.mouseMove(table.viewport(), QPoint(1, table.viewport().height() - 2))
        QTest.mouseMove(table.viewport(), box.center())

    def leave(self) -> None:
        """The pointer goes from the rows to where nothing answers it."""
        QTest.mouseMove(self.window, QPoint(self.window.width() - 4, 4))
        self.app.sendEvent(self.manager.table, QEvent(QEvent.Type.Leave))

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        """A key, where the keyboard is."""
        at = self.app.focusWidget() or self.window
        QTest.keyClick(at, key, modifier or Qt.KeyboardModifier.NoModifier)

    def search(self, text: str) -> None:
        """Type into the search field of the top bar."""
        self.window.search.setText(text)
        self.settle()

    def close_dialogs(self) -> None:
        """Cancel whatever is open."""
        for top in self.in_front():
            if isinstance(top, QDialog | QMenu):
                top.close()
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)

    def hold(self, widget: QWidget) -> None:
        """Stop its timers: it would change by itself."""
        for timer in widget.findChildren(QTimer):
            timer.stop()

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and everybody who waits for it do what is due; every age is told anew."""
        self.clock.advance(seconds)
        self.settle()
        self.manager.feed.something_changed()
        self.running.connections.shown()
        self.settle()

    def shoot(self, name: str, opened: Callable[[], object] | None = None) -> None:
        """Pictures of what is on the screen now, in both themes, and every fault in them.

        `opened`: opens what is made in the colours of the moment, like a menu with icons.
        """
        if not self.camera.wants(name):
            return
        for scheme in ("light", "dark"):
            self._dress(scheme)
            if opened is not None:
                opened()
                self.settle()
            self.camera.take(name, scheme, self.window, self.in_front())
            if opened is not None:
                self.close_dialogs()
        self._dress("light")

    def _dress(self, scheme: str) -> None:
        self.desktop.theme.force(scheme)
        self.settle()

    # --- waiting

    def settle(self) -> None:
        """Until nothing is read any more and the picture stays as it is."""
        seen, same = b"", 0

        def rests() -> bool:
            nonlocal seen, same
            image = self.camera.look(self.window, self.in_front())
            same = same + 1 if image == seen else 0
            seen = image
            return same >= _SAME_LOOKS and self._is_quiet()

        self.until(rests, "the picture never came to rest")

    def _is_quiet(self) -> bool:
        running = self.desktop.running
        if running is None:
            return True
        page = running.manager
        timers = (*self.window.findChildren(QTimer), *running.findChildren(QTimer))
        is_due = any(
            one.isActive() and one.isSingleShot() and one.interval() <= _SOON_MS for one in timers
        )
        return page.feed.is_quiet and not page.model.is_busy and not is_due

    def until(self, condition: Callable[[], bool], what: str = "it never came to that") -> None:
        """Let events come until it holds."""
        ends = time.monotonic() + _PATIENCE_S
        while not condition():
            assert time.monotonic() < ends, what
            loop = QEventLoop()
            QTimer.singleShot(_LOOK_MS, loop.quit)
            loop.exec()  # what is not there yet comes as an event, or is looked for after a moment
            self.handle_events()

    def handle_events(self) -> None:
        """What is waiting, deletions included."""
        self.app.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def text_of(widget: QWidget) -> str:
    """What is written on it, as a person reads it."""
    text = getattr(widget, "text", None)
    return str(text()).strip().replace("&&", "&") if callable(text) else ""
