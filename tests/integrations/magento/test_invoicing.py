"""Orders are invoiced once, against the practice store; every row of the contract's section 10."""

from collections.abc import Callable

import pytest

from app.core.errors import (
    BackhaulError,
    Conflict,
    PermissionMissing,
    RecordClosed,
    RecordLocked,
    Rejected,
    TransientError,
)
from app.core.job_types import ORDER_INVOICE
from app.core.order_deeds import OrderInvoice
from app.core.words import Catalogue
from app.integrations.base import Target
from app.integrations.magento import KIND
from app.practice.magento import PracticeMagento
from app.practice.shelf import Document
from tests.integrations.contract import REQUEST_ID
from tests.integrations.magento.conftest import ORDER, Take
from tests.integrations.magento.deed_contract import DeedContract


@pytest.fixture
def deed(order: Document) -> OrderInvoice:
    return OrderInvoice(ORDER, str(order["entity_id"]))


@pytest.fixture
def target(take: Take) -> Target[OrderInvoice]:
    return take(ORDER_INVOICE)


class InvoiceBench:
    method = "POST"

    def __init__(
        self, store: PracticeMagento, target: Target[OrderInvoice], deed: OrderInvoice
    ) -> None:
        self.store, self.target, self.payload = store, target, deed
        self.nowhere = OrderInvoice("nothing", "99")

    def times_held(self) -> int:
        return len(self.store.snapshot()["invoices"])


class TestContract(DeedContract):
    read_path = "invoices"
    looks_first = False  # the invoices are listed where the order says there are some

    @pytest.fixture
    def bench(
        self, store: PracticeMagento, target: Target[OrderInvoice], deed: OrderInvoice
    ) -> InvoiceBench:
        return InvoiceBench(store, target, deed)


def calls(store: PracticeMagento) -> list[str]:
    return [f"{seen.method} {seen.path.removeprefix('/rest/V1/')}" for seen in store.requests]


def posts(store: PracticeMagento) -> int:
    return sum(seen.method == "POST" for seen in store.requests)


def held(store: PracticeMagento) -> list[Document]:
    return list(store.snapshot()["invoices"].values())


def test_all_of_it_is_invoiced(
    store: PracticeMagento, target: Target[OrderInvoice], deed: OrderInvoice
) -> None:
    proof = target.write(deed, REQUEST_ID)
    assert calls(store) == ["GET orders/1", "POST order/1/invoice", "GET invoices"]
    assert proof.held == "invoice 000000001 of 30.00 USD: paid"
    assert (proof.sent, proof.remote_id) == (f"invoice for order {ORDER}", "000000001")
    assert [(one["grand_total"], one["email_sent"]) for one in held(store)] == [(30, 0)]


