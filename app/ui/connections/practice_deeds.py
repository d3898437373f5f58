"""A row of buttons in the practice bar: what somebody at the practice system can do."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.ui.connections.practice_shops import Deed
from app.ui.widgets import button

_GAP = 8


class DeedButtons(QWidget):
    """Made once for as many as there ever are; `show_deeds` names them anew."""

    asked = Signal(object)  # Deed

    def __init__(self, most: int) -> None:
        super().__init__()
        self._deeds: Sequence[Deed] = ()
        self._buttons = [self._button(place) for place in range(most)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        for made in self._buttons:
            row.addWidget(made)

    def show_deeds(self, deeds: Sequence[Deed], about: str = "") -> None:
        """These, at most as many as there is room for. `about`: "invoice 316132"."""
        self._deeds = deeds
        for place, made in enumerate(self._buttons):
            made.setVisible(place < len(deeds))
            if place >= len(deeds):
                continue
            deed = deeds[place]
            made.setText(deed.title)
            made.setAccessibleName(f"{deed.title}: {about}" if about else deed.title)
            made.setEnabled(deed.can)

    def _button(self, place: int) -> QPushButton:
        made = button("")
        made.clicked.connect(lambda: self.asked.emit(self._deeds[place]))
        return made
