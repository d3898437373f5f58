"""What the page makes and paints when it opens: what is on the screen, and no more."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QLabel, QTableView

from app.core.states import JobState
from app.ui import theme
from app.ui.queue.view import ManagerPage
from app.ui.theme import ROW, Theme
from tests.ui.desk import ACTOR, Desk, settle, until


def colour(page: ManagerPage, row: int) -> QColor:
    """Of the ground of a row, right of its last text."""
    viewport = page.table.viewport()
    place = QPoint(viewport.width() - 4, row * ROW + 4)
    return viewport.grab().toImage().pixelColor(place)


def test_what_nobody_sees_yet_is_not_made(desk: Desk) -> None:
    desk.put(JobState.FAILED, "1")
    page = desk.page()
    hidden = [
        one
        for one in (*page.findChildren(QAbstractButton), *page.findChildren(QLabel))
        if not one.isVisible() and not isinstance(one.parent(), QTableView)
    ]
    assert [one.text() for one in hidden] == ["Parked  0"]


def test_a_chip_claims_no_count_before_it_is_read(desk: Desk) -> None:
    desk.put(JobState.FAILED, "1")
    page = ManagerPage(desk.program, desk.bridge, ACTOR)
    page.show()
    desk.pages.append(page)
    chips = [one.text() for one in page.chips.findChildren(QAbstractButton) if one.isVisible()]
    assert chips[:2] == ["All", "Waiting"]
    settle(page)
    until(lambda: page.chips.findChildren(QAbstractButton)[0].text() == "All  1")


def test_the_ground_says_which_row_is_selected_and_which_is_pointed_at(
    desk: Desk, theme: Theme
) -> None:
    for order in "123":
        desk.put(JobState.FAILED, order)
    page = desk.page()
    assert colour(page, 0) == colours("surface")
    page.table.go_to(1)
    page.table._hover(2)
    assert [colour(page, row) for row in range(3)] == [
        colours("surface"),
        colours("selection"),
        colours("hover"),
    ]
    assert colour(page, 4) == colours("surface"), "below the last row"


def test_another_scheme_paints_the_rows_anew(desk: Desk, theme: Theme) -> None:
    desk.put(JobState.FAILED, "1")
    page = desk.page()
    page.table.go_to(0)
    light = colour(page, 0)
    theme.force("dark")
    try:
        until(lambda: colour(page, 0) == colours("selection"))
        assert colour(page, 0) != light
    finally:
        theme.force("light")


def colours(token: str) -> QColor:
    return theme.colour(token)
