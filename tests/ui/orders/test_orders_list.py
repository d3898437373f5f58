"""The list of orders: filters with counts, sorting by headings, nothing jumps, keys."""

import pytest
from PySide6.QtCore import QDateTime, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.core.errors import StorageError
from app.core.orders import OrderColumn, OrderSort, OrderStatus, Reason
from app.core.states import JobState
from app.ui.main_window import MainWindow
from app.ui.orders.filters import Chip, Days
from app.ui.orders.model import COLUMNS, PLACE_OF
from app.ui.orders.page import OrdersPage
from app.ui.queue.rows import BLOCK, KEEP_BLOCKS
from tests.ui.desk import until
from tests.ui.orders.conftest import DAY_MS, SKIPPED, Shop, an_order, numbers, rows, settle

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def choose(page: OrdersPage, chip: Chip) -> None:
    page.content.filters.chips.chosen.emit(chip)
    settle(page)


def a_mixed_shop(shop: Shop) -> OrdersPage:
    """1 pending, 2 done, 3 failed, 4 skipped, 5 pending with a parcel on its way."""
    shop.connect()
    shop.read(*(an_order(number) for number in (1, 2, 3, 5)), an_order(4, skip=SKIPPED))
    shop.ship("000000002")
    shop.ship("000000003", JobState.FAILED)
    shop.ship("000000005", JobState.PENDING)
    return shop.page()


def test_opens_newest_first_with_a_chip_and_a_count_for_each_status(shop: Shop) -> None:
    page = a_mixed_shop(shop)
    assert numbers(page) == [5, 4, 3, 2, 1]
    chips = page.content.filters.chips._chips
    texts = [chip.text() for chip in chips.values() if chip.isVisible()]
    assert texts == ["All  5", "Failed  1", "Pending  2", "Success  1", "Skipped  1"]
    for chip, found in ((Chip.FAILED, [3]), (Chip.SKIPPED, [4]), (Chip.PENDING, [5, 1])):
        choose(page, chip)
        assert numbers(page) == found


def test_a_skipped_order_says_why_and_which_setting_caused_it(shop: Shop) -> None:
    page = a_mixed_shop(shop)
    choose(page, Chip.SKIPPED)
    (row,) = rows(page)
    assert row.texts[OrderColumn.REASON].endswith("(mode wait-for-invoice)")
    index = page.content.model.index(0, PLACE_OF[OrderColumn.REASON])
    assert "Setting: mode wait-for-invoice" in index.data(int(Qt.ItemDataRole.ToolTipRole))
    spoken = page.content.model.index(0, 0).data(int(Qt.ItemDataRole.AccessibleTextRole))
    assert spoken.startswith("Order 000000004: Skipped, ")


def test_days_and_search_narrow_the_list_and_its_counts(shop: Shop) -> None:
    shop.connect()
    now = shop.clock.now_ms()
    ages = {1: 0, 2: 3, 3: 20, 4: 200}
    orders = [an_order(n, placed_at=now - days * DAY_MS) for n, days in ages.items()]
    shop.read(*orders)
    page = shop.page()
    filters = page.content.filters
    for days, found in ((Days.TODAY, [1]), (Days.WEEK, [1, 2]), (Days.MONTH, [1, 2, 3])):
        filters.choose_days(days)
        settle(page)
        assert numbers(page) == found
        assert filters.chips._chips[Chip.ALL].text() == f"All  {len(found)}"
    filters.show_all()
    settle(page)
    assert numbers(page) == [1, 2, 3, 4]
    for text, found in (("000000003", [3]), ("GREETING", [1, 2, 3, 4]), ("nothing like it", [])):
        page.set_search(text)
        settle(page)
        assert numbers(page) == found
    assert page.content.shows_instead


