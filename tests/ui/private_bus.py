"""A session bus of the test's own, with stand-ins for the desktop's services on it."""

import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.threading import DBusConnection, ReceiveStopped, open_dbus_connection

CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir={folder}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow own="*"/>
<allow eavesdrop="true"/></policy></busconfig>
"""


class PrivateBus:
    """A bus daemon that starts no services."""

    def __init__(self, folder: Path) -> None:
        config = folder / "bus.conf"
        config.write_text(CONFIG.format(folder=folder))
        self._process = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()

    def stop(self) -> None:
        """End the daemon; again does nothing."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.communicate()


def require_bus() -> None:
    """Skip where this cannot be tried."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("there is no dbus-daemon on this machine")


class Service:
    """A program on the bus that owns a name and answers calls by method name."""

    def __init__(self, address: str, name: str, path: str) -> None:
        self.name, self.path = name, path
        self.answers: dict[str, Callable[..., tuple[str, tuple[Any, ...]] | None]] = {}
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.called = threading.Condition()
        self._connection: DBusConnection = open_dbus_connection(address)
        self._connection.send(message_bus.RequestName(name))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def start(self) -> "Service":
        """Answer from now on."""
        self._thread.start()
        return self

    def emit(self, member: str, signature: str, *values: Any) -> None:
        """A signal to everybody."""
        emitter = DBusAddress(self.path, interface=self.name)
        self._connection.send(new_signal(emitter, member, signature, values))

    def wait_for(self, method: str, count: int = 1, timeout_s: float = 10.0) -> list[Any]:
        """The arguments of the calls of a method, once there were so many."""
        with self.called:
            assert self.called.wait_for(lambda: len(self.of(method)) >= count, timeout_s)
        return self.of(method)

    def of(self, method: str) -> list[Any]:
        """The arguments of the calls of a method so far."""
        return [body for name, body in self.calls if name == method]

    def stop(self) -> None:
        """Leave the bus."""
        self._connection.interrupt()
        self._thread.join(5)
        self._connection.close()

    def _serve(self) -> None:
        while True:
            try:
                message = self._connection.receive()
            except (ReceiveStopped, OSError):
                return
            if message.header.message_type is MessageType.method_call:
                self._answer(message)

    def _answer(self, message: Message) -> None:
        method = message.header.fields[HeaderFields.member]
        answer = self.answers.get(method)
        if answer is None:
            name = "org.freedesktop.DBus.Error.UnknownMethod"
            self._connection.send(new_error(message, name))
            return
        result = answer(*message.body)
        if result is not None:
            self._connection.send(new_method_return(message, *result))
        with self.called:  # after the answer: who waits for the call may send a signal next
            self.calls.append((method, message.body))
            self.called.notify_all()


class FakeNotifications(Service):
    """A notification service that numbers what it is shown."""

    def __init__(self, address: str, *capabilities: str) -> None:
        name = "org.freedesktop.Notifications"
        super().__init__(address, name, "/org/freedesktop/Notifications")
        self._next = 0
        self.answers = {
            "GetCapabilities": lambda: ("as", ([*capabilities],)),
            "Notify": self._notify,
            "CloseNotification": lambda _: ("", ()),
        }

    def _notify(self, *values: Any) -> tuple[str, tuple[int]]:
        if not values[1]:
            self._next += 1
        return "u", (values[1] or self._next,)
