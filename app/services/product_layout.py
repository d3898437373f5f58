"""How a file with products is laid out, and what its rows come to; light, since most starts of the
program read no file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from app.core.errors import UsageError
from app.core.products import ProductUpdate

MEANINGS: Mapping[str, str] = {
    "sku": "item number",
    "name": "name",
    "price": "price",
    "weight": "weight",
    "quantity": "quantity on hand",
    "in_stock": "in stock",
}
"""What a column may hold, as people call it."""


@dataclass(frozen=True, slots=True)
class ProductLayout:
    """How a file of products is laid out; what is empty is found out by looking.

    `columns`: by meaning the header's name, or the number from 1. `weight_unit`: "kg", "lb".
    """

    columns: Mapping[str, str | int]
    delimiter: str = ""
    encoding: str = ""
    decimal_mark: str = ""
    weight_unit: str = ""


class BadRow(NamedTuple):
    """A row that is no update, and why."""

    line: int
    text: str
    why: UsageError
    sku: str = ""


class GoodRow(NamedTuple):
    """A row that is one."""

    line: int
    product: ProductUpdate
