"""What the page shows while nothing is connected: one sentence, one button, and practice."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.widgets import button, label


class EmptyState(QWidget):
    """In the middle of the page."""

    add_asked = Signal()
    practice_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        sentence = label("No system is connected yet.", "name")
        self._add = button("Add connection", "primary")
        self._practice = button("See it with practice servers", "link")
        self._busy = label("", "muted")
        self._add.clicked.connect(self.add_asked)
        self._practice.clicked.connect(self.practice_asked)
        self._busy.hide()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        row.addWidget(self._add)
        row.addWidget(self._practice)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(14)
        column.addStretch(2)
        column.addWidget(sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(row)
        column.addWidget(self._busy, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_busy(self, text: str) -> None:
        """What is under way; empty: nothing."""
        self._busy.setText(text)
        self._busy.setVisible(bool(text))
        self._add.setEnabled(not text)
        self._practice.setEnabled(not text)
