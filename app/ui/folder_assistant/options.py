"""A question with two or three answers, each with a sentence of help."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.ui.controls import Radio
from app.ui.widgets import label, set_property

_INDENT = 21
_MOST_DAYS = 3650
_DAYS_WIDTH = 56

_STARTS = (
    ("now", "Nothing of it: only what comes from now on",
     "Right when those numbers were written already."),
    ("days", "What is not older than", "Older files and rows are left out."),
    ("all", "All of it", "Rows that are in the queue already do not come twice."),
)  # fmt: skip


_STARTS_DAYS = [value for value, _, _ in _STARTS].index("days")


class Options(QWidget):
    """Radio buttons under a question."""

    changed = Signal()

    def __init__(self, title: str, answers: Sequence[tuple[str, str, str]]) -> None:
        """`answers`: value, what it says, its help."""
        super().__init__()
        self._values = [value for value, _, _ in answers]
        self._group = QButtonGroup(self)
        self._rows: dict[str, QHBoxLayout] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(title, "name"))
        for number, (value, text, help_text) in enumerate(answers):
            radio = Radio(text)
            radio.setAccessibleDescription(f"{title}. {help_text}".strip())
            self._group.addButton(radio, number)
            row = self._rows[value] = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(radio)
            column.addLayout(row)
            if help_text:
                line = label(help_text, "small", wrap=True)
                line.setContentsMargins(_INDENT, 0, 0, 2)
                column.addWidget(line)
        self._group.buttons()[0].setChecked(True)
        self._group.idToggled.connect(self._toggled)

    @property
    def value(self) -> str:
        """The answer that is marked."""
        return self._values[self._group.checkedId()]

    def choose(self, value: str) -> None:
        """Mark an answer."""
        self._group.buttons()[self._values.index(value)].setChecked(True)

    def focus_first(self) -> None:
        """The keyboard at the answer that is marked."""
        self._group.button(self._group.checkedId()).setFocus()

    def forbid(self, value: str) -> None:
        """An answer that cannot be given now; its help says why."""
        self._group.buttons()[self._values.index(value)].setEnabled(False)

    @Slot(int, bool)
    def _toggled(self, _: int, is_on: bool) -> None:
        if is_on:
            self.changed.emit()


class DaysChoice(Options):
    """What is read of the files that lie in the folder already."""

    def __init__(self) -> None:
        super().__init__("What lies there already", _STARTS)
        self._days = QLineEdit()
        self._days.setFixedWidth(_DAYS_WIDTH)
        self._days.setAccessibleName("Days back")
        self._days.setMaxLength(len(str(_MOST_DAYS)))
        self._problem = label("", "danger", wrap=True)
        self._problem.setContentsMargins(_INDENT, 0, 0, 0)
        self._problem.hide()
        unit = label("days")
        unit.setBuddy(self._days)
        self._rows["days"].addWidget(self._days)
        self._rows["days"].addWidget(unit)
        for row in self._rows.values():
            row.addStretch(1)
        self.setTabOrder(self._group.button(_STARTS_DAYS), self._days)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self._problem)
        self._days.textEdited.connect(self._typed)
        self.changed.connect(self._follow)

    @property
    def days(self) -> int:
        """How far back; 0: what was typed is no number of days."""
        text = self._days.text().strip()
        return int(text) if text.isascii() and text.isdecimal() and int(text) else 0

    @property
    def is_right(self) -> bool:
        """True when it may be used."""
        return self.value != "days" or 0 < self.days <= _MOST_DAYS

    def choose(self, value: str, days: int = 7) -> None:
        """Mark an answer."""
        self._days.setText(str(days))
        super().choose(value)
        self._follow()

    def judge(self) -> None:
        """Show what is wrong with the number."""
        text = f"“{self._days.text()}” is no number of days. Give one from 1 to {_MOST_DAYS}."
        self._problem.setText("" if self.is_right else text)
        self._problem.setHidden(self.is_right)
        set_property(self._days, "bad", "false" if self.is_right else "true")
        self._days.setAccessibleDescription(self._problem.text())

    def focus_number(self) -> None:
        """The keyboard at the number of days."""
        self._days.setFocus()

    @Slot()
    def _typed(self) -> None:
        self.judge()
        self.changed.emit()

    @Slot()
    def _follow(self) -> None:
        self._days.setEnabled(self.value == "days")
        self.judge()
