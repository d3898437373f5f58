"""The thread that imports and opens everything while the window is already there."""

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

if TYPE_CHECKING:
    from app.services.program import Program


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
