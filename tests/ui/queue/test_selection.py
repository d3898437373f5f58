"""Several rows at once: counted, acted on by their numbers, told exactly, stopped, undone."""

import pytest
from PySide6.QtCore import QCoreApplication, QItemSelection, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.core.states import JobState
from app.services.acting import AT_ONCE, Left
from app.services.queue_page import Result, Slice, Standing
from app.ui.queue.bulk import Run
from app.ui.queue.choice import Choice
from app.ui.queue.deeds import Act
from app.ui.queue.dialogs import ReasonForm
from app.ui.queue.foot import SelectionBar
from app.ui.queue.told import PARK, REMOVE, RETRY, told
from app.ui.queue.view import ManagerPage
from app.ui.theme import Theme
from tests.builders import LEASE
from tests.ui.desk import Desk, longest_ms, settle, until
from tests.ui.queue.hands import change, named, shown, texts
from tests.ui.queue.many import fill

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
BUSY = Left("job_busy", 1, "It is already being sent. Wait for the answer, then try again")


def click(page: ManagerPage, row: int, keys: Qt.KeyboardModifier) -> None:
    place = page.table.visualRect(page.model.index(row, 0)).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, keys, place)


def select_all(page: ManagerPage) -> None:
    QTest.keyClick(page.table, Qt.Key.Key_A, CONTROL)
    until(lambda: page.chosen.selection.choice is not None)


def bar(page: ManagerPage) -> list[str]:
    """What the bar of the selection says; empty while there is none."""
    box = page.foot.selection
    labels = [one.text() for one in box.findChildren(QLabel) if one.isVisible()]
    return labels + texts(box) if box.isVisible() else []


def parkable(page: ManagerPage) -> list[int]:
    """The chosen rows that can be parked."""
    choice = page.chosen.selection.choice
    return [] if choice is None else choice.ids(Act.PARK)


def corner(page: ManagerPage, row: int) -> QPoint:
    """Where a row stands on the page."""
    cell = page.table.visualRect(page.model.index(row, 0))
    return page.table.viewport().mapTo(page, cell.topLeft())


def test_the_bar_counts_what_is_selected_and_for_how_many_rows_each_act_goes(desk: Desk) -> None:
    desk.put(JobState.FAILED, "1")
    desk.put(JobState.PARKED, "2")
    desk.enter("3", "4")
    page = desk.page()
    click(page, 0, Qt.KeyboardModifier.NoModifier)
    assert bar(page) == []
    click(page, 2, CONTROL)
    assert bar(page) == [
        "2 rows selected", "Select all 4", "Clear", "Retry 2", "Park 1", "Done by hand 2…",
        "Remove 2",
    ]  # fmt: skip
    click(page, 3, SHIFT)
    click(page, 0, SHIFT)
    assert bar(page)[0] == "3 rows selected"
    select_all(page)
    assert "Select all 4" not in bar(page)
    assert named(page, "Park 3 rows").text() == "Park 3"
    named(page, "Clear the selection").click()
    assert bar(page) == []


@pytest.mark.parametrize("width", [1240, 760, 640, 480])
def test_the_bar_fits_into_any_width(qtbot: QtBot, theme: Theme, width: int) -> None:
    box = SelectionBar()
    qtbot.addWidget(box)
    choice = Choice(((Standing(JobState.FAILED, False, False), tuple(range(11_001))),))
    box.show_choice(11_001, choice, 12_000, is_narrowed=True)
    box.resize(width, 44)
    box.show()
    QCoreApplication.sendPostedEvents(None, 0)
    shows = [one for one in box.children() if isinstance(one, QWidget) and one.isVisible()]
    assert all(box.rect().contains(one.geometry()) for one in shows)
    assert all(one.width() >= one.sizeHint().width() for one in shows)
    names = texts(box)
    assert ("Clear" in names) is (width > 1000)
    assert {"Retry 11,001", "Remove 11,001"} <= set(names)


