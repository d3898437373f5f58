"""The page in its window: where it is, what it costs before it is opened, and who can use it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit

from app import __version__
from app.ui.application import Desktop
from app.ui.later import Later
from app.ui.settings.about import AboutDialog, version_line
from app.ui.settings.page import SettingsPage
from tests.ui.desk import until
from tests.ui.settings.conftest import Room
from tests.ui.test_application import is_taken, opening


@pytest.fixture
def desktop(qapp: QApplication, tmp_path: Path) -> Iterator[Desktop]:
    desktop = Desktop(qapp, opening(tmp_path / "data"))
    desktop.start()
    until(lambda: is_taken(tmp_path / "data"))
    until(lambda: desktop.instance is not None and desktop.instance.is_listening)
    yield desktop
    desktop.quit()
    until(lambda: not desktop.window.isVisible(), 8000)
    desktop.deleteLater()


def entry(desktop: Desktop, text: str) -> None:
    next(one for one in desktop.window.menu.actions() if one.text() == text).trigger()


def test_it_is_the_last_section_and_is_made_when_it_is_opened(desktop: Desktop) -> None:
    assert [*desktop.window.navigation._entries][-1] == "settings"
    page = desktop.window.page("settings")
    assert isinstance(page, Later)
    assert page.made is None
    entry(desktop, "Settings")
    assert isinstance(page.made, SettingsPage)
    made = page.made
    until(lambda: bool(made.links.editors) and made.computer.was_read)
    assert made.isVisible()
    desktop.window.show_page("manager")
    desktop.window.show_page("settings")
    assert page.made is made


def test_about_says_version_and_licence(desktop: Desktop) -> None:
    entry(desktop, "About Backhaul")
    (dialog,) = desktop.window.findChildren(AboutDialog)
    said = " ".join(one.text() for one in dialog.findChildren(QLabel))
    assert f"Backhaul {__version__}" in said
    assert "MIT licence" in said
    assert version_line() in said
    dialog.close()


def test_everything_that_takes_the_keyboard_has_a_name(room: Room) -> None:
    room.place.program.carriers.set_name("speedy", "ups", "ann")
    page = room.page()
    until(lambda: len(page.names.rows) == 1)
    nameless = [
        one
        for kind in (QAbstractButton, QLineEdit, QComboBox)
        for one in page.findChildren(kind)
        if not one.accessibleName() and not (isinstance(one, QAbstractButton) and one.text())
    ]
    assert nameless == []
