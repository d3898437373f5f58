"""Scenes of the SETTINGS page: every panel, what is refused, and what is asked once more."""

import os
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.upkeep import back_up
from app.ui.settings.page import SettingsPage
from tests.screens import ring
from tests.screens.manager import stage_demonstration
from tests.screens.stage import ACTOR, PORT, WINDOW, Stage

_ = ring  # registered by being imported


def page_of(stage: Stage) -> SettingsPage:
    """The page in front, read."""
    stage.window.show_page("settings")
    page = stage.running.settings.made
    assert isinstance(page, SettingsPage)
    stage.until(lambda: page.computer.was_read and bool(page.links.editors))
    stage.rest()
    return page


def panels(stage: Stage) -> None:
    """From top to bottom, empty and filled; small; the dialogs."""
    stage_demonstration(stage)
    page = page_of(stage)
    stage.shoot("settings")
    _top(stage, page, page.moving)
    stage.shoot("settings-moving")
    _top(stage, page, page.names)
    stage.shoot("settings-carriers")
    _fill(stage, page)
    stage.window.resize(stage.window.minimumSize())
    for panel, name in ((page.computer, "top"), (page.data, "data"), (page.links, "links")):
        _top(stage, page, panel)
        stage.shoot(f"settings-small-{name}")
    stage.window.resize(*WINDOW)
    _ask(stage, page)


def _fill(stage: Stage, page: SettingsPage) -> None:
    """Names that were learned, an own link, one that is none."""
    book = stage.program.carriers
    for name, code in (("königliche post", "royalmail"), ("speedy logistics ltd", "ups")):
        book.set_name(name, code, ACTOR)
    book.set_link("royalmail", "https://parcels.example/track?number={n}", ACTOR)
    page.shown()
    stage.until(lambda: len(page.names.rows) == len(book.names()))
    stage.settle()
    editor = page.links.editors["dhl"]
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, "https://dhl.example/track")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    stage.until(lambda: bool(editor.problem.text()))
    _top(stage, page, page.names)
    stage.shoot("settings-carriers-own")


def _ask(stage: Stage, page: SettingsPage) -> None:
    _top(stage, page, page.data)
    backup = back_up(stage.folder, stage.clock, stage.folder.parent / "backup.db")
    stage.press("Back up now…")
    _choose(stage, page, stage.folder.parent / "backup-2.db")
    stage.until(page.data.made.isVisible)
    stage.press("Restore a backup…")
    _choose(stage, page, Path(__file__))
    stage.until(lambda: bool(page.data.restore.problem))
    _top(stage, page, page.data)
    stage.shoot("settings-data-answers")
    stage.press("Restore a backup…")
    _choose(stage, page, backup)
    stage.button("Keep what is here")
    stage.shoot("settings-restore")
    stage.close_dialogs()
    stage.press("Back up and retire this computer…")
    stage.button("Keep using it")
    stage.shoot("settings-retire")
    stage.close_dialogs()
    stage.running._show_about()
    stage.shoot("settings-about")
    stage.close_dialogs()


def _choose(stage: Stage, page: SettingsPage, file: Path) -> None:
    """In the file dialog that is open, which is the desktop's own and no part of the pictures."""
    stage.until(lambda: any(one.isVisible() for one in page.window().findChildren(QFileDialog)))
    dialog = next(one for one in page.window().findChildren(QFileDialog) if one.isVisible())
    dialog.fileSelected.emit(str(file))
    dialog.done(0)
    stage.handle_events()


def _top(stage: Stage, page: SettingsPage, panel: QWidget) -> None:
    """Scroll until the panel stands at the top, or at the end."""
    stage.settle()
    page.area.verticalScrollBar().setValue(panel.y())
    stage.rest()


def local(stage: Stage) -> None:
    """The door for other programs."""
    stage_demonstration(stage)
    os.environ["BACKHAUL_SECRET_LOCAL_INTAKE_KEY"] = "0123456789abcdefghijklmnopqrstuvwxyzABCD"
    port = PORT + 10 + round(stage.app.devicePixelRatio())
    stage.program.local_intake.switch(False, port, ACTOR)
    page = page_of(stage)
    stage.press("Take in shipments from other programs")
    stage.until(page.local.more.isVisible)
    stage.until(lambda: page.local.switch.about.startswith("Ready"))
    page.local.switch.clear()
    _top(stage, page, page.local)
    stage.shoot("settings-local")
    stage.press("Show the key")
    stage.until(lambda: page.local.reveal.text() == "Hide")
    stage.press("New key…")
    stage.button("Keep the old key")
    stage.shoot("settings-local-new-key")


def retired(stage: Stage) -> None:
    """A computer that was moved away from."""
    program = stage.open_folder(False)
    program.retirement.retire(None)
    program.close()
    stage.open(waits=False)
    stage.until(lambda: stage.desktop.running is not None)
    stage.until(lambda: stage.window.state_text == "Not running")
    stage.settle()
    stage.shoot("settings-retired")
    stage.press("Take it back into use…")
    stage.shoot("settings-retired-sure")


def _apart(scene: Callable[[Stage], None]) -> Callable[[Stage], None]:
    """With the desktop's folders of the scene's own, on a computer without systemd."""

    def play(stage: Stage) -> None:
        own = {"XDG_CONFIG_HOME": str(stage.folder.parent / "config"), "PATH": ""}
        with patch.dict(os.environ, own):
            scene(stage)

    return play


SCENES = {
    "settings-panels": _apart(panels),
    "settings-local": _apart(local),
    "settings-retired": _apart(retired),
}