def test_rows_keep_their_place_when_the_bar_comes(desk: Desk) -> None:
    desk.enter(*(str(number) for number in range(100)))
    page = desk.page()
    page.table.verticalScrollBar().setValue(700)
    top = corner(page, 15)
    page.table.go_to(15)
    QTest.keyClick(page.table, Qt.Key.Key_Down, SHIFT)
    until(lambda: bool(bar(page)))
    assert bar(page)[0] == "2 rows selected"
    assert corner(page, 15) == top


def test_all_that_match_a_filter_can_be_selected(desk: Desk) -> None:
    desk.enter(*(str(number) for number in range(400)))
    change(desk, "UPDATE jobs SET state = 'failed', due_at = NULL WHERE id > 50")
    page = desk.page()
    page.showing.show_slice(Slice.NEEDS_YOU)
    settle(page)
    page.table.go_to(0)
    QTest.keyClick(page.table, Qt.Key.Key_Down, SHIFT)
    named(page, "Select all 350 that match").click()
    until(lambda: "Retry 350" in bar(page))
    named(page, "Retry 350 rows").click()
    until(lambda: page.toast.text == "Retried 350 rows")
    page.showing.show_slice(Slice.ALL)
    settle(page)
    assert {row.job.state for row in desk.program.queue.rows()} == {JobState.PENDING}


def test_rows_that_moved_on_are_left_alone_and_counted(desk: Desk) -> None:
    desk.enter("1", "2", "3")
    page = desk.page()
    select_all(page)
    assert "Park 3" in bar(page)
    assert desk.outbox.claim(1, LEASE) is not None
    named(page, "Park 3 rows").click()
    until(lambda: page.toast.text == "Parked 2, 1 was already being sent")


def test_rows_that_come_after_counting_are_not_acted_on(desk: Desk) -> None:
    """The places of rows that were not read shift when new ones come on top of them."""
    many = [str(number) for number in range(500)]
    desk.enter(*many)
    page = desk.page()
    select_all(page)
    until(lambda: "Remove 500" in bar(page))
    new = desk.enter("new 1", "new 2")
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    until(lambda: page.toast.text == "Removed 500 rows from the queue")
    assert [row.job.id for row in desk.program.queue.rows()] == new[::-1]


def test_what_is_to_be_done_waits_for_the_count_but_never_goes_to_other_rows(desk: Desk) -> None:
    desk.enter(*(str(number) for number in range(500)))
    page = desk.page()
    done: list[int] = []
    page.table.selectAll()
    page.chosen.selection.take(lambda choice: done.append(choice.count))
    assert done == []
    page.table.go_to(3)
    until(lambda: page.chosen.selection.choice is not None)
    assert (done, page.chosen.selection.count) == ([], 1)
    page.table.selectAll()
    page.chosen.selection.take(lambda choice: done.append(choice.count))
    until(lambda: done == [500])


def test_as_many_other_rows_are_counted_anew(desk: Desk) -> None:
    ids = desk.enter(*(str(number) for number in range(1000)))
    page = desk.page()
    flags = QItemSelectionModel.SelectionFlag
    found = []
    for first in (300, 600):
        chosen = QItemSelection(page.model.index(first, 0), page.model.index(first + 299, 4))
        page.table.selectionModel().select(chosen, flags.ClearAndSelect)
        assert page.chosen.selection.choice is None
        until(lambda: page.chosen.selection.choice is not None)
        found.append(parkable(page))
    assert found == [ids[400:700][::-1], ids[100:400][::-1]]


def test_chosen_rows_stay_chosen_when_rows_that_were_never_read_go(desk: Desk) -> None:
    ids = desk.enter(*(str(number) for number in range(3000)))
    page = desk.page()
    page.table.select_ranges([(2000, 2099)])
    until(lambda: "Park 100" in bar(page))
    wanted = parkable(page)
    assert wanted == ids[900:1000][::-1]
    page.acts.remove([*ids[1500:1600], *ids[:10], *wanted[:30]], "140 rows")
    until(lambda: page.model.rowCount() == 2860)
    until(lambda: "Park 70" in bar(page))
    assert parkable(page) == wanted[30:]
    assert page.table.selected_ranges() == [(1900, 1969)]
    QTest.keyClick(page.table, Qt.Key.Key_P, CONTROL)
    until(lambda: page.toast.text.startswith("Parked 70 rows"))
    states = {row.job.id: row.job.state for row in desk.program.queue.rows(limit=3000)}
    assert {one for one, state in states.items() if state == "parked"} == set(wanted[30:])


