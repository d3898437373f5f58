"""What cannot be undone is asked for once more: what happens, and two ways out."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.ui.connections.dialog_frame import MARGIN, fit_height, lay_out
from app.ui.widgets import button, label


class Confirm(QDialog):
    """Accepted: do it. The first line stands out; Enter keeps things as they are."""

    def __init__(
        self, question: str, lines: Sequence[str], keep: str, take: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(question.rstrip("?"))
        self.setMinimumWidth(500)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(MARGIN, 4, MARGIN, 16)
        self.body.setSpacing(10)
        for number, line in enumerate(lines):
            self.body.addWidget(label(line, "" if number else "name", wrap=True))
        kept, taken = button(keep), button(take, "danger")
        kept.clicked.connect(self.reject)
        taken.clicked.connect(self.accept)
        lay_out(self, question, self.body, [kept, taken])
        kept.setDefault(True)
        kept.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        fit_height(self)
