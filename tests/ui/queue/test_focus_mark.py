"""Where the keyboard is shows in the list, also when the row was selected before."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton

from app.core.states import JobState
from app.ui import theme
from app.ui.queue.view import ManagerPage
from tests.ui.desk import Desk, until
from tests.ui.queue.hands import named


def edge(page: ManagerPage, row: int) -> str:
    """The colour at the left edge of a row, by name."""
    place = page.table.visualRect(page.model.index(row, 0))
    picture = page.table.viewport().grab().toImage()
    ratio = picture.devicePixelRatio()
    return QColor(picture.pixel(int(ratio), int((place.y() + place.height() // 2) * ratio))).name()


def test_the_row_of_the_keyboard_is_marked_only_while_the_list_has_it(desk: Desk) -> None:
    desk.put(JobState.FAILED, "1")
    desk.put(JobState.FAILED, "2")
    page = desk.page()
    page.activateWindow()
    until(page.isActiveWindow)
    accent = theme.colour("accent").name()
    page.table.setFocus()
    until(page.table.hasFocus)
    assert [edge(page, 0), edge(page, 1)] == [accent, theme.colour("surface").name()]
    other = named(page, "Add shipment")
    assert isinstance(other, QPushButton)
    other.setFocus()
    assert edge(page, 0) == theme.colour("selection").name(), "it stays selected"
    page.table.setFocus()
    assert edge(page, 0) == accent
