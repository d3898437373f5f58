"""The assistant on a real data folder and a real export folder; only the files are made up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel, QWidget
from shiboken6 import isValid

from app.bootstrap import open_program
from app.services.folders import FolderStatus
from app.services.rehearsal import Rehearsal
from app.ui.bridge import Bridge
from app.ui.connections.desk import Desk
from app.ui.folder_assistant.assistant import FolderAssistant, Step
from app.ui.theme import Theme
from tests.ui.desk import until

FILES = Path(__file__).parents[2] / "data" / "carrier_files"


class Place:
    """Everything of one test."""

    def __init__(self, folder: Path) -> None:
        self.program = open_program(folder / "data", is_engine=False)
        self.bridge = Bridge(self.program.bus, self.program.end_thread)
        self.desk = Desk(self.program, self.bridge, Rehearsal(self.program), "ann")
        self.exports = folder / "export"
        self.exports.mkdir()
        self.finished: list[str] = []
        self._widgets: list[QWidget] = []
        self.connect("Front desk")

    def connect(self, name: str) -> int:
        """One more connection; its id."""
        settings = {"base_url": "http://127.0.0.1:9"}
        return self.program.connections.add("printsmith", name, settings, actor="ann").id

    def put(self, name: str, content: str | bytes) -> Path:
        """A file in the export folder."""
        path = self.exports / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def odd(self, name: str) -> Path:
        """One of the odd files, in the export folder."""
        return self.put(name, (FILES / name).read_bytes())

    def open(self, name: str | None = None) -> FolderAssistant:
        """The assistant, ready."""
        made = FolderAssistant(self.desk, name, None)
        made.finished_with.connect(self.finished.append)
        self._widgets.append(made)
        made.show()
        until(lambda: made.is_ready)
        return made

    def at_files(self, name: str | None = None) -> FolderAssistant:
        """The same, on its second page, with the look at the newest file through."""
        made = self.open(name)
        if name is None:
            made.place_page.path.line.set_text(str(self.exports))
        go_on(made)
        looked(made)
        return made

    def stored(self, name: str = "export") -> FolderStatus:
        """A folder as it was stored."""
        return self.program.folders.named(name)

    def close(self) -> None:
        """The window goes, then the program."""
        for widget in filter(isValid, self._widgets):
            widget.deleteLater()
        self.bridge.close()
        self.bridge.deleteLater()
        self.program.close()
        QCoreApplication.sendPostedEvents(None, 0)


def go_on(assistant: FolderAssistant) -> None:
    """Press the main button once it can be pressed."""
    until(assistant.next.isEnabled)
    assistant.next.click()


def looked(assistant: FolderAssistant) -> None:
    """Until the second page shows what the last look found."""
    assert assistant.step is Step.FILES
    until(lambda: not assistant.files_page.looking.is_busy)


def save(assistant: FolderAssistant, place: Place) -> None:
    """From the second page to the end."""
    go_on(assistant)
    assert assistant.step is Step.SUMMARY
    go_on(assistant)
    until(lambda: bool(place.finished))


def said(widget: QWidget) -> str:
    """Every visible sentence in it."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


@pytest.fixture
def place(tmp_path: Path, theme: Theme) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.close()


def path_of(assistant: FolderAssistant, text: str | Path) -> None:
    """Type a path and wait until it is known whether it can be read."""
    assistant.place_page.path.line.set_text(str(text))
    until(lambda: not assistant.place_page.path.is_looking)
