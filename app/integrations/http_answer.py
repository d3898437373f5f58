"""What a remote answered over HTTP, and which of our errors a status stands for by default."""

import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, NoReturn
from urllib.parse import urlsplit

from app.core.clock import from_ms
from app.core.errors import (
    BackhaulError,
    CredentialsRejected,
    NotFound,
    OutcomeUnknown,
    PermissionMissing,
    Rejected,
    RemoteUnavailable,
    SetupChanged,
    Throttled,
    TransientError,
)

_EXCERPT = 200
# Cleaned before it is cut: a secret that the end of the window splits is not recognised, so
# only the first half of a window is shown.
_CLEAN_WINDOW = 16_384
_DELAY = re.compile(r"\d{1,12}")
_UNDER_WAY = {HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT, HTTPStatus.REQUEST_TIMEOUT}
"""Somebody in between gave up: what was sent may still be at work behind it."""


class TooLargeError(Exception):
    """An answer is larger than the caller allows."""


class UnreadableError(Exception):
    """An answer is not what its headers say."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, whatever its status. Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    host: str
    at_ms: int = 0  # when it came in
    clean: Callable[[str], str] = field(default=str, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The body as UTF-8; what is not reads as a replacement character."""
        return self.body.decode("utf-8", "replace")

    @property
    def is_html(self) -> bool:
        """A web page: a login form, a maintenance page, a portal that stands in between."""
        start = self.body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        return "html" in self.headers.get("content-type", "").lower() or (
            start.startswith(b"<") and (b"<html" in start or b"<!doctype html" in start)
        )

    def json(self) -> Any:
        """The body as JSON.

        Raises: ValueError when it is none, NaN, Infinity and numbers beyond reach included.
        """
        try:
            return _DECODER.decode(self.body.decode("utf-8-sig"))
        except RecursionError as error:
            raise ValueError("nested too deeply") from error

    def server_time_s(self) -> int | None:
        """What time the server says it has, in seconds since 1970; None where it does not."""
        try:
            return int(parsedate_to_datetime(self.headers.get("date", "")).timestamp())
        except (ValueError, TypeError, OverflowError):
            return None

    def excerpt(self) -> str:
        """The first 200 characters as one line, secrets removed."""
        text = self.clean(self.body[:_CLEAN_WINDOW].decode("utf-8", "replace"))
        if len(self.body) > _CLEAN_WINDOW:
            text = text[: _CLEAN_WINDOW // 2]
        return " ".join(text.split())[:_EXCERPT]


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON number")


def _finite(text: str) -> float:
    value = float(text)
    return value if abs(value) != float("inf") else _no_number(text)


_DECODER = json.JSONDecoder(parse_constant=_no_number, parse_float=_finite)


def inflate(body: bytes, encoding: str, limit: int) -> bytes:
    """Unpack an answer that came packed although nobody asked for it.

    Raises: TooLargeError at more than `limit` bytes, UnreadableError.
    """
    kind = encoding.strip().lower()
    if kind in ("", "identity") or not body:
        return body
    if kind not in ("gzip", "x-gzip", "deflate"):
        raise UnreadableError(f"packed as {kind}")
    # "deflate" comes with zlib's frame or bare.
    bare = kind == "deflate" and (body[0] & 0x0F != 8 or int.from_bytes(body[:2], "big") % 31)
    unpacker = zlib.decompressobj(-15 if bare else 47)
    try:
        data = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise UnreadableError("badly packed") from error
    if len(data) > limit:
        raise TooLargeError
    if not unpacker.eof or unpacker.unused_data:
        raise UnreadableError("packed data is cut short")
    return data


def json_or_raise(answer: Answer, *, write: bool) -> Any:
    """The JSON of a good answer.

    Raises: when it is none, OutcomeUnknown after a write, else TransientError.
    """
    try:
        return answer.json()
    except ValueError as error:
        raise unreadable(answer, write=write) from error


def unreadable(answer: Answer, *, write: bool) -> TransientError:
    """The error for an answer that is not in the agreed form."""
    excerpt = answer.excerpt()
    if write:
        return OutcomeUnknown("unreadable", host=answer.host, excerpt=excerpt)
    code = "not_the_api" if answer.is_html else "unreadable"
    return TransientError(code, host=answer.host, excerpt=excerpt)


def raise_for_status(answer: Answer, *, write: bool, order: str = "", operation: str = "") -> None:
    """Raise what a status stands for where the adapter has no better reading of it.

    `order` is the order ref for NotFound; `operation` is what a Throttled holds back, empty:
    the whole connection.
    """
    if 200 <= answer.status < 300:
        return
    if answer.status < 200:
        raise unreadable(answer, write=write)
    if answer.status < 400:
        raise SetupChanged("moved", host=answer.host, target=_target(answer))
    if write and answer.status in _UNDER_WAY:
        raise OutcomeUnknown("answer_lost", host=answer.host, excerpt=answer.excerpt())
    if answer.status < 500:
        raise _refusal(answer, order, operation)
    raise _failure(answer)


def _refusal(answer: Answer, order: str, operation: str) -> BackhaulError:
    host, excerpt = answer.host, answer.excerpt()
    wait_s = retry_after_s(answer, answer.at_ms)
    match answer.status:
        case HTTPStatus.UNAUTHORIZED:
            return CredentialsRejected("credentials_rejected", host=host, excerpt=excerpt)
        case HTTPStatus.FORBIDDEN:
            return PermissionMissing("permission_missing", host=host, excerpt=excerpt)
        case HTTPStatus.NOT_FOUND:
            return NotFound("not_found", host=host, order=order, excerpt=excerpt)
        case HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
            return RemoteUnavailable("proxy", host=host, proxy="", excerpt=excerpt)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return Throttled(
                "rate_limited",
                retry_after_s=wait_s,
                operation=operation,
                excerpt=excerpt,
                host=host,
            )
        case HTTPStatus.REQUEST_TIMEOUT | HTTPStatus.TOO_EARLY:
            return _server_error(answer)
    message = f"error {answer.status}" if answer.is_html or not excerpt else excerpt
    return Rejected("rejected", host=host, message=message, excerpt=excerpt)


def _failure(answer: Answer) -> TransientError:
    away = {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
    if answer.status not in away:
        return _server_error(answer)
    closed = answer.is_html and answer.status == HTTPStatus.SERVICE_UNAVAILABLE
    return RemoteUnavailable(
        "maintenance" if closed else "service_unavailable",
        retry_after_s=retry_after_s(answer, answer.at_ms),
        excerpt=answer.excerpt(),
        host=answer.host,
    )


def _server_error(answer: Answer) -> TransientError:
    return TransientError(
        "server_error",
        retry_after_s=retry_after_s(answer, answer.at_ms),
        excerpt=answer.excerpt(),
        host=answer.host,
        status=answer.status,
    )


def _target(answer: Answer) -> str:
    """Scheme and host of the address we are sent to: the rest may hold secrets."""
    try:
        parts = urlsplit(answer.headers.get("location", ""))
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    scheme = f"{parts.scheme}://" if parts.scheme in ("http", "https") else ""
    return f"{scheme}{name}:{port}" if port else f"{scheme}{name or answer.host}"


def retry_after_s(answer: Answer, now_ms: int) -> float | None:
    """Seconds the remote asks us to wait; None where it names none that can be read.

    A moment is measured by the remote's own clock where it says what that shows.
    """
    text = answer.headers.get("retry-after", "").strip()
    if _DELAY.fullmatch(text):
        return float(text)
    moment = _http_date(text)
    if moment is None:
        return None
    now = _http_date(answer.headers.get("date", "")) or from_ms(now_ms)
    return max((moment - now).total_seconds(), 0.0)


def ahead_s(answer: Answer) -> float | None:
    """Seconds by which the clock of this computer is ahead of the remote's; None where the
    remote does not say what time it has."""
    theirs = _http_date(answer.headers.get("date", ""))
    return None if theirs is None else (from_ms(answer.at_ms) - theirs).total_seconds()


def _http_date(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
