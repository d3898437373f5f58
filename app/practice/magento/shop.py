"""What a practice Magento store holds, and documents in the store's own form."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.practice.magento.refusals import no_entity
from app.practice.shelf import Document, Shelf

RIGHTS = (
    "Magento_Sales::actions_view",
    "Magento_Sales::ship",
    "Magento_Sales::shipment",
    "Magento_Sales::invoice",
    "Magento_Sales::sales_invoice",
    "Magento_Sales::comment",
    "Magento_Sales::hold",
    "Magento_Sales::unhold",
    "Magento_Catalog::products",
    "Magento_Catalog::catalog_inventory",
    "Magento_InventoryApi::source",
    "Magento_InventoryApi::stock_source_item_assign",
    "Magento_Backend::store",
)
STATUS_OF_STATE: Mapping[str, str] = {
    "new": "pending",
    "pending_payment": "pending_payment",
    "processing": "processing",
    "complete": "complete",
    "closed": "closed",
    "canceled": "canceled",
    "holded": "holded",
    "payment_review": "payment_review",
}
STATUSES: Mapping[str, Sequence[str]] = {
    **{state: (status,) for state, status in STATUS_OF_STATE.items()},
    "processing": ("processing", "in_production"),
    "payment_review": ("payment_review", "fraud"),
}
"""Which statuses a state may have; `in_production` is one that a merchant made."""

KEYS = dict.fromkeys(
    ("consumer_key", "consumer_secret", "access_token", "access_token_secret"), "practice"
)
"""As every practice secret: nobody has to type one."""


class MagentoShop(Shelf):
    """One store. Lists are keyed by id as text, as JSON keeps them."""

    def __init__(
        self, file: Path | None, now: Callable[[], datetime], keys: Mapping[str, str] = KEYS
    ) -> None:
        super().__init__(file, _empty(keys))
        self._now = now
        self._journal = file.with_suffix(".products") if file else None
        if self._journal and self._journal.exists():
            for line in self._journal.read_text(encoding="utf-8").splitlines():
                product = json.loads(line)
                self.values["products"][product["sku"]] = product

    @property
    def version(self) -> tuple[int, ...]:
        """The release it behaves like: (2, 4, 7)."""
        return tuple(int(part) for part in str(self.values["version"]).split("."))

    def moment(self) -> str:
        """Now, as the store writes it: UTC, whole seconds."""
        return self._now().astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")

    def next_id(self, kind: str) -> int:
        """The next number of a kind of record."""
        number = int(self.values["last_ids"].get(kind, 0)) + 1
        self.values["last_ids"][kind] = number
        return number

    def keep_product(self, product: Document) -> None:
        """Put one product on disk, by itself: a large shop has more than can be written whole
        with each."""
        self.values["products"][product["sku"]] = product
        if self._journal:
            with self._journal.open("a", encoding="utf-8") as file:
                file.write(json.dumps(product) + "\n")
                file.flush()
                os.fsync(file.fileno())

    def save(self) -> None:
        """Everything; what was kept by itself is among it."""
        super().save()
        if self._journal:
            self._journal.unlink(missing_ok=True)

    def order(self, entity_id: int) -> Document:
        """Raises: RefusedError 404."""
        found: Document | None = self.values["orders"].get(str(entity_id))
        if found is None:
            raise no_entity()
        return found

    def numbered(self, increment_id: object) -> Document:
        """The order with the number that people see.

        Raises: ValueError in words.
        """
        for order in self.values["orders"].values():
            if order["increment_id"] == str(increment_id):
                found: Document = order
                return found
        raise ValueError(f"there is no order {increment_id} here")

    def touch(self, order: Document) -> None:
        """The order row is saved."""
        order["updated_at"] = self.moment()
        self.save()

    def add_order(
        self, increment_id: str, items: Sequence[Mapping[str, Any]], fields: Mapping[str, Any]
    ) -> Document:
        """A new order. An item: sku, qty, and may have price, type, children, shipped ("separately"
        or "together" for a bundle)."""
        order_id = self.next_id("order")
        rows: list[Document] = []
        for item in items:
            rows += self._rows(order_id, item, None)
        total = round(sum(row["price"] * row["qty_ordered"] for row in rows), 2)
        moment = self.moment()
        address = _address(order_id)
        order: Document = {
            "entity_id": order_id,
            "increment_id": increment_id,
            "state": "new",
            "status": "pending",
            "created_at": moment,
            "updated_at": moment,
            "store_id": 1,
            "store_name": "Main Website\nMain Website Store\nDefault Store View",
            "is_virtual": int(all(row["is_virtual"] for row in rows)),
            "grand_total": total,
            "base_grand_total": total,
            "total_due": total,
            "base_currency_code": "USD",
            "order_currency_code": "USD",
            "customer_email": "ann@example.com",
            "customer_firstname": "Ann",
            "customer_lastname": "Example",
            "shipping_description": "United Parcel Service - Ground",
            "total_qty_ordered": sum(row["qty_ordered"] for row in rows if not row_parent(row)),
            "items": rows,
            "billing_address": {**address, "address_type": "billing"},
            "payment": {
                "account_status": None,
                "additional_information": ["Check / Money order"],
                "cc_last4": None,
                "method": "checkmo",
                "amount_ordered": total,
            },
            "status_histories": [],
            "extension_attributes": {
                "shipping_assignments": [
                    {"shipping": {"address": address, "method": "ups_03"}, "items": []}
                ]
            },
        }
        if order["is_virtual"]:
            order["extension_attributes"] = {}
        order.update(fields)
        self.values["orders"][str(order_id)] = order
        self.save()
        return order

    def _rows(
        self, order_id: int, item: Mapping[str, Any], parent: Document | None
    ) -> list[Document]:
        kind = str(item.get("type", "simple"))
        quantity = float(item.get("qty", 1))
        row: Document = {
            "item_id": self.next_id("item"),
            "order_id": order_id,
            "sku": str(item["sku"]),
            "name": str(item.get("name", item["sku"])),
            "product_type": kind,
            "price": 0.0 if parent is not None else float(item.get("price", 10)),
            "qty_ordered": quantity,
            "qty_invoiced": 0.0,
            "qty_shipped": 0.0,
            "qty_canceled": 0.0,
            "qty_refunded": 0.0,
            "is_qty_decimal": int(quantity != int(quantity)),
            "is_virtual": int(kind in ("virtual", "downloadable")),
            "weight": float(item.get("weight", 0.5)),
        }
        if parent is not None:
            row["parent_item_id"] = parent["item_id"]
        if kind == "bundle":
            ways = self.values["bundles"]
            ways[str(row["item_id"])] = str(item.get("shipped", "together"))
        below = [
            one for child in item.get("children", ()) for one in self._rows(order_id, child, row)
        ]
        return [row, *below]


def row_parent(row: Document) -> int:
    """The item id of the row above; 0: it stands for itself."""
    return int(row.get("parent_item_id") or 0)


def _address(order_id: int) -> Document:
    return {
        "address_type": "shipping",
        "entity_id": order_id,
        "parent_id": order_id,
        "firstname": "Ann",
        "lastname": "Example",
        "company": "Acme",
        "street": ["1 Main Street", "Suite 2"],
        "city": "Springfield",
        "region": "Illinois",
        "region_code": "IL",
        "postcode": "62701",
        "country_id": "US",
        "telephone": "555-0100",
    }


def _empty(keys: Mapping[str, str]) -> Document:
    return {
        "version": "2.4.7",
        "integration": dict(keys),
        "revoked": False,
        "bearer_allowed": False,
        "admin": {"username": "admin", "password": "practice"},
        "tokens": {},
        "token_hours": 4,
        "two_factor": False,
        "two_factor_code": "123456",
        "wrong_passwords": 0,
        "locked_until": "",
        "nonces": [],
        "rights": list(RIGHTS),
        "orders": {},
        "shipments": {},
        "invoices": {},
        "products": {},
        "bundles": {},
        "last_ids": {},
        "broken_orders": [],
        "gateway_refuses": False,
        "locked_tables": {"times": 0, "code": 400, "words": "deadlock"},
        "sources": ["default"],
        "max_page_size": 0,
        "latency_s": 0.0,
        "timezone": "America/Chicago",
    }
