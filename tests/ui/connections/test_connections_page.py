"""The page: cards follow events, presses are answered at once, plain text everywhere."""

import keyring.errors
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget

from app.core.errors import SecretUnavailable, SetupChanged
from app.core.types import ConnectionInfo
from app.ui.connections.facts import Lamp
from app.ui.connections.small_dialogs import CheckDialog, RemoveDialog
from tests.builders import a_shipment
from tests.ui.connections.conftest import Place
from tests.ui.desk import until


def words(widget: QWidget) -> str:
    """Everything that is shown."""
    return " ".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def press(widget: QWidget, name: str) -> None:
    """The button with that accessible name, or that text."""
    for one in widget.findChildren(QPushButton):
        if name in (one.accessibleName(), one.text()) and one.isVisibleTo(widget):
            one.click()
            return
    raise AssertionError(f"there is no button {name}")


def enter(place: Place, connection: ConnectionInfo, count: int) -> None:
    shipments = [a_shipment(f"31{n:04}", f"1Z23966E{n:010}") for n in range(count)]
    place.program.write_back.enter(connection.id, shipments, actor="ann")


def test_without_connections_one_sentence_and_two_ways_on(place: Place) -> None:
    page = place.page()
    assert "No system is connected yet." in words(page)
    press(page, "Add connection")
    assert len(page.acts.dialogs) == 1


def test_a_second_press_brings_the_same_assistant_to_the_front(place: Place) -> None:
    page = place.page()
    page.add_connection()
    page.add_connection()
    assert len(page.acts.dialogs) == 1


def test_a_card_follows_events_and_stays_the_same_widget(place: Place) -> None:
    connection = place.connect()
    page = place.page()
    card = place.card(page)
    assert card.facts.waiting == 0
    enter(place, connection, 3)
    until(lambda: card.facts.waiting == 3)
    assert place.card(page) is card
    assert "3 waiting" in [one.text() for one in card.findChildren(QPushButton)]


def test_what_is_added_elsewhere_appears_beside_the_others(place: Place) -> None:
    place.connect("B")
    page = place.page()
    card = place.card(page, "B")
    place.connect("A")
    until(lambda: [one.facts.connection.name for one in page.grid.cards] == ["A", "B"])
    assert place.card(page, "B") is card


def test_a_stopped_card_says_why_who_and_what_and_goes_on_when_pressed(place: Place) -> None:
    connection = place.connect()
    place.block(connection, SetupChanged("ps_charge_missing", charge="Tracking"))
    page = place.page()
    counts: list[int] = []
    page.needs_you_changed.connect(counts.append)
    card = place.card(page)
    assert card.facts.lamp is Lamp.RED
    shown = words(card)
    assert "no charge named “Tracking”" in shown
    assert "The administrator of that system" in shown
    assert "“Name of the tracking charge”" in shown
    press(card, "Try again: Front desk")
    assert "Trying…" in words(card), "a press shows something at once"
    until(lambda: not card.facts.is_stopped)
    assert counts == [0]


def test_a_locked_keyring_is_asked_once_when_pressed(place: Place) -> None:
    connection = place.connect()
    place.block(connection, SecretUnavailable("keyring_locked"))
    page = place.page()
    card = place.card(page)
    place.ring.trouble = keyring.errors.KeyringLocked("still")
    before = place.ring.asked
    press(card, "Unlock: Front desk")
    until(lambda: "Unlock it" in words(page))
    assert place.ring.asked == before + 1, "no storm of prompts"
    assert card.facts.is_stopped
    place.ring.trouble = None
    until(lambda: "Asking" not in words(card))
    press(card, "Unlock: Front desk")
    until(lambda: not card.facts.is_stopped)


def test_sign_in_again_opens_the_secret(place: Place) -> None:
    connection = place.connect()
    place.block(connection, SecretUnavailable("secret_missing", label="Token"))
    page = place.page()
    press(place.card(page), "Sign in again: Front desk")
    assistant = place.assistant(page)
    assert assistant.focusWidget() is assistant.form.field("token").focusProxy()


def test_pause_and_resume(place: Place) -> None:
    connection = place.connect()
    page = place.page()
    card = place.card(page)
    card.pause_asked.emit(connection.id, 1800)
    assert "Pausing…" in words(card)
    until(lambda: card.facts.is_paused)
    assert "30 min left" in card.facts.line
    press(card, "Resume Front desk")
    until(lambda: not card.facts.is_paused)


