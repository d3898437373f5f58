"""A shipment into a practice Magento store by the command line: one order, two parcels, proof."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.practice import Practice
from tests.cli.console import Console, Desk

ORDER = "000000123"
FIRST, SECOND = "1Z999AA10123456784", "9400110200881234567890"


@pytest.fixture
def store(folder: Path) -> Iterator[Practice]:
    """Practice servers, and an order of two packs of cards in the store."""
    desk = Desk(folder)
    with desk.program.practice_servers():
        items = [{"sku": "CARDS", "qty": 2}]
        desk.program.practice.act("magento", "add_order", order=ORDER, items=items)
        yield desk.program.practice
    desk.program.close()


def numbers(store: Practice) -> list[list[str]]:
    """The tracking numbers there, shipment by shipment."""
    shipments = store.state("magento")["shipments"].values()
    return [[track["track_number"] for track in one["tracks"]] for one in shipments]


def connect(backhaul: Console, store: Practice) -> None:
    backhaul.ok(
        "connection", "add", "magento", "--practice", "--name", "Web shop",
        "--set", f"base_url={store.url('magento')}",
    )  # fmt: skip


def test_two_parcels_of_one_order(backhaul: Console, store: Practice) -> None:
    connect(backhaul, store)
    backhaul.ok("ship", ORDER, FIRST, "--carrier", "UPS", "--item", "CARDS=1", "--wait")
    shown = backhaul.ok("queue", "show", "row:1").out
    assert f"{FIRST} on shipment 000000001: 1 x CARDS" in shown
    backhaul.ok("ship", ORDER, SECOND, "--carrier", "USPS", "--item", "CARDS=1", "--wait")
    assert numbers(store) == [[FIRST], [SECOND]]


def test_two_parcels_without_saying_what_is_in_them(backhaul: Console, store: Practice) -> None:
    connect(backhaul, store)
    for number in (FIRST, SECOND):
        backhaul.ok("ship", ORDER, number, "--wait")
    assert numbers(store) == [[FIRST, SECOND]]


def test_an_order_on_hold_waits(backhaul: Console, store: Practice) -> None:
    connect(backhaul, store)
    store.act("magento", "hold", order=ORDER)
    said = backhaul("ship", ORDER, FIRST, "--wait", "2")
    assert "on hold in Magento" in said.out + said.err
    (row,) = backhaul.ok("queue", "list", "--json").rows
    assert row["state"] == "pending"
    assert numbers(store) == []


def test_a_missing_right_stops_the_connection_and_is_named(
    backhaul: Console, store: Practice
) -> None:
    connect(backhaul, store)
    store.act("magento", "right", resource="Magento_Sales::ship", allowed=False)
    said = backhaul("ship", ORDER, FIRST, "--wait", "5")
    assert said.code == 1
    assert "Sales > Operations > Orders > Actions > Ship" in said.out + said.err


def test_a_connection_test(backhaul: Console, store: Practice) -> None:
    connect(backhaul, store)
    said = backhaul.ok("connection", "test", "Web shop")
    assert "May read shipments" in said.out


def test_copied_details_use_the_stores_own_words(backhaul: Console, store: Practice) -> None:
    connect(backhaul, store)
    backhaul.ok("ship", ORDER, FIRST, "--carrier", "UPS", "--item", "CARDS=1")
    copied = backhaul.ok("queue", "copy", ORDER).out
    assert '"order": "000000123"' in copied
    assert '"carrier": "UPS"' in copied
