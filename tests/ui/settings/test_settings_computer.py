"""Start at login and the service: what is pressed is written, and what cannot be is said."""

import sys
from pathlib import Path

import pytest

from app.services.autostart import IDENTIFIER, Autostart, XdgEntry
from tests.ui.desk import until
from tests.ui.settings.conftest import Room

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="as on Linux")


def entry(room: Room) -> Path:
    return room.config / "autostart" / f"{IDENTIFIER}.desktop"


def test_a_tick_writes_the_entry_and_says_so(room: Room) -> None:
    panel = room.page().computer
    assert not panel.login.tick.isChecked()
    assert not panel.hidden.tick.isEnabled()
    panel.login.tick.click()
    assert panel.login.note.text == "Saving…"
    until(lambda: panel.login.note.text == "On from the next login")
    assert f'"--data-dir" "{room.place.program.folder}"' in entry(room).read_text("utf-8")
    panel.login.tick.click()
    until(lambda: panel.login.note.text == "Off")
    assert not entry(room).exists()


def test_without_its_window_is_a_choice_of_its_own(room: Room) -> None:
    panel = room.page().computer
    panel.login.tick.click()
    until(panel.hidden.tick.isEnabled)
    panel.hidden.tick.click()
    until(lambda: panel.hidden.note.text == "The next start shows the icon only")
    assert '"--hidden"' in entry(room).read_text("utf-8")
    again = room.page().computer
    assert again.login.tick.isChecked()
    assert again.hidden.tick.isChecked()


def test_the_keyboard_stays_where_it_was(room: Room) -> None:
    page = room.page()
    page.activateWindow()
    until(page.isActiveWindow)
    tick = page.computer.login.tick
    tick.setFocus()
    tick.click()
    until(lambda: page.computer.login.note.text == "On from the next login")
    assert tick.hasFocus()


def test_what_cannot_be_written_is_said_and_stays_off(room: Room) -> None:
    room.config.mkdir()
    (room.config / "autostart").write_text("a file where a folder should be")
    panel = room.page().computer
    panel.login.tick.click()
    until(lambda: bool(panel.login.problem))
    assert str(room.config / "autostart") in panel.login.problem
    until(lambda: panel.login.tick.isEnabled() and not panel.login.tick.isChecked())


def test_another_copy_that_starts_is_named(room: Room) -> None:
    Autostart(None, XdgEntry(room.config / "autostart"), lambda: ["/opt/other/backhaul"]).turn_on()
    panel = room.page().computer
    assert not panel.login.tick.isChecked()
    assert "/opt/other/backhaul" in panel.login.about


def test_the_demonstration_starts_nothing_by_itself(room: Room) -> None:
    panel = room.page(is_demo=True).computer
    for switch in (panel.login, panel.service):
        assert not switch.tick.isEnabled()
        assert "demonstration" in switch.about


def test_the_service_is_started_and_ended(room: Room) -> None:
    panel = room.page().computer
    panel.service.tick.click()
    until(lambda: panel.service.note.text.startswith("On"))
    assert (room.folder / "running").exists()
    assert panel.linger.isVisible()
    assert panel.linger.text == "loginctl enable-linger ann"
    panel.service.tick.click()
    until(lambda: panel.service.note.text == "Off")
    assert not (room.folder / "running").exists()
    assert not panel.linger.isVisible()


def test_a_service_that_does_not_start_is_said(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = room.page().computer
    monkeypatch.setenv("REFUSED", "restart")
    panel.service.tick.click()
    until(lambda: "it is told not to" in panel.service.problem)
    until(lambda: "says “inactive”" in panel.service.about)
    assert panel.service.tick.isChecked()
    assert panel.service.tick.isEnabled()


def test_without_systemd_the_way_out_is_said(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(room.folder / "empty"))
    panel = room.page().computer
    assert not panel.service.tick.isEnabled()
    assert "backhaul run" in panel.service.about
