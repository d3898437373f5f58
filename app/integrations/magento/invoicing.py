"""Invoices orders at a Magento store, each once, and proves it."""

from typing import Any

from app.core.errors import (
    BackhaulError,
    Conflict,
    RecordClosed,
    Rejected,
    TransientError,
)
from app.core.order_deeds import OrderInvoice
from app.core.quantities import plain
from app.core.types import Proof
from app.integrations.http import Answer
from app.integrations.magento.deeds import Deed
from app.integrations.magento.documents import Invoice, decode
from app.integrations.magento.download import Invoiced, invoiced, is_all_invoiced
from app.integrations.magento.looking import invoices_of, read_order_of
from app.integrations.magento.order_documents import ORDER_FIELDS, ListedOrder
from app.integrations.magento.refusals import bad_request, refusal_of, stopped_order

_STATES = {1: "not paid yet", 2: "paid", 3: "cancelled"}
_CANCELED = 3


class MagentoInvoices(Deed):
    """A Magento connection that invoices orders."""

    def write(self, deed: OrderInvoice, request_id: str) -> Proof:
        """Invoice all of an order that is not invoiced yet, and read the invoice back.

        Looks first, so it is safe to repeat. A payment gateway that refuses is for a person: a
        call more might charge a card. Raises: RecordLocked (on hold, payment under review),
        RecordClosed, NotFound, Conflict (somebody invoiced a part), Rejected, Throttled,
        ConnectionBlocked, OutcomeUnknown, RemoteUnavailable, TransientError.
        Source: Magento contract, section 10.2.
        """
        with self._writing():
            return self._invoiced(deed, request_id)

    def look(self, deed: OrderInvoice, request_id: str) -> Proof | None:
        """The proof that nothing of the order is left to invoice.

        Raises: as `write`, but never OutcomeUnknown.
        """
        with self._opening.guarded():
            return self._there(deed, self._order(deed, request_id), request_id)

    def _invoiced(self, deed: OrderInvoice, request_id: str) -> Proof:
        """Look, then write; an order that changes between the two is looked at once more."""
        changed: BackhaulError | None = None
        for _ in range(2):
            order = self._order(deed, request_id)
            proof = self._there(deed, order, request_id)
            if proof is not None:
                return proof
            _refuse_state(order)
            path = f"order/{order.entity_id}/invoice"
            body = {"capture": deed.capture, "notify": deed.notify}
            answer = self.client().write("POST", path, request_id, body, order.increment_id)
            if answer.status != 400:
                return self._proof_of(answer, deed, order, request_id)
            changed = _refused(answer, order)
        assert changed is not None
        raise changed

    def _order(self, deed: OrderInvoice, request_id: str) -> ListedOrder:
        answer = read_order_of(self.client(), deed, ORDER_FIELDS, request_id)
        return decode(answer, ListedOrder)

    def _there(self, deed: OrderInvoice, order: ListedOrder, request_id: str) -> Proof | None:
        """The proof that all of it is invoiced, whoever did it."""
        if order.state == "canceled" or not is_all_invoiced(order):
            return None
        there = invoices_of(self.client(), order.entity_id, request_id)
        held = "; ".join(_describe(one, order) for one in there if one.state != _CANCELED)
        remote_id = there[-1].name if there else ""
        return self._proof(deed, held or "nothing is left to invoice", remote_id, was_there=True)

    def _proof_of(
        self, answer: Answer, deed: OrderInvoice, order: ListedOrder, request_id: str
    ) -> Proof:
        number = decode(answer, int, write=True)
        there = self._read_back(lambda: invoices_of(self.client(), order.entity_id, request_id))
        for one in there:
            if one.entity_id == number:
                return self._proof(deed, _describe(one, order), one.name)
        raise TransientError("mg_invoice_not_stored", order=order.increment_id)

    def _proof(
        self, deed: OrderInvoice, held: str, remote_id: str, *, was_there: bool = False
    ) -> Proof:
        sent = f"invoice for order {deed.order_ref}"
        read_at = self._context.clock.now_ms()
        return Proof(sent, held, read_at, was_there=was_there, remote_id=remote_id)


def _describe(invoice: Invoice, order: ListedOrder) -> str:
    parts = [f"invoice {invoice.name}"]
    if invoice.grand_total is not None:
        parts.append(f"of {invoice.grand_total:.2f} {order.order_currency_code or ''}".strip())
    state = _STATES.get(invoice.state or 0)
    return " ".join(parts) + (f": {state}" if state else "")


def _refuse_state(order: ListedOrder) -> None:
    """Raise for an order that cannot or must not be invoiced as it stands.

    Raises: RecordLocked, RecordClosed, Conflict.
    """
    number = order.increment_id
    match order.state:
        case "holded" | "payment_review":
            raise stopped_order(order.state, number)
        case "canceled":
            raise RecordClosed("mg_invoice_canceled", order=number)
        case "closed":
            raise RecordClosed("mg_invoice_refunded", order=number)
    if invoiced(order) is Invoiced.PARTIAL:
        total = plain(order.total_invoiced) if order.total_invoiced else "0"
        raise Conflict("mg_partly_invoiced", order=number, amount=total)


def _refused(answer: Answer, order: ListedOrder) -> BackhaulError:
    """What a refusal comes to where another look shows the order as it was.

    Raises: BackhaulError where another look cannot help.
    """
    refusal, number = refusal_of(answer), order.increment_id
    params: dict[str, Any] = {"order": number, "excerpt": answer.excerpt()}
    message = " ".join(refusal.lines)
    if refusal.has("could not save an invoice"):
        raise Rejected("mg_invoice_not_saved", field="", **params)
    if refusal.is_about_the_invoice:
        return Rejected("mg_invoice_refused", field="", message=message, **params)
    error = bad_request(answer, refusal, number)
    if isinstance(error, TransientError):  # rolled back there; what the gateway did is not known
        raise Rejected("mg_invoice_not_saved", field="", **params)
    raise error
