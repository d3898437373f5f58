"""Every row of the contract's two tables (section 10.1 and 10.2), and the edges between them."""

from decimal import Decimal
from typing import Any

import pytest

from app.core.order_deeds import OrderInvoice
from app.core.orders import OrderWish
from app.integrations.magento.download import (
    AUTO_INVOICE,
    MODES,
    WAIT_FOR_INVOICE,
    WRONG_MODE,
    Invoiced,
    Judge,
    decide,
    invoiced,
    is_paid,
)
from app.integrations.magento.order_documents import ListedOrder, ListedRow
from app.integrations.magento.settings import read_settings
from app.integrations.magento.words import SENTENCES

NONE, PARTIAL, FULL = Invoiced.NONE, Invoiced.PARTIAL, Invoiced.FULL
WAIT, AUTO = OrderWish(WAIT_FOR_INVOICE), OrderWish(AUTO_INVOICE)


def a_row(ordered: Any = 2, done: Any = 0, canceled: Any = 0, **more: Any) -> ListedRow:
    return ListedRow(
        more.pop("item_id", 1), "CARDS", qty_ordered=Decimal(ordered), qty_invoiced=Decimal(done),
        qty_canceled=Decimal(canceled), **more,
    )  # fmt: skip


def an_order(*rows: ListedRow, **fields: Any) -> ListedOrder:
    values: dict[str, Any] = {"state": "processing", "grand_total": Decimal(20), **fields}
    return ListedOrder(1, "000000001", list(rows or [a_row()]), **values)


def money(amount: str) -> Decimal:
    return Decimal(amount)


@pytest.mark.parametrize(
    ("rows", "fields", "expected"),
    [
        ([a_row()], {}, NONE),
        ([a_row()], {"total_invoiced": money("0.005")}, NONE),
        ([a_row()], {"total_invoiced": money("0.006")}, PARTIAL),
        ([a_row(2, 1)], {}, PARTIAL),
        ([a_row(2, 2)], {"total_invoiced": money(20)}, FULL),
        ([a_row(2, 2)], {"total_invoiced": money("19.995")}, FULL),
        ([a_row(2, 2)], {"total_invoiced": money("19.99")}, PARTIAL),
        ([a_row(2, 2)], {}, PARTIAL),
        ([a_row(2, 1, 1)], {"total_invoiced": money(10), "total_canceled": money(10)}, FULL),
        ([a_row(2, 0, 2)], {"total_canceled": money(20)}, FULL),
        ([a_row(2, 2), a_row(1, 0, item_id=2)], {"total_invoiced": money(20)}, PARTIAL),
        ([a_row(2, 2)], {"grand_total": money(0)}, FULL),
        ([a_row(2, 0)], {"grand_total": money(0)}, NONE),
        ([a_row(2, 1)], {"grand_total": money(0)}, PARTIAL),
        (
            [a_row(2, 2), a_row(2, 0, item_id=2, parent_item_id=1)],
            {"total_invoiced": money(20)},
            FULL,
        ),
    ],
)
def test_how_far_an_order_is_invoiced(
    rows: list[ListedRow], fields: dict[str, Any], expected: Invoiced
) -> None:
    assert invoiced(an_order(*rows, **fields)) is expected


@pytest.mark.parametrize(
    ("paid", "expected"), [(None, False), ("19.99", False), ("19.995", True), ("20", True)]
)
def test_whether_it_is_paid(paid: str | None, expected: bool) -> None:
    assert is_paid(an_order(total_paid=None if paid is None else money(paid))) is expected


OPEN = {"rows": [a_row()]}
SOME = {"rows": [a_row(2, 1)], "total_invoiced": money(10)}
ALL = {"rows": [a_row(2, 2)], "total_invoiced": money(20)}


