"""The removal of a connection: asks once, with the exact number of rows."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.core.errors import UsageError
from app.core.states import JobState
from app.core.types import ConnectionInfo
from app.services.connection_setup import Removed
from app.ui.connections.desk import Desk
from app.ui.connections.dialog_frame import MARGIN, fit_height, lay_out
from app.ui.connections.patience import Patience
from app.ui.connections.said import named, trouble
from app.ui.widgets import button, label

_PROMPT = "The password store may ask in a window of its own."


_TO_SEND_FIRST = {
    True: "To send it first, keep the connection until it is through.",
    False: "To send them first, keep the connection until they are through.",
}


class RemoveDialog(QDialog):
    """When rows wait it says how many and what becomes of them; it acts on no others."""

    removed = Signal(object, str, str)  # connection, what was done, what is left to do

    def __init__(self, desk: Desk, connection: ConnectionInfo, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._desk, self._connection = desk, connection
        kind = desk.program.connections.kind(connection)
        has_secrets = not connection.is_practice
        self._secret = named(kind.secrets_with(connection.settings) if has_secrets else ())
        self._count = 0
        self._is_busy = False
        self._removed: Removed | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Remove {connection.name}")
        self.setMinimumWidth(480)
        self._text = label("Counting the rows that wait…", "name", wrap=True)
        self._more = label("", wrap=True)
        self._note = label("", "muted", wrap=True)
        self._error = label("", "danger", wrap=True)
        self._keep, self._remove = button("Keep it"), button("Remove", "danger")
        self._keep.clicked.connect(self.reject)
        self._remove.clicked.connect(self._act)
        self._patience = Patience(desk, self, _PROMPT if self._secret.text else "")
        self._patience.said.connect(self._say)
        inside = QVBoxLayout()
        inside.setContentsMargins(MARGIN, 4, MARGIN, 16)
        inside.setSpacing(10)
        for part in (self._text, self._more, self._note, self._error):
            inside.addWidget(part)
        for part in (self._note, self._error):
            part.hide()
        inside.addStretch(1)
        lay_out(self, f"Remove {connection.name}?", inside, [self._keep, self._remove])
        self._keep.setDefault(True)
        self._count_rows()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._is_busy:
            event.ignore()
        else:
            super().closeEvent(event)

    def reject(self) -> None:
        """Not while it is under way; afterwards it is removed, whatever is left to do."""
        if self._is_busy:
            return
        if self._removed is not None:
            self._tell(self._removed)
        super().reject()

    @property
    def _its(self) -> str:
        """ "Its token is"."""
        return f"Its {self._secret.text} {self._secret.verb}"

    def _count_rows(self) -> None:
        self._remove.setEnabled(False)
        program, connection_id = self._desk.program, self._connection.id
        self._desk.bridge.run_in_background(
            lambda: program.overview.unfinished(connection_id), self._show_count, self._failed
        )

    @Slot(object)
    def _show_count(self, rows: Mapping[JobState, int]) -> None:
        self._count = sum(rows.values())
        name = self._connection.name
        gone = f" {self._its} deleted from the password store." if self._secret.text else ""
        stays = "What was written stays where it is."
        if self._count:
            self._text.setText(f"{_rows(self._count)} not finished: {parts(rows)}.")
            self._more.setText(f"{_fate(rows)} {stays}{gone}")
            self._note.setText(_TO_SEND_FIRST[self._count == 1])
            self._remove.setText(f"Remove it and {self._count:,} {_noun(self._count)}")
        else:
            self._text.setText(f"No row waits for {name}.")
            self._more.setText(f"{stays[:-1]}, and in the history.{gone}")
            self._remove.setText("Remove")
        self._note.setVisible(bool(self._count))
        self._remove.setAccessibleName(f"{self._remove.text()}: {name}")
        self._remove.setEnabled(True)
        fit_height(self)

    @Slot()
    def _act(self) -> None:
        """Only as many rows as were counted: with more, the dialog counts and asks again."""
        self._set_busy(True)
        self._error.hide()
        setup, actor = self._desk.program.setup, self._desk.actor
        connection, count = self._connection, self._count
        if self._removed is None:
            self._desk.bridge.run_apart(
                lambda: setup.remove(connection, rows=count, actor=actor), self._done, self._failed
            )
        else:
            self._desk.bridge.run_apart(
                lambda: setup.forget_secrets(connection), self._done, self._failed
            )

    @Slot(object)
    def _done(self, removed: Removed) -> None:
        self._set_busy(False)
        rows = self._removed.rows if self._removed else removed.rows
        self._removed = Removed(rows, removed.are_secrets_gone, removed.trouble)
        if removed.trouble is not None:
            self._show_left()
            return
        self._tell(self._removed)
        self.accept()

    def _show_left(self) -> None:
        """The connection is gone, its secret is not: it can be tried again from here."""
        self._text.setText(self._what_was_done(self._removed))
        self._more.setText(f"{self._its} still in the password store of this computer.")
        self._note.hide()
        self._error.setText(self._why_left())
        self._error.show()
        self._remove.setText(f"Try again to delete {self._secret.pronoun}")
        self._remove.setAccessibleName(f"Try again to delete the {self._secret.text}")
        self._keep.setText("Close")
        fit_height(self)

    def _why_left(self) -> str:
        error = self._removed.trouble if self._removed else None
        return trouble(self._desk.program.wordsmith, error).text if error else ""

    def _what_was_done(self, removed: Removed | None) -> str:
        rows = removed.rows if removed else 0
        in_bin = f"; {_rows(rows)} in the bin" if rows else ""
        return f"{self._connection.name} is removed{in_bin}."

    def _tell(self, removed: Removed) -> None:
        done, left = self._what_was_done(removed), ""
        if removed.trouble is not None:
            left = f"{self._its} still in the password store. {self._why_left()}"
        elif removed.are_secrets_gone:
            done = f"{done} {self._its} deleted from the password store."
        self.removed.emit(self._connection, done, left)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        is_more = isinstance(error, UsageError) and error.code == "connection_busy"
        said = trouble(self._desk.program.wordsmith, error)
        self._error.setText("The number of rows changed meanwhile." if is_more else said.text)
        self._error.show()
        self._remove.setText(f"Remove it and {self._count:,} {_noun(self._count)}")
        fit_height(self)
        if is_more:
            self._count_rows()

    @Slot(str)
    def _say(self, text: str) -> None:
        self._note.setText(text)
        self._note.setVisible(bool(text))
        fit_height(self)

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self._keep.setEnabled(not busy)
        self._remove.setEnabled(not busy)
        if busy:
            self._remove.setText("Removing…" if self._removed is None else "Deleting…")
            self._patience.begin()
        else:
            self._patience.end()
            self._note.hide()


def _noun(count: int) -> str:
    return "row" if count == 1 else "rows"


def _rows(count: int) -> str:
    return "1 row is" if count == 1 else f"{count:,} rows are"


def parts(rows: Mapping[JobState, int]) -> str:
    """ "3 wait, 1 needs you"."""
    found = []
    for states, one, many in _KINDS:
        count = sum(rows.get(state, 0) for state in states)
        if count:
            found.append(f"{count:,} {one if count == 1 else many}")
    return ", ".join(found)


def _fate(rows: Mapping[JobState, int]) -> str:
    """What becomes of them."""
    sending = rows.get(JobState.IN_FLIGHT, 0)
    fate = "They are not sent any more and stay in the bin for 30 days."
    if sum(rows.values()) == 1:
        fate = "It is not sent any more and stays in the bin for 30 days."
    if sending:
        fate += " What is being sent now goes to the bin when the answer is in, unless it arrived."
    return fate


_KINDS = (
    ((JobState.PENDING,), "waits", "wait"),
    ((JobState.IN_FLIGHT,), "is being sent now", "are being sent now"),
    ((JobState.IN_DOUBT,), "is being looked up", "are being looked up"),
    ((JobState.FAILED,), "needs you", "need you"),
    ((JobState.PARKED,), "is parked", "are parked"),
)
