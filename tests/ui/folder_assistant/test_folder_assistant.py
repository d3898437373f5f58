"""The assistant from its first page to a stored folder."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QTableView

from app.services.folder_settings import FolderSettings
from app.services.folders import FolderService
from app.ui.folder_assistant.assistant import Step
from tests.ui.desk import until
from tests.ui.folder_assistant.conftest import FILES, Place, go_on, looked, path_of, said, save

# the folder


def test_a_folder_is_added_with_what_the_look_found(place: Place) -> None:
    place.odd("worldship.csv")
    save(place.at_files(), place)
    status = place.stored()
    assert place.finished == ["export"]
    assert (status.folder.path, status.connection) == (str(place.exports), "Front desk")
    assert status.settings.layout == {"preset": "worldship"}
    assert status.settings.found["delimiter"] == ","
    assert status.settings.found["columns"]["tracking"] == "Tracking"
    assert (status.settings.mode, status.settings.start) == ("leave", "now")


def test_the_name_is_proposed_from_the_path_until_one_is_typed(place: Place) -> None:
    assistant = place.open()
    page = assistant.place_page
    path_of(assistant, place.exports)
    assert page.name.text() == "export"
    editor = page.name.focusProxy()
    assert isinstance(editor, QLineEdit)
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, "Labels")
    path_of(assistant, place.exports.parent)
    assert page.name.text() == "Labels"


def test_a_proposed_name_is_never_one_that_is_taken(place: Place) -> None:
    (place.exports / "export").mkdir()
    save(place.at_files(), place)
    assistant = place.open()
    path_of(assistant, place.exports / "export")
    assert assistant.place_page.name.text() == "export 2"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Choose the folder into which the carrier program exports."),
        ("exports", "“exports” is not a whole path."),
        ("~nobody-of-that-name/x", "is no path that is known here."),
    ],
)
def test_a_path_that_is_none_is_told_with_the_mend(place: Place, text: str, problem: str) -> None:
    assistant = place.open()
    path_of(assistant, text)
    assistant.next.click()
    assert assistant.step is Step.PLACE
    assert problem in assistant.place_page.path.line.shown_problem


def test_a_folder_that_cannot_be_read_is_told_at_once_and_can_be_taken_anyway(place: Place) -> None:
    assistant = place.open()
    gone = place.exports / "share"
    path_of(assistant, gone)
    problem = assistant.place_page.path.line.shown_problem
    assert str(gone) in problem
    assert "Check the path" in problem
    go_on(assistant)
    assert assistant.step is Step.PLACE
    tick = next(
        one for one in assistant.findChildren(QAbstractButton) if "watch it anyway" in one.text()
    )
    tick.click()
    go_on(assistant)
    looked(assistant)
    assert str(gone) in said(assistant.files_page)
    save(assistant, place)
    assert place.stored("share").folder.path == str(gone)


def test_another_folder_with_the_name_or_the_path_is_named(place: Place) -> None:
    save(place.at_files(), place)
    assistant = place.open()
    page = assistant.place_page
    path_of(assistant, place.exports)
    page.name.set_text("EXPORT")
    assistant.next.click()
    assert "“export” watches this folder already" in page.path.line.shown_problem
    assert "There is already a watch folder “EXPORT”" in page.name.shown_problem


def test_taking_files_away_from_a_closed_folder_is_warned_of(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.folders.os.access", lambda path, mode: False)  # root may all
    assistant = place.open()
    path_of(assistant, place.exports)
    assert "cannot be moved" not in said(assistant.place_page)
    assistant.place_page.mode.choose("take")
    assert "Files cannot be moved there" in said(assistant.place_page)


def test_without_a_connection_it_says_what_to_do_first(place: Place) -> None:
    (connection,) = place.program.connections.all()
    place.program.connections.take_out(connection, actor="ann", discard_rows=False)
    assistant = place.open()
    path_of(assistant, place.exports)
    go_on(assistant)
    assert assistant.step is Step.PLACE
    assert "Add one on the CONNECTIONS page first" in assistant.place_page.target.shown_problem


def test_a_bad_number_of_seconds_opens_the_settings_it_is_in(place: Place) -> None:
    assistant = place.open()
    path_of(assistant, place.exports)
    assistant.place_page.collect.set_text("soon")
    go_on(assistant)
    field = assistant.place_page.collect
    assert field.isVisible()
    assert field.shown_problem == "“soon” is no number of seconds. Give one from 0 to 3600."


@pytest.mark.parametrize("typed", ["", "0", "x", "9999"])
def test_a_bad_number_of_days_is_told(place: Place, typed: str) -> None:
    assistant = place.open()
    path_of(assistant, place.exports)
    assistant.place_page.start.choose("days")
    line = assistant.place_page.start.findChild(QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, typed)
    go_on(assistant)
    assert assistant.step is Step.PLACE
    assert f"“{typed}” is no number of days. Give one from 1 to 3650." in said(assistant)
    assert assistant.focusWidget() is line
    assistant.place_page.start.choose("now")
    go_on(assistant)
    assert assistant.step is Step.FILES


def test_everything_on_the_first_page_is_stored(place: Place) -> None:
    place.connect("Web shop")
    assistant = place.open()
    page = assistant.place_page
    path_of(assistant, place.exports)
    page.target.set_text("Web shop")
    page.start.choose("days", 3)
    page.mode.choose("take")
    page.patterns.set_text("*.dat")
    page.collect.set_text("30")
    go_on(assistant)
    save(assistant, place)
    settings = place.stored().settings
    assert place.stored().connection == "Web shop"
    assert settings == FolderSettings("take", "days", 3, 30.0, "*.dat")


# what the files are


def test_a_folder_without_files_says_so_and_goes_on_with_a_preset(place: Place) -> None:
    assistant = place.at_files()
    assert "No file lies in the folder yet" in said(assistant.files_page)
    box = assistant.files_page.grid.program.box
    box.setCurrentText("FedEx Ship Manager")
    looked(assistant)
    assert "are not verified" in said(assistant.files_page)
    save(assistant, place)
    assert place.stored().settings == FolderSettings(layout={"preset": "fedex"})


def test_a_sample_from_elsewhere_shows_its_rows(place: Place) -> None:
    assistant = place.at_files()
    assistant.files_page.looking.take_sample(str(FILES / "semicolon_western.csv"))
    looked(assistant)
    assert assistant.files_page.problem()  # it is in German
    assistant.files_page.looking.choose_role(0, "order")
    looked(assistant)
    trial = assistant.files_page.looking.trial
    assert trial is not None
    assert [row.order for row in trial.rows] == ["A-7", "A-8"]
    save(assistant, place)
    assert place.stored().settings.found["delimiter"] == ";"
    assert place.stored().settings.found["encoding"] == "cp1252"


@pytest.mark.parametrize("name", ["empty.csv", "workbook.csv", "blank.csv"])
def test_a_file_that_is_none_is_named_with_its_reason_and_one_can_go_on(
    place: Place, name: str
) -> None:
    place.odd(name)
    assistant = place.at_files()
    shown = said(assistant.files_page)
    assert name in shown
    assert "The file is empty" in shown or "spreadsheet's own file" in shown
    save(assistant, place)
    assert place.stored().settings.found == {}


def test_a_file_that_vanishes_meanwhile_is_no_fault(place: Place) -> None:
    path = place.odd("worldship.csv")
    assistant = place.at_files()
    path.unlink()
    assistant.files_page.grid.prefix.line.textEdited.emit("31")
    looked(assistant)
    assert "No file lies in the folder yet" in said(assistant.files_page)


def test_a_sample_that_vanishes_meanwhile_is_told(place: Place, tmp_path: Path) -> None:
    sample = tmp_path / "sample.csv"
    sample.write_bytes((FILES / "worldship.csv").read_bytes())
    assistant = place.at_files()
    assistant.files_page.looking.take_sample(str(sample))
    looked(assistant)
    sample.unlink()
    assistant.files_page.looking.look()
    looked(assistant)
    assert "sample.csv" in said(assistant.files_page)
    assert "No such file" in said(assistant.files_page)


def test_an_empty_file_does_not_hide_the_one_before_it(place: Place) -> None:
    place.odd("worldship.csv")
    place.odd("empty.csv")
    trial = place.at_files().files_page.looking.trial
    assert trial is not None
    assert trial.file == "worldship.csv"


def test_what_is_open_keeps_one_on_the_page_until_it_is_chosen(place: Place) -> None:
    place.odd("dates_open.csv")
    assistant = place.at_files()
    go_on(assistant)
    assert assistant.step is Step.FILES
    dates = assistant.files_page.grid.dates
    assert dates.focusProxy() is assistant.focusWidget()
    assert "Both ways are possible" in dates.why
    dates.box.setCurrentText("Month first")
    looked(assistant)
    save(assistant, place)
    assert place.stored().settings.layout["date_order"] == "mdy"


def test_a_look_that_hangs_lets_one_go_on(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading  # noqa: PLC0415 - only here

    release = threading.Event()
    given = FolderService.try_out

    def hang(self: FolderService, *more: object) -> object:
        release.wait(20)
        return given(self, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(FolderService, "try_out", hang)
    monkeypatch.setattr("app.ui.folder_assistant.asking.SLOW_MS", 50)
    assistant = place.open()
    path_of(assistant, place.exports)
    go_on(assistant)
    assert not assistant.next.isEnabled()
    until(assistant.next.isEnabled)
    assert "does not answer yet" in said(assistant.files_page)
    release.set()
    looked(assistant)


# keyboard and screen reader


def test_every_control_has_a_name_and_tab_reaches_it(place: Place) -> None:
    place.odd("worldship.csv")
    assistant = place.at_files()
    assistant.activateWindow()
    until(assistant.isActiveWindow)
    kinds = (QLineEdit, QComboBox, QAbstractButton, QTableView)
    reached = set()
    for _ in range(60):
        at = assistant.focusWidget()
        assert at is not None
        reached.add(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    for kind in kinds:
        for one in assistant.findChildren(kind):
            if one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus:
                assert one in reached, one
                assert one.accessibleName() or getattr(one, "text", str)(), one


def test_a_folder_is_added_by_keyboard_alone(place: Place) -> None:
    place.odd("worldship.csv")
    assistant = place.open()
    assistant.activateWindow()
    until(assistant.isActiveWindow)
    QTest.keyClicks(assistant.focusWidget(), str(place.exports))
    until(lambda: assistant.place_page.path.glance is not None)
    for step in (Step.FILES, Step.SUMMARY):
        until(assistant.next.isEnabled)
        QTest.keyClick(assistant.focusWidget(), Qt.Key.Key_Return)
        until(lambda step=step: assistant.step is step)  # type: ignore[misc]
        until(assistant.next.isEnabled)
    QTest.keyClick(assistant.focusWidget(), Qt.Key.Key_Return)
    until(lambda: place.finished == ["export"])
