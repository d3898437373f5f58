"""The desktop's D-Bus session bus, on a thread of its own; connects again when it was lost."""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, new_method_call
from jeepney.auth import AuthenticationError
from jeepney.bus_messages import message_bus
from jeepney.io.threading import DBusConnection, ReceiveStopped, open_dbus_connection

logger = logging.getLogger(__name__)

CALL_S = 5.0
_AGAIN_S = 30.0
_NO_BUS = (OSError, KeyError, RuntimeError, ValueError, AuthenticationError)

Action = Callable[[], None]


class BusError(Exception):
    """A call that brought no answer; the text is the name of the error."""


class NoAnswer(BusError):
    """The other side did not answer in time; it may still do what was asked."""


class SessionBus:
    """Actions and handlers run on the bus's thread, one after another; only there may `ask` run."""

    def __init__(self) -> None:
        self._actions: queue.SimpleQueue[Action] = queue.SimpleQueue()
        self._watches: list[tuple[MatchRule, Callable[[Message], None]]] = []
        self._on_connect: list[Action] = []
        self._connection: DBusConnection | None = None
        self._later: deque[Message] = deque()
        self._lock = threading.Lock()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="session-bus", daemon=True)

    def watch(self, rule: MatchRule, handler: Callable[[Message], None]) -> None:
        """Hear signals that fit. Before `start` only."""
        self._watches.append((rule, handler))

    def on_connect(self, action: Action) -> None:
        """Run `action` whenever the bus is there (again). Before `start` only."""
        self._on_connect.append(action)

    def start(self) -> None:
        """Connect, in the background."""
        self._thread.start()

    def stop(self, patience_s: float = 2.0) -> None:
        """Let go of the bus; what was submitted before is still done."""
        self._stopping = True
        self.submit(lambda: None)
        if self._thread.is_alive():
            self._thread.join(patience_s)

    def submit(self, action: Action) -> None:
        """Run `action` on the bus's thread, also when there is no bus. From any thread."""
        self._actions.put(action)
        with self._lock:
            if self._connection is not None:
                self._connection.interrupt()

    def ask(
        self, address: DBusAddress, method: str, signature: str = "", *values: Any
    ) -> tuple[Any, ...]:
        """Call a method and wait for its answer.

        Raises: BusError.
        """
        return self._ask(new_method_call(address, method, signature or None, values))

    def _ask(self, message: Message) -> tuple[Any, ...]:
        connection = self._connection
        if connection is None:
            raise BusError("no session bus")
        serial = next(connection.outgoing_serial)
        ends = time.monotonic() + CALL_S
        try:
            connection.send(message, serial=serial)
            while True:
                left = ends - time.monotonic()
                if left <= 0:
                    raise NoAnswer("no answer in time")
                answer = self._receive(connection, left)
                if answer is None:
                    continue
                if answer.header.fields.get(HeaderFields.reply_serial) == serial:
                    break
                self._later.append(answer)
        except TimeoutError as error:
            raise NoAnswer("no answer in time") from error
        except OSError as error:
            raise BusError("session bus lost") from error
        if answer.header.message_type is MessageType.error:
            raise BusError(str(answer.header.fields.get(HeaderFields.error_name, "?")))
        body: tuple[Any, ...] = answer.body
        return body

    def _receive(self, connection: DBusConnection, timeout_s: float | None) -> Message | None:
        """The next message; None: something was submitted."""
        try:
            return connection.receive(timeout=timeout_s)
        except ReceiveStopped:
            connection.reset_interrupt()
            return None

    def _run(self) -> None:
        while not self._stopping:
            if not self._connect():
                self._without_bus()
                continue
            try:
                self._serve()
            except OSError as error:
                logger.info("the session bus is gone: %s", error)
            finally:
                self._disconnect()
        self._do_submitted()

    def _connect(self) -> bool:
        try:
            connection = open_dbus_connection("SESSION")
            with self._lock:
                self._connection = connection
            for rule, _ in self._watches:
                self._ask(message_bus.AddMatch(rule))
        except (*_NO_BUS, BusError) as error:
            logger.info("there is no session bus: %s", error)
            self._disconnect()
            return False
        for action in self._on_connect:
            _do(action)
        return True

    def _serve(self) -> None:
        assert self._connection is not None
        while True:
            self._do_submitted()
            while self._later:
                self._hear(self._later.popleft())
            if self._stopping:
                return
            message = self._receive(self._connection, None)
            if message is not None:
                self._hear(message)

    def _without_bus(self) -> None:
        """Do what was submitted, which finds no bus; then it is time to look for one again."""
        try:
            _do(self._actions.get(timeout=_AGAIN_S))
        except queue.Empty:
            return
        self._do_submitted()

    def _do_submitted(self) -> None:
        while True:
            try:
                action = self._actions.get_nowait()
            except queue.Empty:
                return
            _do(action)

    def _hear(self, message: Message) -> None:
        for rule, handler in self._watches:
            if rule.matches(message):
                _do(lambda handler=handler: handler(message))  # type: ignore[misc]

    def _disconnect(self) -> None:
        with self._lock:
            connection, self._connection = self._connection, None
        self._later.clear()
        if connection is not None:
            connection.close()


def _do(action: Action) -> None:
    try:
        action()
    except BusError as error:
        logger.info("the session bus did not answer: %s", error)
    except Exception:
        logger.exception("a handler of the session bus failed")
