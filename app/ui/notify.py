"""Shows notices: through the desktop's notification service, else as the tray icon can."""

import os
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from app.core.telling import Notice


class Service(Protocol):
    """The desktop's notification service."""

    def show(self, notice: Notice) -> None:
        """Show, replace or take away, in its own time; says so when it could not."""


class Messages(Protocol):
    """The second way: what the tray offers."""

    def show_message(self, notice: Notice) -> bool:
        """Show it; False when there is no icon to show it at."""


class Notifier(QObject):
    """`show` may be called on any thread, for instance by the bus of events."""

    opened = Signal(str)
    """The person clicked the notice with this key."""

    clicked = Signal(str, str)
    """From the service, on any thread: key, and what lets the window come to the front."""
    left_over = Signal(object)
    """From the service, on any thread: a notice it could not show."""
    service_appeared = Signal()
    """From the service, on any thread: it was started (again)."""

    def __init__(self, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._messages = messages
        self._service: Service | None = None
        self._unshown: dict[str, Notice] = {}
        self._last_message = ""
        self.clicked.connect(self._was_clicked)
        self.left_over.connect(self._show_otherwise)
        self.service_appeared.connect(self._try_again)

    def use(self, service: Service) -> None:
        """Show notices there from now on."""
        self._service = service

    def show(self, notice: Notice) -> None:
        """Show, replace or take away. From any thread."""
        if self._service is None:
            self.left_over.emit(notice)
        else:
            self._service.show(notice)

    @Slot()
    def message_clicked(self) -> None:
        """The person clicked what the tray showed last."""
        if self._last_message:
            self.opened.emit(self._last_message)

    @Slot(str, str)
    def _was_clicked(self, key: str, token: str) -> None:
        if token:
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        self.opened.emit(key)

    @Slot(object)
    def _show_otherwise(self, notice: Notice) -> None:
        self._unshown.pop(notice.key, None)
        if not notice.title:
            return
        if self._messages.show_message(notice):
            self._last_message = notice.key
        else:
            self._unshown[notice.key] = notice

    @Slot()
    def _try_again(self) -> None:
        """What could be shown nowhere, now that there is a service."""
        unshown, self._unshown = self._unshown, {}
        for notice in unshown.values():
            self.show(notice)
