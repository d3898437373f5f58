"""The line above the pages of a window whose rows are sent by another process."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.core.events import EngineLooked
from app.ui.widgets import button, label, set_property


class Elsewhere(QFrame):
    """Says that it is so, and when it is so no more."""

    restart_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._text = label("", wrap=True)
        self._restart = button("Start again here")
        self._restart.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 6, 20, 6)
        row.setSpacing(12)
        row.addWidget(self._text, 1)
        row.addWidget(self._restart)
        self.hide()

    @Slot(object)
    def show_engine(self, seen: EngineLooked) -> None:
        """What was seen of the engine."""
        if seen.is_running:
            process = f" (process {seen.pid})" if seen.pid else ""
            text = (
                f"Another Backhaul on this computer{process} does the sending. "
                "This window shows what it does; what you do here reaches it at once."
            )
        else:
            text = (
                "Nothing is being sent: the Backhaul that did the sending has ended. Rows are kept."
            )
        self._text.setText(text)
        self.setAccessibleName(text)
        self._restart.setVisible(not seen.is_running)
        set_property(self, "role", "accent_band" if seen.is_running else "danger_band")
        self.show()

    @Slot()
    def _ask(self) -> None:
        self._restart.setEnabled(False)
        self._restart.setText("Starting again…")
        self.restart_asked.emit()
