"""Invoices, comments and products of the practice Magento: one case for each row of the
contract's sections 8, 9 and 10."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.practice.magento import PracticeMagento
from app.practice.magento.catalogue import Catalogue
from app.practice.shelf import Document
from tests.magento import KEYS, Answer, StoreCaller, criteria, where
from tests.practice.conftest import port_of

ORDER = "000000001"
HEAD = "Invoice Document Validation Error(s):\n"
EVERYTHING = {"capture": True, "notify": False}


@pytest.fixture
def store() -> Iterator[PracticeMagento]:
    with PracticeMagento(keys=KEYS) as store:
        yield store


@pytest.fixture
def caller(store: PracticeMagento) -> StoreCaller:
    return StoreCaller(port_of(store.url))


@pytest.fixture
def order(store: PracticeMagento) -> Document:
    return store.add_order(ORDER, [{"sku": "CARDS", "qty": 2}, {"sku": "PAPER"}])


def invoice(caller: StoreCaller, order: Document, **body: object) -> Answer:
    return caller.call("POST", f"order/{order['entity_id']}/invoice", body or EVERYTHING)


def invoices(caller: StoreCaller, order: Document) -> list[Document]:
    query = criteria(*where("order_id", "eq", str(order["entity_id"])))
    return list(caller.call("GET", "invoices", query=query).body["items"])


def held(caller: StoreCaller, order: Document) -> Document:
    found: Document = caller.call("GET", f"orders/{order['entity_id']}").body
    return found


def part(order: Document, place: int, quantity: float) -> list[Document]:
    return [{"order_item_id": order["items"][place]["item_id"], "qty": quantity}]


# --- invoices


def test_an_invoice_of_everything(caller: StoreCaller, order: Document) -> None:
    assert "total_invoiced" not in held(caller, order)
    answer = invoice(caller, order)
    assert (answer.status, answer.body) == (200, "1")
    after = held(caller, order)
    assert (after["state"], after["total_invoiced"], after["total_paid"]) == ("processing", 30, 30)
    assert [row["qty_invoiced"] for row in after["items"]] == [2, 1]
    (one,) = invoices(caller, order)
    assert (one["state"], one["grand_total"], one["email_sent"]) == (2, 30, 0)


def test_an_invoice_of_a_part(caller: StoreCaller, order: Document) -> None:
    invoice(caller, order, items=part(order, 0, 1), notify=True)
    assert held(caller, order)["total_invoiced"] == 10
    invoice(caller, order)
    found = invoices(caller, order)
    assert [(one["grand_total"], one["email_sent"]) for one in found] == [(10, 1), (20, 0)]


def test_without_capture_an_offline_payment_counts_as_paid(
    caller: StoreCaller, order: Document
) -> None:
    invoice(caller, order, capture=False)
    assert held(caller, order)["total_paid"] == 30


def test_the_same_call_twice_is_refused_only_because_nothing_is_left(
    caller: StoreCaller, order: Document
) -> None:
    one = {"items": part(order, 0, 1)}
    assert [invoice(caller, order, **one).status for _ in range(3)] == [200, 200, 400]
    assert len(invoices(caller, order)) == 2


@pytest.mark.parametrize(
    ("acts", "body", "said"),
    [
        (["invoice"], EVERYTHING, "The order does not allow an invoice to be created."),
        (
            ["hold"],
            EVERYTHING,
            "An invoice cannot be created when an order has a status of holded",
        ),
        (
            ["cancel"],
            EVERYTHING,
            "An invoice cannot be created when an order has a status of canceled\n"
            "The order does not allow an invoice to be created.",
        ),
        (
            [],
            {"items": [{"order_item_id": 1, "qty": 0}]},
            "The invoice can't be created without products. Add products and try again.",
        ),
        (
            [],
            {"items": [{"order_item_id": 1, "qty": 3}]},
            "The quantity to invoice must not be greater than the uninvoiced quantity for "
            'product SKU "CARDS".',
        ),
        (
            [],
            {"items": [{"order_item_id": 77, "qty": 1}]},
            "The invoice contains one or more items that are not part of the original order.",
        ),
    ],
)
def test_what_an_invoice_is_refused_for(
    store: PracticeMagento,
    caller: StoreCaller,
    order: Document,
    acts: list[str],
    body: Document,
    said: str,
) -> None:
    for act in acts:
        store.act(act, {"order": ORDER})
    before = len(invoices(caller, order))
    answer = invoice(caller, order, **body)
    assert (answer.status, answer.text) == (400, HEAD + said)
    assert len(invoices(caller, order)) == before


def test_a_gateway_that_refuses(
    store: PracticeMagento, caller: StoreCaller, order: Document
) -> None:
    store.act("gateway", {})
    answer = invoice(caller, order)
    assert (answer.status, answer.text) == (
        400, "Could not save an invoice, see error log for details"
    )  # fmt: skip
    assert "total_invoiced" not in held(caller, order)
    assert invoice(caller, order, capture=False).status == 200


def test_an_extension_invoices_all_or_some(
    store: PracticeMagento, caller: StoreCaller, order: Document
) -> None:
    store.act("invoice", {"order": ORDER, "items": "CARDS=1"})
    assert held(caller, order)["total_invoiced"] == 10
    store.act("invoice", {"order": ORDER})
    assert held(caller, order)["total_invoiced"] == 30
    with pytest.raises(ValueError, match="Validation Error"):
        store.act("invoice", {"order": ORDER})


def test_an_extension_invoices_just_before_us(
    store: PracticeMagento, caller: StoreCaller, order: Document
) -> None:
    store.fault("edited_meanwhile", method="POST")
    assert invoice(caller, order).text.endswith("does not allow an invoice to be created.")
    assert len(invoices(caller, order)) == 1


def test_an_invoice_of_no_order(caller: StoreCaller) -> None:
    assert caller.call("POST", "order/99/invoice", EVERYTHING).status == 404


# --- comments


def comment(caller: StoreCaller, order: Document, **more: object) -> Answer:
    entry = {"comment": "hello", "is_customer_notified": 0, "is_visible_on_front": 0,
             "parent_id": order["entity_id"], **more}  # fmt: skip
    return caller.call("POST", f"orders/{order['entity_id']}/comments", {"statusHistory": entry})


def test_mail_and_shop_page_are_kept_apart(caller: StoreCaller, order: Document) -> None:
    for notified, visible in ((1, 0), (0, 1)):
        comment(
            caller, order, status="pending", is_customer_notified=notified,
            is_visible_on_front=visible,
        )  # fmt: skip
    found = [
        (one["comment"], one["is_customer_notified"], one["is_visible_on_front"], one["status"])
        for one in held(caller, order)["status_histories"]
    ]
    assert found == [("hello", 1, 0, "pending"), ("hello", 0, 1, "pending")]


@pytest.mark.parametrize(
    ("release", "sent", "status"),
    [
        ("2.3.7", {}, None),
        ("2.4.4", {}, None),
        ("2.4.4", {"status": "anything"}, "anything"),
        ("2.4.7", {}, "processing"),
        ("2.4.7", {"status": "in_production"}, "in_production"),
    ],
)
def test_what_a_comment_does_to_the_status(
    store: PracticeMagento,
    caller: StoreCaller,
    order: Document,
    release: str,
    sent: Document,
    status: str | None,
) -> None:
    store.version(release)
    invoice(caller, order)
    assert comment(caller, order, **sent).body is True
    assert held(caller, order).get("status") == status


@pytest.mark.parametrize("status", ["pending", "anything"])
def test_a_status_that_the_state_does_not_have(
    caller: StoreCaller, order: Document, status: str
) -> None:
    invoice(caller, order)
    answer = comment(caller, order, status=status)
    assert (answer.status, answer.text) == (
        400,
        f'Unable to add comment: The status "{status}" is not part of the order status history.',
    )
    assert held(caller, order)["status_histories"] == []


def test_a_comment_bumps_the_order(caller: StoreCaller, order: Document) -> None:
    order["updated_at"] = "2020-01-01 00:00:00"
    comment(caller, order, status="pending")
    assert held(caller, order)["updated_at"] > "2020-01-01 00:00:00"


def test_a_body_without_a_comment(caller: StoreCaller, order: Document) -> None:
    answer = caller.call("POST", f"orders/{order['entity_id']}/comments", {"statusHistory": {}})
    assert answer.text == '"statusHistory" is required. Enter and try again.'


# --- products


def put(caller: StoreCaller, sku: str, path: str = "/rest/all/V1", **fields: object) -> Answer:
    return caller.call("PUT", f"{path}/products/{sku}", {"product": fields})


def test_only_what_is_sent_changes(store: PracticeMagento, caller: StoreCaller) -> None:
    store.add_product("CARDS", "Business cards", 10, 0.5)
    answer = put(caller, "CARDS", price=14.25)
    assert (answer.body["price"], answer.body["name"]) == (14.25, "Business cards")
    assert caller.call("GET", "products/CARDS").body["weight"] == 0.5


def test_a_put_without_all_changes_one_store_view(
    store: PracticeMagento, caller: StoreCaller
) -> None:
    store.add_product("CARDS", "Business cards", 10)
    put(caller, "CARDS", "/rest/V1", price=12, weight=3)
    for path, price in (("/rest/V1", 12), ("/rest/default/V1", 12), ("/rest/all/V1", 10)):
        found = caller.call("GET", f"{path}/products/CARDS").body
        assert (found["price"], found["weight"]) == (price, 3)
    listed = caller.call("GET", "/rest/all/V1/products", query=criteria(("[pageSize]", "5")))
    assert [one["price"] for one in listed.body["items"]] == [10]


def test_an_unknown_sku_is_taken_as_a_new_product(caller: StoreCaller) -> None:
    answer = put(caller, "nothing", price=1)
    assert (answer.status, answer.text) == (
        400, "Invalid product data: Invalid attribute set entity type"
    )  # fmt: skip
    found = caller.call("GET", "products/nothing")
    assert (found.status, found.text) == (
        404,
        "The product that was requested doesn't exist. Verify the product and try again.",
    )


def test_a_sku_with_a_slash_is_found_in_a_list(store: PracticeMagento, caller: StoreCaller) -> None:
    store.add_product("CARDS/250", "Business cards")
    store.add_product("CARDS", "Others")
    listed = caller.call("GET", "products", query=criteria(*where("sku", "eq", "CARDS/250")))
    assert [one["name"] for one in listed.body["items"]] == ["Business cards"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("deadlock", 400, "Database deadlock found when trying to get lock"),
        ("timeout", 500, "Database lock wait timeout exceeded"),
    ],
)
def test_tables_that_are_locked(
    store: PracticeMagento, caller: StoreCaller, words: str, code: int, said: str
) -> None:
    store.add_product("CARDS", price=10)
    store.act("lock_tables", {"words": words, "code": code})
    answer = put(caller, "CARDS", price=1)
    assert (answer.status, answer.text) == (code, said)
    assert caller.call("GET", "products/CARDS").body["price"] == 10
    assert put(caller, "CARDS", price=1).status == 200


def test_missing_rights_are_named(store: PracticeMagento, caller: StoreCaller) -> None:
    store.add_product("CARDS")
    order = store.add_order(ORDER)
    for right, call in (
        ("Magento_Catalog::products", lambda: put(caller, "CARDS", price=1)),
        ("Magento_Catalog::catalog_inventory", lambda: caller.call("GET", "stockItems/CARDS")),
        (
            "Magento_InventoryApi::stock_source_item_assign",
            lambda: caller.call("POST", "inventory/source-items", {"sourceItems": []}),
        ),
        ("Magento_Sales::invoice", lambda: invoice(caller, order)),
        ("Magento_Sales::comment", lambda: comment(caller, order)),
    ):
        store.act("right", {"resource": right})
        answer = call()
        assert (answer.status, right in answer.text) == (401, True)


def test_a_large_shop_at_once(store: PracticeMagento, caller: StoreCaller) -> None:
    store.act("add_products", {"count": 12403})
    listed = caller.call("GET", "products", query=criteria(("[pageSize]", "2")))
    assert listed.body["total_count"] == 12403
    assert put(caller, "SKU-12403", price=3).body["price"] == 3


def test_products_survive_the_end_of_the_process(tmp_path: Path) -> None:
    file = tmp_path / "store.json"
    with PracticeMagento(state_file=file) as store:
        store.add_product("CARDS", price=3)
        Catalogue(store._shop).update("CARDS", {"product": {"price": 4}}, "all", keep=True)
    with PracticeMagento(state_file=file) as again:
        assert again.snapshot()["products"]["CARDS"]["price"] == 4
        again.add_order(ORDER)  # all of it is written now
    with PracticeMagento(state_file=file) as third:
        assert third.snapshot()["products"]["CARDS"]["price"] == 4


@pytest.mark.parametrize(
    ("act", "options", "said"),
    [
        ("lock_tables", {"code": 200}, "400 or 500"),
        ("gateway", {"refuses": "maybe"}, "true or false"),
        ("add_products", {"count": "many"}, "number from 0"),
    ],
)
def test_what_cannot_be_done_is_said(
    store: PracticeMagento, act: str, options: Document, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        store.act(act, options)