def test_a_range_takes_in_both_of_its_days(shop: Shop) -> None:
    shop.connect()
    now = shop.clock.now_ms()
    shop.read(*(an_order(n, placed_at=now - n * DAY_MS) for n in range(1, 6)))
    page = shop.page()
    filters = page.content.filters
    assert not filters.first.isVisible()
    filters.choose_days(Days.RANGE)
    assert filters.first.isVisible()
    today = QDateTime.fromMSecsSinceEpoch(now).date()
    filters.first.setDate(today.addDays(-4))
    filters.last.setDate(today.addDays(-2))
    settle(page)
    assert numbers(page) == [2, 3, 4]


def test_every_heading_sorts_and_again_turns_it_round(shop: Shop) -> None:
    page = a_mixed_shop(shop)
    table = page.content.table
    table.resize(2000, 400)
    for place, column in enumerate(COLUMNS):
        table.setColumnHidden(place, False)
        at = QPoint(table.columnViewportPosition(place) + 8, 10)
        seen = []
        for _ in range(2):
            QTest.mouseClick(table.headings.viewport(), Qt.MouseButton.LeftButton, pos=at)
            settle(page)
            assert page.content.model.wanted.sort.column is column.of
            seen.append(page.content.model.wanted.sort.descending)
            assert sorted(numbers(page)) == [1, 2, 3, 4, 5]
        assert seen == [column.is_falling, not column.is_falling] or column.of is OrderColumn.PLACED


def test_headings_are_reached_and_pressed_by_keyboard(shop: Shop) -> None:
    page = a_mixed_shop(shop)
    page.activateWindow()
    headings = page.content.table.headings
    headings.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(headings, Qt.Key.Key_Right)
    assert headings.chosen is OrderColumn.STATUS
    assert headings.accessibleName() == "Heading Status"
    QTest.keyClick(headings, Qt.Key.Key_Return)
    settle(page)
    assert page.content.model.wanted.sort == OrderSort(OrderColumn.STATUS, False)
    assert headings.accessibleName() == "Heading Status, sorted ascending"
    assert rows(page)[0].status is OrderStatus.FAILED
    QTest.keyClick(headings, Qt.Key.Key_Left)
    QTest.keyClick(headings, Qt.Key.Key_Return, SHIFT)
    settle(page)
    assert page.content.model.wanted.sort == OrderSort(OrderColumn.ORDER, True)


def test_only_some_of_many_orders_are_in_memory(shop: Shop) -> None:
    shop.connect()
    shop.read(*(an_order(number) for number in range(1, 3001)))
    page = shop.page()
    model = page.content.model
    assert model.rowCount() == 3000
    assert model.rows.in_memory <= BLOCK
    page.content.table.scrollToBottom()
    until(lambda: model.line(2999) is not None)
    line = model.line(2999)
    assert line is not None
    assert line.one.title == "000000001"
    assert model.rows.in_memory <= KEEP_BLOCKS * BLOCK


def test_new_orders_move_neither_what_is_shown_nor_what_is_chosen(shop: Shop) -> None:
    shop.connect()
    shop.read(*(an_order(number) for number in range(1, 301)))
    page = shop.page()
    table, model = page.content.table, page.content.model
    table.verticalScrollBar().setValue(100 * 34)
    first = table.visible_rows()[0]
    until(lambda: model.line(first + 5) is not None)
    settle(page)
    table.go_to(first + 3)
    chosen = model.loaded(first + 3)
    top = model.loaded(first)
    assert chosen is not None
    assert top is not None
    shop.read(*(an_order(number) for number in range(301, 311)))
    until(lambda: model.rowCount() == 310)
    settle(page)
    current = table.current_row()
    assert current is not None
    assert current.id == chosen.id
    assert [row for row, _ in table.chosen_ranges()] == [table.currentIndex().row()]
    now = model.loaded(table.visible_rows()[0])
    assert now is not None
    assert now.id == top.id


