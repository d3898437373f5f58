"""`order/{id}/ship` and tracks, as a store carries them out: cut quantities, no idempotency."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.practice.magento.refusals import RefusedError, document, no_entity, required
from app.practice.magento.shop import STATUS_OF_STATE, MagentoShop, row_parent
from app.practice.shelf import Document

_NOTHING = "The order does not allow a shipment to be created."
_NO_PRODUCTS = "You can't create a shipment without products."
_FAILED = "Could not save a shipment, see error log for details"
_STOPPED = ("holded", "canceled", "payment_review")


def left_to_ship(shop: MagentoShop, row: Document) -> float:
    """How many pieces of a row are still to be shipped."""
    gone = (
        max(row["qty_shipped"], row["qty_refunded"])
        if shop.version >= (2, 4)
        else row["qty_shipped"] + row["qty_refunded"]
    )
    # Stores keep four digits behind the point.
    return max(0.0, round(float(row["qty_ordered"] - gone - row["qty_canceled"]), 4))


def ships_itself(shop: MagentoShop, order: Document, row: Document) -> bool:
    """True for the row that a shipment names: a configurable's parent, not its child."""
    if row["is_virtual"]:
        return False
    parent = next((one for one in order["items"] if one["item_id"] == row_parent(row)), None)
    if row["product_type"] == "bundle":
        return bool(shop.values["bundles"][str(row["item_id"])] == "together")
    if parent is None:
        return True
    is_bundle = parent["product_type"] == "bundle"
    return bool(is_bundle and shop.values["bundles"][str(parent["item_id"])] == "separately")


class Shipping:
    """Shipments and their tracks."""

    def __init__(self, shop: MagentoShop) -> None:
        self._shop = shop

    def ship(self, order_id: int, body: Mapping[str, Any], *, keep: bool) -> str:
        """POST V1/order/{orderId}/ship; returns the shipment's id as the JSON string it is."""
        order = self._shop.order(order_id)
        tracks = list(_given(body, "tracks") or ())
        quantities = self._checked(order, _given(body, "items"), tracks)
        if not keep:
            return str(int(self._shop.values["last_ids"].get("shipment", 0)) + 1)
        return str(self._store(order, quantities, tracks, body)["entity_id"])

    def add_track(self, body: Mapping[str, Any], *, keep: bool) -> Document:
        """POST V1/shipment/track; the same number twice makes two tracks."""
        entity = body.get("entity")
        if not isinstance(entity, Mapping):
            raise required("entity")
        values = {_snake(str(name)): value for name, value in entity.items()}
        shipment = self._shop.values["shipments"].get(str(values.get("parent_id")))
        is_whole = all(values.get(name) for name in ("track_number", "title", "carrier_code"))
        if shipment is None or shipment["order_id"] != values.get("order_id") or not is_whole:
            raise RefusedError(400, "Could not save the shipment tracking.")
        track = self._track(shipment, values)
        if keep:
            shipment["tracks"].append(track)
            shipment["updated_at"] = self._shop.moment()
            self._shop.save()
        return track

    def remove_track(self, track_id: int, *, keep: bool) -> bool:
        """DELETE V1/shipment/track/{id}."""
        for shipment in self._shop.values["shipments"].values():
            for track in shipment["tracks"]:
                if track["entity_id"] == track_id:
                    if keep:
                        shipment["tracks"].remove(track)
                        self._shop.save()
                    return True
        raise no_entity()

    def shipment(self, shipment_id: int) -> Document:
        """GET V1/shipment/{id}."""
        found: Document | None = self._shop.values["shipments"].get(str(shipment_id))
        if found is None:
            raise no_entity()
        return found

    def _checked(
        self, order: Document, items: Sequence[Mapping[str, Any]] | None, tracks: Sequence[Any]
    ) -> dict[int, float]:
        """The quantity of each row that the shipment will hold.

        Raises: RefusedError with every line that does not hold.
        """
        lines = []
        if order["state"] in _STOPPED or order["is_virtual"]:
            status = order["status"]
            lines.append(f"A shipment cannot be created when an order has a status of {status}")
        rows = {row["item_id"]: row for row in order["items"]}
        shippable = {
            number: left
            for number, row in rows.items()
            if ships_itself(self._shop, order, row) and (left := left_to_ship(self._shop, row)) > 0
        }
        if not shippable:
            lines += [_NOTHING, _NO_PRODUCTS]
        elif items is not None:
            lines += self._wrong_bundles(rows, items)
            shippable = _cut(shippable, items)
            if not shippable and not lines:
                lines.append(_NO_PRODUCTS)
        if any(not str(_read(track, "track_number") or "").strip() for track in tracks):
            lines.append("Please enter a tracking number.")
        if lines:
            raise document("Shipment", lines)
        if any(not (_read(one, "title") and _read(one, "carrier_code")) for one in tracks):
            raise RefusedError(400, _FAILED)
        return shippable

    def _wrong_bundles(
        self, rows: Mapping[int, Document], items: Sequence[Mapping[str, Any]]
    ) -> list[str]:
        if self._shop.version < (2, 4, 2):
            return []
        lines = []
        for item in items:
            row = rows.get(_whole(_read(item, "order_item_id")))
            if row is None:
                continue
            parent = rows.get(row_parent(row))
            above = row if row["product_type"] == "bundle" else parent
            if above is None or above["product_type"] != "bundle":
                continue
            way = self._shop.values["bundles"][str(above["item_id"])]
            name = above["sku"]
            start = f'Cannot create shipment as bundle product "{name}" has shipment type '
            if way == "together" and row is not above:
                lines.append(f'{start}"Together". Bundle product itself should be shipped instead.')
            elif way == "separately" and row is above:
                end = '"Separately". Bundle product options should be shipped instead.'
                lines.append(start + end)
        return list(dict.fromkeys(lines))

    def _store(
        self,
        order: Document,
        quantities: Mapping[int, float],
        tracks: Sequence[Any],
        body: Mapping[str, Any],
    ) -> Document:
        shop, moment = self._shop, self._shop.moment()
        number = shop.next_id("shipment")
        shipment: Document = {
            "entity_id": number,
            "increment_id": f"{number:09}",
            "order_id": order["entity_id"],
            "store_id": order["store_id"],
            "created_at": moment,
            "updated_at": moment,
            "total_qty": sum(quantities.values()),
            "email_sent": int(bool(body.get("notify"))),
            "items": [],
            "tracks": [],
            "comments": _comments(number, moment, body),
        }
        for row in order["items"]:
            if row["item_id"] in quantities:
                row["qty_shipped"] += quantities[row["item_id"]]
                shipment["items"].append(
                    {
                        "entity_id": shop.next_id("shipment_item"),
                        "parent_id": number,
                        "order_item_id": row["item_id"],
                        "sku": row["sku"],
                        "name": row["name"],
                        "qty": quantities[row["item_id"]],
                    }
                )
        for track in tracks:
            values = {_snake(str(name)): value for name, value in dict(track).items()}
            shipment["tracks"].append(self._track(shipment, values))
        shop.values["shipments"][str(number)] = shipment
        move_on(shop, order)
        return shipment

    def _track(self, shipment: Document, values: Mapping[str, Any]) -> Document:
        moment = self._shop.moment()
        return {
            "entity_id": self._shop.next_id("track"),
            "order_id": shipment["order_id"],
            "parent_id": shipment["entity_id"],
            "created_at": moment,
            "updated_at": moment,
            "track_number": str(values["track_number"]),
            "title": str(values["title"]),
            "carrier_code": str(values["carrier_code"]),
            "weight": values.get("weight") or 0,
            "qty": values.get("qty") or 1,
            "description": values.get("description") or "",
        }


