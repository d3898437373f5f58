"""Stores what stands in the assistant, aside."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.services.folder_settings import FolderSettings
from app.services.folders import FolderStatus
from app.ui.connections.desk import Desk
from app.ui.connections.patience import Patience
from app.ui.folder_assistant.typed import Typed, changes_of


@dataclass(frozen=True, slots=True)
class Order:
    """What to store; `edits`: over which folder."""

    typed: Typed
    settings: FolderSettings
    edits: FolderStatus | None


class Storing(QObject):
    """A second press while one is under way does nothing."""

    stored = Signal(str)  # its name
    refused = Signal(object)  # Exception
    busy_changed = Signal()
    slow = Signal(str)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.is_busy = False
        self._patience = Patience(desk, self, "Still saving.")
        self._patience.said.connect(self.slow)

    def store(self, order: Order) -> None:
        """Add the folder, or change what is other than it was."""
        if not self.is_busy:
            self._set_busy(True)
            self._desk.bridge.run_apart(lambda: self._write(order), self._done, self._failed)

    def _write(self, order: Order) -> str:
        folders, actor, typed = self._desk.program.folders, self._desk.actor, order.typed
        path = typed.folder
        if order.edits is None:
            added = folders.add(
                typed.name, path, typed.connection_id, order.settings,
                actor=actor, anyway=typed.anyway,
            )  # fmt: skip
            return added.folder.name
        before = order.edits.folder
        folders.edit(
            before,
            name=typed.name if typed.name != before.name else None,
            path=path if path != Path(before.path) else None,
            connection_id=typed.connection_id,
            changes=changes_of(order.edits.settings, order.settings),
            actor=actor,
            anyway=typed.anyway,
        )
        return typed.name

    @Slot(object)
    def _done(self, name: str) -> None:
        self._set_busy(False)
        self.stored.emit(name)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        self.refused.emit(error)

    def _set_busy(self, busy: bool) -> None:
        self.is_busy = busy
        (self._patience.begin if busy else self._patience.end)()
        self.busy_changed.emit()
