"""Scenes of the INTAKE page: folders in every state, what needs a person, a file by hand."""

import time
from collections.abc import Callable
from pathlib import Path

from app.core.events import IntakeProgress
from app.core.types import ConnectionInfo
from app.services.folder_settings import FolderSettings
from app.services.folders import Light
from app.ui.intake.content import IntakeContent
from tests.screens.stage import ACTOR, NOBODY_THERE, WINDOW, Stage

DATA = Path(__file__).parents[1] / "data" / "carrier_files"
BROKEN = DATA / "seventeen_broken.csv"
UNKNOWN = b'"Order","Tracking","Carrier"\r\n"316201","4512345678","Harbour Bikes"\r\n'
SHIP, FED, GONE = "WorldShip", "FedEx", "Dock 4"
_EVERY_S = 0.4


def _content(stage: Stage) -> IntakeContent:
    content = stage.running.intake.content
    stage.until(lambda: content.is_read and content.needs_you.model.is_read)
    return content


def _watch(stage: Stage, connection: ConnectionInfo, name: str) -> Path:
    path = stage.folder.parent / "exports" / name
    path.mkdir(parents=True)
    settings = FolderSettings(start="all")
    stage.program.folders.add(name, path, connection.id, settings, actor=ACTOR)
    return path


def _until(stage: Stage, condition: Callable[[], bool]) -> None:
    """The engine looks by the real clock, and trusts a file by the stage's."""
    moved_at = time.monotonic()

    def look() -> bool:
        nonlocal moved_at
        if time.monotonic() - moved_at > _EVERY_S:
            moved_at = time.monotonic()
            stage.clock.advance(3)
        return condition()

    stage.until(look, "the engine never read it")


def empty(stage: Stage) -> None:
    """Nothing is watched; then a file by hand."""
    stage.open()
    stage.connect("Front desk", NOBODY_THERE, token="practice")
    stage.window.show_page("intake")
    content = _content(stage)
    stage.rest()
    stage.shoot("intake-empty")
    content.acts.import_file(DATA / "no_such_file.csv")
    stage.until(lambda: not stage.button("Close").isHidden())
    stage.shoot("intake-import-no-file")
    stage.close_dialogs()
    content.acts.import_file(BROKEN)
    stage.until(lambda: stage.button("Import").isEnabled())
    stage.settle()
    stage.shoot("intake-import")
    stage.press("Import")
    stage.until(lambda: not stage.button("Close").isHidden())
    stage.shoot("intake-import-done")
    stage.press("Close")
    stage.settle()
    stage.shoot("intake-without-folders")


def full(stage: Stage) -> None:
    """Folders beside each other, rows that wait, many of them chosen, what was settled."""
    stage.open()
    connection = stage.connect("Front desk", NOBODY_THERE, token="practice")
    ship, fed, gone = (_watch(stage, connection, name) for name in (SHIP, FED, GONE))
    (ship / "export.csv").write_bytes(BROKEN.read_bytes())
    (fed / "fedex.csv").write_bytes(UNKNOWN)
    service = stage.program.folders
    _until(stage, lambda: all(one.files for one in service.all() if one.folder.name != GONE))
    _until(stage, lambda: stage.program.attention.count() == 18)
    gone.rmdir()
    _until(stage, lambda: service.named(GONE).light is Light.RED)
    stage.window.show_page("intake")
    content = _content(stage)
    stage.until(lambda: content.needs_you.model.rowCount() == 18)
    stage.pass_time(120)
    content.shown()
    stage.rest()
    stage.shoot("intake-full")
    _choose(stage, content)
    _progress(stage, content)
    stage.press(f"Remove: {SHIP}")
    stage.shoot("intake-remove")
    stage.close_dialogs()
    _settled(stage, content)


def _choose(stage: Stage, content: IntakeContent) -> None:
    view = content.needs_you.view
    row = next(
        at for at in range(18)
        if (line := content.needs_you.model.line(at)) and line.kind == "New carrier name"
    )  # fmt: skip
    view.go_to(row)
    stage.shoot("intake-carrier")
    view.selectAll()
    stage.shoot("intake-many")
    stage.window.resize(stage.window.minimumSize())
    view.go_to(4)
    stage.shoot("intake-small")
    stage.window.resize(*WINDOW)


def _progress(stage: Stage, content: IntakeContent) -> None:
    stage.program.bus.publish(IntakeProgress(f"folder:{SHIP}", "export.csv", 41_200, 200_000))
    card = content.grid.named(SHIP)
    assert card is not None
    stage.until(card.gauge.isVisible)
    card.gauge.say("9,400 a second, 17 s left")
    stage.shoot("intake-reading")
    card.gauge.end()


def _settled(stage: Stage, content: IntakeContent) -> None:
    needs_you = content.needs_you
    needs_you.view.go_to(0)
    stage.press("Ignore")
    stage.until(lambda: needs_you.model.rowCount() == 17)
    stage.shoot("intake-ignored")
    stage.press("Show settled and ignored ones")
    stage.until(lambda: needs_you.model.rowCount() == 1)
    stage.rest()
    stage.shoot("intake-settled")


SCENES = {"intake-import": empty, "intake-full": full}