def test_done_by_hand_for_several_shows_their_values(desk: Desk) -> None:
    desk.enter("1", "2", "3")
    page = desk.page()
    select_all(page)
    named(page, "Done by hand 3 rows").click()
    until(lambda: bool(page.findChildren(ReasonForm)))
    (form,) = page.findChildren(ReasonForm)
    (values,) = form.findChildren(QPlainTextEdit)
    assert [one.split("\t")[0] for one in values.toPlainText().splitlines()] == ["3", "2", "1"]
    form._reason.setText("typed")
    named(form, "Close as done").click()
    until(lambda: page.toast.text == "Closed 3 rows as done by hand")


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (Result((1, 2)), "Retried 2 rows"),
        (Result(tuple(range(11)), (BUSY,)), "Retried 11, 1 was already being sent"),
        (Result((1,), (Left("job_over", 1200, ""),)), "Retried 1, 1,200 are done already"),
        (Result((1, 2), not_reached=1000), "Retried 2, 1,000 not touched"),
        (Result((), (BUSY,)), f"Not done. {BUSY.why}"),
        (Result((), (Left("job_removed", 3, ""),)), "Retried none, 3 were removed meanwhile"),
    ],
)
def test_what_became_of_it_is_told_exactly(result: Result, text: str) -> None:
    assert told(RETRY, result, "12 rows") == text


def test_a_single_row_is_told_by_its_name() -> None:
    assert told(PARK, Result((1,)), "invoice 7") == (
        "Parked invoice 7; not tried until you press Retry"
    )
    assert told(REMOVE, Result((1,), later=(1,)), "invoice 7") == (
        "Invoice 7: being sent; it is removed when the answer is in"
    )
    assert told(REMOVE, Result((1, 2, 3), later=(1,)), "3 rows") == (
        "Removed 2, 1 more when the answer is in"
    )


def test_the_pace_of_long_work() -> None:
    run = Run("Retrying", 4812)
    began = run._began
    assert run.watch(1200)
    assert run.text() == "Retrying 1,200 of 4,812"
    assert run.pace(began + 0.5) == ""
    assert run.pace(began + 2) == "600 a second, 6 s left"
    assert run.pace(began + 60) == "20 a second, 4 min left"
    run.cancel()
    assert not run.watch(1400)
    assert run.pace() == "stopping"


MANY = 20_000


def test_many_rows_are_removed_part_by_part_shown_and_brought_back(desk: Desk) -> None:
    fill(desk._database, desk.clock.now_ms(), live=MANY, finished=0, one_cause=True)
    page = desk.page()
    select_all(page)
    until(lambda: f"Remove {MANY:,}" in bar(page))
    seen: list[str] = []

    def look(run: Run | None) -> None:
        if run is not None:
            seen.append(run.text())

    page.acts.running.connect(look)
    remove = named(page, f"Remove {MANY:,} rows")

    def is_gone() -> bool:
        if page.foot.work.isVisible():
            seen.append(page.foot.work._text.text())
        return page.toast.text == f"Removed {MANY:,} rows from the queue"

    assert longest_ms(remove.click, is_gone, times=1) <= 50.0
    assert seen[0] == f"Removing 0 of {MANY:,}"
    assert any(text not in (seen[0], f"Removing {MANY:,} of {MANY:,}") for text in seen)
    until(lambda: page.model.rowCount() == 0)
    named(page, "Undo").click()
    until(lambda: page.toast.text == f"Put back {MANY:,} rows", 30_000)
    until(lambda: page.model.rowCount() == MANY)


