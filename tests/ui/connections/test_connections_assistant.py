"""The assistant: type, test, save; nothing is stored before, secrets go to the keyring only."""

import re

import keyring.errors
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from app.ui.connections.assistant import Assistant
from app.ui.connections.assistant_frame import Step
from app.ui.connections.page import ConnectionsPage
from tests.processes import child
from tests.ui.connections.conftest import TOKEN, Place
from tests.ui.desk import until


@pytest.fixture
def page(place: Place) -> ConnectionsPage:
    return place.page()


@pytest.fixture
def assistant(place: Place, page: ConnectionsPage) -> Assistant:
    page.add_connection()
    return place.assistant(page)


def fill(assistant: Assistant, place: Place, token: str = TOKEN, name: str = "Front desk") -> None:
    assistant.next.click()
    assistant.form.field("name").set_text(name)
    assistant.form.field("base_url").set_text(place.url)
    assistant.form.field("token").set_text(token)


def try_it(assistant: Assistant) -> None:
    assistant.next.click()
    until(lambda: assistant.check_page.passed is not None)


def test_every_field_has_a_name_help_and_its_own_problem(assistant: Assistant) -> None:
    assistant.next.click()
    address = assistant.form.field("base_url")
    address.set_text("ftp://printsmith")
    assert address.shown_problem == "Give an address that begins with https:// or http://."
    address.set_text("http://127.0.0.1:8321")
    assert address.shown_problem == ""
    for item in assistant.form.kind.settings:
        editor = assistant.form.field(item.name).focusProxy()
        assert editor is not None
        assert editor.accessibleName() == item.label
        assert item.help in editor.accessibleDescription()
        assert item.where, item.name
        assert f"Where to find it: {item.where}" in editor.accessibleDescription()


def test_an_empty_field_is_blamed_only_when_one_goes_on(assistant: Assistant) -> None:
    assistant.next.click()
    name = assistant.form.field("name")
    assert name.shown_problem == ""
    assistant.next.click()
    assert assistant.step is Step.TYPE
    assert name.shown_problem != ""
    assert assistant.focusWidget() is name.focusProxy()


def test_a_name_in_use_is_said_as_one_types(place: Place, page: ConnectionsPage) -> None:
    place.connect("Front desk")
    page.add_connection()
    assistant = place.assistant(page)
    assistant.next.click()
    assistant.form.field("name").set_text("front DESK ")
    assert "already" in assistant.form.field("name").shown_problem


def test_a_secret_is_never_readable_and_never_asked_back(place: Place) -> None:
    connection = place.connect()
    page = place.page()
    page.acts.edit(connection.id)
    field = place.assistant(page).form.field("token").focusProxy()
    assert isinstance(field, QLineEdit)
    assert field.echoMode() is QLineEdit.EchoMode.Password
    assert field.text() == ""


def test_what_is_not_known_is_said(assistant: Assistant) -> None:
    assistant.next.click()
    shown = [one.text() for one in assistant.form.findChildren(QLabel)]
    assert set(assistant.form.kind.caveats) <= set(shown)


def test_the_test_is_shown_step_by_step_and_stores_nothing(
    assistant: Assistant, place: Place
) -> None:
    fill(assistant, place)
    try_it(assistant)
    checks = assistant.check_page.checks
    assert [getattr(one, "passed", None) for one in checks.found] == [True] * 5
    assert place.program.connections.all() == []
    assert place.ring.values == {}


def test_a_refused_sign_in_says_why_and_what_to_do(assistant: Assistant, place: Place) -> None:
    fill(assistant, place, token="wrong-token")
    try_it(assistant)
    shown = " ".join(one.text() for one in assistant.check_page.findChildren(QLabel))
    assert "does not accept the sign-in" in shown
    assert "Enter a valid token" in shown
    assert assistant.next.text() == "Save anyway"


def test_saving_puts_the_secret_into_the_keyring_and_the_card_on_the_page(
    assistant: Assistant, place: Place, page: ConnectionsPage
) -> None:
    fill(assistant, place)
    try_it(assistant)
    assistant.next.click()
    until(lambda: assistant.step is Step.DONE)
    assert list(place.ring.values.values()) == [TOKEN]
    until(lambda: [one.facts.word for one in page.grid.cards] == ["Ready"])
    card = page.grid.cards[0].facts
    assert card.test_passed
    assert "ShipLeap Tracking" in card.writes
    (stored,) = place.program.connections.all()
    assert TOKEN not in str(stored.settings.values())


