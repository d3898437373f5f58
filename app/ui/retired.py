"""The line above the pages of a computer that was moved away from."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.ui.connections.desk import Desk
from app.ui.connections.said import trouble
from app.ui.widgets import button, label

_TEXT = (
    "This computer was retired: Backhaul sends nothing from here any more. Go on at the new one."
)
_SURE = (
    "Only if no other computer sends these rows: else tracking numbers may be written twice. "
    "Take it back into use?"
)


class RetiredBand(QFrame):
    """Says so, and takes it back into use when a person says twice that no other one sends."""

    restart_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._is_sure = False
        self.setProperty("role", "danger_band")
        self._text = label("", wrap=True)
        self._keep = button("Leave it retired")
        self._press = button("Take it back into use…")
        self._keep.clicked.connect(self._ask_nothing)
        self._press.clicked.connect(self._pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 6, 20, 6)
        row.setSpacing(12)
        row.addWidget(self._text, 1)
        row.addWidget(self._keep)
        row.addWidget(self._press)
        self._ask_nothing()

    @Slot()
    def _ask_nothing(self) -> None:
        self._is_sure = False
        self._keep.hide()
        self._press.setText("Take it back into use…")
        self._say(_TEXT)

    @Slot()
    def _pressed(self) -> None:
        if not self._is_sure:
            self._is_sure = True
            self._keep.show()
            self._press.setText("No other one sends: take it back")
            self._say(_SURE)
            return
        self._press.setEnabled(False)
        self._press.setText("Starting again…")
        retirement = self._desk.program.retirement
        self._desk.bridge.run_in_background(retirement.undo, self._undone, self._failed)

    @Slot(object)
    def _undone(self, _: None) -> None:
        self.restart_asked.emit()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._press.setEnabled(True)
        self._ask_nothing()
        self._say(trouble(self._desk.program.wordsmith, error).text)

    def _say(self, text: str) -> None:
        self._text.setText(text)
        self.setAccessibleName(text)
