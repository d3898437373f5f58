"""The data folder and its backups: nothing on the window's thread, nothing replaced unasked."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from app.bootstrap import open_program
from app.core.states import JobState
from app.services.upkeep import back_up
from app.ui.settings import data
from app.ui.settings.data import as_size
from app.ui.settings.page import SettingsPage
from tests.ui.desk import until
from tests.ui.settings.conftest import Room, named, press


def rows_of(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        (count,) = connection.execute("SELECT COUNT(*) FROM jobs").fetchone()
        return int(count)


def a_backup(room: Room) -> Path:
    program = room.place.program
    return back_up(program.folder, program.clock, room.folder / "mine.db")


def text_of(dialog: object) -> str:
    return " ".join(one.text() for one in dialog.findChildren(QLabel))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1 KB"), (14_200_000, "14 MB"), (3e9, "3.0 GB")],
)
def test_sizes_are_told_as_people_read_them(count: int, text: str) -> None:
    assert as_size(count) == text


def test_the_folder_is_shown_with_its_size_and_copied(room: Room) -> None:
    page = room.page()
    assert page.data.folder.about.startswith("Data ")
    assert "no backup in it yet" in page.data.folder.about
    press(page, "Copy the path of the data folder")
    assert QGuiApplication.clipboard().text() == str(room.place.program.folder)


def test_a_desktop_without_a_file_manager_is_said(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = room.page()
    monkeypatch.setattr(data, "open_folder", lambda folder: False)
    press(page, "Open folder")
    assert "Copy the path instead" in page.data.folder.problem


def test_a_backup_is_made_where_it_was_asked_for(room: Room) -> None:
    room.place.enter(room.place.connect(), 3)
    page = room.page()
    target = room.folder / "mine.db"
    press(page, "Back up now…")
    room.choose(page, target)
    assert page.data.backup.note.text == "Backing up…"
    until(lambda: page.data.backup.note.text == "Backed up")
    assert page.data.made.text == str(target)
    assert rows_of(target) == 3


def test_a_backup_shows_how_far_it_is(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    go, part = threading.Event(), room.folder / "mine.part"

    def slow(*_: object) -> Path:
        part.write_bytes(bytes(40_000))
        assert go.wait(10)
        return room.folder / "mine.db"

    monkeypatch.setattr(data, "back_up", slow)
    page = room.page()
    press(page, "Back up now…")
    room.choose(page, room.folder / "mine.db")
    until(lambda: page.data.bar.value() > 0)
    assert page.data.bar.isVisible()
    assert not named(page, "Back up now…").isEnabled()
    go.set()
    until(lambda: not page.data.bar.isVisible())


def test_a_file_that_is_there_is_never_replaced(room: Room) -> None:
    page = room.page()
    target = room.folder / "letter.db"
    target.write_text("dear all")
    press(page, "Back up now…")
    room.choose(page, target)
    until(lambda: page.data.backup.problem.startswith("No backup was made."))
    assert "there is a file with that name already" in page.data.backup.problem
    assert target.read_text() == "dear all"


def test_a_restore_says_what_goes_before_anything_is_stopped(room: Room) -> None:
    connection = room.place.connect()
    room.place.enter(connection, 1)
    backup = a_backup(room)
    room.place.enter(connection, 1)
    page = room.page()
    press(page, "Restore a backup…")
    room.choose(page, backup)
    dialog = room.dialog(page)
    assert "2 wait" in text_of(dialog)
    assert room.closed == []
    press(dialog, "Restore, and set 2 open rows aside")
    assert len(room.closed) == 1


def test_what_was_open_in_a_restored_backup_is_looked_up(room: Room) -> None:
    connection = room.place.connect()
    room.place.enter(connection, 1)
    backup = a_backup(room)
    room.place.enter(connection, 1)
    page = room.page()
    press(page, "Restore a backup…")
    room.choose(page, backup)
    press(room.dialog(page), "Restore, and set 2 open rows aside")
    folder = room.place.program.folder
    room.place.program.end_thread()
    said = room.closed[0].work()
    program = open_program(folder, is_engine=False)
    try:
        assert program.overview.unfinished() == {JobState.IN_DOUBT: 1}
        assert "backhaul-replaced-" in said
    finally:
        program.close()


def test_nothing_is_stopped_for_a_file_that_is_no_backup(room: Room) -> None:
    page = room.page()
    junk = room.folder / "junk.db"
    junk.write_bytes(b"SQLite format 3\x00" + bytes(500))
    for file in (junk, room.folder / "gone.db", room.place.program.folder / "backhaul.db"):
        press(page, "Restore a backup…")
        room.choose(page, file)
        until(lambda file=file: str(file) in page.data.restore.problem)  # type: ignore[misc]
        assert page.data.restore.problem.startswith("Nothing was restored.")
    assert room.closed == []


def test_a_window_that_looks_on_says_who_must_end_first(room: Room) -> None:
    room.is_visitor = True
    page = room.page()
    press(page, "Restore a backup…")
    assert "Another Backhaul on this computer" in page.data.restore.problem
    press(page, "Back up and retire this computer…")
    assert "Another Backhaul on this computer" in page.moving.retiring.problem


def retire_asked(room: Room, page: SettingsPage) -> object:
    press(page, "Back up and retire this computer…")
    return room.dialog(page)


def test_retiring_says_how_many_rows_are_open_and_where_the_backup_goes(room: Room) -> None:
    connection = room.place.connect()
    room.place.enter(connection, 2)
    room.place.fail(connection)
    page = room.page()
    dialog = retire_asked(room, page)
    text = text_of(dialog)
    assert "2 rows are open: 1 waits, 1 needs you." in text
    assert str(room.folder / "backhaul-manual-") in text
    press(dialog, "Keep using it")  # type: ignore[arg-type]
    assert room.closed == []
    assert room.place.program.retirement.since() is None


def test_a_retired_computer_leaves_a_backup_and_sends_nothing(room: Room) -> None:
    room.place.enter(room.place.connect(), 1)
    page = room.page()
    press(retire_asked(room, page), "Retire it with 1 open row")  # type: ignore[arg-type]
    said = room.closed[0].work()
    (backup,) = room.folder.glob("backhaul-manual-*.db")
    assert str(backup) in said
    assert rows_of(backup) == 1
    assert room.place.program.retirement.since() is not None
    page.shown()
    press_again = named(page, "Back up and retire this computer…")
    until(lambda: press_again.text() == "This computer is retired")
    assert not press_again.isEnabled()