@pytest.mark.parametrize(
    ("order", "waiting", "auto"),
    [
        ({**OPEN, "state": "canceled"}, "canceled", "canceled"),
        ({**ALL, "state": "closed"}, "closed", "closed"),
        ({**ALL, "state": "holded"}, "on_hold", "on_hold"),
        ({**ALL, "state": "holded", "status": "fraud"}, "on_hold", "on_hold"),
        ({**ALL, "state": "payment_review"}, "payment_review", "payment_review"),
        ({**ALL, "status": "fraud"}, "payment_review", "payment_review"),
        ({**ALL, "state": "payment_review", "status": "fraud"}, "payment_review", "payment_review"),
        ({**OPEN, "state": "canceled", "status": "fraud"}, "canceled", "canceled"),
        ({**OPEN, "state": "pending_payment"}, "payment_pending", "payment_pending"),
        ({**ALL, "state": None}, "unknown_state", "unknown_state"),
        ({**ALL, "state": ""}, "unknown_state", "unknown_state"),
        ({**ALL, "state": "in_the_post"}, "unknown_state", "unknown_state"),
        ({**OPEN, "state": "new"}, "not_invoiced", None),
        (OPEN, "not_invoiced", None),
        (SOME, "partly_invoiced", "partly_invoiced"),
        (ALL, None, "already_invoiced"),
        ({**ALL, "state": "complete"}, None, "already_invoiced"),
        ({**ALL, "status": "in_production"}, None, "already_invoiced"),
    ],
)
def test_what_becomes_of_an_order(
    order: dict[str, Any], waiting: str | None, auto: str | None
) -> None:
    fields = dict(order)
    found = an_order(*fields.pop("rows"), **fields)
    for wish, expected in ((WAIT, waiting), (AUTO, auto)):
        reason = decide(found, wish)
        assert (reason and reason.code) == (expected and f"mg_skip_{expected}")


@pytest.mark.parametrize("rows", [SOME, ALL])
def test_what_we_invoiced_ourselves_is_no_reason_to_skip(rows: dict[str, Any]) -> None:
    fields = dict(rows)
    order = an_order(*fields.pop("rows"), **fields)
    assert decide(order, AUTO, invoiced_by_us=True) is None


def test_a_store_that_was_not_chosen_comes_before_everything_else() -> None:
    order = an_order(state="canceled", store_id=2)
    reason = decide(order, WAIT._replace(stores=frozenset({"1"})))
    assert reason is not None
    assert (reason.code, reason.params["setting"], reason.params["value"]) == (
        "mg_skip_store", "store", "1",
    )  # fmt: skip
    chosen = decide(order, WAIT._replace(stores=frozenset({"1", "2"})))
    assert chosen is not None
    assert chosen.code == "mg_skip_canceled"


def test_a_skip_for_the_mode_names_the_setting() -> None:
    reason = decide(an_order(), WAIT)
    assert reason is not None
    assert reason.params == {"setting": "mode", "value": "wait-for-invoice"}


@pytest.mark.parametrize(
    ("mode", "order", "invoices"),
    [
        (AUTO_INVOICE, OPEN, 1),
        (AUTO_INVOICE, SOME, 0),
        (AUTO_INVOICE, ALL, 0),
        (AUTO_INVOICE, {"rows": [a_row(2, 0, 2)], "grand_total": money("0")}, 0),
        (AUTO_INVOICE, {"rows": [a_row(2, 0)], "grand_total": money("0")}, 1),
        (WAIT_FOR_INVOICE, OPEN, 0),
        (WAIT_FOR_INVOICE, ALL, 0),
    ],
)
def test_which_orders_get_an_invoice(mode: str, order: dict[str, Any], invoices: int) -> None:
    fields = dict(order)
    found = an_order(*fields.pop("rows"), **fields)
    settings = read_settings(
        {"base_url": "https://example.com", "invoice_capture": "off", "invoice_notify": "on"}
    )
    deeds = Judge(OrderWish(mode), settings).deeds(found)
    assert deeds == (OrderInvoice("000000001", "1", capture=False, notify=True),) * invoices


@pytest.mark.parametrize(
    ("ours", "mode", "reason"),
    [
        (True, AUTO_INVOICE, None),
        (False, AUTO_INVOICE, "mg_skip_already_invoiced"),
        (True, WAIT_FOR_INVOICE, None),
    ],
)
def test_an_invoice_of_ours_is_remembered(ours: bool, mode: str, reason: str | None) -> None:
    fields = dict(ALL)
    found = an_order(*fields.pop("rows"), **fields)  # type: ignore[misc]
    asked: list[tuple[str, str]] = []

    def is_ours(order_ref: str, remote_id: str) -> bool:
        asked.append((order_ref, remote_id))
        return ours

    settings = read_settings({"base_url": "https://example.com"})
    skip = Judge(OrderWish(mode), settings, is_ours).skip(found)
    assert (skip and skip.code) == reason
    assert asked == ([("000000001", "1")] if mode == AUTO_INVOICE else [])


def test_every_reason_has_its_sentence_and_its_hint_of_the_wrong_mode() -> None:
    assert set(WRONG_MODE) | set(WRONG_MODE.values()) <= set(SENTENCES)
    assert all(mode.is_built for mode in MODES)
