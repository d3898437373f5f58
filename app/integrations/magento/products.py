"""Writes products and their stock to a Magento store, only what is given, and proves it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from app.core.errors import NotFound, Rejected, SetupChanged, TransientError
from app.core.products import ProductUpdate
from app.core.quantities import plain
from app.core.types import Proof
from app.integrations.http import Answer
from app.integrations.magento.client import PROBE, equal
from app.integrations.magento.deeds import Deed
from app.integrations.magento.documents import (
    Product,
    Products,
    SourceItem,
    SourceItems,
    StockItem,
    StoreConfig,
    decode,
)
from app.integrations.magento.refusals import bad_request, raise_for_answer, refusal_of

_FIELDS = "sku,name,price,weight"
_FINEST = Decimal("0.0001")
"""Stores keep numbers with four digits behind the point."""
_KG = {
    "kg": Decimal(1), "kgs": Decimal(1), "g": Decimal("0.001"), "lb": Decimal("0.45359237"),
    "lbs": Decimal("0.45359237"), "oz": Decimal("0.45359237") / 16,
}  # fmt: skip

Facts = dict[str, Decimal | str | bool]
"""What is to be there, or is: name, price, weight, quantity, in stock."""


class MagentoProducts(Deed):
    """A Magento connection that takes products. What it writes holds for all store views."""

    all_views = True
    _weight_unit = ""

    def write(self, product: ProductUpdate, request_id: str) -> Proof:
        """Write what is given of a product, and read it back; the rest stays as it is.

        The same again changes nothing there. Raises: NotFound for a SKU that the store does not
        have, Rejected, Throttled, ConnectionBlocked, OutcomeUnknown, RemoteUnavailable,
        TransientError. Source: Magento contract, section 9.
        """
        with self._writing():
            wanted = self._facts(product, request_id)
            self._put_product(product.sku, wanted, request_id)
            self._put_stock(product.sku, wanted, request_id)
            held = self._read_back(lambda: self._held(product.sku, wanted, request_id))
            odd = [name for name in wanted if not _is_same(wanted[name], held.get(name))]
            if odd:
                found = ", ".join(
                    f"{name} {_said(held.get(name))} instead of {_said(wanted[name])}"
                    for name in odd
                )
                raise TransientError("mg_product_not_kept", sku=product.sku, found=found)
            return self._proof(product.sku, wanted, held)

    def look(self, product: ProductUpdate, request_id: str) -> Proof | None:
        """The proof that all of it is as given.

        Raises: as `write`, but never OutcomeUnknown.
        """
        with self._opening.guarded():
            wanted = self._facts(product, request_id)
            held = self._held(product.sku, wanted, request_id)
            if any(not _is_same(value, held.get(name)) for name, value in wanted.items()):
                return None
            return self._proof(product.sku, wanted, held, was_there=True)

    def _facts(self, product: ProductUpdate, request_id: str) -> Facts:
        given = {
            "name": product.name,
            "price": product.price,
            "weight": self._weight(product, request_id),
            "quantity": product.quantity,
            "in stock": product.in_stock,
        }
        return {name: value for name, value in given.items() if value is not None}

    def _weight(self, product: ProductUpdate, request_id: str) -> Decimal | None:
        """In the store's own unit. Raises: Rejected for one that nobody knows."""
        unit = product.store_unit.strip().lower()
        if product.weight is None or not unit:
            return product.weight
        if unit not in _KG:
            raise Rejected("mg_weight_unit", field="weight", sku=product.sku, unit=unit)
        if not self._weight_unit:
            views = decode(self.client().read(PROBE, request_id), list[StoreConfig])
            self._weight_unit = next((one.weight_unit for one in views if one.weight_unit), "lbs")
        factor = _KG[unit] / _KG.get(self._weight_unit.lower(), _KG["lbs"])
        return (product.weight * factor).quantize(_FINEST).normalize()

    def _put_product(self, sku: str, wanted: Facts, request_id: str) -> None:
        body = {name: _number(wanted[name]) for name in ("name", "price", "weight")
                if name in wanted}  # fmt: skip
        if body:
            self._put(sku, f"products/{_encoded(sku)}", {"product": body}, request_id)
        elif self._opening.settings.stock_source:
            self._product(sku, request_id)  # a source takes what no product has without a word

    def _put_stock(self, sku: str, wanted: Facts, request_id: str) -> None:
        if "quantity" not in wanted and "in stock" not in wanted:
            return
        source = self._opening.settings.stock_source
        if source:
            self._put_source_item(sku, source, wanted, request_id)
            return
        pairs = (("quantity", "qty"), ("in stock", "is_in_stock"))
        item = {there: _number(wanted[here]) for here, there in pairs if here in wanted}
        # The number of the item is not looked at where the product has one.
        path = f"products/{_encoded(sku)}/stockItems/1"
        self._put(sku, path, {"stockItem": item}, request_id)

    def _put_source_item(self, sku: str, source: str, wanted: Facts, request_id: str) -> None:
        """The call takes both figures or forgets one: the other stays as it is read now."""
        quantity, is_there = wanted.get("quantity"), wanted.get("in stock")
        if quantity is None or is_there is None:
            held = self._source_item(sku, source, request_id)
            if quantity is None:
                quantity = (held.quantity if held else None) or Decimal(0)
            if is_there is None:
                known = None if held is None else held.status
                is_there = Decimal(str(quantity)) > 0 if known is None else bool(known)
        item = {
            "sku": sku,
            "source_code": source,
            "quantity": _number(quantity),
            "status": int(bool(is_there)),
        }
        answer = self.client().write(
            "POST", "inventory/source-items", request_id, {"sourceItems": [item]}
        )
        _raise_for_product(answer, sku)

    def _put(self, sku: str, path: str, body: Mapping[str, Any], request_id: str) -> None:
        """Raises: BackhaulError."""
        try:
            answer = self.client().write("PUT", path, request_id, body)
        except NotFound as error:
            raise _no_product(sku, error.excerpt) from error
        except SetupChanged as error:
            raise _about_the_slash(sku, error) from error
        _raise_for_product(answer, sku)

    def _held(self, sku: str, wanted: Facts, request_id: str) -> Facts:
        """What the store has of it, as far as it was wanted.

        Raises: NotFound; as any call that reads.
        """
        product = self._product(sku, request_id)
        found = {"name": product.name, "price": product.price, "weight": product.weight}
        if "quantity" in wanted or "in stock" in wanted:
            found |= self._stock(sku, request_id)
        return {name: value for name, value in found.items()
                if name in wanted and value is not None}  # fmt: skip

    def _product(self, sku: str, request_id: str) -> Product:
        """By its own address; one with a slash in a list: web servers stumble over it."""
        if "/" in sku:
            params = {
                **equal(sku=sku),
                "searchCriteria[pageSize]": 2,
                "fields": f"items[{_FIELDS}],total_count",
            }
            listed = decode(self.client().read("products", request_id, params), Products)
            for product in listed.items or ():
                if product.sku.casefold() == sku.casefold():
                    return product
            raise _no_product(sku, "")
        try:
            answer = self.client().read(
                f"products/{_encoded(sku)}", request_id, {"fields": _FIELDS}
            )
        except NotFound as error:
            raise _no_product(sku, error.excerpt) from error
        return decode(answer, Product)

    def _stock(self, sku: str, request_id: str) -> dict[str, Any]:
        source = self._opening.settings.stock_source
        if source:
            held = self._source_item(sku, source, request_id)
            if held is None:
                return {}
            return {"quantity": held.quantity, "in stock": bool(held.status)}
        try:
            answer = self.client().read(f"stockItems/{_encoded(sku)}", request_id)
        except NotFound as error:
            raise _no_product(sku, error.excerpt) from error
        except SetupChanged as error:
            raise _about_the_slash(sku, error) from error
        item = decode(answer, StockItem)
        return {"quantity": item.qty, "in stock": item.is_in_stock}

    def _source_item(self, sku: str, source: str, request_id: str) -> SourceItem | None:
        params = {**equal(sku=sku, source_code=source), "searchCriteria[pageSize]": 2}
        answer = self.client().read("inventory/source-items", request_id, params)
        return next(iter(decode(answer, SourceItems).items or ()), None)

    def _proof(self, sku: str, wanted: Facts, held: Facts, *, was_there: bool = False) -> Proof:
        read_at = self._context.clock.now_ms()
        sent = _list(sku, wanted)
        return Proof(sent, _list(sku, held), read_at, was_there=was_there, remote_id=sku)


