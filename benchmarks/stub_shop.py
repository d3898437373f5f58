"""A stub shop that costs next to nothing: POST /a/ACCOUNT/... answers 200 {"ok":true}.

With --rate and --burst each account has a token bucket and gets 429 when it is empty. A POST
for the account named by --hang is never answered. GET /stats counts.
"""

import argparse
import asyncio
import json
import time

_OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}'
_REFUSED = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\n{}"


class Shop:
    """Counts, and the buckets of the accounts."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.rate, self.burst, self.hang = arguments.rate, arguments.burst, arguments.hang
        self.posts = self.refused = 0
        self._buckets: dict[bytes, tuple[float, float]] = {}

    def answer(self, head: bytes) -> bytes:
        """The answer to a request; empty: none, ever."""
        method, path, _ = head.split(b" ", 2)
        if method == b"GET":
            body = json.dumps({"posts": self.posts, "refused": self.refused}).encode()
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        account = path.split(b"/", 3)[2]
        if account == self.hang.encode():
            return b""
        if self.rate and not self._take(account):
            self.refused += 1
            return _REFUSED
        self.posts += 1
        return _OK

    def _take(self, account: bytes) -> bool:
        now = time.monotonic()
        tokens, at = self._buckets.get(account, (self.burst, now))
        tokens = min(self.burst, tokens + (now - at) * self.rate)
        self._buckets[account] = (max(tokens - 1, tokens if tokens < 1 else 0), now)
        return tokens >= 1


class Connection(asyncio.Protocol):
    """One kept connection."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            lower = head.lower()
            at = lower.find(b"content-length:")
            length = int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._buffer) < end + 4 + length:
                return
            self._buffer = self._buffer[end + 4 + length :]
            self._transport.write(self._shop.answer(head))


async def serve(arguments: argparse.Namespace) -> None:
    """Listen until terminated."""
    shop = Shop(arguments)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(shop), "127.0.0.1", arguments.port)
    print("listening", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rate", type=float, default=0)
    parser.add_argument("--burst", type=float, default=10)
    parser.add_argument("--hang", default="")
    asyncio.run(serve(parser.parse_args()))
