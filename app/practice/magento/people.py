"""What people do at a practice Magento store, by call or on command."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.practice.magento.catalogue import Catalogue
from app.practice.magento.refusals import RefusedError
from app.practice.magento.selling import Selling
from app.practice.magento.shipping import Shipping, left_to_ship, ships_itself
from app.practice.magento.shop import RIGHTS, MagentoShop, row_parent
from app.practice.options import number as amount_of
from app.practice.options import require_fit, switch
from app.practice.shelf import Document

ACTS: Mapping[str, str] = {
    "add_order": "a customer orders (--order, --items as CARDS=2 PAPER=1)",
    "invoice": "an extension or a person invoices the order, all of it or --items as CARDS=1",
    "hold": "the order is put on hold",
    "unhold": "the hold ends",
    "cancel": "the order is cancelled",
    "refund": "the whole order is refunded",
    "ship_by_hand": "somebody ships all that is left in the admin, with --tracking or without",
    "state": "the order gets --state and --status",
    "add_product": "a new product (--sku, --name, --price, --weight)",
    "add_products": "--count new products at once: SKU-00001 and so on, or another --stem",
    "gateway": "the payment gateway refuses every capture (--refuses true or false)",
    "lock_tables": "the next --times saves of products fail (--words deadlock or timeout, --code)",
    "source": "the store ships from one more source (--code)",
    "break_order": "a list that holds the order fails (--broken true or false)",
    "right": "the integration has the right --resource (--allowed true or false)",
    "revoke": "the integration is revoked, or with --revoked false allowed again",
    "bearer": "the integration's token may be used by itself (--allowed true or false)",
    "two_factor": "people need a code to sign in (--needed true or false)",
    "version": "the store behaves like release --release (2.3.7, 2.4.1, 2.4.7)",
    "page_limit": "a list holds --most rows at most; 0: as many as are asked for",
    "latency": "every answer takes --seconds",
    "normal": "back to normal: every right, no hold, nothing broken, no delay",
}
"""What a person at the real store could do, with words for the command line."""


class People:
    """One method per act. All raise ValueError in words when it cannot be done."""

    acts = ACTS

    def __init__(self, shop: MagentoShop) -> None:
        self._shop = shop

    def act(self, name: str, options: Mapping[str, Any]) -> None:
        """Carry out one of ACTS."""
        if name not in ACTS:
            raise ValueError(f"there is no act “{name}”; there are: {', '.join(ACTS)}")
        method = getattr(self, name)
        require_fit(name, method, options)
        with self._shop.lock:
            try:
                method(**options)
            except RefusedError as refused:
                raise ValueError(str(refused)) from None

    def add_order(
        self, /, order: str, items: str | Sequence[Mapping[str, Any]] = (), **fields: Any
    ) -> Document:
        """A new order; `fields` overlay the usual document. An item: sku, qty, price, type,
        children, shipped; or all of them typed as "CARDS=2 PAPER=1"."""
        if not str(order):
            raise ValueError("an order needs a number")
        with self._shop.lock:
            rows = _typed(items) if isinstance(items, str) else items
            one = ({"sku": "CARDS-250", "name": "Business cards, 250", "qty": 1, "price": 19.5},)
            return self._shop.add_order(str(order), rows or one, fields)

    def invoice(self, order: str, items: str = "") -> None:
        """Invoiced in full, or only some of it."""
        document = self._shop.numbered(order)
        rows = {row["sku"]: row["item_id"] for row in document["items"] if not row_parent(row)}
        body = {
            "items": [
                {"order_item_id": rows.get(one["sku"], 0), "qty": one["qty"]}
                for one in _typed(items)
            ]
        }
        Selling(self._shop).invoice(document["entity_id"], body, keep=True)

    def hold(self, order: str) -> None:
        """On hold."""
        Selling(self._shop).hold(self._shop.numbered(order)["entity_id"], keep=True)

    def unhold(self, order: str) -> None:
        """Not on hold any more."""
        Selling(self._shop).unhold(self._shop.numbered(order)["entity_id"], keep=True)

    def cancel(self, order: str) -> None:
        """Cancelled."""
        document = self._shop.numbered(order)
        for row in document["items"]:
            row["qty_canceled"] = row["qty_ordered"]
        self.state(order, "canceled", "canceled")

    def refund(self, order: str) -> None:
        """Refunded."""
        document = self._shop.numbered(order)
        for row in document["items"]:
            row["qty_refunded"] = row["qty_ordered"]
        document["total_refunded"] = document["grand_total"]
        self.state(order, "closed", "closed")

    def ship_by_hand(self, order: str, tracking: str = "") -> None:
        """Everything that is left, from the admin."""
        document = self._shop.numbered(order)
        items = [
            {"order_item_id": row["item_id"], "qty": left_to_ship(self._shop, row)}
            for row in document["items"]
            if ships_itself(self._shop, document, row)
        ]
        track = {"track_number": str(tracking), "title": "By hand", "carrier_code": "custom"}
        body = {"items": items, "tracks": [track] if tracking else []}
        Shipping(self._shop).ship(document["entity_id"], body, keep=True)

    def state(self, order: str, state: str, status: str = "") -> None:
        """Give the order a state, as an extension may."""
        document = self._shop.numbered(order)
        document.update(state=str(state), status=str(status) or str(state))
        self._shop.touch(document)

    def add_product(
        self, sku: str, name: str = "", price: float = 10.0, weight: float = 0.5
    ) -> None:
        """A new product."""
        price, weight = amount_of("price", price), amount_of("weight", weight)
        Catalogue(self._shop).add(str(sku), str(name), price, weight)
        self._shop.save()

    def add_products(self, count: int, stem: str = "SKU-") -> None:
        """As many as a large shop has."""
        catalogue = Catalogue(self._shop)
        for number in range(1, int(amount_of("count", count)) + 1):
            catalogue.add(f"{stem}{number:05}", f"Product {number}")
        self._shop.save()

    def gateway(self, refuses: bool = True) -> None:
        """Whoever takes the money says no."""
        self._shop.set(gateway_refuses=switch("refuses", refuses))

    def lock_tables(self, times: int = 1, words: str = "deadlock", code: int = 400) -> None:
        """An index or an import holds the product tables."""
        if words not in ("deadlock", "timeout") or int(code) not in (400, 500):
            raise ValueError("“words” is deadlock or timeout, “code” is 400 or 500")
        left = {"times": int(amount_of("times", times)), "code": int(code), "words": words}
        self._shop.set(locked_tables=left)

    def source(self, code: str) -> None:
        """One more place that goods are sent from."""
        sources = [one for one in self._shop.values["sources"] if one != str(code)]
        self._shop.set(sources=[*sources, str(code)])

    def break_order(self, order: str, broken: bool = True) -> None:
        """An order that no list can show."""
        self._shop.numbered(order)
        others = [one for one in self._shop.values["broken_orders"] if one != str(order)]
        self._shop.set(broken_orders=[*others, str(order)] if switch("broken", broken) else others)

    def right(self, resource: str, allowed: bool = False) -> None:
        """What the integration may do."""
        if resource not in RIGHTS:
            raise ValueError(f"there is no right “{resource}”; there are: {', '.join(RIGHTS)}")
        rights = [one for one in self._shop.values["rights"] if one != resource]
        self._shop.set(rights=[*rights, resource] if switch("allowed", allowed) else rights)

    def revoke(self, revoked: bool = True) -> None:
        """The integration, by its owner."""
        self._shop.set(revoked=switch("revoked", revoked))

    def bearer(self, allowed: bool = True) -> None:
        """The setting of 2.4.4 and later."""
        self._shop.set(bearer_allowed=switch("allowed", allowed))

    def two_factor(self, needed: bool = True) -> None:
        """A code besides the password."""
        self._shop.set(two_factor=switch("needed", needed))

    def version(self, release: str) -> None:
        """Another release."""
        parts = str(release).split(".")
        if len(parts) < 2 or not all(part.isdecimal() for part in parts):
            raise ValueError(f"“release” looks like 2.4.7, not “{release}”")
        self._shop.set(version=str(release))

    def page_limit(self, most: int) -> None:
        """The input limits of the store."""
        self._shop.set(max_page_size=int(amount_of("most", most)))

    def latency(self, seconds: float) -> None:
        """How long every answer takes."""
        self._shop.set(latency_s=amount_of("seconds", seconds))

    def normal(self) -> None:
        """Rights, sign-in, limits and broken orders; orders stay as they are, holds end."""
        for document in self._shop.values["orders"].values():
            if document["state"] == "holded":
                Selling(self._shop).unhold(document["entity_id"], keep=True)
        self._shop.set(
            rights=list(RIGHTS), revoked=False, two_factor=False, broken_orders=[],
            max_page_size=0, latency_s=0.0, gateway_refuses=False, wrong_passwords=0,
            locked_until="",
            locked_tables={"times": 0, "code": 400, "words": "deadlock"},
        )  # fmt: skip


def _typed(text: str) -> list[dict[str, Any]]:
    """Raises: ValueError in words."""
    pairs = [word.partition("=") for word in text.split()]
    return [{"sku": sku, "qty": amount_of("items", count or 1)} for sku, _, count in pairs]