def test_capture_and_mail_are_sent_as_given(
    store: PracticeMagento,
    target: Target[OrderInvoice],
    deed: OrderInvoice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bodies: list[Document] = []
    answer: Callable[..., object] = store.answer

    def seen(request, *, keep=True):  # type: ignore[no-untyped-def]
        if request.method == "POST":
            bodies.append(request.json())
        return answer(request, keep=keep)

    monkeypatch.setattr(store, "answer", seen)
    target.write(deed._replace(capture=False, notify=True), REQUEST_ID)
    assert bodies == [{"capture": False, "notify": True}]
    assert held(store)[0]["email_sent"] == 1


def test_what_somebody_else_invoiced_is_left_and_said(
    store: PracticeMagento, target: Target[OrderInvoice], deed: OrderInvoice
) -> None:
    store.act("invoice", {"order": ORDER, "items": "CARDS=1"})
    store.act("invoice", {"order": ORDER})
    proof = target.write(deed, REQUEST_ID)
    assert (proof.was_there, posts(store)) == (True, 0)
    assert proof.held == (
        "invoice 000000001 of 10.00 USD: paid; invoice 000000002 of 20.00 USD: paid"
    )


def test_what_is_invoiced_between_look_and_call_is_fine(
    store: PracticeMagento, target: Target[OrderInvoice], deed: OrderInvoice
) -> None:
    store.fault("edited_meanwhile", method="POST")
    assert target.write(deed, REQUEST_ID).was_there
    assert (posts(store), len(held(store))) == (1, 1)


def test_a_part_that_somebody_invoiced_is_for_a_person(
    store: PracticeMagento, target: Target[OrderInvoice], deed: OrderInvoice
) -> None:
    store.act("invoice", {"order": ORDER, "items": "CARDS=1"})
    with pytest.raises(Conflict) as caught:
        target.write(deed, REQUEST_ID)
    assert caught.value.params == {"order": ORDER, "amount": "10"}
    assert (posts(store), target.look(deed, REQUEST_ID)) == (0, None)


def test_a_gateway_that_refuses_is_asked_once(
    store: PracticeMagento, target: Target[OrderInvoice], deed: OrderInvoice
) -> None:
    store.act("gateway", {})
    with pytest.raises(Rejected) as caught:
        target.write(deed, REQUEST_ID)
    assert caught.value.code == "mg_invoice_not_saved"
    assert (posts(store), held(store)) == (1, [])
    said = Catalogue(KIND.sentences).say(caught.value.code, caught.value.params)
    assert "payment was refused" in said.summary
    assert "no card is charged twice" in said.hint


@pytest.mark.parametrize(
    ("act", "error", "code"),
    [
        ("hold", RecordLocked, "mg_on_hold"),
        ("cancel", RecordClosed, "mg_invoice_canceled"),
        ("refund", RecordClosed, "mg_invoice_refunded"),
    ],
)
def test_an_order_that_takes_no_invoice(
    store: PracticeMagento,
    target: Target[OrderInvoice],
    deed: OrderInvoice,
    act: str,
    error: type[BackhaulError],
    code: str,
) -> None:
    store.act(act, {"order": ORDER})
    with pytest.raises(error) as caught:
        target.write(deed, REQUEST_ID)
    assert (caught.value.code, posts(store)) == (code, 0)


def test_a_payment_under_review_waits(
    store: PracticeMagento, target: Target[OrderInvoice], deed: OrderInvoice
) -> None:
    store.state(ORDER, "payment_review")
    with pytest.raises(RecordLocked):
        target.write(deed, REQUEST_ID)
    store.state(ORDER, "processing")
    assert target.write(deed, REQUEST_ID).remote_id == "000000001"


LINES = (
    "The order does not allow an invoice to be created.",
    "An invoice cannot be created when an order has a status of processing",
    'The quantity to invoice must not be greater than the uninvoiced quantity for product SKU "A".',
    "The invoice can't be created without products. Add products and try again.",
    "The invoice contains one or more items that are not part of the original order.",
)


@pytest.mark.parametrize("line", LINES)
def test_a_refusal_that_stays_is_shown_as_it_is(
    store: PracticeMagento, target: Target[OrderInvoice], deed: OrderInvoice, line: str
) -> None:
    body = {"message": f"Invoice Document Validation Error(s):\n{line}"}
    store.fault("status", times=None, method="POST", code=400, body=body)
    with pytest.raises(Rejected) as caught:
        target.write(deed, REQUEST_ID)
    assert caught.value.params["message"] == line
    assert posts(store) == (2 if line in LINES[:3] else 1)


def test_a_text_of_an_extension_is_shown_with_its_places_filled(
    store: PracticeMagento, target: Target[OrderInvoice], deed: OrderInvoice
) -> None:
    body = {"message": "Acme rule %1: pay first", "parameters": ["7"]}
    store.fault("status", method="POST", code=400, body=body)
    with pytest.raises(Rejected) as caught:
        target.write(deed, REQUEST_ID)
    assert caught.value.params["message"] == "Acme rule 7: pay first"


def test_a_deadlock_while_money_is_taken_is_for_a_person(
    store: PracticeMagento, target: Target[OrderInvoice], deed: OrderInvoice
) -> None:
    body = {"message": "Database deadlock found when trying to get lock"}
    store.fault("status", method="POST", code=400, body=body)
    with pytest.raises(Rejected) as caught:
        target.write(deed, REQUEST_ID)
    assert caught.value.code == "mg_invoice_not_saved"


def test_a_fault_of_the_store_names_its_report(
    store: PracticeMagento, target: Target[OrderInvoice], deed: OrderInvoice
) -> None:
    body = {"message": "Internal Error. Details are available in Magento log file. Report ID: %1",
            "parameters": ["webapi-1"]}  # fmt: skip
    store.fault("status", method="POST", code=500, body=body)
    with pytest.raises(TransientError) as caught:
        target.write(deed, REQUEST_ID)
    assert caught.value.params["report"] == "webapi-1"


@pytest.mark.parametrize(
    ("right", "words"),
    [
        ("Magento_Sales::invoice", "Actions > Invoice"),
        ("Magento_Sales::sales_invoice", "Operations > Invoices"),
    ],
)
def test_a_missing_right_is_named(
    store: PracticeMagento,
    target: Target[OrderInvoice],
    deed: OrderInvoice,
    right: str,
    words: str,
) -> None:
    store.right(right)
    with pytest.raises(PermissionMissing) as caught:
        target.write(deed, REQUEST_ID)
    assert words in str(caught.value.params["resource"])
    store.right(right, True)
    target.write(deed, REQUEST_ID)
    assert len(held(store)) == 1


def test_discounts_that_keep_the_amounts_apart_are_no_second_invoice(
    store: PracticeMagento, order: Document, target: Target[OrderInvoice], deed: OrderInvoice
) -> None:
    order["grand_total"] = 35.0
    target.write(deed, REQUEST_ID)
    assert target.write(deed, REQUEST_ID).was_there
    assert len(held(store)) == 1
