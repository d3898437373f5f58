"""Speaks the three calls of the bridge over real sockets and checks each answer."""

import http.client
import json
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import quote

from tests.openapi import Json, require_agreed

CHARGE = "ShipLeap Tracking"
INVOICE = "316132"
NUMBER = "1Z999AA10123456784"
REQUEST_ID = "5f0c3a52-6a0e-4b5e-9d0c-0f6f0c6a7b11"
TOKEN = "s3cret-of-the-shop"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: Json
    headers: Json

    @property
    def code(self) -> str:
        return str(self.body.get("code", "ok"))

    @property
    def said(self) -> tuple[int, str]:
        return self.status, self.code


class BridgeCaller:
    """`prefix` stands before every path, as the token does in the other style."""

    def __init__(self, port: int, headers: Json, prefix: str = "") -> None:
        self.port, self.headers, self.prefix = port, headers, prefix

    def revision(self) -> str:
        """The revision that a write names when the test does not."""
        return "17"

    def raw(self, method: str, path: str, body: bytes | None = None, **more: str) -> Answer:
        """Any call, unchecked but for being JSON."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as link:
            headers = {"X-Request-Id": REQUEST_ID, **self.headers, **more}
            link.request(method, path, body, headers)
            answer = link.getresponse()
            text = answer.read()
        assert answer.headers["Content-Type"] == "application/json"
        return Answer(answer.status, json.loads(text), dict(answer.headers))

    def probe(self) -> Answer:
        return self._checked("/health", "GET", "/health")

    def read(self, invoice: str = INVOICE) -> Answer:
        return self._checked("/invoices/{invoice}", "GET", f"/invoices/{quote(invoice, safe='')}")

    def write(self, invoice: str = INVOICE, charge: str = CHARGE, **change: object) -> Answer:
        known = {"notes": NUMBER, "notes_mode": "merge", "price": None}
        if "if_revision" not in change:
            change["if_revision"] = self.revision()
        return self.write_bytes(json.dumps(known | change).encode(), invoice, charge)

    def write_bytes(self, body: bytes, invoice: str = INVOICE, charge: str = CHARGE) -> Answer:
        template = "/invoices/{invoice}/charges/{charge}"
        return self._checked(template, "PUT", write_path(invoice, charge), body)

    def charge(self) -> Json:
        charge: Json = self.read().body["charges"][0]
        return charge

    def _checked(self, template: str, method: str, path: str, body: bytes | None = None) -> Answer:
        answer = self.raw(method, self.prefix + path, body)
        require_agreed(template, method, answer.status, answer.body)
        return answer


def write_path(invoice: str = INVOICE, charge: str = CHARGE) -> str:
    """Where a charge is written."""
    return f"/invoices/{quote(invoice, safe='')}/charges/{quote(charge, safe='')}"
