"""The filter chips above the list, each with its count."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from app.services.queue_page import Slice
from app.ui.widgets import button

CHIPS = (
    (Slice.ALL, "All"),
    (Slice.WAITING, "Waiting"),
    (Slice.RETRYING, "Retrying"),
    (Slice.NEEDS_YOU, "Needs you"),
    (Slice.SENDING, "In flight"),
    (Slice.PARKED, "Parked"),
    (Slice.DONE, "Done today"),
)
_ONLY_WITH_ROWS = frozenset({Slice.PARKED})


class Chips(QWidget):
    """One of them is pressed, or none while something else is shown."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._chips: dict[Slice, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for wanted, title in CHIPS:
            chip = button(title, "chip")
            chip.setCheckable(True)
            chip.clicked.connect(lambda _=False, wanted=wanted: self.chosen.emit(wanted))
            self._group.addButton(chip)
            self._chips[wanted] = chip
            row.addWidget(chip)
        row.addStretch(1)
        self._chips[Slice.ALL].setChecked(True)
        self.set_counts({})

    def set_counts(self, counts: dict[Slice, int]) -> None:
        """How many rows stand behind each."""
        for wanted, title in CHIPS:
            count = counts.get(wanted, 0)
            chip = self._chips[wanted]
            text = f"{title}  {count:,}"
            if chip.text() != text:
                chip.setText(text)
                chip.setAccessibleName(f"{title}: {count}")
            chip.setVisible(bool(count) or chip.isChecked() or wanted not in _ONLY_WITH_ROWS)

    def select(self, wanted: Slice | None) -> None:
        """Press one; None: none is."""
        self._group.setExclusive(False)
        for own, chip in self._chips.items():
            chip.setChecked(own is wanted)
        self._group.setExclusive(wanted is not None)
