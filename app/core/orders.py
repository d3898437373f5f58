"""Orders as sources hand them over, and the words for where one stands."""

import hashlib
import re
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from app.core.order_deeds import OrderInvoice
from app.core.types import Params


class OrderStatus(StrEnum):
    """Where an order stands at its source, from its jobs."""

    PENDING = "pending"  # taken over; nothing was written yet, or a person set it back
    PROCESSING = "processing"  # something is being written to it now; a sync leaves it alone
    SUCCESS = "success"  # everything that was to be written is there
    FAILED = "failed"  # a job of it failed, or it could not be read
    SKIPPED = "skipped"  # not taken over; the reason says why


URGENCY = (
    OrderStatus.FAILED, OrderStatus.PROCESSING, OrderStatus.PENDING, OrderStatus.SKIPPED,
    OrderStatus.SUCCESS,
)  # fmt: skip
"""The statuses as they are sorted: what needs a person first, what is done last."""


class Reason(NamedTuple):
    """Why an order is skipped or could not be read: a code of the catalogue, and what fills it."""

    code: str
    params: Params = MappingProxyType({})


class Place(NamedTuple):
    """Where a parcel goes. Personal data: fetched only where a route needs it."""

    name: str = ""
    company: str = ""
    street: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""


class OrderLine(NamedTuple):
    """One row of an order, in pieces. `ships`: it is this row that a parcel holds, not one above
    or below it; a bundle and what is in it both do, since the source does not say which.
    `parent`: the remote id of the row above; empty: it stands for itself."""

    remote_id: str
    sku: str
    name: str
    kind: str
    quantity: Decimal
    shipped: Decimal
    left: Decimal
    weight: Decimal | None = None
    ships: bool = True
    parent: str = ""


class Order(NamedTuple):
    """One order as its source held it.

    `changed_at`, `placed_at`: milliseconds since 1970 by the source's own clock, None where its
    stamp (`changed_text`) cannot be read. `skip`: why it is not taken over. `fault`: why it could
    not be read; then only what could be is there. `deeds`: what is to be done to it at its source
    once it is taken over.
    """

    remote_id: str
    order_ref: str
    changed_at: int | None = None
    changed_text: str = ""
    placed_at: int | None = None
    state: str = ""
    status: str = ""  # as the source's people call it
    store: str = ""
    shipping: str = ""
    total: str = ""
    currency: str = ""
    ship_to: Place | None = None
    lines: tuple[OrderLine, ...] = ()
    skip: Reason | None = None
    fault: Reason | None = None
    deeds: tuple[OrderInvoice, ...] = ()

    @property
    def digest(self) -> str:
        """Equal for two readings that hold the same. A stamp of whole seconds is not enough: an
        order may be saved twice within one. `deeds` follow from the rest."""
        lines = [tuple(line) for line in self.lines]  # named ones are written out by Python
        held = repr((self[:_LINES], lines, self[_LINES + 1 : -1]))
        return hashlib.sha256(held.encode("utf-8", "surrogatepass")).hexdigest()[:32]


_LINES = Order._fields.index("lines")
_DIGITS = re.compile("([0-9]+)")
_LAST = "\uffff"


def sort_ref(order_ref: str) -> str:
    """A text that sorts as people expect numbers of orders to: 9 before 10, A9 before A10."""
    if order_ref.isascii() and order_ref.isdigit():
        digits = order_ref.lstrip("0")
        return f"{len(digits):03}{digits}"
    parts = _DIGITS.split(order_ref.upper())
    parts[1::2] = [sort_ref(digits) for digits in parts[1::2]]
    return "".join(parts) or _LAST


class OrderWish(NamedTuple):
    """What of its orders a source is to hand over.

    `mode`: one of the source's order modes. `start_at`: nothing older is read (ms since 1970).
    `stores`: those of the source to read; empty: all. `with_address`: a route needs to know
    where parcels go.
    """

    mode: str = ""
    start_at: int = 0
    stores: frozenset[str] = frozenset()
    with_address: bool = False


class StoreView(NamedTuple):
    """A part of a source that orders come from. `ref`: as `OrderWish.stores` names it."""

    ref: str
    name: str


class OrderPage(NamedTuple):
    """One step of a reading. `cursor` is stored together with the orders, then given back for the
    next step; only the source reads it.

    `left`: how many orders follow, None where the source does not tell. `position`: how far the
    reading got, in milliseconds of the source's clock; it only falls back when it starts over.
    """

    orders: Sequence[Order]
    cursor: str
    is_last: bool
    left: int | None = None
    position: int | None = None


class StoredOrder(NamedTuple):
    """An order as kept here. Times are milliseconds since 1970; `order_at`: when it was placed,
    or else changed, or else read. `set_back_at`: a person set it back to Pending."""

    id: int
    connection_id: int
    remote_id: str
    order_ref: str
    status: OrderStatus
    order_at: int
    changed_at: int | None
    changed_text: str
    state: str
    source_status: str
    store: str
    shipping: str
    total: str
    currency: str
    ship_to: Place | None
    skip: Reason | None
    fault: Reason | None
    read_at: int
    set_back_at: int | None


class OrderEvent(NamedTuple):
    """Something that happened to an order here; never changed, never removed."""

    seq: int
    at: int
    what: str
    code: str
    params: Params
    actor: str


class OrderFilter(NamedTuple):
    """Which orders a list shows. Dates as milliseconds since 1970, `until` not included."""

    statuses: frozenset[OrderStatus] = frozenset()
    connection_id: int = 0
    since: int | None = None
    until: int | None = None
    text: str = ""


class OrderColumn(StrEnum):
    """The headings a list of orders can be sorted by. What is empty stands last."""

    ORDER = "order"  # its number, 9 before 10; none counts as the highest
    STATUS = "status"  # as in URGENCY
    PLACED = "placed"  # when it was placed, or else changed, or else read
    CHANGED = "changed"  # when it was last changed at its source
    CONNECTION = "connection"  # the name of its connection
    STORE_STATUS = "store_status"  # as the source's people call it
    TOTAL = "total"  # the amount, whatever its currency
    SHIP_TO = "ship_to"  # the name of whom it goes to, then company and street
    REASON = "reason"  # why it is skipped or failed


class OrderSort(NamedTuple):
    """How a list of orders is sorted. Of those that are equal by it the newest stands first."""

    column: OrderColumn = OrderColumn.PLACED
    descending: bool = True


NEWEST_FIRST = OrderSort()
"""How a list of orders opens."""