def test_defaults_stay_in_the_code(assistant: Assistant, place: Place) -> None:
    fill(assistant, place)
    try_it(assistant)
    assistant.next.click()
    until(lambda: assistant.step is Step.DONE)
    assert list(place.program.connections.all()[0].settings) == ["base_url"]


def test_a_locked_keyring_offers_to_keep_it_for_the_session(
    assistant: Assistant, place: Place
) -> None:
    fill(assistant, place)
    try_it(assistant)
    place.ring.trouble = keyring.errors.KeyringLocked("locked")
    assistant.next.click()
    until(lambda: assistant.step is Step.DONE)
    shown = " ".join(one.text() for one in assistant.done_page.findChildren(QLabel))
    assert "The password store of this computer is locked" in shown
    assistant.done_page.session_asked.emit()
    until(lambda: "until Backhaul ends" in assistant.done_page.text)
    (stored,) = place.program.connections.all()
    found = [*place.program.connections.test(stored)]
    assert all(getattr(step, "passed", False) for step in found), "the kept token is used"
    assert place.ring.values == {}


def test_once_unlocked_a_second_try_keeps_it(assistant: Assistant, place: Place) -> None:
    fill(assistant, place)
    try_it(assistant)
    place.ring.trouble = keyring.errors.KeyringLocked("locked")
    assistant.next.click()
    until(lambda: assistant.step is Step.DONE)
    place.ring.trouble = None
    assistant.done_page.again_asked.emit()
    until(lambda: bool(place.ring.values))


def test_another_account_is_asked_about(place: Place) -> None:
    connection = place.connect()
    [*place.program.setup.test(connection)]
    memory = place.program.folder / "connection-tests.json"
    memory.write_text(memory.read_text("utf-8").replace("shipper at", "mary at"), "utf-8")
    page = place.page()
    page.acts.edit(connection.id)
    assistant = place.assistant(page)
    assistant.form.field("token").set_text(TOKEN)
    try_it(assistant)
    assert not assistant.next.isEnabled()
    assistant.check_page.say_same()
    assert assistant.next.isEnabled()


def test_settings_that_do_not_fit_together_come_back_to_their_field(
    assistant: Assistant, place: Place
) -> None:
    fill(assistant, place)
    assistant.form.field("token_in").set_text("path")
    try_it(assistant)
    assistant.next.click()
    until(lambda: assistant.step is Step.TYPE)
    assert "{token}" in assistant.form.field("probe_path").shown_problem
    assert place.program.connections.all() == []


def test_a_practice_connection_needs_no_secret_and_no_address(
    assistant: Assistant, place: Place
) -> None:
    assistant.choose_page.choose(is_practice=True)
    assistant.next.click()
    assert assistant.form.field("name").text() == "Practice"
    try_it(assistant)
    assistant.next.click()
    until(lambda: assistant.step is Step.DONE)
    (stored,) = place.program.connections.all()
    assert stored.is_practice
    assert place.ring.asked == 0


def test_the_keyboard_alone_gets_there(
    assistant: Assistant, place: Place, page: ConnectionsPage
) -> None:
    def key(which: Qt.Key, text: str = "") -> None:
        QTest.keyClicks(assistant.focusWidget(), text)
        QTest.keyClick(assistant.focusWidget(), which)

    assert assistant.focusWidget().accessibleDescription() == "Tracking numbers go into the " + (
        "notes of a charge of the invoice."
    )
    key(Qt.Key.Key_Return)
    assert assistant.step is Step.TYPE
    key(Qt.Key.Key_Tab, "Front desk")
    key(Qt.Key.Key_Tab, place.url)
    for _ in range(2):
        key(Qt.Key.Key_Tab)
    key(Qt.Key.Key_Return, TOKEN)
    assert assistant.step is Step.TEST
    until(lambda: assistant.check_page.passed is not None)
    assert assistant.focusWidget() is assistant.next
    key(Qt.Key.Key_Space)
    until(lambda: assistant.step is Step.DONE)
    key(Qt.Key.Key_Space)
    until(lambda: not page.acts.dialogs)
    assert [one.name for one in place.program.connections.all()] == ["Front desk"]


def shown(widget: QWidget) -> str:
    labels = widget.findChildren(QLabel)
    return " ".join(one.text() for one in labels if one.isVisibleTo(widget))


