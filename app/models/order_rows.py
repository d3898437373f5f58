"""Between order tables and core types: columns, where an order stands as SQL, readers of rows."""

import json
from decimal import Decimal
from typing import Any

from app.core.orders import OrderLine, OrderStatus, Place, Reason, StoredOrder
from app.models.rows import load

# Every key begins with connection and channel, so the index of the keys finds the jobs of one
# order. Those from before a person set it back count no more.
_JOBS = """(SELECT MAX(CASE WHEN j.state IN ('in_flight', 'in_doubt') THEN 4
  WHEN j.state = 'failed' THEN 3 WHEN j.state IN ('pending', 'parked') THEN 2 ELSE 1 END)
 FROM jobs j WHERE j.state <> 'discarded'
 AND j.idempotency_key >= o.connection_id || '/' || o.channel || '/'
 AND j.idempotency_key < o.connection_id || '/' || o.channel || '0'
 AND j.channel = o.channel AND j.id > o.jobs_after)"""

STATUS = f"""CASE {_JOBS} WHEN 4 THEN 'processing' WHEN 3 THEN 'failed' WHEN 2 THEN 'pending'
 WHEN 1 THEN 'success' ELSE CASE WHEN o.fault_code <> '' THEN 'failed'
 WHEN o.skip_code <> '' THEN 'skipped' ELSE 'pending' END END"""
"""Where an order `o` stands: what its jobs say goes before what was said when it was read."""

ORDER_COLUMNS = (
    "o.id, o.connection_id, o.remote_id, o.order_ref, o.order_at, o.changed_at, o.changed_text, "
    "o.state, o.source_status, o.store, o.shipping, o.total, o.currency, o.ship_to, o.skip_code, "
    "o.skip_params, o.fault_code, o.fault_params, o.read_at, o.set_back_at"
)

LINE_COLUMNS = "remote_id, sku, name, kind, quantity, shipped, left_over, weight, ships, parent"


def to_order(row: tuple[Any, ...]) -> StoredOrder:
    """A row of ORDER_COLUMNS and STATUS."""
    (
        number, connection_id, remote_id, order_ref, order_at, changed_at, changed_text, state,
        source_status, store, shipping, total, currency, ship_to, skip_code, skip_params,
        fault_code, fault_params, read_at, set_back_at, status,
    ) = row  # fmt: skip
    return StoredOrder(
        number, connection_id, remote_id, order_ref, OrderStatus(status), order_at, changed_at,
        changed_text, state, source_status, store, shipping, total, currency, _load_place(ship_to),
        Reason(skip_code, load(skip_params)) if skip_code else None,
        Reason(fault_code, load(fault_params)) if fault_code else None,
        read_at, set_back_at,
    )  # fmt: skip


def to_line(row: tuple[Any, ...]) -> OrderLine:
    """A row of LINE_COLUMNS."""
    remote_id, sku, name, kind, quantity, shipped, left, weight, ships, parent = row
    return OrderLine(
        remote_id, sku, name, kind, Decimal(quantity), Decimal(shipped), Decimal(left),
        None if weight is None else Decimal(weight), bool(ships), parent,
    )  # fmt: skip


def dump_place(place: Place | None) -> str:
    """A place as JSON; empty: none is known."""
    return "" if place is None else json.dumps(place._asdict(), ensure_ascii=False)


def _load_place(text: str) -> Place | None:
    if not text:
        return None
    values = json.loads(text)
    return Place(**{**values, "street": tuple(values["street"])})
