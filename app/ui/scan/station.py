"""Opens the scanner station, once, and keeps what outlives its dialog."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.core.types import ConnectionInfo
from app.services.program import Program
from app.ui.bridge import Bridge

if TYPE_CHECKING:
    from app.ui.scan.dialog import ScanDialog
    from app.ui.scan.leaving import Leaving
    from app.ui.scan.scans import Scan
    from app.ui.scan.storing import Storing

_LAST_TRY_MS = 2000


@dataclass(slots=True)
class Kept:
    """What was chosen here, for as long as the window lives."""

    connection_id: int = 0
    carrier: str = ""  # a code; empty: as recognised
    has_sound: bool = True


class Station(QObject):
    """One per window; its parts are loaded when somebody scans for the first time."""

    said = Signal(str)  # what a person has to know while the dialog is closed

    def __init__(self, program: Program, bridge: Bridge, actor: str, over: QWidget) -> None:
        super().__init__(over)
        self._program, self._bridge, self._actor, self._over = program, bridge, actor, over
        self._kept = Kept()
        self._storing: Storing | None = None
        self._leaving: Leaving | None = None
        self.dialog: ScanDialog | None = None

    def open(self, connections: Sequence[ConnectionInfo]) -> "ScanDialog":
        """The dialog, in front and ready to be scanned into."""
        from app.ui.scan.dialog import ScanDialog  # noqa: PLC0415 - most windows never scan
        from app.ui.scan.storing import Storing  # noqa: PLC0415 - likewise

        if self._storing is None:
            self._storing = Storing(self._program, self._bridge, self._actor, self)
            self._storing.stored.connect(self._stored)
        if self.dialog is None:
            made = ScanDialog(self._over, self._program, self._storing, connections, self._kept)
            made.destroyed.connect(self._gone)
            self.dialog = made
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self.dialog.field.setFocus()
        return self.dialog

    def show_connections(self, connections: Sequence[ConnectionInfo]) -> None:
        """Those there are now, while somebody scans."""
        if self.dialog is not None:
            self.dialog.show_connections(connections)

    def may_quit(self, go_on: Callable[[], object], stay: Callable[[], object]) -> bool:
        """False while scans are not on disk: they are tried once more, and where that does not
        help a person is asked. `go_on` or `stay` tells what came of it."""
        if self._storing is None or self._storing.is_at_rest:
            return True
        from app.ui.scan.leaving import QUITTING, Leaving  # noqa: PLC0415 - as above

        if self._leaving is None:
            self._leaving = Leaving(self._storing, self._over.window())
            self._leaving.asks.connect(self._over.window().show)
        self._leaving.begin(QUITTING, go_on, stay)
        return False

    def store_last(self, then: Callable[[], object]) -> None:
        """Nobody can be asked: one more try of some seconds, and what stays goes into the log."""
        storing = self._storing
        if storing is None or storing.is_at_rest:
            then()
            return
        patience = QTimer(self, singleShot=True, interval=_LAST_TRY_MS)

        def over() -> None:
            if not patience.isActive() or storing.is_at_rest:
                patience.stop()
                patience.timeout.disconnect()
                storing.changed.disconnect(over)
                storing.log_unstored()
                then()

        patience.timeout.connect(over)
        storing.changed.connect(over)
        patience.start()
        storing.try_now()

    @Slot(object)
    def _stored(self, scan: "Scan") -> None:
        if self.dialog is None and scan.is_open:
            self.said.emit(f"{scan.pair.order} was not entered. {scan.trouble}")

    def _gone(self) -> None:
        self.dialog = None
