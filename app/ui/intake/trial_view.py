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
from app.ui.folder_assistant.words import count_line, program_title, shown
from app.ui.widgets import frame, label

_BY_NUMBER = "As its numbers tell"


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
        self._carrier_part = QWidget()
        self.carrier = Dropdown("Carrier of the rows")
        self._count = label("", "muted", wrap=True)
        self.preview = Preview()
        self.preview.role_chosen.connect(self._role_chosen)
        self.carrier.currentIndexChanged.connect(self._carrier_chosen)
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
        self._count.setText(count_line(trial))
        self._count.setVisible(bool(trial.rows))
        self.preview.show_trial(trial, roles_of(layout, trial.header, trial.width))

    def set_busy(self, is_busy: bool) -> None:
        """While rows are entered nothing can be corrected."""
        self.preview.headings.setEnabled(not is_busy)
        self.carrier.setEnabled(not is_busy)

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

    def _choose(self, name: str, value: object) -> None:
        self._chosen = {**self._chosen, name: value}
        self.changed.emit({key: one for key, one in self._chosen.items() if one})

    def _lay_out(self) -> None:
        self.carrier.addItem(_BY_NUMBER, "")
        for one in CARRIERS:
            self.carrier.addItem(one.name, one.name)
        name = label("Carrier", "muted")
        name.setBuddy(self.carrier)
        row = QHBoxLayout(self._carrier_part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(name)
        row.addWidget(self.carrier)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.file, 1)
        head.addWidget(self._carrier_part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self._errors, self._warnings):
            column.addWidget(part)
        column.addLayout(head)
        column.addWidget(self.preview, 1)
        column.addWidget(self._count)


def _box(role: str) -> tuple[QFrame, QLabel]:
    box, text = frame(role), label("", wrap=True)
    inside = QVBoxLayout(box)
    inside.setContentsMargins(12, 8, 12, 8)
    inside.addWidget(text)
    box.hide()
    return box, text
