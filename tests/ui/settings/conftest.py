"""The settings page on a real data folder, with folders of the test for what it writes outside."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QDialog, QFileDialog, QWidget

from app.ui.around import Around
from app.ui.closed import ClosedWork
from app.ui.settings.page import SettingsPage
from app.ui.theme import Theme
from tests.ui.connections.conftest import Place
from tests.ui.desk import until

SYSTEMCTL = """#!/bin/sh
case "$*" in *"$REFUSED"*) echo "it is told not to" >&2; exit 1;; esac
case "$*" in
  *is-active*) test -e "$STATE" && echo active || echo inactive;;
  *restart*) touch "$STATE";;
  *disable*) rm -f "$STATE";;
esac
"""


class Room:
    """A place, its settings page, and what the page asked for."""

    def __init__(self, place: Place, theme: Theme, folder: Path) -> None:
        self.place, self.theme, self.folder = place, theme, folder
        self.config = folder / "config"
        self.closed: list[ClosedWork] = []
        self.is_visitor = False

    def page(self, *, is_demo: bool = False) -> SettingsPage:
        """The page, shown and read."""
        around = Around(self.theme, is_demo=is_demo)
        page = SettingsPage(self.place.desk, around, lambda: self.is_visitor, self.closed.append)
        page.resize(1040, 700)
        self.place.show(page)
        page.shown()
        until(lambda: bool(page.links.editors) and bool(page.data.folder.about))
        until(lambda: is_read(page))
        return page

    def dialog(self, page: QWidget) -> QDialog:
        """The one that was opened last, which is no file dialog."""
        found: list[QDialog] = []

        def look() -> bool:
            found[:] = [
                one
                for one in page.window().findChildren(QDialog)
                if one.isVisible() and not isinstance(one, QFileDialog)
            ]
            return bool(found)

        until(look)
        return found[-1]

    def choose(self, page: QWidget, file: Path) -> None:
        """In the file dialog that is open: this file."""
        found: list[QFileDialog] = []

        def look() -> bool:
            found[:] = [one for one in page.window().findChildren(QFileDialog) if one.isVisible()]
            return bool(found)

        until(look)
        found[-1].fileSelected.emit(str(file))
        found[-1].done(0)


def is_read(page: SettingsPage) -> bool:
    """True when systemd and the desktop have answered."""
    return page.computer.was_read


def press(page: QWidget, name: str) -> None:
    """The button with that text or accessible name, as a person finds it."""
    named(page, name).click()


def named(page: QWidget, name: str) -> QAbstractButton:
    return next(
        one
        for one in page.findChildren(QAbstractButton)
        if name in (one.accessibleName(), one.text())
    )


@pytest.fixture
def room(tmp_path: Path, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    _put_systemd(tmp_path, monkeypatch)
    place = Place(tmp_path / "data", monkeypatch)
    yield Room(place, theme, tmp_path)
    place.close()
    theme.force("light")


def _put_systemd(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = folder / "bin"
    tools.mkdir()
    for name, text in (("systemctl", SYSTEMCTL), ("loginctl", "#!/bin/sh\necho no\n")):
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("STATE", str(folder / "running"))
    monkeypatch.setenv("REFUSED", "nothing is refused")
