"""The list grouped by cause: headers, folding, acts on exactly the rows of a group."""

from dataclasses import replace

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from app.core.states import JobState
from app.services.queue_lines import CauseGroup
from app.services.queue_page import Slice
from app.ui.queue.heads import HeadLook, paint_head
from app.ui.queue.view import ManagerPage
from app.ui.theme import ROW, text_font
from tests.ui.desk import Desk, settle, until
from tests.ui.queue.hands import block, change, named, pause, shown, texts

REFUSED = "Needs you: ? refused it: ?"  # the builders name no host


def grouped(desk: Desk) -> ManagerPage:
    page = desk.page()
    named(page, "Group by cause").click()
    until(lambda: page.model.is_grouped)
    return page


def three_causes(desk: Desk) -> ManagerPage:
    desk.put(JobState.FAILED, "1")
    desk.put(JobState.PARKED, "2")
    desk.put(JobState.FAILED, "3")
    desk.enter("4")
    return grouped(desk)


def test_what_needs_you_comes_first_and_rows_stand_below_their_cause(desk: Desk) -> None:
    page = three_causes(desk)
    assert shown(page) == ["needs_you 2", "3", "1", "parked 1", "2", "waiting 1", "4"]
    heads = [row for row in range(page.model.rowCount()) if page.model.group(row)]
    assert heads == [0, 3, 5]


def test_a_header_shows_below_the_cause_what_to_do(desk: Desk) -> None:
    page = three_causes(desk)
    group = page.model.group(0)
    assert group is not None
    assert group.hint
    assert page.model.data(page.model.index(0, 0)).endswith(f", shown. {group.hint}")
    lower = QRect(0, ROW // 2 + 4, 600, ROW // 2 - 8)
    assert painted(group).copy(lower) != painted(replace(group, hint="")).copy(lower)


def painted(group: CauseGroup) -> QImage:
    image = QImage(600, ROW, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    colours = {name: QColor("black") for name in ("text", "muted", "border")}
    fonts = {"strong": text_font(strong=True), "text": text_font()}
    look = HeadLook(QRect(0, 0, 600, ROW), True, "window")
    paint_head(painter, group, look, {**colours, "window": QColor("white")}, fonts)
    painter.end()
    return image


def test_a_header_says_cause_connection_count_and_who_to_a_screen_reader(desk: Desk) -> None:
    page = three_causes(desk)
    text = page.model.data(page.model.index(0, 0))
    assert text.startswith(f"{REFUSED}: Front desk · 2 rows since ")
    assert " · you must act, shown. " in text
    page.table.toggle_group(0)
    assert " · you must act, folded. " in page.model.data(page.model.index(0, 0))


def test_what_only_some_rows_of_a_cause_share_is_left_open(desk: Desk) -> None:
    desk.put(JobState.FAILED, "1")
    desk.put(JobState.FAILED, "2")
    change(desk, "UPDATE jobs SET reason_code = 'not_found'")
    page = grouped(desk)
    assert page.model.group(0).title == "Needs you: ? does not know order …"  # type: ignore[union-attr]
    lines = [page.model.line(row) for row in (1, 2)]
    assert [one.reason[-1] for one in lines if one] == ["2", "1"]


def test_chevron_and_keys_fold_and_unfold(desk: Desk) -> None:
    page = three_causes(desk)
    folded = ["needs_you 2", "parked 1", "2", "waiting 1", "4"]
    y = page.table.rowViewportPosition(0) + ROW // 2
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, y))
    assert shown(page) == folded
    QTest.keyClick(page.table, Qt.Key.Key_Right)
    assert shown(page)[:3] == ["needs_you 2", "3", "1"]
    page.table.go_to(2)
    QTest.keyClick(page.table, Qt.Key.Key_Left)
    assert page.table.currentIndex().row() == 0
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    assert shown(page) == folded
    page.showing.unfold_action.trigger()
    assert len(shown(page)) == 7
    page.showing.fold_action.trigger()
    assert shown(page) == ["needs_you 2", "parked 1", "waiting 1"]


