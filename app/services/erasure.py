"""Customer data goes when nobody needs it any more: addresses, some days after an order ended."""

import logging
from collections import defaultdict

from app.core.events import EventBus, OrdersChanged
from app.models.order_erasing import OrderErasing

logger = logging.getLogger(__name__)

KEEP_DAYS = 30
"""Unless a person set another number; marketplaces ask for no longer than that."""


class Erasure:
    """What is kept of customers, and for how long."""

    def __init__(self, erasing: OrderErasing, bus: EventBus) -> None:
        self._erasing = erasing
        self._bus = bus

    @property
    def days(self) -> int:
        """For how many days after the end of its order an address is kept; 0: for ever."""
        found = self._erasing.days()
        return KEEP_DAYS if found is None else found

    def set_days(self, days: int, actor: str) -> None:
        """From the next hour on; 0: nothing is erased."""
        self._erasing.set_days(days, actor)

    def tick(self) -> None:
        """Called by the engine now and then."""
        self.run()

    def run(self) -> int:
        """Erase what is due; returns of how many orders.

        Raises: StorageError.
        """
        days, count = self.days, 0
        while days and (erased := self._erasing.erase(days)):
            count += len(erased)
            owners: dict[int, list[int]] = defaultdict(list)
            for order_id, connection_id in erased:
                owners[connection_id].append(order_id)
            for connection_id, ids in owners.items():
                self._bus.publish(OrdersChanged(connection_id, tuple(ids)))
        if count:
            logger.info("the addresses of %d orders were erased after %d days", count, days)
        return count
