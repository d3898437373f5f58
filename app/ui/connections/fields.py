"""One thing to be typed: its label, its field, what is wrong with it, help and default."""

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


class Field(QWidget):
    """The frame of every field. The problem stands between the field and its help."""

    changed = Signal()

    def __init__(self, title: str, help_text: str, where: str = "", default: str = "") -> None:
        super().__init__()
        self.title = title
        self._lines = [help_text, where and f"Where to find it: {where}"]
        self._problem = label("", "danger", wrap=True)
        self._problem.hide()
        self._was_left = False
        self._default = default
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(4)

    def lay_out(self, editor: QWidget) -> None:
        """Put the editor between the title and the rest."""
        title = label(self.title, "name")
        title.setBuddy(editor)
        editor.setAccessibleName(self.title)
        self.setFocusProxy(editor)
        self._editor = editor
        for widget in (title, editor, self._problem):
            self._whole.addWidget(widget)
        lines = [*self._lines, self._default and f"Default: {self._default}"]
        for line in filter(None, lines):
            self._whole.addWidget(label(line, "small", wrap=True))
        self._describe("")

    @property
    def shown_problem(self) -> str:
        """The sentence under the field."""
        return self._problem.text()

    def text(self) -> str:
        """What is typed now."""
        raise NotImplementedError

    def set_text(self, text: str) -> None:
        """As if it were typed."""
        raise NotImplementedError

    def problem(self) -> str:
        """What is wrong with it; empty when nothing is."""
        return ""

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
        set_property(self._editor, "bad", "true" if problem else "false")
        self._describe(problem)

    def _describe(self, problem: str) -> None:
        words = [problem, *self._lines, self._default and f"Default: {self._default}"]
        self._editor.setAccessibleDescription(" ".join(filter(None, words)))

    @Slot()
    def _typed(self) -> None:
        self.judge()
        self.changed.emit()

    @Slot()
    def _left(self) -> None:
        if self.text():
            self.judge(strict=True)


class TextField(Field):
    """One line of text, judged as one types by `judge_text`."""

    def __init__(
        self, title: str, help_text: str, text: str = "", *, where: str = "", default: str = ""
    ) -> None:
        super().__init__(title, help_text, where, default)
        self._line = QLineEdit(text)
        self._line.textChanged.connect(self._typed)
        self._line.editingFinished.connect(self._left)
        self.lay_out(self._line)

    def text(self) -> str:
        return self._line.text()

    def set_text(self, text: str) -> None:
        self._line.setText(text)

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
        super().__init__("Name", "What you call it. Rows and notices show this name.", text)

    def problem(self) -> str:
        return name_problem(self.text(), self.taken)


class SettingText(TextField):
    """A setting that takes text or a number."""

    def __init__(self, item: SettingField, text: str) -> None:
        self.item = item
        default = shown_value(item.default)
        super().__init__(item.label, item.help, text, where=item.where, default=default)
        if item.default is None:
            self.set_hint("Needed")

    def problem(self) -> str:
        return typed_problem(self.item, self.text())


class SettingChoice(Field):
    """A setting with a few words to choose from."""

    def __init__(self, item: SettingField, text: str) -> None:
        super().__init__(item.label, item.help, item.where, shown_value(item.default))
        self.item = item
        self._box = Dropdown()
        self._box.addItems(list(item.choices))
        self._box.setCurrentText(text)
        self._box.currentTextChanged.connect(self._typed)
        self.lay_out(self._box)

    def text(self) -> str:
        return self._box.currentText()

    def set_text(self, text: str) -> None:
        self._box.setCurrentText(text)


class SecretText(TextField):
    """A secret: dots only, and what is stored is never shown."""

    def __init__(self, item: SecretField, *, is_stored: bool) -> None:
        self.item = item
        self._is_stored = is_stored
        super().__init__(
            item.label,
            f"{item.help} It is kept in the password store of this computer, nowhere else.",
            where=item.where,
        )
        self.hide_text()
        if is_stored:
            self.set_hint(STORED)
        elif not item.optional:
            self.set_hint("Needed")

    def problem(self) -> str:
        if self.text().strip() or self._is_stored or self.item.optional:
            return ""
        return "This is needed."


def setting_field(item: SettingField, text: str) -> SettingText | SettingChoice:
    """The field of a setting, holding what is stored or its default."""
    return SettingChoice(item, text) if item.choices else SettingText(item, text)
