"""The filter chips above the list, each with its count."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

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

    def __init__(
        self,
        titles: Sequence[tuple[StrEnum, str]] = CHIPS,
        only_with_rows: Collection[StrEnum] = _ONLY_WITH_ROWS,
    ) -> None:
        """The first of them shows everything; some are there only while they have rows."""
        super().__init__()
        self._titles, self._only_with_rows = titles, only_with_rows
        self._group = QButtonGroup(self)
        self._chips: dict[StrEnum, QPushButton] = {}
        row = Flow(self, _GAP)
        for wanted, title in titles:
            chip = button(title, "chip")
            chip.setCheckable(True)
            # Not `clicked`: a screen reader toggles a chip, which clicks nothing.
            chip.toggled.connect(
                lambda is_on, wanted=wanted: self.chosen.emit(wanted) if is_on else None
            )
            if wanted in only_with_rows:
                chip.hide()
            self._group.addButton(chip)
            self._chips[wanted] = chip
            row.addWidget(chip)
        self.select(titles[0][0])  # no counts yet: 0 would be a claim

    def set_counts(self, counts: Mapping[Any, int]) -> None:
        """How many rows stand behind each."""
        for wanted, title in self._titles:
            count = counts.get(wanted, 0)
            chip = self._chips[wanted]
            text = f"{title}  {count:,}"
            if chip.text() != text:
                chip.setText(text)
                chip.setAccessibleName(f"{title}: {count}")
            chip.setVisible(bool(count) or chip.isChecked() or wanted not in self._only_with_rows)

    def select(self, wanted: StrEnum | None) -> None:
        """Press one; None: none is."""
        self._group.setExclusive(False)
        for own, chip in self._chips.items():
            show_checked(chip, own is wanted)
        self._group.setExclusive(wanted is not None)
        chips = self._chips
        one_stop(chips.values(), chips[self._titles[0][0] if wanted is None else wanted])
