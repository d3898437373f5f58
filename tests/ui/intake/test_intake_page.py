"""The INTAKE page: folders as cards, what needs a person, and what a person does with it."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.events import IntakeProgress
from app.models.attention import ItemKind, NewItem
from app.services.attention import ItemState
from app.ui import theme
from app.ui.connections.facts import Lamp
from app.ui.intake.folder_acts import RemoveFolder
from app.ui.intake.item_acts import place_of
from app.ui.intake.items_model import KEEP
from tests.ui.desk import until
from tests.ui.heartbeat import heartbeat
from tests.ui.intake.conftest import BROKEN, DATA, Place, settle


def broken(place: Place) -> Path:
    """A watched folder in which the file with seventeen broken rows was read."""
    folder = place.add()
    (folder / BROKEN.name).write_bytes(BROKEN.read_bytes())
    place.look()
    return folder


def test_a_card_is_low_again_once_its_file_was_read(place: Place) -> None:
    folder = place.add()
    (folder / "dates_open.csv").write_bytes((DATA / "dates_open.csv").read_bytes())
    place.look()
    page = place.page()
    page.resize(1056, 640)  # the cards have to be scrolled while a file is read
    card, grid = place.card(page), page.content.grid
    until(lambda: card.height() == card.minimumHeight() == grid.whole_height)
    low = card.height()
    card.gauge.tell("export.csv", 0, 0)
    card.fit_soon()
    until(lambda: grid.verticalScrollBar().maximum() > 0)
    card.gauge.end()
    card.fit_soon()
    until(lambda: card.height() == low)
    assert grid.verticalScrollBar().maximum() == 0


def test_without_a_folder_there_is_one_sentence_and_the_button(place: Place) -> None:
    content = place.page().content
    assert content._stack.currentWidget() is content._empty
    assert not content.add.isVisible()
    assert content.needs_you._nothing.text() == "Nothing from files waits for you."


def test_a_card_says_how_the_folder_stands_and_what_was_read(place: Place) -> None:
    folder = broken(place)
    card = place.card(place.page())
    assert card.facts.lamp is Lamp.GREEN
    assert card._word.text() == "Watching"
    assert card._path.accessibleName() == str(folder)
    assert card.facts.files[0].name == BROKEN.name
    assert card.facts.files[0].text == "40 entered, 17 rejected"
    assert not card.look.isVisible()  # it is looked into every few seconds anyway


def test_a_folder_that_is_gone_is_red_and_counts_in_the_side_bar(place: Place) -> None:
    folder, page = place.add(), place.page()
    told: list[int] = []
    page.needs_you_changed.connect(told.append)
    folder.rmdir()
    place.look(1)
    until(lambda: told == [1])
    card = place.card(page)
    assert (card.facts.lamp, card._word.text()) == (Lamp.RED, "Cannot be read")
    assert "cannot be read" in card._why.text()
    assert card.look.isVisible()


def test_look_now_does_not_wait_for_the_next_look(place: Place) -> None:
    folder, page = place.add(), place.page()
    folder.rmdir()
    place.look(1)
    until(lambda: place.card(page).facts.lamp is Lamp.RED)
    folder.mkdir()
    card = place.card(page)
    card.look.click()
    assert card._word.text() == "Looking…"
    until(lambda: place.program.folders.all()[0].folder.failures == 0)
    place.watch.tick()  # at this very moment: the next look was due in seconds
    until(lambda: card.facts.lamp is Lamp.GREEN and card._word.text() == "Watching")
    assert "can be read again" in page.content.strip._text.text()


def test_a_file_that_is_read_shows_rows_bar_and_rate(place: Place) -> None:
    place.add()
    page = place.page()
    bus, card = place.program.bus, place.card(page)
    bus.publish(IntakeProgress("folder:WorldShip", "orders.csv", 41_200, 200_000))
    until(lambda: card.gauge.isVisible())
    assert card.gauge.text == "orders.csv: 41,200 of 200,000 rows"
    assert card.gauge._bar.value() == 206
    bus.publish(IntakeProgress("import", "orders.csv", 1, 2))  # by hand, no folder's
    bus.publish(IntakeProgress("folder:WorldShip", "orders.csv", 200_000, 200_000))
    until(lambda: not card.gauge.isVisible())


def test_seventeen_rows_wait_with_their_reasons(place: Place) -> None:
    broken(place)
    page = place.page()
    needs_you = page.content.needs_you
    model = needs_you.model
    assert model.rowCount() == 17
    until(lambda: model.loaded(16) is not None)
    first = model.loaded(16)
    assert first is not None
    assert (first.name, first.reason) == (
        f"{BROKEN.name}, row 3", "There is no tracking number",
    )  # fmt: skip
    assert first.place == "WorldShip"
    needs_you.view.go_to(16)
    assert needs_you.detail.row_text == '"400100","","GND","N","20261120153012","1",""'
    assert needs_you.detail._why.text() == "There is no tracking number"


def test_ignoring_one_goes_on_to_the_next(place: Place) -> None:
    broken(place)
    page = place.page()
    needs_you = page.content.needs_you
    needs_you.view.go_to(3)
    before = needs_you.model.id_at(4)
    QTest.keyClick(needs_you.view, Qt.Key.Key_Delete)
    until(lambda: needs_you.model.rowCount() == 16)
    settle(page)
    assert needs_you._ids() == [before]
    assert page.content.toast.text.endswith("ignored")
    assert place.program.attention.count() == 16


def test_many_are_settled_with_the_exact_count_in_the_button(place: Place) -> None:
    broken(place)
    page = place.page()
    needs_you = page.content.needs_you
    told: list[int] = []
    page.needs_you_changed.connect(told.append)
    needs_you.view.selectAll()
    assert needs_you.detail.settle.text() == "Settled: 17"
    needs_you.detail.settle.click()
    until(lambda: needs_you.is_empty)
    assert page.content.toast.text == "17 items: settled"
    until(lambda: told == [0])


def test_what_is_closed_can_be_seen_but_not_closed_again(place: Place) -> None:
    broken(place)
    place.program.attention.ignore(place.program.attention.ids()[:2], "ann", "not ours")
    page = place.page()
    needs_you = page.content.needs_you
    needs_you.closed.click()
    until(lambda: needs_you.model.rowCount() == 2 and needs_you.detail.copy.isVisible())
    until(lambda: "Ignored by ann" in needs_you.detail._facts["Now"][1].text())
    assert not needs_you.detail.settle.isVisible()
    QTest.keyClick(needs_you.view, Qt.Key.Key_Delete)
    settle(page)
    assert place.program.attention.count() == 15


def a_carrier_item(place: Place, name: str = "DHL Exp") -> None:
    params = {"name": name, "order": "316132"}
    place.attention.add([NewItem(ItemKind.CARRIER, name, "carrier_unknown", params)])


def test_a_carrier_name_is_given_its_meaning(place: Place) -> None:
    a_carrier_item(place)
    page = place.page()
    needs_you = page.content.needs_you
    detail = needs_you.detail
    until(lambda: detail.carrier.isVisible())
    assert detail._asks.text() == "“DHL Exp” means"
    assert "backhaul" not in detail._hint.text()  # no command where a button does it
    detail.carrier.setCurrentIndex(detail.carrier.findText("UPS"))
    detail.remember.click()
    until(lambda: needs_you.is_empty)
    assert place.attention.carrier_codes() == {"dhl exp": "ups"}
    assert page.content.toast.text == "Remembered: it means UPS from now on"


def test_details_go_to_the_clipboard(place: Place) -> None:
    broken(place)
    page = place.page()
    page.content.needs_you.view.go_to(16)
    page.content.needs_you.detail.copy.click()
    until(lambda: "row 3" in QGuiApplication.clipboard().text())
    text = QGuiApplication.clipboard().text()
    assert "Row not read: There is no tracking number" in text
    assert 'The row as read: "400100"' in text


def test_the_folder_of_a_file_is_found_where_it_was_put(place: Place) -> None:
    folder = broken(place)
    one = place.program.attention.items()[0].item
    assert place_of(place.program, one.source, one.file) == folder
    (folder / "done").mkdir()
    (folder / one.file).rename(folder / "done" / one.file)
    assert place_of(place.program, one.source, one.file) == folder / "done"
    assert place_of(place.program, "folder:99", one.file) is None


def test_removing_asks_and_keeps_what_was_read(place: Place) -> None:
    folder = broken(place)
    page = place.page()
    place.card(page).remove.click()
    dialog = page.content.acts.dialog
    assert isinstance(dialog, RemoveFolder)
    dialog.remove.click()
    until(lambda: not page.content.grid.cards)
    assert (folder / BROKEN.name).is_file()
    assert place.program.attention.count() == 17


def test_what_another_process_did_is_seen(place: Place) -> None:
    page = place.page()
    a_carrier_item(place)
    place.desk.bridge.store_changed.emit(None)
    until(lambda: page.content.needs_you.model.rowCount() == 1)


def test_a_hundred_thousand_items_do_not_hold_up_the_window(place: Place) -> None:
    item = NewItem(ItemKind.REJECTED_ROW, "", "row_short", {"count": 2, "width": 7}, "folder:1",
                   "big.csv", 1, "a,b")  # fmt: skip
    place.attention.add([item._replace(same=str(n), line=n) for n in range(100_000)])
    page = place.page()
    needs_you = page.content.needs_you
    assert needs_you.model.rowCount() == 100_000

    def is_shown() -> bool:
        row = needs_you.view.rowAt(4)
        return not needs_you.model.is_busy and needs_you.model.loaded(row) is not None

    def end() -> None:
        QTest.keyClick(needs_you.view, Qt.Key.Key_End)

    def home() -> None:
        QTest.keyClick(needs_you.view, Qt.Key.Key_Home)

    for act in (end, home, needs_you.view.selectAll):
        with heartbeat() as beat:
            act()
            until(is_shown)
        assert beat.longest_ms <= 50, act
    assert needs_you.detail.ignore.text() == "Ignore: 100,000"
    assert len(needs_you.model._lines) <= KEEP


def test_ten_thousand_are_ignored_in_parts(place: Place) -> None:
    item = NewItem(ItemKind.REJECTED_ROW, "", "row_short", {"count": 2, "width": 7}, "folder:1")
    place.attention.add([item._replace(same=str(n)) for n in range(10_000)])
    page = place.page()
    needs_you = page.content.needs_you
    needs_you.view.selectAll()
    needs_you.detail.ignore.click()
    assert not needs_you.detail.ignore.isEnabled()  # at once: it was taken
    until(lambda: needs_you.is_empty, 20_000)
    assert place.program.attention.ids((ItemState.IGNORED,)) == list(range(10_000, 0, -1))
    until(lambda: page.content.toast.text == "10,000 items: ignored")


def test_closing_very_many_shows_how_far_it_is_and_can_be_cancelled(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = NewItem(ItemKind.REJECTED_ROW, "", "row_short", {"count": 2, "width": 7}, "folder:1")
    place.attention.add([item._replace(same=str(n)) for n in range(3_000)])
    service = place.program.attention
    given, turn = service.ignore, threading.Semaphore(1)  # one part, until the test says more

    def ignore(*args: object) -> list[int]:
        assert turn.acquire(timeout=20)
        return given(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "ignore", ignore)
    page = place.page()
    needs_you = page.content.needs_you
    needs_you.view.selectAll()
    needs_you.detail.ignore.click()
    until(lambda: needs_you.foot.isVisible() and needs_you.foot.work._bar.value() == 500)
    assert needs_you.foot.work._text.text() == "Ignoring 500 of 3,000"
    cancel = needs_you.foot.work._cancel
    assert cancel.accessibleName() == "Cancel ignoring"
    cancel.click()
    assert not cancel.isEnabled()
    turn.release()  # the part that was under way
    until(lambda: not needs_you.acts.is_busy)
    said = "1,000 items: ignored. Stopped: 2,000 items left as before"
    assert page.content.toast.text == said
    assert not needs_you.foot.isVisible()
    assert len(place.program.attention.ids()) == 2_000


def test_copying_very_many_can_be_cancelled_and_leaves_the_clipboard(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = NewItem(ItemKind.REJECTED_ROW, "", "row_short", {"count": 2, "width": 7}, "folder:1")
    place.attention.add([item._replace(same=str(n)) for n in range(1_200)])
    service, go = place.program.attention, threading.Event()
    page = place.page()
    given = service.some

    def some(*args: object) -> object:
        assert go.wait(20)
        return given(*args)  # type: ignore[arg-type]

    needs_you = page.content.needs_you
    needs_you.view.selectAll()
    QGuiApplication.clipboard().setText("what was there")
    monkeypatch.setattr(service, "some", some)
    needs_you.detail.copy.click()
    until(needs_you.foot.isVisible)
    needs_you.foot.work._cancel.click()
    go.set()
    until(lambda: page.content.toast.text == "Stopped: nothing was copied")
    assert QGuiApplication.clipboard().text() == "what was there"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_goes_to_the_details(place: Place, key: Qt.Key) -> None:
    broken(place)
    page = place.page()
    page.activateWindow()
    until(page.isActiveWindow)
    needs_you = page.content.needs_you
    needs_you.view.setFocus()
    QTest.keyClick(needs_you.view, key)
    until(lambda: needs_you.detail.settle.hasFocus())


def test_the_content_is_made_when_it_is_looked_at(place: Place) -> None:
    broken(place)
    page = place.page()
    hidden = type(page)(place.window_desk)
    place.pages.append(hidden)
    told: list[int] = []
    hidden.needs_you_changed.connect(told.append)
    until(lambda: told == [17])
    assert hidden._content is None


def test_times_of_a_folder_nobody_looks_into(place: Place) -> None:
    broken(place)
    place.clock.advance(3600)
    card = place.card(place.page())
    assert card.facts.lamp is Lamp.NONE
    assert card._word.text().startswith("Not looked into since")
    assert replace(card.facts, word="").line == "Nothing is read while Backhaul does not run."


def test_tab_reaches_everything_in_the_order_it_is_seen(place: Place) -> None:
    broken(place)
    page = place.page()
    page.activateWindow()
    until(page.isActiveWindow)
    page.content.bring.setFocus()
    found = []
    for _ in range(11):
        at = QApplication.focusWidget()
        assert at is not None
        found.append(at.accessibleName() or at.property("text"))
        QTest.keyClick(at, Qt.Key.Key_Tab)
    assert found == [
        "Import a file…", "Add watch folder", "Edit: WorldShip", "Remove: WorldShip",
        "Show settled and ignored ones", "Needs you", "The row as read", "Settled", "Ignore",
        "Copy details", "Open folder",
    ]  # fmt: skip


def test_words_in_a_box_take_its_colour(place: Place) -> None:
    folder, page = place.add(), place.page()
    folder.rmdir()
    place.look(1)
    until(lambda: place.card(page).facts.lamp is Lamp.RED)
    card = place.card(page)
    colours = {one.palette().windowText().color().name() for one in (card._why, card._hint)}
    assert colours == {theme.colour("danger").name()}
