"""Names that were learned, and links of the shop's own."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.ui.settings.links import LinkEditor
from app.ui.settings.page import SettingsPage
from tests.ui.desk import until
from tests.ui.settings.conftest import Room, press

OWN = "https://parcels.example/at?n={n}"


def names(room: Room) -> dict[str, str]:
    return {one.name: one.code for one in room.place.program.carriers.names()}


def type_link(editor: LinkEditor, text: str) -> None:
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def front(room: Room) -> SettingsPage:
    page = room.page()
    page.activateWindow()
    until(page.isActiveWindow)
    return page


def test_another_carrier_for_a_name_holds_from_now_on(room: Room) -> None:
    room.place.program.carriers.set_name("Speedy LTD", "ups", "ann")
    page = room.page()
    until(lambda: len(page.names.rows) == 1)
    box = page.names.rows[0].carrier
    assert box.currentText() == "UPS"
    box.setCurrentIndex(box.findText("FedEx"))
    box.activated.emit(box.currentIndex())
    until(lambda: page.names.list.note.text == "Kept for “speedy ltd”")
    assert names(room) == {"speedy ltd": "fedex"}


def test_a_forgotten_name_comes_back_with_undo(room: Room) -> None:
    room.place.program.carriers.set_name("speedy", "ups", "ann")
    page = room.page()
    until(lambda: len(page.names.rows) == 1)
    press(page, "Forget the name speedy")
    until(lambda: page.names.rows == [])
    assert names(room) == {}
    press(page, "Undo: keep the name")
    until(lambda: len(page.names.rows) == 1)
    assert names(room) == {"speedy": "ups"}


def test_a_link_of_ones_own_is_what_everybody_opens(room: Room) -> None:
    page, book = front(room), room.place.program.carriers
    editor = page.links.editors["royalmail"]
    assert editor.text() == ""
    type_link(editor, OWN)
    until(lambda: editor.note.text == "Kept")
    assert book.link("royalmail", "RR 1") == "https://parcels.example/at?n=RR%201"
    assert editor.ours.text() == "Remove"
    press(page, "Use Backhaul's own link for Royal Mail")
    until(lambda: editor.text() == "")
    assert book.link("royalmail", "RR1") == ""


def test_ours_comes_back(room: Room) -> None:
    page, book = front(room), room.place.program.carriers
    editor = page.links.editors["ups"]
    ours = editor.text()
    assert not editor.ours.isVisible()
    type_link(editor, OWN)
    until(editor.ours.isVisible)
    press(page, "Use Backhaul's own link for UPS")
    until(lambda: editor.text() == ours)
    assert book.link("ups", "1") == "https://www.ups.com/track?tracknum=1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("http://parcels.example/{n}", "must begin with https://"),
        ("https://parcels.example/", "has it 0 times"),
        ("https://parcels.example/{n}?also={n}", "has it 2 times"),
        ("https://{n}.example/", "no web address"),
        ("https://ann@parcels.example/{n}", "no web address"),
        ("https://parcels.example/ {n}", "no web address"),
    ],
)
def test_what_is_no_link_stays_typed_and_is_said(room: Room, text: str, words: str) -> None:
    page = front(room)
    editor = page.links.editors["ups"]
    kept = editor.row.link
    type_link(editor, text)
    until(lambda: words in editor.problem.text())
    assert editor.text() == text
    page.shown()
    assert room.place.program.carriers.link("ups", "1") == kept.replace("{n}", "1")
