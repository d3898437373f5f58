"""Where an order stands, kept in its row: an index sorts and counts a million orders by it.

`urgency` is the place of the status in `core.orders.URGENCY`, from 1. Triggers keep it right in
the transaction that changes a job, whoever changes it; whoever changes an order asks for
`SETTLE`. A job without an order costs one look into an index.
"""

from app.core.orders import URGENCY, OrderStatus

_NUMBERS = {status: place for place, status in enumerate(URGENCY, 1)}
FAILED, SKIPPED = _NUMBERS[OrderStatus.FAILED], _NUMBERS[OrderStatus.SKIPPED]


def number_of(status: OrderStatus) -> int:
    """As it is stored."""
    return _NUMBERS[status]


def status_of(number: int) -> OrderStatus:
    """What `number_of` gave."""
    return URGENCY[number - 1]


# Every key begins with connection and channel, so the index of the keys finds the jobs of one
# order. Those from before a person set it back count no more. That something else than a parcel
# was written makes no order a success.
_JOBS = """(SELECT MAX(CASE WHEN j.state IN ('in_flight', 'in_doubt') THEN 4
  WHEN j.state = 'failed' THEN 3 WHEN j.state IN ('pending', 'parked') THEN 2
  WHEN j.kind = 'order.post' THEN 1 ELSE 0 END)
 FROM jobs j WHERE j.state <> 'discarded'
 AND j.idempotency_key >= orders.connection_id || '/' || orders.channel || '/'
 AND j.idempotency_key < orders.connection_id || '/' || orders.channel || '0'
 AND j.channel = orders.channel AND j.id > orders.jobs_after)"""

COMPUTED = f"""CASE {_JOBS}
 WHEN 4 THEN {_NUMBERS[OrderStatus.PROCESSING]} WHEN 3 THEN {_NUMBERS[OrderStatus.FAILED]}
 WHEN 2 THEN {_NUMBERS[OrderStatus.PENDING]} WHEN 1 THEN {_NUMBERS[OrderStatus.SUCCESS]}
 ELSE CASE WHEN orders.fault_code <> '' THEN {_NUMBERS[OrderStatus.FAILED]}
  WHEN orders.skip_code <> '' THEN {_NUMBERS[OrderStatus.SKIPPED]}
  ELSE {_NUMBERS[OrderStatus.PENDING]} END END"""
"""Where a row of `orders` stands: what its jobs say goes before what was said when it was read."""

_SETTLE = f"UPDATE orders SET urgency = {COMPUTED} WHERE urgency <> {COMPUTED}"
SETTLE = f"{_SETTLE} AND id IN (SELECT value FROM json_each(?))"
"""Sets `urgency` of the orders with these numbers (a JSON array) right."""

CHANGED = "UPDATE order_changes SET number = number + 1"
"""To be run once in every transaction that changes orders."""

_MINE = "channel = NEW.channel AND connection_id = NEW.connection_id"
_OURS = "channel IN (OLD.channel, NEW.channel) AND connection_id = NEW.connection_id"
ORDER_TRIGGERS = (
    f"""CREATE TRIGGER orders_job_entered AFTER INSERT ON jobs
 WHEN EXISTS (SELECT 1 FROM orders WHERE {_MINE})
BEGIN {_SETTLE} AND {_MINE}; END""",
    f"""CREATE TRIGGER orders_job_changed AFTER UPDATE OF state, channel ON jobs
 WHEN (OLD.state <> NEW.state OR OLD.channel <> NEW.channel)
 AND EXISTS (SELECT 1 FROM orders WHERE {_OURS})
BEGIN {_SETTLE} AND {_OURS}; END""",
    f"""CREATE TRIGGER orders_urgency_changed AFTER UPDATE OF urgency ON orders
 WHEN OLD.urgency <> NEW.urgency
BEGIN {CHANGED}; END""",
)
"""Part of the schema."""
