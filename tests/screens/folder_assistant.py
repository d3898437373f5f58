"""Scenes of the assistant for watch folders: each page, with everything that can be wrong in it."""

from pathlib import Path

from PySide6.QtWidgets import QDialog

from app.services.demo import FRONT_DESK
from app.services.folder_settings import FolderSettings
from app.ui.folder_assistant.assistant import FolderAssistant, Step
from tests.screens.stage import ACTOR, NOBODY_THERE, Stage

FILES = Path(__file__).parents[1] / "data" / "carrier_files"
LABEL = "1ZA1B2C30345678903"
HEAD = (
    "Ship To Company,Invoice No,Package Tracking No,Service Type,Void Indicator,"
    "Collection Date,Weight,Published Charge\n"
)


def rows() -> str:
    """Labels of a morning: one void, one that a spreadsheet damaged, one without a number."""
    lines = [
        f"Harbour Print {n},INV-3161{n:02},{LABEL},Ground,{'NY'[n == 3]},20261120,1.2,8.4{n % 9}"
        for n in range(12)
    ]
    lines[6] = "Lee & Sons,INV-316106,9.4E+21,Ground,N,20261120,1.2,8.46"
    lines[8] = "Old Mill,INV-316108,,Ground,N,20261120,1.2,8.48"
    return HEAD + "\n".join(lines) + "\n"


def assistant(stage: Stage) -> None:
    """From an empty folder to a stored one, then edited."""
    stage.open()
    stage.connect(FRONT_DESK, NOBODY_THERE)
    folder = stage.folder.parent / "WorldShip export"  # of this run: others may go on meanwhile
    folder.mkdir()
    _place(stage, folder)
    _files(stage, folder)
    _odd(stage, folder)
    _edit(stage, folder)


def _open(stage: Stage, name: str | None = None) -> FolderAssistant:
    made = FolderAssistant(stage.running.desk, name, stage.window)
    made.move(120, 30)
    made.show()
    made.activateWindow()
    stage.until(lambda: made.is_ready)
    stage.settle()
    return made


def _at_files(stage: Stage, folder: Path, name: str | None = None) -> FolderAssistant:
    made = _open(stage, name)
    if name is None:
        _type_path(stage, made, str(folder))
    _go_on(stage, made)
    _looked(stage, made)
    return made


def _type_path(stage: Stage, made: FolderAssistant, text: str) -> None:
    made.place_page.path.line.set_text(text)
    stage.until(lambda: not made.place_page.path.is_looking)
    stage.settle()


def _go_on(stage: Stage, made: FolderAssistant) -> None:
    stage.until(made.next.isEnabled)
    made.next.click()


def _looked(stage: Stage, made: FolderAssistant) -> None:
    stage.until(lambda: made.step is Step.FILES and not made.files_page.looking.is_busy)
    stage.settle()


def _close(stage: Stage, made: QDialog) -> None:
    made.done(0)
    stage.window.activateWindow()
    stage.settle()


def _place(stage: Stage, folder: Path) -> None:
    made = _open(stage)
    stage.shoot("folders-assistant-place-empty")
    made.next.click()
    stage.shoot("folders-assistant-place-needed")
    _type_path(stage, made, "/mnt/packing/WorldShip")
    stage.shoot("folders-assistant-place-away")
    stage.press("The folder is away for now: watch it anyway")
    stage.shoot("folders-assistant-place-anyway")
    _type_path(stage, made, str(folder))
    stage.press("Show 2 settings that seldom need a change")
    made.place_page.start.choose("days", 5)
    made.place_page.mode.choose("take")
    stage.shoot("folders-assistant-place")
    bar = made.place_page.verticalScrollBar()
    bar.setValue(bar.maximum())
    stage.shoot("folders-assistant-place-end")
    made.cancel.click()
    stage.shoot("folders-assistant-leave")
    _close(stage, made)


def _files(stage: Stage, folder: Path) -> None:
    made = _at_files(stage, folder)
    stage.shoot("folders-assistant-no-file")
    made.files_page.grid.program.box.setCurrentText("FedEx Ship Manager")
    _looked(stage, made)
    stage.shoot("folders-assistant-preset")
    _go_on(stage, made)
    stage.settle()
    stage.shoot("folders-assistant-preset-summary")
    _close(stage, made)
    (folder / "worldship.csv").write_text(rows())
    made = _at_files(stage, folder)
    stage.shoot("folders-assistant-files")
    made.files_page.grid.prefix.line.setText("INV-")
    made.files_page.looking.choose("prefix", "INV-")
    _looked(stage, made)
    stage.shoot("folders-assistant-cut")
    made.resize(made.minimumSize())
    stage.shoot("folders-assistant-small")
    area = made.files_page.verticalScrollBar()
    area.setValue(area.maximum())
    stage.shoot("folders-assistant-small-end")
    made.resize(1060, 840)
    _go_on(stage, made)
    stage.settle()
    stage.shoot("folders-assistant-summary")
    _close(stage, made)


def _odd(stage: Stage, folder: Path) -> None:
    for name, picture in (
        ("dates_open.csv", "open"),
        ("317100.out", "answer"),
        ("workbook.csv", "workbook"),
        ("empty.csv", "empty"),
        ("utf16_le.csv", "utf16"),
    ):
        for left in folder.iterdir():
            left.unlink()
        (folder / name).write_bytes((FILES / name).read_bytes())
        made = _at_files(stage, folder)
        if picture == "open":
            made.next.click()
            stage.settle()
        stage.shoot(f"folders-assistant-{picture}")
        _close(stage, made)
    (folder / "utf16_le.csv").unlink()
    (folder / "wide.csv").write_text(_wide())
    made = _at_files(stage, folder)
    made.files_page.preview.headings.heads[0].box.setFocus()
    stage.settle()
    stage.shoot("folders-assistant-wide")
    _close(stage, made)


def _wide() -> str:
    names = ["Nr", "Label", *(f"Field {number}" for number in range(1, 59))]
    lines = [
        ",".join([f"3161{n:02}", LABEL, *(f"{n}.{at}" for at in range(58))]) for n in range(15)
    ]
    return "\n".join([",".join(names), *lines]) + "\n"


def _edit(stage: Stage, folder: Path) -> None:
    (folder / "wide.csv").unlink()
    (folder / "worldship.csv").write_text(rows())
    connection = stage.program.connections.all()[0]
    settings = FolderSettings(layout={"preset": "worldship"})
    stage.program.folders.add("Packing table", folder, connection.id, settings, actor=ACTOR)
    made = _open(stage, "Packing table")
    stage.shoot("folders-assistant-edit")
    _go_on(stage, made)
    _looked(stage, made)
    _go_on(stage, made)
    stage.settle()
    stage.shoot("folders-assistant-same")
    stage.press("Back")
    made.files_page.looking.choose("suffix", "/A")
    made.files_page.looking.choose_role(6, "")
    _looked(stage, made)
    _go_on(stage, made)
    stage.settle()
    stage.shoot("folders-assistant-changes")
    _close(stage, made)


SCENES = {"folders-assistant": assistant}
