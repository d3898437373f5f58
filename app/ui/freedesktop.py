"""The Linux desktop: its notification service and tray hosts, over one session bus."""

from PySide6.QtGui import QGuiApplication

from app.ui import icons
from app.ui.desktop_notifications import DesktopNotifications
from app.ui.item_hosts import ItemHosts
from app.ui.notify import Notifier
from app.ui.session_bus import SessionBus
from app.ui.tray_host import TrayHost


class Freedesktop:
    """Serves a notifier and a tray host from `start` to `stop`."""

    def __init__(self, notifier: Notifier, host: TrayHost) -> None:
        self._bus = SessionBus()
        self._hosts = ItemHosts(self._bus, host.item_host_seen.emit)
        self._notifications = DesktopNotifications(
            self._bus,
            app_name=QGuiApplication.applicationDisplayName() or "Backhaul",
            desktop_entry=QGuiApplication.desktopFileName(),
            icon=icons.path("tray_ok").as_uri(),
            clicked=notifier.clicked.emit,
            appeared=notifier.service_appeared.emit,
            left_over=notifier.left_over.emit,
        )
        notifier.use(self._notifications)

    def start(self) -> None:
        """Connect to the bus, in the background."""
        self._bus.start()

    def stop(self) -> None:
        """Take the notifications away and let go of the bus."""
        self._notifications.take_all_away()
        self._bus.stop()
