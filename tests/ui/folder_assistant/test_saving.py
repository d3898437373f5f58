"""What the folder assistant stores: the summary, a folder edited, what is not lost on closing."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.core.errors import UsageError
from app.services.folder_settings import FolderSettings
from app.ui.folder_assistant.assistant import FolderAssistant, Step
from tests.ui.desk import until
from tests.ui.folder_assistant.conftest import Place, go_on, looked, path_of, said, save

# the summary, saving, closing


def test_the_summary_says_in_words_what_is_stored(place: Place) -> None:
    place.odd("worldship.csv")
    assistant = place.at_files()
    go_on(assistant)
    shown = said(assistant.summary_page)
    assert "Tracking numbers are written to Front desk." in shown
    assert "Nothing of it is read, only what comes from now on." in shown
    assert "UPS WorldShip, parted by comma, UTF-8, with a row of names." in shown
    assert "Order or invoice: “Ref1”" in shown
    assert "The first 4 rows: 3 would be written, 1 not written (void or return)." in shown
    assert "It is only a sample: of what lies there now nothing is read." in shown


def test_editing_changes_only_what_was_changed(place: Place) -> None:
    place.odd("worldship.csv")
    save(place.at_files(), place)
    before = place.stored()
    assistant = place.at_files("export")
    assistant.files_page.grid.suffix.line.setFocus()
    QTest.keyClicks(assistant.files_page.grid.suffix.line, "/A")
    looked(assistant)
    go_on(assistant)
    assert "Cut off at the end" in said(assistant.summary_page)
    assert "nothing → “/A”" in said(assistant.summary_page)
    assert "Folder" not in said(assistant.summary_page).splitlines()
    place.finished.clear()
    go_on(assistant)
    until(lambda: place.finished == ["export"])
    after = place.stored().settings
    assert after.suffix == "/A"
    assert (after.layout, after.found) == (before.settings.layout, before.settings.found)


def test_a_folder_that_was_not_changed_is_only_closed(place: Place) -> None:
    place.odd("worldship.csv")
    save(place.at_files(), place)
    place.finished.clear()
    assistant = place.at_files("export")
    go_on(assistant)
    assert "Nothing was changed." in said(assistant.summary_page)
    assert assistant.next.text() == "Close"
    assistant.next.click()
    assert place.finished == []


def test_a_new_name_and_path_are_stored_on_the_same_folder(place: Place) -> None:
    save(place.at_files(), place)
    before = place.stored().folder.id
    other = place.exports.parent / "other"
    other.mkdir()
    assistant = place.open("export")
    path_of(assistant, other)
    assistant.place_page.name.set_text("Labels")
    go_on(assistant)
    looked(assistant)
    place.finished.clear()
    save(assistant, place)
    assert place.finished == ["Labels"]
    assert (place.stored("Labels").folder.id, place.stored("Labels").folder.path) == (
        before,
        str(other),
    )


def test_a_name_taken_meanwhile_leads_back_and_keeps_what_was_typed(place: Place) -> None:
    place.odd("worldship.csv")
    assistant = place.at_files()
    QTest.keyClicks(assistant.files_page.grid.prefix.line, "31")
    looked(assistant)
    go_on(assistant)
    elsewhere = place.exports.parent / "elsewhere"
    elsewhere.mkdir()
    place.program.folders.add("export", elsewhere, 1, FolderSettings(), actor="bob")
    assistant.next.click()
    until(lambda: assistant.step is Step.PLACE)
    assert "There is already a watch folder “export”" in assistant.place_page.name.shown_problem
    assert assistant.reading.prefix == "31"
    assert assistant.place_page.name.text() == "export"
    assert place.finished == []


def test_a_folder_that_is_gone_cannot_be_edited(place: Place) -> None:
    made = FolderAssistant(place.desk, "nowhere", None)
    made.show()
    until(lambda: "no watch folder “nowhere”" in said(made))
    assert not made.next.isEnabled()
    made.deleteLater()


def test_closing_asks_only_when_something_was_typed(place: Place) -> None:
    untouched = place.open()
    untouched.cancel.click()
    assert not untouched.isVisible()
    assistant = place.open()
    path_of(assistant, place.exports)
    assistant.cancel.click()
    assert assistant.is_asking
    QTest.keyClick(assistant, Qt.Key.Key_Escape)
    assert not assistant.is_asking
    assert assistant.isVisible()
    assert assistant.place_page.path.path() == str(place.exports)
    with pytest.raises(UsageError):
        place.stored()
