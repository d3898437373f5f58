"""Faults on command: which requests a practice server is to spoil, and how."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS: Mapping[str, str] = {
    "slow": "answers only after --seconds",
    "lost_reply": "does what was asked, then cuts the connection instead of answering",
    "reset": "cuts the connection without doing anything",
    "hang": "takes the request and never answers",
    "drip": "does what was asked and answers one byte a second (or every --seconds)",
    "bad_gateway": "does what was asked, then answers 502 as a proxy in between would",
    "status": "answers --code and does nothing",
    "status_after": "does what was asked, then answers --code",
    "twice": "does what was asked twice, as something in between that repeats calls",
    "server_error": "answers 500 with an error text and does nothing",
    "throttle": "answers 429 and asks for a pause of --retry-after",
    "maintenance": "answers 503 with a web page",
    "unauthorized": "answers 401",
    "forbidden": "answers 403, code no_permission",
    "login_page": "answers 200 with a web page to sign in",
    "redirect": "sends the caller to another address (--to)",
    "garbage": "does what was asked and answers something unreadable",
    "not_stored": "answers as if it were done and keeps nothing",
    "edited_meanwhile": "somebody else saves the record just before the write",
    "endless": "answers a body that never ends",
    "gzip_bomb": "answers a small body that unpacks to 200 MB",
}
"""Every kind of fault with what it does, for people."""

_OPTIONS: Mapping[str, Callable[[Any], Any]] = {
    "seconds": float,
    "code": int,
    "retry_after": str,  # seconds, or a date
    "to": str,
    "body": lambda value: value,
    "headers": lambda value: {str(name): str(text) for name, text in dict(value).items()},
}
"""What a kind may be told besides, and the form it must have."""


class UnknownFaultError(ValueError):
    """There is no such fault; the text lists those there are."""


@dataclass(slots=True)
class Fault:
    """One rule. `times` None: until cleared; `skip` lets the first that fit pass."""

    kind: str
    times: int | None = 1
    method: str = ""
    path: str = ""
    skip: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, method: str, path: str) -> bool:
        """True for a request it is meant for."""
        return self.method.upper() in ("", method) and re.search(self.path, path) is not None


class Faults:
    """The rules in force, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    def add(
        self,
        kind: str,
        /,
        *,
        times: int | None = 1,
        method: str = "",
        path: str = "",
        skip: int = 0,
        **options: Any,
    ) -> None:
        """Put a rule in force. `path` is a pattern that is searched for in the path.

        Raises: UnknownFaultError; ValueError in words for an option that does not fit.
        """
        if kind not in KINDS:
            raise UnknownFaultError(f"there is no fault “{kind}”; there are: {', '.join(KINDS)}")
        rule = Fault(
            kind,
            None if times is None else _checked("times", times, _whole(1)),
            str(method),
            _checked("path", path, _pattern),
            _checked("skip", skip, _whole(0)),
            {name: _checked(name, value, _form(name)) for name, value in options.items()},
        )
        with self._lock:
            self._rules.append(rule)

    def clear(self) -> None:
        """No faults any more."""
        with self._lock:
            self._rules.clear()

    def pick(self, method: str, path: str) -> Fault | None:
        """The fault for this request, used up by one; None when it is to go well."""
        with self._lock:
            for rule in self._rules:
                if not rule.fits(method, path):
                    continue
                if rule.skip > 0:
                    rule.skip -= 1
                    continue
                if rule.times is not None:
                    rule.times -= 1
                    if rule.times <= 0:
                        self._rules.remove(rule)
                return rule
        return None

    def snapshot(self) -> list[dict[str, Any]]:
        """The rules in force, for people and tests."""
        with self._lock:
            return [
                {
                    "kind": rule.kind,
                    "times": rule.times,
                    "method": rule.method,
                    "path": rule.path,
                    "skip": rule.skip,
                    **rule.options,
                }
                for rule in self._rules
            ]


def _form(name: str) -> Callable[[Any], Any]:
    if name not in _OPTIONS:
        known = ", ".join(("times", "skip", "method", "path", *_OPTIONS))
        raise ValueError(f"a fault has no option “{name}”; there are: {known}")
    return _OPTIONS[name]


def _checked(name: str, value: Any, form: Callable[[Any], Any]) -> Any:
    try:
        return form(value)
    except (ValueError, TypeError):
        raise ValueError(f"the option “{name}” of a fault cannot be “{value}”") from None


def _whole(least: int) -> Callable[[Any], int]:
    def parse(value: Any) -> int:
        number = int(value)
        if number < least:
            raise ValueError
        return number

    return parse


def _pattern(value: Any) -> str:
    try:
        re.compile(str(value))
    except re.error as error:
        raise ValueError from error
    return str(value)
