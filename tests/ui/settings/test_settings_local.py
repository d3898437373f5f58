"""The door for other programs: its key stays hidden, and is never read on the window's thread."""

import json
import shlex

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.ui.settings.local import LocalPanel
from tests.ui.desk import until
from tests.ui.settings.conftest import Room, press


def switched_on(room: Room) -> LocalPanel:
    panel = room.page().local
    until(panel.switch.tick.isEnabled)
    panel.switch.tick.click()
    assert panel.switch.note.text == "Switching on…"
    until(panel.more.isVisible)
    return panel


def key(room: Room) -> str:
    return room.place.program.local_intake.key()


def everything(panel: LocalPanel) -> str:
    return " ".join(one.text() for one in panel.findChildren(QLabel))


def test_switched_on_it_has_a_key_which_is_hidden(room: Room) -> None:
    panel = switched_on(room)
    assert room.place.program.local_intake.status().is_on
    assert key(room) not in everything(panel)
    press(panel, "Show the key")
    until(lambda: key(room) in everything(panel))
    press(panel, "Hide the key")
    assert key(room) not in everything(panel)


def test_the_example_is_ready_to_paste(room: Room) -> None:
    panel = switched_on(room)
    press(panel, "Copy the example with the key")
    until(lambda: panel.example.note.text == "Copied, with the key")
    words = shlex.split(QGuiApplication.clipboard().text())
    status = room.place.program.local_intake.status()
    assert words[:2] == ["curl", status.address]
    assert f"Authorization: Bearer {key(room)}" in words
    assert json.loads(words[-1])["references"] == ["316132"]
    assert key(room) not in everything(panel)


def test_a_new_key_is_asked_for_once_more(room: Room) -> None:
    panel = switched_on(room)
    before = key(room)
    press(panel, "New key…")
    dialog = room.dialog(panel)
    press(dialog, "Keep the old key")
    assert key(room) == before
    press(panel, "New key…")
    press(room.dialog(panel), "Make a new key")
    until(lambda: panel.key.note.text.startswith("A new key holds"))
    assert key(room) != before


def test_a_prompt_of_the_password_store_is_said(room: Room) -> None:
    panel = switched_on(room)
    answer = room.place.ring.wait_for_prompt()
    press(panel, "Show the key")
    assert panel.key.note.text == "Asking the password store…"
    until(lambda: "window of its own" in panel.key.note.text)
    answer.set()
    until(lambda: panel.reveal.text() == "Hide")


def test_a_password_store_that_gives_nothing_is_said(room: Room) -> None:
    panel = switched_on(room)
    room.place.ring.trouble = OSError("no")
    press(panel, "Copy the key")
    until(lambda: bool(panel.key.problem))
    assert panel.reveal.isEnabled()


def test_another_port_holds_and_a_wrong_one_is_refused(room: Room) -> None:
    panel = switched_on(room)
    panel.window().activateWindow()
    until(panel.window().isActiveWindow)
    for typed, words in (("80", "from 1024"), ("9123", "")):
        panel.port.setFocus()
        panel.port.selectAll()
        QTest.keyClicks(panel.port, typed)
        QTest.keyClick(panel.port, Qt.Key.Key_Return)
        if words:
            until(lambda: "from 1024" in panel.address.problem)
    until(lambda: room.place.program.local_intake.status().port == 9123)
    until(lambda: ":9123/" in everything(panel))


def test_switched_off_nothing_of_it_is_shown(room: Room) -> None:
    panel = switched_on(room)
    panel.switch.tick.click()
    until(lambda: not panel.more.isVisible())
    assert not room.place.program.local_intake.status().is_on
