"""Any fault of a practice server: what goes wrong, on which record, how often."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.connections.choices import fill
from app.ui.connections.practice_words import ANYWHERE, TIMES, Fault, PracticeState, fault_call
from app.ui.controls import Dropdown
from app.ui.widgets import button, label

TITLE_WIDTH, GAP = 60, 8
_REST_PLACE = 2


class FaultRow(QWidget):
    """One line, or two where it is narrow."""

    start_asked = Signal(str, object)  # kind of fault, options of the command

    def __init__(self) -> None:
        super().__init__()
        self._fault, self._times = Dropdown("What goes wrong"), Dropdown("How often")
        self._where = Dropdown()
        for text, times in TIMES:
            self._times.addItem(text, times)
        self._start = button("Start fault", name="Start this fault at the practice server")
        self._start.clicked.connect(self._ask)
        self._lay_out()

    def show_state(self, state: PracticeState) -> None:
        """What the server knows now; what a person chose stays."""
        fill(self._fault, [(one.title, one) for one in state.faults])
        noun = state.shop.noun
        title = f"On which {noun}"
        self._where.setAccessibleName(title)
        self._where.setAccessibleDescription(title)
        places = [(f"on {one.number}", one.path) for one in state.records]
        fill(self._where, [(f"on any {noun}", ANYWHERE), *places])
        self._arrange()

    @Slot()
    def _ask(self) -> None:
        fault: Fault | None = self._fault.currentData()
        if fault is None:
            return
        options: dict[str, Any] = fault_call(
            fault, self._times.currentData(), self._where.currentData()
        )
        self.start_asked.emit(fault.kind, options)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Where it is narrow, the rest of the choices stands in a line of its own."""
        parts = self._fault.sizeHint().width() + self._rest.sizeHint().width()
        is_wide = self.width() >= parts + TITLE_WIDTH + 2 * GAP
        is_in_first = self._first_row.indexOf(self._rest) >= 0
        if is_wide and not is_in_first:
            self._second_row.removeWidget(self._rest)
            self._first_row.insertWidget(_REST_PLACE, self._rest)
        elif not is_wide and is_in_first:
            self._first_row.removeWidget(self._rest)
            self._second_row.insertWidget(1, self._rest)

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(GAP)
        self._first_row = row("Fault", [self._fault])
        self._second_row = QHBoxLayout()
        self._second_row.addSpacing(TITLE_WIDTH + GAP)
        self._rest = QWidget()
        rest = QHBoxLayout(self._rest)
        rest.setContentsMargins(0, 0, 0, 0)
        rest.setSpacing(GAP)
        for part in (self._where, self._times, self._start):
            rest.addWidget(part)
        self._first_row.insertWidget(_REST_PLACE, self._rest)
        self._second_row.addStretch(1)
        whole.addLayout(self._first_row)
        whole.addLayout(self._second_row)


def row(title: str | QLabel, parts: Sequence[QWidget]) -> QHBoxLayout:
    """A line of the practice bar: its title, then the controls."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(GAP)
    name = label(title, "muted") if isinstance(title, str) else title
    name.setFixedWidth(TITLE_WIDTH)
    name.setBuddy(parts[0])
    made.addWidget(name)
    for part in parts:
        made.addWidget(part)
    made.addStretch(1)
    return made
