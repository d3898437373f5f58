"""The first page of the assistant: whose orders are to be read."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QMargins, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout

from app.core.types import ConnectionInfo
from app.services.connection_setup import Kind
from app.ui.connections.said import marked
from app.ui.connections.scroll import Scroll
from app.ui.controls import Radio
from app.ui.widgets import frame, label

MARGIN = 24


class ChoosePage(Scroll):
    """Connections that have orders which nobody reads yet."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(QMargins(MARGIN, 4, MARGIN, 20))
        self._choices: list[ConnectionInfo] = []
        self._group = QButtonGroup(self)
        self._lead = label("Reading your connections…", wrap=True)
        self.column.setSpacing(12)
        self.column.addWidget(self._lead)
        self.column.addStretch(1)

    def show_choices(
        self, found: Sequence[ConnectionInfo], kinds: Mapping[str, Kind], wanted: int
    ) -> None:
        """What there is; `wanted`: the number of the one to mark, 0: the first."""
        self._choices = list(found)
        self._lead.setText(
            "Whose orders are to be read?"
            if found
            else "There is no connection with orders that are not read already. Connect a store "
            "under CONNECTIONS first."
        )
        for place, one in enumerate(found):
            self._add(place, one, kinds[one.kind].title)
        at = next((n for n, one in enumerate(found) if one.id == wanted), 0)
        if found:
            self._group.buttons()[at].setChecked(True)
        self._group.idToggled.connect(self.changed)
        self.changed.emit()

    @property
    def choice(self) -> ConnectionInfo | None:
        """What is marked; None: nothing can be."""
        at = self._group.checkedId()
        return self._choices[at] if 0 <= at < len(self._choices) else None

    def focus_first(self) -> None:
        """The keyboard at the marked one."""
        pressed = self._group.checkedButton()
        if pressed is not None:
            pressed.setFocus()

    def _add(self, place: int, one: ConnectionInfo, title: str) -> None:
        radio = Radio(marked(one))
        radio.setAccessibleDescription(title)
        self._group.addButton(radio, place)
        line = label(title, "muted")
        line.setContentsMargins(21, 0, 0, 0)
        box = frame("panel")
        column = QVBoxLayout(box)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(4)
        column.addWidget(radio)
        column.addWidget(line)
        self.column.insertWidget(self.column.count() - 1, box)
