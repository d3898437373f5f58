"""Small forms: the frame of all of them, closing rows as done by hand, a text to copy."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui.widgets import button, label

_WIDTH = 420


class Form(QDialog):
    """A window-modal form with one confirming button; Enter presses it."""

    submitted = Signal()

    def __init__(self, parent: QWidget, title: str, confirm: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.form = QFormLayout()
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self.form.setHorizontalSpacing(16)
        self.form.setVerticalSpacing(10)
        self._trouble = label("", "danger", wrap=True)
        self._trouble.hide()
        self._cancel = button("Cancel")
        self._cancel.clicked.connect(self.reject)
        self._confirm = button(confirm, "primary")
        self._confirm.setDefault(True)
        self._confirm.clicked.connect(self.submitted)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._cancel)
        row.addWidget(self._confirm)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 20, 20, 16)
        whole.setSpacing(14)
        whole.addLayout(self.form)
        whole.addWidget(self._trouble)
        whole.addStretch(1)
        whole.addLayout(row)

    def field(self, title: str, text: str = "", hint: str = "") -> QLineEdit:
        """One more line to type in."""
        made = QLineEdit(text)
        made.setPlaceholderText(hint)
        made.setAccessibleName(title)
        made.setMaxLength(200)
        self.form.addRow(title, made)
        return made

    @Slot(str)
    def refuse(self, text: str) -> None:
        """Say what is wrong; the form stays."""
        self._confirm.setEnabled(True)
        self._trouble.setText(text)
        self._trouble.setVisible(bool(text))

    def wait(self) -> None:
        """Sent: not twice."""
        self.refuse("")
        self._confirm.setEnabled(False)


class ReasonForm(Form):
    """Why it counts as done."""

    def __init__(
        self, parent: QWidget, what: str, values: str, then: Callable[[str], object]
    ) -> None:
        super().__init__(parent, "Done by hand", "Close as done")
        self._then = then
        self.form.addRow(label(f"You have written this yourself: {what}", wrap=True))
        if values:
            shown = QPlainTextEdit(values, readOnly=True)
            shown.setAccessibleName("Values to copy")
            shown.setFixedHeight(86)
            self.form.addRow(shown)
        self._reason = self.field("How", "", "typed into the invoice")
        self.submitted.connect(self._submit)
        self._reason.setFocus()

    @Slot()
    def _submit(self) -> None:
        reason = self._reason.text().strip()
        if not reason:
            self.refuse("Say in a few words how it was done; it is kept in the history.")
            self._reason.setFocus()
            return
        self.accept()
        self._then(reason)


class TextForm(Form):
    """A text to copy by hand, where the desktop's clipboard did not take it."""

    def __init__(self, parent: QWidget, text: str) -> None:
        super().__init__(parent, "Copy by hand", "Close")
        self.form.addRow(label("The clipboard did not take the text. Copy it from here:"))
        shown = QPlainTextEdit(text, readOnly=True)
        shown.setAccessibleName("Text to copy")
        shown.setMinimumHeight(220)
        shown.selectAll()
        self.form.addRow(shown)
        self._cancel.hide()
        self.submitted.connect(self.accept)
        shown.setFocus()
