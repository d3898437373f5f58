"""What was found out about a file, one thing each: its value, why, and a way to change it."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.ui.controls import Dropdown
from app.ui.widgets import label, set_property

FIND = "\0"
"""The value of the entry that leaves it to be found out."""


class Found(QWidget):
    """A title, an editor, and below it why the value is as it is."""

    chosen = Signal(str, str)  # name, value; `FIND`: to be found out again

    def __init__(self, name: str, title: str, editor: QWidget) -> None:
        super().__init__()
        self.name, self.title = name, title
        self._editor = editor
        self._why = label("", "small", wrap=True)
        head = label(title, "name")
        head.setBuddy(editor)
        editor.setAccessibleName(title)
        # Else the longest entry of one of them would decide how wide its column is.
        editor.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(editor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (head, editor, self._why):
            column.addWidget(part)
        column.addStretch(1)

    @property
    def why(self) -> str:
        """The sentence below it."""
        return self._why.text()

    def explain(self, why: str, *, is_wrong: bool = False) -> None:
        """Why it is so, or what is wrong with it."""
        self._why.setText(why)
        self._why.setVisible(bool(why))
        set_property(self._why, "role", "danger" if is_wrong else "small")
        set_property(self._editor, "bad", "true" if is_wrong else "false")
        self._editor.setAccessibleDescription(why)


class FoundChoice(Found):
    """One of a few values."""

    def __init__(self, name: str, title: str) -> None:
        self.box = Dropdown()
        super().__init__(name, title, self.box)
        self.box.currentIndexChanged.connect(self._changed)

    def show_value(self, entries: Sequence[tuple[str, str]], value: str) -> None:
        """Show a value among these (text, value), without telling."""
        there = [(self.box.itemText(n), self.box.itemData(n)) for n in range(self.box.count())]
        with QSignalBlocker(self.box):
            if there != list(entries):
                self.box.clear()
                for text, data in entries:
                    self.box.addItem(text, data)
            self.box.setCurrentIndex(max(0, self.box.findData(value)))

    @property
    def value(self) -> str:
        """What is shown."""
        return str(self.box.currentData() or "")

    @Slot()
    def _changed(self) -> None:
        self.chosen.emit(self.name, self.value)


class FoundText(Found):
    """A word that a person types; empty is as usual."""

    def __init__(self, name: str, title: str, hint: str = "") -> None:
        self.line = QLineEdit()
        self.line.setPlaceholderText(hint)
        super().__init__(name, title, self.line)
        self.line.textEdited.connect(self._changed)

    def show_value(self, value: str) -> None:
        """Show a value, without telling; what a person is typing stays."""
        if self.line.text().strip() != value.strip():
            self.line.setText(value)

    @Slot(str)
    def _changed(self, text: str) -> None:
        self.chosen.emit(self.name, text)
