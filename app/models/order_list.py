"""Reads of single orders, and of what belongs to them. Lists are in `order_pages`."""

import json
from collections.abc import Sequence

from app.core.orders import OrderEvent, OrderLine, StoredOrder
from app.core.tracking import order_channel
from app.core.types import Job
from app.models.database import Database
from app.models.order_filter import FAILED_JOB
from app.models.order_rows import LINE_COLUMNS, ORDER_COLUMNS, to_line, to_order
from app.models.rows import JOB_COLUMNS, load, to_job

_IN_USE = """state <> 'discarded'
 AND idempotency_key >= {0} || '/' || ?2 || '/' AND idempotency_key < {0} || '/' || ?2 || '0'
 AND channel = ?2"""
_JOBS = f"SELECT {JOB_COLUMNS} FROM jobs WHERE {_IN_USE.format('?1')} ORDER BY id"
# The same order at the systems that its routes lead to; and what was taken away there or here.
_EVERYWHERE = f"""WITH places (place) AS (SELECT ?1 UNION
  SELECT target_id FROM routes WHERE source_id = ?1 AND target_id IS NOT NULL)
 SELECT {JOB_COLUMNS} FROM jobs WHERE id IN (
  SELECT jobs.id FROM places CROSS JOIN jobs WHERE {_IN_USE.format("place")}
  UNION SELECT id FROM jobs WHERE finished_at IS NOT NULL AND channel = ?2
   AND state = 'discarded' AND connection_id IN (SELECT place FROM places)) ORDER BY id"""
_FAILED = f"""SELECT o.id, (SELECT j.id {FAILED_JOB})
 FROM json_each(?) k CROSS JOIN orders o ON o.id = k.value"""


class OrderList:
    """Read-only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, text: str) -> list[StoredOrder]:
        """Orders with this number, of every connection, newest first."""
        sql = f"SELECT {ORDER_COLUMNS} FROM orders o WHERE o.channel = ? ORDER BY o.id DESC"
        return [to_order(row) for row in self._database.read(sql, (order_channel(text),))]

    def one(self, order_id: int) -> StoredOrder | None:
        """The order with this number of ours."""
        sql = f"SELECT {ORDER_COLUMNS} FROM orders o WHERE o.id = ?"
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

    def all_jobs(self, order: StoredOrder) -> list[Job]:
        """Every job of an order in every system, oldest first; also what was taken away."""
        values = (order.connection_id, order_channel(order.order_ref))
        return [to_job(row) for row in self._database.read(_EVERYWHERE, values)]

    def failed_jobs(self, order_ids: Sequence[int]) -> dict[int, Job]:
        """Of these orders the newest job that failed, where one did."""
        rows = self._database.read(_FAILED, (json.dumps(list(order_ids)),))
        owners = {job_id: order_id for order_id, job_id in rows if job_id is not None}
        if not owners:
            return {}
        found = self._database.read(
            f"SELECT {JOB_COLUMNS} FROM jobs WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(owners)),),
        )
        return {owners[job.id]: job for job in map(to_job, found)}

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
