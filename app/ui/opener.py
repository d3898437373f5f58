"""How a data folder is opened while the window is already there: what with, and the thread."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from app.core.errors import BackhaulError

if TYPE_CHECKING:
    from app.services.program import Program


@dataclass(frozen=True, slots=True)
class Opening:
    """How the data folder is opened, on a thread aside; and what is done once it runs.

    `say` makes a sentence of an error before there is a program.
    """

    folder: Path
    open: Callable[[bool], "Program"]
    say: Callable[[BackhaulError], str]
    actor: str
    is_taken: bool = False  # another process runs the engine: this window looks on
    is_usual: bool = False  # the folder is the platform's own
    is_demo: bool = False
    is_hidden: bool = False  # the window stays away while a tray icon stands for it
    begin: "Callable[[Program], None] | None" = None  # a demonstration's first shipments
    ended: Callable[[], None] = lambda: None
    scheme: str = ""


class Opener(QThread):
    """Imports and opens everything while the window is already there."""

    opened = Signal(object, object)  # the Program and the class Running
    failed = Signal(object)

    def __init__(self, work: "Callable[[], Program]", parent: QObject) -> None:
        super().__init__(parent)
        self._work = work

    def run(self) -> None:
        try:
            program = self._work()
            program.end_thread()
            running = importlib.import_module("app.ui.running").Running
        except Exception as error:  # noqa: BLE001 - shown in the window
            self.failed.emit(error)
        else:
            self.opened.emit(program, running)