def test_ctrl_g_groups_what_the_chip_shows(desk: Desk) -> None:
    page = three_causes(desk)
    named(page, "Parked: 1").click()
    settle(page)
    assert shown(page) == ["parked 1", "2"]
    desk_window = page.window()
    QTest.keyClick(desk_window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    until(lambda: not page.model.is_grouped)
    assert shown(page) == ["2"]
    page.showing.show_slice(Slice.DONE)
    assert not page.group_button.isEnabled()


def test_what_was_searched_for_is_grouped_too(desk: Desk) -> None:
    desk.put(JobState.SUCCEEDED, "77")
    desk.put(JobState.FAILED, "77 b")
    page = grouped(desk)
    page.set_search("77")
    until(lambda: shown(page) == ["needs_you 1", "77 b", "done 1", "77"])


def test_a_large_group_begins_folded_and_opens_part_by_part(desk: Desk) -> None:
    desk.put(JobState.PARKED, "x")
    desk.enter(*(str(number) for number in range(3000)))
    page = grouped(desk)
    assert shown(page) == ["waiting 3000", "parked 1", "x"]
    page.table.toggle_group(0)
    assert page.model.rowCount() == 3003
    page.table.scrollTo(page.model.index(3000, 0))
    until(lambda: page.model.line(3000) is not None)
    assert page.model.line(3000).row.job.order_ref == "0"  # type: ignore[union-attr]
    assert page.model.rows.in_memory < 600


def test_rows_go_to_the_group_of_their_new_cause_and_the_header_counts_them(desk: Desk) -> None:
    page = three_causes(desk)
    page.acts.park([1], "invoice 1")
    until(lambda: shown(page) == ["needs_you 1", "3", "parked 2", "2", "1", "waiting 1", "4"])
    page.acts.retry([3], "invoice 3")
    until(lambda: shown(page) == ["parked 2", "2", "1", "waiting 2", "4", "3"])


def test_the_bar_on_a_header_acts_on_the_rows_that_were_counted(desk: Desk) -> None:
    desk.put(JobState.FAILED, "1")
    desk.put(JobState.FAILED, "3")
    page = grouped(desk)
    page.table.go_to(0)
    retry = named(page, f"Retry 2 rows: {REFUSED[:1].lower()}{REFUSED[1:]}, Front desk")
    assert retry.text() == "Retry 2"
    desk.put(JobState.FAILED, "5")
    retry.click()
    until(lambda: page.toast.text == "Retried 2 rows")
    states = {row.job.order_ref: row.job.state for row in desk.program.queue.rows()}
    assert (states["1"], states["3"], states["5"]) == ("pending", "pending", "failed")


def test_delete_on_a_header_removes_the_group_even_folded_and_undo_brings_it_back(
    desk: Desk,
) -> None:
    page = three_causes(desk)
    page.table.toggle_group(0)
    page.table.go_to(0)
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    until(lambda: page.toast.text == "Removed 2 rows from the queue")
    until(lambda: shown(page) == ["parked 1", "2", "waiting 1", "4"])
    named(page, "Undo").click()
    until(lambda: shown(page) == ["needs_you 2", "parked 1", "2", "waiting 1", "4"])


def test_the_menu_of_a_header_has_the_same_acts_and_the_grouping(desk: Desk) -> None:
    page = three_causes(desk)
    page.table.go_to(0)
    page.table.menu_wanted.emit(QPoint(10, 10))
    (menu,) = (one for one in page.findChildren(QMenu) if one.isVisible())
    texts = [entry.text() for entry in menu.actions() if entry.isVisible() and entry.text()]
    menu.close()
    assert texts == [
        "Retry (2 rows)", "Done by hand… (2 rows)", "Park (2 rows)", "Remove (2 rows)",
        "Group by cause", "Unfold all groups", "Fold all groups",
    ]  # fmt: skip


def test_a_stopped_connection_is_one_group_without_retry(desk: Desk) -> None:
    desk.enter("1", "2")
    block(desk)
    page = grouped(desk)
    page.table.go_to(0)
    assert shown(page) == ["needs_you 2", "2", "1"]
    assert "Park 2" in texts(page)
    assert "Retry 2" not in texts(page)


def test_a_paused_connection_is_one_group_whatever_its_rows_waited_for(desk: Desk) -> None:
    desk.put(JobState.PENDING, "1")
    desk.enter("2")
    change(desk, "UPDATE jobs SET reason_code = 'timeout', attempts = 2 WHERE id = 1")
    pause(desk)
    page = grouped(desk)
    assert shown(page) == ["waiting 2", "2", "1"]
