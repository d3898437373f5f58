"""Products and stock, only what is given; every row of the contract's section 9."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from app.core.errors import (
    BackhaulError,
    NotFound,
    PermissionMissing,
    Rejected,
    SetupChanged,
    TransientError,
)
from app.core.job_types import PRODUCT_UPDATE
from app.core.products import ProductUpdate
from app.integrations.base import Target
from app.integrations.magento.settings import read_settings
from app.practice.magento import PracticeMagento
from app.practice.messages import Reply, Request
from app.practice.shelf import Document
from tests.integrations.contract import REQUEST_ID
from tests.integrations.magento.conftest import Take
from tests.integrations.magento.deed_contract import DeedContract

SKU = "CARDS-250"
PRICE = ProductUpdate(SKU, price=Decimal("14.2500"))
ALL = ProductUpdate(SKU, "Cards", Decimal("14.25"), Decimal("0.7"), Decimal(44), True)


@pytest.fixture(autouse=True)
def products(store: PracticeMagento) -> None:
    store.add_product(SKU, "Business cards", 10, 0.5)


@pytest.fixture
def target(take: Take) -> Target[ProductUpdate]:
    return take(PRODUCT_UPDATE)


def held(store: PracticeMagento, sku: str = SKU) -> Document:
    found: Document = store.snapshot()["products"][sku]
    return found


class ProductBench:
    method = "PUT"
    nowhere = ProductUpdate("nothing", price=Decimal(1))

    def __init__(
        self, store: PracticeMagento, target: Target[ProductUpdate], payload: ProductUpdate
    ) -> None:
        self.store, self.target, self.payload = store, target, payload

    def times_held(self) -> int:
        return int(held(self.store)["price"] == 14.25)


class TestContract(DeedContract):
    looks_first = False

    @pytest.fixture
    def bench(self, store: PracticeMagento, target: Target[ProductUpdate]) -> ProductBench:
        return ProductBench(store, target, PRICE)


class SourceBench(ProductBench):
    method = "POST"
    nowhere = ProductUpdate("nothing", quantity=Decimal(1))

    def times_held(self) -> int:
        return int("north" in (held(self.store).get("stock") or {}))


class TestSourceContract(DeedContract):
    """Stock of one of several sources, and nothing else of the product."""

    read_path = "source-items"

    @pytest.fixture
    def bench(self, store: PracticeMagento, take: Take) -> SourceBench:
        store.act("source", {"code": "north"})
        stock = ProductUpdate(SKU, quantity=Decimal("7.5"))
        return SourceBench(store, take(PRODUCT_UPDATE, stock_source="north"), stock)


def calls(store: PracticeMagento) -> list[str]:
    return [f"{seen.method} {seen.path.removeprefix('/rest/all/V1/')}" for seen in store.requests]


def test_only_what_is_given_is_sent(
    store: PracticeMagento, target: Target[ProductUpdate], monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies: list[Document] = []
    answer: Callable[..., Reply] = store.answer

    def seen(request: Request, *, keep: bool = True) -> Reply:
        if request.method == "PUT":
            bodies.append(request.json())
        return answer(request, keep=keep)

    monkeypatch.setattr(store, "answer", seen)
    proof = target.write(PRICE, REQUEST_ID)
    assert bodies == [{"product": {"price": 14.25}}]
    assert calls(store) == [f"PUT products/{SKU}", f"GET products/{SKU}"]
    assert (proof.sent, proof.held) == (f"{SKU}: price 14.25", f"{SKU}: price 14.25")
    target.write(ALL, REQUEST_ID)
    assert bodies[1:] == [
        {"product": {"name": "Cards", "price": 14.25, "weight": 0.7}},
        {"stockItem": {"qty": 44, "is_in_stock": True}},
    ]


def test_everything_of_a_product(store: PracticeMagento, target: Target[ProductUpdate]) -> None:
    proof = target.write(ALL, REQUEST_ID)
    assert proof.held == (f"{SKU}: name Cards, price 14.25, weight 0.7, quantity 44, in stock yes")
    assert held(store)["stock"] == {"default": {"quantity": 44, "status": 1}}
    assert target.look(ALL, REQUEST_ID) is not None
    assert target.look(ALL._replace(price=Decimal("14.26")), REQUEST_ID) is None
    assert target.look(ALL._replace(in_stock=False), REQUEST_ID) is None


def test_values_are_those_of_all_store_views(
    store: PracticeMagento, take: Take, target: Target[ProductUpdate]
) -> None:
    target.write(PRICE, REQUEST_ID)
    assert (held(store)["price"], "views" in held(store)) == (14.25, False)
    take(PRODUCT_UPDATE, api_path="rest/default").write(
        ProductUpdate(SKU, price=Decimal(3)), REQUEST_ID
    )
    assert held(store)["price"] == 3


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("rest", "rest/all"),
        ("rest/default", "rest/all"),
        ("index.php/rest", "index.php/rest/all"),
        ("index.php/rest/the_rest", "index.php/rest/all"),
        ("tenant", "tenant"),
    ],
)
def test_the_path_of_all_views(path: str, expected: str) -> None:
    settings = read_settings({"base_url": "https://example.com", "api_path": path})
    assert settings.for_all_views().api_path == expected


@pytest.mark.parametrize("sku", ["CARDS/250 ü", "50% off", "A&B?c#d", "a+b"])
def test_every_sign_of_a_sku_goes_through(
    store: PracticeMagento, target: Target[ProductUpdate], sku: str
) -> None:
    store.add_product(sku)
    update = ProductUpdate(sku, price=Decimal("1.5"), quantity=Decimal(2))
    target.write(update, REQUEST_ID)
    assert (held(store, sku)["price"], held(store)["price"]) == (1.5, 10)
    assert target.look(update, REQUEST_ID) is not None


def test_a_slash_that_the_web_server_does_not_let_through(
    store: PracticeMagento, target: Target[ProductUpdate]
) -> None:
    body = {"message": "Request does not match any route."}
    for update, error in ((PRICE, SetupChanged), (PRICE._replace(sku="A/B"), Rejected)):
        store.fault("status", code=404, method="PUT", body=body)
        with pytest.raises(error):
            target.write(update, REQUEST_ID)


def test_an_unknown_sku_is_never_made(
    store: PracticeMagento, target: Target[ProductUpdate]
) -> None:
    for update in (
        ProductUpdate("nothing", price=Decimal(1)),
        ProductUpdate("nothing", quantity=Decimal(1)),
        ProductUpdate("no/thing", price=Decimal(1)),
    ):
        for call in (target.write, target.look):
            with pytest.raises(NotFound) as caught:
                call(update, REQUEST_ID)
            assert caught.value.code == "mg_no_product"
            assert caught.value.params["sku"] == update.sku
    assert list(store.snapshot()["products"]) == [SKU]


def test_an_unknown_sku_gets_no_stock_at_a_source(store: PracticeMagento, take: Take) -> None:
    """The store itself would take it without a word."""
    store.act("source", {"code": "north"})
    target = take(PRODUCT_UPDATE, stock_source="north")
    with pytest.raises(NotFound):
        target.write(ProductUpdate("nothing", quantity=Decimal(1)), REQUEST_ID)
    assert not [seen for seen in store.requests if seen.method == "POST"]


def test_what_a_source_is_not_given_stays(store: PracticeMagento, take: Take) -> None:
    store.act("source", {"code": "north"})
    target = take(PRODUCT_UPDATE, stock_source="north")
    target.write(ProductUpdate(SKU, quantity=Decimal(7)), REQUEST_ID)
    assert held(store)["stock"] == {"north": {"quantity": 7, "status": 1}}
    target.write(ProductUpdate(SKU, in_stock=False), REQUEST_ID)
    assert held(store)["stock"] == {"north": {"quantity": 7, "status": 0}}
    proof = target.write(ProductUpdate(SKU, quantity=Decimal(9)), REQUEST_ID)
    assert held(store)["stock"] == {"north": {"quantity": 9, "status": 0}}
    assert proof.held == f"{SKU}: quantity 9"


def test_a_source_that_is_not_there(store: PracticeMagento, take: Take) -> None:
    target = take(PRODUCT_UPDATE, stock_source="nowhere")
    with pytest.raises(Rejected) as caught:
        target.write(ProductUpdate(SKU, quantity=Decimal(7)), REQUEST_ID)
    assert caught.value.params["message"] == "Could not save Source Item"


@pytest.mark.parametrize(("words", "code"), [("deadlock", 400), ("timeout", 500)])
def test_locked_tables_are_tried_again(
    store: PracticeMagento, target: Target[ProductUpdate], words: str, code: int
) -> None:
    store.act("lock_tables", {"words": words, "code": code})
    with pytest.raises(TransientError) as caught:
        target.write(PRICE, REQUEST_ID)
    assert (type(caught.value), caught.value.code) == (TransientError, "mg_not_saved")
    target.write(PRICE, REQUEST_ID)


def test_what_the_store_cannot_keep_behind_the_point_is_no_difference(
    store: PracticeMagento, target: Target[ProductUpdate]
) -> None:
    update = ProductUpdate(SKU, quantity=Decimal("1.23456"))
    target.write(update, REQUEST_ID)
    assert held(store)["stock"]["default"]["quantity"] == 1.2346
    assert target.look(update, REQUEST_ID) is not None


def test_a_value_that_the_store_changes_is_said(
    store: PracticeMagento, target: Target[ProductUpdate], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer: Callable[..., Reply] = store.answer

    def rounding(request: Request, *, keep: bool = True) -> Reply:
        reply = answer(request, keep=keep)
        store._shop.values["products"][SKU]["price"] = 14
        return reply

    monkeypatch.setattr(store, "answer", rounding)
    with pytest.raises(TransientError) as caught:
        target.write(PRICE, REQUEST_ID)
    assert caught.value.params["found"] == "price 14 instead of 14.25"


@pytest.mark.parametrize(
    ("unit", "weight", "stored"),
    [("", "0.7", 0.7), ("lb", "0.7", 0.7), ("kg", "1", 2.2046), ("g", "500", 1.1023),
     ("OZ", "8", 0.5)],
)  # fmt: skip
def test_weights_are_in_the_stores_unit(
    store: PracticeMagento, target: Target[ProductUpdate], unit: str, weight: str, stored: float
) -> None:
    target.write(ProductUpdate(SKU, weight=Decimal(weight), store_unit=unit), REQUEST_ID)
    assert held(store)["weight"] == stored


def test_a_unit_that_nobody_knows(store: PracticeMagento, target: Target[ProductUpdate]) -> None:
    with pytest.raises(Rejected) as caught:
        target.write(ProductUpdate(SKU, weight=Decimal(1), store_unit="stone"), REQUEST_ID)
    assert caught.value.params["unit"] == "stone"
    assert store.requests == []


def test_other_refusals_come_in_the_stores_words(
    store: PracticeMagento, target: Target[ProductUpdate]
) -> None:
    body = {"message": "Invalid product data: %1", "parameters": ["The price is wrong."]}
    store.fault("status", method="PUT", code=400, body=body)
    with pytest.raises(Rejected) as caught:
        target.write(PRICE, REQUEST_ID)
    assert caught.value.params["message"] == "Invalid product data: The price is wrong."


@pytest.mark.parametrize(
    ("right", "settings", "words"),
    [
        ("Magento_Catalog::products", {}, "Inventory > Products"),
        ("Magento_Catalog::catalog_inventory", {}, "Catalog > Inventory"),
        ("Magento_InventoryApi::source", {"stock_source": "default"}, "Inventory > Sources"),
        (
            "Magento_InventoryApi::stock_source_item_assign",
            {"stock_source": "default"},
            "Source Item Assigning",
        ),
    ],
)
def test_a_missing_right_is_named(
    store: PracticeMagento, take: Take, right: str, settings: dict[str, str], words: str
) -> None:
    store.right(right)
    with pytest.raises(PermissionMissing) as caught:
        take(PRODUCT_UPDATE, **settings).write(ALL, REQUEST_ID)
    assert words in str(caught.value.params["resource"])


def test_a_lost_answer_between_product_and_stock_leaves_nothing_half(
    store: PracticeMagento, target: Target[ProductUpdate]
) -> None:
    store.fault("reset", method="PUT", path="stockItems")
    with pytest.raises(BackhaulError):
        target.write(ALL, REQUEST_ID)
    assert target.look(ALL, REQUEST_ID) is None
    target.write(ALL, REQUEST_ID)
    assert target.look(ALL, REQUEST_ID) is not None
