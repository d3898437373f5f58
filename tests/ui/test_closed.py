"""What is done while everything is closed: after the engine has let go, and told in the window."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.core.errors import StorageError
from app.ui.application import Desktop
from app.ui.closed import ClosedWork
from tests.ui.desk import until
from tests.ui.test_application import is_taken, opening


class Work:
    """Notes what it found, and is through when the test says so."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.may_end = threading.Event()
        self.may_end.set()
        self.was_taken: list[bool] = []
        self.error: Exception | None = None

    def run(self) -> str:
        self.was_taken.append(is_taken(self._folder))
        assert self.may_end.wait(10)
        if self.error is not None:
            raise self.error
        return "It is in /somewhere."

    def asked(self) -> ClosedWork:
        return ClosedWork("Doing it", "It is done", "It is not done", self.run)


@pytest.fixture
def desktop(qapp: QApplication, tmp_path: Path) -> Iterator[Desktop]:
    desktop = Desktop(qapp, opening(tmp_path / "data"))
    desktop.start()
    until(lambda: is_taken(tmp_path / "data"))
    until(lambda: desktop.instance is not None and desktop.instance.is_listening)
    yield desktop
    desktop.window.let_close()
    desktop.deleteLater()


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path / "data")


def ask(desktop: Desktop, work: Work) -> None:
    assert desktop.running is not None
    desktop.running.closed_work_asked.emit(work.asked())


def shows(desktop: Desktop, text: str) -> bool:
    return any(text in one.text() for one in desktop.window.findChildren(QLabel) if one.isVisible())


def press(desktop: Desktop, text: str) -> None:
    buttons = desktop.window.findChildren(QPushButton)
    button = next(one for one in buttons if one.isVisible() and one.text() == text)
    QTest.keyClick(button, Qt.Key.Key_Space)


def test_the_engine_has_let_go_before_it_is_done(desktop: Desktop, work: Work) -> None:
    ask(desktop, work)
    until(lambda: shows(desktop, "It is done"), 8000)
    assert work.was_taken == [False]
    assert shows(desktop, "It is in /somewhere.")
    assert not desktop.window.navigation.isEnabled()
    assert not desktop.restarts
    press(desktop, "Start again now")
    until(lambda: desktop.restarts)
    assert not desktop.window.isVisible()


def test_what_went_wrong_is_said_and_the_program_starts_again(desktop: Desktop, work: Work) -> None:
    work.error = StorageError("store_full")
    ask(desktop, work)
    until(lambda: shows(desktop, "It is not done"), 8000)
    assert shows(desktop, "store_full")
    assert shows(desktop, "Your data is as it was.")
    press(desktop, "Start again")
    until(lambda: desktop.restarts)


def test_closing_the_window_then_really_ends(desktop: Desktop, work: Work) -> None:
    ask(desktop, work)
    until(lambda: shows(desktop, "It is done"), 8000)
    desktop.window.close()
    until(lambda: not desktop.window.isVisible())
    assert not desktop.restarts


def test_a_session_that_ends_meanwhile_waits_for_the_work_only(
    desktop: Desktop, work: Work
) -> None:
    work.may_end.clear()
    ask(desktop, work)
    until(lambda: bool(work.was_taken), 8000)
    desktop.quit()
    assert desktop.window.isVisible()
    work.may_end.set()
    until(lambda: not desktop.window.isVisible())
    assert not desktop.restarts
