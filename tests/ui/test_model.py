"""A window over many rows: exact length, little in memory, no jump for one changed row."""

from PySide6.QtTest import QSignalSpy

from app.core.states import JobState
from app.services.queue_page import Slice
from app.ui.queue.rows import BLOCK, KEEP_BLOCKS
from app.ui.queue.view import ManagerPage
from tests.ui.desk import Desk, settle, until

MANY = 6_000


def orders_at(page: ManagerPage, rows: range) -> list[str]:
    until(lambda: all(page.model.line(row) is not None for row in rows))
    lines = [page.model.line(row) for row in rows]
    return [line.row.job.order_ref for line in lines if line is not None]


def test_length_is_exact_and_few_rows_are_in_memory(desk: Desk) -> None:
    desk.enter(*(str(number) for number in range(MANY)))
    page = desk.page()
    assert page.model.rowCount() == MANY
    assert page.model.rows.in_memory <= BLOCK
    page.table.scrollToBottom()
    assert orders_at(page, range(MANY - 3, MANY)) == ["2", "1", "0"]
    for start in range(0, MANY, BLOCK):
        assert orders_at(page, range(start, start + 1)) == [str(MANY - 1 - start)]
    assert page.model.rows.in_memory <= KEEP_BLOCKS * BLOCK


def test_one_changed_row_changes_that_row_only(desk: Desk) -> None:
    ids = desk.enter("1", "2", "3")
    page = desk.page()
    resets = QSignalSpy(page.model.modelReset)
    removed = QSignalSpy(page.model.rowsRemoved)
    changed = QSignalSpy(page.model.dataChanged)
    desk.finish(ids[0], JobState.PENDING)
    page.feed.something_changed()
    until(lambda: page.model.line(2).reason.startswith("Retrying"))  # type: ignore[union-attr]
    settle(page)
    assert (resets.count(), removed.count()) == (0, 0)
    assert {changed.at(at)[0].row() for at in range(changed.count())} == {2}


def test_rows_in_the_middle_leave_without_moving_what_is_shown(desk: Desk) -> None:
    ids = desk.enter(*(str(number) for number in range(400)))
    page = desk.page()
    page.table.verticalScrollBar().setValue(100 * 52)
    first = page.table.visible_rows()[0]
    shown = orders_at(page, range(first, first + 5))
    gone = [ids[-1], ids[-2], ids[0]]
    desk.program.queue_page.discard(gone, "ann")
    until(lambda: page.model.rowCount() == 397)
    settle(page)
    now = page.table.visible_rows()[0]
    assert orders_at(page, range(now, now + 5)) == shown
    assert now == first - 2


def test_every_list_agrees_with_its_count(desk: Desk) -> None:
    due_again = (JobState.IN_DOUBT, JobState.PENDING)  # these would be taken for the next
    others = [state for state in JobState if state not in due_again]
    for place, state in enumerate([*others, *due_again]):
        desk.put(state, f"a{place}")
    page = desk.program.queue_page
    counts = page.counts().by_slice
    for wanted in Slice:
        if wanted is Slice.CHOSEN:
            continue
        found = page.first(page.filter(wanted), 50)
        assert len(found.lines) == found.count == counts.get(wanted, 0), wanted
        if wanted not in (Slice.ALL, Slice.BIN):
            assert {line.phase.value for line in found.lines} <= {wanted.value}
