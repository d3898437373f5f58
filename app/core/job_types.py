"""The types of jobs: how the payload of each is read back, shown and called, and how it enters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.errors import BugError, UsageError
from app.core.order_deeds import OrderComment, OrderInvoice, dump_deed, load_comment, load_invoice
from app.core.payload import load_shipment
from app.core.products import ProductUpdate, dump_product, load_product, product_facts
from app.core.tracking import clean_order_ref
from app.core.types import ORDER_POST, Job, NewJob, Priority, Shipment

PRODUCT_UPDATE = "product.update"
ORDER_INVOICE = "order.invoice"
ORDER_COMMENT = "order.comment"


class Barred(StrEnum):
    """What happens when the remote bars jobs of a type: a right is missing, a setting is off."""

    STOPS = "stops"  # the whole connection stops: it is what the connection is for
    RESTS = "rests"  # jobs of that type rest for a while, everything else goes on
    FAILS = "fails"  # that job needs a person; others of its order go on


@dataclass(frozen=True, slots=True)
class JobType:
    """What the rest of the program needs to know about one type.

    `title`: how a row is called, with {noun} (of the connection: "order") and {ref}. `data`: the
    payload in the copied details; None: in the words of the system it goes to. `by_hand`: what a
    person does there instead, as the end of "In Magento, …"; None: the system knows better.
    """

    name: str
    title: str
    load: Callable[[str], Any]
    barred: Barred
    data: Callable[[Any], Mapping[str, Any]] | None = None
    by_hand: Callable[[Any], str] | None = None

    def called(self, noun: str, ref: str) -> str:
        """ "invoice 316132", "product CARDS-500"."""
        return self.title.format(noun=noun, ref=ref)

    def noun(self, noun: str) -> str:
        """ "invoice", "product", "invoice for order"."""
        return self.called(noun, "").strip()


def _by_hand_product(product: ProductUpdate) -> str:
    facts = product_facts(product)
    values = ", ".join(
        f"{name.replace('_', ' ')} {'yes' if value is True else 'no' if value is False else value}"
        for name, value in facts.items()
        if name not in ("sku", "store_unit")
    )
    return f"open the product {product.sku} and set: {values}"


def _by_hand_invoice(deed: OrderInvoice) -> str:
    return f"open {deed.order_ref} and invoice what is not invoiced yet"


def _by_hand_comment(deed: OrderComment) -> str:
    return f"open {deed.order_ref} and add the comment “{deed.comment}”"


def _invoice_data(deed: OrderInvoice) -> dict[str, Any]:
    return {"order": deed.order_ref, "capture": deed.capture, "notify": deed.notify}


def _comment_data(deed: OrderComment) -> dict[str, Any]:
    return {
        "order": deed.order_ref,
        "comment": deed.comment,
        "notify": deed.notify,
        "visible": deed.visible,
    }


JOB_TYPES = {
    kind.name: kind
    for kind in (
        JobType(ORDER_POST, "{noun} {ref}", load_shipment, Barred.STOPS),
        JobType(
            PRODUCT_UPDATE,
            "product {ref}",
            load_product,
            Barred.RESTS,
            product_facts,
            _by_hand_product,
        ),
        JobType(
            ORDER_INVOICE,
            "invoice for {noun} {ref}",
            load_invoice,
            Barred.FAILS,
            _invoice_data,
            _by_hand_invoice,
        ),
        JobType(
            ORDER_COMMENT,
            "comment on {noun} {ref}",
            load_comment,
            Barred.FAILS,
            _comment_data,
            _by_hand_comment,
        ),
    )
}


def job_type(name: str) -> JobType:
    """Raises: BugError when a newer version wrote the row."""
    found = JOB_TYPES.get(name)
    if found is None:
        raise BugError("payload_newer", version=name)
    return found


def payload_of(job: Job) -> Any:
    """What a job carries. Raises: BugError when that is damaged or newer than the program."""
    return job_type(job.kind).load(job.payload)


def shipment_of(job: Job) -> Shipment | None:
    """What a write-back carries; None for a job of another type. Raises: as `payload_of`."""
    return load_shipment(job.payload) if job.kind == ORDER_POST else None


def product_channel(sku: str) -> str:
    """The jobs of one product at one connection; never the channel of an order."""
    return f"sku:{sku.strip().upper()}"


def product_job(connection_id: int, product: ProductUpdate, number: int) -> NewJob:
    """The job of one product; `number` rises with each of the same product there.

    Raises: UsageError when there is no SKU.
    """
    sku = product.sku.strip()
    if not sku:
        raise UsageError("sku_empty")
    channel = product_channel(sku)
    key = f"{connection_id}/{channel}/product/{number}"
    payload = dump_product(product._replace(sku=sku))
    return NewJob(PRODUCT_UPDATE, connection_id, sku, channel, "", key, payload, Priority.PRODUCT)


def invoice_job(connection_id: int, deed: OrderInvoice, number: int = 0) -> NewJob:
    """The job that invoices an order; no shipment of that order waits for it.

    `number`: 0 is the one that makes itself; it rises when a person wants another.
    Raises: UsageError when there is no order reference.
    """
    return _order_job(ORDER_INVOICE, connection_id, deed, f"invoice/{number}", Priority.ORDER)


def comment_job(connection_id: int, deed: OrderComment, number: int) -> NewJob:
    """The job that puts a comment on an order; `number` rises with each of the same order.

    Raises: UsageError when there is no order reference.
    """
    return _order_job(ORDER_COMMENT, connection_id, deed, f"comment/{number}", Priority.ORDER)


def _order_job(
    kind: str, connection_id: int, deed: OrderInvoice | OrderComment, what: str, priority: int
) -> NewJob:
    order_ref = clean_order_ref(deed.order_ref)
    if not order_ref:
        raise UsageError("order_empty")
    channel = order_ref.upper()
    payload = dump_deed(deed._replace(order_ref=order_ref))
    key = f"{connection_id}/{channel}/{what}"
    return NewJob(kind, connection_id, order_ref, channel, "", key, payload, priority)
