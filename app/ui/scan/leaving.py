"""Before scans that are not on disk yet are left alone: one more try, then a person decides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.connections.dialog_frame import MARGIN, fit_height, lay_out
from app.ui.scan.scans import Scan
from app.ui.scan.storing import Storing
from app.ui.widgets import button, label

_TRY_MS = 300  # a disk that works needs far less
_WIDTH, _LIST_HEIGHT = 560, 170


@dataclass(frozen=True, slots=True)
class Way:
    """What a person is about to do: what it means for the scans, and the button that does it."""

    means: str
    button: str


QUITTING = Way(
    "They are only in the memory of Backhaul: when it ends, they are gone. Stay, and they are "
    "tried again every 2 seconds. Or copy the list and add them later: Add shipment, Paste several "
    "parcels.",
    "Quit without them",
)
CLOSING = Way(
    "They are tried again every 2 seconds as long as Backhaul runs. Copy the list if this "
    "computer is to be switched off.",
    "Close the station",
)


def as_text(scans: Sequence[Scan]) -> str:
    """As “Paste several parcels” reads them; a line with the connection where there are several."""
    parts = []
    has_several = len({one.connection_id for one in scans}) > 1
    for name, some in groupby(scans, key=lambda one: one.connection):
        parts += [f"To {name}:"] if has_several else []
        parts += [f"{one.pair.order}\t{one.pair.number}" for one in some]
    return "\n".join(parts)


class UnstoredDialog(QDialog):
    """Accepted: leave them. It follows what is still not stored; Enter and Escape stay."""

    def __init__(self, storing: Storing, way: Way, over: QWidget) -> None:
        super().__init__(over)
        self._storing = storing
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.setWindowTitle("Scans not stored yet")
        self.setFixedWidth(_WIDTH)
        self._count, self._why = label("", "name", wrap=True), label("", "danger", wrap=True)
        self._list = QPlainTextEdit(readOnly=True)
        self._list.setAccessibleName("Scans that are not stored yet")
        self._list.setFont(theme.fixed_font(theme.TEXT_PX))
        self._list.setFixedHeight(_LIST_HEIGHT)
        self._list.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._copy, self._stay = button("Copy the list"), button("Stay", "primary")
        self._leave = button(way.button, "danger")
        self._copy.clicked.connect(self._copy_list)
        self._stay.clicked.connect(self.reject)
        self._leave.clicked.connect(self.accept)
        body = QVBoxLayout()
        body.setContentsMargins(MARGIN, 0, MARGIN, 16)
        body.setSpacing(10)
        for part in (self._count, self._why, self._list, label(way.means, wrap=True)):
            body.addWidget(part)
        buttons = [self._copy, self._leave, self._stay]
        lay_out(self, "Not stored yet", body, buttons)
        self._stay.setDefault(True)
        self._stay.setFocus()
        storing.changed.connect(self.show_scans)
        self.show_scans()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        fit_height(self)

    @Slot()
    def show_scans(self) -> None:
        """Those that are left now."""
        scans = self._storing.unstored
        text = as_text(scans)
        if not scans or text == self._list.toPlainText():
            return
        noun = "scan is" if len(scans) == 1 else "scans are"
        self._count.setText(f"{len(scans):,} {noun} not stored")
        trouble = next((one.trouble for one in scans if one.trouble), "")
        self._why.setText(trouble and f"{trouble}.")
        self._why.setVisible(bool(trouble))
        self._list.setPlainText(text)
        self._copy.setText("Copy the list")

    @Slot()
    def _copy_list(self) -> None:
        clipboard = QGuiApplication.clipboard()
        clipboard.setText(self._list.toPlainText())
        took = clipboard.text() == self._list.toPlainText()
        self._copy.setText("Copied" if took else "Not copied: mark it above")


class Leaving(QObject):
    """One try to store them, then a question about what stays."""

    asks = Signal()  # somebody has to see the question

    def __init__(self, storing: Storing, over: QWidget) -> None:
        super().__init__(over)
        self._storing, self._over = storing, over
        self._way = QUITTING
        self._go_on: Callable[[], object] | None = None  # None: nobody wants to leave
        self._stay: Callable[[], object] = lambda: None
        self.dialog: UnstoredDialog | None = None
        self._patience = QTimer(self, singleShot=True, interval=_TRY_MS)
        self._patience.timeout.connect(self._tried)
        storing.changed.connect(self._look)

    def begin(
        self, way: Way, go_on: Callable[[], object], stay: Callable[[], object] = lambda: None
    ) -> None:
        """`go_on` once all is stored, or a person gives up the rest; `stay` when they stay."""
        self._way, self._go_on, self._stay = way, go_on, stay
        if self.dialog is None:
            self._storing.try_now()
            self._patience.start()

    @Slot()
    def _look(self) -> None:
        if self._go_on is not None and self._storing.is_at_rest:
            self._end(self._go_on)

    @Slot()
    def _tried(self) -> None:
        if self._go_on is None or self.dialog is not None:
            return
        if not self._storing.unstored:
            self._end(self._go_on)
            return
        self.asks.emit()
        self.dialog = UnstoredDialog(self._storing, self._way, self._over)
        self.dialog.finished.connect(self._answered)
        self.dialog.open()

    @Slot(int)
    def _answered(self, result: int) -> None:
        self.dialog = None
        go_on = self._go_on
        if go_on is not None:
            self._end(go_on if result == QDialog.DialogCode.Accepted else self._stay)

    def _end(self, then: Callable[[], object]) -> None:
        self._go_on = None
        self._patience.stop()
        if self.dialog is not None:
            self.dialog.done(QDialog.DialogCode.Rejected)
        then()
