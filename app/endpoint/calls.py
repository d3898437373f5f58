"""A call and its answer, and who may call at all: programs of this computer, no web page.

Each door (a path and what is under it) brings its own way to sign in.
"""

import json
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol

from app.core.errors import Param, StorageError

logger = logging.getLogger(__name__)

HOSTS = ("127.0.0.1", "localhost", "[::1]")
_RETRY_S = 60

Environ = Mapping[str, Any]
Say = Callable[[str, Mapping[str, Param]], Any]
"""Makes the sentence of a code: something with `summary` and `hint`."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call, read to its end. Names of headers are small, with hyphens."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call is answered: `content` is sent as JSON unless it is bytes."""

    status: int
    content: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """A call that is turned away, as a code with parameters."""

    def __init__(self, status: int, code: str, /, **params: Param) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.params = params
        self.headers: dict[str, str] = {}

    def with_header(self, name: str, value: str) -> "Refusal":
        """The refusal with one more header."""
        self.headers[name] = value
        return self


class Door(Protocol):
    """What answers the calls of one path, and of those below it."""

    def answer(self, call: Call) -> Reply:
        """Raises: Refusal; StorageError when nothing can be stored or read now."""


class Entrance:
    """The WSGI application: checks where a call comes from, then hands it to its door."""

    def __init__(self, port: int, doors: Mapping[str, Door], say: Say) -> None:
        self._port = port
        self._doors = doors
        self._say = say

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one call; no error leaves this."""
        status, headers, body = self.as_http(self._reply(environ))
        start_response(status, headers)
        return [body]

    def refused(self, refusal: Refusal) -> Reply:
        """A refusal as it is sent: one object, with its code, why, and what to do."""
        said = self._say(refusal.code, refusal.params)
        content = {"error": refusal.code, "text": said.summary, "hint": said.hint}
        return Reply(refusal.status, content, refusal.headers)

    def as_http(self, reply: Reply) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status line, headers and body."""
        is_raw = isinstance(reply.content, bytes)
        body = reply.content if is_raw else json.dumps(reply.content).encode("ascii") + b"\n"
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **reply.headers,
        }
        status = f"{int(reply.status)} {HTTPStatus(reply.status).phrase}"
        return status, list(headers.items()), body

    def _reply(self, environ: Environ) -> Reply:
        try:
            call = _call(environ)
            self._check_origin(call)
            return self._door(call.path).answer(call)
        except Refusal as refusal:
            return self.refused(refusal)
        except StorageError as error:
            logger.warning("a call was not answered: %s", error.code)
            why = self._say(error.code, error.params).summary
            later = Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "call_later", why=why)
            return self.refused(later.with_header("Retry-After", str(_RETRY_S)))
        except Exception:  # a fault of the program: the other program gets a number, no detail
            number = uuid.uuid4().hex[:12]
            logger.exception("a call failed, %s", number)
            return self.refused(Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "call_fault", id=number))

    def _check_origin(self, call: Call) -> None:
        """A page in a browser reaches this address too: by a name of its own that leads here, or
        with its Origin."""
        hosts = {f"{host}:{self._port}" for host in HOSTS}
        if call.headers.get("host", "").lower() not in hosts:
            address = f"http://127.0.0.1:{self._port}"
            raise Refusal(HTTPStatus.FORBIDDEN, "call_host", address=address)
        if "origin" in call.headers:
            raise Refusal(HTTPStatus.FORBIDDEN, "call_origin")

    def _door(self, path: str) -> Door:
        for place, door in self._doors.items():
            if path == place or path.startswith(f"{place}/"):
                return door
        raise Refusal(HTTPStatus.NOT_FOUND, "call_path")


def _call(environ: Environ) -> Call:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH")
    }
    return Call(
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"],
        environ["QUERY_STRING"],
        headers,
        environ["wsgi.input"].read(),
    )
