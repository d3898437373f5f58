"""Sees StatusNotifierItem hosts come and go; all runs on the session bus's thread."""

import os
from collections.abc import Callable

from jeepney import DBusAddress, MatchRule, Message

from app.ui.session_bus import BusError, SessionBus

WATCHER = "org.kde.StatusNotifierWatcher"
_PROPERTIES = DBusAddress("/StatusNotifierWatcher", WATCHER, "org.freedesktop.DBus.Properties")
_DBUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")


class ItemHosts:
    """Tells whether there is a host, and whether it knows an icon of this process."""

    def __init__(self, bus: SessionBus, seen: Callable[[bool, bool], None]) -> None:
        self._bus = bus
        self._seen = seen
        owner = MatchRule(
            type="signal",
            interface="org.freedesktop.DBus",
            member="NameOwnerChanged",
            path="/org/freedesktop/DBus",
        )
        owner.add_arg_condition(0, WATCHER)
        bus.watch(owner, self._heard)
        bus.watch(MatchRule(type="signal", interface=WATCHER), self._heard)
        bus.on_connect(self._look)

    def _heard(self, _: Message) -> None:
        self._look()

    def _look(self) -> None:
        try:
            has_host = bool(self._property("IsStatusNotifierHostRegistered"))
            items = self._property("RegisteredStatusNotifierItems") if has_host else ()
        except BusError:
            has_host, items = False, ()
        listed = items if isinstance(items, list) else ()
        self._seen(has_host, any(self._is_ours(str(item)) for item in listed))

    def _property(self, name: str) -> object:
        ((_, value),) = self._bus.ask(_PROPERTIES, "Get", "ss", WATCHER, name)
        found: object = value
        return found

    def _is_ours(self, item: str) -> bool:
        """Hosts list a bus name, with or without an object path behind it."""
        name = item.split("/", 1)[0]
        try:
            (pid,) = self._bus.ask(_DBUS, "GetConnectionUnixProcessID", "s", name)
        except BusError:
            return False
        return bool(pid == os.getpid())
