"""Orders of a practice Magento store on the command line: read, listed, shown, exported."""

import csv
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import opened_program
from app.core.errors import UsageError
from app.core.events import JobChanged
from app.core.order_deeds import CommentWish
from app.core.states import JobState
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


def test_a_mode_that_there_is_not(backhaul: Console, shop: Practice) -> None:
    backhaul.ok("route", "remove", "1")
    said = backhaul.fails("route", "add", "orders", "--mode", "whatever")
    assert "no order mode" in said


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


def test_a_list_is_sorted_as_it_is_asked_for(
    backhaul: Console, shop: Practice, tmp_path: Path
) -> None:
    for order, price in (("000000004", 9), ("000000005", 120), ("000000006", 30)):
        items = [{"sku": "CARDS", "name": "Cards", "qty": 1, "price": price}]
        shop.act("magento", "add_order", order=order, items=items)
    sync(backhaul)
    rows = backhaul.ok("orders", "list", "--sort", "total", "--desc", "--json").rows
    totals = [float(row["total"]) for row in rows]
    assert totals == sorted(totals, reverse=True)
    assert len(set(totals)) > 2
    target = tmp_path / "orders.csv"
    backhaul.ok("orders", "export", str(target), "--sort", "total", "--desc")
    listed = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    assert [f'="{row["order"]}"' for row in rows] == [row["Order"] for row in listed]
    said = backhaul.ok("orders", "list", "--sort", "order", "--limit", "1").lines
    assert "000000001" in said[1]
    assert said[-1] == "These are the first 1; more with --limit 10"


def test_how_long_addresses_are_kept(backhaul: Console, shop: Practice) -> None:
    said = "Addresses are erased {} days after their order ended"
    assert backhaul.ok("orders", "addresses").lines == [said.format(30)]
    assert backhaul.ok("orders", "addresses", "--keep", "90").lines == [said.format(90)]
    assert backhaul.ok("orders", "addresses").lines == [said.format(90)]
    always = backhaul.ok("orders", "addresses", "--keep", "always").lines
    assert always == ["Addresses are kept until somebody changes that"]
    assert backhaul("orders", "addresses", "--keep", "0").code == 2


def test_export_is_safe_for_a_spreadsheet(
    backhaul: Console, shop: Practice, tmp_path: Path
) -> None:
    shop.act("magento", "state", order="000000001", state="processing", status="=cmd|' /C calc'!A0")
    sync(backhaul)
    target = tmp_path / "orders.csv"
    said = backhaul.ok("orders", "export", str(target), "--sort", "order", "--desc")
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


def invoiced(shop: Practice) -> list[int]:
    """The orders at the store that have an invoice, by its own numbers."""
    return [one["order_id"] for one in shop.state("magento")["invoices"].values()]


def test_orders_are_invoiced_as_they_are_taken_over(backhaul: Console, shop: Practice) -> None:
    backhaul.ok("route", "remove", "1")
    backhaul.ok("route", "add", "orders", "Web shop", "--mode", "auto-invoice")
    assert sync(backhaul) == ["Orders from Web shop: 3 new, 2 skipped"]
    assert statuses(backhaul)["000000001"] == ("skipped", "mg_skip_already_invoiced")
    sync(backhaul, "--again")  # a page read twice enters nothing twice
    backhaul.ok("ship", "000000002", NUMBER, "--wait")  # in its turn, behind the invoice
    assert invoiced(shop) == [1, 2]
    sync(backhaul, "--again")
    assert statuses(backhaul)["000000002"] == ("success", ""), "invoiced by us is no reason to skip"
    assert invoiced(shop) == [1, 2]
    shown = backhaul.ok("orders", "show", "000000002").out
    assert "invoice for order  row" in shown


def test_a_comment_goes_to_the_store_and_leaves_its_status(
    backhaul: Console, shop: Practice, folder: Path
) -> None:
    sync(backhaul)
    number = "000000001"
    assert "comment" in backhaul.fails("orders", "pending", number, "--to-store")
    said = backhaul.ok("orders", "pending", number, "--comment", "label damaged", "--visible")
    assert said.lines == [
        f"{number}: set back to Pending here; its comment is on its way to Web shop"
    ]
    is_there = threading.Event()
    with opened_program(folder, True) as program:
        program.bus.subscribe(
            JobChanged, lambda event: event.state is JobState.SUCCEEDED and is_there.set()
        )
        engine = program.engine()
        engine.start()
        assert is_there.wait(20)
        engine.stop()
    order = shop.state("magento")["orders"]["1"]
    (note,) = order["status_histories"]
    assert (note["comment"], note["status"]) == ("label damaged", "processing")
    assert (note["is_customer_notified"], note["is_visible_on_front"]) == (0, 1)


def test_what_a_set_back_may_do_is_said(backhaul: Console, shop: Practice, folder: Path) -> None:
    sync(backhaul)
    desk = Desk(folder)
    view = desk.program.orders
    order = view.one("000000001").order
    choices = view.set_back_choices(order)
    assert choices.can_comment
    assert "The order in Magento keeps its status" in choices.hint
    assert "e-mail" in choices.comment_hint
    unreadable = view.set_back_choices(order._replace(order_ref=""))
    assert (unreadable.can_comment, unreadable.comment_text) == (False, "")
    with pytest.raises(UsageError) as caught:
        view.set_back([order._replace(order_ref="")], "hello", "ann", CommentWish())
    assert caught.value.code == "set_back_comment_none"
    assert view.one("000000001").order.set_back_at is None
    desk.program.close()


def test_a_payment_that_is_refused_is_for_a_person_and_asked_once(
    backhaul: Console, shop: Practice
) -> None:
    backhaul.ok("route", "remove", "1")
    backhaul.ok("route", "add", "orders", "Web shop", "--mode", "auto-invoice")
    shop.act("magento", "gateway")
    sync(backhaul)
    backhaul.ok("ship", "000000002", NUMBER, "--wait")  # the parcel does not depend on the invoice
    assert (invoiced(shop), statuses(backhaul)["000000002"][0]) == ([1], "failed")
    (row,) = [
        one for one in backhaul.ok("queue", "list", "--json").rows if one["state"] == "failed"
    ]
    shown = backhaul.ok("queue", "show", f"row:{row['id']}").out
    assert "could not make the invoice for order 000000002" in shown
    assert "no card is charged twice" in shown
    shop.act("magento", "gateway", refuses=False)
    backhaul.ok("queue", "retry", f"row:{row['id']}")
    backhaul.ok("ship", "000000002", "9400110200881234567890", "--wait")
    assert (invoiced(shop), statuses(backhaul)["000000002"][0]) == ([1, 2], "success")
