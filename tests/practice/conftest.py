"""A practice PrintSmith with one invoice, and ways to call it."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.practice.printsmith import PracticePrintSmith
from tests.bridge import INVOICE, NUMBER, REQUEST_ID, TOKEN, Answer, BridgeCaller, write_path
from tests.openapi import Json

KEY = "the-key-of-practice"
NOW = datetime(2026, 1, 5, 15, 2, tzinfo=UTC)
BEARER = {"Authorization": f"Bearer {TOKEN}"}


class Caller(BridgeCaller):
    """Calls a practice shop, as a connector's caller and as the one who commands it."""

    def __init__(self, shop: PracticePrintSmith) -> None:
        super().__init__(port_of(shop.url), dict(BEARER))
        self.shop = shop

    def revision(self) -> str:
        return str(self.document()["revision"])

    def document(self, invoice: str = INVOICE) -> Json:
        """The invoice as the shop holds it."""
        document: Json = self.shop.snapshot()["invoices"][invoice]
        return document

    def command(self, what: str, options: Json | None = None, key: str = KEY) -> Answer:
        """A command; without options it is a GET."""
        method = "GET" if options is None else "POST"
        raw = None if options is None else json.dumps(options).encode()
        return self.raw(method, f"/_practice/{what}", raw, **{"X-Practice-Key": key})

    def send(self, method: str = "PUT") -> socket.socket:
        """A write (or a read) over a bare socket; nothing of the answer is read."""
        change = {"notes": NUMBER, "notes_mode": "merge", "price": None}
        body = json.dumps({**change, "if_revision": self.revision()}).encode()
        path = write_path() if method == "PUT" else f"/invoices/{INVOICE}"
        head = f"{method} {path} HTTP/1.1\r\nHost: shop\r\nX-Request-Id: {REQUEST_ID}\r\n"
        head += f"Authorization: Bearer {TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n"
        line = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        line.sendall(head.encode() + body)
        return line


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


@contextmanager
def a_shop(state_file: Path | None = None, port: int = 0) -> Iterator[PracticePrintSmith]:
    """A shop that runs until the end of the block."""
    with PracticePrintSmith(
        port=port, token=TOKEN, control_key=KEY, state_file=state_file, now=lambda: NOW
    ) as shop:
        yield shop


@pytest.fixture
def shop() -> Iterator[PracticePrintSmith]:
    with a_shop() as shop:
        shop.add_invoice(INVOICE)
        yield shop


@pytest.fixture
def caller(shop: PracticePrintSmith) -> Caller:
    return Caller(shop)
