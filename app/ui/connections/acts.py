"""What a person does with a connection: every press is answered at once, the work goes aside."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog, QWidget

from app.core.types import ConnectionInfo
from app.ui.connections.assistant import Assistant
from app.ui.connections.card import ConnectionCard
from app.ui.connections.card_act import CardAct
from app.ui.connections.check_dialog import CheckDialog
from app.ui.connections.contract_dialog import ContractDialog
from app.ui.connections.desk import Desk
from app.ui.connections.facts import Facts, Mend
from app.ui.connections.kept import Shelf
from app.ui.connections.remove_dialog import RemoveDialog

FindCard = Callable[[int], ConnectionCard | None]


class Acts(QObject):
    """Opens one dialog per connection and purpose; a second press brings it to the front."""

    began = Signal()  # something was pressed: what was said before is old
    done = Signal(str)  # it worked, in words
    failed = Signal(str)  # it did not, and what to do
    changed = Signal()  # read again
    rows_asked = Signal(str)  # the name of a connection
    sync_asked = Signal(int)  # the number of one whose orders are to be read

    def __init__(self, desk: Desk, find_card: FindCard, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._find_card = find_card
        self._window = window
        self._dialogs: dict[tuple[str, int], QDialog] = {}
        self._shelf = Shelf()

    @property
    def dialogs(self) -> list[QDialog]:
        """Those that are open."""
        return [*self._dialogs.values()]

    @Slot(object)
    def follow(self, card: ConnectionCard) -> None:
        """Carry out what is pressed on a card."""
        card.test_asked.connect(self.test)
        card.pause_asked.connect(self.pause)
        card.resume_asked.connect(self.resume)
        card.edit_asked.connect(self.edit)
        card.remove_asked.connect(self.remove)
        card.mend_asked.connect(self.mend)
        card.rows_asked.connect(self._show_rows)
        card.sync_asked.connect(self.sync_asked)

    @Slot()
    def add(self) -> Assistant:
        """Open the assistant."""

        def make() -> QDialog:
            kept = self._shelf.take(0)
            return self._follow(Assistant(self._desk, self._window.window(), kept=kept), 0)

        found = self._open("add", 0, make)
        assert isinstance(found, Assistant)
        return found

    @Slot(int)
    def test(self, connection_id: int) -> None:
        """Step by step, in a dialog."""
        shown = self._facts(connection_id)
        if shown is None:
            return

        def make() -> QDialog:
            dialog = CheckDialog(
                self._desk, shown.connection, self._window.window(), is_stopped=shown.is_stopped
            )
            dialog.tested.connect(self.changed)
            dialog.go_on_asked.connect(self._let_go_on)
            dialog.contract_asked.connect(self.check_contract)
            return dialog

        self._open("test", connection_id, make)

    @Slot(int)
    def check_contract(self, connection_id: int) -> None:
        """Its connector, rule by rule, on an invoice the person names."""
        shown = self._facts(connection_id)
        if shown is not None:
            self._open(
                "contract",
                connection_id,
                lambda: ContractDialog(self._desk, shown.connection, self._window.window()),
            )

    @Slot(int, int)
    def pause(self, connection_id: int, seconds: int) -> None:
        """Send nothing for some seconds; 0: until resumed."""
        service, actor = self._desk.program.connections, self._desk.actor
        self._act(
            connection_id,
            "Pausing…",
            lambda connection: service.pause(connection, seconds or None, actor),
        )

    @Slot(int)
    def resume(self, connection_id: int) -> None:
        """End the pause."""
        service, actor = self._desk.program.connections, self._desk.actor
        self._act(connection_id, "Resuming…", lambda connection: service.resume(connection, actor))

    @Slot(int)
    def edit(self, connection_id: int) -> None:
        """Open its settings."""
        self._open_assistant(connection_id, at_secret=False)

    @Slot(int, str)
    def mend(self, connection_id: int, how: str) -> None:
        """The button of a stopped connection."""
        if how == Mend.SIGN_IN:
            self._open_assistant(connection_id, at_secret=True)
        elif how == Mend.UNLOCK:
            setup, actor = self._desk.program.setup, self._desk.actor
            self._act(
                connection_id,
                "Asking the password store…",
                lambda connection: setup.unlock(connection, actor),
            )
        else:
            self._let_go_on(connection_id)

    @Slot(int)
    def remove(self, connection_id: int) -> None:
        """Count what waits, then ask."""
        shown = self._facts(connection_id)
        if shown is None:
            return

        def make() -> QDialog:
            dialog = RemoveDialog(self._desk, shown.connection, self._window.window())
            dialog.removed.connect(self._removed)
            return dialog

        self._open("remove", connection_id, make)

    @Slot(int)
    def _let_go_on(self, connection_id: int) -> None:
        service, actor = self._desk.program.connections, self._desk.actor
        self._act(connection_id, "Trying…", lambda connection: service.unblock(connection, actor))

    def _open_assistant(self, connection_id: int, *, at_secret: bool) -> None:
        shown = self._facts(connection_id)
        if shown is None:
            return

        def make() -> QDialog:
            assistant = Assistant(
                self._desk,
                self._window.window(),
                edits=shown.connection,
                has_secrets=shown.has_secrets,
                kept=self._shelf.take(connection_id),
            )
            return self._follow(assistant, connection_id)

        found = self._open("edit", connection_id, make)
        if at_secret and isinstance(found, Assistant):
            found.focus_secret()

    def _follow(self, assistant: Assistant, connection_id: int) -> Assistant:
        assistant.saved.connect(self.changed)
        assistant.sync_asked.connect(self.sync_asked)
        assistant.kept.connect(lambda kept: self._shelf.put(connection_id, kept))
        return assistant

    @Slot(int)
    def _show_rows(self, connection_id: int) -> None:
        shown = self._facts(connection_id)
        if shown is not None:
            self.rows_asked.emit(shown.connection.name)

    def _facts(self, connection_id: int) -> Facts | None:
        card = self._find_card(connection_id)
        return card.facts if card is not None else None

    def _act(self, connection_id: int, busy: str, work: Callable[[ConnectionInfo], object]) -> None:
        card = self._find_card(connection_id)
        if card is None:
            return
        card.show_busy(busy)
        self.began.emit()
        act = CardAct(self._desk, card, self)
        act.over.connect(self._acted)
        act.failed.connect(self.failed)
        act.start(work)

    @Slot(int)
    def _acted(self, connection_id: int) -> None:
        card = self._find_card(connection_id)
        if card is not None:
            card.end_busy()
        self.changed.emit()

    @Slot(object, str, str)
    def _removed(self, _: ConnectionInfo, done: str, left: str) -> None:
        if left:
            self.failed.emit(f"{done} {left}")
        else:
            self.done.emit(done)
        self.changed.emit()

    def _open(self, purpose: str, connection_id: int, make: Callable[[], QDialog]) -> QDialog:
        key = purpose, connection_id
        dialog = self._dialogs.get(key)
        if dialog is None:
            dialog = self._dialogs[key] = make()
            dialog.finished.connect(lambda _: self._dialogs.pop(key, None))
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        return dialog
