"""Two short dialogs: the test of a stored connection, and its removal."""

from PySide6.QtCore import QMargins, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from app.core.errors import SecretUnavailable, UsageError
from app.core.types import ConnectionInfo
from app.ui.connections.checking import CheckList
from app.ui.connections.desk import Desk
from app.ui.connections.said import trouble
from app.ui.connections.scroll import Scroll
from app.ui.widgets import button, frame, label

_MARGIN = 24


class CheckDialog(QDialog):
    """Asks a stored connection step by step; changes nothing there."""

    tested = Signal(int)
    go_on_asked = Signal(int)

    def __init__(
        self,
        desk: Desk,
        connection: ConnectionInfo,
        parent: QWidget | None,
        *,
        is_stopped: bool = False,
    ) -> None:
        super().__init__(parent)
        self._desk, self._connection, self._is_stopped = desk, connection, is_stopped
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Test {connection.name}")
        self.resize(QSize(520, 460))
        self.checks = CheckList(desk.bridge, desk.program.wordsmith)
        self.checks.ended.connect(self._ended)
        self._again, self._close = button("Test again"), button("Close", "primary")
        self._again.clicked.connect(self.start)
        self._close.clicked.connect(self.accept)
        self._go_on = button("Let it go on")
        self._go_on.clicked.connect(self._let_go_on)
        self._go_on.hide()
        scroll = Scroll(QMargins(_MARGIN, 4, _MARGIN, 16))
        scroll.column.addWidget(self.checks)
        inside = QVBoxLayout()
        inside.addWidget(scroll)
        _lay_out(self, f"Test {connection.name}", inside, [self._go_on, self._again, self._close])
        self._close.setDefault(True)
        self.start()

    @Slot()
    def start(self) -> None:
        """Test from the beginning."""
        self._again.setEnabled(False)
        self._go_on.hide()
        setup, connection = self._desk.program.setup, self._connection
        self.checks.start(lambda: setup.test(connection), f"Asking {connection.name}…")

    @Slot()
    def _let_go_on(self) -> None:
        self.go_on_asked.emit(self._connection.id)
        self.accept()

    @Slot(bool)
    def _ended(self, passed: bool) -> None:
        self._again.setEnabled(True)
        self._go_on.setVisible(passed and self._is_stopped)
        self.tested.emit(self._connection.id)

    def done(self, result: int) -> None:
        self.checks.stop()
        super().done(result)


class RemoveDialog(QDialog):
    """Asks once; when rows wait it says how many, and acts on them only with that number shown."""

    removed = Signal(object, int, str)  # connection, rows in the bin, what is left to do

    def __init__(self, desk: Desk, connection: ConnectionInfo, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._desk, self._connection = desk, connection
        self._count: int | None = None
        self._is_busy = False
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Remove {connection.name}")
        self.setMinimumWidth(460)
        self._text = label("Counting the rows that wait…", wrap=True)
        self._more = label("", "muted", wrap=True)
        self._error = label("", "danger", wrap=True)
        self._error.hide()
        self._keep, self._remove = button("Keep it"), button("Remove", "danger")
        self._keep.clicked.connect(self.reject)
        self._remove.clicked.connect(self._act)
        inside = QVBoxLayout()
        inside.setContentsMargins(_MARGIN, 4, _MARGIN, 16)
        inside.setSpacing(10)
        for part in (self._text, self._more, self._error):
            inside.addWidget(part)
        inside.addStretch(1)
        _lay_out(self, f"Remove {connection.name}?", inside, [self._keep, self._remove])
        self._keep.setDefault(True)
        self._count_rows()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(not self._is_busy)

    def reject(self) -> None:
        if not self._is_busy:
            super().reject()

    def _count_rows(self) -> None:
        self._remove.setEnabled(False)
        program, connection_id = self._desk.program, self._connection.id
        self._desk.bridge.run_in_background(
            lambda: program.overview.unfinished(connection_id), self._show_count, self._failed
        )

    @Slot(int)
    def _show_count(self, count: int) -> None:
        self._count = count
        name = self._connection.name
        secrets = self._desk.program.connections.kind(self._connection).secrets
        kept = bool(secrets) and not self._connection.is_practice
        gone = " Its token is deleted from the password store." if kept else ""
        if count:
            rows = "1 row is" if count == 1 else f"{count} rows are"
            self._text.setText(f"{rows} not finished.")
            self._more.setText(
                f"With the connection they go to the bin and are not sent.{gone} What was written "
                "stays where it is. To send them first, keep the connection until they are through."
            )
            self._remove.setText(f"Remove it and {count} {'row' if count == 1 else 'rows'}")
        else:
            self._text.setText(f"No row waits for {name}.")
            self._more.setText(f"What was written stays where it is, and in the history.{gone}")
            self._remove.setText("Remove")
        self._remove.setAccessibleName(f"{self._remove.text()}: {name}")
        self._remove.setEnabled(True)
        self._fit()

    def _fit(self) -> None:
        """As high as the texts need at this width."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), layout.heightForWidth(self.width()))

    @Slot()
    def _act(self) -> None:
        """Only as many rows as were counted: with more, the dialog counts and asks again."""
        self._set_busy(True)
        desk, connection, count = self._desk, self._connection, self._count
        desk.bridge.run_in_background(
            lambda: desk.program.setup.remove(connection, rows=count or 0, actor=desk.actor),
            self._removed,
            self._failed,
        )

    @Slot(int)
    def _removed(self, rows: int) -> None:
        self._set_busy(False)
        self.removed.emit(self._connection, rows, "")
        self.accept()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        said = trouble(self._desk.program.wordsmith, error)
        if isinstance(error, SecretUnavailable):
            left = f"Its token is still in the password store: {said.summary}. Delete it there."
            self.removed.emit(self._connection, self._count or 0, left)
            self.accept()
            return
        is_more = isinstance(error, UsageError) and error.code == "connection_busy"
        text = "The number of rows changed meanwhile." if is_more else said.text
        self._error.setText(text)
        self._error.show()
        self._fit()
        if is_more:
            self._count_rows()

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self._keep.setEnabled(not busy)
        self._remove.setEnabled(not busy)
        if busy:
            self._remove.setText("Removing…")


def _lay_out(dialog: QDialog, title: str, body: QLayout, buttons: list[QPushButton]) -> None:
    head = QVBoxLayout()
    head.setContentsMargins(_MARGIN, 20, _MARGIN, 12)
    head.addWidget(label(title, "title", wrap=True))
    row = QHBoxLayout()
    row.setContentsMargins(_MARGIN, 12, _MARGIN, 16)
    row.setSpacing(8)
    row.addStretch(1)
    for made in buttons:
        row.addWidget(made)
    whole = QVBoxLayout(dialog)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    whole.addLayout(head)
    whole.addLayout(body, 1)
    whole.addWidget(frame("line"))
    whole.addLayout(row)
