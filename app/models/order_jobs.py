"""Jobs that orders bring along when they are taken over, entered together with their page."""

import sqlite3
from collections.abc import Iterable, Sequence

from app.core.job_types import ORDER_COMMENT, ORDER_INVOICE, comment_job, invoice_job
from app.core.order_deeds import OrderComment, OrderInvoice
from app.core.orders import Order
from app.core.tracking import order_channel
from app.core.types import NewJob
from app.models.database import Database
from app.models.outbox import Outbox

# Of one order (several stores of one source may use its number), those that were taken away too.
_INVOICES = f"""SELECT id, state, idempotency_key, json_extract(payload, '$.remote_id') FROM jobs
 WHERE state <> 'discarded' AND kind = '{ORDER_INVOICE}'
 AND idempotency_key >= ?1 || '/' || ?2 || '/invoice/'
 AND idempotency_key < ?1 || '/' || ?2 || '/invoice0'
 UNION ALL
 SELECT id, state, idempotency_key, json_extract(payload, '$.remote_id') FROM jobs
 WHERE finished_at IS NOT NULL AND channel = ?2 AND state = 'discarded'
 AND kind = '{ORDER_INVOICE}' AND connection_id = ?1"""
_COMMENTS = f"""SELECT idempotency_key FROM jobs
 WHERE state <> 'discarded' AND kind = '{ORDER_COMMENT}'
 AND idempotency_key >= ?1 || '/' || ?2 || '/comment/'
 AND idempotency_key < ?1 || '/' || ?2 || '/comment0'"""
_SET_BACK = "SELECT jobs_after FROM orders WHERE connection_id = ? AND remote_id = ?"
_ON_ITS_WAY = ("pending", "in_flight", "in_doubt", "parked")


def enter_jobs(
    connection: sqlite3.Connection, outbox: Outbox, connection_id: int, orders: Sequence[Order]
) -> tuple[int, ...]:
    """Enter what these orders bring along and nobody entered yet; returns the jobs' numbers.

    Each is entered once, whatever became of it, unless a person set the order back since.
    """
    found: list[int] = []
    for order in orders:
        for deed in order.deeds:
            job = _new_job(connection, connection_id, order, deed)
            if job is not None:  # one by one: two orders may have the same number
                found += [one.job_id for one in outbox.enter_within(connection, [job], "")]
    return tuple(found)


def _new_job(
    connection: sqlite3.Connection, connection_id: int, order: Order, deed: OrderInvoice
) -> NewJob | None:
    before = connection.execute(
        _INVOICES, (connection_id, order_channel(deed.order_ref))
    ).fetchall()
    (after,) = connection.execute(_SET_BACK, (connection_id, order.remote_id)).fetchone() or (0,)
    for job_id, state, _, remote_id in before:
        if remote_id == deed.remote_id and (job_id > after or state in _ON_ITS_WAY):
            return None
    return invoice_job(connection_id, deed, _next_number(key for _, _, key, _ in before))


def enter_comment(
    connection: sqlite3.Connection,
    outbox: Outbox,
    connection_id: int,
    deed: OrderComment,
    actor: str,
) -> int:
    """Enter a comment of a person; returns the job's number."""
    channel = order_channel(deed.order_ref)
    rows = connection.execute(_COMMENTS, (connection_id, channel)).fetchall()
    job = comment_job(connection_id, deed, _next_number(key for (key,) in rows))
    (entered,) = outbox.enter_within(connection, [job], actor)
    return entered.job_id


def _next_number(keys: Iterable[str]) -> int:
    """One above those that these keys end in."""
    return max((int(key.rpartition("/")[2]) for key in keys), default=-1) + 1


def is_invoiced_here(
    database: Database, connection_id: int, order_ref: str, remote_id: str
) -> bool:
    """True when a job of ours invoices that order, or did: then an invoice there may be ours."""
    rows = database.read(_INVOICES, (connection_id, order_channel(order_ref)))
    return any(state != "discarded" and held == remote_id for _, state, _, held in rows)