def _raise_for_product(answer: Answer, sku: str) -> None:
    """Raise for a refusal. An unknown SKU is taken as a new product that lacks everything.

    Raises: BackhaulError. Source: Magento contract, section 9.
    """
    if answer.status != 400:
        raise_for_answer(answer, write=True)
        return
    refusal = refusal_of(answer)
    if refusal.has("attribute set entity type"):
        raise _no_product(sku, answer.excerpt())
    error = bad_request(answer, refusal, "")
    if not isinstance(error, Rejected):
        raise error
    message = " ".join(refusal.lines)
    raise Rejected(
        "mg_product_refused", field="", sku=sku, message=message, excerpt=answer.excerpt()
    )


def _no_product(sku: str, excerpt: str) -> NotFound:
    return NotFound("mg_no_product", sku=sku, excerpt=excerpt)


def _about_the_slash(sku: str, error: SetupChanged) -> SetupChanged | Rejected:
    """Where no route fits a SKU with a slash, it is the slash: other products go well."""
    if "/" not in sku or error.code != "mg_no_interface":
        return error
    return Rejected("mg_sku_slash", field="sku", sku=sku, excerpt=error.excerpt)


def _encoded(sku: str) -> str:
    return quote(sku, safe="")


def _number(value: object) -> object:
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def _is_same(wanted: object, held: object) -> bool:
    """14.25 is 14.2500; what the store cannot keep behind the point is no difference."""
    if isinstance(wanted, Decimal) and isinstance(held, Decimal):
        return abs(wanted - held) < _FINEST
    if isinstance(wanted, str) and isinstance(held, str):
        return wanted.split() == held.split()
    return wanted == held


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, Decimal) else str(value or "nothing")


def _list(sku: str, facts: Facts) -> str:
    return f"{sku}: " + ", ".join(_told(facts))


def _told(facts: Facts) -> Iterator[str]:
    for name, value in facts.items():
        yield f"{name} {_said(value)}"
