"""The host of a practice server: HTTP on loopback, and the way to command it."""

import contextlib
import hmac
import os
import socket
import struct
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from app.practice.faults import KINDS, Faults, UnknownFaultError
from app.practice.messages import Reply, Request, Shop
from app.practice.mischief import Spoiled

__all__ = ["CONTROL", "Host", "Reply", "Request", "Seen", "Shop", "UnknownFaultError"]

CONTROL = "/_practice/"
_MAX_BODY = 5_000_000


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it was met. `status` 0: never answered."""

    method: str
    path: str
    request_id: str
    status: int
    fault: str


class Host:
    """Serves one shop on 127.0.0.1 until stopped."""

    def __init__(self, shop: Shop, *, port: int, control_key: str) -> None:
        self.shop = shop
        self.faults = Faults()
        self.requests: list[Seen] = []
        self.stopping = threading.Event()
        self._key = control_key.encode()
        self._port = port
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """The address; known once started."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Begin to serve. A taken port is left for a free one."""
        self.stopping = threading.Event()
        try:
            self._server = _Server(self, self._port)
        except OSError:
            self._server = _Server(self, 0)
        self._port = self._server.server_address[1]
        threading.Thread(
            target=self._server.serve_forever, args=(0.01,), name="practice", daemon=True
        ).start()

    def stop(self) -> None:
        """End: whatever hangs is let go, and kept connections are closed."""
        self.stopping.set()
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
            server.hang_up()

    def control(self, request: Request) -> Reply:
        """A command from a person or a test."""
        given = request.headers.get("x-practice-key", "").encode()
        if not hmac.compare_digest(given, self._key):
            return Reply(403, {"message": "the practice key is wrong"})
        try:
            return self._control(request)
        except ValueError as error:
            return Reply(400, {"message": str(error)})

    def _control(self, request: Request) -> Reply:
        what = request.plain_path.removeprefix(CONTROL)
        if request.method == "GET" and what == "state":
            state = self.shop.snapshot()
            return Reply(200, {**state, "faults": self.faults.snapshot(), "kinds": dict(KINDS)})
        if what not in ("fault", "act", "clear"):
            raise ValueError(f"there is no command “{what}”; there are: state, fault, act, clear")
        if request.method != "POST":
            raise ValueError(f"the command “{what}” is sent with POST")
        options = _options(request)
        if what == "fault":
            self.faults.add(str(options.pop("kind", "")), **options)
        elif what == "act":
            self.shop.act(str(options.pop("act", "")), options)
        else:
            self.faults.clear()
        return Reply(200, {"message": "done"})


def _options(request: Request) -> dict[str, Any]:
    try:
        options = request.json() if request.body else {}
    except ValueError:
        options = None
    if not isinstance(options, dict):
        raise ValueError("the options of a command are a JSON object")
    return options


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    allow_reuse_address = os.name != "nt"  # there it would share a port that is in use
    allow_reuse_port = False

    def __init__(self, host: Host, port: int) -> None:
        self.host = host
        self._lines_lock = threading.Lock()
        self._lines: set[Any] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lines_lock:
            self._lines.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lines_lock:
            self._lines.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every connection that is still open."""
        with self._lines_lock:
            for line in self._lines:
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Practice", ""
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *arguments: Any) -> None:
        """The requests are kept in `Host.requests` instead."""

    def _serve(self) -> None:
        host = self.server.host
        request = self._request()
        if request.path.startswith(CONTROL):
            self.send(host.control(request).as_bytes())
            return
        path, request_id = request.plain_path, request.headers.get("x-request-id", "")
        fault = host.faults.pick(request.method, path)
        case = Spoiled(host.shop, request, self, fault)
        reply = case.reply()
        # Noted before the first byte leaves: whoever has the answer finds it in the list.
        host.requests.append(Seen(request.method, path, request_id, reply.status, case.kind))
        case.deliver(reply)

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _serve

    def _request(self) -> Request:
        length = self.headers.get("Content-Length", "")
        body = self.rfile.read(min(int(length), _MAX_BODY)) if length.isdecimal() else b""
        headers = {name.lower(): value for name, value in self.headers.items()}
        path, _, query = self.path.partition("?")
        return Request(self.command, path, headers, body, query)

    # What `Wire` asks for.

    def send(self, data: bytes) -> None:
        self.wfile.write(data)

    def cut(self) -> None:
        linger = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close()
        self.connection.close()

    def close(self) -> None:
        self.close_connection = True

    def pause(self, seconds: float | None) -> bool:
        return self.server.host.stopping.wait(seconds)
