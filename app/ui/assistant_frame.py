"""The frame of every assistant: where one is, the page, and the buttons below it."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.ui.widgets import button, frame, label, set_property

_SIZE, _SMALLEST = QSize(600, 640), QSize(460, 420)
_MARGIN = 24


class LeaveBox(QFrame):
    """The question before something typed is dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "warning_box")
        self.setAccessibleName("Close without saving")
        self.text = label(wrap=True)
        self.stay, self.drop = button("Go on typing"), button("Drop it", "danger")
        self.keep = button("Keep it and close", "primary")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.drop)
        row.addStretch(1)
        row.addWidget(self.stay)
        row.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(10)
        column.addWidget(self.text)
        column.addLayout(row)


class AssistantFrame(QDialog):
    """Pages in a stack; which buttons there are is for whoever hears `stepped` to say."""

    stepped = Signal()  # another page shows: the buttons are to be named
    leave_kept = Signal()  # close, and keep what was typed
    leave_dropped = Signal()  # close, and forget it

    def __init__(
        self,
        title: str,
        steps: Mapping[int, str],
        first: int,
        parent: QWidget | None,
        *,
        size: QSize = _SIZE,
    ) -> None:
        """`steps`: the titles of the pages, which are numbered from 0; `first`: the first shown."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumSize(_SMALLEST)
        self.resize(size)
        self._titles = steps
        self._steps = {step: label(text) for step, text in steps.items() if step >= first}
        self._where = label(title, "title", wrap=True)
        self._error = label("", wrap=True)
        self._note = label("", "muted", wrap=True)
        self._error_box = frame("danger_box")
        self._stack = QStackedWidget()
        self._pages: dict[int, QWidget] = {}
        for step in sorted(steps):
            self.set_page(step, QWidget())
        self.back, self.cancel = button("Back"), button("Cancel")
        self.other, self.next = button(""), button("", "primary")
        self.cancel.clicked.connect(self.reject)
        self._was_at: QWidget | None = None  # where the keyboard was before the question
        self._leave = LeaveBox()
        self._leave.hide()
        self._leave.stay.clicked.connect(self.stay)
        self._leave.keep.clicked.connect(self.leave_kept)
        self._leave.drop.clicked.connect(self.leave_dropped)
        self._lay_out()
        self.next.setDefault(True)  # once it is in the dialog: else Return would not find it

    @property
    def place(self) -> int:
        """The number of the page that is shown."""
        return self._stack.currentIndex()

    def set_page(self, step: int, page: QWidget) -> None:
        """Put a page in place of what was there."""
        old = self._pages.get(step)
        if old is page:
            return
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        self._pages[step] = page
        self._stack.insertWidget(step, page)

    def go(self, step: int) -> None:
        """Show a page."""
        self._stack.setCurrentIndex(step)
        self.show_error("")
        self.show_note("")
        for each, text in self._steps.items():
            set_property(text, "role", "name" if each == step else "muted")
        self._where.setAccessibleName(f"{self._where.text()}, step: {self._titles[step]}")
        self.stepped.emit()
        if not self.next.isEnabled():
            self.cancel.setFocus()

    def focus_answer(self) -> None:
        """The keyboard at the button that is likely next, unless a person put it elsewhere."""
        if self.focusWidget() in (None, self.cancel, self.back):
            (self.next if self.next.isEnabled() else self.other).setFocus()

    def show_note(self, text: str) -> None:
        """What may hold it up, above the buttons; empty hides it."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def show_error(self, text: str) -> None:
        """What went wrong, above the buttons; empty hides it."""
        self._error.setText(text)
        self._error_box.setVisible(bool(text))

    @property
    def is_asking(self) -> bool:
        """True while it asks whether what was typed is to be kept."""
        return self._leave.isVisibleTo(self)

    def ask_to_leave(self, text: str, *, may_keep: bool = True) -> None:
        """Ask in place of the buttons; the page stays as it is. `may_keep`: it can be offered
        again later."""
        self._leave.text.setText(text)
        self._leave.keep.setVisible(may_keep)
        self._was_at = self.focusWidget()
        self._buttons.hide()
        self._stack.setEnabled(False)
        self._leave.show()
        (self._leave.keep if may_keep else self._leave.stay).setFocus()

    @Slot()
    def stay(self) -> None:
        """Back to the page, nothing was lost."""
        self._leave.hide()
        self._stack.setEnabled(True)
        self._buttons.show()
        if self._was_at is not None and isValid(self._was_at):
            self._was_at.setFocus()

    def put(self, made: QPushButton, text: str, *, enabled: bool = True) -> None:
        """One button of the row; an empty text hides it."""
        made.setVisible(bool(text))
        made.setEnabled(enabled and bool(text))
        if text:
            made.setText(text)

    def _lay_out(self) -> None:
        steps = QHBoxLayout()
        steps.setSpacing(8)
        for number, text in enumerate(self._steps.values()):
            if number:
                steps.addWidget(label("·", "muted"))
            steps.addWidget(text)
        steps.addStretch(1)
        head = QVBoxLayout()
        head.setContentsMargins(_MARGIN, 20, _MARGIN, 12)
        head.setSpacing(6)
        head.addWidget(self._where)
        head.addLayout(steps)
        error = QHBoxLayout(self._error_box)
        error.setContentsMargins(12, 8, 12, 8)
        error.addWidget(self._error)
        foot = QVBoxLayout()
        foot.setContentsMargins(_MARGIN, 12, _MARGIN, 16)
        foot.setSpacing(12)
        foot.addWidget(self._error_box)
        foot.addWidget(self._note)
        foot.addWidget(self._leave)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addStretch(1)
        for made in (self.cancel, self.other, self.next):
            row.addWidget(made)
        foot.addWidget(self._buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self._stack, 1)
        whole.addWidget(frame("line"))
        whole.addLayout(foot)
