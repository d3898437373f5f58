"""Products and stock of a practice store."""

from collections.abc import Mapping
from typing import Any

from app.practice.magento.refusals import RefusedError
from app.practice.magento.shop import MagentoShop
from app.practice.shelf import Document

_NO_PRODUCT = "The product that was requested doesn't exist. Verify the product and try again."
_FIELDS = frozenset(
    {"name", "price", "status", "visibility", "weight", "type_id", "media_gallery_entries",
     "custom_attributes"}
)  # fmt: skip


class Catalogue:
    """Calls on products."""

    def __init__(self, shop: MagentoShop) -> None:
        self._shop = shop

    def product(self, sku: str) -> Document:
        """GET V1/products/{sku}."""
        found: Document | None = self._shop.values["products"].get(sku)
        if found is None:
            raise RefusedError(404, _NO_PRODUCT)
        return shown(found)

    def update(self, sku: str, body: Mapping[str, Any], *, keep: bool) -> Document:
        """PUT V1/products/{sku}: only what is sent; an unknown SKU is taken as a new one."""
        given = body.get("product")
        if not isinstance(given, Mapping):
            text = '"%fieldName" is required. Enter and try again.'
            raise RefusedError(400, text, {"fieldName": "product"})
        held: Document | None = self._shop.values["products"].get(sku)
        if held is None:
            what = ["Invalid attribute set entity type"]
            raise RefusedError(400, "Invalid product data: %1", what)
        after = {**held, **{name: given[name] for name in _FIELDS if name in given}}
        if keep:
            after["updated_at"] = self._shop.moment()
            self._shop.values["products"][sku] = after
            self._shop.save()
        return shown(after)

    def stock(self, sku: str) -> Document:
        """GET V1/stockItems/{sku}."""
        self.product(sku)
        found: Document = self._shop.values["products"][sku]["stock"]
        return found

    def set_stock(self, sku: str, body: Mapping[str, Any], *, keep: bool) -> int:
        """PUT V1/products/{sku}/stockItems/{itemId}; the id in the path is not looked at."""
        item = self.stock(sku)
        given = body.get("stockItem") or body.get("stock_item")
        if not isinstance(given, Mapping):
            text = '"%fieldName" is required. Enter and try again.'
            raise RefusedError(400, text, {"fieldName": "stockItem"})
        if keep:
            item.update({name: given[name] for name in ("qty", "is_in_stock") if name in given})
            self._shop.save()
        return int(item["item_id"])

    def add(self, sku: str, name: str = "", price: float = 10.0, weight: float = 0.5) -> None:
        """A new product, as a person makes it in the admin."""
        shop = self._shop
        number, moment = shop.next_id("product"), shop.moment()
        shop.values["products"][sku] = {
            "id": number,
            "sku": sku,
            "name": name or sku,
            "attribute_set_id": 4,
            "price": price,
            "status": 1,
            "visibility": 4,
            "type_id": "simple",
            "created_at": moment,
            "updated_at": moment,
            "weight": weight,
            "media_gallery_entries": [
                {
                    "id": number,
                    "media_type": "image",
                    "label": None,
                    "position": 1,
                    "disabled": False,
                    "types": ["image", "small_image", "thumbnail"],
                    "file": f"/p/r/{number}.jpg",
                }
            ],
            "custom_attributes": [{"attribute_code": "url_key", "value": sku.lower()}],
            "stock": _stock(number),
        }
        shop.save()


def shown(product: Document) -> Document:
    """A product as the store answers it; stock is asked for by itself."""
    return {name: value for name, value in product.items() if name != "stock"}


def _stock(number: int) -> Document:
    return {
        "item_id": number,
        "product_id": number,
        "stock_id": 1,
        "qty": 0,
        "is_in_stock": False,
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
