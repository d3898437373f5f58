"""The orders as the list needs them, read aside: parts of any list, each row ready to paint."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.core.clock import clock_time
from app.core.orders import (
    NEWEST_FIRST,
    OrderColumn,
    OrderFilter,
    OrderSort,
    OrderStatus,
    StoredOrder,
)
from app.services.orders_view import OrderInWords, OrdersView

C = OrderColumn


class Wanted(NamedTuple):
    """Which orders are listed, and in which order."""

    filter: OrderFilter = OrderFilter()
    sort: OrderSort = NEWEST_FIRST


@dataclass(frozen=True, slots=True)
class Row:
    """One order as it is painted. `at`: where it stood when it was read."""

    one: OrderInWords
    at: int
    texts: dict[OrderColumn, str]

    @property
    def id(self) -> int:
        return self.one.order.id

    @property
    def status(self) -> OrderStatus:
        return self.one.order.status

    @property
    def name(self) -> str:
        """As it is called in a sentence: "order 000000232"."""
        return f"order {self.one.title}" if self.one.order.order_ref else self.one.title


@dataclass(frozen=True, slots=True)
class Read:
    """A part of a list: how many orders it has, how many stand above the part, and the part."""

    count: int
    above: int
    lines: Sequence[Row]


class OrderReads:
    """Not for the GUI thread."""

    def __init__(self, view: OrdersView) -> None:
        self._view = view

    def first(self, wanted: Wanted, limit: int) -> Read:
        """The list from its top."""
        lines = self._rows(wanted, 0, limit)
        count = len(lines) if len(lines) < limit else self._view.count(wanted.filter)
        return Read(max(count, len(lines)), 0, lines)

    def block(self, wanted: Wanted, offset: int, limit: int, total: int) -> Sequence[Row]:
        """Rows by position, while somebody scrolls."""
        return self._rows(wanted, offset, min(limit, total - offset), kept=True)

    def refreshed(self, wanted: Wanted, anchor: Row, limit: int) -> Read:
        """The list around an order that is shown, or around where it was."""
        count = self._view.count(wanted.filter)
        above = self._view.position(anchor.id, wanted.filter, wanted.sort)
        above = min(anchor.at, count) if above is None else above
        lines = self._rows(wanted, above, limit)
        return Read(max(count, above + len(lines)), above, lines)

    def _rows(self, wanted: Wanted, first: int, count: int, *, kept: bool = False) -> list[Row]:
        if count <= 0:
            return []
        found = self._view.page(wanted.filter, wanted.sort, first, count, kept=kept)
        return [row_of(one, first + place) for place, one in enumerate(found)]


def amount(order: StoredOrder) -> str:
    """ "30.50 USD", also where the store says 30.5."""
    total = re.sub(r"^(-?\d+\.\d)$", r"\g<1>0", order.total)
    return f"{total} {order.currency}".strip()


def row_of(one: OrderInWords, at: int = 0) -> Row:
    """An order with the texts of its cells."""
    order, place = one.order, one.order.ship_to
    why = f"{one.reason} ({one.setting})" if one.reason and one.setting else one.reason
    return Row(
        one,
        at,
        {
            C.ORDER: one.title,
            C.STATUS: one.status,
            C.SHIP_TO: (place.name or place.company or one.ship_to) if place else "",
            C.CONNECTION: one.connection,
            C.REASON: why,
            C.STORE_STATUS: order.source_status,
            C.TOTAL: amount(order),
            C.CHANGED: "" if order.changed_at is None else clock_time(order.changed_at),
            C.PLACED: clock_time(order.order_at),
        },
    )
