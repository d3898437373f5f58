"""A start at login without its window, and what brings the window all the same."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication

from app.bootstrap import open_program
from app.core.errors import StorageError
from app.services.program import Program
from app.ui import presence
from app.ui.application import Desktop
from app.ui.instance import Instance
from app.ui.tray import Tray
from tests.ui.desk import until
from tests.ui.test_application import is_taken, opening

_ASK = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from app.ui.instance import Instance
app = QCoreApplication([])
print(Instance(Path(sys.argv[1])).ask_other(raises=bool(sys.argv[2])))
"""


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "_PATIENCE_MS", 400)
    monkeypatch.setattr(presence, "_LOOK_MS", 100)


@pytest.fixture
def desktops(qapp: QApplication) -> Iterator[list[Desktop]]:
    made: list[Desktop] = []
    yield made
    for desktop in made:
        desktop.quit()
        until(lambda desktop=desktop: has_left(desktop), 8000)  # type: ignore[misc]
        desktop.deleteLater()


def has_left(desktop: Desktop) -> bool:
    return not is_taken(desktop._opening.folder) and not desktop.window.isVisible()


def start(qapp: QApplication, folder: Path, made: list[Desktop], **more: object) -> Desktop:
    desktop = Desktop(qapp, opening(folder, is_hidden=True, **more))
    made.append(desktop)
    desktop.start()
    return desktop


def test_while_an_icon_is_visible_the_window_stays_away(
    qapp: QApplication, tmp_path: Path, desktops: list[Desktop], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tray, "is_visible", lambda _: True)
    desktop = start(qapp, tmp_path / "data", desktops)
    until(lambda: is_taken(tmp_path / "data"))
    running = desktop.running
    assert running is not None
    assert not desktop.window.isVisible()
    assert desktop._presence is not None
    desktop._presence.tray.open_requested.emit()
    assert desktop.window.isVisible()


def test_closing_hides_while_an_icon_is_visible_and_quit_ends(
    qapp: QApplication, tmp_path: Path, desktops: list[Desktop], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tray, "is_visible", lambda _: True)
    desktop = start(qapp, tmp_path / "data", desktops)
    until(lambda: is_taken(tmp_path / "data"))
    desktop.window.show()
    desktop.window.close()
    assert not desktop.window.isVisible()
    assert is_taken(tmp_path / "data")
    next(one for one in desktop.window.menu.actions() if one.text() == "Quit").trigger()
    until(lambda: not is_taken(tmp_path / "data"), 8000)


def test_without_an_icon_the_window_comes_after_a_while(
    qapp: QApplication, tmp_path: Path, desktops: list[Desktop]
) -> None:
    desktop = start(qapp, tmp_path / "data", desktops)
    assert not desktop.window.isVisible()
    until(desktop.window.isVisible)
    until(lambda: desktop.running is not None)


def test_what_cannot_be_opened_is_shown(
    qapp: QApplication, tmp_path: Path, desktops: list[Desktop], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: bool) -> Program:
        raise StorageError("store_damaged")

    monkeypatch.setattr(Tray, "is_visible", lambda _: True)
    desktop = start(qapp, tmp_path / "data", desktops, open=fail)
    until(lambda: desktop.window.isVisible() and desktop.window.state_text == "Not running")


def test_a_retired_computer_shows_itself_with_the_way_back(
    qapp: QApplication, tmp_path: Path, desktops: list[Desktop], monkeypatch: pytest.MonkeyPatch
) -> None:
    program = open_program(tmp_path / "data", is_engine=False)
    program.retirement.retire(None)
    program.close()
    monkeypatch.setattr(Tray, "is_visible", lambda _: True)
    desktop = start(qapp, tmp_path / "data", desktops)
    until(desktop.window.isVisible)
    assert desktop.window.state_text == "Not running"


def test_a_second_hidden_start_leaves_the_first_in_peace(
    qapp: QApplication, tmp_path: Path
) -> None:
    first, asked = Instance(tmp_path), []
    first.asked.connect(lambda: asked.append(True))
    first.listen()
    assert asks(tmp_path, raises=False) == "True"
    assert asked == []
    assert asks(tmp_path, raises=True) == "True"
    assert asked == [True]
    first.close()


def asks(folder: Path, *, raises: bool) -> str:
    """In another process: the first one answers in this one."""
    other = QProcess()
    other.start(sys.executable, ["-c", _ASK, str(folder), "raise" if raises else ""])
    until(lambda: other.state() == QProcess.ProcessState.NotRunning)
    return bytes(other.readAllStandardOutput().data()).decode().strip()
