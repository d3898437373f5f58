"""50,000 live rows above very many finished ones: nothing a person does blocks the window."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services.queue_page import Slice
from app.ui.queue.rows import BLOCK, KEEP_BLOCKS
from app.ui.queue.view import ManagerPage
from app.ui.theme import Theme
from tests.ui.desk import Desk, longest_ms, settle
from tests.ui.queue.many import fill

LIMIT_MS = 50.0
LIVE = 50_000
CONTROL = Qt.KeyboardModifier.ControlModifier

SIZES = [
    pytest.param(50_000, id="50,000 finished"),
    pytest.param(
        1_000_000,
        id="1,000,000 finished",
        marks=[pytest.mark.battery, pytest.mark.timeout(300)],
    ),
]


@pytest.fixture(scope="module", params=SIZES)
def page(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, theme: Theme
) -> Iterator[ManagerPage]:
    folder: Path = tmp_path_factory.mktemp("many")
    desk = Desk(folder / "data")
    desk.connect()
    fill(desk._database, desk.clock.now_ms(), live=LIVE, finished=request.param)
    yield desk.page()
    desk.close()


@pytest.fixture(autouse=True)
def _from_the_top(page: ManagerPage) -> Iterator[None]:
    yield
    page.showing.group_action.setChecked(False)
    page.showing._is_grouped = False
    page.showing.show_slice(Slice.ALL)
    settle(page)


def ready(page: ManagerPage) -> Callable[[], bool]:
    """All rows on the screen are read, and so is everything else."""

    def is_ready() -> bool:
        if page.model.is_busy or not page.feed.is_quiet:
            return False
        first, last = page.table.visible_rows()
        return all(page.model.loaded(r) or page.model.group(r) for r in range(first, last + 1))

    return is_ready


def group(page: ManagerPage) -> None:
    page.showing.group(True)
    settle(page)


@pytest.mark.parametrize("wanted", [Slice.NEEDS_YOU, Slice.WAITING, Slice.DONE, Slice.ALL])
def test_a_chip(page: ManagerPage, wanted: Slice) -> None:
    assert longest_ms(lambda: page.showing.show_slice(wanted), ready(page)) <= LIMIT_MS
    assert page.model.rowCount() == page._counts.by_slice[wanted] > 0


@pytest.mark.parametrize("wanted", [Slice.ALL, Slice.DONE])
@pytest.mark.parametrize("key", [Qt.Key.Key_PageDown, Qt.Key.Key_End, Qt.Key.Key_Home])
def test_a_key_that_moves_far(page: ManagerPage, wanted: Slice, key: Qt.Key) -> None:
    page.showing.show_slice(wanted)
    settle(page)
    page.table.go_to(0)
    assert longest_ms(lambda: QTest.keyClick(page.table, key), ready(page)) <= LIMIT_MS


def test_select_all(page: ManagerPage) -> None:
    def is_counted() -> bool:
        choice = page.chosen.selection.choice
        return choice is not None and choice.count == LIVE

    def select() -> None:
        page.table.go_to(3)
        QTest.keyClick(page.table, Qt.Key.Key_A, CONTROL)

    assert longest_ms(select, is_counted) <= LIMIT_MS
    assert page.foot.selection.isVisible()


def test_taking_one_row_out_of_all(page: ManagerPage) -> None:
    page.table.selectAll()
    place = page.table.visualRect(page.model.index(4, 0)).center()

    def click() -> None:
        QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, CONTROL, place)

    def is_counted() -> bool:
        choice = page.chosen.selection.choice
        return choice is not None and choice.count in (LIVE - 1, LIVE)

    assert longest_ms(click, is_counted) <= LIMIT_MS
    assert page.chosen.selection.count == LIVE - 1


def test_grouping_and_back(page: ManagerPage) -> None:
    def turn() -> None:
        page.showing.toggle_groups()

    assert longest_ms(turn, ready(page), times=6) <= LIMIT_MS
    assert not page.model.is_grouped


def test_unfolding_and_the_end_of_a_large_group(page: ManagerPage) -> None:
    group(page)

    def unfold() -> None:
        page.table.toggle_group(0)
        QTest.keyClick(page.table, Qt.Key.Key_End)

    assert longest_ms(unfold, ready(page)) <= LIMIT_MS
    assert page.model.rowCount() > LIVE // 5
    assert page.model.rows.in_memory <= KEEP_BLOCKS * BLOCK


def test_rows_that_change_while_all_groups_are_open(page: ManagerPage) -> None:
    group(page)
    page.table.fold_all(folded=False)
    settle(page)
    programs = page._program.queue_page
    ids = [one for found in page.model.rows.groups for one in found.ids[1::3]][:60]  # type: ignore[union-attr]
    turns = iter([programs.park, programs.retry] * 3)
    with_actor = "ann"

    def change() -> None:
        page._bridge.run_in_background(lambda: next(turns)(ids, with_actor), lambda _: None)
        page.feed.something_changed()

    def is_over() -> bool:
        return page.feed.is_quiet and not page.model.is_busy

    assert longest_ms(change, is_over) <= LIMIT_MS
