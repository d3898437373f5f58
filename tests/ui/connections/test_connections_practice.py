"""Practice mode in one click, and faults on command."""

from typing import Any

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QComboBox, QPushButton

from app.core.states import JobState
from app.ui.connections.practice_bar import PracticeBar
from app.ui.connections.practice_shops import SHOPS
from app.ui.connections.practice_words import (
    QUICK,
    Fault,
    Quick,
    fault_call,
    fault_title,
    quick_call,
    read,
)
from app.ui.first_run import FirstRunPage
from tests.ui.connections.conftest import Place
from tests.ui.desk import until

SYSTEM = "printsmith"


def state(place: Place) -> dict[str, Any]:
    return place.program.practice.state(SYSTEM)


def press(bar: PracticeBar, text: str) -> None:
    def ready() -> list[QPushButton]:
        buttons = bar.findChildren(QPushButton)
        return [one for one in buttons if one.text() == text and one.isEnabled()]

    until(lambda: bool(ready()))
    ready()[0].click()


def box(bar: PracticeBar, name: str) -> QComboBox:
    return next(one for one in bar.findChildren(QComboBox) if one.accessibleName() == name)


def a_bar(place: Place) -> PracticeBar:
    bar = PracticeBar(place.desk)
    place.keep(bar)
    bar.refresh()
    until(lambda: bar.is_running is not None)
    return bar


def test_one_click_starts_servers_adds_a_connection_and_enters_shipments(place: Place) -> None:
    page = place.show(FirstRunPage(place.desk))
    began: list[object] = []
    page.practice_started.connect(began.append)
    page.start_practice()
    assert not [b for b in page.findChildren(QPushButton) if b.isEnabled()], "taken at once"
    page.start_practice()
    until(lambda: len(began) == 1)
    (connection,) = place.program.connections.all()
    assert (connection.is_practice, connection.name) == (True, "Practice")
    rows = place.program.queue.rows([JobState.PENDING])
    assert sorted(row.job.order_ref for row in rows) == ["316088", "316132", "316140"]
    invoices = state(place)["invoices"]
    assert {n: (i["locked_by"], i["state"]) for n, i in invoices.items()} == {
        "316140": (None, "pending"), "316132": ("MARY", "pending"), "316088": (None, "picked_up"),
    }  # fmt: skip


def test_a_second_time_adds_nothing_twice(place: Place) -> None:
    place.rehearsal.begin("ann")
    place.rehearsal.begin("ann")
    assert len(place.program.connections.all()) == 1
    assert len(place.program.queue.rows()) == 3


def test_the_servers_live_until_the_program_ends(place: Place) -> None:
    place.rehearsal.begin("ann")
    assert place.rehearsal.is_running()
    place.rehearsal.close()
    assert not place.rehearsal.is_running()


def test_servers_start_again_only_where_a_practice_connection_needs_them(place: Place) -> None:
    assert not place.rehearsal.start_if_used()
    place.program.connections.add(
        SYSTEM, "Practice", {"base_url": "http://127.0.0.1:9"}, is_practice=True, actor="ann"
    )
    assert place.rehearsal.start_if_used()
    assert not place.rehearsal.start_if_used(), "they run already"


def test_without_a_practice_server_there_is_no_bar(place: Place) -> None:
    bar = a_bar(place)
    assert (bar.is_running, bar.isVisible()) == (False, False)


def test_the_page_offers_to_start_a_server_that_is_gone(place: Place) -> None:
    place.program.connections.add(
        SYSTEM, "Practice", {"base_url": "http://127.0.0.1:9"}, is_practice=True, actor="ann"
    )
    page = place.page()
    until(lambda: page.practice_bar.is_running is False)
    (start,) = [b for b in page.findChildren(QPushButton) if b.text() == "Start practice server"]
    until(start.isVisible)
    start.click()
    assert not start.isEnabled(), "taken at once"
    until(page.practice_bar.isVisible)
    assert not start.isVisible()


def test_a_fault_is_started_and_cleared(place: Place) -> None:
    place.rehearsal.begin("ann")
    bar = a_bar(place)
    kinds = box(bar, "What goes wrong")
    kinds.setCurrentText(fault_title("lost_reply", ""))
    box(bar, "How often").setCurrentText("until cleared")
    box(bar, "On which invoice").setCurrentText("on 316140")
    press(bar, "More faults…")
    press(bar, "Start fault")
    until(lambda: bool(state(place)["faults"]))
    (fault,) = state(place)["faults"]
    assert (fault["kind"], fault["times"]) == ("lost_reply", None)
    until(lambda: "on invoice 316140, until cleared" in bar.note)
    press(bar, "Back to normal")
    until(lambda: not state(place)["faults"])
    until(lambda: bar.note == "Everything works.")


