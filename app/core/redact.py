"""Takes secrets out of texts that leave the program: logs, errors, excerpts, the clipboard."""

import json
import re
import threading
from collections.abc import Iterable
from urllib.parse import quote

HIDDEN = "[hidden]"

_NAMES = (
    r"(?:api[_-]?key|access[_-]?token|refresh[_-]?token|client[_-]?secret|"
    r"password|passwd|secret|token|authorization|signature)"
)
_PATTERNS = (
    # scheme://user:password@host
    (re.compile(r"(?i)(\b[a-z][a-z0-9+.-]*://)[^\s/@]+@"), rf"\1{HIDDEN}@"),
    # Authorization: Bearer x, Basic x, OAuth a="b", ...
    (re.compile(r"(?i)\b(bearer|basic|oauth)\s+[A-Za-z0-9._~+/=\-]{6,}"), rf"\1 {HIDDEN}"),
    # "password": "correct horse", also inside a text that is JSON itself
    (
        re.compile(
            rf"(?i)({_NAMES}\\*[\"']?\s*[=:]\s*)"
            r"(?:([\"'])(?:\\.|(?!\2)[^\\])+|(\\+[\"'])(?:(?!\3).)+)"
        ),
        rf"\1\2\3{HIDDEN}",
    ),
    # ?api_key=..., token: ...
    (
        re.compile(rf"(?i)({_NAMES}\\*[\"']?\s*[=:]\s*)(?!\[hidden\])[^\s\"'&,;}}\\]+"),
        rf"\1{HIDDEN}",
    ),
)


class Redactor:
    """Knows the secrets in use and the shapes in which others give themselves away."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: tuple[str, ...] = ()

    def learn(self, secrets: Iterable[str]) -> None:
        """Hide these values wherever they appear; those under 4 characters are not searched."""
        with self._lock:
            wanted = [secret for secret in secrets if len(secret) >= 4]
            in_urls = (quote(secret, safe="") for secret in wanted)
            in_json = (json.dumps(s, ensure_ascii=a)[1:-1] for s in wanted for a in (True, False))
            known = {*self._secrets, *wanted, *in_urls, *in_json}
            self._secrets = tuple(sorted(known, key=len, reverse=True))

    def clean(self, text: str) -> str:
        """The text with every known secret, and everything that looks like one, hidden."""
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, HIDDEN)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text
