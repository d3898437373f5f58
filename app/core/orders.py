"""Orders as sources hand them over, and the words for where one stands."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from app.core.types import Params


class OrderStatus(StrEnum):
    """Where an order stands at its source, from its jobs."""

    PENDING = "pending"  # taken over; nothing was written yet, or a person set it back
    PROCESSING = "processing"  # something is being written to it now; a sync leaves it alone
    SUCCESS = "success"  # everything that was to be written is there
    FAILED = "failed"  # a job of it failed, or it could not be read
    SKIPPED = "skipped"  # not taken over; the reason says why


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
    not be read; then only what could be is there.
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

    @property
    def digest(self) -> str:
        """Equal for two readings that hold the same. A stamp of whole seconds is not enough: an
        order may be saved twice within one."""
        return hashlib.sha256(repr(tuple(self)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


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
