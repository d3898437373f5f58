"""Products from a file to a practice Magento store, on the command line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.services.practice import Practice
from tests.cli.console import Console, Desk

PRICES = "Item;Sell Price;On hand\nCARDS;14,25;44\nFLYERS;9,90;0\nNOWHERE;1,00;5\n;2,00;1\n"
MAPPED = ("--map", "sku=Item", "--map", "price=Sell Price", "--map", "quantity=On hand")


@pytest.fixture
def store(folder: Path) -> Iterator[Practice]:
    """A store with two products."""
    desk = Desk(folder)
    with desk.program.practice_servers():
        for sku in ("CARDS", "FLYERS"):
            desk.program.practice.act("magento", "add_product", sku=sku)
        yield desk.program.practice
    desk.program.close()


@pytest.fixture
def shop(backhaul: Console, store: Practice) -> Practice:
    """The store, connected."""
    backhaul.ok(
        "connection", "add", "magento", "--practice", "--name", "Web shop",
        "--set", f"base_url={store.url('magento')}",
    )  # fmt: skip
    return store


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    path = tmp_path / "prices.csv"
    path.write_text(PRICES, encoding="utf-8")
    return path


def held(shop: Practice, sku: str) -> dict[str, Any]:
    found: dict[str, Any] = shop.state("magento")["products"][sku]
    return found


def test_products_are_written_and_what_failed_is_said(
    backhaul: Console, shop: Practice, prices: Path
) -> None:
    said = backhaul.ok("route", "add", "products", str(prices), *MAPPED)
    assert said.lines == [
        "Route 1: Products to Web shop. Products of prices.csv: price, quantity on hand, "
        "looked at every 5 min",
        "Nothing is running to send them. Start it with: backhaul run",
    ]
    said = backhaul.ok("sync", "now", "--wait", "30")
    assert said.lines == [
        "Products to Web shop: 3 products: 2 updated, 1 needs you, 1 row not read",
        "  Not taken by the store: 1 of the products. Look at them in MANAGER under “Needs you”, "
        "each says why",
    ]
    assert held(shop, "CARDS")["price"] == 14.25
    rows = {row["item"]: row for row in backhaul.ok("products", "list", "--json").rows}
    assert {sku: row["state"] for sku, row in rows.items()} == {
        "CARDS": "succeeded", "FLYERS": "succeeded", "NOWHERE": "failed",
    }  # fmt: skip
    assert rows["CARDS"]["proof"]["held"]
    (item,) = backhaul.ok("attention", "list", "--json").rows
    assert (item["file"], item["line"]) == ("prices.csv", 5)


def test_only_what_needs_a_person_stands_among_the_write_backs(
    backhaul: Console, shop: Practice, prices: Path
) -> None:
    backhaul.ok("route", "add", "products", str(prices), *MAPPED)
    backhaul.ok("sync", "now", "--wait", "30")
    (row,) = backhaul.ok("queue", "list", "--json").rows
    assert (row["type"], row["order"]) == ("product.update", "NOWHERE")
    shown = backhaul.ok("queue", "show", "NOWHERE").out
    assert "product NOWHERE" in shown
    assert "open the product NOWHERE and set: price 1, quantity 5" in shown
    copied = backhaul.ok("queue", "copy", "NOWHERE").out
    assert '"type": "product.update"' in copied
    assert '"sku": "NOWHERE"' in copied
    assert "Only shipments can be corrected here" in backhaul(
        "queue", "edit", "NOWHERE", "--tracking", "1Z999AA10123456784"
    ).err  # fmt: skip


def test_unchanged_ones_are_not_sent_again(backhaul: Console, shop: Practice, prices: Path) -> None:
    prices.write_text("Item,Price\nCARDS,14.25\nFLYERS,9.90\n", encoding="utf-8")
    backhaul.ok("route", "add", "products", str(prices), "Web shop", "--map", "sku=Item",
                "--map", "price=Price")  # fmt: skip
    backhaul.ok("sync", "now", "--wait", "30")
    before = {row["item"]: row["id"] for row in backhaul.ok("products", "list", "--json").rows}
    prices.write_text("Item,Price\nCARDS,15.00\nFLYERS,9.90\n", encoding="utf-8")
    said = backhaul.ok("sync", "now", "--wait", "30")
    assert said.lines == ["Products to Web shop: 2 products: 1 updated, 1 unchanged"]
    after = {row["item"]: row["id"] for row in backhaul.ok("products", "list", "--json").rows}
    assert {sku for sku in after if after[sku] != before[sku]} == {"CARDS"}
    backhaul.ok("products", "send", "--all")
    said = backhaul.ok("sync", "now", "--wait", "30")
    assert said.lines == ["Products to Web shop: 2 products: 2 updated"]
    (row,) = backhaul.ok("products", "show", "cards", "--json").rows
    assert row["item"] == "CARDS"


def test_a_route_is_tried_before_it_is_kept(
    backhaul: Console, shop: Practice, prices: Path
) -> None:
    add = ("route", "add", "products")
    assert "is not there" in backhaul.fails(*add, str(prices.with_name("none.csv")))
    assert "No column is chosen for the item number" in backhaul.fails(
        *add, str(prices), "--map", "price=Sell Price"
    )
    assert "no column “Cost”" in backhaul.fails(*add, str(prices), *MAPPED, "--map", "price=Cost")
    assert backhaul(*add, str(prices), "--map", "colour=Item").code == 2
    assert backhaul.ok("route", "list", "--json").rows == []
    backhaul.ok(*add, str(prices), *MAPPED)
    (route,) = backhaul.ok("route", "list", "--json").rows
    assert (route["purpose"], route["source"], route["target"]) == (
        "products", str(prices), "Web shop",
    )  # fmt: skip
    assert "already" in backhaul.fails(*add, str(prices), "Web shop", *MAPPED)


def test_what_is_about_orders_leaves_a_products_route_alone(
    backhaul: Console, shop: Practice, prices: Path
) -> None:
    backhaul.ok("route", "add", "products", str(prices), *MAPPED)
    assert "no route" in backhaul.fails("route", "edit", "Web shop", "--with-address")
    assert "reads no orders" in backhaul.fails("sync", "now", "1", "--again")
    backhaul.ok("route", "add", "orders", "Web shop")
    assert "several routes" in backhaul.fails("sync", "now", "Web shop")
    backhaul.ok("sync", "now", "Products to Web shop", "--wait", "30")
    backhaul.ok("route", "edit", "Web shop", "--every", "10m")


def test_a_printsmith_takes_no_products(backhaul: Console, desk: Desk, prices: Path) -> None:
    said = backhaul.fails("route", "add", "products", str(prices), "Front desk", *MAPPED)
    assert "takes no products" in said