def test_the_test_dialog_tells_each_line_and_the_card_remembers(place: Place) -> None:
    connection = place.connect()
    page = place.page()
    press(place.card(page), "Test Front desk")
    (dialog,) = page.acts.dialogs
    assert isinstance(dialog, CheckDialog)
    until(lambda: not dialog.checks.is_running)
    assert "All 5 passed." in words(dialog)
    until(lambda: place.card(page).facts.test_passed is True)
    assert place.program.setup.last_test(connection.id) is not None


def test_a_passed_test_of_a_stopped_connection_lets_it_go_on(place: Place) -> None:
    connection = place.connect()
    place.block(connection, SetupChanged("moved", host="x", target="y"))
    page = place.page()
    page.acts.test(connection.id)
    (dialog,) = page.acts.dialogs
    assert isinstance(dialog, CheckDialog)
    until(lambda: not dialog.checks.is_running)
    press(dialog, "Let it go on")
    until(lambda: not place.card(page).facts.is_stopped)


def test_removing_says_how_many_rows_wait_and_deletes_the_secret(place: Place) -> None:
    connection = place.connect()
    enter(place, connection, 3)
    page = place.page()
    press(place.card(page), "Remove Front desk")
    (dialog,) = page.acts.dialogs
    until(lambda: "3 rows are not finished." in words(dialog))
    press(dialog, "Remove it and 3 rows: Front desk")
    until(lambda: page.grid.cards == [])
    assert place.ring.values == {}
    assert "3 rows are in the bin" in words(page)


def test_rows_that_come_meanwhile_are_not_removed_with_it(place: Place) -> None:
    connection = place.connect()
    enter(place, connection, 1)
    page = place.page()
    page.acts.remove(connection.id)
    (dialog,) = page.acts.dialogs
    assert isinstance(dialog, RemoveDialog)
    until(lambda: "1 row is not finished." in words(dialog))
    enter(place, connection, 3)
    press(dialog, "Remove it and 1 row: Front desk")
    until(lambda: "The number of rows changed" in words(dialog))
    until(lambda: "3 rows are not finished." in words(dialog))
    assert place.program.connections.all() == [connection]


def test_a_secret_that_could_not_be_deleted_is_said(place: Place) -> None:
    connection = place.connect()
    page = place.page()
    page.acts.remove(connection.id)
    (dialog,) = page.acts.dialogs
    until(lambda: "No row waits" in words(dialog))
    place.ring.trouble = keyring.errors.KeyringLocked("locked")
    press(dialog, "Remove: Front desk")
    until(lambda: "still in the password store" in words(page))
    assert page.grid.cards == []


def test_names_are_shown_as_plain_text(place: Place) -> None:
    name = "<b>Front</b> & <img src=x>"
    place.connect(name)
    page = place.page()
    card = place.card(page, name)
    labels = card.findChildren(QLabel)
    assert name in [one.text() for one in labels]
    assert {one.textFormat() for one in labels if one.text()} == {Qt.TextFormat.PlainText}


def test_every_button_of_two_cards_has_a_name_of_its_own(place: Place) -> None:
    for name in ("Front desk", "Back office"):
        place.block(place.connect(name), SetupChanged("moved", host="x", target="y"))
    page = place.page()
    shown = [b for b in page.grid.findChildren(QAbstractButton) if b.isVisibleTo(page.grid)]
    names = [one.accessibleName() for one in shown]
    assert all(names)
    assert len(set(names)) == len(names) == 2 * 5


def test_practice_connections_are_marked_in_colour_and_word(place: Place) -> None:
    place.rehearsal.begin("ann")
    page = place.page()
    card = place.card(page, "Practice")
    assert card.property("role") == "practice_panel"
    assert "Practice" in words(card)


@pytest.mark.parametrize("width", [640, 1040])
def test_no_card_is_wider_than_the_page(place: Place, width: int) -> None:
    for name in ("Front desk", "Back office", "A very long name of a connection in a mill"):
        place.connect(name)
    page = place.page()
    page.resize(width, 600)
    until(lambda: page.grid.viewport().width() < width)
    assert all(card.width() <= page.grid.viewport().width() for card in page.grid.cards)
