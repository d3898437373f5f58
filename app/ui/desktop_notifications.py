"""Notices as the freedesktop notification service shows them, on the session bus's thread."""

import logging
from collections.abc import Callable
from html import escape

from jeepney import DBusAddress, MatchRule, Message

from app.core.telling import Notice, Urgency
from app.ui.session_bus import BusError, NoAnswer, SessionBus

logger = logging.getLogger(__name__)

SERVICE = "org.freedesktop.Notifications"
_ADDRESS = DBusAddress("/org/freedesktop/Notifications", SERVICE, SERVICE)
_URGENCY = {Urgency.NORMAL: 1, Urgency.CRITICAL: 2}
_EXPIRED = 1
_AS_THE_SERVER_LIKES = -1
_MOST_TEXT = 600


class DesktopNotifications:
    """One notification per key, replaced in place; forgets them when the service restarts."""

    def __init__(
        self,
        bus: SessionBus,
        *,
        app_name: str,
        desktop_entry: str,
        icon: str,
        clicked: Callable[[str, str], None],
        appeared: Callable[[], None],
        left_over: Callable[[Notice], None],
    ) -> None:
        """`clicked(key, token)`: the person wants to see it; `appeared`: the service started.

        `left_over`: it could not be shown. All three are called on the bus's thread.
        `icon`: a name of the icon theme, or a file URI.
        """
        self._bus = bus
        self._app_name = app_name
        self._desktop_entry = desktop_entry
        self._icon = icon
        self._clicked = clicked
        self._appeared = appeared
        self._left_over = left_over
        self._ids: dict[str, int] = {}
        self._tokens: dict[int, str] = {}
        self._capabilities: frozenset[str] | None = None
        for name, handler in (
            ("ActionInvoked", self._action),
            ("NotificationClosed", self._closed),
            ("ActivationToken", self._token),
        ):
            bus.watch(_signal(SERVICE, name, _ADDRESS.object_path), handler)
        owner = _signal("org.freedesktop.DBus", "NameOwnerChanged", "/org/freedesktop/DBus")
        owner.add_arg_condition(0, SERVICE)
        bus.watch(owner, self._owner)

    def show(self, notice: Notice) -> None:
        """Show it, or take away what is shown under its key. From any thread."""
        self._bus.submit(lambda: self._try(notice))

    def take_all_away(self) -> None:
        """The program ends: a click would lead nowhere. From any thread."""
        self._bus.submit(self._take_all_away)

    def _try(self, notice: Notice) -> None:
        try:
            self._show(notice)
        except NoAnswer:
            logger.warning("the notification service does not answer")
        except BusError as error:
            logger.info("the notification service did not take it: %s", error)
            self._left_over(notice)

    def _show(self, notice: Notice) -> None:
        if not notice.title:
            if not self._take_away(notice.key):
                self._left_over(notice)  # whoever shows it otherwise, or is about to
            return
        can = self._can()
        body = notice.text[:_MOST_TEXT]
        (number,) = self._bus.ask(
            _ADDRESS,
            "Notify",
            "susssasa{sv}i",
            self._app_name,
            self._ids.get(notice.key, 0),
            self._icon,
            notice.title,
            escape(body, quote=False) if "body-markup" in can else body,
            ["default", "Open", "open", "Open"] if "actions" in can else [],
            {
                "urgency": ("y", _URGENCY[notice.urgency]),
                "desktop-entry": ("s", self._desktop_entry),
            },
            _AS_THE_SERVER_LIKES,
        )
        self._ids[notice.key] = int(number)

    def _can(self) -> frozenset[str]:
        if self._capabilities is None:
            (found,) = self._bus.ask(_ADDRESS, "GetCapabilities")
            self._capabilities = frozenset(found)
        return self._capabilities

    def _take_away(self, key: str) -> bool:
        number = self._ids.pop(key, None)
        if number is None:
            return False
        self._bus.ask(_ADDRESS, "CloseNotification", "u", number)
        return True

    def _take_all_away(self) -> None:
        for key in [*self._ids]:
            self._take_away(key)

    def _action(self, message: Message) -> None:
        number = int(message.body[0])
        key = self._key(number)
        if key is not None:
            self._clicked(key, self._tokens.pop(number, ""))

    def _closed(self, message: Message) -> None:
        number, reason = message.body
        key = self._key(int(number))
        if key is not None and reason != _EXPIRED:  # put away by a person: not to come back
            del self._ids[key]
        self._tokens.pop(int(number), None)

    def _token(self, message: Message) -> None:
        if self._key(int(message.body[0])) is not None:
            self._tokens[int(message.body[0])] = str(message.body[1])

    def _owner(self, message: Message) -> None:
        self._ids.clear()
        self._tokens.clear()
        self._capabilities = None
        if message.body[2]:
            self._appeared()

    def _key(self, number: int) -> str | None:
        return next((key for key, value in self._ids.items() if value == number), None)


def _signal(interface: str, member: str, path: str) -> MatchRule:
    return MatchRule(type="signal", interface=interface, member=member, path=path)
