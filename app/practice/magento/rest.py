"""The calls of a store: which path means what, which right it takes, what goes out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from app.practice.magento.catalogue import ALL_VIEWS, Catalogue, shown
from app.practice.magento.criteria import Criteria, cut
from app.practice.magento.lists import chosen, listed, plain
from app.practice.magento.refusals import NO_ROUTE, RefusedError, internal, whole_number
from app.practice.magento.selling import Selling
from app.practice.magento.shipping import Shipping
from app.practice.magento.shop import MagentoShop
from app.practice.magento.sign_in import SignIn
from app.practice.magento.stock import Stock
from app.practice.messages import Reply, Request
from app.practice.shelf import Document

_PAGE = b"<!DOCTYPE html><html><head><title>Acme Prints</title></head><body>Welcome</body></html>"
_ORDER_COLUMNS = frozenset(
    {"entity_id", "increment_id", "state", "status", "created_at", "updated_at", "store_id",
     "is_virtual", "grand_total", "base_grand_total", "total_due", "total_paid", "total_invoiced",
     "customer_email", "customer_firstname", "customer_lastname", "hold_before_state"}
)  # fmt: skip
_SHIPMENT_COLUMNS = frozenset(
    {"entity_id", "increment_id", "order_id", "store_id", "created_at", "updated_at", "total_qty"}
)
_INVOICE_COLUMNS = _SHIPMENT_COLUMNS | {"state", "grand_total"}
_PRODUCT_COLUMNS = frozenset(
    {"id", "entity_id", "sku", "name", "price", "status", "type_id", "updated_at", "created_at"}
)
_SOURCE_COLUMNS = frozenset({"sku", "source_code", "quantity", "status"})
_PRODUCTS = "Magento_Catalog::products"
_STOCK = "Magento_Catalog::catalog_inventory"
_SOURCES = "Magento_InventoryApi::"
_MODULES = ["Magento_Store", "Magento_Sales", "Magento_Shipping", "Magento_Catalog",
            "Magento_Inventory"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Call:
    """One call that found its route: what stands in the path's gap, and whether it is kept."""

    request: Request
    gap: str
    keep: bool

    @property
    def number(self) -> int:
        """The gap as an id.

        Raises: RefusedError.
        """
        return whole_number(self.gap)

    @property
    def view(self) -> str:
        """Whose values of a product are meant: those of all views, or of the default one."""
        return ALL_VIEWS if ALL_VIEWS in self.request.parts[:3] else "default"

    @property
    def body(self) -> Document:
        """Raises: RefusedError."""
        try:
            body = self.request.json() if self.request.body else {}
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise RefusedError(400, "Decoding error.")
        return body


Handler = Callable[[Call], Any]


