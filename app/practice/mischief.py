"""What becomes of one request under a fault: what is answered, and how it is delivered."""

import functools
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.practice.faults import Fault
from app.practice.messages import Reply, Request, Shop, head

_HTML = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
_JSON = {"Content-Type": "application/json"}
_BLOCK_BYTES, _BOMB_BLOCKS = 1_000_000, 200


class Wire(Protocol):
    """The way back to the caller."""

    def send(self, data: bytes) -> None:
        """Send at once."""

    def cut(self) -> None:
        """Reset the connection, so that the caller sees no orderly end."""

    def close(self) -> None:
        """End the connection in order."""

    def pause(self, seconds: float | None) -> bool:
        """Wait, None: for ever; True as soon as the server is to stop."""


@dataclass(frozen=True, slots=True)
class Spoiled:
    """One request, and the fault it met with, if any."""

    shop: Shop
    request: Request
    wire: Wire
    fault: Fault | None

    @property
    def kind(self) -> str:
        return self.fault.kind if self.fault else ""

    def option(self, name: str, default: Any) -> Any:
        return self.fault.options.get(name, default) if self.fault else default

    def well(self, *, keep: bool = True) -> Reply:
        return self.shop.answer(self.request, keep=keep)

    def reply(self) -> Reply:
        """Do what the fault leaves of the request. Status 0: there will be no answer."""
        return _REPLIES.get(self.kind, Spoiled.well)(self)

    def deliver(self, reply: Reply) -> None:
        """Send the answer, or what the fault makes of it."""
        _DELIVERIES.get(self.kind, _send)(self, reply)


_NONE = Reply(0)


def _slow(case: Spoiled) -> Reply:
    """Done at once, told late: what a caller with less patience takes for a lost answer."""
    reply = case.well()
    case.wire.pause(case.option("seconds", 5.0))
    return reply


def _lost(case: Spoiled) -> Reply:
    case.well()
    return _NONE


def _nothing(case: Spoiled) -> Reply:
    return _NONE


def _bad_gateway(case: Spoiled) -> Reply:
    case.well()
    return _page(502, "Bad gateway")


def _status(case: Spoiled) -> Reply:
    body = case.option("body", {"code": "practice", "message": "as commanded"})
    return Reply(case.option("code", 500), body, case.option("headers", {}))


def _status_after(case: Spoiled) -> Reply:
    case.well()
    return _status(case)


def _twice(case: Spoiled) -> Reply:
    case.well()
    return case.well()


def _server_error(case: Spoiled) -> Reply:
    return Reply(500, {"code": "internal_error", "message": "the shop failed while saving"})


def _throttle(case: Spoiled) -> Reply:
    pause = {"Retry-After": case.option("retry_after", "2")}
    return Reply(429, {"code": "too_many_requests", "message": "too many requests"}, pause)


def _maintenance(case: Spoiled) -> Reply:
    return _page(503, "Under maintenance")


def _unauthorized(case: Spoiled) -> Reply:
    body = {"code": "unauthorized", "message": "the token is not accepted"}
    return Reply(401, body, {"WWW-Authenticate": "Bearer"})


def _forbidden(case: Spoiled) -> Reply:
    return Reply(403, {"code": "no_permission", "message": "user shipper may not save"})


def _login_page(case: Spoiled) -> Reply:
    return _page(200, "Please sign in")


def _redirect(case: Spoiled) -> Reply:
    return Reply(302, b"", {"Location": case.option("to", "http://127.0.0.1:9/login")})


def _garbage(case: Spoiled) -> Reply:
    case.well()
    return Reply(200, b'{"name": "ShipLeap Tr', _JSON)


def _not_stored(case: Spoiled) -> Reply:
    return case.well(keep=False)


def _edited_meanwhile(case: Spoiled) -> Reply:
    case.shop.edited_meanwhile(case.request)
    return case.well()


def _blank(case: Spoiled) -> Reply:
    return Reply(200, b"", _JSON)


def _bomb(case: Spoiled) -> Reply:
    return Reply(200, _packed_bomb(), {**_JSON, "Content-Encoding": "gzip"})


def _page(status: int, title: str) -> Reply:
    return Reply(status, _HTML.format(title).encode())


@functools.cache
def _packed_bomb() -> bytes:
    packer = zlib.compressobj(1, wbits=31)
    block = bytes(_BLOCK_BYTES)
    packed = [packer.compress(block) for _ in range(_BOMB_BLOCKS)]
    return b"".join([*packed, packer.flush()])


_REPLIES: Mapping[str, Callable[[Spoiled], Reply]] = {
    "slow": _slow,
    "lost_reply": _lost,
    "reset": _nothing,
    "hang": _nothing,
    "bad_gateway": _bad_gateway,
    "status": _status,
    "status_after": _status_after,
    "twice": _twice,
    "server_error": _server_error,
    "throttle": _throttle,
    "maintenance": _maintenance,
    "unauthorized": _unauthorized,
    "forbidden": _forbidden,
    "login_page": _login_page,
    "redirect": _redirect,
    "garbage": _garbage,
    "not_stored": _not_stored,
    "edited_meanwhile": _edited_meanwhile,
    "endless": _blank,
    "gzip_bomb": _bomb,
}


def _send(case: Spoiled, reply: Reply) -> None:
    case.wire.send(reply.as_bytes())


def _cut(case: Spoiled, reply: Reply) -> None:
    case.wire.cut()


def _keep_silent(case: Spoiled, reply: Reply) -> None:
    case.wire.pause(None)
    case.wire.close()


def _drip(case: Spoiled, reply: Reply) -> None:
    for byte in reply.as_bytes():
        case.wire.send(bytes([byte]))
        if case.wire.pause(case.option("seconds", 1.0)):
            case.wire.close()
            return


def _never_end(case: Spoiled, reply: Reply) -> None:
    case.wire.close()  # the only end such a body can have
    case.wire.send(head(reply.status, reply.headers))
    while not case.wire.pause(0.0):
        case.wire.send(b" " * 65536)


_DELIVERIES: Mapping[str, Callable[[Spoiled, Reply], None]] = {
    "lost_reply": _cut,
    "reset": _cut,
    "hang": _keep_silent,
    "drip": _drip,
    "endless": _never_end,
}
