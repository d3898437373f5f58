"""Products as a target gets them, and as stored in a job."""

import hashlib
import json
from decimal import Decimal
from typing import Any, NamedTuple

from app.core.errors import BugError
from app.core.quantities import plain

VERSION = 1


class ProductUpdate(NamedTuple):
    """What one product is to be at a target; None: left as it is there.

    `price` in the target's own currency, `quantity` in pieces on hand, `weight` in `store_unit`
    ("kg", "lb"; empty: in whatever unit the target keeps weights). All numbers are exact.
    """

    sku: str
    name: str | None = None
    price: Decimal | None = None
    weight: Decimal | None = None
    quantity: Decimal | None = None
    in_stock: bool | None = None
    store_unit: str = ""


def product_facts(product: ProductUpdate) -> dict[str, Any]:
    """What is to be written, without what is left as it is; numbers as exact text."""
    facts: dict[str, Any] = {"sku": product.sku}
    if product.name is not None:
        facts["name"] = product.name
    for name in ("price", "weight", "quantity"):
        number = getattr(product, name)
        if number is not None:
            facts[name] = plain(number)
    if product.in_stock is not None:
        facts["in_stock"] = product.in_stock
    if product.store_unit and product.weight is not None:
        facts["store_unit"] = product.store_unit
    return facts


def dump_product(product: ProductUpdate) -> str:
    """The product as versioned JSON; the same facts give the same text."""
    facts = {"v": VERSION, **product_facts(product)}
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def load_product(payload: str) -> ProductUpdate:
    """Read what `dump_product` of this or an earlier version wrote.

    Raises: BugError when the stored text is damaged or from a newer version.
    """
    try:
        data = json.loads(payload)
        if data["v"] > VERSION:
            raise BugError("payload_newer", version=data["v"])
        return ProductUpdate(
            sku=data["sku"],
            name=data.get("name"),
            price=_number(data.get("price")),
            weight=_number(data.get("weight")),
            quantity=_number(data.get("quantity")),
            in_stock=data.get("in_stock"),
            store_unit=data.get("store_unit", ""),
        )
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise BugError("payload_damaged") from error


def digest_of(payload: str) -> str:
    """What tells two stored payloads apart: 32 hexadecimal digits."""
    return hashlib.blake2b(payload.encode(), digest_size=16).hexdigest()


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
