"""Writes orders and their rows: what is new or changed, inside a transaction of whoever calls.

A reading may bring a hundred thousand: all that is new in a page is stored together.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from app.core.orders import Order, OrderLine, OrderStatus, Reason, sort_ref
from app.core.tracking import order_channel
from app.models.order_rows import dump_place
from app.models.order_status import CHANGED, SETTLE, number_of
from app.models.rows import dump

_KNOWN = (
    "SELECT remote_id, id, digest FROM orders "
    "WHERE connection_id = ? AND remote_id IN (SELECT value FROM json_each(?))"
)
_COLUMNS = (
    "order_ref", "channel", "sort_ref", "order_at", "changed_at", "changed_text", "digest",
    "state", "source_status", "store", "shipping", "total", "currency", "ship_to", "skip_code",
    "skip_params", "fault_code", "fault_params", "read_at",
)  # fmt: skip
INSERT = (
    f"INSERT INTO orders (id, connection_id, remote_id, urgency, jobs_after, {', '.join(_COLUMNS)})"
    f" VALUES (?, ?, ?, ?, 0, {', '.join('?' * len(_COLUMNS))})"
)
_UPDATE = f"UPDATE orders SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE id = ?"
# An order of which only the number could be read keeps what was known of it.
_SPOIL = "UPDATE orders SET digest = ?, fault_code = ?, fault_params = ?, read_at = ? WHERE id = ?"
LINE = "INSERT INTO order_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
EVENT = (
    "INSERT INTO order_history (order_id, at, what, code, params, actor) VALUES (?, ?, ?, ?, ?, ?)"
)
# Behind these orders stands another one now, so none that could not be shown.
_SHOWN_AFTER_ALL = (
    "SELECT id FROM orders WHERE connection_id = ?1 AND digest <> '' AND fault_code <> '' "
    "AND remote_id IN (SELECT 'after:' || value FROM json_each(?2))"
)

_FAILED, _SKIPPED, _PENDING = map(
    number_of, (OrderStatus.FAILED, OrderStatus.SKIPPED, OrderStatus.PENDING)
)


def put_orders(
    connection: sqlite3.Connection,
    connection_id: int,
    orders: Sequence[Order],
    counts: Counter[str],
    now: int,
) -> list[int]:
    """Store what is new or changed, and count it; returns the numbers of those orders."""
    wanted = json.dumps([order.remote_id for order in orders])
    rows = connection.execute(_KNOWN, (connection_id, wanted)).fetchall()
    known = {remote_id: (number, digest) for remote_id, number, digest in rows}
    fresh = _Fresh(connection, connection_id, now)
    changed = []
    for order in orders:
        digest = order.digest
        number, held = known.get(order.remote_id, (0, None))
        if held == digest:
            continue
        if held is None:
            number = fresh.add(order, digest)
        else:
            fresh.store()  # it may be among them
            _change(connection, order, digest, number, now)
        changed.append(number)
        known[order.remote_id] = (number, digest)
        _count(counts, order, is_new=held is None)
    fresh.store()
    changed += _tidy(connection, connection_id, orders)
    settle(connection, changed)
    return changed


def settle(connection: sqlite3.Connection, order_ids: Sequence[int]) -> None:
    """To be called wherever orders were changed: they stand as their jobs and readings say."""
    if order_ids:
        connection.execute(SETTLE, (json.dumps(order_ids),))
        connection.execute(CHANGED)


class _Fresh:
    """Orders that are new, on their way into the tables."""

    def __init__(self, connection: sqlite3.Connection, connection_id: int, now: int) -> None:
        self._connection = connection
        self._connection_id = connection_id
        self._now = now
        self._next = 0
        self._orders: list[tuple[Any, ...]] = []
        self._lines: list[tuple[Any, ...]] = []
        self._events: list[tuple[Any, ...]] = []

    def add(self, order: Order, digest: str) -> int:
        """Returns the number it will have."""
        if not self._next:
            found = self._connection.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM orders")
            self._next = int(found.fetchone()[0])
        number, self._next = self._next, self._next + 1
        urgency = _FAILED if order.fault else _SKIPPED if order.skip else _PENDING
        self._orders.append(
            (number, self._connection_id, order.remote_id, urgency,
             *_values(order, digest, self._now))
        )  # fmt: skip
        self._lines += _line_rows(number, order.lines)
        self._events.append(_event(number, "order_read", order, self._now))
        return number

    def store(self) -> None:
        """Put them in."""
        self._connection.executemany(INSERT, self._orders)
        self._connection.executemany(LINE, self._lines)
        self._connection.executemany(EVENT, self._events)
        self._orders, self._lines, self._events = [], [], []


def _change(
    connection: sqlite3.Connection, order: Order, digest: str, number: int, now: int
) -> None:
    """Store an order that is known as it stands now."""
    if order.fault:
        fault = order.fault
        connection.execute(_SPOIL, (digest, fault.code, dump(fault.params), now, number))
    else:
        connection.execute(_UPDATE, (*_values(order, digest, now), number))
        connection.execute("DELETE FROM order_lines WHERE order_id = ?", (number,))
        connection.executemany(LINE, _line_rows(number, order.lines))
    connection.execute(EVENT, _event(number, "order_changed", order, now))


def _values(order: Order, digest: str, now: int) -> tuple[Any, ...]:
    """The values of _COLUMNS."""
    fault, skip = order.fault, order.skip
    order_at = next(
        at for at in (order.placed_at, order.changed_at, now) if at is not None and at >= 0
    )
    channel, place = order_channel(order.order_ref), dump_place(order.ship_to)
    values = (
        order.order_ref, channel, sort_ref(channel), order_at, order.changed_at,
        order.changed_text, digest, order.state, order.status, order.store, order.shipping,
        order.total, order.currency, place,
        skip.code if skip else "", dump(skip.params) if skip else "",
        fault.code if fault else "", dump(fault.params) if fault else "", now,
    )  # fmt: skip
    if "\0" in f"{channel}{order.status}{order.state}{order.shipping}{order.currency}{place}":
        return tuple(v.replace("\0", "") if isinstance(v, str) else v for v in values)
    return values


def _line_rows(order_id: int, lines: Sequence[OrderLine]) -> Iterable[tuple[Any, ...]]:
    for place, line in enumerate(lines):
        remote_id, sku, name, kind, quantity, shipped, left, weight, ships, parent = line
        yield (
            order_id, place, remote_id, sku, name, kind, str(quantity), str(shipped), str(left),
            None if weight is None else str(weight), ships, parent,
        )  # fmt: skip


def _event(order_id: int, what: str, order: Order, now: int) -> tuple[Any, ...]:
    said = order.fault or order.skip or Reason("")
    return (order_id, now, what, said.code, dump(said.params), "")


def _count(counts: Counter[str], order: Order, *, is_new: bool) -> None:
    counts["new" if is_new else "changed"] += 1
    if order.fault:
        counts["failed"] += 1
    elif order.skip:
        counts["skipped"] += 1
        counts[f"skipped:{order.skip.code}"] += 1


def _tidy(connection: sqlite3.Connection, connection_id: int, orders: Sequence[Order]) -> list[int]:
    """Drop entries for orders that could not be shown and now can; returns their numbers."""
    before = [
        first.remote_id
        for first, second in pairwise(orders)
        if not (second.fault and second.remote_id.startswith("after:"))
    ]
    found = connection.execute(_SHOWN_AFTER_ALL, (connection_id, json.dumps(before))).fetchall()
    gone = [row[0] for row in found]
    drop_orders(connection, gone)
    return gone


def drop_orders(connection: sqlite3.Connection, order_ids: Sequence[int]) -> None:
    """Take orders out with all that belongs to them."""
    for order_id in order_ids:
        for table, column in (
            ("order_history", "order_id"), ("order_lines", "order_id"), ("orders", "id"),
        ):  # fmt: skip
            connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (order_id,))
