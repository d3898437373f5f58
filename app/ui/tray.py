"""The tray icon: how everything stands, what is wrong, and the few acts that need no window."""

from functools import lru_cache

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon

from app.core.telling import Notice, Overall, Standing, Urgency
from app.ui import icons
from app.ui.tray_host import HostKind, TrayHost
from app.ui.tray_menu import TrayMenu

_SMALL = 16
_SIZES = (_SMALL, 22, 24, 32, 44, 48, 64)
_GRACE_MS = 3000
_MESSAGE_MS = 10_000
_MOST_TEXT = 255

_MESSAGE_ICONS = {
    Urgency.NORMAL: QSystemTrayIcon.MessageIcon.Information,
    Urgency.CRITICAL: QSystemTrayIcon.MessageIcon.Warning,
}


class Tray(QObject):
    """One icon. It is made when a host appears, and again when a host of another kind does.

    Qt chooses the kind of an icon when it makes it, and keeps it.
    """

    open_requested = Signal()
    problem_opened = Signal(str)
    pause_requested = Signal(object)
    """Seconds, or None: until resumed."""
    resume_requested = Signal()
    sync_requested = Signal()
    quit_requested = Signal()
    message_clicked = Signal()
    lost_host = Signal()
    """Nobody shows the icon any more, for some seconds now: show the window if it is hidden."""

    def __init__(self, host: TrayHost, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._standing = Standing(text="Starting")
        self._icon: QSystemTrayIcon | None = None
        self._made_for = HostKind.NONE
        self._was_visible = False
        self._menu = TrayMenu(self)
        self._menu.open_requested.connect(self.open_requested)
        self._menu.problem_opened.connect(self.problem_opened)
        self._menu.pause_requested.connect(self.pause_requested)
        self._menu.resume_requested.connect(self.resume_requested)
        self._menu.sync_requested.connect(self.sync_requested)
        self._menu.quit_requested.connect(self.quit_requested)
        self._grace = QTimer(self, singleShot=True, interval=_GRACE_MS)
        self._grace.timeout.connect(self._grace_over)
        host.changed.connect(self._host_changed)
        self._host_changed()

    def is_visible(self) -> bool:
        """True only while somebody really shows the icon."""
        if self._icon is None or self._host.kind is not self._made_for:
            return False
        match self._host.kind:
            case HostKind.NONE:
                return False
            case HostKind.ITEM:
                return self._host.has_item
            case HostKind.X11:
                return not self._icon.geometry().isEmpty()
            case HostKind.SYSTEM:
                return self._icon.isVisible()

    @Slot(object)
    def show_standing(self, standing: Standing) -> None:
        """Show how everything stands now."""
        self._standing = standing
        self._menu.show_standing(standing)
        self._dress()

    def show_message(self, notice: Notice) -> bool:
        """Show a notice as the tray can; False when nobody would see it.

        For a StatusNotifierItem Qt asks the desktop's notification service, and says nothing
        when there is none.
        """
        if self._icon is None or self._host.kind is HostKind.ITEM or not self.is_visible():
            return False
        text = notice.text[:_MOST_TEXT]
        self._icon.showMessage(notice.title, text, _MESSAGE_ICONS[notice.urgency], _MESSAGE_MS)
        return True

    def close(self) -> None:
        """Take the icon away."""
        self._host.changed.disconnect(self._host_changed)
        self._grace.stop()
        self._drop()

    @Slot()
    def _host_changed(self) -> None:
        kind = self._host.kind
        if kind not in (HostKind.NONE, self._made_for):
            self._make(kind)
        if self.is_visible() or kind in (HostKind.X11, HostKind.SYSTEM):
            self._was_visible = True  # these take it in a moment later
            self._grace.stop()
        elif self._was_visible and not self._grace.isActive():
            self._grace.start()  # a panel that is started again takes the icon back

    @Slot()
    def _grace_over(self) -> None:
        if not self.is_visible():
            self._was_visible = False
            self.lost_host.emit()

    def _make(self, kind: HostKind) -> None:
        self._drop()
        self._made_for = kind
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self._menu.menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(self.message_clicked)
        self._dress()
        self._icon.show()

    def _drop(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def _dress(self) -> None:
        if self._icon is None:
            return
        self._icon.setIcon(tray_icon(self._standing.overall))
        self._icon.setToolTip(_plain(f"Backhaul: {self._standing.text}"))

    @Slot(QSystemTrayIcon.ActivationReason)
    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        reasons = QSystemTrayIcon.ActivationReason
        if reason in (reasons.Trigger, reasons.DoubleClick, reasons.MiddleClick):
            self.open_requested.emit()


@lru_cache(maxsize=8)
def tray_icon(overall: Overall) -> QIcon:
    """The mark with the sign of a state; drawn apart for the smallest size."""
    made = QIcon()
    for size in _SIZES:
        name = f"tray_{overall.value}_16" if size == _SMALL else f"tray_{overall.value}"
        made.addPixmap(icons.pixmap(name, "text", size, 1.0))
    return made


def _plain(text: str) -> str:
    """Hosts read a tooltip as markup: without what would make it any."""
    return text.replace("<", "(").replace(">", ")").replace("&", "+")
