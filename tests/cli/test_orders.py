"""Orders of a practice Magento store on the command line: read, listed, shown, exported."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.orders_view import safe_cell
from app.services.practice import Practice
from tests.cli.console import Console, Desk

NUMBER = "1Z999AA10123456784"


@pytest.fixture
def store(folder: Path) -> Iterator[Practice]:
    """Three orders: invoiced, not invoiced, on hold."""
    desk = Desk(folder)
    with desk.program.practice_servers():
        practice = desk.program.practice
        for order in ("000000001", "000000002", "000000003"):
            items = [{"sku": "CARDS", "name": "Cards", "qty": 2}]
            practice.act("magento", "add_order", order=order, items=items)
        practice.act("magento", "invoice", order="000000001")
        practice.act("magento", "hold", order="000000003")
        yield practice
    desk.program.close()


@pytest.fixture
def shop(backhaul: Console, store: Practice) -> Practice:
    """The store, connected, with a route."""
    backhaul.ok(
        "connection", "add", "magento", "--practice", "--name", "Web shop",
        "--set", f"base_url={store.url('magento')}",
    )  # fmt: skip
    said = backhaul.ok("route", "add", "orders", "Web shop")
    assert said.lines[0] == "Route 1: Orders from Web shop, mode wait-for-invoice, every 5 min"
    return store


def sync(backhaul: Console, *more: str) -> list[str]:
    return backhaul.ok("sync", "now", "--wait", "30", *more).lines


def statuses(backhaul: Console) -> dict[str, tuple[str, str]]:
    rows = backhaul.ok("orders", "list", "--json").rows
    return {row["order"]: (row["status"], row["reason"]) for row in rows}


def test_orders_are_read_and_skipped_ones_say_why(backhaul: Console, shop: Practice) -> None:
    assert sync(backhaul) == ["Orders from Web shop: 3 new, 2 skipped"]
    assert statuses(backhaul) == {
        "000000001": ("pending", ""),
        "000000002": ("skipped", "mg_skip_not_invoiced"),
        "000000003": ("skipped", "mg_skip_on_hold"),
    }
    shown = backhaul.ok("orders", "show", "000000002").out
    assert shown.startswith("Not invoiced yet\n")
    assert "mode wait-for-invoice" in shown
    (row,) = backhaul.ok("orders", "list", "--status", "pending", "--json").rows
    assert row["order"] == "000000001"


def test_a_change_at_the_store_arrives_with_the_next_reading(
    backhaul: Console, shop: Practice
) -> None:
    sync(backhaul)
    assert sync(backhaul) == ["Orders from Web shop: Nothing new"]
    shop.act("magento", "invoice", order="000000002")
    assert sync(backhaul) == ["Orders from Web shop: 1 changed"]
    assert statuses(backhaul)["000000002"] == ("pending", "")


def test_a_parcel_makes_an_order_a_success(backhaul: Console, shop: Practice) -> None:
    sync(backhaul)
    backhaul.ok("ship", "000000001", NUMBER, "--wait", "30")
    assert statuses(backhaul)["000000001"] == ("success", "")
    shown = backhaul.ok("orders", "show", "000000001").out
    assert NUMBER in shown
    (row,) = backhaul.ok("orders", "list", "--text", NUMBER, "--json").rows
    assert row["order"] == "000000001"


def test_set_back_to_pending(backhaul: Console, shop: Practice) -> None:
    sync(backhaul)
    said = backhaul.ok("orders", "pending", "000000003", "--comment", "released")
    assert said.lines == [
        "000000003: set back to Pending here; nothing was changed at Web shop",
    ]
    assert statuses(backhaul)["000000003"] == ("pending", "")
    (shown,) = backhaul.ok("orders", "show", "000000003", "--json").rows
    assert shown["timeline"][-1]["text"] == "Set back to Pending: released"
    assert sync(backhaul, "--again") == ["Orders from Web shop: 1 changed, 1 skipped"]


def test_a_store_that_is_away_is_said_and_nothing_is_lost(
    backhaul: Console, shop: Practice
) -> None:
    shop.fault("magento", "maintenance", times=1)
    said = backhaul("sync", "now", "--wait", "30")
    assert said.code == 1
    assert "under maintenance" in said.err
    (task,) = backhaul.ok("sync", "list", "--json").rows
    assert (task["state"], task["result"]) == ("failed", "maintenance")
    assert sync(backhaul) == ["Orders from Web shop: 3 new, 2 skipped"]


def test_a_broken_order_is_listed_and_the_others_are_there(
    backhaul: Console, shop: Practice
) -> None:
    shop.act("magento", "break_order", order="000000002")
    assert sync(backhaul) == ["Orders from Web shop: 3 new, 1 skipped, 1 not readable"]
    (row,) = backhaul.ok("orders", "list", "--status", "failed", "--json").rows
    assert "comes after 000000001" in row["reason_text"]
    shop.act("magento", "break_order", order="000000002", broken=False)
    sync(backhaul, "--again")
    assert len(statuses(backhaul)) == 3


def test_a_pause(backhaul: Console, shop: Practice) -> None:
    assert backhaul.ok("sync", "pause").lines == [
        "Orders from Web shop: paused until it is resumed"
    ]
    assert "Paused" in backhaul.fails("sync", "now", "--wait", "5")
    backhaul.ok("sync", "resume")
    sync(backhaul)


def test_asked_with_nothing_running_is_said(backhaul: Console, shop: Practice) -> None:
    said = backhaul.ok("sync", "now")
    assert "Nothing is running to read it" in said.lines[1]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("route", "add", "orders", "Web shop"), "read already"),
        (("route", "remove", "9"), "no route"),
        (("orders", "show", "4711"), "no order 4711"),
        (("orders", "show", "id:99999999999999999999"), "no order"),
    ],
)
def test_what_cannot_be_done_is_said(
    backhaul: Console, shop: Practice, words: tuple[str, ...], why: str
) -> None:
    assert why in backhaul.fails(*words)


@pytest.mark.parametrize(
    ("mode", "why"), [("auto-invoice", "not built yet"), ("whatever", "no order mode")]
)
def test_a_mode_that_there_is_not(backhaul: Console, shop: Practice, mode: str, why: str) -> None:
    backhaul.ok("route", "remove", "1")
    assert why in backhaul.fails("route", "add", "orders", "--mode", mode)


def test_a_system_without_orders(backhaul: Console, desk: Desk) -> None:
    assert "no orders" in backhaul.fails("route", "add", "orders")


def test_addresses_are_kept_only_where_they_were_asked_for(
    backhaul: Console, shop: Practice
) -> None:
    sync(backhaul)
    assert {row["ship_to"] for row in backhaul.ok("orders", "list", "--json").rows} == {None}
    backhaul.ok("route", "remove", "Web shop")
    backhaul.ok("route", "add", "orders", "--with-address")
    sync(backhaul)
    assert "Ann Example, Acme, 1 Main Street" in backhaul.ok("orders", "show", "000000001").out


def test_export_is_safe_for_a_spreadsheet(
    backhaul: Console, shop: Practice, tmp_path: Path
) -> None:
    shop.act("magento", "state", order="000000001", state="processing", status="=cmd|' /C calc'!A0")
    sync(backhaul)
    target = tmp_path / "orders.csv"
    said = backhaul.ok("orders", "export", str(target))
    assert said.lines == [f"{target}: 3 orders"]
    text = target.read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Order"] for row in rows] == ['="000000003"', '="000000002"', '="000000001"']
    assert rows[2]["Store status"].startswith("'=cmd")
    assert rows[1]["Setting"] == "mode wait-for-invoice"
    backhaul.ok("orders", "export", str(target), "--status", "pending")
    assert len(target.read_text(encoding="utf-8-sig").splitlines()) == 2
    assert [path.name for path in tmp_path.glob("*.part")] == []
    assert "cannot be written" in backhaul.fails("orders", "export", str(tmp_path / "no" / "x.csv"))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("", ""),
        ("316132", "316132"),
        ("000123", '="000123"'),
        ("123456789012345678", '="123456789012345678"'),
        ("0", "0"),
        ("-5.00", "-5.00"),
        ("-5+cmd", "'-5+cmd"),
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+49 30", "'+49 30"),
        ("\tx", "'\tx"),
        ("a\x00b", "ab"),
        ("\x00=1", "'=1"),
        ("Cards", "Cards"),
    ],
)
def test_cells(text: str, cell: str) -> None:
    assert safe_cell(text) == cell
