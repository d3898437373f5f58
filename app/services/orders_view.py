"""Orders as people see them: lists, one with everything about it, set back, and the export."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.core.errors import UsageError
from app.core.events import EventBus, JobsAdded, OrdersChanged
from app.core.job_types import ORDER_COMMENT
from app.core.order_deeds import CommentWish
from app.core.orders import (
    NEWEST_FIRST,
    OrderFilter,
    OrderLine,
    OrderSort,
    OrderStatus,
    StoredOrder,
)
from app.core.types import Job
from app.models.order_export import OrderExport
from app.models.order_list import OrderList
from app.models.order_pages import OrderPages
from app.models.orders import Orders
from app.services.connection_book import ConnectionBook
from app.services.order_details import EventInWords as EventInWords
from app.services.order_details import ItemInWords as ItemInWords
from app.services.order_details import OrderDetails as OrderDetails
from app.services.order_details import OrderInWords as OrderInWords
from app.services.order_details import OrderTeller
from app.services.order_details import ParcelInWords as ParcelInWords
from app.services.order_export import ExportService
from app.services.order_export import Watch as Watch
from app.services.queue_view import QueueView
from app.services.tracking_facts import Link
from app.services.wording import Wordsmith


@dataclass(frozen=True, slots=True)
class SetBackChoices:
    """What a person may choose when an order is set back, in words. `can_comment`: a comment can
    go to the store, too, its mail and its showing in the shop chosen apart."""

    text: str
    hint: str
    can_comment: bool
    comment_text: str = ""
    comment_hint: str = ""


def _go_on(done: int, total: int) -> bool:
    return True


class OrdersView:
    """What people see of orders, and what they do to them here."""

    def __init__(
        self,
        orders: Orders,
        listing: OrderList,
        pages: OrderPages,
        export: OrderExport,
        connections: ConnectionBook,
        wordsmith: Wordsmith,
        bus: EventBus,
        queue: QueueView,
        link: Link,
    ) -> None:
        """`link`: where a parcel is followed."""
        self._orders = orders
        self._listing = listing
        self._pages = pages
        self._bus = bus
        self._connections = connections
        self._wordsmith = wordsmith
        self._teller = OrderTeller(listing, connections, wordsmith, queue, link)
        self._export = ExportService(export, pages, listing, self._teller)

    def count(self, wanted: OrderFilter) -> int:
        """How many orders fit, exactly."""
        return self._pages.count(wanted)

    def counts(self, wanted: OrderFilter) -> Mapping[OrderStatus, int]:
        """How many orders of each status fit; `wanted.statuses` does not count. All statuses."""
        return self._pages.counts(wanted)

    def page(
        self, wanted: OrderFilter, sort: OrderSort, first: int, count: int, *, kept: bool = False
    ) -> list[OrderInWords]:
        """The orders at the positions from `first` on, at most `count`; fewer at the end.

        Not for the GUI thread: the first page of a list that no index sorts takes about a second
        of 1,000,000 orders. `kept`: for scrolling; the order found before is good enough where
        orders came or changed since (what is said of each is always of now).
        """
        return self._teller.orders(self._pages.page(wanted, sort, first, count, kept=kept))

    def position(self, order_id: int, wanted: OrderFilter, sort: OrderSort) -> int | None:
        """Where an order of ours stands in that list, from 0; None: it is not in it."""
        return self._pages.position(order_id, wanted, sort)

    def details(self, order_id: int) -> OrderDetails:
        """Everything about one order.

        Raises: UsageError order_missing.
        """
        found = self._listing.one(order_id)
        if found is None:
            raise UsageError("order_missing", order=f"id:{order_id}")
        return self._teller.details(found)

    def newest(self, wanted: OrderFilter, limit: int) -> list[OrderInWords]:
        """Orders that fit, newest first."""
        return self.page(wanted, NEWEST_FIRST, 0, limit)

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
        return self._teller.orders(found)[0]

    def lines(self, order: StoredOrder) -> list[OrderLine]:
        """Its rows."""
        return self._listing.lines(order.id)

    def jobs(self, order: StoredOrder) -> list[Job]:
        """What was to be written to it, oldest first."""
        return self._listing.jobs(order)

    def timeline(self, order: StoredOrder) -> list[EventInWords]:
        """What happened to it in all systems, oldest first."""
        return list(self._teller.details(order).timeline)

    def set_back_choices(self, order: StoredOrder) -> SetBackChoices:
        """What setting that order back does, and whether a comment can go to its store, too."""
        title = self._connections.kind_of(order.connection_id).title
        here = self._wordsmith.say("set_back_here", {"title": title})
        can = self._takes_comments(order)
        comment = self._wordsmith.say("set_back_comment", {"title": title}) if can else None
        return SetBackChoices(
            here.summary, here.hint, can,
            comment.summary if comment else "", comment.hint if comment else "",
        )  # fmt: skip

    def set_back(
        self,
        orders: Sequence[StoredOrder],
        comment: str,
        actor: str,
        to_store: CommentWish | None = None,
    ) -> list[int]:
        """Set orders back to Pending here. Returns those that were.

        `to_store`: the comment is sent to each order at its store, too; else nothing is. The
        status there stays as it is. Raises: UsageError when a single one is being written, when
        there is no comment to send, or a store takes none.
        """
        if to_store is not None:
            self._require_comments(orders, comment)
        ids_of = [order.id for order in orders]
        done = self._orders.set_back(ids_of, comment, actor, to_store)
        for connection_id in {order.connection_id for order in orders}:
            if to_store is not None:
                self._bus.publish(JobsAdded(connection_id, ()))
            ids = [one.id for one in orders if one.connection_id == connection_id]
            self._bus.publish(OrdersChanged(connection_id, tuple(ids)))
        return done

    def _require_comments(self, orders: Sequence[StoredOrder], comment: str) -> None:
        """Raises: UsageError."""
        if not comment.strip():
            raise UsageError("set_back_comment_empty")
        for order in orders:
            if not self._takes_comments(order):
                name = self._connections.names().get(order.connection_id, "?")
                raise UsageError("set_back_comment_none", connection=name)

    def _takes_comments(self, order: StoredOrder) -> bool:
        """An order that could not be shown has no number to write to."""
        targets = self._connections.kind_of(order.connection_id).targets
        return ORDER_COMMENT in targets and bool(order.order_ref)

    def export(
        self, wanted: OrderFilter, sort: OrderSort = NEWEST_FIRST, watch: Watch = _go_on
    ) -> Iterator[str]:
        """The orders that fit as CSV, in the order listed, part by part; constant memory.

        `watch` hears how many of how many are done and ends it by saying False.
        """
        return self._export.parts(wanted, sort, watch)
