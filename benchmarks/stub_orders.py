"""A stub of a Magento store that only lists orders, and costs next to nothing: every order is
serialised once, when it starts. A page is asked for by the stamp it begins with.
"""

import argparse
import asyncio
import json
import random
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

FIRST_S = 1_790_000_000
_STATES = [("processing", "processing")] * 7 + [("complete", "complete")] * 2 + [("new", "pending")]


def text_of(stamp: int) -> str:
    """Seconds since 1970 as the store writes them."""
    return datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%d %H:%M:%S")


def order(number: int) -> dict[str, Any]:
    """One order as the list shows it, with 1.9 rows on average; every second has its stamp."""
    chance = random.Random(number)
    state, status = _STATES[number % 10]
    rows = [
        {
            "item_id": number * 4 + place, "sku": f"SKU-{(number * 7 + place) % 997}",
            "name": f"Business cards, thick, no. {(number + place) % 50}",
            "product_type": "simple", "qty_ordered": 1 + number % 3,
            "qty_invoiced": 0 if state == "new" else 1 + number % 3, "qty_shipped": 0,
            "qty_canceled": 0, "qty_refunded": 0, "is_virtual": 0, "weight": 0.35,
        }
        for place in range(1 + (number % 10 > 2) + (number % 10 > 7))
    ]  # fmt: skip
    total = chance.randrange(500, 90_000) / 100
    return {
        "entity_id": number, "increment_id": f"{number:09}", "state": state, "status": status,
        "created_at": text_of(FIRST_S + number - 60), "updated_at": text_of(FIRST_S + number),
        "store_id": 1, "is_virtual": 0, "grand_total": total,
        "total_invoiced": 0 if state == "new" else total, "order_currency_code": "USD",
        "shipping_description": "Flat Rate - Fixed", "items": rows,
    }  # fmt: skip


class Store:
    """The orders, oldest first, each as it goes over the wire."""

    def __init__(self, count: int) -> None:
        self._orders = [json.dumps(order(number)).encode() for number in range(1, count + 1)]

    def page(self, start: int, page: int, size: int) -> bytes:
        """The body of a page of what was saved from a second on."""
        first = max(0, start - FIRST_S - 1)
        at = first + (page - 1) * size
        items = b",".join(self._orders[at : at + size])
        return b'{"items":[%s],"total_count":%d}' % (items, len(self._orders) - first)

    def answer(self, target: str) -> bytes:
        """The answer to a GET."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        stamp = asked["searchCriteria[filterGroups][0][filters][0][value]"]
        start = int(datetime.fromisoformat(f"{stamp}+00:00").timestamp())
        if asked["searchCriteria[filterGroups][0][filters][0][conditionType]"] == "eq":
            body = b'{"items":[],"total_count":0}'
        else:
            page = int(asked["searchCriteria[currentPage]"])
            body = self.page(start, page, int(asked["searchCriteria[pageSize]"]))
        return (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (len(body), body)
        )


class Connection(asyncio.Protocol):
    """One kept connection."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            target = self._buffer[:end].split(b" ", 2)[1].decode()
            self._buffer = self._buffer[end + 4 :]
            self._transport.write(self._store.answer(target))


async def serve(arguments: argparse.Namespace) -> None:
    """Listen until terminated."""
    store = Store(arguments.orders)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(store), "127.0.0.1", arguments.port)
    print("listening", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--orders", type=int, default=100_000)
    asyncio.run(serve(parser.parse_args()))
