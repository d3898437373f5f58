"""HTTP with one deadline per call, no repeats and no redirects; all errors are ours.

With `http_wire.py` the one place that imports httpx and httpcore. httpx's own client is left
out: its timeouts are per chunk and a call through it costs more than twice the CPU.
"""

import copy
import logging
import re
import socket
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from json import JSONEncoder
from typing import Any
from urllib.parse import quote, urlencode

import httpcore

from app.core.clock import Clock
from app.core.errors import (
    BackhaulError,
    CredentialsRejected,
    OutcomeUnknown,
    RemoteUnavailable,
    TransientError,
)
from app.integrations.calls import Calls
from app.integrations.http_answer import (
    Answer,
    TooLargeError,
    UnreadableError,
    ahead_s,
    inflate,
    json_or_raise,
    raise_for_status,
    retry_after_s,
    unreadable,
)
from app.integrations.http_ways import TrustStore, environment_proxy, is_loopback
from app.integrations.http_wire import (
    Call,
    Network,
    Resolve,
    Route,
    address,
    label,
    parse_base,
    proxy_label,
)

__all__ = [
    "Answer",
    "HttpClient",
    "HttpFactory",
    "ahead_s",
    "json_or_raise",
    "raise_for_status",
    "retry_after_s",
    "unreadable",
]

_DEFAULTS = (
    (b"User-Agent", b"Backhaul"),
    (b"Accept", b"application/json"),
    (b"Accept-Encoding", b"identity"),
)
_PATH_SAFE = "/%:@!$&'()*+,;=~"
_UNSENDABLE = re.compile(r"[\x00-\x1f\x7f]")
_NO_JSON: Any = object()
_ENCODER = JSONEncoder(separators=(",", ":"), allow_nan=False)
_TROUBLE = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.RemoteProtocolError,
    httpcore.ProxyError,
    TooLargeError,
    UnreadableError,
)

Params = Mapping[str, str | int]
_Pairs = list[tuple[bytes, bytes]]


class HttpFactory:
    """Makes clients; one per process, for all threads. `proxies`: address → proxy or None."""

    def __init__(
        self,
        *,
        clock: Clock,
        proxies: Callable[[str], str | None] = environment_proxy,
        resolve: Resolve = socket.getaddrinfo,
    ) -> None:
        self._clock = clock
        self._proxies = proxies
        self._resolve = resolve
        self._trust = TrustStore()
        self._calls = Calls()
        for name in ("httpx", "httpcore"):  # at INFO they print addresses with their secrets
            logging.getLogger(name).setLevel(logging.WARNING)

    def heard_by(self, calls: Calls) -> "HttpFactory":
        """The same, but these hear how each call of its clients ends."""
        made = copy.copy(self)
        made._calls = calls
        return made

    def client(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str] = {},
        timeout_s: float = 30.0,
        max_bytes: int = 10_000_000,
        ca_file: str = "",
        clean: Callable[[str], str] = str,
        is_refusal: Callable[[Answer], bool] = lambda answer: False,
    ) -> "HttpClient":
        """A client for one address; nothing is opened yet.

        `timeout_s` is for a whole call, from connecting to the last byte (the look-up of the
        name excepted); `max_bytes` for a body, as sent and unpacked. `ca_file`: the only
        authority, or certificate, to trust. `clean` takes secrets out of excerpts. `is_refusal`
        knows answers with an error's status that are about one record, or a limit.
        Raises: ValueError when it is no http or https address or holds more than a path;
        CredentialsRejected when a header holds what cannot be sent (a pasted line break).
        """
        url = parse_base(base_url)
        proxy = None if is_loopback(url.host) else self._proxies(base_url)
        call = Call(self._clock, label(url), proxy_label(proxy))
        network = Network(call, self._resolve, plain=url.scheme == "http")
        route = Route(url, proxy, network, self._trust, ca_file)
        return HttpClient(
            route, call, self._clock, headers, self._calls,
            timeout_s=timeout_s, max_bytes=max_bytes, clean=clean, is_refusal=is_refusal,
        )  # fmt: skip


