"""Products of a practice store, each with the values of its store view over those of all views."""

from collections.abc import Mapping
from typing import Any

from app.practice.magento.refusals import RefusedError, required
from app.practice.magento.shop import MagentoShop
from app.practice.shelf import Document

_NO_PRODUCT = "The product that was requested doesn't exist. Verify the product and try again."
_TROUBLE = {
    "deadlock": "Database deadlock found when trying to get lock",
    "timeout": "Database lock wait timeout exceeded",
}
_OF_A_VIEW = frozenset({"name", "price", "status", "visibility"})
_OF_ALL = frozenset({"weight", "type_id", "media_gallery_entries", "custom_attributes"})
ALL_VIEWS = "all"


class Catalogue:
    """Calls on products."""

    def __init__(self, shop: MagentoShop) -> None:
        self._shop = shop

    def product(self, sku: str, view: str) -> Document:
        """GET V1/products/{sku}."""
        return shown(self.held(sku), view)

    def update(self, sku: str, body: Mapping[str, Any], view: str, *, keep: bool) -> Document:
        """PUT V1/products/{sku}: only what is sent; an unknown SKU is taken as a new one. Without
        `all` in the address it is the values of one store view that change."""
        given = body.get("product")
        if not isinstance(given, Mapping):
            raise required("product")
        refuse_while_locked(self._shop)
        held: Document | None = self._shop.values["products"].get(sku)
        if held is None:
            what = ["Invalid attribute set entity type"]
            raise RefusedError(400, "Invalid product data: %1", what)
        after = _changed(held, given, view)
        if keep:
            after["updated_at"] = self._shop.moment()
            self._shop.keep_product(after)
        return shown(after, view)

    def held(self, sku: str) -> Document:
        """Raises: RefusedError 404."""
        found: Document | None = self._shop.values["products"].get(sku)
        if found is None:
            raise RefusedError(404, _NO_PRODUCT)
        return found

    def add(self, sku: str, name: str = "", price: float = 10.0, weight: float = 0.5) -> None:
        """A new product, as a person makes it in the admin; not on disk yet."""
        moment = self._shop.moment()
        self._shop.values["products"][sku] = {
            "id": self._shop.next_id("product"),
            "sku": sku,
            "name": name or sku,
            "price": price,
            "weight": weight,
            "created_at": moment,
            "updated_at": moment,
        }


def _changed(held: Document, given: Mapping[str, Any], view: str) -> Document:
    after = {**held, **{name: given[name] for name in _OF_ALL if name in given}}
    of_view = {name: given[name] for name in _OF_A_VIEW if name in given}
    if view == ALL_VIEWS:
        return after | of_view
    views = after.get("views") or {}
    return {**after, "views": {**views, view: {**views.get(view, {}), **of_view}}}


def shown(product: Document, view: str) -> Document:
    """A product as the store answers it; stock is asked for by itself."""
    number = product["id"]
    usual = {
        "attribute_set_id": 4,
        "status": 1,
        "visibility": 4,
        "type_id": "simple",
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
        "custom_attributes": [{"attribute_code": "url_key", "value": product["sku"].lower()}],
    }
    held = {name: value for name, value in product.items() if name not in ("views", "stock")}
    return {**usual, **held, **(product.get("views") or {}).get(view, {})}


def refuse_while_locked(shop: MagentoShop) -> None:
    """What stores answer while the index or an import holds the tables.

    Raises: RefusedError.
    """
    left = shop.values["locked_tables"]
    if left["times"]:
        shop.set(locked_tables={**left, "times": left["times"] - 1})
        raise RefusedError(left["code"], _TROUBLE[left["words"]])
