"""What else happens to an order: invoices, comments, hold."""

from collections.abc import Mapping
from typing import Any

from app.practice.magento.refusals import RefusedError, document, required
from app.practice.magento.shipping import move_on
from app.practice.magento.shop import STATUSES, MagentoShop, row_parent
from app.practice.shelf import Document

_STOPPED = ("holded", "canceled", "payment_review", "closed")


class Selling:
    """Calls on one order."""

    def __init__(self, shop: MagentoShop) -> None:
        self._shop = shop

    def invoice(self, order_id: int, body: Mapping[str, Any], *, keep: bool) -> str:
        """POST V1/order/{orderId}/invoice; returns the invoice's id."""
        order = self._shop.order(order_id)
        top = [row for row in order["items"] if not row_parent(row)]
        wanted = _to_invoice(order, top, body)
        if self._shop.values["gateway_refuses"] and body.get("capture"):
            raise RefusedError(400, "Could not save an invoice, see error log for details")
        if not keep:
            return str(int(self._shop.values["last_ids"].get("invoice", 0)) + 1)
        return str(self._invoiced(order, top, wanted, body)["entity_id"])

    def comment(self, order_id: int, body: Mapping[str, Any], *, keep: bool) -> bool:
        """POST V1/orders/{id}/comments. Up to 2.4.4 a missing status blanks that of the order;
        later ones refuse a status that the order's state does not have."""
        order = self._shop.order(order_id)
        given = body.get("statusHistory") or body.get("status_history")
        if not isinstance(given, Mapping) or "comment" not in given:
            raise required("statusHistory")
        status = given.get("status")
        checks = self._shop.version >= (2, 4, 7)
        if checks and status is not None and status not in STATUSES[order["state"]]:
            text = (
                f'Unable to add comment: The status "{status}" is not part of the order '
                "status history."
            )
            raise RefusedError(400, text)
        if keep:
            order["status_histories"].append(
                {
                    "entity_id": self._shop.next_id("comment"),
                    "parent_id": order["entity_id"],
                    "created_at": self._shop.moment(),
                    "entity_name": "order",
                    "comment": given["comment"],
                    "is_customer_notified": int(given.get("is_customer_notified") or 0),
                    "is_visible_on_front": int(given.get("is_visible_on_front") or 0),
                    "status": status,
                }
            )
            if status is not None or not checks:
                order["status"] = status
            self._shop.touch(order)
        return True

    def hold(self, order_id: int, *, keep: bool) -> bool:
        """POST V1/orders/{id}/hold."""
        order = self._shop.order(order_id)
        if order["state"] in (*_STOPPED, "complete"):
            raise RefusedError(400, "A hold action is not available.")
        if keep:
            before = {"hold_before_state": order["state"], "hold_before_status": order["status"]}
            order.update(before, state="holded", status="holded")
            self._shop.touch(order)
        return True

    def unhold(self, order_id: int, *, keep: bool) -> bool:
        """POST V1/orders/{id}/unhold."""
        order = self._shop.order(order_id)
        if order["state"] != "holded":
            raise RefusedError(400, "You cannot remove the hold.")
        if keep:
            state, status = order.pop("hold_before_state"), order.pop("hold_before_status")
            order.update(state=state, status=status)
            self._shop.touch(order)
        return True

    def _invoiced(
        self,
        order: Document,
        top: list[Document],
        wanted: Mapping[int, float],
        body: Mapping[str, Any],
    ) -> Document:
        shop = self._shop
        number = shop.next_id("invoice")
        rows = []
        for row in top:
            quantity = wanted.get(row["item_id"], 0)
            if quantity > 0:
                row["qty_invoiced"] += quantity
                rows.append({"order_item_id": row["item_id"], "sku": row["sku"], "qty": quantity})
        amount = round(sum(row["price"] * wanted.get(row["item_id"], 0) for row in top), 2)
        total = round(float(order.get("total_invoiced") or 0) + amount, 2)
        order.update(
            total_invoiced=total, total_paid=total, total_due=round(order["grand_total"] - total, 2)
        )
        moment = shop.moment()
        invoice: Document = {
            "entity_id": number,
            "increment_id": f"{number:09}",
            "order_id": order["entity_id"],
            "store_id": order["store_id"],
            "state": 2,  # paid: for offline methods without `capture`, too
            "email_sent": int(bool(body.get("notify"))),
            "grand_total": amount,
            "total_qty": sum(wanted.values()),
            "created_at": moment,
            "updated_at": moment,
            "items": rows,
        }
        shop.values["invoices"][str(number)] = invoice
        move_on(shop, order)
        return invoice


def _to_invoice(order: Document, top: list[Document], body: Mapping[str, Any]) -> dict[int, float]:
    """How much of each row the invoice will hold; without `items` all that is left.

    Raises: RefusedError with every line that does not hold.
    """
    lines = []
    if order["state"] in _STOPPED:
        status = order["status"]
        lines.append(f"An invoice cannot be created when an order has a status of {status}")
    left = {
        row["item_id"]: row["qty_ordered"] - row["qty_invoiced"] - row["qty_canceled"]
        for row in top
    }
    wanted = {
        int(item.get("order_item_id", 0)): float(item.get("qty", 0))
        for item in body.get("items") or ()
    } or {number: quantity for number, quantity in left.items() if quantity > 0}
    if not any(quantity > 0 for quantity in left.values()):
        lines.append("The order does not allow an invoice to be created.")
    elif not set(wanted) <= set(left):
        text = "The invoice contains one or more items that are not part of the original order."
        lines.append(text)
    elif not any(wanted.values()):
        lines.append("The invoice can't be created without products. Add products and try again.")
    lines += [
        "The quantity to invoice must not be greater than the uninvoiced quantity for product SKU "
        f'"{row["sku"]}".'
        for row in top
        if wanted.get(row["item_id"], 0) > left[row["item_id"]]
    ]
    if lines:
        raise document("Invoice", lines)
    return wanted