class HttpClient:
    """Calls one address over one kept connection; used by one thread at a time."""

    def __init__(
        self,
        route: Route,
        call: Call,
        clock: Clock,
        headers: Mapping[str, str],
        calls: Calls,
        *,
        timeout_s: float,
        max_bytes: int,
        clean: Callable[[str], str],
        is_refusal: Callable[[Answer], bool],
    ) -> None:
        self._route = route
        self._calls = calls
        self._is_refusal = is_refusal
        self._call = call
        self._clock = clock
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._clean = clean
        self._base_path = route.url.raw_path.decode("ascii").rstrip("/")
        defaults = [(b"Host", route.url.netloc), *_DEFAULTS]
        self._headers = _merged(defaults, self._encoded(headers))
        self._json_headers = _merged([(b"Content-Type", b"application/json")], self._headers)
        self._connection: httpcore.ConnectionInterface | None = None

    def read(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A call that changes nothing at the remote; the answer whatever its status.

        Raises: RemoteUnavailable; TransientError for an answer that is no HTTP.
        """
        pairs = _merged(self._headers, self._encoded(headers)) if headers else self._headers
        return self._exchange(self._request(method, path, params, pairs, None), write=False)

    def write(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: Any = _NO_JSON,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A call that may change something, sent once; the answer whatever its status.

        Raises: OutcomeUnknown when anything goes wrong after a byte of the request may have
        left, RemoteUnavailable before that.
        """
        pairs = self._headers
        if json is not _NO_JSON:
            pairs, content = self._json_headers, _ENCODER.encode(json).encode("ascii")
        if headers:
            pairs = _merged(pairs, self._encoded(headers))
        content = content or b""
        pairs = [*pairs, (b"Content-Length", b"%d" % len(content))]
        return self._exchange(self._request(method, path, params, pairs, content), write=True)

    def close(self) -> None:
        """Give up the kept connection; the next call opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _request(
        self,
        method: str,
        path: str,
        params: Params | None,
        pairs: _Pairs,
        content: bytes | None,
    ) -> httpcore.Request:
        target = self._base_path or "/"
        if path:
            target = f"{self._base_path}/{quote(path.lstrip('/'), _PATH_SAFE)}"
        if params:
            target = f"{target}?{urlencode(params, quote_via=quote)}"
        url = address(self._route.url, target.encode("ascii"))
        return httpcore.Request(method, url, headers=pairs, content=content)

    def _exchange(self, request: httpcore.Request, *, write: bool) -> Answer:
        """One call, of which whoever listens is told how it ended."""
        began = self._clock.monotonic()
        try:
            answer = self._exchanged(request, write=write)
        except BackhaulError as error:
            took_ms = (self._clock.monotonic() - began) * 1000
            self._calls.failed(error, took_ms, write=write)
            raise
        took_ms = (self._clock.monotonic() - began) * 1000
        is_refusal = answer.status >= HTTPStatus.BAD_REQUEST and self._is_refusal(answer)
        self._calls.answered(answer, took_ms, write=write, is_refusal=is_refusal)
        return answer

    def _exchanged(self, request: httpcore.Request, *, write: bool) -> Answer:
        call, answered = self._call, False
        call.begin(self._timeout_s)
        try:
            response = self._ready().handle_request(request)
            try:
                answer = self._answer(response, has_body=request.method != b"HEAD")
            finally:
                response.close()
            answered = True
        except _TROUBLE as error:
            raise self._trouble(error, write=write) from error
        finally:
            if not answered:
                self.close()
        if answer.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED and call.proxy:
            raise call.unreachable("proxy")
        return answer

    def _ready(self) -> httpcore.ConnectionInterface:
        kept = self._connection
        if kept is not None and kept.is_available() and not kept.has_expired():
            return kept
        self.close()
        try:
            self._connection = self._route.connection()
        except OSError as error:
            reason = "the file with its certificate authority cannot be read"
            raise RemoteUnavailable("tls", host=self._call.host, reason=reason) from error
        return self._connection

    def _answer(self, response: httpcore.Response, *, has_body: bool) -> Answer:
        headers: dict[str, str] = {}
        for raw_name, raw_value in response.headers:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        announced = headers.get("content-length", "")
        if has_body and announced.isdecimal() and int(announced) > self._max_bytes:
            raise TooLargeError
        body = self._body(response)
        if "content-encoding" in headers:
            body = inflate(body, headers["content-encoding"], self._max_bytes)
        now_ms = self._clock.now_ms()
        return Answer(response.status, headers, body, self._call.host, now_ms, self._clean)

    def _body(self, response: httpcore.Response) -> bytes:
        parts: list[bytes] = []
        size = 0
        assert isinstance(response.stream, Iterable)
        for part in response.stream:
            size += len(part)
            if size > self._max_bytes:
                raise TooLargeError
            parts.append(part)
        return b"".join(parts)

    def _trouble(self, error: Exception, *, write: bool) -> BackhaulError:
        call = self._call
        if write and call.sent:
            return OutcomeUnknown("answer_lost", host=call.host)
        if call.proxy and not call.sent:
            return call.unreachable("proxy")
        match error:
            case httpcore.TimeoutException():
                return RemoteUnavailable("timeout", host=call.host, seconds=f"{self._timeout_s:g}")
            case TooLargeError():
                return RemoteUnavailable("too_large", host=call.host)
            case UnreadableError():
                return TransientError("unreadable", host=call.host)
            case httpcore.RemoteProtocolError() if not call.ended:
                return TransientError("unreadable", host=call.host)
        return RemoteUnavailable("cut_off", host=call.host)

    def _encoded(self, headers: Mapping[str, str]) -> _Pairs:
        # httpcore would name the value in its error, and the value may be a secret.
        if any(_UNSENDABLE.search(value) for value in headers.values()):
            raise CredentialsRejected("credentials_rejected", host=self._call.host)
        return [(name.encode("ascii"), value.encode()) for name, value in headers.items()]


def _merged(pairs: Iterable[tuple[bytes, bytes]], later: _Pairs) -> _Pairs:
    """Both together; of two with one name the later stays."""
    names = {name.lower() for name, _ in later}
    return [pair for pair in pairs if pair[0].lower() not in names] + later
