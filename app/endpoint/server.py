"""The HTTP server on this computer: waitress with low limits, on a thread of its own.

What a caller may cost is bounded: size, number, time. Source: waitress 3.0.2 as installed.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher
from waitress.utilities import RequestEntityTooLarge

from app.endpoint.calls import Entrance, Refusal, Reply

logger = logging.getLogger(__name__)

MAX_BODY, MAX_HEAD = 256 * 1024, 16 * 1024
THREADS, CONNECTIONS = 4, 48
IDLE_S, CALL_S = 15, 30
"""How long a connection may say nothing, and how long one call may take to arrive."""

_SWALLOWED = 4 * 1024 * 1024
_CODES = {413: "call_too_large", 431: "call_too_large", 500: "call_fault"}
_BUSY_LOOP_S, _IDLE_LOOP_S = 1.0, 30.0


class Server:
    """Listens on 127.0.0.1 from the moment it is made until it is stopped."""

    def __init__(
        self,
        port: int,
        entrance: Entrance,
        closing: threading.Event,
        end_thread: Callable[[], None],
    ) -> None:
        """`closing` is set when it is stopped. `end_thread` is called on every thread that
        answered calls, at its end.

        Raises: OSError when the port cannot be had.
        """
        # A full queue is ordinary here: calls wait for a thread.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        listening = _bound(port)
        self._closing = closing
        self._threads = _Threads(end_thread)
        self._listener = _listener(listening, entrance, self._threads)
        self._patience_s = 0.0
        self._thread = threading.Thread(target=self._serve, name="local-server", daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        """False when it stopped, also by a fault."""
        return self._thread.is_alive()

    def stop(self, patience_s: float) -> None:
        """Take no call any more, answer those that are here, and end."""
        self._patience_s = patience_s
        self._closing.set()
        if self._thread.is_alive():
            self._listener.pull_trigger()
            self._thread.join(patience_s + 2)

    def _serve(self) -> None:
        try:
            while not self._closing.is_set():
                self._turn(_BUSY_LOOP_S if self._listener.active_channels else _IDLE_LOOP_S)
            self._drain()
        except Exception:  # whoever owns it starts another one
            logger.exception("the local server failed")
        finally:
            self._threads.shutdown(timeout=1)
            self._listener.close_all()

    def _turn(self, timeout_s: float) -> None:
        """Wait for something to happen on a socket, and take it further."""
        has_poll = os.name == "posix"
        wasyncore.loop(timeout_s, use_poll=has_poll, map=self._listener.sockets, count=1)

    def _drain(self) -> None:
        """Let calls that are here be answered, within some seconds."""
        self._listener.close_entrance()
        ends = time.monotonic() + self._patience_s
        while self._listener.busy_channels() and time.monotonic() < ends:
            self._turn(0.05)


def _bound(port: int) -> socket.socket:
    """Raises: OSError."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "nt":  # there another program could take a port that is in use
            listening.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", -5), 1)
        else:  # after a restart, connections that just ended do not keep it taken
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
    except OSError:
        listening.close()
        raise
    return listening


def _listener(listening: socket.socket, entrance: Entrance, threads: "_Threads") -> "_Listener":
    limits = Adjustments(
        listen="127.0.0.1:0",
        threads=THREADS,
        connection_limit=CONNECTIONS,
        backlog=64,
        channel_timeout=IDLE_S,
        cleanup_interval=1,
        max_request_body_size=MAX_BODY + 1,  # waitress refuses what is as large as its limit
        max_request_header_size=MAX_HEAD,
        channel_request_lookahead=0,
        log_socket_errors=False,
        expose_tracebacks=False,
        ident=None,
    )
    threads.set_thread_count(THREADS)
    return _Listener(
        entrance,
        map={},
        _sock=listening,
        dispatcher=threads,
        adj=limits,
        bind_socket=False,
        sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
    )


