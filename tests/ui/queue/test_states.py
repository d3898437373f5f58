"""What stands in the place of the list: lines that are easy to read, buttons that help."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.ui.queue.states import Instead, balanced
from app.ui.starting import StartingPage
from app.ui.theme import Theme
from app.ui.widgets import label
from tests.ui.queue.hands import named

WHY = (
    "The data file is damaged. Put back the last backup with “backhaul restore”; the rows that "
    "came after it are read again from the systems they came from."
)


@pytest.mark.parametrize("room", [240, 380, 520])
def test_no_word_stands_alone_in_the_last_line(qtbot: QtBot, theme: Theme, room: int) -> None:
    text = label(WHY, "muted", wrap=True)
    qtbot.addWidget(text)
    width = balanced(text, room)
    assert width <= room
    assert text.heightForWidth(width) == text.heightForWidth(room), "no more lines than needed"
    narrower = width - 3 * 8
    assert text.heightForWidth(narrower) > text.heightForWidth(width), "the last line is full"


def test_long_words_are_not_cut(qtbot: QtBot, theme: Theme) -> None:
    text = label("/home/backhaul/.local/share/backhaul is full", wrap=True)
    qtbot.addWidget(text)
    needed = text.fontMetrics().horizontalAdvance("/home/backhaul/.local/share/backhaul")
    assert balanced(text, 400) >= needed


def test_the_lines_of_a_wide_window_are_no_longer_than_a_person_reads(
    qtbot: QtBot, theme: Theme
) -> None:
    page = Instead()
    qtbot.addWidget(page)
    page.resize(1600, 700)
    page.show_text("Nothing waits", WHY, "")
    page.show()
    assert page._more.width() <= 520


def test_every_line_is_shown_whole(qtbot: QtBot, theme: Theme) -> None:
    page = Instead()
    qtbot.addWidget(page)
    page.resize(1056, 756)
    page.show()
    page.show_text("Restoring", "This takes a moment.", "")
    QCoreApplication.processEvents()
    page.show_text("Restored", "Kept in /home/anna/backhaul-20261121-150000.db. " + WHY[:60], "")
    QCoreApplication.processEvents()
    assert page._more.heightForWidth(page._more.width()) > page._text.height()
    for line in (page._text, page._more):
        assert line.height() >= line.heightForWidth(line.width())
    page.show_text("Nothing waits", "", "")  # Qt would say so if it took an empty line amiss


def test_a_start_that_failed_offers_what_helps(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    page = StartingPage()
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    page.fail(WHY, tmp_path)
    named(page, "Open the data folder")
    named(page, "Copy details").click()
    assert WHY in QGuiApplication.clipboard().text()
    assert str(tmp_path) in QGuiApplication.clipboard().text()
    with qtbot.waitSignal(page.again):
        named(page, "Try again").click()
    assert not page._instead.isVisible()
    page.fail(WHY, tmp_path)
    assert [named(page, one) for one in ("Try again", "Open the data folder", "Copy details")]
