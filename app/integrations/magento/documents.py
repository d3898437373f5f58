"""What a write-back needs of a store's answers; the rest is not looked at.

Ids come as numbers or as text, and a key whose value is null is left out.
"""

from decimal import Decimal
from typing import TypeVar

import msgspec

from app.core.errors import OutcomeUnknown, TransientError
from app.integrations.http import Answer, json_or_raise


class Row(msgspec.Struct, frozen=True):
    """One row of an order. Quantities are pieces, or parts of them: cloth by the yard."""

    item_id: int
    sku: str
    product_type: str = "simple"
    parent_item_id: int | None = None
    qty_ordered: Decimal = Decimal(0)
    qty_shipped: Decimal = Decimal(0)
    qty_canceled: Decimal = Decimal(0)
    qty_refunded: Decimal = Decimal(0)
    is_virtual: int | None = 0

    @property
    def is_bundle(self) -> bool:
        return self.product_type == "bundle"

    @property
    def left(self) -> Decimal:
        """Pieces still to be shipped, as releases from 2.4.0 on count them."""
        gone = max(self.qty_shipped, self.qty_refunded) + self.qty_canceled
        return max(Decimal(0), self.qty_ordered - gone)


class Order(msgspec.Struct, frozen=True):
    """One order."""

    entity_id: int
    increment_id: str
    items: list[Row]
    state: str | None = ""
    status: str | None = ""
    is_virtual: int | None = 0


class Orders(msgspec.Struct, frozen=True):
    """A page of orders."""

    items: list[Order]
    total_count: int = 0


class Track(msgspec.Struct, frozen=True):
    """One tracking number of a shipment."""

    track_number: str | None = ""
    title: str | None = ""
    carrier_code: str | None = ""


class ShippedRow(msgspec.Struct, frozen=True):
    """Pieces of an order's row in a shipment."""

    order_item_id: int
    qty: Decimal
    sku: str | None = ""


class StoreShipment(msgspec.Struct, frozen=True):
    """A shipment as the store holds it."""

    entity_id: int
    order_id: int
    increment_id: str | None = ""
    items: list[ShippedRow] = []
    tracks: list[Track] = []

    @property
    def name(self) -> str:
        """The number that people see."""
        return self.increment_id or str(self.entity_id)


class Shipments(msgspec.Struct, frozen=True):
    """The shipments of an order."""

    items: list[StoreShipment]
    total_count: int = 0


class Invoice(msgspec.Struct, frozen=True):
    """An invoice as the store holds it. `state`: 1 open, 2 paid, 3 cancelled."""

    entity_id: int
    order_id: int
    increment_id: str | None = ""
    state: int | None = None
    grand_total: Decimal | None = None

    @property
    def name(self) -> str:
        """The number that people see."""
        return self.increment_id or str(self.entity_id)


class Invoices(msgspec.Struct, frozen=True):
    """The invoices of an order."""

    items: list[Invoice]
    total_count: int = 0


class Note(msgspec.Struct, frozen=True):
    """One entry of an order's comments history."""

    entity_id: int
    comment: str | None = ""
    created_at: str | None = None
    is_customer_notified: int | None = 0
    is_visible_on_front: int | None = 0


class NotedOrder(msgspec.Struct, frozen=True):
    """An order with its comments."""

    entity_id: int
    increment_id: str
    state: str | None = ""
    status: str | None = None
    status_histories: list[Note] | None = None


class Product(msgspec.Struct, frozen=True):
    """A product, as far as it is written."""

    sku: str
    name: str | None = None
    price: Decimal | None = None
    weight: Decimal | None = None


class Products(msgspec.Struct, frozen=True):
    """A page of products."""

    items: list[Product] | None = None
    total_count: int = 0


class StockItem(msgspec.Struct, frozen=True):
    """The stock of a product in a store that has one."""

    qty: Decimal | None = None
    is_in_stock: bool | None = None


class SourceItem(msgspec.Struct, frozen=True):
    """The stock of a product at one source. `status`: 1 in stock, 0 out of it."""

    sku: str
    source_code: str
    quantity: Decimal | None = None
    status: int | None = None


class SourceItems(msgspec.Struct, frozen=True):
    """A page of them."""

    items: list[SourceItem] | None = None
    total_count: int = 0


class StoreConfig(msgspec.Struct, frozen=True):
    """One store view."""

    code: str
    id: int | None = None
    timezone: str = ""
    base_currency_code: str = ""
    weight_unit: str = ""


D = TypeVar("D")


def decode(answer: Answer, document: type[D], *, write: bool = False) -> D:
    """The document an answer holds.

    Raises: TransientError, after a write OutcomeUnknown, that names the field that is not as
    the store's interface says.
    """
    json_or_raise(answer, write=write)
    try:
        return msgspec.json.decode(answer.body, type=document, strict=False)
    except msgspec.DecodeError as error:
        kind = OutcomeUnknown if write else TransientError
        problem = str(error).replace("`$.", "`").replace("`", "")
        raise kind("mg_drift", problem=problem, excerpt=answer.excerpt()) from error
