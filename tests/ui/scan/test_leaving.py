"""Scans that cannot be stored: nobody closes the station or the program without being told."""

import logging
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from app.core.errors import StorageError
from app.ui.queue.pasted import read_pasted
from app.ui.queue.view import ManagerPage
from app.ui.scan.leaving import UnstoredDialog
from app.ui.scan.scans import Place
from app.ui.scan.storing import KEPT
from tests.ui.desk import Desk, until
from tests.ui.scan.test_scan_dialog import Scanner, entered, label, open_scanner


class Disk:
    """Refuses every write of a scan while it is full."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_full = True
        self.tries = 0
        given = desk.program.write_back.enter

        def enter(*args: object, **more: object) -> object:
            self.tries += 1
            if self.is_full:
                raise StorageError("store_full")
            return given(*args, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(desk.program.write_back, "enter", enter)


@pytest.fixture
def disk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(desk, monkeypatch)


@pytest.fixture
def page(desk: Desk, disk: Disk) -> Iterator[ManagerPage]:
    page = desk.page()
    yield page
    disk.is_full = False
    for dialog in page.window().findChildren(UnstoredDialog):
        dialog.accept()


def scan(desk: Desk, page: ManagerPage, count: int = 3) -> Scanner:
    """So many parcels, none of which can be stored."""
    scanner = open_scanner(desk, page)
    for number in range(count):
        scanner.scan(str(316100 + number), label(number))
    storing = scanner.dialog._storing
    until(lambda: len(storing.unstored) == count and storing._again.isActive())
    return scanner


def question(page: ManagerPage) -> UnstoredDialog:
    def shown() -> list[UnstoredDialog]:
        return [one for one in page.findChildren(UnstoredDialog) if one.isVisible()]

    until(lambda: bool(shown()))
    return shown()[0]


def press(dialog: UnstoredDialog, text: str) -> None:
    (found,) = [one for one in dialog.findChildren(QPushButton) if one.text() == text]
    found.click()


def listed(dialog: UnstoredDialog) -> str:
    return dialog.findChildren(QPlainTextEdit)[0].toPlainText()


class Quit:
    """Somebody who quits, and what came of it."""

    def __init__(self, page: ManagerPage) -> None:
        self.told: list[str] = []
        self.may = page.station.may_quit(self._note("gone"), self._note("stays"))

    def _note(self, what: str) -> Callable[[], None]:
        return lambda: self.told.append(what)


def test_quitting_says_how_many_scans_are_not_stored_which_and_why(
    desk: Desk, page: ManagerPage
) -> None:
    scan(desk, page)
    leaver = Quit(page)
    assert not leaver.may
    dialog = question(page)
    texts = " ".join(one.text() for one in dialog.findChildren(type(dialog._why)))
    assert "3 scans are not stored" in texts
    assert "disk with the data file is full. Free some space." in texts
    assert "nothing is lost" not in texts
    assert [one.order for one in read_pasted(listed(dialog))] == ["316100", "316101", "316102"]
    assert leaver.told == []
    press(dialog, "Stay")
    assert leaver.told == ["stays"]


def test_enter_as_a_scanner_types_it_never_gives_scans_up(desk: Desk, page: ManagerPage) -> None:
    scan(desk, page)
    leaver = Quit(page)
    dialog = question(page)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert leaver.told == ["stays"]
    again = Quit(page)
    QTest.keyClick(question(page), Qt.Key.Key_Escape)
    assert again.told == ["stays"]


def test_the_list_is_copied_as_it_can_be_pasted(desk: Desk, page: ManagerPage) -> None:
    scan(desk, page, 2)
    Quit(page)
    dialog = question(page)
    press(dialog, "Copy the list")
    pasted = read_pasted(QGuiApplication.clipboard().text())
    assert [(one.order, one.number) for one in pasted] == [
        ("316100", label(0)), ("316101", label(1)),
    ]  # fmt: skip
    assert all(one.problem is None for one in pasted)
    press(dialog, "Stay")


def test_quitting_tries_once_more_and_asks_nothing_when_that_helps(
    desk: Desk, page: ManagerPage, disk: Disk
) -> None:
    scan(desk, page)
    disk.is_full = False
    leaver = Quit(page)
    assert not leaver.may
    until(lambda: leaver.told == ["gone"])
    assert page.findChildren(UnstoredDialog) == []
    assert [order for order, *_ in entered(desk)] == ["316100", "316101", "316102"]
    assert Quit(page).may, "nothing waits any more"


def test_room_on_the_disk_ends_the_question_by_itself(
    desk: Desk, page: ManagerPage, disk: Disk
) -> None:
    scanner = scan(desk, page)
    leaver = Quit(page)
    question(page)
    disk.is_full = False
    scanner.dialog._storing.try_now()
    until(lambda: leaver.told == ["gone"])
    assert len(entered(desk)) == 3


def test_a_person_may_give_them_up(desk: Desk, page: ManagerPage) -> None:
    scan(desk, page, 1)
    leaver = Quit(page)
    press(question(page), "Quit without them")
    assert leaver.told == ["gone"]


def test_closing_the_station_asks_too_and_keeps_trying(
    desk: Desk, page: ManagerPage, disk: Disk
) -> None:
    scanner = scan(desk, page)
    storing = scanner.dialog._storing
    scanner.dialog.close()
    dialog = question(page)
    assert scanner.dialog.isVisible()
    press(dialog, "Close the station")
    until(lambda: page.station.dialog is None)
    assert len(storing.unstored) == 3
    disk.is_full = False
    storing._again.timeout.emit()
    until(lambda: len(entered(desk)) == 3)


def test_what_is_refused_while_the_station_is_closed_is_told(
    desk: Desk, page: ManagerPage, disk: Disk
) -> None:
    scanner = scan(desk, page, 1)
    storing = scanner.dialog._storing
    scanner.dialog.close()
    press(question(page), "Close the station")
    until(lambda: page.station.dialog is None)
    (connection,) = desk.program.connections.all()
    desk.program.connections.take_out(connection, discard_rows=True, actor="ann")
    told: list[str] = []
    page.station.said.connect(told.append)
    storing.try_now()
    until(lambda: len(told) == 1)
    assert told[0].startswith("316100 was not entered. ")


def test_all_that_waits_stays_in_the_list_however_many(desk: Desk, page: ManagerPage) -> None:
    scanner = scan(desk, page, KEPT + 3)
    storing = scanner.dialog._storing
    (connection,) = desk.program.connections.all()
    desk.program.connections.take_out(connection, discard_rows=True, actor="ann")
    storing.try_now()
    until(lambda: not storing.unstored)
    refused = [one for one in storing.scans if one.place is Place.REFUSED]
    assert len(refused) == KEPT + 3
    assert [one.key for one in storing.scans] == sorted((one.key for one in refused), reverse=True)


def test_where_nobody_can_be_asked_they_are_tried_and_then_named_in_the_log(
    desk: Desk, page: ManagerPage, disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    scan(desk, page, 1)
    before, ended = disk.tries, []
    with caplog.at_level(logging.ERROR):
        page.station.store_last(lambda: ended.append(True))
        until(lambda: bool(ended))
    assert disk.tries > before
    assert f"1 scans could not be stored: 316100 {label(0)}" in caplog.text
    assert ended == [True]


def test_where_nobody_can_be_asked_the_last_try_may_help(
    desk: Desk, page: ManagerPage, disk: Disk
) -> None:
    scan(desk, page, 2)
    disk.is_full = False
    ended: list[bool] = []
    page.station.store_last(lambda: ended.append(True))
    until(lambda: bool(ended), 1500)
    assert len(entered(desk)) == 2


def test_a_connection_that_is_removed_meanwhile_is_never_replaced_by_itself(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.connect("Back office")
    page = desk.page()
    scanner = open_scanner(desk, page)
    dialog = scanner.dialog
    dialog.connection.setCurrentIndex(dialog.connection.findText("Front desk"))
    dialog.connection.activated.emit(dialog.connection.currentIndex())
    front = next(one for one in desk.program.connections.all() if one.name == "Front desk")
    desk.program.connections.take_out(front, discard_rows=True, actor="ann")
    page.feed.something_changed()
    until(lambda: dialog.connection.findText("Front desk") < 0)
    assert dialog.connection.currentText() == "Choose…"
    assert dialog.sign.text.startswith("Front desk was removed. Choose")
    scanner.scan("316132")
    assert dialog.sign.text.startswith("Choose where the numbers go first")
