"""Speaks to a store over real sockets: signs by itself, and checks each answer it can."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

KEYS = {
    "consumer_key": "the-consumer-key",
    "consumer_secret": "s3cret of the/consumer",
    "access_token": "the-access-token",
    "access_token_secret": "CANARY-t0ken+secret&",
}
PASSWORD = "practice"
NUMBER = "1Z999AA10123456784"
TRACK = {"track_number": NUMBER, "title": "UPS Ground", "carrier_code": "ups"}


@dataclass(frozen=True)
class Answer:
    """What came back; `body` is JSON where it was, else the text."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        """The message with its places filled, as people would read it."""
        message = str(self.body["message"])
        given = self.body.get("parameters", {})
        places = (
            {f"%{n + 1}": value for n, value in enumerate(given)}
            if isinstance(given, list)
            else {f"%{name}": value for name, value in given.items()}
        )
        for place, value in places.items():
            message = message.replace(place, str(value))
        return message


@dataclass
class StoreCaller:
    """Calls one store. `token`: a bearer instead of signatures."""

    port: int
    keys: Mapping[str, str] = field(default_factory=lambda: dict(KEYS))
    token: str = ""
    method: str = "HMAC-SHA256"
    clock_ahead_s: int = 0

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        query: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One call below `/rest/V1/`, or of any path that begins with a slash."""
        path = path if path.startswith("/") else f"/rest/V1/{path}"
        pairs = "&".join(f"{_enc(name)}={_enc(value)}" for name, value in query)
        sent = {"Accept": "application/json", "Authorization": self._signed(method, path, query)}
        raw = None if body is None else json.dumps(body)
        if raw is not None:
            sent["Content-Type"] = "application/json"
        sent |= headers or {}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as link:
            link.request(method, f"{path}?{pairs}" if pairs else path, raw, sent)
            answer = link.getresponse()
            text = answer.read()
        is_json = answer.headers["Content-Type"] == "application/json"
        held = json.loads(text) if is_json else text.decode()
        return Answer(answer.status, held, dict(answer.headers))

    def orders(self, *query: tuple[str, str]) -> Answer:
        """A list of orders; names are given from behind `searchCriteria`."""
        return self.call("GET", "orders", query=criteria(*query))

    def ship(self, order: int, items: object, tracks: object = (TRACK,), **more: object) -> Answer:
        return self.call("POST", f"order/{order}/ship", {"items": items, "tracks": tracks, **more})

    def _signed(self, method: str, path: str, query: Sequence[tuple[str, str]]) -> str:
        if self.token:
            return f"Bearer {self.token}"
        oauth = {
            "oauth_consumer_key": self.keys["consumer_key"],
            "oauth_token": self.keys["access_token"],
            "oauth_nonce": os.urandom(12).hex(),
            "oauth_timestamp": str(int(time.time()) + self.clock_ahead_s),
            "oauth_signature_method": self.method,
            "oauth_version": "1.0",
        }
        pairs = sorted((_enc(n), _enc(v)) for n, v in [*query, *oauth.items()])
        joined = "&".join(f"{name}={value}" for name, value in pairs)
        url = f"http://127.0.0.1:{self.port}{path}"
        base = f"{method}&{_enc(url)}&{_enc(joined)}"
        secrets = (self.keys["consumer_secret"], self.keys["access_token_secret"])
        digest = hashlib.sha1 if self.method == "HMAC-SHA1" else hashlib.sha256
        mac = hmac.new("&".join(map(_enc, secrets)).encode(), base.encode(), digest).digest()
        oauth["oauth_signature"] = base64.b64encode(mac).decode()
        return "OAuth " + ", ".join(f'{name}="{_enc(value)}"' for name, value in oauth.items())


def criteria(*query: tuple[str, str]) -> list[tuple[str, str]]:
    """`("[pageSize]", "2")` becomes a parameter of searchCriteria."""
    return [(f"searchCriteria{name}", value) for name, value in query]


def where(column: str, condition: str, value: str, group: int = 0) -> list[tuple[str, str]]:
    """One filter in a group of its own."""
    start = f"[filterGroups][{group}][filters][0]"
    return [
        (f"{start}[field]", column),
        (f"{start}[value]", value),
        (f"{start}[conditionType]", condition),
    ]


def _enc(text: str) -> str:
    return quote(text, safe="-._~")
