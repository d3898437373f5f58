"""One thing to be typed: its label, its field, what is wrong with it, help and default."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.services.connection_setup import (
    SecretField,
    SettingField,
    name_problem,
    shown_value,
    typed_problem,
)
from app.ui.controls import Dropdown
from app.ui.widgets import label, set_property

STORED = "Stored; leave empty to keep it"


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
        self, title: str, editor: Editor, lines: Sequence[str], judge_text: Callable[[str], str]
    ) -> None:
        """`lines`: help, where to find it, the default; empty ones are left out."""
        super().__init__()
        self.title = title
        self._editor = editor
        self._judge_text = judge_text
        self._lines = [line for line in lines if line]
        self._problem = label("", "danger", wrap=True)
        self._problem.hide()
        self._was_left = False
        self._lay_out(editor.widget)

    def _lay_out(self, widget: QWidget) -> None:
        title = label(self.title, "name")
        title.setBuddy(widget)
        widget.setAccessibleName(self.title)
        self.setFocusProxy(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        for part in (title, widget, self._problem):
            whole.addWidget(part)
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
    """One line of text, judged as one types."""

    def __init__(
        self, title: str, text: str, lines: Sequence[str], judge_text: Callable[[str], str]
    ) -> None:
        self._line = QLineEdit(text)
        editor = Editor(self._line, self._line.text, self._line.setText)
        super().__init__(title, editor, lines, judge_text)
        self._line.textChanged.connect(self._typed)
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


class NameField(TextField):
    """What a person calls the connection. `taken`: names in use, case folded."""

    def __init__(self, text: str) -> None:
        self.taken: frozenset[str] = frozenset()
        lines = ["Your own choice. Rows and notices show this name."]
        super().__init__("Name", text, lines, lambda name: name_problem(name, self.taken))


class SettingText(TextField):
    """A setting that takes text or a number."""

    def __init__(self, item: SettingField, text: str) -> None:
        self.item = item
        super().__init__(item.label, text, _lines(item), lambda typed: typed_problem(item, typed))
        if item.default is None:
            self.set_hint("Needed")


class SettingChoice(Field):
    """A setting with a few words to choose from."""

    def __init__(self, item: SettingField, text: str) -> None:
        self.item = item
        box = Dropdown()
        box.addItems(list(item.choices))
        box.setCurrentText(text)
        editor = Editor(box, box.currentText, box.setCurrentText)
        super().__init__(item.label, editor, _lines(item), lambda _: "")
        box.currentTextChanged.connect(self._typed)


class SecretText(TextField):
    """A secret: dots only, and what is stored is never shown."""

    def __init__(self, item: SecretField, *, is_stored: bool) -> None:
        self.item = item
        may_be_empty = is_stored or item.optional
        kept = "It is kept in the password store of this computer, nowhere else."
        super().__init__(
            item.label,
            "",
            [f"{item.help} {kept}", _where(item.where)],
            lambda text: "" if text.strip() or may_be_empty else "This is needed.",
        )
        self.hide_text()
        if is_stored:
            self.set_hint(STORED)
        elif not item.optional:
            self.set_hint("Needed")


def _where(text: str) -> str:
    """The line that says where a person finds the value."""
    return f"Where to find it: {text}" if text else ""


def _lines(item: SettingField) -> list[str]:
    default = shown_value(item.default)
    return [item.help, _where(item.where), default and f"Default: {default}"]


def setting_field(item: SettingField, text: str) -> SettingText | SettingChoice:
    """The field of a setting, holding what is stored or its default."""
    return SettingChoice(item, text) if item.choices else SettingText(item, text)
