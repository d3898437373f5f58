"""One order in full, and its way back to Pending."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.core.order_deeds import load_comment
from app.core.orders import OrderStatus
from app.core.states import JobState
from app.ui.orders.page import OrdersPage
from app.ui.orders.parcel import CopyButton, Parcel
from app.ui.queue.detail import TimelineLine
from tests.ui.desk import until
from tests.ui.orders.conftest import SKIPPED, Shop, an_order, rows, settle

ORDER = "000000001"


def opened(shop: Shop, page: OrdersPage, row: int = 0) -> OrdersPage:
    page.content.table.setFocus()
    page.content.table.go_to(row)
    QTest.keyClick(page.content.table, Qt.Key.Key_Return)
    until(page.content.pane.isVisible)
    settle(page)
    return page


def texts(page: OrdersPage) -> list[str]:
    """Everything that stands in the pane."""
    shown = page.content.pane.findChildren(QLabel)
    return [one.text().replace("\\u200b", "") for one in shown if one.isVisible()]


def press(page: OrdersPage, name: str) -> QPushButton:
    found = page.content.pane.findChildren(QPushButton)
    (one,) = [b for b in found if name in (b.accessibleName(), b.text())]
    return one


def test_a_failed_order_says_what_keeps_it_on_top(shop: Shop) -> None:
    shop.connect()
    shop.read(an_order(1))
    job = shop.ship(ORDER, JobState.FAILED)
    page = opened(shop, shop.page())
    pane, said = page.content.pane, texts(page)
    details = shop.program.orders.details(pane.order_id)
    assert details.message
    assert said[0] == f"Order {ORDER}"
    assert said[1] == details.message
    (parcel,) = pane.findChildren(Parcel)
    words = [one.text() for one in parcel.findChildren(QLabel)]
    assert "UPS · Ground" in words
    assert words[words.index("Errors") + 1] == str(details.parcels[0].error_count) != "0"
    asked: list[int] = []
    page.job_wanted.connect(asked.append)
    press(page, f"Show {details.parcels[0].tracking} in Manager").click()
    assert asked == [job]


def test_items_show_what_was_ordered_shipped_and_left(shop: Shop) -> None:
    shop.connect()
    shop.read(an_order(1))
    page = opened(shop, shop.page())
    names = [one.accessibleName() for one in page.content.pane.findChildren(QLabel)]
    for cell in ("Ordered 10", "Shipped 4", "Left 6", "Weight 0.25"):
        assert f"{cell}, CARD-A6" in names


def test_a_tracking_number_is_copied_by_a_press(shop: Shop) -> None:
    shop.connect()
    shop.read(an_order(1))
    shop.ship(ORDER)
    page = opened(shop, shop.page())
    (number,) = page.content.pane.findChildren(CopyButton)
    assert number.accessibleName() == "Copy tracking number 1Z23966E0000000001"
    number.click()
    assert QGuiApplication.clipboard().text() == "1Z23966E0000000001"
    assert number.said.text() == "Copied"


def test_what_happened_is_told_from_the_first_to_the_last(shop: Shop) -> None:
    shop.connect()
    ids = shop.read(an_order(1, skip=SKIPPED))
    shop.clock.advance(60)
    shop.ship(ORDER)
    page = opened(shop, shop.page())
    told = [one._one for one in page.content.pane.findChildren(TimelineLine)]
    assert len(told) == len(shop.program.orders.details(ids[ORDER]).timeline) >= 3
    assert "Web shop" in told[0].at
    assert told[-1].is_good


def test_the_pane_follows_the_chosen_order_and_stays_up_to_date(shop: Shop) -> None:
    shop.connect()
    ids = shop.read(an_order(1), an_order(2))
    page = opened(shop, shop.page())
    assert page.content.pane.order_id == ids["000000002"]
    QTest.keyClick(page.content.table, Qt.Key.Key_Down)
    until(lambda: page.content.pane.order_id == ids[ORDER])
    settle(page)
    shop.ship(ORDER, JobState.FAILED)
    page.feed.soon()
    until(lambda: len(page.content.pane.findChildren(Parcel)) == 1)
    settle(page)
    assert "Failed" in texts(page)
    QTest.keyClick(page.content.pane, Qt.Key.Key_Escape)
    assert not page.content.pane.isVisible()


def test_one_order_is_set_back_with_a_comment(shop: Shop) -> None:
    shop.connect()
    ids = shop.read(an_order(1, skip=SKIPPED))
    page = opened(shop, shop.page())
    press(page, f"Set to Pending: {ORDER}").click()
    until(lambda: page.content.acts.dialog is not None)
    dialog = page.content.acts.dialog
    assert dialog is not None
    said = [one.text() for one in dialog.findChildren(QLabel)]
    assert any("keeps its status" in text for text in said)
    dialog.comment.setPlainText("paid by cheque")
    dialog.submitted.emit()
    until(lambda: rows(page)[0].status is OrderStatus.PENDING)
    settle(page)
    timeline = shop.program.orders.details(ids[ORDER]).timeline
    assert timeline[-1].text.endswith("paid by cheque")
    assert timeline[-1].actor == "ann"
    assert page.content.strip.isVisible()
    assert "The store itself was not changed." in page.content.strip.accessibleName()


def test_several_are_set_back_and_those_being_written_left_alone(shop: Shop) -> None:
    shop.connect()
    shop.read(*(an_order(n, skip=SKIPPED) for n in (2, 3)), an_order(1))
    shop.ship(ORDER, JobState.IN_FLIGHT)
    page = shop.page()
    content = page.content
    content.table.selectAll()
    assert content.chosen_bar.isVisible()
    content.chosen_bar.set_back.click()
    until(lambda: content.acts.dialog is not None)
    dialog = content.acts.dialog
    assert dialog is not None
    assert dialog.fitting == 2
    assert dialog._confirm.text() == "Set 2 orders"
    dialog.submitted.emit()
    until(content.strip.isVisible)
    settle(page)
    assert content.strip.accessibleName() == (
        "2 orders were set to Pending. The store itself was not changed. "
        "1 order is being written right now and left alone."
    )
    found = {row.one.title: row.status for row in rows(page)}
    assert found[ORDER] is OrderStatus.PROCESSING
    assert {found["000000002"], found["000000003"]} == {OrderStatus.PENDING}


def test_a_comment_goes_to_the_store_only_when_that_is_chosen(shop: Shop) -> None:
    shop.connect()
    ids = shop.read(an_order(1, skip=SKIPPED))
    page = shop.page()
    acts = page.content.acts
    acts.set_back_one(ids[ORDER])
    until(lambda: acts.dialog is not None)
    dialog = acts.dialog
    assert dialog is not None
    assert not dialog.notify.isEnabled()
    dialog.to_store.setChecked(True)
    dialog.submitted.emit()
    assert dialog._trouble.text().startswith("There is no comment for the store")
    dialog.comment.setPlainText("we ship tomorrow")
    dialog.notify.setChecked(True)
    dialog.submitted.emit()
    until(page.content.strip.isVisible)
    settle(page)
    assert page.content.strip.accessibleName().endswith("The store gets the comment.")
    (comment,) = shop.desk._database.read("SELECT payload FROM jobs WHERE kind = 'order.comment'")
    assert (load_comment(comment[0]).comment, load_comment(comment[0]).notify) == (
        "we ship tomorrow",
        True,
    )
    assert not load_comment(comment[0]).visible
