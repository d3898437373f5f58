"""Products and deeds as they are stored in jobs."""

from decimal import Decimal

import pytest

from app.core.errors import BugError
from app.core.order_deeds import OrderComment, OrderInvoice, dump_deed, load_comment, load_invoice
from app.core.products import ProductUpdate, digest_of, dump_product, load_product, product_facts

WHOLE = ProductUpdate(
    "CARDS-500", "Business cards “500”", Decimal("14.250"), Decimal("1.2"), Decimal("-3"), False,
    "kg",
)  # fmt: skip


def test_a_product_comes_back_exactly_as_it_was_stored() -> None:
    assert load_product(dump_product(WHOLE)) == WHOLE
    assert load_product(dump_product(ProductUpdate("A"))) == ProductUpdate("A")


def test_numbers_are_stored_as_exact_text_and_the_same_value_in_one_way() -> None:
    cents = ProductUpdate("A", price=Decimal("0.1"))
    assert product_facts(cents) == {"sku": "A", "price": "0.1"}
    assert dump_product(cents) == dump_product(ProductUpdate("A", price=Decimal("0.100")))
    assert '"price":"1000"' in dump_product(ProductUpdate("A", price=Decimal("1E+3")))


def test_digest_tells_every_fact_apart() -> None:
    others = [
        WHOLE._replace(sku="B"), WHOLE._replace(name=None), WHOLE._replace(price=Decimal(1)),
        WHOLE._replace(quantity=None), WHOLE._replace(in_stock=True),
        WHOLE._replace(store_unit="lb"),
    ]  # fmt: skip
    digests = {digest_of(dump_product(one)) for one in [WHOLE, *others]}
    assert len(digests) == len(others) + 1


def test_deeds_come_back_as_they_were_stored() -> None:
    invoice = OrderInvoice("000000123", "17", capture=False, notify=True)
    comment = OrderComment("000000123", "17", "Packed “today”", notify=True, visible=True)
    assert load_invoice(dump_deed(invoice)) == invoice
    assert load_comment(dump_deed(comment)) == comment


@pytest.mark.parametrize("load", [load_product, load_invoice, load_comment])
@pytest.mark.parametrize("stored", ["", "{", "[]", '{"v":1}', '{"v":1,"sku":"A","price":"x"}'])
def test_damaged_text_is_told_apart(load: object, stored: str) -> None:
    with pytest.raises(BugError, match="payload_damaged"):
        load(stored)  # type: ignore[operator]


@pytest.mark.parametrize("load", [load_product, load_invoice, load_comment])
def test_what_a_newer_version_wrote_is_not_guessed(load: object) -> None:
    with pytest.raises(BugError, match="payload_newer"):
        load('{"v":2,"sku":"A"}')  # type: ignore[operator]
