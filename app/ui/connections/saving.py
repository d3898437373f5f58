"""Saves what the assistant has, on another thread, and tells what came of it."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from app.core.types import ConnectionInfo
from app.services.connection_setup import Draft, Found, Saved
from app.ui.connections.desk import Desk
from app.ui.connections.patience import Patience

_PERHAPS = "Still saving. The password store may ask in a window of its own."


class Saving(QObject):
    """One thing at a time: a second press while one is under way does nothing."""

    saved = Signal(object)  # Saved
    kept_for_session = Signal()
    refused = Signal(object)  # Exception
    busy_changed = Signal()
    slow = Signal(str)  # it takes longer than a person expects, and why

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.is_busy = False
        self._patience = Patience(desk, self, _PERHAPS)
        self._patience.said.connect(self.slow)

    def _expect(self, *, prompt: bool) -> None:
        """Say whether the password store is asked: it may show a window of its own."""
        self._patience.otherwise = _PERHAPS if prompt else "Still saving."

    def complete(self, draft: Draft) -> Draft:
        """Not on the GUI thread: a practice connection needs its server and its address."""
        if not draft.is_practice or draft.edits is not None:
            return draft
        self._desk.rehearsal.start_servers()
        url = self._desk.program.practice.url(draft.kind.name)
        return replace(draft, typed={**draft.typed, "base_url": url})

    def save(self, draft: Draft, found: list[Found]) -> None:
        """Store the connection; `found`: its test, empty when there was none."""
        setup, actor = self._desk.program.setup, self._desk.actor
        self._expect(prompt=bool(draft.secrets))
        if self._begin():
            self._desk.bridge.run_apart(
                lambda: setup.save(self.complete(draft), found=found, actor=actor),
                self._saved,
                self._refused,
            )

    def keep_again(self, connection: ConnectionInfo, draft: Draft) -> None:
        """Ask the password store once more."""
        setup, actor = self._desk.program.setup, self._desk.actor
        if self._begin():
            self._desk.bridge.run_apart(
                lambda: setup.keep_secrets(connection, draft, actor), self._saved, self._refused
            )

    def keep_for_session(self, connection: ConnectionInfo, draft: Draft) -> None:
        """In memory only, until the program ends."""
        setup, actor = self._desk.program.setup, self._desk.actor
        if self._begin():
            self._desk.bridge.run_apart(
                lambda: setup.keep_for_session(connection, draft, actor),
                self._kept,
                self._refused,
            )

    def _begin(self) -> bool:
        if self.is_busy:
            return False
        self._set_busy(True)
        return True

    def _set_busy(self, busy: bool) -> None:
        self.is_busy = busy
        if busy:
            self._patience.begin()
        else:
            self._patience.end()
        self.busy_changed.emit()

    @Slot(object)
    def _saved(self, saved: Saved) -> None:
        self._set_busy(False)
        self.saved.emit(saved)

    @Slot(object)
    def _kept(self, _: None) -> None:
        self._set_busy(False)
        self.kept_for_session.emit()

    @Slot(object)
    def _refused(self, error: Exception) -> None:
        self._set_busy(False)
        self.refused.emit(error)
