"""The program's presence beside its window: tray icon and notices, for the desktop at hand."""

import sys

from PySide6.QtCore import QObject

from app.ui.notify import Notifier
from app.ui.tray import Tray
from app.ui.tray_host import TrayHost

if sys.platform == "linux":
    from app.ui.freedesktop import Freedesktop


class Presence(QObject):
    """Makes both and starts what they need; their signals are what the window connects."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = TrayHost(self)
        self.tray = Tray(self._host, self)
        self.notifier = Notifier(self.tray, self)
        self.tray.message_clicked.connect(self.notifier.message_clicked)
        if sys.platform == "linux":
            self._desktop = Freedesktop(self.notifier, self._host)

    def start(self) -> None:
        """Look for the desktop's services, in the background."""
        if sys.platform == "linux":
            self._desktop.start()

    def stop(self) -> None:
        """Take the icon away and let go of the desktop."""
        self.tray.close()
        if sys.platform == "linux":
            self._desktop.stop()