def test_marys_lock_is_released_and_a_pick_up_undone(place: Place) -> None:
    place.rehearsal.begin("ann")
    bar = a_bar(place)
    choice = box(bar, "Practice invoice")
    assert choice.currentText() == "316132, open at another desk (MARY)", "can be changed"
    press(bar, "Release MARY's lock")
    until(lambda: state(place)["invoices"]["316132"]["locked_by"] is None)
    press(bar, "Let MARY open it")
    until(lambda: state(place)["invoices"]["316132"]["locked_by"] == "MARY")
    press(bar, "Pick up")
    until(lambda: state(place)["invoices"]["316132"]["state"] == "picked_up")
    press(bar, "Undo the pick-up")
    until(lambda: state(place)["invoices"]["316132"]["state"] == "pending")


def test_the_keyboard_stays_on_what_was_pressed_and_presses_wait_their_turn(place: Place) -> None:
    place.rehearsal.begin("ann")
    bar = a_bar(place)
    bar.activateWindow()
    until(bar.isActiveWindow)
    (button,) = (b for b in bar.findChildren(QPushButton) if b.text() == "Release MARY's lock")
    button.setFocus()
    button.click()
    press(bar, "Add an invoice")
    assert button.hasFocus()
    until(lambda: len(state(place)["invoices"]) == 4)
    assert state(place)["invoices"]["316132"]["locked_by"] is None
    until(lambda: button.text() == "Let MARY open it")
    assert button.hasFocus()


@pytest.mark.parametrize("quick", QUICK, ids=lambda quick: quick.kind)
def test_a_quick_fault_is_one_press_and_a_second_one_ends_it(place: Place, quick: Quick) -> None:
    place.rehearsal.begin("ann")
    bar = a_bar(place)
    press(bar, quick.title)
    until(lambda: bool(state(place)["faults"]))
    (rule,) = state(place)["faults"]
    assert (rule["kind"], rule["times"]) == (quick.kind, quick.times)
    until(lambda: checked(bar) == [quick.title])
    press(bar, quick.title)
    until(lambda: not state(place)["faults"])
    until(lambda: checked(bar) == [])


def test_a_screen_reader_toggles_a_quick_fault_as_well(place: Place) -> None:
    place.rehearsal.begin("ann")
    bar = a_bar(place)
    (chip,) = [one for one in bar.findChildren(QPushButton) if one.text() == "Dead server"]
    interface = QAccessible.queryAccessibleInterface(chip)
    assert interface is not None
    actions = interface.actionInterface()
    assert actions is not None
    actions.doAction("Toggle")
    until(lambda: bool(state(place)["faults"]))
    until(lambda: bar.note.startswith("In force: "))


def test_another_quick_fault_takes_the_place_of_the_first(place: Place) -> None:
    place.rehearsal.begin("ann")
    bar = a_bar(place)
    press(bar, "Dead server")
    until(lambda: checked(bar) == ["Dead server"])
    press(bar, "Maintenance")
    until(lambda: checked(bar) == ["Maintenance"])
    assert [rule["kind"] for rule in state(place)["faults"]] == ["maintenance"]


def test_back_to_normal_undoes_faults_locks_and_pick_ups(place: Place) -> None:
    place.rehearsal.begin("ann")
    place.program.practice.act(SYSTEM, "sessions", free=0)
    bar = a_bar(place)
    press(bar, "Dead server")
    until(lambda: bool(state(place)["faults"]))
    press(bar, "Back to normal")

    def stands() -> tuple[bool, set[tuple[str | None, str]], int]:
        found = state(place)
        invoices = {(i["locked_by"], i["state"]) for i in found["invoices"].values()}
        return bool(found["faults"]), invoices, found["sessions"]

    until(lambda: stands() == (False, {(None, "pending")}, 5))
    until(lambda: not enabled(bar, "Back to normal"))


def checked(bar: PracticeBar) -> list[str]:
    return [one.text() for one in bar.findChildren(QPushButton) if one.isChecked()]


