"""The local server over real sockets, with the whole program behind it."""

import contextlib
import http.client
import json
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.bootstrap import open_program
from app.core.clock import Clock, SystemClock
from app.endpoint.opening import open_server
from app.endpoint.server import Server
from app.models.database import Database
from app.services.local_intake import KEY_VARIABLE

KEY = "Kq2-made-up-for-tests-0123456789abcdefghi_J"
TRACKING = "1ZA1B2C30345678903"
JSON = {"Content-Type": "application/json"}

__all__ = [
    "JSON",
    "KEY",
    "KEY_VARIABLE",
    "TRACKING",
    "Answered",
    "Counter",
    "a_record",
    "free_port",
]


def free_port() -> int:
    """A port nobody listens at now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def a_record(key: str = "parcel-1", order: str = "316132", **more: Any) -> dict[str, Any]:
    """One parcel as another program sends it."""
    return {
        "source_key": key, "references": [order], "tracking": TRACKING, "carrier": "UPS",
        "service": "Ground", "ship_date": "2026-11-20", "cost": "8.40", **more,
    }  # fmt: skip


@dataclass(frozen=True)
class Answered:
    """What came back. `content`: the JSON, if it was that."""

    status: int
    headers: dict[str, str]
    content: Any


class Counter:
    """A running server; use as a context manager."""

    def __init__(self, folder: Path, clock: Clock | None = None, connections: int = 1) -> None:
        self.clock = clock or SystemClock()
        self.program = open_program(folder, is_engine=False, clock=self.clock)
        for number in range(1, connections + 1):
            self.program.connections.add(
                "printsmith", f"Shop {number}", {"base_url": "http://127.0.0.1:9"},
                is_practice=True, actor="ann",
            )  # fmt: skip
        self.port = free_port()
        self.program.local_intake.switch(True, self.port, "ann")
        self.server = self.open()

    def open(self) -> Server:
        """The server as the engine makes it."""
        return open_server(
            self.port, self.program.local_intake, self.program.letterbox,
            self.program.wordsmith.say, self.clock, self.program.end_thread,
        )  # fmt: skip

    def __enter__(self) -> "Counter":
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop(3.0)
        self.program.close()

    @property
    def database(self) -> Database:
        """The program's own, to make it fail."""
        database: Database = self.program.end_thread.__self__  # type: ignore[attr-defined]
        return database

    def call(
        self,
        method: str = "POST",
        path: str = "/intake",
        body: bytes | str | None = None,
        headers: dict[str, str] | None = None,
        key: str | None = KEY,
    ) -> Answered:
        """One call on a connection of its own."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            given = dict(JSON if headers is None else headers)
            if key is not None:
                given["Authorization"] = f"Bearer {key}"
            line.request(method, path, body=body, headers=given)
            response = line.getresponse()
            text = response.read()
            found = {name.lower(): value for name, value in response.getheaders()}
            is_json = found.get("content-type") == "application/json"
            return Answered(response.status, found, json.loads(text) if is_json else text)
        finally:
            line.close()

    def post(self, content: Any, **more: Any) -> Answered:
        """Hand in a record, or several."""
        return self.call(body=json.dumps(content), **more)

    def get(self, receipt: int | str) -> Answered:
        """Ask for one."""
        return self.call("GET", f"/intake/{receipt}")

    def raw(self, data: bytes, *, timeout_s: float = 20) -> bytes:
        """Bytes as they are, and all that comes back until the server hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout_s) as line:
            found = b""
            with contextlib.suppress(OSError):  # hung up on while it still sends
                line.sendall(data)
                line.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionError):
                while part := line.recv(65536):
                    found += part
            return found

    def head(self, *lines: str, method: str = "POST", path: str = "/intake") -> bytes:
        """The head of a call with the right key."""
        first = (
            f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}",
            f"Authorization: Bearer {KEY}", "Content-Type: application/json", "Connection: close",
        )  # fmt: skip
        return "\r\n".join((*first, *lines, "", "")).encode("latin-1")

    def rows(self) -> list[tuple[str, str, str]]:
        """Order, tracking and source of every job, as stored."""
        sql = (
            "SELECT order_ref, tracking, json_extract(payload, '$.source') FROM jobs "
            "WHERE state <> 'discarded' ORDER BY id"
        )
        return [tuple(row) for row in self.database.read(sql)]
