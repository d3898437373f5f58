"""OAuth 1.0a with HMAC-SHA256: the header that signs one call.

Source: RFC 5849 with SHA-256 in place of SHA-1; Magento contract, section 2.1.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Keys:
    """The four keys of an integration."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)


def sign(
    keys: Keys,
    method: str,
    url: str,
    params: Mapping[str, str | int],
    *,
    now_s: int,
    nonce: Callable[[], str] = lambda: secrets.token_hex(16),
) -> str:
    """The Authorization header of one call. `url`: as it is sent, without its query.

    Every call has a nonce of its own, a repeated one too: a store takes each only once.
    """
    oauth = {
        "oauth_consumer_key": keys.consumer_key,
        "oauth_token": keys.access_token,
        "oauth_nonce": nonce(),
        "oauth_timestamp": str(now_s),
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_version": "1.0",
    }
    text = base_string(method, url, {**params, **oauth})
    key = f"{_encode(keys.consumer_secret)}&{_encode(keys.access_token_secret)}"
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    oauth["oauth_signature"] = base64.b64encode(digest).decode()
    return "OAuth " + ", ".join(f'{name}="{_encode(value)}"' for name, value in oauth.items())


def base_string(method: str, url: str, params: Mapping[str, str | int]) -> str:
    """What is signed: method, address, and all parameters, sorted after they were encoded."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    if port is not None and port != _PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    pairs = sorted((_encode(name), _encode(str(value))) for name, value in params.items())
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    address = f"{parts.scheme}://{host}{parts.path or '/'}"
    return "&".join((method.upper(), _encode(address), _encode(joined)))


def _encode(text: str) -> str:
    return quote(text, safe="-._~")
