"""Stock of the practice Magento, of one source and of several."""

from collections.abc import Iterator

import pytest

from app.practice.magento import PracticeMagento
from app.practice.shelf import Document
from tests.magento import KEYS, Answer, StoreCaller, criteria, where
from tests.practice.conftest import port_of


@pytest.fixture
def store() -> Iterator[PracticeMagento]:
    with PracticeMagento(keys=KEYS) as store:
        yield store


@pytest.fixture
def caller(store: PracticeMagento) -> StoreCaller:
    return StoreCaller(port_of(store.url))


def source_items(caller: StoreCaller, *items: Document) -> Answer:
    return caller.call("POST", "inventory/source-items", {"sourceItems": list(items)})


def test_stock_of_one_source(store: PracticeMagento, caller: StoreCaller) -> None:
    store.add_product("CARDS/250")
    path = "CARDS%2F250"
    before = caller.call("GET", f"stockItems/{path}").body
    assert (before["qty"], before["is_in_stock"]) == (0, False)
    given = {"stockItem": {"qty": 44.25, "is_in_stock": True}}
    assert caller.call("PUT", f"products/{path}/stockItems/999", given).body == 1
    after = caller.call("GET", f"stockItems/{path}").body
    assert (after["qty"], after["is_in_stock"]) == (44.25, True)


def test_stock_of_several_sources(store: PracticeMagento, caller: StoreCaller) -> None:
    store.add_product("CARDS")
    store.act("source", {"code": "north"})
    north = {"sku": "CARDS", "source_code": "north", "quantity": 7, "status": 1}
    answer = source_items(caller, north, north | {"source_code": "default", "quantity": 2})
    assert (answer.status, answer.body) == (200, [])
    query = criteria(*where("sku", "eq", "CARDS"), *where("source_code", "eq", "north", group=1))
    listed = caller.call("GET", "inventory/source-items", query=query)
    assert listed.body["items"] == [north]
    assert caller.call("GET", "stockItems/CARDS").body["qty"] == 2


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([], "Input data is empty"),
        ([{"sku": "CARDS", "source_code": "nowhere", "quantity": 1}], "Could not save Source Item"),
    ],
)
def test_source_items_that_are_refused(
    store: PracticeMagento, caller: StoreCaller, items: list[Document], said: str
) -> None:
    store.add_product("CARDS")
    answer = source_items(caller, *items)
    assert (answer.status, answer.text) == (400, said)


def test_stock_of_no_product(caller: StoreCaller) -> None:
    assert caller.call("GET", "stockItems/nothing").status == 404
    put_it = caller.call("PUT", "products/nothing/stockItems/1", {"stockItem": {"qty": 1}})
    assert put_it.status == 404
