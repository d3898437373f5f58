"""An order as the store lists it: what a download reads of it, and the columns that are asked for.

Ids and numbers come as numbers or as text, and a key whose value is null is left out.
"""

from decimal import Decimal
from typing import Any

import msgspec

from app.core.errors import TransientError
from app.integrations.http import Answer, unreadable

_ZERO = Decimal(0)


class ListedRow(msgspec.Struct, frozen=True):
    """One row of a listed order."""

    item_id: int
    sku: str = ""
    name: str | None = ""
    product_type: str | None = "simple"
    parent_item_id: int | None = None
    qty_ordered: Decimal = _ZERO
    qty_invoiced: Decimal | None = _ZERO
    qty_shipped: Decimal | None = _ZERO
    qty_canceled: Decimal | None = _ZERO
    qty_refunded: Decimal | None = _ZERO
    is_virtual: int | None = 0
    weight: Decimal | None = None


class Address(msgspec.Struct, frozen=True):
    """Where a parcel goes."""

    firstname: str | None = ""
    lastname: str | None = ""
    company: str | None = ""
    street: list[str] | None = None
    city: str | None = ""
    region: str | None = ""
    postcode: str | None = ""
    country_id: str | None = ""
    telephone: str | None = ""


class Shipping(msgspec.Struct, frozen=True):
    """The shipping of an assignment."""

    address: Address | None = None
    method: str | None = ""


class Assignment(msgspec.Struct, frozen=True):
    """One part of an order that goes to one place."""

    shipping: Shipping | None = None


class Extension(msgspec.Struct, frozen=True):
    """What modules of the store add to an order."""

    shipping_assignments: list[Assignment] | None = None


class ListedOrder(msgspec.Struct, frozen=True):
    """One order of a list."""

    entity_id: int
    increment_id: str
    items: list[ListedRow]
    state: str | None = None
    status: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    store_id: int | None = None
    is_virtual: int | None = 0
    grand_total: Decimal | None = _ZERO
    total_paid: Decimal | None = None
    total_invoiced: Decimal | None = None
    total_canceled: Decimal | None = None
    order_currency_code: str | None = ""
    shipping_description: str | None = ""
    extension_attributes: Extension | None = None


class Known(msgspec.Struct, frozen=True):
    """What is left of an order that is not as the interface says."""

    entity_id: int
    increment_id: str = ""
    updated_at: str | None = None


class Listed(msgspec.Struct, frozen=True):
    """A page; each order is read by itself, so that a broken one costs no other."""

    items: list[msgspec.Raw] | None = None
    total_count: int = 0


ORDER_FIELDS = (
    "entity_id,increment_id,state,status,created_at,updated_at,store_id,is_virtual,grand_total,"
    "total_paid,total_invoiced,total_canceled,order_currency_code,shipping_description,"
    "items[item_id,sku,name,product_type,parent_item_id,qty_ordered,qty_invoiced,qty_shipped,"
    "qty_canceled,qty_refunded,is_virtual,weight]"
)
_WHERE_TO = (
    ",extension_attributes[shipping_assignments[shipping[method,address[firstname,lastname,company,"
    "street,city,region,postcode,country_id,telephone]]]]"
)


def fields(*, with_address: bool) -> str:
    """`fields` of a list: personal data only where it is needed, e-mail addresses never."""
    return f"items[{ORDER_FIELDS}{_WHERE_TO if with_address else ''}],total_count"


_PAGE = msgspec.json.Decoder(Listed, strict=False)
_ORDER = msgspec.json.Decoder(ListedOrder, strict=False)
_KNOWN = msgspec.json.Decoder(Known, strict=False)


def read_page(answer: Answer) -> Listed:
    """The page an answer holds.

    Raises: TransientError when it is none.
    """
    try:
        return _PAGE.decode(answer.body)
    except msgspec.ValidationError as error:
        raise TransientError(
            "mg_drift", problem=problem_of(error), excerpt=answer.excerpt()
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise unreadable(answer, write=False) from error


def read_order(raw: Any) -> ListedOrder:
    """Raises: msgspec.DecodeError, UnicodeDecodeError when a field is not as it should be."""
    return _ORDER.decode(raw)


def read_known(raw: Any) -> Known | None:
    """What can be read of an order that is not as it should be; None: not even its id."""
    try:
        return _KNOWN.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def problem_of(error: Exception) -> str:
    """What is wrong with a document, with the field named."""
    return str(error).replace("`$.", "`").replace("`", "")
