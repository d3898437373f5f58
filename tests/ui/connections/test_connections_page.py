"""The page: cards follow events, presses are answered at once, plain text everywhere."""

import re

import keyring.errors
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget

from app.core.errors import SecretUnavailable, SetupChanged
from app.ui.connections.check_dialog import CheckDialog
from app.ui.connections.facts import Lamp
from app.ui.connections.remove_dialog import RemoveDialog
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
    place.enter(connection, 3)
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


def test_a_pause_counts_down_on_the_card_and_ends_by_resume(place: Place) -> None:
    connection = place.connect()
    page = place.page()
    card = place.card(page)
    card.pause_asked.emit(connection.id, 1800)
    assert "Pausing…" in words(card)
    until(lambda: card.facts.is_paused)
    shown: set[str] = set()

    def counts() -> bool:
        shown.update(re.findall(r"(29:\d\d) left", words(card)))
        return len(shown) > 1

    until(counts)
    assert "left" not in card.accessibleName(), "a screen reader is not told each second"
    press(card, "Resume Front desk")
    until(lambda: not card.facts.is_paused)
    assert "left" not in words(card)


def test_what_a_press_began_is_not_overwritten_by_older_news(place: Place) -> None:
    place.connect()
    page = place.page()
    card = place.card(page)
    card.show_busy("Pausing…")
    page.grid.show_facts([card.facts])
    assert "Pausing…" in words(card)
    card.end_busy()
    page.grid.show_facts([card.facts], is_news=False)
    assert "Pausing…" in words(card)
    page.grid.show_facts([card.facts])
    assert "Pausing…" not in words(card)


def test_the_test_dialog_tells_each_line_and_the_card_remembers(place: Place) -> None:
    connection = place.connect()
    page = place.page()
    press(place.card(page), "Test Front desk")
    (dialog,) = page.acts.dialogs
    assert isinstance(dialog, CheckDialog)
    until(lambda: not dialog.checks.is_running)
    assert re.search(r"All 5 passed, in \d+ m?s\.", words(dialog))
    each = r"Passed (?:(?:\d+|under 1) ms|[\d.]+ s)"  # its result and time
    until(lambda: len(re.findall(each, words(dialog))) == 5)
    assert "What it may read and write" in words(dialog)
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
    place.enter(connection, 3)
    page = place.page()
    press(place.card(page), "Remove Front desk")
    (dialog,) = page.acts.dialogs
    until(lambda: "3 rows are not finished: 3 wait." in words(dialog))
    assert "stay in the bin for 30 days" in words(dialog)
    assert "Its token is deleted from the password store." in words(dialog)
    press(dialog, "Remove it and 3 rows: Front desk")
    said = "3 rows are in the bin. Its token is deleted from the password store."
    until(lambda: page.grid.cards == [] and said in words(page))
    assert place.ring.values == {}


def test_removing_says_for_each_state_what_becomes_of_the_rows(place: Place) -> None:
    connection = place.connect()
    ids = place.enter(connection, 4)
    place.program.queue_page.park(ids[3:], "ann")
    place.claim(connection)
    place.fail(connection)
    page = place.page()
    page.acts.remove(connection.id)
    (dialog,) = page.acts.dialogs
    until(lambda: "4 rows are not finished" in words(dialog))
    shown = words(dialog)
    assert "1 waits, 1 is being sent now, 1 needs you, 1 is parked." in shown
    assert "goes to the bin when the answer is in, unless it arrived" in shown


def test_rows_that_come_meanwhile_are_not_removed_with_it(place: Place) -> None:
    connection = place.connect()
    place.enter(connection, 1)
    page = place.page()
    page.acts.remove(connection.id)
    (dialog,) = page.acts.dialogs
    assert isinstance(dialog, RemoveDialog)
    until(lambda: "1 row is not finished: 1 waits." in words(dialog))
    place.enter(connection, 3)
    press(dialog, "Remove it and 1 row: Front desk")
    until(lambda: "The number of rows changed" in words(dialog))
    until(lambda: "4 rows are not finished: 4 wait." in words(dialog))
    assert place.program.connections.all() == [connection]


def test_a_secret_that_could_not_be_deleted_is_said_and_tried_again(place: Place) -> None:
    connection = place.connect()
    page = place.page()
    page.acts.remove(connection.id)
    (dialog,) = page.acts.dialogs
    until(lambda: "No row waits" in words(dialog))
    place.ring.trouble = keyring.errors.KeyringLocked("locked")
    press(dialog, "Remove: Front desk")
    until(lambda: "still in the password store" in words(dialog))
    until(lambda: page.grid.cards == [])
    assert "is locked" in words(dialog)
    place.ring.trouble = None
    press(dialog, "Try again to delete the token")
    until(lambda: place.ring.values == {})
    until(lambda: "Its token is deleted from the password store." in words(page))


def test_a_secret_that_stays_is_said_on_the_page_when_one_gives_up(place: Place) -> None:
    connection = place.connect()
    page = place.page()
    page.acts.remove(connection.id)
    (dialog,) = page.acts.dialogs
    until(lambda: "No row waits" in words(dialog))
    place.ring.keeps = True
    press(dialog, "Remove: Front desk")
    until(lambda: "said it deleted the Token, but still has it" in words(dialog))
    press(dialog, "Close")
    until(lambda: "Its token is still in the password store." in words(page))


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


def test_tab_goes_through_the_cards_as_they_are_seen(place: Place) -> None:
    """Also where a card came later than the one behind it."""
    place.connect("B")
    place.block(place.connect("C"), SetupChanged("ps_charge_missing", charge="Tracking"))
    page = place.page()
    place.card(page, "C")
    place.connect("A")
    until(lambda: [one.facts.connection.name for one in page.grid.cards] == ["A", "B", "C"])
    at, found = page.grid.cards[0].buttons[0].previousInFocusChain(), []
    seen = {button for card in page.grid.cards for button in card.buttons}
    for _ in range(500):
        at = at.nextInFocusChain()
        if at in seen and at not in found:
            found.append(at)
    assert found == [button for card in page.grid.cards for button in card.buttons]
    assert len(found) == 21
