"""Orders as people see them: lists, one with everything about it, set back, and the export."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.core.clock import from_ms
from app.core.errors import UsageError
from app.core.events import EventBus, OrdersChanged
from app.core.orders import OrderFilter, OrderLine, OrderStatus, StoredOrder
from app.core.types import Job
from app.models.order_list import OrderList
from app.models.orders import Orders
from app.services.connection_book import ConnectionBook
from app.services.wording import Wordsmith

STATUS_WORDS = {
    OrderStatus.PENDING: "Pending",
    OrderStatus.PROCESSING: "Processing",
    OrderStatus.SUCCESS: "Success",
    OrderStatus.FAILED: "Failed",
    OrderStatus.SKIPPED: "Skipped",
}
HEADINGS = (
    "Order", "Status", "Reason", "Setting", "Connection", "Ordered at", "Changed at",
    "Store status", "Total", "Currency", "Shipping", "Ship to", "Remote id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OrderInWords:
    """One order of a list. `reason`, `hint`: why it is skipped or could not be read; empty:
    nothing is to be said. `setting`: what caused it, as "mode wait-for-invoice"."""

    order: StoredOrder
    connection: str
    title: str
    status: str
    reason: str
    hint: str
    setting: str


@dataclass(frozen=True, slots=True)
class EventInWords:
    """A line of an order's timeline; times in ms since 1970."""

    at: int
    text: str
    actor: str


class OrdersView:
    """What people see of orders, and what they do to them here."""

    def __init__(
        self,
        orders: Orders,
        listing: OrderList,
        connections: ConnectionBook,
        wordsmith: Wordsmith,
        bus: EventBus,
    ) -> None:
        self._orders = orders
        self._listing = listing
        self._connections = connections
        self._wordsmith = wordsmith
        self._bus = bus

    def count(self, wanted: OrderFilter) -> int:
        """How many orders fit, exactly."""
        return self._listing.count(wanted)

    def newest(self, wanted: OrderFilter, limit: int) -> list[OrderInWords]:
        """Orders that fit, newest first."""
        names = self._connections.names()
        return [self._in_words(one, names) for one in self._listing.newest(wanted, limit)]

    def one(self, text: str) -> OrderInWords:
        """The order with this number, or `id:7` for our own.

        Raises: UsageError when there is none, or several.
        """
        own = text.removeprefix("id:")
        if own != text:
            number = int(own) if own.isascii() and own.isdigit() and len(own) < 19 else 0
            single = self._listing.one(number)
            found = [single] if single else []
        else:
            found = self._listing.find(text)
        if not found:
            raise UsageError("order_missing", order=text)
        if len(found) > 1:
            ids = ", ".join(f"id:{order.id}" for order in found)
            raise UsageError("order_ambiguous", order=text, ids=ids)
        return self._in_words(found[0], self._connections.names())

    def lines(self, order: StoredOrder) -> list[OrderLine]:
        """Its rows."""
        return self._listing.lines(order.id)

    def jobs(self, order: StoredOrder) -> list[Job]:
        """What was to be written to it, oldest first."""
        return self._listing.jobs(order)

    def timeline(self, order: StoredOrder) -> list[EventInWords]:
        """What happened to it here, in order."""
        return [
            EventInWords(event.at, self._event_text(event.what, event.code, event.params),
                         event.actor)
            for event in self._listing.events(order.id)
        ]  # fmt: skip

    def set_back(self, orders: Sequence[StoredOrder], comment: str, actor: str) -> list[int]:
        """Set orders back to Pending here; nothing is sent to the store. Returns those that were.

        Raises: UsageError when a single one is being written.
        """
        done = self._orders.set_back([order.id for order in orders], comment, actor)
        for connection_id in {order.connection_id for order in orders}:
            ids = [one.id for one in orders if one.connection_id == connection_id]
            self._bus.publish(OrdersChanged(connection_id, tuple(ids)))
        return done

    def export(
        self, wanted: OrderFilter, watch: Callable[[int, int], bool] = lambda done, total: True
    ) -> Iterator[str]:
        """The orders that fit as CSV, newest first, part by part; constant memory.

        `watch` hears how many of how many are done and ends it by saying False.
        """
        total, done = self._listing.count(wanted), 0
        names = self._connections.names()
        yield "\ufeff" + _csv([HEADINGS])  # spreadsheets take it for UTF-8 by this mark
        for part in self._listing.parts(wanted):
            yield _csv(self._cells(self._in_words(order, names)) for order in part)
            done += len(part)
            if not watch(done, max(done, total)):
                return

    def _cells(self, one: OrderInWords) -> tuple[str, ...]:
        order = one.order
        place = order.ship_to
        parts = (place.name, place.company, *place.street, place.postcode, place.city,
                 place.region, place.country) if place else ()  # fmt: skip
        return (
            order.order_ref or one.title, one.status, one.reason, one.setting, one.connection,
            _moment(order.order_at), _moment(order.changed_at), order.source_status, order.total,
            order.currency, order.shipping, ", ".join(part for part in parts if part),
            order.remote_id,
        )  # fmt: skip

    def _in_words(self, order: StoredOrder, names: dict[int, str]) -> OrderInWords:
        why = order.fault or (order.skip if order.status is OrderStatus.SKIPPED else None)
        said = self._wordsmith.say(why.code, why.params) if why else None
        params = why.params if why else {}
        setting = f"{params['setting']} {params.get('value', '')}" if "setting" in params else ""
        return OrderInWords(
            order,
            names.get(order.connection_id, "?"),
            order.order_ref or self._wordsmith.text("An order that cannot be read"),
            self._wordsmith.text(STATUS_WORDS[order.status]),
            said.summary if said else "",
            said.hint if said else "",
            setting.strip(),
        )

    def _event_text(self, what: str, code: str, params: object) -> str:
        text = self._wordsmith.say(what, {}).summary
        values = params if isinstance(params, dict) else {}
        if code:
            return f"{text}: {self._wordsmith.say(code, values).summary}"
        comment = values.get("comment")
        return f"{text}: {comment}" if comment else text


def _moment(at: int | None) -> str:
    """Local time, as spreadsheets read it."""
    return "" if at is None else from_ms(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _csv(rows: Iterable[Sequence[str]]) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerows([safe_cell(c) for c in row] for row in rows)
    return target.getvalue()


def safe_cell(text: str) -> str:
    """A cell that a spreadsheet shows and neither runs nor rounds.

    A text that looks like a formula is led by an apostrophe; a number that would lose leading
    zeros or digits is written as a text formula, the only form every spreadsheet leaves alone.
    """
    text = text.replace("\x00", "")
    if text.isascii() and text.isdigit() and (len(text) > 11 or (text[0] == "0" and len(text) > 1)):
        return f'="{text}"'
    if re.fullmatch(r"-\d+(\.\d+)?", text):
        return text  # an amount
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%") else text
