"""The faults people rehearse most, one press each; pressed again it ends."""

from collections.abc import Collection

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.ui.connections.practice_words import QUICK, Quick
from app.ui.widgets import button


class QuickFaults(QWidget):
    """At most one of them holds at a time."""

    start_asked = Signal(object)  # Quick
    end_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._buttons = {quick.kind: _chip(quick) for quick in QUICK}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for quick in QUICK:
            made = self._buttons[quick.kind]
            # Not `clicked`: a screen reader toggles the button without a click.
            made.toggled.connect(lambda checked, quick=quick: self._pressed(quick, checked))
            row.addWidget(made)

    def show_in_force(self, kinds: Collection[str]) -> None:
        """Those that hold now."""
        for kind, made in self._buttons.items():
            with QSignalBlocker(made):
                made.setChecked(kind in kinds)

    def offer(self, kinds: Collection[str]) -> None:
        """Those the server knows."""
        for kind, made in self._buttons.items():
            made.setVisible(kind in kinds)

    def _pressed(self, quick: Quick, checked: bool) -> None:
        if checked:
            self.start_asked.emit(quick)
        else:
            self.end_asked.emit()


def _chip(quick: Quick) -> QPushButton:
    made = button(quick.title, "chip", name=f"Rehearse: {quick.title}")
    made.setCheckable(True)
    made.setToolTip(quick.text)
    made.setAccessibleDescription(quick.text)
    return made
