"""The program's presence beside its window: tray icon and notices, for the desktop at hand."""

import importlib
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.ui.notify import Notifier
from app.ui.tray import Tray
from app.ui.tray_host import TrayHost

if TYPE_CHECKING:
    from app.ui.freedesktop import Freedesktop


_LOOK_MS = 250
_PATIENCE_MS = 20_000  # a panel may come some time after the programs that a login starts


class Presence(QObject):
    """Makes both and starts what they need; their signals are what the window connects.

    An icon that needs no service of the desktop is there at once.
    """

    no_icon = Signal()
    """Nobody shows the icon that was expected."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = TrayHost(self)
        self.tray = Tray(self._host, self)
        self.notifier = Notifier(self.tray, self)
        self.tray.message_clicked.connect(self.notifier.message_clicked)
        self._desktop: Freedesktop | None = None
        self._looks = 0
        self._expecting = QTimer(self, interval=_LOOK_MS)
        self._expecting.timeout.connect(self._look_for_icon)

    def start(self) -> None:
        """Look for the desktop's services, in the background."""
        if sys.platform == "linux":
            self._desktop = importlib.import_module("app.ui.freedesktop").Freedesktop(
                self.notifier, self._host
            )
            self._desktop.start()

    def expect_icon(self) -> None:
        """Tell with `no_icon` when nobody shows the icon for some time."""
        self._looks = _PATIENCE_MS // _LOOK_MS
        self._expecting.start()

    @Slot()
    def _look_for_icon(self) -> None:
        self._looks -= 1
        if self.tray.is_visible():
            self._expecting.stop()
        elif self._looks <= 0:
            self._expecting.stop()
            self.no_icon.emit()

    def stop(self) -> None:
        """Take the icon away and let go of the desktop."""
        self._expecting.stop()
        self.tray.close()
        if self._desktop is not None:
            self._desktop.stop()
