"""The program's presence beside its window: tray icon and notices, for the desktop at hand."""

import importlib
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.ui.notify import Notifier
from app.ui.tray import Tray
from app.ui.tray_host import TrayHost

if TYPE_CHECKING:
    from app.ui.freedesktop import Freedesktop


class Presence(QObject):
    """Makes both and starts what they need; their signals are what the window connects.

    An icon that needs no service of the desktop is there at once.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = TrayHost(self)
        self.tray = Tray(self._host, self)
        self.notifier = Notifier(self.tray, self)
        self.tray.message_clicked.connect(self.notifier.message_clicked)
        self._desktop: Freedesktop | None = None

    def start(self) -> None:
        """Look for the desktop's services, in the background."""
        if sys.platform == "linux":
            self._desktop = importlib.import_module("app.ui.freedesktop").Freedesktop(
                self.notifier, self._host
            )
            self._desktop.start()

    def stop(self) -> None:
        """Take the icon away and let go of the desktop."""
        self.tray.close()
        if self._desktop is not None:
            self._desktop.stop()
