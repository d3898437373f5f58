"""Update and Export: under way, over, stopped, and what went wrong."""

import csv
from pathlib import Path

from app.models.routes import Routes
from app.ui.orders.page import OrdersPage
from tests.ui.desk import until
from tests.ui.orders.conftest import Shop, an_order, numbers, settle


def export(page: OrdersPage, target: Path) -> None:
    content = page.content
    content.exporting.write(target, content.model.rows.wanted, content.model.rowCount())


def test_the_rows_listed_now_go_into_a_file_in_their_order(shop: Shop, tmp_path: Path) -> None:
    shop.connect()
    shop.read(*(an_order(number) for number in range(1, 1201)))
    page = shop.page()
    page.set_search("00000012")
    settle(page)
    listed = numbers(page)
    target = tmp_path / "orders.csv"
    export(page, target)
    until(page.content.exported.isVisible)
    with target.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert [int(row["Order"].strip('="')) for row in found] == listed
    assert len(listed) > 1
    assert page.content.exported.accessibleName() == f"{len(listed)} orders exported to orders.csv"
    assert page.content.exported.press.text() == "Show in folder"


def test_a_stopped_export_leaves_nothing(shop: Shop, tmp_path: Path) -> None:
    shop.connect()
    shop.read(*(an_order(number) for number in range(1, 2001)))
    page = shop.page()
    target = tmp_path / "orders.csv"
    target.write_text("as it was", encoding="utf-8")
    export(page, target)
    assert page.content.foot.isVisible()
    assert not page.content.export_button.isEnabled()
    page.content.foot.work._cancel.click()
    until(page.content.strip.isVisible)
    assert page.content.strip.accessibleName() == "Stopped: no file was written."
    assert target.read_text(encoding="utf-8") == "as it was"
    assert [one.name for one in tmp_path.iterdir() if "orders" in one.name] == ["orders.csv"]
    until(lambda: page.content.export_button.isEnabled())


def test_a_place_that_cannot_be_written_is_said(shop: Shop, tmp_path: Path) -> None:
    shop.connect()
    shop.read(an_order(1))
    page = shop.page()
    export(page, tmp_path / "no such folder" / "orders.csv")
    until(page.content.strip.isVisible)
    assert "cannot be written" in page.content.strip.accessibleName()


def test_update_asks_for_every_store_and_tells_what_came_of_it(shop: Shop) -> None:
    shop.connect()
    shop.connect("Outlet")
    shop.read(an_order(1))
    page = shop.page()
    routes = Routes(shop.desk._database, shop.clock)
    before = {task.route.id: task.asked for task in routes.all()}
    content = page.content
    content.update_button.click()
    assert content.update_button.text() == "Updating…"
    until(lambda: all(task.asked == before[task.route.id] + 1 for task in routes.all()))
    shop.clock.advance(1)
    for task in routes.all():
        routes.begin(task.route.id)
    until(lambda: content.header._note.text().startswith("Orders from"))
    for task in routes.all():
        routes.went_well(task.route.id, 300)
    until(lambda: content.update_button.text() == "Update", 10_000)
    assert content.strip.isVisible()
    assert content.strip.accessibleName().startswith("Updated. ")


def test_an_update_that_goes_wrong_says_why(shop: Shop) -> None:
    shop.connect()
    page = shop.page()
    content = page.content
    (task,) = shop.program.routes.all()
    shop.program.routes.pause(task.task.route.id, None, "ann")
    settle(page)
    content.update_button.click()
    until(lambda: content.update_button.text() == "Update", 10_000)
    assert "Paused until it is resumed" in content.strip.accessibleName()
