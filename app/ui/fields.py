"""One thing to be typed or chosen: its label, its field, what is wrong with it, help."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui.controls import Dropdown
from app.ui.widgets import label, set_property


@dataclass(frozen=True, slots=True)
class Editor:
    """The widget in which a value is typed, and how to get at the value."""

    widget: QWidget
    read: Callable[[], str]
    write: Callable[[str], None]


class Field(QWidget):
    """The frame of every field. The problem stands between the field and its help.

    `judge_text` says what is wrong with a text; empty: nothing.
    """

    changed = Signal()

    def __init__(
        self,
        title: str,
        editor: Editor,
        lines: Sequence[str],
        judge_text: Callable[[str], str],
        beside: QWidget | None = None,
    ) -> None:
        """`lines`: help, where to find it, the default; empty ones are left out. `beside`: what
        stands at the right of the editor, such as a button."""
        super().__init__()
        self.title = title
        self._editor = editor
        self._judge_text = judge_text
        self._lines = [line for line in lines if line]
        self._problem = label("", "danger", wrap=True)
        self._problem.hide()
        self._was_left = False
        self._lay_out(editor.widget, beside)

    def _lay_out(self, widget: QWidget, beside: QWidget | None) -> None:
        title = label(self.title, "name")
        title.setBuddy(widget)
        widget.setAccessibleName(self.title)
        self.setFocusProxy(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(widget, 1)
        if beside is not None:
            row.addWidget(beside)
        whole.addWidget(title)
        whole.addLayout(row)
        whole.addWidget(self._problem)
        for line in self._lines:
            whole.addWidget(label(line, "small", wrap=True))
        self._describe("")

    @property
    def shown_problem(self) -> str:
        """The sentence under the field."""
        return self._problem.text()

    def text(self) -> str:
        """What is typed now."""
        return self._editor.read()

    def set_text(self, text: str) -> None:
        """As if it were typed."""
        self._editor.write(text)

    def problem(self) -> str:
        """What is wrong with it; empty when nothing is."""
        return self._judge_text(self.text())

    @property
    def is_right(self) -> bool:
        """True when it may be used."""
        return not self.problem()

    def judge(self, *, strict: bool = False) -> None:
        """Show what is wrong. An empty field is not blamed before it was left, or `strict`."""
        self._was_left = self._was_left or strict
        problem = self.problem() if self._was_left or self.text() else ""
        self.show_problem(problem)

    def show_problem(self, problem: str) -> None:
        """A sentence under the field; empty hides it."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        set_property(self._editor.widget, "bad", "true" if problem else "false")
        self._describe(problem)

    def _describe(self, problem: str) -> None:
        words = [problem, *self._lines] if problem else self._lines
        self._editor.widget.setAccessibleDescription(" ".join(words))

    @Slot()
    def _typed(self) -> None:
        self.judge()
        self.changed.emit()

    @Slot()
    def _left(self) -> None:
        if self.text():
            self.judge(strict=True)


class TextField(Field):
    """One line of text, judged as one types. `edited`: by a person, not by the program."""

    edited = Signal()

    def __init__(
        self,
        title: str,
        text: str,
        lines: Sequence[str],
        judge_text: Callable[[str], str],
        beside: QWidget | None = None,
    ) -> None:
        self._line = QLineEdit(text)
        editor = Editor(self._line, self._line.text, self._line.setText)
        super().__init__(title, editor, lines, judge_text, beside)
        self._line.textChanged.connect(self._typed)
        self._line.textEdited.connect(self.edited)
        self._line.editingFinished.connect(self._left)

    def set_hint(self, text: str) -> None:
        """What stands in the empty field."""
        self._line.setPlaceholderText(text)

    def hide_text(self) -> None:
        """Show dots instead of letters, from now on."""
        self._line.setEchoMode(QLineEdit.EchoMode.Password)
        self._line.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
        )


class ChoiceField(Field):
    """A few words to choose from."""

    def __init__(
        self,
        title: str,
        lines: Sequence[str],
        judge_text: Callable[[str], str] = lambda _: "",
    ) -> None:
        self.box = Dropdown()
        editor = Editor(self.box, self.box.currentText, self.box.setCurrentText)
        super().__init__(title, editor, lines, judge_text)
        self.box.currentTextChanged.connect(self._typed)
