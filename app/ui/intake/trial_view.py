"""What was recognised in a file, and what its first rows would do; a person may correct it."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.carriers import CARRIERS
from app.services.folder_layout import columns_of, roles_of, with_role
from app.services.folder_trial import Trial
from app.ui.controls import Dropdown
from app.ui.folder_assistant.preview import Preview
from app.ui.folder_assistant.words import DATES, MARKS, count_line, program_title, shown
from app.ui.widgets import frame, label

_BY_NUMBER = "As its numbers tell"
_ASKED = (
    ("date_order", "date_order_open", "Dates like 03/04/2026", DATES),
    ("decimal_mark", "amount_mark_open", "Amounts like 1.234", MARKS),
)
"""What a file may leave open: name in the layout, code of the error, title, entries."""


def recognised(trial: Trial) -> str:
    """ "UPS WorldShip, separated by comma, UTF-8, with column names"."""
    layout = trial.layout
    parts = [program_title(str(layout.get("preset", "")))]
    if delimiter := layout.get("delimiter"):
        parts.append(f"separated by {shown(delimiter).partition(' ')[0].lower()}")
    parts += [shown(layout[name]) for name in ("encoding", "date_order") if layout.get(name)]
    if trial.width:
        parts.append("with column names" if trial.header else "without column names")
    return ", ".join(part for part in parts if part)


class TrialView(QWidget):
    """Shows a `Trial`; `changed` carries the layout as a person corrected it."""

    changed = Signal(object)  # dict: what a person chose, the rest is found out

    def __init__(self) -> None:
        super().__init__()
        self._trial: Trial | None = None
        self._chosen: dict[str, Any] = {}
        self._errors, self._error_text = _box("danger_box")
        self._warnings, self._warning_text = _box("warning_box")
        self.file = label("", "", wrap=True)
        self.carrier = Dropdown("Carrier of the rows")
        self._carrier_part = _titled("Carrier", self.carrier)
        self.asked = {name: Dropdown(title) for name, _, title, _ in _ASKED}
        self._asked_parts = {name: _titled(title, self.asked[name]) for name, _, title, _ in _ASKED}
        self._count = label("", "muted", wrap=True)
        self.preview = Preview()
        self.preview.role_chosen.connect(self._role_chosen)
        self.carrier.currentIndexChanged.connect(self._carrier_chosen)
        for name, _, _, entries in _ASKED:
            for title, value in entries:
                self.asked[name].addItem(title, value)
            self.asked[name].currentIndexChanged.connect(lambda _, name=name: self._answered(name))
        self._lay_out()

    def show_trial(self, trial: Trial) -> None:
        """What another look at the file showed."""
        self._trial = trial
        layout = trial.layout
        for box, text, notes in (
            (self._errors, self._error_text, trial.errors),
            (self._warnings, self._warning_text, trial.warnings),
        ):
            text.setText("\n".join(notes))
            box.setVisible(bool(notes))
        self.file.setText(f"Recognised: {recognised(trial)}")
        self._show_carrier(layout)
        for name, code, _, _ in _ASKED:  # what was answered can be answered otherwise
            self._asked_parts[name].setVisible(code in trial.open or name in self._chosen)
        self._count.setText(count_line(trial))
        self._count.setVisible(bool(trial.rows))
        self.preview.show_trial(trial, roles_of(layout, trial.header, trial.width))

    def set_busy(self, is_busy: bool) -> None:
        """While rows are entered nothing can be corrected."""
        self.preview.headings.setEnabled(not is_busy)
        for one in (self.carrier, *self.asked.values()):
            one.setEnabled(not is_busy)

    def _show_carrier(self, layout: Mapping[str, Any]) -> None:
        is_column = "carrier" in (layout.get("columns") or {})
        self._carrier_part.setVisible(not is_column and self._trial is not None)
        name = str(layout.get("carrier", ""))
        with QSignalBlocker(self.carrier):
            if name and self.carrier.findData(name) < 0:
                self.carrier.addItem(name, name)
            self.carrier.setCurrentIndex(max(0, self.carrier.findData(name)))

    @Slot(int, str)
    def _role_chosen(self, at: int, role: str) -> None:
        trial = self._trial
        if trial is None:
            return
        roles = with_role(roles_of(trial.layout, trial.header, trial.width), at, role)
        self._choose("columns", columns_of(roles, trial.header))

    @Slot()
    def _carrier_chosen(self) -> None:
        self._choose("carrier", self.carrier.currentData())

    def _answered(self, name: str) -> None:
        self._choose(name, self.asked[name].currentData())

    def _choose(self, name: str, value: object) -> None:
        self._chosen = {**self._chosen, name: value}
        self.changed.emit({key: one for key, one in self._chosen.items() if one})

    def _lay_out(self) -> None:
        self.carrier.addItem(_BY_NUMBER, "")
        for one in CARRIERS:
            self.carrier.addItem(one.name, one.name)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.file, 1)
        head.addWidget(self._carrier_part)
        asked = QHBoxLayout()
        asked.setSpacing(16)
        for part in self._asked_parts.values():
            asked.addWidget(part)
            part.hide()
        asked.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self._errors, self._warnings):
            column.addWidget(part)
        column.addLayout(asked)
        column.addLayout(head)
        column.addWidget(self.preview, 1)
        column.addWidget(self._count)


def _titled(title: str, box: Dropdown) -> QWidget:
    made, name = QWidget(), label(title, "muted")
    name.setBuddy(box)
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(name)
    row.addWidget(box)
    return made


def _box(role: str) -> tuple[QFrame, QLabel]:
    box, text = frame(role), label("", wrap=True)
    inside = QVBoxLayout(box)
    inside.setContentsMargins(12, 8, 12, 8)
    inside.addWidget(text)
    box.hide()
    return box, text
