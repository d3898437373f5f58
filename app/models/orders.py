"""Orders as read: a page and the cursor behind it in one transaction. Hot SQL is constant."""

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from app.core.clock import Clock
from app.core.errors import UsageError
from app.core.orders import Order, OrderPage, OrderStatus, Reason
from app.core.tracking import order_channel
from app.models.database import Database
from app.models.order_rows import STATUS, dump_place
from app.models.routes import load_counts
from app.models.rows import dump

_KNOWN = (
    "SELECT remote_id, id, digest FROM orders "
    "WHERE connection_id = ? AND remote_id IN (SELECT value FROM json_each(?))"
)
_PUT = """INSERT INTO orders (connection_id, remote_id, order_ref, channel, order_at, changed_at,
 changed_text, digest, state, source_status, store, shipping, total, currency, ship_to, skip_code,
 skip_params, fault_code, fault_params, read_at, jobs_after)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
 ON CONFLICT (connection_id, remote_id) DO UPDATE SET
 order_ref = excluded.order_ref, channel = excluded.channel, order_at = excluded.order_at,
 changed_at = excluded.changed_at, changed_text = excluded.changed_text, digest = excluded.digest,
 state = excluded.state, source_status = excluded.source_status, store = excluded.store,
 shipping = excluded.shipping, total = excluded.total, currency = excluded.currency,
 ship_to = excluded.ship_to, skip_code = excluded.skip_code, skip_params = excluded.skip_params,
 fault_code = excluded.fault_code, fault_params = excluded.fault_params, read_at = excluded.read_at
 RETURNING id"""
# An order of which only the number could be read keeps what was known of it.
_SPOIL = "UPDATE orders SET digest = ?, fault_code = ?, fault_params = ?, read_at = ? WHERE id = ?"
_LINE = "INSERT INTO order_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_EVENT = (
    "INSERT INTO order_history (order_id, at, what, code, params, actor) VALUES (?, ?, ?, ?, ?, ?)"
)
# Behind these orders stands another one now, so none that could not be shown.
_SHOWN_AFTER_ALL = (
    "SELECT id FROM orders WHERE connection_id = ?1 AND digest <> '' AND fault_code <> '' "
    "AND remote_id IN (SELECT 'after:' || value FROM json_each(?2))"
)
_MOVE = """UPDATE routes SET cursor = ?3,
 over_since = CASE WHEN ?8 THEN NULL WHEN ?6 < reached THEN COALESCE(over_since, ?7)
  ELSE over_since END,
 reached = CASE WHEN ?8 THEN NULL ELSE MAX(COALESCE(reached, ?6), COALESCE(?6, reached)) END,
 cycle_counts = CASE WHEN ?8 THEN '' ELSE ?4 END, cycle_left = CASE WHEN ?8 THEN NULL ELSE ?5 END,
 cycle_since = CASE WHEN ?8 THEN NULL ELSE cycle_since END,
 counts = CASE WHEN ?8 THEN ?4 ELSE counts END,
 finished_at = CASE WHEN ?8 THEN ?7 ELSE finished_at END
 WHERE id = ?1 AND cursor = ?2 AND removed_at IS NULL RETURNING over_since"""
_START_OVER = """UPDATE routes SET cursor = '', cycle_since = NULL, cycle_counts = '',
 cycle_left = NULL, reached = NULL, over_since = NULL, asked = asked + 1 WHERE id = ?"""


@dataclass(slots=True)
class Taken:
    """What became of a page: `ids` of orders that are new or stand otherwise than before.

    `counts`: of the whole reading so far. `is_over`: it fell back behind where it had been.
    """

    ids: list[int] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)
    is_over: bool = False


