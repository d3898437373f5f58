"""The filter chips above the list, each with its count."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from app.services.queue_page import Slice
from app.ui.flow import Flow
from app.ui.widgets import button, one_stop, show_checked

CHIPS = (
    (Slice.ALL, "All"),
    (Slice.WAITING, "Waiting"),
    (Slice.RETRYING, "Retrying"),
    (Slice.NEEDS_YOU, "Needs you"),
    (Slice.SENDING, "In flight"),
    (Slice.PARKED, "Parked"),
    (Slice.DONE, "Done today"),
)
_GAP = 6
_ONLY_WITH_ROWS = frozenset({Slice.PARKED})


class Chips(QWidget):
    """One of them is pressed, or none while something else is shown."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._chips: dict[Slice, QPushButton] = {}
        row = Flow(self, _GAP)
        for wanted, title in CHIPS:
            chip = button(title, "chip")
            chip.setCheckable(True)
            # Not `clicked`: a screen reader toggles a chip, which clicks nothing.
            chip.toggled.connect(
                lambda is_on, wanted=wanted: self.chosen.emit(wanted) if is_on else None
            )
            if wanted in _ONLY_WITH_ROWS:
                chip.hide()
            self._group.addButton(chip)
            self._chips[wanted] = chip
            row.addWidget(chip)
        self.select(Slice.ALL)  # no counts yet: 0 would be a claim

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
            show_checked(chip, own is wanted)
        self._group.setExclusive(wanted is not None)
        chips = self._chips
        one_stop(chips.values(), chips[Slice.ALL] if wanted is None else chips[wanted])
