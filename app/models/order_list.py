"""Reads of orders for lists, details and exports."""

from collections.abc import Iterator
from typing import Any

from app.core.orders import OrderEvent, OrderFilter, OrderLine, StoredOrder
from app.core.tracking import normalise_tracking, order_channel
from app.core.types import Job
from app.models.database import Database
from app.models.order_rows import LINE_COLUMNS, ORDER_COLUMNS, STATUS, to_line, to_order
from app.models.rows import JOB_COLUMNS, load, to_job

_PART = 500
_TEXT = """(o.order_ref LIKE ? ESCAPE '~' OR o.id IN (SELECT l.order_id FROM order_lines l
 WHERE l.sku LIKE ? ESCAPE '~' OR l.name LIKE ? ESCAPE '~') OR o.channel IN
 (SELECT j.channel FROM jobs j WHERE j.connection_id = o.connection_id AND j.tracking = ?))"""
_JOBS = f"""SELECT {JOB_COLUMNS} FROM jobs WHERE state <> 'discarded'
 AND idempotency_key >= ?1 || '/' || ?2 || '/' AND idempotency_key < ?1 || '/' || ?2 || '0'
 AND channel = ?2 ORDER BY id"""


class OrderList:
    """Read-only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, wanted: OrderFilter) -> int:
        """How many orders fit, exactly."""
        where, parameters = _where(wanted)
        rows = self._database.read(f"SELECT COUNT(*) FROM orders o WHERE {where}", parameters)
        return int(rows[0][0])

    def newest(self, wanted: OrderFilter, limit: int) -> list[StoredOrder]:
        """Orders that fit, newest first."""
        return self._part(wanted, None, limit)

    def parts(self, wanted: OrderFilter) -> Iterator[list[StoredOrder]]:
        """All orders that fit, newest first, some hundred at a time; an order that comes in or
        changes meanwhile moves no other. Nothing is held open between two parts."""
        last: tuple[int, int] | None = None
        while found := self._part(wanted, last, _PART):
            yield found
            last = (found[-1].order_at, found[-1].id)

    def find(self, text: str) -> list[StoredOrder]:
        """Orders with this number, of every connection, newest first."""
        sql = f"SELECT {ORDER_COLUMNS}, {STATUS} FROM orders o WHERE o.channel = ? ORDER BY id DESC"
        return [to_order(row) for row in self._database.read(sql, (order_channel(text),))]

    def one(self, order_id: int) -> StoredOrder | None:
        """The order with this number of ours."""
        sql = f"SELECT {ORDER_COLUMNS}, {STATUS} FROM orders o WHERE o.id = ?"
        rows = self._database.read(sql, (order_id,))
        return to_order(rows[0]) if rows else None

    def lines(self, order_id: int) -> list[OrderLine]:
        """The rows of an order, as they stand in it."""
        sql = f"SELECT {LINE_COLUMNS} FROM order_lines WHERE order_id = ? ORDER BY place"
        return [to_line(row) for row in self._database.read(sql, (order_id,))]

    def jobs(self, order: StoredOrder) -> list[Job]:
        """What was to be written to an order, oldest first; without what was taken away."""
        values = (order.connection_id, order_channel(order.order_ref))
        return [to_job(row) for row in self._database.read(_JOBS, values)]

    def events(self, order_id: int) -> list[OrderEvent]:
        """What happened to an order here, in order."""
        rows = self._database.read(
            "SELECT seq, at, what, code, params, actor FROM order_history WHERE order_id = ? "
            "ORDER BY seq",
            (order_id,),
        )
        return [
            OrderEvent(seq, at, what, code, load(params), actor)
            for seq, at, what, code, params, actor in rows
        ]

    def _part(
        self, wanted: OrderFilter, last: tuple[int, int] | None, limit: int
    ) -> list[StoredOrder]:
        where, parameters = _where(wanted)
        if last is not None:
            where, parameters = f"{where} AND (o.order_at, o.id) < (?, ?)", [*parameters, *last]
        sql = (
            f"SELECT {ORDER_COLUMNS}, {STATUS} FROM orders o WHERE {where} "
            "ORDER BY o.order_at DESC, o.id DESC LIMIT ?"
        )
        return [to_order(row) for row in self._database.read(sql, [*parameters, limit])]


def _where(wanted: OrderFilter) -> tuple[str, list[Any]]:
    parts, parameters = ["1"], list[Any]()
    if wanted.connection_id:
        parts.append("o.connection_id = ?")
        parameters.append(wanted.connection_id)
    if wanted.since is not None:
        parts.append("o.order_at >= ?")
        parameters.append(wanted.since)
    if wanted.until is not None:
        parts.append("o.order_at < ?")
        parameters.append(wanted.until)
    if wanted.text:
        like = wanted.text.replace("~", "~~").replace("%", "~%").replace("_", "~_")
        parts.append(_TEXT)
        parameters += [f"%{like}%"] * 3 + [normalise_tracking(wanted.text)]
    if wanted.statuses:
        marks = ", ".join("?" for _ in wanted.statuses)
        parts.append(f"{STATUS} IN ({marks})")
        parameters += sorted(wanted.statuses)
    return " AND ".join(parts), parameters
