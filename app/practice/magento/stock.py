"""Stock of a practice store: of one source, or of several; the first of them is `default`."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.practice.magento.catalogue import Catalogue, refuse_while_locked
from app.practice.magento.refusals import RefusedError, required
from app.practice.magento.shop import MagentoShop
from app.practice.shelf import Document

_DEFAULT = "default"
_FINEST = 4  # digits behind the point that the store keeps


class Stock:
    """Calls on stock."""

    def __init__(self, shop: MagentoShop, catalogue: Catalogue) -> None:
        self._shop = shop
        self._catalogue = catalogue

    def item(self, sku: str) -> Document:
        """GET V1/stockItems/{sku}."""
        return _item(self._catalogue.held(sku))

    def set_item(self, sku: str, body: Mapping[str, Any], *, keep: bool) -> int:
        """PUT V1/products/{sku}/stockItems/{itemId}; the id in the path is not looked at, and the
        product's own stamp stays as it is."""
        product = self._catalogue.held(sku)
        given = body.get("stockItem") or body.get("stock_item")
        if not isinstance(given, Mapping):
            raise required("stockItem")
        refuse_while_locked(self._shop)
        if keep:
            held = _item(product)
            quantity = given.get("qty", held["qty"])
            self._keep(product, _DEFAULT, quantity, given.get("is_in_stock", held["is_in_stock"]))
        return int(product["id"])

    def source_items(self) -> Iterator[Document]:
        """What GET V1/inventory/source-items lists."""
        for sku, product in self._shop.values["products"].items():
            for code, held in (product.get("stock") or {}).items():
                yield {"sku": sku, "source_code": code, **held}

    def set_source_items(self, body: Mapping[str, Any], *, keep: bool) -> list[Document]:
        """POST V1/inventory/source-items; what no product has is taken without a word."""
        given = body.get("sourceItems", body.get("source_items"))
        if not isinstance(given, list):
            raise required("sourceItems")
        if not given:
            raise RefusedError(400, "Input data is empty")
        refuse_while_locked(self._shop)
        items = [(one, str(one.get("source_code", one.get("sourceCode", "")))) for one in given]
        if any(code not in self._shop.values["sources"] for _, code in items):
            raise RefusedError(400, "Could not save Source Item")
        for one, code in items:
            product = self._shop.values["products"].get(str(one.get("sku")))
            if keep and product is not None:
                self._keep(product, code, one.get("quantity", 0), bool(one.get("status", 1)))
        return []

    def _keep(self, product: Document, code: str, quantity: Any, is_in_stock: Any) -> None:
        held = {"quantity": round(float(quantity), _FINEST), "status": int(bool(is_in_stock))}
        stock = {**(product.get("stock") or {}), code: held}
        self._shop.keep_product({**product, "stock": stock})


def _item(product: Document) -> Document:
    held = (product.get("stock") or {}).get(_DEFAULT) or {"quantity": 0, "status": 0}
    return {
        "item_id": product["id"],
        "product_id": product["id"],
        "stock_id": 1,
        "qty": held["quantity"],
        "is_in_stock": bool(held["status"]),
        "is_qty_decimal": False,
        "show_default_notification_message": False,
        "use_config_min_qty": True,
        "min_qty": 0,
        "use_config_min_sale_qty": 1,
        "min_sale_qty": 1,
        "use_config_max_sale_qty": True,
        "max_sale_qty": 10000,
        "use_config_backorders": True,
        "backorders": 0,
        "use_config_notify_stock_qty": True,
        "notify_stock_qty": 1,
        "use_config_qty_increments": True,
        "qty_increments": 0,
        "use_config_enable_qty_inc": True,
        "enable_qty_increments": False,
        "use_config_manage_stock": True,
        "manage_stock": True,
        "low_stock_date": None,
        "is_decimal_divided": False,
        "stock_status_changed_auto": 0,
    }