class Rest:
    """Answers calls to one store."""

    def __init__(
        self,
        shop: MagentoShop,
        now: Callable[[], datetime],
        wait: Callable[[float], object],
        address: Callable[[], str],
    ) -> None:
        self._shop = shop
        self._now = now
        self._wait = wait
        self._address = address
        self._sign_in = SignIn(shop, now)
        self._catalogue = Catalogue(shop)
        self._stock = Stock(shop, self._catalogue)
        self._routes = self._reads() | self._writes() | self._of_products()

    def answer(self, request: Request, *, keep: bool) -> Reply:
        """One call; `keep` False: the answer of a write that was then not stored."""
        seconds = self._shop.values["latency_s"]
        if seconds:
            self._wait(seconds)
        with self._shop.lock:
            try:
                reply = self._called(request, keep=keep)
            except RefusedError as refused:
                reply = refused.reply()
        date = format_datetime(self._now().astimezone(UTC), usegmt=True)
        return replace(reply, headers={"Date": date, **reply.headers})

    def _called(self, request: Request, *, keep: bool) -> Reply:
        if request.plain_path == "/magento_version":
            major, minor, *_ = self._shop.version
            text = f"Magento/{major}.{minor} (Community)".encode()
            return Reply(200, text, {"Content-Type": "text/plain"})
        parts = _api_parts(request.parts)
        if parts is None:
            return Reply(200, _PAGE)  # the shop's own pages
        if request.method in ("POST", "PUT") and request.body:
            kind = request.headers.get("content-type", "").partition(";")[0].strip()
            if kind != "application/json":
                words = f"Server cannot understand Content-Type HTTP header media type {kind}"
                raise RefusedError(400, words)
        resource, handler, gap = self._route(request.method, parts)
        if resource:
            self._sign_in.admit(request, resource)
        body = handler(Call(request, gap, keep))
        return body if isinstance(body, Reply) else Reply(200, cut(body, request.query))

    def _route(self, method: str, parts: list[str]) -> tuple[str, Handler, str]:
        """The right it takes, what answers, and what stands in the gap.

        Raises: RefusedError 404, for a wrong method too.
        """
        for place in (None, *range(len(parts))):
            path = "/".join("*" if i == place else part for i, part in enumerate(parts))
            found = self._routes.get(f"{method} {path}")
            if found is not None:
                return (*found, "" if place is None else parts[place])
        raise RefusedError(404, NO_ROUTE)

    def _reads(self) -> dict[str, tuple[str, Handler]]:
        shop, shipping = self._shop, Shipping(self._shop)
        values, store = shop.values, "Magento_Backend::store"
        sales, orders = "Magento_Sales::", "Magento_Sales::actions_view"
        return {
            "GET store/storeConfigs": (store, lambda call: [self._store_config()]),
            "GET store/storeViews": (store, lambda call: [_store_view()]),
            "GET modules": (store, lambda call: _MODULES),
            "GET orders": (orders, self._orders),
            "GET orders/*": (orders, lambda call: plain(shop.order(call.number))),
            "GET orders/*/statuses": (orders, lambda call: shop.order(call.number)["status"]),
            "GET orders/*/comments": (
                f"{sales}comment",
                lambda call: listed(Criteria(), shop.order(call.number)["status_histories"]),
            ),
            "GET shipments": (
                f"{sales}shipment",
                lambda call: self._list(call, values["shipments"].values(), _SHIPMENT_COLUMNS),
            ),
            "GET shipment/*": (
                f"{sales}shipment", lambda call: plain(shipping.shipment(call.number))
            ),
            "GET invoices": (
                f"{sales}sales_invoice",
                lambda call: self._list(call, values["invoices"].values(), _INVOICE_COLUMNS),
            ),
        }  # fmt: skip

    def _of_products(self) -> dict[str, tuple[str, Handler]]:
        catalogue, stock = self._catalogue, self._stock
        return {
            "GET products": (_PRODUCTS, self._products),
            "GET products/*": (
                _PRODUCTS, lambda call: plain(catalogue.product(call.gap, call.view))
            ),
            "PUT products/*": (
                _PRODUCTS,
                lambda call: plain(
                    catalogue.update(call.gap, call.body, call.view, keep=call.keep)
                ),
            ),
            "GET stockItems/*": (_STOCK, lambda call: plain(stock.item(call.gap))),
            "PUT products/*/stockItems": (
                _STOCK, lambda call: stock.set_item(call.gap, call.body, keep=call.keep)
            ),
            "GET inventory/source-items": (
                f"{_SOURCES}source",
                lambda call: self._list(call, stock.source_items(), _SOURCE_COLUMNS),
            ),
            "POST inventory/source-items": (
                f"{_SOURCES}stock_source_item_assign",
                lambda call: stock.set_source_items(call.body, keep=call.keep),
            ),
        }  # fmt: skip

    def _writes(self) -> dict[str, tuple[str, Handler]]:
        shipping, selling = Shipping(self._shop), Selling(self._shop)
        sales = "Magento_Sales::"
        return {
            "POST integration/admin/token": ("", lambda call: self._sign_in.token(call.request)),
            "POST tfa/provider/google/authenticate": (
                "", lambda call: self._sign_in.token_with_code(call.request)
            ),
            "POST order/*/ship": (
                f"{sales}ship",
                lambda call: shipping.ship(call.number, call.body, keep=call.keep),
            ),
            "POST shipment/track": (
                f"{sales}shipment", lambda call: shipping.add_track(call.body, keep=call.keep)
            ),
            "DELETE shipment/track/*": (
                f"{sales}shipment", lambda call: shipping.remove_track(call.number, keep=call.keep)
            ),
            "POST order/*/invoice": (
                f"{sales}invoice",
                lambda call: selling.invoice(call.number, call.body, keep=call.keep),
            ),
            "POST orders/*/comments": (
                f"{sales}comment",
                lambda call: selling.comment(call.number, call.body, keep=call.keep),
            ),
            "POST orders/*/hold": (
                f"{sales}hold", lambda call: selling.hold(call.number, keep=call.keep)
            ),
            "POST orders/*/unhold": (
                f"{sales}unhold", lambda call: selling.unhold(call.number, keep=call.keep)
            ),
        }  # fmt: skip

    def _products(self, call: Call) -> Document:
        found = self._list(call, self._shop.values["products"].values(), _PRODUCT_COLUMNS)
        return {**found, "items": plain([shown(one, call.view) for one in found["items"]])}

    def _orders(self, call: Call) -> Document:
        values = self._shop.values
        found = self._list(call, values["orders"].values(), _ORDER_COLUMNS)
        broken = set(values["broken_orders"])
        if broken.intersection(order["increment_id"] for order in found["items"]):
            raise internal()
        return found

    def _list(self, call: Call, documents: Iterable[Document], columns: Iterable[str]) -> Document:
        return chosen(self._shop, call.request.query, documents, columns)

    def _store_config(self) -> Document:
        base = f"{self._address()}/"
        addresses = {
            f"{prefix}base_{kind}url": f"{base}{path}"
            for prefix in ("", "secure_")
            for kind, path in (("", ""), ("link_", ""), ("static_", "static/"),
                               ("media_", "media/"))
        }  # fmt: skip
        return {
            "id": 1,
            "code": "default",
            "website_id": 1,
            "locale": "en_US",
            "base_currency_code": "USD",
            "default_display_currency_code": "USD",
            "timezone": self._shop.values["timezone"],
            "weight_unit": "lbs",
            **addresses,
        }


def _api_parts(parts: list[str]) -> list[str] | None:
    """What follows `V1/`, with or without a store's code; None outside the API."""
    if parts[:1] == ["index.php"]:
        parts = parts[1:]
    if parts[:1] != ["rest"]:
        return None
    rest = parts[1:]
    if rest[-2:-1] == ["stockItems"] and "products" in rest:
        rest = rest[:-1]  # the item's id is not looked at
    if rest[:1] != ["V1"]:
        if rest[:1] not in (["default"], ["all"]):
            raise RefusedError(404, NO_ROUTE)
        rest = rest[1:]
    return rest[1:] if rest[:1] == ["V1"] else []


def _store_view() -> Document:
    return {
        "id": 1,
        "code": "default",
        "name": "Default Store View",
        "website_id": 1,
        "store_group_id": 1,
        "is_active": 1,
    }
