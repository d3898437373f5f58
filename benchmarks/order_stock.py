"""A data file with any number of orders, as readings and parcels would have left it."""

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.core.clock import SystemClock
from app.core.orders import Place, sort_ref
from app.models.database import Database
from app.models.opening import open_store
from app.models.order_rows import dump_place
from app.models.order_writing import EVENT, INSERT, LINE

FIRST_MS = 1_700_000_000_000
_AT_ONCE = 10_000
_SHARES = ((1, 2), (2, 1), (3, 10), (4, 15), (5, 72))  # urgency, percent
_NAMES = ("Ann", "Bob", "Carl", "Dora", "Émile", "Fay", "Gus", "Hal")
_STATES = ("processing", "complete", "pending", "closed")


def fill(folder: Path, count: int) -> Database:
    """Orders of two connections, 1.9 items and one history line each."""
    database = open_store(folder, SystemClock()).database
    connection = database.connection()
    for number in (1, 2):
        connection.execute(
            "INSERT INTO connections (id, name, kind, settings, is_practice, created_at, "
            "block_code, block_params, block_looks_again, failures, held_set_at, held_until) "
            "VALUES (?, ?, 'magento', '', 0, 0, '', '', 0, 0, 0, 0)",
            (number, f"Shop {number}"),
        )
    for first in range(1, count + 1, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, count + 1))
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT, (_order(number) for number in numbers))
        connection.executemany(LINE, (row for number in numbers for row in _lines(number)))
        connection.executemany(EVENT, ((n, FIRST_MS, "order_read", "", "", "") for n in numbers))
        connection.execute("COMMIT")
    database.checkpoint()
    return database


def _order(number: int) -> tuple[Any, ...]:
    chance = random.Random(number)
    (urgency,) = chance.choices(*zip(*_SHARES, strict=True))
    ref, at = f"{number:09}", FIRST_MS + number * 60_000 + chance.randrange(600_000)
    skip = ("mg_skip_not_invoiced", '{"setting":"mode","value":"wait-for-invoice"}')
    fault = ("mg_order_odd", '{"problem":"Expected `int`, got `str` - at grand_total"}')
    place = Place(
        f"{chance.choice(_NAMES)} Miller{number % 1009}", "Acme" if number % 5 == 0 else "",
        (f"{number % 999} Main Street",), "Springfield", "Illinois", "62701", "US", "555 0100",
    )  # fmt: skip
    return (
        number, 1 + (number % 10 == 0), str(number), urgency, ref, ref, sort_ref(ref), at,
        at + chance.randrange(10**9), "2026-01-01 10:00:00", f"{number:032}", "processing",
        chance.choice(_STATES), "1", "Flat Rate - Fixed", f"{chance.randrange(100_000) / 100:.2f}",
        "USD", dump_place(place), *(skip if urgency == 4 else ("", "")),
        *(fault if urgency == 1 else ("", "")), at,
    )  # fmt: skip


def _lines(number: int) -> Iterator[tuple[Any, ...]]:
    for place in range(1 + (number % 10 != 0)):
        yield (
            number, place, str(number * 2 + place), f"SKU-{number % 997}",
            f"Business cards, thick, no. {number % 50}", "simple", "2", "0", "2", "0.5", 1, "",
        )  # fmt: skip


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2])).close_thread()
