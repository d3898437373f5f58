"""The scanner station under a keyboard-wedge scanner: nothing lost, in order, no mouse."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.errors import StorageError
from app.core.payload import load_shipment
from app.core.states import JobState
from app.core.tracking_digits import ups
from app.core.types import Shipment
from app.ui.queue.view import ManagerPage
from app.ui.scan.dialog import ScanDialog
from app.ui.scan.pairing import TWICE_S, Sign
from app.ui.scan.rows import look_of_scan, words_of
from app.ui.scan.scans import Place
from app.ui.scan.storing import KEPT
from tests.core.test_scanning import BAD_UPS, GOOD_UPS
from tests.ui.desk import ACTOR, Desk, until
from tests.ui.queue.hands import named

SCANNER_MS = 3  # both when a key goes down and when it comes up


def label(number: int) -> str:
    """A UPS number whose check digit fits."""
    stem = f"1Z999AA103{number:07}"
    return next(f"{stem}{digit}" for digit in range(10) if ups(f"{stem}{digit}"))


class Scanner:
    """Types into whatever has the keyboard, as the device does."""

    def __init__(self, desk: Desk, dialog: ScanDialog) -> None:
        self.desk, self.dialog = desk, dialog
        self.beeps = 0

    def beep(self) -> None:
        self.beeps += 1

    def scan(self, *texts: str, end: Qt.Key = Qt.Key.Key_Return, delay: int = -1) -> None:
        for text in texts:
            self.desk.clock.advance(2 * TWICE_S)
            for char in text:
                QTest.keyClick(self.where(), char, delay=delay)
            QTest.keyClick(self.where(), end, delay=delay)

    def where(self) -> object:
        return QApplication.focusWidget() or self.dialog

    def settle(self) -> None:
        storing = self.dialog._storing
        until(lambda: not storing.unstored and not storing._is_running)
        until(lambda: not storing._soon.isActive() and not storing._is_reading)

    def states(self) -> list[str]:
        self.settle()
        return [f"{one.pair.order}: {words_of(one)}" for one in self.dialog._storing.scans]


Open = Callable[[], Scanner]


@pytest.fixture
def scanner(desk: Desk) -> Scanner:
    return open_scanner(desk, desk.page())


def open_scanner(desk: Desk, page: ManagerPage) -> Scanner:
    named(page, "Scan shipments").click()
    dialog = page.station.dialog
    assert dialog is not None
    until(dialog.field.hasFocus)
    made = Scanner(desk, dialog)
    dialog.sounds._beep = made.beep
    return made


def entered(desk: Desk) -> list[tuple[str, str, str]]:
    """Order, number and carrier of every row, as they came in."""
    rows = reversed(desk.program.queue.rows())
    found = [load_shipment(row.job.payload) for row in rows]
    return [(one.order_ref, one.tracking, one.carrier) for one in found]


def test_thirty_shipments_at_scanner_speed_with_bad_ones_in_between(
    desk: Desk, scanner: Scanner
) -> None:
    wanted = []
    for number in range(30):
        order, tracking = str(316100 + number), label(number)
        lines = [order, tracking]
        if number % 5 == 1:
            lines = [label(900 + number), order, tracking]  # a label first
        elif number % 5 == 2:
            lines = [order, order, tracking]  # the invoice twice
        elif number % 5 == 3:
            lines = [order, "1Z/99", tracking]  # not to be read
        elif number % 5 == 4:
            lines = [order, f"{tracking[:-1]}{(int(tracking[-1]) + 1) % 10}", tracking]  # misread
        scanner.scan(*lines, delay=SCANNER_MS)
        wanted.append((order, tracking, "UPS"))
    scanner.settle()
    assert entered(desk) == wanted
    assert scanner.dialog.counts.text() == "30 entered"
    assert len(scanner.dialog._storing.scans) == KEPT


def test_scans_that_come_while_one_is_stored_wait_in_their_order(
    desk: Desk, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    full, given = [True], desk.program.write_back.enter

    def enter(*args: object, **more: object) -> object:
        if full[0]:
            raise StorageError("store_full")
        return given(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.program.write_back, "enter", enter)
    for number in range(4):
        scanner.scan(str(316100 + number), label(number))
    storing = scanner.dialog._storing
    until(lambda: "disk with the data file is full" in storing.scans[-1].trouble)
    until(storing._again.isActive)
    assert len(storing.unstored) == 4
    assert scanner.dialog.sign.sign is Sign.WRONG
    assert words_of(storing.scans[-1]).startswith("Not stored yet. The disk")
    full[0] = False
    storing._again.timeout.emit()
    until(lambda: not storing.unstored)
    assert [order for order, *_ in entered(desk)] == ["316100", "316101", "316102", "316103"]


def test_what_is_known_adds_nothing_and_says_since_when(desk: Desk, scanner: Scanner) -> None:
    shipment = Shipment("316132", GOOD_UPS)
    desk.program.write_back.enter(1, [shipment], actor=ACTOR)
    scanner.scan("316132", GOOD_UPS)
    (state,) = scanner.states()
    assert state.startswith("316132: Known already, entered ")
    assert "nothing was added" in state
    assert scanner.dialog.sign.sign is Sign.ASK
    assert "known already, entered" in scanner.dialog.sign.text
    assert len(desk.program.queue.rows()) == 1
    assert scanner.beeps == 1


def test_a_bad_check_digit_warns_once_and_never_blocks(desk: Desk, scanner: Scanner) -> None:
    scanner.scan("316132", BAD_UPS)
    assert scanner.dialog.sign.sign is Sign.ASK
    assert "check digit" in scanner.dialog.sign.text
    assert scanner.beeps == 1
    scanner.scan("")
    scanner.settle()
    assert entered(desk) == [("316132", BAD_UPS, "")]
    assert scanner.dialog.sign.text == f"Entered 316132. {BAD_UPS}"


def test_a_refusal_sounds_otherwise(scanner: Scanner) -> None:
    scanner.scan(GOOD_UPS)
    assert scanner.dialog.sign.sign is Sign.WRONG
    until(lambda: scanner.beeps == 3)


def test_sound_can_be_switched_off(desk: Desk, scanner: Scanner) -> None:
    scanner.dialog.sound.click()
    scanner.scan(GOOD_UPS)
    assert scanner.dialog.sign.sign is Sign.WRONG
    assert scanner.beeps == 0
    page = desk.pages[0]
    scanner.dialog.reject()
    until(lambda: page.station.dialog is None)
    again = page.station.open(page._connections)
    assert not again.sound.isChecked()


def test_tab_ends_a_scan_too(desk: Desk, scanner: Scanner) -> None:
    scanner.scan("316132", GOOD_UPS, end=Qt.Key.Key_Tab)
    scanner.settle()
    assert entered(desk) == [("316132", GOOD_UPS, "UPS")]
    assert scanner.dialog.field.hasFocus()


def test_a_line_feed_ends_a_scan_too(desk: Desk, scanner: Scanner) -> None:
    for text in ("316132", GOOD_UPS):
        QTest.keyClicks(scanner.dialog.field, text)
        event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, "\n")
        QApplication.sendEvent(scanner.dialog.field, event)
    scanner.settle()
    assert entered(desk) == [("316132", GOOD_UPS, "UPS")]


@pytest.mark.parametrize("part", ["undo", "connection", "carrier", "sound"])
def test_a_scan_never_presses_a_button_nor_chooses(desk: Desk, scanner: Scanner, part: str) -> None:
    scanner.scan("316100", label(1))
    scanner.settle()
    widget = getattr(scanner.dialog, part)
    widget.setFocus()
    scanner.scan("316132", GOOD_UPS)
    scanner.settle()
    assert entered(desk)[1:] == [("316132", GOOD_UPS, "UPS")]
    assert {row.job.state for row in desk.program.queue.rows()} == {JobState.PENDING}
    assert scanner.dialog.carrier.currentData() == ""


def test_the_last_one_is_taken_back(desk: Desk, scanner: Scanner) -> None:
    scanner.scan("316100", label(1), "316101", label(2))
    scanner.settle()
    QTest.keyClick(scanner.dialog.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    until(lambda: scanner.dialog.sign.text == "316101 was taken back")
    assert scanner.states() == ["316101: Removed", "316100: Entered · Waiting for its turn"]
    assert [order for order, *_ in entered(desk)] == ["316100"]
    assert scanner.dialog.undo.accessibleName() == "Take 316100 back"


def test_green_only_for_what_was_read_back(desk: Desk, scanner: Scanner) -> None:
    scanner.scan("316100", label(1))
    scanner.settle()
    (scan,) = scanner.dialog._storing.scans
    assert look_of_scan(scan)[1] == "accent"
    assert scan.line is not None
    desk.finish(scan.job_id, JobState.SUCCEEDED)
    desk.bridge.store_changed.emit(None)
    until(lambda: words_of(scan) == "Written")
    assert look_of_scan(scan)[1] == "success"
    assert not scanner.dialog.undo.isEnabled()


def test_an_order_the_other_system_does_not_have_is_heard(desk: Desk, scanner: Scanner) -> None:
    scanner.scan("316100", label(1))
    scanner.settle()
    (scan,) = scanner.dialog._storing.scans
    desk.finish(scan.job_id, JobState.FAILED)
    desk.bridge.store_changed.emit(None)
    until(lambda: scanner.beeps == 3)
    assert scanner.dialog.sign.text.startswith("Invoice 316100. Needs you: ")
    desk.bridge.store_changed.emit(None)
    scanner.settle()
    assert scanner.beeps == 3, "told once"


def test_a_connection_that_is_gone_refuses_and_keeps_what_was_scanned(
    desk: Desk, scanner: Scanner
) -> None:
    (connection,) = desk.program.connections.all()
    desk.program.connections.take_out(connection, discard_rows=True, actor=ACTOR)
    scanner.scan("316132", GOOD_UPS)
    scanner.settle()
    (scan,) = scanner.dialog._storing.scans
    assert scan.place is Place.REFUSED
    assert "Front desk" in scan.trouble
    assert scanner.dialog.counts.text() == "0 entered · 1 not entered"


def test_of_several_connections_one_is_chosen_once(desk: Desk) -> None:
    desk.connect("Back office")
    page = desk.page()
    scanner = open_scanner(desk, page)
    dialog = scanner.dialog
    scanner.scan("316132")
    assert dialog.sign.text.startswith("Choose where the numbers go first")
    dialog.connection.setCurrentIndex(dialog.connection.findText("Back office"))
    dialog.connection.activated.emit(dialog.connection.currentIndex())
    assert dialog.field.hasFocus()
    scanner.scan("316132", GOOD_UPS)
    scanner.settle()
    assert [row.connection for row in desk.program.queue.rows()] == ["Back office"]
    dialog.reject()
    until(lambda: page.station.dialog is None)
    assert page.station.open(page._connections).connection.currentText() == "Back office"


def test_an_invoice_without_its_label_stays_in_the_list(desk: Desk, scanner: Scanner) -> None:
    scanner.scan("316132", "316133", label(1))
    assert scanner.states() == [
        "316133: Entered · Waiting for its turn",
        "316132: Not entered: no label was scanned",
    ]
    scanner.scan("316134")
    QTest.keyClick(scanner.dialog.field, Qt.Key.Key_Escape)
    assert scanner.dialog.prompt.text() == "Scan the invoice"
    assert scanner.dialog.sign.text == "316134 was put aside. Scan the next invoice"


def test_the_key_opens_the_station(desk: Desk) -> None:
    window = desk.window()
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_S, modifiers)
    page = desk.pages[0]
    assert page.station.dialog is not None
    assert page.station.open(page._connections) is page.station.dialog
