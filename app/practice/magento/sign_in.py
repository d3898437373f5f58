"""Who calls: OAuth 1.0a signatures (RFC 5849), bearer tokens, the admin's token.

Written from the RFC; shares nothing with what signs.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, quote, unquote

from app.practice.magento.refusals import NO_RIGHT, RefusedError
from app.practice.magento.shop import MagentoShop
from app.practice.messages import Reply, Request

_FUTURE_S = 600
_NONCES = 5000  # kept: a practice store runs for days
_DIGESTS = {"HMAC-SHA256": hashlib.sha256, "HMAC-SHA1": hashlib.sha1}
_LOCK_AFTER, _LOCK_FOR = 6, timedelta(minutes=30)


class SignIn:
    """Lets a call pass for a right, or refuses it in the store's words."""

    def __init__(self, shop: MagentoShop, now: Callable[[], datetime]) -> None:
        self._shop = shop
        self._now = now

    def admit(self, request: Request, resource: str) -> None:
        """Raises: RefusedError; one text for a bad token and for a missing right."""
        kind, _, rest = request.headers.get("authorization", "").partition(" ")
        values = self._shop.values
        known = False
        if kind == "OAuth":
            self._signed(request, rest)
            known = True
        elif kind == "Bearer":
            known = self._is_bearer(rest.strip().strip('"'))
        if not known or (resource and resource not in values["rights"]):
            raise RefusedError(401, NO_RIGHT, {"resources": resource or "self"})

    def token(self, request: Request) -> Reply:
        """POST V1/integration/admin/token."""
        values, body = self._shop.values, _object(request)
        name, password = str(body.get("username") or ""), str(body.get("password") or "")
        if not name or not password:
            errors = [
                {"message": '"%fieldName" is required. Enter and try again.',
                 "parameters": {"fieldName": field}}
                for field, value in (("username", name), ("password", password)) if not value
            ]  # fmt: skip
            raise RefusedError(400, "One or more input exceptions have occurred.", errors=errors)
        self._check_password(name, password)
        if values["two_factor"]:
            text = "Please use the 2fa provider-specific endpoints to obtain a token."
            raise RefusedError(400, text, {"active_providers": ["google"]})
        return self._new_token()

    def token_with_code(self, request: Request) -> Reply:
        """POST V1/tfa/provider/google/authenticate."""
        body = _object(request)
        self._check_password(str(body.get("username")), str(body.get("password")))
        if str(body.get("otp")) != self._shop.values["two_factor_code"]:
            raise RefusedError(400, "Invalid code.")
        return self._new_token()

    def _check_password(self, name: str, password: str) -> None:
        values, now = self._shop.values, self._now()
        locked = datetime.fromisoformat(values["locked_until"]) if values["locked_until"] else now
        right = values["admin"] == {"username": name, "password": password}
        if not right or locked > now:
            values["wrong_passwords"] += 0 if right else 1
            if values["wrong_passwords"] >= _LOCK_AFTER:
                values["locked_until"] = (now + _LOCK_FOR).isoformat()
            self._shop.save()
            text = (
                "The account sign-in was incorrect or your account is disabled temporarily. "
                "Please wait and try again later."
            )
            raise RefusedError(401, text)
        values["wrong_passwords"] = 0

    def _new_token(self) -> Reply:
        token = secrets.token_urlsafe(24)
        ends = self._now() + timedelta(hours=self._shop.values["token_hours"])
        self._shop.values["tokens"][token] = ends.isoformat()
        self._shop.save()
        return Reply(200, token)

    def _is_bearer(self, token: str) -> bool:
        values = self._shop.values
        ends = values["tokens"].get(token)
        if ends is not None:
            return datetime.fromisoformat(ends) > self._now()
        if not values["bearer_allowed"] and self._shop.version >= (2, 4, 4):
            return False
        held = values["integration"]["access_token"]
        return not values["revoked"] and hmac.compare_digest(held.encode(), token.encode())

    def _signed(self, request: Request, rest: str) -> None:
        given = _parameters(rest)
        values, keys = self._shop.values, self._shop.values["integration"]
        method = given.get("oauth_signature_method", "")
        if method not in _DIGESTS or (method == "HMAC-SHA1" and self._shop.version >= (2, 4, 4)):
            raise RefusedError(400, "Signature method %1 is not supported", [method])
        stamp = given.get("oauth_timestamp", "")
        if not stamp.isdecimal() or int(stamp) > self._now().timestamp() + _FUTURE_S:
            text = "Incorrect timestamp value in the oauth_timestamp parameter"
            raise RefusedError(400, text)
        if given.get("oauth_consumer_key") != keys["consumer_key"]:
            raise RefusedError(401, "A consumer having the specified key does not exist")
        if given.get("oauth_token") != keys["access_token"]:
            raise RefusedError(401, "Specified token does not exist")
        if values["revoked"]:
            raise RefusedError(401, "Access token has been revoked")
        secrets_ = (keys["consumer_secret"], keys["access_token_secret"])
        right = signature(request, given, secrets_)
        if not hmac.compare_digest(right.encode(), given.get("oauth_signature", "").encode()):
            raise RefusedError(401, "The signature is invalid. Verify and try again.")
        nonce = given.get("oauth_nonce", "")
        if not nonce or nonce in values["nonces"]:
            text = "The nonce is already being used by the consumer with ID %1"
            raise RefusedError(401, text, [1])
        values["nonces"].append(nonce)
        del values["nonces"][:-_NONCES]


def signature(request: Request, given: dict[str, str], keys: Sequence[str]) -> str:
    """The signature that belongs to a call, from what was received."""
    pairs = parse_qsl(request.query, keep_blank_values=True)
    pairs += [(name, value) for name, value in given.items() if name != "oauth_signature"]
    encoded = sorted((_encoded(name), _encoded(value)) for name, value in pairs)
    joined = "&".join(f"{name}={value}" for name, value in encoded)
    address = f"http://{request.headers.get('host', '').lower()}{request.path}"
    base = "&".join(_encoded(part) for part in (request.method, address, joined))
    key = "&".join(_encoded(secret) for secret in keys)
    digest = _DIGESTS[given["oauth_signature_method"]]
    return base64.b64encode(hmac.new(key.encode(), base.encode(), digest).digest()).decode()


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")


def _parameters(header: str) -> dict[str, str]:
    found = {}
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        found[unquote(name)] = unquote(value.strip('"'))
    return found


def _object(request: Request) -> dict[str, object]:
    try:
        body = request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusedError(400, "Decoding error.")
    return body
