"""The MANAGER page on a real data folder: what is shown, what the buttons do."""

import json

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
)

from app.core.details import parse_details
from app.core.errors import SetupChanged
from app.core.states import JobState
from app.services.queue_page import Slice
from app.ui.queue.view import ManagerPage
from tests.ui.desk import Desk, settle, until
from tests.ui.queue.hands import named


def shown(page: ManagerPage) -> list[str]:
    """Order references from top to bottom."""
    lines = [page.model.line(row) for row in range(page.model.rowCount())]
    return [line.row.job.order_ref for line in lines if line is not None]


def hover(page: ManagerPage, row: int) -> None:
    """The pointer goes to a row."""
    box = page.table.visualRect(page.model.index(row, 0))
    QTest.mouseMove(page.table.viewport(), QPoint(1, page.table.viewport().height() - 2))
    QTest.mouseMove(page.table.viewport(), box.center())
    until(page.table.row_actions.isVisible)


def dialog(page: ManagerPage) -> QDialog:
    found = [one for one in page.findChildren(QDialog) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def test_new_shipments_appear_on_top_and_done_ones_leave(desk: Desk) -> None:
    desk.enter("316132")
    page = desk.page()
    assert shown(page) == ["316132"]
    (second,) = desk.enter("316140")
    until(lambda: shown(page) == ["316140", "316132"])
    desk.finish(1, JobState.SUCCEEDED)
    page.feed.something_changed()
    until(lambda: shown(page) == ["316140"])
    assert page.model.line(0).id == second  # type: ignore[union-attr]


def test_chips_count_and_filter(desk: Desk) -> None:
    desk.put(JobState.SUCCEEDED, "1")
    desk.put(JobState.FAILED, "2")
    desk.put(JobState.IN_DOUBT, "3")
    desk.put(JobState.PARKED, "4")
    desk.enter("5", "6")
    page = desk.page()
    counts = page._counts.by_slice
    assert counts[Slice.ALL] == 5
    assert [counts.get(s) for s in (Slice.NEEDS_YOU, Slice.SENDING, Slice.WAITING)] == [1, 1, 2]
    named(page, "Needs you: 1").click()
    settle(page)
    assert shown(page) == ["2"]
    named(page, "Done today: 1").click()
    settle(page)
    assert shown(page) == ["1"]


def test_the_red_x_removes_and_undo_brings_back(desk: Desk) -> None:
    desk.enter("316131", "316132", "316133")
    page = desk.page()
    hover(page, 1)
    named(page, "Remove invoice 316132").click()
    until(lambda: page.toast.text == "Removed invoice 316132 from the queue")
    settle(page)
    assert shown(page) == ["316133", "316131"]
    named(page, "Undo").click()
    until(lambda: shown(page) == ["316133", "316132", "316131"])


def test_copy_puts_the_exact_details_on_the_clipboard(desk: Desk) -> None:
    (job_id,) = desk.enter("316132")
    page = desk.page()
    hover(page, 0)
    # A real press: it says itself that no Shift is held, whatever an earlier test pressed.
    QTest.mouseClick(named(page, "Copy details of invoice 316132"), Qt.MouseButton.LeftButton)
    until(lambda: page.toast.text == "Copied details of invoice 316132")
    text = QGuiApplication.clipboard().text()
    assert text == desk.program.queue_page.copy(job_id, with_diagnosis=False)
    assert parse_details(text)["data"]["invoice"] == "316132"


def test_a_text_the_clipboard_refuses_is_shown_to_copy(desk: Desk) -> None:
    page = desk.page()
    page.acts.text_refused.emit("{}")
    (shown_text,) = dialog(page).findChildren(QPlainTextEdit)
    assert shown_text.toPlainText() == "{}"
    dialog(page).reject()


def test_shift_adds_the_diagnosis(desk: Desk) -> None:
    desk.put(JobState.FAILED, "316132")
    page = desk.page()
    page.table.selectRow(0)
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(page.table, Qt.Key.Key_C, control | shift)
    until(lambda: page.toast.text.endswith("with diagnosis"))
    first, end = json.JSONDecoder().raw_decode(QGuiApplication.clipboard().text())
    diagnosis = json.loads(QGuiApplication.clipboard().text()[end:])
    assert first["data"]["invoice"] == "316132"
    assert (diagnosis["state"], diagnosis["cause"]) == ("failed", "rejected")


def test_delete_removes_all_selected_rows_and_says_how_many(desk: Desk) -> None:
    desk.enter(*(f"A{number}" for number in range(300)))
    page = desk.page()
    page.table.selectAll()
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    until(lambda: page.toast.text == "Removed 300 rows from the queue")
    until(lambda: page.model.rowCount() == 0)
    named(page, "Undo").click()
    until(lambda: page.model.rowCount() == 300)


def test_a_row_that_came_after_counting_is_left_alone(desk: Desk) -> None:
    desk.put(JobState.FAILED, "1")
    desk.put(JobState.FAILED, "2")
    page = desk.page()
    named(page, "Group by cause").click()
    until(lambda: page.model.is_grouped)
    page.table.go_to(0)
    retry = named(page, "Retry 2 rows: needs you: ? refused it: ?, Front desk")
    desk.put(JobState.FAILED, "3")
    retry.click()
    until(lambda: page.toast.text == "Retried 2 rows")
    states = {row.job.order_ref: row.job.state for row in desk.program.queue.rows()}
    assert states == {"1": "pending", "2": "pending", "3": "failed"}


def test_a_row_being_sent_goes_when_the_answer_is_in(desk: Desk) -> None:
    job_id = desk.put(JobState.IN_FLIGHT, "316132")
    page = desk.page()
    page.acts.remove([job_id], "invoice 316132")
    until(lambda: "removed when the answer is in" in page.toast.text)
    until(lambda: page.model.line(0).reason == "Removing when the answer is in")  # type: ignore[union-attr]


@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.DISCARDED, JobState.FAILED])
def test_search_finds_a_number_whatever_became_of_it(desk: Desk, state: JobState) -> None:
    desk.put(state, "316132")
    desk.enter("999")
    page = desk.page()
    page.set_search("316132")
    until(lambda: shown(page) == ["316132"])
    page.set_search("1Z23966E0000000001")
    until(lambda: shown(page) == ["316132"])
    page.set_search("never")
    until(page.instead.isVisible)
    texts = [one.text() for one in page.instead.findChildren(QLabel)]
    assert "“never” was never seen here" in texts