def test_cancel_stops_between_two_parts_and_says_how_far_it_came(desk: Desk) -> None:
    fill(desk._database, desk.clock.now_ms(), live=5000, finished=0, one_cause=True)
    page = desk.page()
    select_all(page)
    until(lambda: "Park 5,000" in bar(page))
    named(page, "Park 5,000 rows").click()
    assert page.foot.work.isVisible()
    assert not page.foot.selection.isVisible()
    named(page, "Cancel parking").click()
    until(lambda: page.toast.text.startswith("Parked "))
    count = desk.program.queue_page.counts().by_slice[Slice.PARKED]
    assert 0 < count < 5000
    assert count % AT_ONCE == 0
    assert page.toast.text == f"Parked {count:,}, {5000 - count:,} not touched"
    assert not page.foot.work.isVisible()
    until(lambda: not page.model.is_busy and page.feed.is_quiet)
    assert page.model.rowCount() == 5000
    page.showing.show_slice(Slice.NEEDS_YOU)
    settle(page)
    assert page.model.rowCount() == 5000 - count


def test_a_list_that_empties_while_all_of_it_is_selected_stays_exact(desk: Desk) -> None:
    fill(desk._database, desk.clock.now_ms(), live=20_000, finished=0, one_cause=True)
    page = desk.page()
    page.showing.show_slice(Slice.NEEDS_YOU)
    settle(page)
    select_all(page)
    until(lambda: "Park 20,000" in bar(page))
    named(page, "Park 20,000 rows").click()
    until(lambda: page.acts._run is not None and page.acts._run.through >= 6000, 20_000)
    named(page, "Cancel parking").click()
    until(lambda: page.toast.text.startswith("Parked "))
    settle(page)
    left = desk.program.queue_page.counts().by_slice[Slice.NEEDS_YOU]
    until(lambda: page.model.rowCount() == left)
    until(lambda: f"Remove {left:,}" in bar(page))
    assert bar(page)[0] == f"{left:,} rows selected"


def test_a_second_long_act_waits_for_the_first(desk: Desk) -> None:
    fill(desk._database, desk.clock.now_ms(), live=5000, finished=0, one_cause=True)
    page = desk.page()
    select_all(page)
    until(lambda: "Park 5,000" in bar(page))
    named(page, "Park 5,000 rows").click()
    page.acts.remove(list(range(1, 5001)), "5,000 rows")
    assert page.toast.text.startswith("One thing at a time: Parking ")
    until(lambda: page.toast.text.startswith("Parked 5,000 rows"))
    assert desk.program.queue_page.counts().by_slice[Slice.BIN] == 0


def test_a_row_fades_once_when_its_state_changes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.queue.motion.is_reduced", lambda: False)
    (job_id,) = desk.enter("1")
    page = desk.page()
    faded: list[float] = []
    page.model.phase_changed.connect(lambda _: faded.append(page.table._fades.strength(job_id)))
    desk.program.queue_page.park([job_id], "ann")
    until(lambda: bool(faded))
    assert list(page.table._fades) == [job_id]
    until(lambda: not list(page.table._fades))
    settle(page)
    assert len(faded) == 1
    ground = page.table.grab().toImage().pixelColor(300, 30)
    assert ground in (QColor("#FFFFFF"), QColor("#DCE7FB"), QColor("#EEF2F8"))


def test_nothing_fades_where_the_desktop_is_calm(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.queue.motion.is_reduced", lambda: True)
    (job_id,) = desk.enter("1")
    page = desk.page()
    desk.program.queue_page.park([job_id], "ann")
    until(lambda: page.model.line(0).phase == "parked")  # type: ignore[union-attr]
    assert list(page.table._fades) == []


def test_the_row_under_the_pointer_stays_there_when_others_come(desk: Desk) -> None:
    desk.enter(*(str(number) for number in range(40)))
    page = desk.page()
    place = page.table.visualRect(page.model.index(2, 0)).center()
    QTest.mouseMove(page.table.viewport(), place)
    until(lambda: page.table._steady.pointed_row() == 2)
    y = page.table.rowViewportPosition(2)
    page.table._moved_at -= 60  # it rests
    desk.enter("new 1", "new 2")
    until(lambda: page.model.rowCount() == 42)
    settle(page)
    assert shown(page)[4] == "37"
    assert page.table.rowViewportPosition(4) == y
