"""Who shows tray icons here: a StatusNotifierItem host, an old X11 tray, the system, or nobody."""

from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

_LOOK_MS = 5000


class HostKind(StrEnum):
    """How the icon gets onto the screen."""

    NONE = "none"  # nobody shows icons now
    ITEM = "item"  # a host for StatusNotifierItem, over the session bus
    X11 = "x11"  # an old tray that takes windows in
    SYSTEM = "system"  # the tray of Windows or macOS


class TrayHost(QObject):
    """Follows hosts that come and go."""

    changed = Signal()
    item_host_seen = Signal(bool, bool)
    """There is a StatusNotifierItem host; it knows an icon of ours. Emitted from any thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._has_item_host = self._has_item = False
        self._kind = HostKind.NONE
        self.item_host_seen.connect(self._note)
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.look()

    @property
    def kind(self) -> HostKind:
        return self._kind

    @property
    def has_item(self) -> bool:
        """True when the host knows an icon of this process (HostKind.ITEM only)."""
        return self._has_item

    @Slot()
    def look(self) -> None:
        """Find out what can be seen without asking over the bus."""
        kind = self._found()
        watches = QGuiApplication.platformName() == "xcb" and kind is not HostKind.ITEM
        if watches and not self._timer.isActive():
            self._timer.start()  # an X11 tray comes and goes without a word
        elif not watches:
            self._timer.stop()
        if kind is not self._kind:
            self._kind = kind
            self.changed.emit()

    def _found(self) -> HostKind:
        platform = QGuiApplication.platformName()
        if self._has_item_host:
            return HostKind.ITEM
        if platform not in ("xcb", "windows", "cocoa"):
            return HostKind.NONE
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return HostKind.NONE
        return HostKind.X11 if platform == "xcb" else HostKind.SYSTEM

    @Slot(bool, bool)
    def _note(self, has_host: bool, has_item: bool) -> None:
        before = self._kind
        knows_more = has_item != self._has_item
        self._has_item_host, self._has_item = has_host, has_item
        self.look()
        if knows_more and before is self._kind:
            self.changed.emit()