class Orders:
    """The orders of this data file."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def take(self, route_id: int, connection_id: int, page: OrderPage, before: str) -> Taken | None:
        """Store a page together with its cursor, all or nothing.

        `before`: the cursor the page was fetched with. None: it is another one by now, or the
        route is gone; then nothing is stored, and whoever moved it goes on.
        Raises: StorageError.
        """

        def work(connection: sqlite3.Connection) -> Taken | None:
            now = self._clock.now_ms()
            found = connection.execute(
                "SELECT cycle_counts FROM routes WHERE id = ? AND cursor = ? "
                "AND removed_at IS NULL",
                (route_id, before),
            ).fetchone()
            if found is None:
                return None
            counts = Counter(load_counts(found[0]))
            ids = _put(connection, connection_id, page.orders, counts, now)
            moved = connection.execute(
                _MOVE,
                (route_id, before, page.cursor, dump(counts), page.left, page.position, now,
                 page.is_last),
            ).fetchall()  # fmt: skip
            return Taken(ids, counts, moved[0][0] is not None)

        return self._database.write(work)

    def advise(self, route_id: int, advice: Reason | None) -> None:
        """Keep what is to be said of the route's setting; None: nothing any more."""
        code, params = (advice.code, dump(advice.params)) if advice else ("", "")
        self._database.write(
            lambda c: c.execute(
                "UPDATE routes SET advice_code = ?, advice_params = ? WHERE id = ?",
                (code, params, route_id),
            )
        )

    def start_over(self, route_id: int) -> None:
        """Forget how far the source was read: everything since the start is looked at again."""
        self._database.write(lambda c: c.execute(_START_OVER, (route_id,)))

    def set_back(self, order_ids: Sequence[int], comment: str, actor: str) -> list[int]:
        """Set orders back to Pending here; returns those that were.

        What their jobs did stays in the history and counts no more; the next reading that meets
        one takes it as new. One that is being written is left alone. An entry for an order that
        could not be shown goes away: it comes again if it still cannot.
        Raises: UsageError when it is a single one and is left alone.
        """

        def work(connection: sqlite3.Connection) -> list[int]:
            done = []
            for order_id in order_ids:
                found = connection.execute(
                    f"SELECT {STATUS}, o.order_ref, o.fault_code FROM orders o WHERE o.id = ?",
                    (order_id,),
                ).fetchone()
                if found is None or found[0] == OrderStatus.PROCESSING:
                    continue
                if found[2] and not found[1]:
                    _drop(connection, [order_id])
                else:
                    self._reset(connection, order_id, comment, actor)
                done.append(order_id)
            if len(order_ids) == 1 and not done:
                raise UsageError("order_processing")
            return done

        return self._database.write(work)

    def _reset(
        self, connection: sqlite3.Connection, order_id: int, comment: str, actor: str
    ) -> None:
        now = self._clock.now_ms()
        connection.execute(
            "UPDATE orders SET set_back_at = ?, digest = '', skip_code = '', skip_params = '', "
            "fault_code = '', fault_params = '', jobs_after = (SELECT COALESCE(MAX(id), 0) "
            "FROM jobs) WHERE id = ?",
            (now, order_id),
        )
        params = dump({"comment": comment}) if comment else ""
        connection.execute(_EVENT, (order_id, now, "order_set_back", "", params, actor))


def _put(
    connection: sqlite3.Connection,
    connection_id: int,
    orders: Sequence[Order],
    counts: Counter[str],
    now: int,
) -> list[int]:
    """Store what is new or changed; returns the numbers of those orders."""
    wanted = json.dumps([order.remote_id for order in orders])
    rows = connection.execute(_KNOWN, (connection_id, wanted)).fetchall()
    known = {remote_id: (number, digest) for remote_id, number, digest in rows}
    changed = []
    for order in orders:
        digest = order.digest
        number, held = known.get(order.remote_id, (0, None))
        if held == digest:
            continue
        order_id = _put_one(connection, connection_id, order, digest, number, now)
        changed.append(order_id)
        known[order.remote_id] = (order_id, digest)
        _count(counts, order, is_new=held is None)
        what = "order_read" if held is None else "order_changed"
        said = order.fault or order.skip or Reason("")
        connection.execute(_EVENT, (order_id, now, what, said.code, dump(said.params), ""))
    changed += _tidy(connection, connection_id, orders)
    return changed


def _put_one(
    connection: sqlite3.Connection,
    connection_id: int,
    order: Order,
    digest: str,
    number: int,
    now: int,
) -> int:
    fault, skip = order.fault or Reason(""), order.skip or Reason("")
    if order.fault and number:
        connection.execute(_SPOIL, (digest, fault.code, dump(fault.params), now, number))
        return number
    order_at = next(
        at for at in (order.placed_at, order.changed_at, now) if at is not None and at >= 0
    )
    values = (
        connection_id, order.remote_id, order.order_ref, order_channel(order.order_ref), order_at,
        order.changed_at, order.changed_text, digest, order.state, order.status, order.store,
        order.shipping, order.total, order.currency, dump_place(order.ship_to), skip.code,
        dump(skip.params), fault.code, dump(fault.params), now,
    )  # fmt: skip
    order_id = int(connection.execute(_PUT, values).fetchall()[0][0])
    connection.execute("DELETE FROM order_lines WHERE order_id = ?", (order_id,))
    connection.executemany(
        _LINE, [_line_row(order_id, n, one) for n, one in enumerate(order.lines)]
    )
    return order_id


def _line_row(order_id: int, place: int, line: Any) -> tuple[Any, ...]:
    weight = None if line.weight is None else str(line.weight)
    return (
        order_id, place, line.remote_id, line.sku, line.name, line.kind, str(line.quantity),
        str(line.shipped), str(line.left), weight, line.ships, line.parent,
    )  # fmt: skip


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
    _drop(connection, gone)
    return gone


def _drop(connection: sqlite3.Connection, order_ids: Sequence[int]) -> None:
    for order_id in order_ids:
        for table, column in (
            ("order_history", "order_id"), ("order_lines", "order_id"), ("orders", "id"),
        ):  # fmt: skip
            connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (order_id,))
