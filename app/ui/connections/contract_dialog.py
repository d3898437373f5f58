"""Checks somebody's connector against its contract, rule by rule, on one throw-away invoice."""

from PySide6.QtCore import QMargins, QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from app.core.types import ConnectionInfo
from app.ui.connections.checking import CheckList
from app.ui.connections.desk import Desk
from app.ui.connections.dialog_frame import MARGIN, lay_out
from app.ui.connections.scroll import Scroll
from app.ui.widgets import button, frame, label

_SIZE = QSize(640, 620)


class ContractDialog(QDialog):
    """Nothing is sent before the invoice is named and Start is pressed."""

    def __init__(self, desk: Desk, connection: ConnectionInfo, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._desk, self._connection = desk, connection
        self._closes_at_end = False
        noun = desk.program.connections.kind(connection).order_noun
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = f"Check the contract of {connection.name}"
        self.setWindowTitle(title)
        self.resize(_SIZE)
        self._record = QLineEdit()
        self._record.setAccessibleName(f"Number of a throw-away {noun}")
        self._record.setPlaceholderText(f"Number of a throw-away {noun}")
        self._record.textChanged.connect(self._show_buttons)
        self.checks = CheckList(desk.bridge, desk.program.wordsmith)
        self.checks.ended.connect(self._ended)
        self.checks.hide()
        self._copy, self._stop = button("Copy the lines"), button("Cancel")
        self._start, self._close = button("Start", "primary"), button("Close")
        self._copy.clicked.connect(self.copy)
        self._stop.clicked.connect(self.cancel)
        self._start.clicked.connect(self.start)
        self._close.clicked.connect(self.reject)
        self._scroll = Scroll(QMargins(MARGIN, 4, MARGIN, 16))
        self._scroll.verticalScrollBar().rangeChanged.connect(self._follow)
        self._fill(noun)
        inside = QVBoxLayout()
        inside.addWidget(self._scroll)
        lay_out(self, title, inside, [self._copy, self._close, self._stop, self._start])
        self._start.setDefault(True)
        self._copy.hide()
        self._show_buttons()

    @property
    def record(self) -> str:
        """The invoice that was named."""
        return self._record.text().strip()

    @Slot()
    def start(self) -> None:
        """Every rule, from the first."""
        if not self.record or self.checks.is_running:
            return
        self.checks.show()
        self._copy.hide()
        service, connection, record = self._desk.program.connections, self._connection, self.record
        self.checks.start(
            lambda: service.test_contract(connection, record),
            f"Checking {connection.name} with {record}…",
        )
        self._show_buttons()

    @Slot()
    def cancel(self) -> None:
        """After the line under way everything is put back; that is shown as well."""
        self._stop.setEnabled(False)
        self.checks.end_early("Ending: the line under way, then everything is put back…")

    @Slot()
    def copy(self) -> None:
        """The lines as the command line prints them, for whoever writes the connector."""
        QGuiApplication.clipboard().setText(f"{self.windowTitle()}\n{self.checks.as_text}\n")
        self._copy.setText("Copied")

    def reject(self) -> None:
        """Closing while it runs is a cancel; it closes when everything is put back."""
        if self.checks.is_running:
            self._closes_at_end = True
            self.cancel()
        else:
            super().reject()

    @Slot()
    def _show_buttons(self) -> None:
        runs = self.checks.is_running
        self._record.setEnabled(not runs)
        self._start.setVisible(not runs)
        self._start.setEnabled(bool(self.record))
        self._start.setText("Check again" if self.checks.found else "Start")
        self._stop.setVisible(runs)
        self._stop.setEnabled(runs)
        self._close.setVisible(not runs)

    @Slot(bool)
    def _ended(self, passed: bool) -> None:
        self._copy.setText("Copy the lines")
        self._copy.show()
        self._show_buttons()
        if self._closes_at_end and passed:
            super().reject()
        self._closes_at_end = False

    @Slot(int, int)
    def _follow(self, _: int, lowest: int) -> None:
        """The newest line stays in sight."""
        if self.checks.found:
            self._scroll.verticalScrollBar().setValue(lowest)

    def _fill(self, noun: str) -> None:
        box = frame("warning_box")
        inside = QVBoxLayout(box)
        inside.setContentsMargins(14, 12, 14, 12)
        inside.addWidget(
            label(
                f"This writes to the {noun} you name here, several times, and puts everything back "
                f"at the end, also after Cancel. Name one that you can throw away, never a "
                f"customer's.",
                wrap=True,
            )
        )
        about = label(
            "For whoever writes or looks after the connector: every rule of the contract is tried. "
            "Some cannot be forced from here; those lines say how to try them by hand.",
            wrap=True,
        )
        name = label(f"Throw-away {noun}", "name")
        name.setBuddy(self._record)
        column = self._scroll.column
        column.setSpacing(12)
        for part in (about, box, name, self._record, self.checks):
            column.addWidget(part)
        column.addStretch(1)
