"""Magento 2 and Adobe Commerce over their REST interface."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from app.core.clock import Clock
from app.core.errors import Param
from app.core.job_types import ORDER_COMMENT, ORDER_INVOICE, PRODUCT_UPDATE
from app.core.quantities import plain
from app.core.types import Shipment
from app.integrations.base import Context, Kind
from app.integrations.limits import ServerLocks
from app.integrations.magento.adapter import Magento
from app.integrations.magento.comments import MagentoComments
from app.integrations.magento.connection_check import access
from app.integrations.magento.download import MODES, WRONG_MODE
from app.integrations.magento.invoicing import MagentoInvoices
from app.integrations.magento.mapping import track_of
from app.integrations.magento.orders import MagentoOrders
from app.integrations.magento.person import TokenMemory
from app.integrations.magento.products import MagentoProducts
from app.integrations.magento.settings import SECRETS, SETTINGS
from app.integrations.magento.words import CAVEATS, SENTENCES

_OVER = ("mg_canceled", "mg_refunded", "mg_virtual", "mg_order_not_found")


class Maker:
    """Builds adapters. It keeps what they share and what must outlast each of them."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks = ServerLocks()
        # By the clock of the program they belong to: tests run many programs in one process.
        self._memories: WeakKeyDictionary[Clock, dict[int, TokenMemory]] = WeakKeyDictionary()

    def __call__(self, context: Context) -> Magento:
        """The adapter of a connection.

        Raises: SetupChanged when its settings do not fit together.
        """
        return Magento(context, self._locks, self._memory(context))

    def orders(self, context: Context) -> MagentoOrders:
        """The same connection as a source of orders.

        Raises: SetupChanged when its settings do not fit together.
        """
        return MagentoOrders(context, self._memory(context))

    def products(self, context: Context) -> MagentoProducts:
        """The same connection as one that takes products. Raises: SetupChanged."""
        return MagentoProducts(context, self._locks, self._memory(context))

    def invoices(self, context: Context) -> MagentoInvoices:
        """The same connection as one that invoices orders. Raises: SetupChanged."""
        return MagentoInvoices(context, self._locks, self._memory(context))

    def comments(self, context: Context) -> MagentoComments:
        """The same connection as one that comments orders. Raises: SetupChanged."""
        return MagentoComments(context, self._locks, self._memory(context))

    def _memory(self, context: Context) -> TokenMemory:
        with self._guard:
            memories = self._memories.setdefault(context.clock, {})
            return memories.setdefault(context.connection.id, TokenMemory())


def details(shipment: Shipment) -> dict[str, Any]:
    """`data` of the copied details, in the store's own words."""
    found: dict[str, Any] = {"order": shipment.order_ref, "tracking": shipment.tracking}
    if shipment.carrier:
        found["carrier"] = shipment.carrier
    if shipment.service:
        found["service"] = shipment.service
    if shipment.lines:
        found["items"] = [[line.item, plain(line.quantity)] for line in shipment.lines]
    return found


def by_hand(shipment: Shipment, settings: Mapping[str, Param], code: str) -> Sequence[str]:
    """The steps in the store's admin; a cancelled or unknown order leaves nothing to do there."""
    if code in _OVER:
        return ()
    track = track_of(shipment)
    return (
        f"In Magento, open Sales > Orders and the order {shipment.order_ref}, then press Ship",
        f"Add a tracking number: carrier {track['title']}, number {shipment.tracking}",
        "Press Submit Shipment, then close this row with Done by hand",
    )


MAKER = Maker()
KIND = Kind(
    name="magento",
    title="Magento",
    order_noun="order",
    settings=SETTINGS,
    secrets=SECRETS,
    build=MAKER,
    details=details,
    by_hand=by_hand,
    sentences=SENTENCES,
    caveats=CAVEATS,
    ship_fields=frozenset({"carrier", "service", "lines"}),
    access=access,
    summary="Parcels become shipments of the order, with their tracking numbers.",
    orders=MAKER.orders,
    order_modes=MODES,
    wrong_mode=WRONG_MODE,
    targets={
        PRODUCT_UPDATE: MAKER.products,
        ORDER_INVOICE: MAKER.invoices,
        ORDER_COMMENT: MAKER.comments,
    },
)
