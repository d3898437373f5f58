"""The host of a practice server: HTTP on loopback, its faults, and the way to command it."""

import gzip
import hmac
import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from app.practice.faults import KINDS, Fault, Faults, UnknownFaultError

CONTROL = "/_practice/"
_HTML = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
_MAX_BODY = 5_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """What came in; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON.

        Raises: ValueError.
        """
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out; a mapping becomes JSON."""

    status: int
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def payload(self) -> tuple[bytes, str]:
        """The body as bytes, and its content type."""
        if isinstance(self.body, bytes):
            return self.body, self.headers.get("Content-Type", "text/html; charset=utf-8")
        return json.dumps(self.body).encode(), "application/json"


class Shop(Protocol):
    """The system that is stood in for."""

    acts: Mapping[str, str]

    def answer(self, request: Request, *, keep: bool) -> Reply:
        """Do what is asked; `keep` False: answer as if, and change nothing."""

    def act(self, name: str, options: Mapping[str, Any]) -> None:
        """Change something as a person at the real system would. Raises: ValueError."""

    def edited_meanwhile(self, request: Request) -> None:
        """Let somebody else save the record that the request is about."""

    def snapshot(self) -> dict[str, Any]:
        """Everything it holds, for people and tests."""


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
        try:
            self._server = _Server(self, self._port)
        except OSError:
            self._server = _Server(self, 0)
        self._port = self._server.server_address[1]
        threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="practice", daemon=True
        ).start()

    def stop(self) -> None:
        """End; whatever hangs is let go."""
        self.stopping.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def control(self, request: Request) -> Reply:
        """A command from a person or a test."""
        given = request.headers.get("x-practice-key", "").encode()
        if not hmac.compare_digest(given, self._key):
            return Reply(403, {"message": "the practice key is wrong"})
        try:
            return self._control(request)
        except (ValueError, TypeError, KeyError) as error:
            return Reply(400, {"message": str(error)})

    def _control(self, request: Request) -> Reply:
        what = request.path.removeprefix(CONTROL)
        if request.method == "GET" and what == "state":
            state = self.shop.snapshot()
            return Reply(200, {**state, "faults": self.faults.snapshot(), "kinds": dict(KINDS)})
        if request.method != "POST":
            raise ValueError("commands are sent with POST")
        options = dict(request.json()) if request.body else {}
        if what == "fault":
            self.faults.add(options.pop("kind", ""), **options)
        elif what == "act":
            self.shop.act(str(options.pop("act", "")), options)
        elif what == "clear":
            self.faults.clear()
        else:
            raise ValueError(f"there is no command “{what}”; there are: state, fault, act, clear")
        return Reply(200, {"message": "done"})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, host: Host, port: int) -> None:
        self.host = host
        super().__init__(("127.0.0.1", port), _Handler)

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
        length = min(int(self.headers.get("Content-Length") or 0), _MAX_BODY)
        body = self.rfile.read(length) if length else b""
        path = unquote(urlsplit(self.path).path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path, headers, body)
        host = self.server.host
        if path.startswith(CONTROL):
            self._send(host.control(request))
            return
        fault = host.faults.pick(request.method, path)
        reply = _Faulty(self, host, request, fault).reply()
        request_id = headers.get("x-request-id", "")
        kind = fault.kind if fault else ""
        status = reply.status if reply else 0
        host.requests.append(Seen(request.method, path, request_id, status, kind))
        if reply is not None:
            self._send(reply)

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _serve

    def _send(self, reply: Reply) -> None:
        """One buffered write, so that head and body leave together."""
        payload, kind = reply.payload()
        headers = {"Content-Type": kind, **reply.headers, "Content-Length": str(len(payload))}
        self.wfile.write(head(reply.status, headers) + payload)

    def cut(self) -> None:
        """Reset the connection, so that the caller sees no orderly end."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.connection.close()


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """The head of an answer."""
    lines = [f"HTTP/1.1 {status} {'OK' if status < 300 else 'Practice'}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class _Faulty:
    """What becomes of one request under one fault; `reply` None: it was dealt with here."""

    def __init__(
        self, handler: _Handler, host: Host, request: Request, fault: Fault | None
    ) -> None:
        self._handler = handler
        self._host = host
        self._request = request
        self._kind = fault.kind if fault else ""
        self._options = fault.options if fault else {}

    def reply(self) -> Reply | None:
        action: Callable[[], Reply | None] | None = getattr(self, f"_do_{self._kind}", None)
        return action() if action and self._kind else self._well()

    def _well(self, *, keep: bool = True) -> Reply:
        return self._host.shop.answer(self._request, keep=keep)

    def _do_slow(self) -> Reply:
        self._host.stopping.wait(float(self._options.get("seconds", 5)))
        return self._well()

    def _do_lost_reply(self) -> None:
        self._well()
        self._handler.cut()

    def _do_reset(self) -> None:
        self._handler.cut()

    def _do_hang(self) -> None:
        self._host.stopping.wait()
        self._handler.close_connection = True

    def _do_drip(self) -> None:
        reply = self._well()
        payload, kind = reply.payload()
        length = {"Content-Type": kind, "Content-Length": str(len(payload))}
        for byte in head(reply.status, length) + payload:
            self._handler.wfile.write(bytes([byte]))
            if self._host.stopping.wait(float(self._options.get("seconds", 1))):
                break
        self._handler.close_connection = True

    def _do_bad_gateway(self) -> Reply:
        self._well()
        return Reply(502, _HTML.format("Bad gateway").encode())

    def _do_status(self) -> Reply:
        body = self._options.get("body", {"code": "practice", "message": "as commanded"})
        headers = {str(k): str(v) for k, v in self._options.get("headers", {}).items()}
        return Reply(int(self._options.get("code", 500)), body, headers)

    def _do_server_error(self) -> Reply:
        return Reply(500, {"code": "internal", "message": "the shop failed while saving"})

    def _do_throttle(self) -> Reply:
        pause = {"Retry-After": str(self._options.get("retry_after", 2))}
        return Reply(429, {"code": "too_many", "message": "too many requests"}, pause)

    def _do_maintenance(self) -> Reply:
        return Reply(503, _HTML.format("Under maintenance").encode())

    def _do_unauthorized(self) -> Reply:
        return Reply(401, {"code": "unauthorized", "message": "the token is not accepted"})

    def _do_forbidden(self) -> Reply:
        return Reply(403, {"code": "no_permission", "message": "user shipper may not save"})

    def _do_login_page(self) -> Reply:
        return Reply(200, _HTML.format("Please sign in").encode())

    def _do_redirect(self) -> Reply:
        return Reply(302, b"", {"Location": self._options.get("to", "http://127.0.0.1:9/login")})

    def _do_garbage(self) -> Reply:
        self._well()
        return Reply(200, b'{"name": "ShipLeap Tr', {"Content-Type": "application/json"})

    def _do_not_stored(self) -> Reply:
        return self._well(keep=False)

    def _do_edited_meanwhile(self) -> Reply:
        self._host.shop.edited_meanwhile(self._request)
        return self._well()

    def _do_endless(self) -> None:
        self._handler.wfile.write(head(200, {"Content-Type": "application/json"}))
        block = b" " * 65536
        while not self._host.stopping.is_set():
            self._handler.wfile.write(block)
        self._handler.close_connection = True

    def _do_gzip_bomb(self) -> Reply:
        bomb = gzip.compress(bytes(200_000_000), 1)
        kind = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        return Reply(200, bomb, kind)


__all__ = ["Host", "Reply", "Request", "Seen", "UnknownFaultError"]