class _Threads(ThreadedTaskDispatcher):  # type: ignore[misc] # waitress carries no types
    """The threads that answer; each tells when it ends."""

    def __init__(self, end_thread: Callable[[], None]) -> None:
        super().__init__()
        self._end_thread = end_thread

    def handler_thread(self, thread_no: int) -> None:
        try:
            super().handler_thread(thread_no)
        finally:
            self._end_thread()


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Stricter than waitress where two readers of one call could understand it differently."""

    _left = 0

    def received(self, data: bytes) -> int:
        """How much of the data belongs to this call."""
        if self._left:
            return self._swallow(data)
        consumed = int(super().received(data))
        too_large = isinstance(self.error, RequestEntityTooLarge)
        if too_large and not self.expect_continue and 0 < self.content_length <= _SWALLOWED:
            # Read to its end: a caller that is cut off while it sends never sees the answer.
            self._left, self.completed = self.content_length, False
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if not self.request_uri.startswith("/"):
            raise ParsingError("the target is no path")
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("two lengths")

    def _swallow(self, data: bytes) -> int:
        taken = min(len(data), self._left)
        self._left -= taken
        self.completed = not self._left
        return taken


class _Refused(ErrorTask):  # type: ignore[misc]
    """What could not be read as a call is refused in our words, without detail."""

    def execute(self) -> None:
        status = int(self.request.error.code)
        limit = MAX_HEAD if status == 431 else MAX_BODY
        code = _CODES.get(status, "call_broken")
        entrance: Entrance = self.channel.server.entrance
        reply: Reply = entrance.refused(Refusal(status, code, limit=limit, id="?"))
        self.status, self.response_headers, body = entrance.as_http(reply)
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]
    """One connection; knows since when a call has been arriving."""

    parser_class = _Parser
    error_task_class = _Refused
    arriving_since = 0.0

    def received(self, data: bytes) -> bool:
        is_taken = bool(super().received(data))
        if self.request is None:
            self.arriving_since = 0.0
        elif not self.arriving_since:
            self.arriving_since = time.monotonic()
        return is_taken

    @property
    def is_busy(self) -> bool:
        """A call is arriving, being answered, or its answer is on its way."""
        return bool(self.requests or self.request is not None or self.total_outbufs_len)


class _Listener(TcpWSGIServer):  # type: ignore[misc]
    """The listening socket and its connections."""

    channel_class = _Channel

    def __init__(self, entrance: Entrance, **options: Any) -> None:
        self.entrance = entrance
        self._waking = threading.Lock()
        self._is_over = False
        super().__init__(entrance, **options)

    @property
    def sockets(self) -> dict[int, Any]:
        """Every socket that is waited for."""
        found: dict[int, Any] = self._map
        return found

    def pull_trigger(self) -> None:
        """Wake the loop. Not when it is over: the number of its pipe may be another file's by
        then, the data file's for instance."""
        with self._waking:
            if not self._is_over:
                super().pull_trigger()

    def close_all(self) -> None:
        """Close every socket, and what wakes the loop."""
        with self._waking:
            self._is_over = True
            wasyncore.close_all(self.sockets, ignore_all=True)

    def set_reuse_addr(self) -> None:
        """Decided when the socket was bound."""

    def maintenance(self, now: float) -> None:
        """End connections that say nothing, do not take their answer, or send for too long."""
        late = time.monotonic() - CALL_S
        for channel in list(self.active_channels.values()):
            is_idle = channel.last_activity < now - IDLE_S
            is_slow = 0 < channel.arriving_since < late
            if not channel.requests and (is_idle or is_slow):
                channel.handle_close()

    def close_entrance(self) -> None:
        """Listen no more; what is connected stays."""
        self.accepting = False
        wasyncore.dispatcher.close(self)

    def busy_channels(self) -> bool:
        """True while a call is under way; connections without one are ended."""
        for channel in list(self.active_channels.values()):
            if not channel.is_busy:
                channel.handle_close()
        return bool(self.active_channels)