def move_on(shop: MagentoShop, order: Document) -> None:
    """State and status after a shipment or an invoice."""
    before = order["state"]
    top = [row for row in order["items"] if not row_parent(row)]
    shipped = all(
        left_to_ship(shop, row) == 0 for row in order["items"] if ships_itself(shop, order, row)
    )
    invoiced = all(row["qty_invoiced"] + row["qty_canceled"] >= row["qty_ordered"] for row in top)
    after = "complete" if shipped and invoiced else "processing"
    order["state"] = after
    if shop.version < (2, 4, 2) or before != after:
        order["status"] = STATUS_OF_STATE[after]
    shop.touch(order)


def _cut(left: Mapping[int, float], items: Sequence[Mapping[str, Any]]) -> dict[int, float]:
    """More than what is left is cut without a word; other rows are passed over."""
    found: dict[int, float] = {}
    for item in items:
        number = _whole(_read(item, "order_item_id"))
        wanted = float(_read(item, "qty") or 0)
        if number in left and wanted > 0:
            found[number] = min(left[number], wanted)
    return found


def _comments(number: int, moment: str, body: Mapping[str, Any]) -> list[Document]:
    comment = body.get("comment")
    if not isinstance(comment, Mapping) or not comment.get("comment"):
        return []
    return [
        {
            "parent_id": number,
            "created_at": moment,
            "comment": str(comment["comment"]),
            "is_visible_on_front": int(_read(comment, "is_visible_on_front") or 0),
            "is_customer_notified": int(bool(body.get("notify"))),
        }
    ]


def _given(body: Mapping[str, Any], name: str) -> Sequence[Any] | None:
    """A list that was sent; absent or empty is None."""
    value = body.get(name)
    if value is not None and not isinstance(value, list):
        raise RefusedError(400, "Decoding error.")
    return value or None


def _read(values: Any, name: str) -> Any:
    """A field in either way of writing."""
    if not isinstance(values, Mapping):
        return None
    camel = name.split("_")[0] + "".join(part.title() for part in name.split("_")[1:])
    return values.get(name, values.get(camel))


def _snake(name: str) -> str:
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name)


def _whole(value: Any) -> int:
    text = str(value)
    return int(text) if text.isdecimal() else 0