def press(widget: QWidget, text: str) -> None:
    buttons = widget.findChildren(QPushButton)
    next(one for one in buttons if one.text() == text and one.isVisibleTo(widget)).click()


def test_escape_with_nothing_typed_just_closes(assistant: Assistant, page: ConnectionsPage) -> None:
    assistant.next.click()
    QTest.keyClick(assistant, Qt.Key.Key_Escape)
    until(lambda: not page.acts.dialogs)


@pytest.mark.parametrize("way", ["escape", "cancel", "close"])
def test_what_was_typed_is_not_dropped_unasked(
    assistant: Assistant, place: Place, page: ConnectionsPage, way: str
) -> None:
    fill(assistant, place)
    if way == "escape":
        QTest.keyClick(assistant, Qt.Key.Key_Escape)
    elif way == "cancel":
        assistant.cancel.click()
    else:
        assistant.close()
    assert assistant.isVisible()
    assert "Close without saving?" in shown(assistant)
    assert "The secret is not kept." in shown(assistant)
    QTest.keyClick(assistant, Qt.Key.Key_Escape)
    assert "Close without saving?" not in shown(assistant), "Escape goes back, it drops nothing"
    assert assistant.form.field("token").text() == TOKEN
    assistant.reject()
    press(assistant, "Drop it")
    until(lambda: not page.acts.dialogs)
    assert place.program.connections.all() == []
    page.add_connection()
    assert place.assistant(page).step is Step.CHOOSE, "it was dropped"


def test_what_was_kept_is_there_again_but_no_secret(
    assistant: Assistant, place: Place, page: ConnectionsPage
) -> None:
    fill(assistant, place)
    assistant.form.field("notes_max").set_text("120")
    assistant.reject()
    press(assistant, "Keep it and close")
    until(lambda: not page.acts.dialogs)
    page.add_connection()
    again = place.assistant(page)
    assert again.step is Step.TYPE
    texts = [again.form.field(name).text() for name in ("name", "base_url", "notes_max", "token")]
    assert texts == ["Front desk", place.url, "120", ""]
    assert "Secrets were not kept" in shown(again)
    again.form.field("token").set_text(TOKEN)
    try_it(again)
    again.next.click()
    until(lambda: again.step is Step.DONE)
    again.next.click()
    until(lambda: not page.acts.dialogs)
    page.add_connection()
    assert place.assistant(page).step is Step.CHOOSE, "once saved it is not offered again"


def test_what_was_typed_into_one_form_survives_a_look_at_another(
    assistant: Assistant, place: Place
) -> None:
    fill(assistant, place)
    assistant.back.click()
    assistant.choose_page.choose(is_practice=True)
    assistant.next.click()
    assistant.back.click()
    assistant.choose_page.choose(is_practice=False)
    assistant.next.click()
    assert assistant.form.field("base_url").text() == place.url
    assert assistant.form.field("token").text() == ""


def test_closed_while_it_saves_it_comes_back_only_when_something_is_left_to_do(
    assistant: Assistant, place: Place, page: ConnectionsPage
) -> None:
    fill(assistant, place)
    try_it(assistant)
    prompt = place.ring.wait_for_prompt()
    assistant.next.click()
    assistant.reject()
    assert not assistant.isVisible()
    place.ring.trouble = keyring.errors.KeyringLocked("dismissed")
    prompt.set()
    until(assistant.isVisible)
    assert "its token is not" in shown(assistant)
    place.ring.trouble = None
    press(assistant, "Try again")
    until(lambda: list(place.ring.values.values()) == [TOKEN])


def test_while_another_process_writes_it_says_who(assistant: Assistant, place: Place) -> None:
    fill(assistant, place)
    try_it(assistant)
    with child("write_on", place.program.folder) as other:
        assert other.hear() == "ready"
        assistant.next.click()
        assert assistant.next.text() == "Saving…"
        until(lambda: f"(process {other.process.pid})" in shown(assistant))
        assert "is writing" in shown(assistant)
        assert "goes on by itself" in shown(assistant)
        other.end()
    until(lambda: assistant.step is Step.DONE)


def test_each_line_has_its_result_and_its_time_also_where_it_failed(
    assistant: Assistant, place: Place
) -> None:
    fill(assistant, place, token="wrong-token")
    try_it(assistant)
    assert re.search(r"Failed \d+ ms", shown(assistant.check_page))
    assert "What it may read and write" in shown(assistant.check_page)
