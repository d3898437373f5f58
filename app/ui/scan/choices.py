"""Where the numbers go, whose they are, and whether there is sound: chosen once, then kept."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.carriers import CARRIERS
from app.core.types import ConnectionInfo
from app.ui.connections.said import marked
from app.ui.controls import Dropdown, Tick
from app.ui.scan.station import Kept
from app.ui.widgets import label


class Choices(QWidget):
    """A row above the field; what is chosen stands in `kept`."""

    chosen = Signal()  # another connection
    changed = Signal()  # carrier or sound

    def __init__(self, connections: Sequence[ConnectionInfo], kept: Kept) -> None:
        super().__init__()
        self._kept = kept
        self.connection = Dropdown("Connection")
        self._fill(connections)
        self.carrier = Dropdown("Carrier")
        self.carrier.addItem("As recognised", "")
        for known in CARRIERS:
            self.carrier.addItem(known.name, known.code)
        self.carrier.setCurrentIndex(max(0, self.carrier.findData(kept.carrier)))
        self.sound = Tick("Sound")
        self.sound.setToolTip("One beep asks, three refuse")
        self.sound.setChecked(kept.has_sound)
        self._lay_out()
        self._choose_connection()
        self.connection.activated.connect(self._connection_chosen)
        self.carrier.activated.connect(self._carrier_chosen)
        self.sound.toggled.connect(self._sound_chosen)

    def show_connections(self, connections: Sequence[ConnectionInfo]) -> str:
        """Those there are now. Returns the name of the chosen one where that is gone: no other
        takes its place by itself."""
        if list(connections) == list(self._connections.values()):
            return ""
        was = self.target
        self._fill(connections)
        if was is None or was.id in self._connections:
            self._choose_connection()
            return ""
        self._kept.connection_id = 0
        self._show_chosen()
        return was.name

    @property
    def target(self) -> ConnectionInfo | None:
        """Where the numbers go; None: that is still to be chosen."""
        return self._connections.get(self._kept.connection_id)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for title, widget in (("To", self.connection), ("Carrier", self.carrier)):
            row.addWidget(label(title, "muted"))
            row.addWidget(widget)
            row.addSpacing(8)
        row.addStretch(1)
        row.addWidget(self.sound)

    def _fill(self, connections: Sequence[ConnectionInfo]) -> None:
        self._connections = {one.id: one for one in connections}
        self.connection.clear()
        for one in connections:
            self.connection.addItem(marked(one), one.id)

    def _choose_connection(self) -> None:
        """The one of before, or the only real one; of several a person chooses, once."""
        real = [one.id for one in self._connections.values() if not one.is_practice]
        known = self._kept.connection_id if self._kept.connection_id in self._connections else 0
        only = real or list(self._connections)
        self._kept.connection_id = known or (only[0] if len(only) == 1 else 0)
        self._show_chosen()

    def _show_chosen(self) -> None:
        if not self._kept.connection_id:
            self.connection.insertItem(0, "Choose…", 0)
        self.connection.setCurrentIndex(self.connection.findData(self._kept.connection_id))

    @Slot()
    def _connection_chosen(self) -> None:
        self._kept.connection_id = int(self.connection.currentData() or 0)
        first = self.connection.findData(0)
        if self._kept.connection_id and first >= 0:
            self.connection.removeItem(first)
        self.chosen.emit()

    @Slot()
    def _carrier_chosen(self) -> None:
        self._kept.carrier = str(self.carrier.currentData())
        self.changed.emit()

    @Slot(bool)
    def _sound_chosen(self, on: bool) -> None:
        self._kept.has_sound = on
        self.changed.emit()
