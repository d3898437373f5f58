"""One order looked up at its source by the number a person gives, and stored."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.core.errors import UsageError
from app.core.events import EventBus, JobsAdded, OrdersChanged
from app.core.orders import Order, StoreView
from app.integrations.base import OrderSource
from app.models.orders import Orders
from app.services.route_words import TaskState
from app.services.routes import RouteService
from app.services.sync import wish_of
from app.services.wording import Wordsmith


@dataclass(frozen=True, slots=True)
class FetchedOrder:
    """One order that was found. `text`: what became of it; `hint`: what to do, may be empty.

    `is_taken`: it was taken over; False: skipped, or it could not be read.
    """

    order: Order
    text: str
    hint: str
    is_taken: bool
    is_news: bool  # new here, or otherwise than it was


class OrderFetch:
    """Looks up orders along a route, whatever its start date and how far it was read."""

    def __init__(
        self,
        routes: RouteService,
        orders: Orders,
        open_orders: Callable[[int], OrderSource],
        wordsmith: Wordsmith,
        bus: EventBus,
    ) -> None:
        self._routes = routes
        self._orders = orders
        self._open = open_orders
        self._wordsmith = wordsmith
        self._bus = bus

    def fetch(self, route_id: int, number: str) -> list[FetchedOrder]:
        """Ask the source for the order with that number, and store it; several stores of one
        source may each have one. Waits for the source.

        Raises: UsageError when it has none, the number is empty or its connection is stopped;
        as a source that reads; StorageError.
        """
        one, number = self._routes.one(route_id), number.strip()
        if not number:
            raise UsageError("order_number_needed")
        if one.state is TaskState.HELD:
            raise UsageError("order_fetch_held", connection=one.connection, why=one.text)
        route = one.task.route
        source = self._open(route.source_id)
        try:
            found = source.fetch_numbered(number, wish_of(route), str(uuid.uuid4()))
        finally:
            source.close()
        if not found:
            raise UsageError("order_unknown", order=number, connection=one.connection)
        news = self._orders.take_found(route.source_id, found)
        if any(order.deeds for order in found):
            self._bus.publish(JobsAdded(route.source_id, ()))
        if news:
            self._bus.publish(OrdersChanged(route.source_id, tuple(news.values())))
        return [self._told(order, is_news=order.remote_id in news) for order in found]

    def views(self, connection_id: int) -> Sequence[StoreView]:
        """The parts of a source that its orders come from; empty: it is not divided. Waits for
        the source.

        Raises: as a source that reads.
        """
        source = self._open(connection_id)
        try:
            return source.fetch_views(str(uuid.uuid4()))
        finally:
            source.close()

    def _told(self, order: Order, *, is_news: bool) -> FetchedOrder:
        text = self._wordsmith.text
        why = order.fault or order.skip
        if why is None:
            said = text("It is here now") if is_news else text("It was here already, unchanged")
            return FetchedOrder(order, said, "", is_taken=True, is_news=is_news)
        reason = self._wordsmith.say(why.code, why.params)
        told = text("It could not be read") if order.fault else text("It is here, and skipped")
        told = text("{told}: {why}", told=told, why=reason.summary)
        return FetchedOrder(order, told, reason.hint, is_taken=False, is_news=is_news)