def test_an_order_that_changes_its_place_stays_the_chosen_one(shop: Shop) -> None:
    page = a_mixed_shop(shop)
    model, table = page.content.model, page.content.table
    model.sort_by(OrderColumn.STATUS)
    settle(page)
    ids = {row.one.title: row.id for row in rows(page)}
    row = model.row_of(ids["000000005"])
    assert row is not None
    table.go_to(row)
    job = shop.program.queue_page.search("000000005").ids[0]
    shop.desk.finish(job, JobState.FAILED, shop.connection_id)
    page.feed.now()
    until(lambda: rows(page)[0].id == ids["000000005"] or rows(page)[1].id == ids["000000005"])
    settle(page)
    current = table.current_row()
    assert current is not None
    assert current.id == ids["000000005"]
    assert table.chosen_ranges() == [(table.currentIndex().row(),) * 2]


def test_what_is_written_back_shows_without_asking(shop: Shop) -> None:
    shop.connect()
    shop.read(an_order(1))
    page = shop.page()
    assert rows(page)[0].status is OrderStatus.PENDING
    told: list[int] = []
    page.needs_you_changed.connect(told.append)
    job = shop.ship("000000001", JobState.FAILED)
    page.feed.soon()
    until(lambda: rows(page)[0].status is OrderStatus.FAILED)
    settle(page)
    assert told == [1]
    assert job


@pytest.mark.parametrize("many", [False, True])
def test_control_c_copies_order_numbers(shop: Shop, many: bool) -> None:
    page = a_mixed_shop(shop)
    table = page.content.table
    table.setFocus()
    table.go_to(0)
    if many:
        table.select_ranges([(0, 1)])
    QTest.keyClick(table, Qt.Key.Key_C, CONTROL)
    wanted = "000000005\n000000004" if many else "000000005"
    assert QGuiApplication.clipboard().text() == wanted


def test_a_fault_of_reading_says_so_and_keeps_the_rows(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = a_mixed_shop(shop)

    def broken(*_: object) -> object:
        raise StorageError("store_busy")

    monkeypatch.setattr("app.ui.orders.page.look", broken)
    page.feed.now()
    until(page.content.trouble.isVisible)
    assert page.content.model.rowCount() == 5
    monkeypatch.undo()
    page.content.trouble.press.click()
    until(lambda: not page.content.trouble.isVisible())


def test_a_first_use_leads_to_reading_a_store(shop: Shop) -> None:
    page = shop.page()
    asked: list[bool] = []
    page.route_wanted.connect(lambda: asked.append(True))
    assert page.content.shows_instead
    assert page.content.instead._text.text() == "No store is connected yet"
    page.content.instead.pressed.emit()
    assert asked == [True]
    shop.connect()
    until(lambda: page.content.instead._text.text() == "No order was read yet")
    shop.read(an_order(1, fault=Reason("mg_order_unreadable")))
    until(lambda: not page.content.shows_instead)


def test_each_page_has_a_search_of_its_own(shop: Shop) -> None:
    shop.connect()
    shop.read(*(an_order(number) for number in range(1, 4)))
    page = shop.page()
    window = MainWindow()
    shop.desk.windows.append(window)
    window.add_page("manager", "MANAGER", "nav_manager", shop.desk.page())
    window.add_page("orders", "ORDERS", "nav_orders", page)
    page.search_ended.connect(window.end_search)
    window.show()
    window.show_page("orders")
    assert window.search.placeholderText() == page.search_hint
    QTest.keyClicks(window.search, "000000002")
    until(lambda: numbers(page) == [2])
    window.show_page("manager")
    assert window.search.text() == ""
    assert window.search.placeholderText().startswith("Order, invoice")
    window.show_page("orders")
    assert window.search.text() == "000000002"
    settle(page)
    assert numbers(page) == [2]
    page.show_some(0, "")
    settle(page)
    assert numbers(page) == [3, 2, 1]
    assert window.search.text() == ""


def test_orders_of_one_store_with_one_status_are_shown_when_another_page_asks(shop: Shop) -> None:
    shop.connect()
    other = shop.connect("Outlet")
    shop.read(an_order(1), an_order(2, skip=SKIPPED))
    shop.read(an_order(3), an_order(4, skip=SKIPPED), connection_id=other)
    page = shop.page()
    page.show_some(other, "skipped")
    settle(page)
    assert numbers(page) == [4]
    assert page.content.filters.connection.currentText() == "Outlet"
