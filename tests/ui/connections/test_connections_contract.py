"""The contract check from the window: live lines, Cancel puts everything back, Copy."""

import re

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from app.ui.connections.contract_dialog import ContractDialog
from tests.ui.connections.conftest import Place
from tests.ui.connections.test_connections_page import press, words
from tests.ui.desk import until

NUMBER = "990001"


@pytest.fixture
def dialog(place: Place) -> ContractDialog:
    connection = place.connect()
    place.program.practice.act("printsmith", "add_invoice", invoice=NUMBER)
    page = place.page()
    press(place.card(page), "Test Front desk")
    (test,) = page.acts.dialogs
    until(lambda: "Check the contract…" in [b.text() for b in buttons(test)])
    press(test, "Check the contract…")
    until(lambda: any(isinstance(one, ContractDialog) for one in page.acts.dialogs))
    found = next(one for one in page.acts.dialogs if isinstance(one, ContractDialog))
    assert connection.name in found.windowTitle()
    return found


def buttons(widget: QWidget) -> list[QPushButton]:
    return [one for one in widget.findChildren(QPushButton) if one.isVisibleTo(widget)]


def name_invoice(dialog: ContractDialog, number: str = NUMBER) -> None:
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.setText(number)


def notes(place: Place) -> list[str]:
    invoice = place.program.practice.state("printsmith")["invoices"][NUMBER]
    return [charge["notes"] for charge in invoice["charges"]]


def test_nothing_is_sent_before_an_invoice_is_named(dialog: ContractDialog, place: Place) -> None:
    before = place.program.practice.state("printsmith")["requests"]
    assert "Name one that you can throw away" in words(dialog)
    dialog.start()
    assert not dialog.checks.is_running
    assert place.program.practice.state("printsmith")["requests"] == before
    name_invoice(dialog)
    press(dialog, "Start")
    assert dialog.checks.is_running


def test_every_line_comes_as_on_the_command_line_and_can_be_copied(
    dialog: ContractDialog, place: Place
) -> None:
    name_invoice(dialog)
    press(dialog, "Start")
    until(lambda: not dialog.checks.is_running, 30_000)
    until(lambda: "Everything was put back" in words(dialog))
    assert re.search(r"\d+ passed, 4 could not be checked, in ", words(dialog))
    assert notes(place) == [""]
    press(dialog, "Copy the lines")
    copied = QGuiApplication.clipboard().text()
    assert "ok           The probe has the agreed form: version" in copied
    assert "not checked  " in copied
    assert copied.count("\n") == len(dialog.checks.found) + 2
    assert "Copied" in [one.text() for one in buttons(dialog)]


def test_cancel_ends_after_the_line_under_way_and_puts_everything_back(
    dialog: ContractDialog, place: Place
) -> None:
    name_invoice(dialog)
    place.program.practice.act("printsmith", "latency", seconds=0.03)
    cancelled: list[int] = []

    def cancel_while_writing() -> None:
        if any(notes(place)) and not cancelled:
            cancelled.append(len(dialog.checks.found))
            dialog.cancel()

    dialog.checks.line_added.connect(cancel_while_writing)
    press(dialog, "Start")
    until(lambda: not dialog.checks.is_running, 30_000)
    until(lambda: "Everything was put back" in words(dialog))
    assert "Stopped by you." in words(dialog)
    assert notes(place) == [""]
    place.program.practice.back_to_normal("printsmith")
    assert len(dialog.checks.found) < len(place.whole_contract(NUMBER))
    assert cancelled, "it was changed at that moment"


def test_closing_while_it_runs_waits_until_everything_is_back(
    dialog: ContractDialog, place: Place
) -> None:
    name_invoice(dialog)
    place.program.practice.act("printsmith", "latency", seconds=0.03)
    press(dialog, "Start")
    dialog.checks.line_added.connect(dialog.reject)
    ended: list[bool] = []
    dialog.finished.connect(lambda _: ended.append(dialog.checks.is_running))
    until(lambda: bool(ended), 30_000)
    assert ended == [False]
    assert notes(place) == [""]
