"""The types of jobs: how each enters, is called and read back."""

from decimal import Decimal

import pytest

from app.core.errors import BugError, UsageError
from app.core.job_types import (
    JOB_TYPES,
    comment_job,
    invoice_job,
    job_type,
    payload_of,
    product_job,
    shipment_of,
)
from app.core.order_deeds import OrderComment, OrderInvoice
from app.core.products import ProductUpdate
from app.core.states import JobState
from app.core.tracking import order_channel
from app.core.types import NewJob, Priority
from tests.builders import a_job, a_shipment

PRODUCT = ProductUpdate("Cards-500", price=Decimal("14.25"))
INVOICE = OrderInvoice("#000000123", "17")
COMMENT = OrderComment("000000123", "17", "Packed")


def stored(job: NewJob) -> object:
    return payload_of(a_job(JobState.PENDING, kind=job.kind, payload=job.payload))


def test_product_keeps_its_own_channel_whatever_orders_are_called() -> None:
    job = product_job(3, PRODUCT, 2)
    assert (job.order_ref, job.channel, job.tracking) == ("Cards-500", "sku:CARDS-500", "")
    assert job.idempotency_key == "3/sku:CARDS-500/product/2"
    assert job.priority == Priority.PRODUCT
    assert order_channel("sku:CARDS-500") != job.channel
    assert stored(job) == PRODUCT


def test_deeds_stand_in_the_channel_of_their_order() -> None:
    invoice, comment = invoice_job(3, INVOICE), comment_job(3, COMMENT, 4)
    assert invoice.channel == comment.channel == order_channel("000000123")
    assert invoice.idempotency_key == "3/000000123/invoice/0"
    assert comment.idempotency_key == "3/000000123/comment/4"
    assert stored(invoice) == INVOICE._replace(order_ref="000000123")
    assert stored(comment) == COMMENT


@pytest.mark.parametrize(
    "make",
    [
        lambda: product_job(1, ProductUpdate("  "), 0),
        lambda: invoice_job(1, OrderInvoice(" # ", "17")),
        lambda: comment_job(1, OrderComment("", "17", "x"), 0),
    ],
)
def test_a_job_without_a_reference_is_refused(make: object) -> None:
    with pytest.raises(UsageError):
        make()  # type: ignore[operator]


def test_rows_are_called_by_what_they_are_about() -> None:
    called = {name: kind.called("order", "A1") for name, kind in JOB_TYPES.items()}
    assert called == {
        "order.post": "order A1",
        "product.update": "product A1",
        "order.invoice": "invoice for order A1",
        "order.comment": "comment on order A1",
    }
    assert job_type("order.invoice").noun("order") == "invoice for order"


def test_copied_data_names_what_was_to_be_written() -> None:
    product, comment = job_type("product.update"), job_type("order.comment")
    assert product.data is not None
    assert product.data(PRODUCT) == {"sku": "Cards-500", "price": "14.25"}
    assert comment.data is not None
    assert comment.data(COMMENT)["comment"] == "Packed"


def test_only_a_write_back_has_a_shipment() -> None:
    job = product_job(1, PRODUCT, 0)
    assert shipment_of(a_job(JobState.PENDING, kind=job.kind, payload=job.payload)) is None
    assert shipment_of(a_job(JobState.PENDING)) == a_shipment()


def test_a_type_of_a_newer_version_is_our_fault() -> None:
    with pytest.raises(BugError, match="payload_newer"):
        job_type("parcel.teleport")
