"""What comes in at a practice server, what goes out, and the system it stands in for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Request:
    """What came in: path and query as they were sent; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    query: str = ""

    @property
    def parts(self) -> list[str]:
        """The parts of the path, decoded each for itself: an encoded slash divides nothing."""
        return [unquote(part) for part in self.path.removeprefix("/").split("/")]

    @property
    def plain_path(self) -> str:
        """The path as people read it."""
        return unquote(self.path)

    def json(self) -> Any:
        """The body as JSON.

        Raises: ValueError.
        """
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out; a body that is not bytes becomes JSON."""

    status: int
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_bytes(self) -> bytes:
        """Head and body as one piece."""
        is_raw = isinstance(self.body, bytes)
        payload: bytes = self.body if is_raw else json.dumps(self.body).encode()
        kind = "text/html; charset=utf-8" if is_raw else "application/json"
        length = {"Content-Length": str(len(payload))}
        return head(self.status, {"Content-Type": kind, **self.headers, **length}) + payload


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """The head of an answer."""
    lines = [f"HTTP/1.1 {status} {'OK' if status < 300 else 'Practice'}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Shop(Protocol):
    """The system that is stood in for."""

    acts: Mapping[str, str]

    def answer(self, request: Request, *, keep: bool) -> Reply:
        """Do what is asked; `keep` False: answer as if, and change nothing."""

    def act(self, name: str, options: Mapping[str, Any]) -> None:
        """Change something as a person at the real system would.

        Raises: ValueError in words.
        """

    def edited_meanwhile(self, request: Request) -> None:
        """Let somebody else save the record that the request is about."""

    def snapshot(self) -> dict[str, Any]:
        """Everything it holds, for people and tests."""
