"""Which orders a list shows and how they are sorted, as SQL."""

from typing import Any, NamedTuple

from app.core.orders import OrderColumn, OrderFilter, OrderSort, OrderStatus
from app.core.tracking import label_number, normalise_tracking, order_channel
from app.models.filters import SHOWN
from app.models.order_rows import FIELD
from app.models.order_status import FAILED, SKIPPED, number_of

# Numbers of ended jobs are found by index, those of the few live ones by reading them.
_TEXT = f"""o.id IN (
 SELECT id FROM orders WHERE instr(channel, ?)
 UNION SELECT id FROM orders WHERE ship_to LIKE ? ESCAPE '~'
 UNION SELECT order_id FROM order_lines WHERE sku LIKE ? ESCAPE '~' OR name LIKE ? ESCAPE '~'
 UNION SELECT t.id FROM (
   SELECT channel, connection_id FROM jobs WHERE finished_at IS NOT NULL AND tracking IN (?, ?)
   UNION SELECT channel, connection_id FROM jobs INDEXED BY jobs_live WHERE {SHOWN}
    AND tracking IN (?, ?)) j
  JOIN orders t ON t.channel = j.channel AND t.connection_id = j.connection_id)"""

FAILED_JOB = """FROM jobs j WHERE j.state = 'failed' AND j.channel = o.channel
  AND j.idempotency_key >= o.connection_id || '/' || o.channel || '/'
  AND j.idempotency_key < o.connection_id || '/' || o.channel || '0'
  AND j.id > o.jobs_after ORDER BY j.id DESC LIMIT 1"""
"""The newest job of an order `o` that failed, behind SELECT of what is wanted of it."""

_REASON = f"""CASE WHEN o.fault_code <> '' THEN o.fault_code
 WHEN o.urgency = {FAILED} THEN (SELECT j.reason_code {FAILED_JOB})
 WHEN o.urgency = {SKIPPED} THEN o.skip_code END"""

_KEYS = {
    OrderColumn.ORDER: "o.sort_ref",
    OrderColumn.STATUS: "o.urgency",
    OrderColumn.PLACED: "o.order_at",
    OrderColumn.CHANGED: "o.changed_at",
    OrderColumn.CONNECTION: "(SELECT name FROM connections c WHERE c.id = o.connection_id) "
    "COLLATE NOCASE",
    OrderColumn.STORE_STATUS: "NULLIF(o.source_status, '') COLLATE NOCASE",
    OrderColumn.TOTAL: "CAST(NULLIF(o.total, '') AS REAL)",
    OrderColumn.SHIP_TO: f"NULLIF(ltrim(substr(o.ship_to, 1, 40), '{FIELD}'), '') COLLATE NOCASE",
    OrderColumn.REASON: f"NULLIF({_REASON}, '')",
}
_NEWEST_FIRST = "o.order_at DESC, o.id DESC"


class Part(NamedTuple):
    """A stretch of a list that one index holds in order. `forwards`, `backwards`: ORDER BY."""

    source: str
    where: str
    parameters: tuple[Any, ...]
    forwards: str
    backwards: str
    status: OrderStatus | None = None  # all of it has this one


def where_of(wanted: OrderFilter) -> tuple[str, tuple[Any, ...]]:
    """The condition on `orders o`, and its parameters."""
    parts, parameters = ["1"], list[Any]()
    if wanted.connection_id:  # the plus: no index of the connection's own is taken for it
        parts.append("+o.connection_id = ?")
        parameters.append(wanted.connection_id)
    if wanted.since is not None:
        parts.append("o.order_at >= ?")
        parameters.append(wanted.since)
    if wanted.until is not None:
        parts.append("o.order_at < ?")
        parameters.append(wanted.until)
    if wanted.text:
        like = wanted.text.replace("~", "~~").replace("%", "~%").replace("_", "~_")
        number = normalise_tracking(wanted.text)
        numbers = (number, label_number(number))
        parts.append(_TEXT)
        parameters += [order_channel(wanted.text), *[f"%{like}%"] * 3, *numbers, *numbers]
    if wanted.statuses:
        numbers_of = sorted(number_of(status) for status in wanted.statuses)
        parts.append(f"o.urgency IN ({', '.join('?' for _ in numbers_of)})")
        parameters += numbers_of
    return " AND ".join(parts), tuple(parameters)


def parts_of(wanted: OrderFilter, sort: OrderSort) -> list[Part]:
    """The list as stretches that an index holds in order; empty: it must be sorted first."""
    column, descending = sort
    if wanted.text:
        return []
    if column is OrderColumn.STATUS:
        found = [_status_part(wanted, status) for status in OrderStatus]
        wished = wanted.statuses or frozenset(OrderStatus)
        chosen = [part for part in found if part.status in wished]
        chosen.sort(key=lambda one: number_of(one.status or OrderStatus.FAILED), reverse=descending)
        return chosen
    if column is OrderColumn.PLACED:
        if len(wanted.statuses) == 1:
            (status,) = wanted.statuses
            return [_turned(_status_part(wanted, status), descending=descending)]
        source = "orders o INDEXED BY orders_newest"
        where, parameters = where_of(wanted)
        part = Part(source, where, parameters, _NEWEST_FIRST, "o.order_at, o.id")
        return [_turned(part, descending=descending)]
    if column is OrderColumn.ORDER and wanted == OrderFilter():
        up, down = "o.sort_ref, o.id", "o.sort_ref DESC, o.id DESC"
        part = Part("orders o INDEXED BY orders_number", "1", (), down, up)
        return [_turned(part, descending=descending)]
    return []


def _status_part(wanted: OrderFilter, status: OrderStatus) -> Part:
    where, parameters = where_of(wanted._replace(statuses=frozenset({status})))
    source = "orders o INDEXED BY orders_urgency"
    return Part(source, where, parameters, _NEWEST_FIRST, "o.order_at, o.id", status)


def _turned(part: Part, *, descending: bool) -> Part:
    if descending:
        return part
    return part._replace(forwards=part.backwards, backwards=part.forwards)


def order_by(sort: OrderSort) -> str:
    """ORDER BY of a list that is sorted anew; what is empty stands last."""
    key = _KEYS[sort.column]
    direction = "DESC" if sort.descending else "ASC"
    return f"{key} {direction} NULLS LAST, {_NEWEST_FIRST}"