def test_details_show_why_who_and_what_happened(desk: Desk) -> None:
    desk.put(JobState.FAILED, "316132")
    page = desk.page()
    page.table.selectRow(0)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    until(page.details.isVisible)
    texts = [one.text() for one in page.details.findChildren(QLabel)]
    assert "Correct it with Edit and retry." in texts
    assert "You" in texts
    QTest.keyClick(page.details, Qt.Key.Key_Escape)
    assert not page.details.isVisible()


def test_found_shown_copied_and_removed_by_keyboard_alone(desk: Desk) -> None:
    desk.enter("316131", "316132", "316133")
    window = desk.window()
    page = desk.pages[0]
    QTest.keyClick(window, Qt.Key.Key_Slash)
    QTest.keyClicks(window.search, "316132")
    until(lambda: shown(page) == ["316132"])
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert page.table.hasFocus()
    assert page.table.selectionModel().isRowSelected(0, QModelIndex())
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    until(page.details.isVisible)
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert not page.details.isVisible()
    assert page.table.selectionModel().isRowSelected(0, QModelIndex())
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    until(lambda: page.toast.text == "Removed invoice 316132 from the queue")
    QTest.keyClick(page.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    until(lambda: page.model.line(0).phase == "waiting")  # type: ignore[union-attr]


def test_a_blocked_connection_stands_above_the_list_and_can_be_resumed(desk: Desk) -> None:
    desk.enter("316132")
    desk.gates.block(1, SetupChanged("ps_charge_missing", charge="ShipLeap Tracking"))
    page = desk.page()
    resume = named(page, "Resume Front desk")
    assert page._counts.by_slice[Slice.NEEDS_YOU] == 1
    resume.click()
    until(lambda: page.toast.text == "Front desk is tried again")
    until(lambda: not page.banners.isVisible())
    assert page.model.line(0).reason == "Waiting for its turn"  # type: ignore[union-attr]


def test_a_shipment_is_added_by_hand(desk: Desk) -> None:
    page = desk.page()
    named(page, "Add shipment").click()
    form = dialog(page)
    order, tracking, *_ = form.findChildren(QLineEdit)
    QTest.keyClicks(order, "316140")
    QTest.keyClick(order, Qt.Key.Key_Return)
    QTest.keyClicks(tracking, "1z 23966e 0398214403")
    QTest.keyClick(tracking, Qt.Key.Key_Return)
    until(lambda: shown(page) == ["316140"])
    assert page.model.line(0).tracking == "1Z23966E0398214403"  # type: ignore[union-attr]


def test_a_wrong_number_stays_in_the_form(desk: Desk) -> None:
    page = desk.page()
    page.add_shipment()
    form = dialog(page)
    order, tracking, *_ = form.findChildren(QLineEdit)
    order.setText("316140")
    tracking.setText("1Z/?")
    named(form, "Add").click()
    assert form.isVisible()
    assert any("characters" in one.text() for one in form.findChildren(QLabel))
    form.reject()


def test_edit_and_retry_corrects_the_row(desk: Desk) -> None:
    desk.put(JobState.FAILED, "316132")
    page = desk.page()
    line = page.model.line(0)
    assert line is not None
    page.chosen._correcting.ask(line)
    order, *_ = dialog(page).findChildren(QLineEdit)
    order.setText("316139")
    named(dialog(page), "Retry").click()
    until(lambda: shown(page) == ["316139"])
    assert page.model.line(0).row.job.state is JobState.PENDING  # type: ignore[union-attr]


def test_markup_in_a_name_is_shown_as_text(desk: Desk) -> None:
    desk.enter("<b>316132</b><img src=x>")
    page = desk.page()
    page._open_details(1)
    until(page.details.isVisible)
    labels = page.findChildren(QLabel)
    assert any("<b>316132</b>" in one.text() for one in labels)
    assert all(one.textFormat() is Qt.TextFormat.PlainText for one in labels if one.text())
    tip = page.model.data(page.model.index(0, 0), int(Qt.ItemDataRole.ToolTipRole))
    assert "<b>" not in tip


def test_rows_do_not_jump_while_the_pointer_moves_over_them(desk: Desk) -> None:
    desk.enter("1", "2")
    page = desk.page()
    hover(page, 0)
    QTest.mouseMove(page.table.viewport(), QPoint(60, 70))
    page.table._moved_at += 60  # the pointer goes on moving
    desk.enter("3")
    page._refresh()
    until(lambda: not page.model.is_busy)
    assert shown(page) == ["2", "1"]
    page.table._moved_at -= 120
    until(lambda: shown(page) == ["3", "2", "1"])
