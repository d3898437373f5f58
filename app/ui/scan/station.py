"""Opens the scanner station, once, and keeps what outlives its dialog."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.core.types import ConnectionInfo
from app.services.program import Program
from app.ui.bridge import Bridge

if TYPE_CHECKING:
    from app.ui.scan.dialog import ScanDialog
    from app.ui.scan.storing import Storing


@dataclass(slots=True)
class Kept:
    """What was chosen here, for as long as the window lives."""

    connection_id: int = 0
    carrier: str = ""  # a code; empty: as recognised
    has_sound: bool = True


class Station(QObject):
    """One per window; its parts are loaded when somebody scans for the first time."""

    def __init__(self, program: Program, bridge: Bridge, actor: str, over: QWidget) -> None:
        super().__init__(over)
        self._program, self._bridge, self._actor, self._over = program, bridge, actor, over
        self._kept = Kept()
        self._storing: Storing | None = None
        self.dialog: ScanDialog | None = None

    def open(self, connections: Sequence[ConnectionInfo]) -> "ScanDialog":
        """The dialog, in front and ready to be scanned into."""
        from app.ui.scan.dialog import ScanDialog  # noqa: PLC0415 - most windows never scan
        from app.ui.scan.storing import Storing  # noqa: PLC0415 - likewise

        if self._storing is None:
            self._storing = Storing(self._program, self._bridge, self._actor, self)
        if self.dialog is None:
            made = ScanDialog(self._over, self._program, self._storing, connections, self._kept)
            made.destroyed.connect(self._gone)
            self.dialog = made
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self.dialog.field.setFocus()
        return self.dialog

    def _gone(self) -> None:
        self.dialog = None
