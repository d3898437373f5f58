"""Whether an order is taken over: how far it is invoiced, and what the chosen mode makes of it.

Pure functions. Source: Magento contract, section 10; the algorithm is ours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.core.order_deeds import OrderInvoice
from app.core.orders import OrderWish, Reason
from app.integrations.base import OrderMode
from app.integrations.magento.order_documents import ListedOrder, ListedRow
from app.integrations.magento.settings import Settings

WAIT_FOR_INVOICE, AUTO_INVOICE = "wait-for-invoice", "auto-invoice"
_HALF_A_CENT = Decimal("0.005")

MODES = (
    OrderMode(
        WAIT_FOR_INVOICE,
        "An order is taken over once it is invoiced in full in Magento.",
    ),
    OrderMode(
        AUTO_INVOICE,
        "An order is taken over before it is invoiced, and Backhaul invoices it: that may take "
        "the payment, also of orders that are open since the start date.",
    ),
)


class Invoiced(StrEnum):
    """How far an order is invoiced."""

    NONE = "none"  # nothing of it
    PARTIAL = "partial"  # some of it
    FULL = "full"  # every piece that was not cancelled


def invoiced(order: ListedOrder) -> Invoiced:
    """How far an order is invoiced, from its own amounts and rows (section 10.1)."""
    total = order.total_invoiced or Decimal(0)
    goal = (order.grand_total or Decimal(0)) - (order.total_canceled or Decimal(0))
    if is_all_invoiced(order) and total + _HALF_A_CENT >= goal:
        return Invoiced.FULL
    if total > _HALF_A_CENT or any((row.qty_invoiced or 0) > 0 for row in _top(order)):
        return Invoiced.PARTIAL
    return Invoiced.NONE


def is_all_invoiced(order: ListedOrder) -> bool:
    """True when no piece is left to invoice, whatever the amounts say: discounts and gift cards
    may keep them apart."""
    return all(
        (row.qty_invoiced or 0) + (row.qty_canceled or 0) >= row.qty_ordered for row in _top(order)
    )


def _top(order: ListedOrder) -> list[ListedRow]:
    return [row for row in order.items if not row.parent_item_id]


def is_paid(order: ListedOrder) -> bool:
    """True when the store says that all of it was paid."""
    if order.total_paid is None:
        return False
    return order.total_paid + _HALF_A_CENT >= (order.grand_total or Decimal(0))


_BY_STATE: Mapping[str, str] = {
    "canceled": "mg_skip_canceled",
    "closed": "mg_skip_closed",
    "holded": "mg_skip_on_hold",
    "payment_review": "mg_skip_payment_review",
    "pending_payment": "mg_skip_payment_pending",
}
_GOING_ON = ("new", "processing", "complete")


def decide(order: ListedOrder, wish: OrderWish, *, invoiced_by_us: bool = False) -> Reason | None:
    """Why the order is skipped; None: it is taken over (section 10.2, in its order)."""
    state = order.state or ""
    if wish.stores and str(order.store_id) not in wish.stores:
        stores = ", ".join(sorted(wish.stores))
        return Reason(
            "mg_skip_store", {"store": order.store_id, "setting": "store", "value": stores}
        )
    if order.status == "fraud" and state not in ("canceled", "closed", "holded"):
        return Reason("mg_skip_payment_review")
    if state in _BY_STATE:
        return Reason(_BY_STATE[state])
    if state not in _GOING_ON:
        return Reason("mg_skip_unknown_state", {"state": state or "none"})
    return _by_mode(invoiced(order), wish.mode, invoiced_by_us=invoiced_by_us)


def _by_mode(found: Invoiced, mode: str, *, invoiced_by_us: bool) -> Reason | None:
    setting = {"setting": "mode", "value": mode}
    if mode == WAIT_FOR_INVOICE:
        if found is Invoiced.NONE:
            return Reason("mg_skip_not_invoiced", setting)
        return Reason("mg_skip_partly_invoiced", setting) if found is Invoiced.PARTIAL else None
    if mode == AUTO_INVOICE and not invoiced_by_us:
        if found is Invoiced.FULL:
            return Reason("mg_skip_already_invoiced", setting)
        return Reason("mg_skip_partly_invoiced", setting) if found is Invoiced.PARTIAL else None
    return None


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides on the orders of one reading. `is_ours`: a job of ours invoices that order, or did;
    by number and remote id."""

    wish: OrderWish
    settings: Settings
    is_ours: Callable[[str, str], bool] = lambda order_ref, remote_id: False

    def skip(self, order: ListedOrder) -> Reason | None:
        """Why the order is skipped; None: it is taken over."""
        by_us = (
            self.wish.mode == AUTO_INVOICE
            and invoiced(order) is not Invoiced.NONE
            and self.is_ours(order.increment_id, str(order.entity_id))
        )
        return decide(order, self.wish, invoiced_by_us=by_us)

    def deeds(self, order: ListedOrder) -> tuple[OrderInvoice, ...]:
        """What is to be done to an order that is taken over: its invoice, where it has none."""
        if self.wish.mode != AUTO_INVOICE:
            return ()
        if invoiced(order) is not Invoiced.NONE or is_all_invoiced(order):
            return ()
        settings, remote_id = self.settings, str(order.entity_id)
        deed = OrderInvoice(
            order.increment_id, remote_id, settings.captures, settings.invoice_notifies
        )
        return (deed,)


WRONG_MODE = {
    "mg_skip_not_invoiced": "mg_mode_wait",
    "mg_skip_already_invoiced": "mg_mode_auto",
}
"""Skipped so nearly always, the mode is likely the wrong one; what is said then."""
