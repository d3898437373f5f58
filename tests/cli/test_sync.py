"""`sync now --since`, `route edit` and `orders fetch` on a practice Magento store."""

from app.services.practice import Practice
from tests.cli.console import Console
from tests.cli.test_orders import shop as shop
from tests.cli.test_orders import statuses, store, sync

__all__ = ["store"]


def test_since_a_day_reads_again_and_says_so(backhaul: Console, shop: Practice) -> None:
    sync(backhaul)
    assert sync(backhaul, "--since", "2020-01-01") == ["Orders from Web shop: Nothing new"]
    (task,) = backhaul.ok("sync", "list", "--json").rows
    assert (task["reads_again_from"], task["state"]) == (None, "waiting")
    backhaul.ok("sync", "now", "--since", "2020-01-01")
    (task,) = backhaul.ok("sync", "list", "--json").rows
    assert task["reads_again_from"].startswith("2020-01-01T00:00:00")


def test_a_day_to_come_is_refused(backhaul: Console, shop: Practice) -> None:
    assert "still to come" in backhaul.fails("sync", "now", "--since", "2099-01-01")


def test_an_edit_reads_again_what_it_makes_something_else_of(
    backhaul: Console, shop: Practice
) -> None:
    sync(backhaul)
    said = backhaul.ok("route", "edit", "Web shop", "--with-address", "--every", "10m")
    assert said.lines == [
        "Route 1: Orders from Web shop, mode wait-for-invoice, every 10 min",
        "What was read since the start date is read again with this",
    ]
    assert sync(backhaul) == ["Orders from Web shop: 3 changed, 2 skipped"]
    rows = backhaul.ok("orders", "list", "--json").rows
    assert all(row["ship_to"] for row in rows)
    backhaul.ok("route", "edit", "Web shop", "--no-with-address")
    sync(backhaul)
    assert {row["ship_to"] for row in backhaul.ok("orders", "list", "--json").rows} == {None}


def test_store_views_are_changed_and_taken_back(backhaul: Console, shop: Practice) -> None:
    backhaul.ok("route", "edit", "1", "--store", "9")
    sync(backhaul)
    assert {reason for _, reason in statuses(backhaul).values()} == {"mg_skip_store"}
    (route,) = backhaul.ok("route", "edit", "1", "--all-stores", "--json").rows
    assert route["stores"] == []
    sync(backhaul)
    assert statuses(backhaul)["000000001"] == ("pending", "")


def test_an_order_older_than_the_start_is_fetched_by_its_number(
    backhaul: Console, shop: Practice
) -> None:
    backhaul.ok("route", "edit", "1", "--start", "2099-01-01")
    said = backhaul.ok("orders", "fetch", "000000001")
    assert said.lines == ["000000001: It is here now"]
    assert statuses(backhaul) == {"000000001": ("pending", "")}
    said = backhaul.ok("orders", "fetch", "000000003", "--connection", "Web shop")
    assert said.lines[0].startswith("000000003: It is here, and skipped: The order is on hold")
    (row,) = backhaul.ok("orders", "fetch", "000000001", "--json").rows
    assert (row["order"], row["taken"], row["news"]) == ("000000001", True, False)


def test_an_order_that_is_not_there_is_said(backhaul: Console, shop: Practice) -> None:
    assert "Web shop has no order 4711" in backhaul.fails("orders", "fetch", "4711")
    assert statuses(backhaul) == {}


def test_an_order_that_cannot_be_shown_is_said(backhaul: Console, shop: Practice) -> None:
    shop.act("magento", "break_order", order="000000002")
    assert "had a fault" in backhaul.fails("orders", "fetch", "000000002")
    assert statuses(backhaul) == {}
