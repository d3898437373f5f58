"""The window as a program: opens behind itself, one per folder, stops in order."""

import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication, QLineEdit

from app.bootstrap import open_program
from app.core.clock import SystemClock
from app.core.errors import BackhaulError, StorageError
from app.services.engine import Engine
from app.services.ownership import Ownership
from app.services.program import Program
from app.ui import application
from app.ui.application import Desktop
from app.ui.connections.contract_dialog import ContractDialog
from app.ui.opener import Opening
from tests.ui.desk import until

_ASK = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from app.ui.instance import Instance
app = QCoreApplication([])
print(Instance(Path(sys.argv[1])).ask_other())
"""


def opening(folder: Path, **more: Any) -> Opening:
    def open_it(is_engine: bool) -> Program:
        return open_program(folder, is_engine=is_engine)

    def say(error: BackhaulError) -> str:
        return error.code

    return Opening(
        folder, **{"open": open_it, "say": say, "actor": "ann", "scheme": "light"} | more
    )


def is_taken(folder: Path) -> bool:
    return folder.is_dir() and not Ownership(folder, SystemClock()).is_free()


@pytest.fixture
def desktop(qapp: QApplication, tmp_path: Path) -> Iterator[Desktop]:
    desktop = Desktop(qapp, opening(tmp_path / "data"))
    desktop.start()
    yield desktop
    desktop.quit()
    until(lambda: not desktop.window.isVisible(), 8000)
    desktop.deleteLater()


def test_the_window_is_there_before_the_data_folder_is_open(desktop: Desktop) -> None:
    assert desktop.window.isVisible()
    assert desktop.running is None
    until(lambda: desktop.running is not None)


def test_a_window_that_nobody_sees_opens_the_data_folder_too(
    qapp: QApplication, tmp_path: Path
) -> None:
    desktop = Desktop(qapp, opening(tmp_path / "data"))
    desktop.window.setUpdatesEnabled(False)  # as one that is covered: it is never painted
    desktop.start()
    until(lambda: desktop.running is not None)
    desktop.quit()
    until(lambda: not desktop.window.isVisible(), 8000)


def test_what_fails_before_the_data_folder_is_said_in_the_window(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("no socket")

    monkeypatch.setattr(application, "make_instance", fail)
    desktop = Desktop(qapp, opening(tmp_path / "data"))
    desktop.start()
    until(lambda: desktop.window.state_text == "Not running")
    desktop.quit()
    assert not desktop.window.isVisible()


def test_a_second_start_raises_the_window(desktop: Desktop, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    until(lambda: is_taken(folder))
    asked: list[bool] = []
    instance = desktop.instance
    assert instance is not None
    instance.asked.connect(lambda: asked.append(True))
    until(lambda: instance.is_listening)
    other = QProcess()
    other.start(sys.executable, ["-c", _ASK, str(folder)])
    until(lambda: other.state() == QProcess.ProcessState.NotRunning)
    assert bytes(other.readAllStandardOutput().data()).strip() == b"True"
    assert asked == [True]


def test_a_folder_that_cannot_be_opened_is_said_in_the_window(
    qapp: QApplication, tmp_path: Path
) -> None:
    def fail(_: bool) -> Program:
        raise StorageError("store_damaged")

    desktop = Desktop(qapp, opening(tmp_path, open=fail))
    desktop.start()
    until(lambda: desktop.window.state_text == "Not running")
    desktop.quit()
    assert not desktop.window.isVisible()


def test_quitting_frees_the_folder(qapp: QApplication, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    desktop = Desktop(qapp, opening(folder))
    desktop.start()
    until(lambda: is_taken(folder))
    until(lambda: desktop.instance is not None and desktop.instance.is_listening)
    desktop.quit()
    until(lambda: not desktop.window.isVisible(), 8000)
    assert not is_taken(folder)


def test_quitting_while_the_engine_starts_leaves_none_behind(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = threading.Event(), threading.Event()
    start = Engine.start

    def slowly(engine: Engine) -> None:
        begun.set()
        assert go.wait(10)
        start(engine)

    monkeypatch.setattr(Engine, "start", slowly)
    folder, before = tmp_path / "data", threading.enumerate()
    desktop = Desktop(qapp, opening(folder))
    desktop.start()
    until(begun.is_set)
    desktop.quit()
    go.set()
    until(lambda: not desktop.window.isVisible(), 8000)
    assert not is_taken(folder)
    left = [one.name for one in threading.enumerate() if one not in before]
    assert "clock-guard" not in left


def test_quitting_during_a_contract_check_puts_the_invoice_back(
    desktop: Desktop, tmp_path: Path
) -> None:
    until(lambda: is_taken(tmp_path / "data") and desktop.running is not None)
    assert desktop.running is not None
    program, practice = desktop.running.program, desktop.running.program.practice
    desktop.running.rehearsal.start_servers()
    connection = program.connections.add(
        "printsmith",
        "Shop",
        {"base_url": practice.url("printsmith")},
        is_practice=True,
        actor="ann",
    )
    practice.act("printsmith", "add_invoice", invoice="990001")
    practice.act("printsmith", "latency", seconds=0.03)
    dialog = ContractDialog(desktop.running.desk, connection, desktop.window)
    changed: list[str] = []

    def quit_while_writing() -> None:
        if changed:
            return  # the practice server may be gone by now
        notes = notes_of(practice.state("printsmith"))
        if notes:
            changed.append(notes)
            desktop.quit()

    dialog.checks.line_added.connect(quit_while_writing)
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.setText("990001")
    dialog.start()
    until(lambda: not desktop.window.isVisible(), 20_000)
    assert changed, "it was changed at that moment"
    kept = json.loads((tmp_path / "data" / "practice-printsmith.json").read_text("utf-8"))
    assert notes_of(kept) == ""


def notes_of(state: Any) -> str:
    return "".join(charge["notes"] for charge in state["invoices"]["990001"]["charges"])


def test_quitting_waits_for_a_person_who_is_asked(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    until(lambda: desktop.running is not None)
    running, asked = desktop.running, []
    assert running is not None
    monkeypatch.setattr(running, "may_quit", lambda *ways: asked.append(ways))
    desktop.restarts = True
    desktop.quit()
    ((go_on, stay),) = asked
    assert desktop.window.state_text != "Stopping"
    stay()
    assert not desktop.restarts, "what quitting was for does not happen at the next one"
    go_on()
    until(lambda: not desktop.window.isVisible(), 8000)