def enabled(bar: PracticeBar, text: str) -> bool:
    return any(one.text() == text and one.isEnabled() for one in bar.findChildren(QPushButton))


def test_every_fault_of_the_server_can_be_started_as_offered(place: Place) -> None:
    place.rehearsal.begin("ann")
    found = read(SYSTEM, "PrintSmith Vision", state(place))
    assert len(found.faults) == len(state(place)["kinds"]) > 10
    for fault in found.faults:
        place.program.practice.fault(SYSTEM, fault.kind, **fault_call(fault, 1, ""))
        assert "--" not in fault.title


def test_a_fault_nobody_has_words_for_is_shown_in_the_servers_own() -> None:
    text = "answers with one letter (or every --seconds) too many"
    assert fault_title("odd", text) == "Answers with one letter too many"


def test_a_number_is_no_pattern() -> None:
    stored = {"invoices": {"31.6": {"state": "pending", "locked_by": None}}}
    (record,) = SHOPS[SYSTEM].records(stored)
    call = fault_call(Fault("reset", "", {}), 3, record.path)
    assert call == {"times": 3, "path": r"/invoices/31\.6(/|$)"}


# --- Magento beside it

ORDER = "000000012"


@pytest.fixture
def store(place: Place) -> PracticeBar:
    """The bar of a folder with a practice Magento connection, and one order in that store."""
    place.rehearsal.begin("ann")
    place.program.practice.act("magento", "add_order", order=ORDER)
    url = place.program.practice.url("magento")
    place.program.connections.add(
        "magento", "Web shop", {"base_url": url}, is_practice=True, actor="ann"
    )
    bar = a_bar(place)
    bar.show()
    return bar


def orders(place: Place) -> dict[str, str]:
    """Number and state of every order in the store."""
    found = place.program.practice.state("magento")["orders"].values()
    return {one["increment_id"]: one["state"] for one in found}


def test_the_system_whose_connection_came_last_is_shown_and_another_can_be_chosen(
    place: Place, store: PracticeBar
) -> None:
    system = box(store, "Practice system")
    assert [system.itemText(at) for at in range(system.count())] == ["PrintSmith Vision", "Magento"]
    assert system.currentText() == "Magento"
    assert box(store, "Practice order").currentText() == ORDER
    system.setCurrentIndex(0)
    system.activated.emit(0)
    assert box(store, "Practice invoice").currentText().startswith("316132")
    store.refresh()
    until(lambda: not store._is_reading)
    assert system.currentText() == "PrintSmith Vision", "what a person chose stays"


def test_an_order_is_added_held_cancelled_and_shipped_by_hand(
    place: Place, store: PracticeBar
) -> None:
    press(store, "Add an order")
    until(lambda: orders(place) == {ORDER: "new", "000000013": "new"})
    press(store, "Put on hold")
    until(lambda: orders(place)["000000012"] == "holded")
    until(lambda: box(store, "Practice order").currentText() == "000000012, on hold")
    press(store, "End the hold")
    until(lambda: orders(place)["000000012"] == "new")
    press(store, "Cancel it")
    until(lambda: orders(place)["000000012"] == "canceled")
    box(store, "Practice order").setCurrentText("000000013")
    press(store, "Ship it by hand")
    until(lambda: orders(place)["000000013"] == "processing")


def test_the_right_to_ship_is_taken_and_given_back(place: Place, store: PracticeBar) -> None:
    def may_ship() -> bool:
        return "Magento_Sales::ship" in place.program.practice.state("magento")["rights"]

    press(store, "Take away the right to ship")
    until(lambda: not may_ship())
    press(store, "Give back the right to ship")
    until(may_ship)
    press(store, "Take away the right to ship")
    until(lambda: not may_ship())
    press(store, "Back to normal")
    until(may_ship)


def test_what_is_done_there_reaches_only_the_chosen_system(
    place: Place, store: PracticeBar
) -> None:
    press(store, "Dead server")
    until(lambda: bool(place.program.practice.state("magento")["faults"]))
    assert state(place)["faults"] == []


def test_a_lost_answer_is_that_of_a_write() -> None:
    (lost,) = [one for one in QUICK if one.kind == "lost_reply"]
    assert quick_call(lost, SHOPS["magento"])["method"] == "POST"
    assert quick_call(lost, SHOPS[SYSTEM])["method"] == "PUT"
