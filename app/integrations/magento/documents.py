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


class StoreConfig(msgspec.Struct, frozen=True):
    """One store view."""

    code: str
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
