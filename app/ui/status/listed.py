"""The connections at the left, each with its lamp."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QMargins, Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from app.services.health import ConnectionHealth
from app.ui.connections.said import marked
from app.ui.connections.scroll import Scroll
from app.ui.status.painted import ENTRY_HEIGHT, LampButton
from app.ui.status.words import LAMP_WORDS
from app.ui.widgets import one_stop, show_checked

WIDTH = 200


class ConnectionList(Scroll):
    """A button stays the same widget as long as its connection is there."""

    chosen = Signal(int)  # connection

    def __init__(self) -> None:
        super().__init__(QMargins(0, 0, 8, 0))
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Connections")
        self.column.setSpacing(2)
        self.column.addStretch(1)
        self._group = QButtonGroup(self)
        self.entries: dict[int, LampButton] = {}

    def show_connections(self, views: Sequence[ConnectionHealth], chosen: int) -> None:
        """All of them in this order; `chosen` is pressed."""
        for gone in self.entries.keys() - {one.connection.id for one in views}:
            entry = self.entries.pop(gone)
            self._group.removeButton(entry)
            self.column.removeWidget(entry)
            entry.hide()
            entry.deleteLater()
        for place, one in enumerate(views):
            number = one.connection.id
            if number not in self.entries:
                self._add(number)
            entry = self.entries[number]
            if self.column.indexOf(entry) != place:
                self.column.insertWidget(place, entry)
            name = one.connection.name
            spoken = f"{marked(one.connection)}, {one.system}: {one.word} ({LAMP_WORDS[one.lamp]})"
            line = f"Practice · {one.word}" if one.connection.is_practice else one.word
            entry.show_state(name, one.lamp, line, spoken)
        self._order([self.entries[one.connection.id] for one in views])
        if chosen in self.entries:
            show_checked(self.entries[chosen], True)
            one_stop(self.entries.values(), self.entries[chosen])

    def _add(self, number: int) -> None:
        entry = LampButton("", ENTRY_HEIGHT, is_panel=False)
        entry.toggled.connect(lambda is_on: self.chosen.emit(number) if is_on else None)
        self.entries[number] = entry
        self._group.addButton(entry)

    def _order(self, entries: list[LampButton]) -> None:
        for first, second in pairwise(entries):
            QWidget.setTabOrder(first, second)
