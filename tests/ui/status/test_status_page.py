"""The STATUS page as a person works with it."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.core.errors import SetupChanged
from app.core.events import HealthChanged
from app.core.health import LIT, Api, Lamp, Result, Way
from app.core.states import JobState
from app.services.health import Point
from app.ui.status.content import StatusContent
from app.ui.status.words import graph_text
from tests.health import Some
from tests.ui.desk import until
from tests.ui.status.conftest import Place

GOOD = Some(0, 8)
BAD = [Some(ago, 2, Result.FAILED) for ago in range(3)]


def lamps(page: StatusContent) -> dict[Api, Lamp]:
    """The lights that are shown."""
    found = page.detail.lights.buttons.items()
    return {api: one.lamp for api, one in found if not one.isHidden()}


def texts(page: StatusContent) -> list[str]:
    return [one.text() for one in page.findChildren(QLabel) if one.isVisible()]


def test_nothing_connected_says_so_and_leads_to_the_assistant(place: Place) -> None:
    program = place.desk.program
    program.connections.remove(program.connections.named("Front desk"), discard_rows=True,
                               actor="ann")  # fmt: skip
    page = place.page()
    assert "No system is connected yet." in texts(page)
    button = next(one for one in page.findChildren(QPushButton) if one.text() == "Add connection")
    button.click()
    assert place.connects == 1


def test_only_apis_of_the_connection_have_a_light(place: Place) -> None:
    page = place.page()
    assert set(lamps(page)) == {Api.WRITE_BACK}
    assert "Does not take products" in texts(page)
    assert "Does not read orders" in texts(page)


def test_the_worst_connection_and_its_worst_light_are_shown_first(place: Place) -> None:
    store = place.store()
    place.calls(1, Api.WRITE_BACK, GOOD)
    place.calls(store.id, Api.WRITE_BACK, GOOD)
    place.calls(store.id, Api.ORDERS, *BAD)
    page = place.page()
    assert page.list.entries[store.id].isChecked()
    assert page.list.entries[store.id].lamp is Lamp.RED
    assert page.list.entries[1].lamp is Lamp.GREEN
    assert page.detail.shown_api is Api.ORDERS
    assert lamps(page) == {Api.PRODUCTS: Lamp.NONE, Api.WRITE_BACK: Lamp.GREEN,
                           Api.ORDERS: Lamp.RED}  # fmt: skip


def test_a_pressed_light_opens_its_section_and_stays_pressed(place: Place) -> None:
    store = place.store()
    place.calls(store.id, Api.ORDERS, *BAD)
    page = place.page()
    page.detail.lights.buttons[Api.WRITE_BACK].click()
    assert page.detail.section.why.text() == "Nothing was sent yet"
    place.again(page)
    assert page.detail.shown_api is Api.WRITE_BACK
    page.detail.lights.buttons[Api.ORDERS].click()
    rows = page.detail.section.rows
    assert rows.text("Last hour") == "6 calls: 6 failed"
    assert rows.text("Error rate") == "100 %"
    assert "error 500" in rows.text("Last error")


def test_a_stopped_connection_says_who_must_do_what(place: Place) -> None:
    error = SetupChanged("ps_charge_missing", charge="Tracking")
    place.desk.gates.block(1, error)
    page = place.page()
    assert lamps(page) == {Api.WRITE_BACK: Lamp.RED}
    assert page.detail.section.why.text() == "The invoice has no charge named “Tracking”"
    assert page.detail.section.rows.text("What to do")
    assert page.detail.section.rows.text("Who must act") == "The administrator of that system"


def test_lights_follow_what_happens(place: Place) -> None:
    page = place.page()
    assert lamps(page) == {Api.WRITE_BACK: Lamp.NONE}
    place.calls(1, Api.WRITE_BACK, GOOD)
    place.again(page)
    assert lamps(page) == {Api.WRITE_BACK: Lamp.GREEN}
    place.clock.advance(660)
    place.again(page)
    assert lamps(page) == {Api.WRITE_BACK: Lamp.NONE}


def test_what_cannot_be_read_stays_but_not_green_for_ever(place: Place) -> None:
    place.calls(1, Api.WRITE_BACK, GOOD)
    page = place.page()
    place.desk._database.write(lambda c: c.execute("ALTER TABLE health_calls RENAME TO gone"))
    place.clock.advance(660)
    page.reading.now()
    until(page._stale.isVisible)
    assert lamps(page) == {Api.WRITE_BACK: Lamp.NONE}
    place.desk._database.write(lambda c: c.execute("ALTER TABLE gone RENAME TO health_calls"))
    place.again(page)
    assert not page._stale.isVisible()


def test_activity_names_order_and_time_and_leads_to_the_rows(place: Place) -> None:
    place.desk.put(JobState.SUCCEEDED, "316140")
    place.desk.put(JobState.FAILED, "316141")
    page = place.page()
    rows = page.detail.activity.rows
    assert rows.text("Write-back out").startswith("316140, ")
    assert rows.text("Shipment in").startswith("316141, ")
    assert rows.text("Waiting") == "1 needs you"
    page.detail.activity.show_rows.click()
    assert place.rows_of == ["Front desk"]


def test_refresh_shows_each_line_and_lights_only_what_was_asked(place: Place) -> None:
    place.rehearsal.start_servers()
    program = place.desk.program
    url = program.practice.url("magento")
    store = program.connections.add(
        "magento", "Practice shop", {"base_url": url}, is_practice=True, actor="ann"
    )
    page = place.page()
    page.list.entries[store.id].click()
    page.detail.refresh.click()
    assert page.detail.refresh.text() == "Asking…", "a press shows at once"
    page.detail.refresh.click()
    until(lambda: not page.detail.checks.is_running, 20_000)
    assert len(page.detail.checks.found) >= 5
    until(lambda: lamps(page)[Api.ORDERS] is Lamp.GREEN)
    assert lamps(page)[Api.WRITE_BACK] is Lamp.NONE
    page.detail.lights.buttons[Api.WRITE_BACK].click()
    assert page.detail.section.why.text() == "Nothing was sent yet, sign-in works"
    assert page.detail.refresh.text() == "Refresh"


def test_a_connection_that_went_leaves_the_list(place: Place) -> None:
    store = place.store()
    page = place.page()
    page.list.entries[store.id].click()
    place.desk.program.connections.remove(store, discard_rows=True, actor="ann")
    place.again(page)
    assert list(page.list.entries) == [1]
    assert page.list.entries[1].isChecked()


def test_keys_go_through_connections_and_lights(place: Place) -> None:
    store = place.store()
    page = place.page()
    page.activateWindow()
    page.list.entries[1].click()
    page.focus_list()
    until(page.list.entries[1].hasFocus)
    QTest.keyClick(page.list.entries[1], Qt.Key.Key_Down)
    assert page.list.entries[store.id].isChecked()
    buttons = page.detail.lights.buttons
    buttons[Api.WRITE_BACK].click()
    buttons[Api.WRITE_BACK].setFocus()
    QTest.keyClick(buttons[Api.WRITE_BACK], Qt.Key.Key_Right)
    assert page.detail.shown_api is Api.ORDERS
    stops = [api for api in LIT if buttons[api].focusPolicy() is Qt.FocusPolicy.StrongFocus]
    assert stops == [Api.ORDERS]


def test_a_screen_reader_is_told_lights_and_graph_in_words(place: Place) -> None:
    place.calls(1, Api.WRITE_BACK, GOOD, Some(4, 3, Result.FAILED, way=Way.WRITE))
    page = place.page()
    light = QAccessible.queryAccessibleInterface(page.detail.lights.buttons[Api.WRITE_BACK])
    assert light.text(QAccessible.Text.Name) == "Write-back: Unavailable"
    assert "failed one after another" in light.text(QAccessible.Text.Description)
    assert light.role() in (QAccessible.Role.RadioButton, QAccessible.Role.CheckBox,
                            QAccessible.Role.Button)  # fmt: skip
    graph = QAccessible.queryAccessibleInterface(page.detail.section.graph)
    assert graph.text(QAccessible.Text.Description) == (
        "11 calls in the last hour, 8 in the busiest minute, 3 failed; most of them 4 min ago: "
        "3 of 3"
    )
    entry = QAccessible.queryAccessibleInterface(page.list.entries[1])
    assert entry.text(QAccessible.Text.Description) == (
        "Front desk, PrintSmith Vision: Unavailable (unavailable)"
    )


def test_the_graph_in_words_counts_what_it_shows() -> None:
    assert graph_text([Point()] * 60) == "No calls in the last hour"
    some = [*[Point()] * 58, Point(4), Point(2, 1)]
    assert graph_text(some) == (
        "6 calls in the last hour, 4 in the busiest minute, 1 failed; most of them in the minute "
        "under way: 1 of 2"
    )


def test_nothing_is_read_while_nobody_looks(place: Place) -> None:
    page = place.page()
    page.hide()
    place.desk.bridge.health_changed.emit(HealthChanged())
    QCoreApplication.processEvents()
    assert page.reading.is_quiet
    assert not page._tick.isActive()
    page.show()
    place.desk.bridge.health_changed.emit(HealthChanged())
    assert not page.reading.is_quiet
    until(lambda: page.reading.is_quiet)
