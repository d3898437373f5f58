"""Reads the orders of a Magento store, step by step, and says of each whether it is taken over."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from app.core.errors import TransientError
from app.core.orders import (
    Order,
    OrderLine,
    OrderPage,
    OrderWish,
    Place,
    Reason,
    StoreView,
)
from app.integrations.base import Context
from app.integrations.magento.client import PROBE, equal
from app.integrations.magento.documents import StoreConfig, decode
from app.integrations.magento.download import Judge
from app.integrations.magento.listing import Broken, Lists, Position, Span, stamp_of, text_of
from app.integrations.magento.opening import Opening
from app.integrations.magento.order_documents import (
    Extension,
    ListedOrder,
    ListedRow,
    fields,
    problem_of,
    read_known,
    read_order,
    read_page,
)
from app.integrations.magento.person import TokenMemory

_SAME_NUMBER = 50
_ZERO = Decimal(0)
_AHEAD_S = 86_400
"""A stamp further ahead than this is an accident; it must not become the watermark."""


class MagentoOrders:
    """A Magento connection as a source of orders. Used by one thread at a time."""

    def __init__(self, context: Context, memory: TokenMemory) -> None:
        self._context = context
        self._opening = Opening(context, memory)
        self._size = 0  # as the store allows it, once it told

    def fetch_orders(self, cursor: str, wish: OrderWish, request_id: str) -> OrderPage:
        """One page of what was saved since the watermark, less an overlap, oldest first.

        Only the store's own stamps decide how far it got. Raises: Throttled, ConnectionBlocked,
        RemoteUnavailable, TransientError.
        Source: Magento contract, section 4.
        """
        start = wish.start_at // 1000
        at = Position.load(cursor)
        with self._opening.guarded():
            lists = Lists(
                self._opening.client(), fields(with_address=wish.with_address), request_id,
                self._size,
            )  # fmt: skip
            span = _first(lists, at, start) if at.since is None else lists.read(at)
        self._size = lists.size
        return self._page(span, wish)

    def fetch_numbered(self, order_ref: str, wish: OrderWish, request_id: str) -> Sequence[Order]:
        """By the number that people see, which several stores of one installation may use.

        Raises: as `fetch_orders`; TransientError also when the store cannot show the order.
        Source: Magento contract, section 3.
        """
        params = {
            **equal(increment_id=order_ref),
            "searchCriteria[pageSize]": _SAME_NUMBER,
            "fields": fields(with_address=wish.with_address),
        }
        with self._opening.guarded():
            page = read_page(self._opening.client().read("orders", request_id, params))
        found: dict[str, Order] = {}
        judge = self._judge(wish)
        for raw in page.items or ():
            order = to_core(raw, judge)
            if isinstance(order, TransientError):
                raise order
            if order.order_ref == order_ref:
                found[order.remote_id] = order
        return tuple(found.values())

    def fetch_views(self, request_id: str) -> Sequence[StoreView]:
        """The store views, as any sign-in may read them.

        Raises: as `fetch_orders`.
        """
        with self._opening.guarded():
            answer = self._opening.client().read(PROBE, request_id)
        views = decode(answer, list[StoreConfig])
        return tuple(StoreView(str(one.id), one.code) for one in views if one.id is not None)

    def close(self) -> None:
        """Give up sockets."""
        self._opening.close()

    def _judge(self, wish: OrderWish) -> Judge:
        return Judge(wish, self._opening.settings, self._context.invoices)

    def _page(self, span: Span, wish: OrderWish) -> OrderPage:
        at = span.at
        orders = list(_orders(span.items, at, self._judge(wish)))
        keys = [
            (order.changed_at // 1000, int(order.remote_id))
            for order in orders
            if order.changed_at is not None
        ]
        if any(stamp < (at.since or 0) for stamp, _ in keys):
            raise TransientError("mg_list_odd", since=text_of(at.since or 0))
        now = self._context.clock.now_ms() // 1000
        at = at.seen([stamp for stamp, _ in keys], max(now, span.store_now or 0) + _AHEAD_S)
        reached = at.page * span.size
        is_end = reached >= span.total
        is_last = is_end and at.after is None
        following = at.ended() if is_last else at.following(keys, is_end=is_end)
        return OrderPage(
            orders,
            following.dump(),
            is_last,
            left=max(0, span.total - reached) if at.after is None else None,
            position=(at.since or 0) * 1000,
        )


def _first(lists: Lists, at: Position, start: int) -> Span:
    """The begin of a new reading."""
    at = at.begun(start)
    span = lists.read(at)
    lower = at.set_back(span.store_now, start)
    return span if lower is at else lists.read(lower)


def _orders(items: Sequence[Any], at: Position, judge: Judge) -> Iterator[Order]:
    """Each order once, broken ones by where they stand."""
    met: set[str] = set()
    last: Order | None = None
    in_a_row = 0
    for raw in items:
        order = raw.error if isinstance(raw, Broken) else to_core(raw, judge)
        if isinstance(order, TransientError):
            in_a_row += 1
            yield _unreadable(order, last, in_a_row, at)
            continue
        if order.remote_id in met:
            continue
        met.add(order.remote_id)
        last, in_a_row = order, 0
        yield order


def _unreadable(error: TransientError, last: Order | None, count: int, at: Position) -> Order:
    """An order that the store cannot show: all that is known is which one stands before it."""
    params = {"report": error.params.get("report") or "none", "host": error.params.get("host", "")}
    number = f"/{count}" if count > 1 else ""
    if last is None:
        since = text_of(at.since or 0)
        fault = Reason("mg_order_unreadable_first", {**params, "from": since})
        return Order(f"first:{since}{number}", "", fault=fault)
    fault = Reason("mg_order_unreadable", {**params, "after": last.order_ref})
    return Order(f"after:{last.remote_id}{number}", "", fault=fault)


def to_core(raw: Any, judge: Judge) -> Order | TransientError:
    """One order of a page. One with a field that is not as it should be names the field; one
    without an id is an error that stands for it."""
    try:
        found = read_order(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _odd(raw, problem_of(error))
    changed, placed = stamp_of(found.updated_at), stamp_of(found.created_at)
    skip = judge.skip(found)
    return Order(
        remote_id=str(found.entity_id),
        order_ref=found.increment_id,
        changed_at=None if changed is None else changed * 1000,
        changed_text=found.updated_at or "",
        placed_at=None if placed is None else placed * 1000,
        state=found.state or "",
        status=found.status or "",
        store="" if found.store_id is None else str(found.store_id),
        shipping=found.shipping_description or "",
        total="" if found.grand_total is None else f"{found.grand_total:f}",
        currency=found.order_currency_code or "",
        ship_to=_place(found.extension_attributes) if judge.wish.with_address else None,
        lines=tuple(lines_of(found)),
        skip=skip,
        deeds=() if skip else judge.deeds(found),
    )


def _odd(raw: Any, problem: str) -> Order | TransientError:
    known = read_known(raw)
    if known is None:
        return TransientError("mg_drift", problem=problem)
    changed = stamp_of(known.updated_at)
    return Order(
        remote_id=str(known.entity_id),
        order_ref=known.increment_id,
        changed_at=None if changed is None else changed * 1000,
        changed_text=known.updated_at or "",
        fault=Reason("mg_order_odd", {"problem": problem}),
    )


def lines_of(order: ListedOrder) -> Iterator[OrderLine]:
    """The rows of an order. A configurable's own row ships, its variant's does not; of a bundle
    both kinds may, the order does not say which; what is virtual never does."""
    rows = {row.item_id: row for row in order.items}
    for row in order.items:
        parent = rows.get(row.parent_item_id or 0)
        in_other = parent is not None and parent.product_type != "bundle"
        is_virtual = bool(row.is_virtual) or row.product_type in ("virtual", "downloadable")
        yield OrderLine(
            remote_id=str(row.item_id),
            sku=row.sku,
            name=row.name or row.sku,
            kind=row.product_type or "simple",
            quantity=_plain(row.qty_ordered),
            shipped=_plain(row.qty_shipped or _ZERO),
            left=_plain(left_of(row)),
            weight=row.weight,
            ships=not (is_virtual or in_other),
            parent="" if parent is None else str(parent.item_id),
        )


@lru_cache(maxsize=1024)  # most orders hold the same few
def _plain(quantity: Decimal) -> Decimal:
    """Without zeros behind the point: the store writes two pieces as 2 or as 2.0000."""
    return Decimal(f"{quantity.normalize():f}")


def left_of(row: ListedRow) -> Decimal:
    """Pieces still to be shipped, as releases from 2.4.0 on count them."""
    gone = max(row.qty_shipped or _ZERO, row.qty_refunded or _ZERO)
    return max(_ZERO, row.qty_ordered - gone - (row.qty_canceled or _ZERO))


def _place(extension: Extension | None) -> Place | None:
    """The first assignment's address: where the parcel goes, whatever the bill says."""
    for assignment in (extension.shipping_assignments if extension else None) or ():
        address = assignment.shipping.address if assignment.shipping else None
        if address is not None:
            name = " ".join(part for part in (address.firstname, address.lastname) if part)
            return Place(
                name=name,
                company=address.company or "",
                street=tuple(address.street or ()),
                city=address.city or "",
                region=address.region or "",
                postcode=address.postcode or "",
                country=address.country_id or "",
                phone=address.telephone or "",
            )
    return None
