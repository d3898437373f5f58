"""The SYNC page: what a card says, and what is pressed on it."""

import pytest
from PySide6.QtWidgets import QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app.core.errors import CredentialsRejected
from app.core.events import EngineLooked, SyncProgress
from app.core.orders import Reason
from app.services.order_fetch import FetchedOrder
from app.ui.connections.facts import Lamp
from app.ui.sync.asking import FetchFrom, FetchOne, RemoveTask
from app.ui.sync.card import TaskCard
from app.ui.sync.facts import Mend
from app.ui.sync.task_menu import TaskAct, TaskMenu
from tests.fakes.source import an_order
from tests.ui.desk import until
from tests.ui.sync.conftest import DAY_MS, NAME, SHOP, Place, card_of

SKIP = Reason("mg_skip_not_invoiced", {"setting": "mode", "value": "wait-for-invoice"})


def texts(card: TaskCard) -> str:
    """Everything that is written on it."""
    return "\n".join(one.text() for one in card.findChildren(QLabel) if one.isVisible())


def menu_of(card: TaskCard) -> TaskMenu:
    """The menu behind the clock, opened."""
    card.clock.click()
    return next(one for one in card.findChildren(TaskMenu) if one.isVisible())


def choose(card: TaskCard, act: TaskAct) -> None:
    """An entry of that menu, as a person does."""
    menu = menu_of(card)
    next(one for one in menu.actions() if one.text() == act.value).trigger()
    menu.close()


def said(place: Place, text: str) -> None:
    """Until the strip above the cards says it."""
    strip = place.pages[-1].content.strip
    until(lambda: strip.isVisible() and text in strip.accessibleName())


# --- states of the page


def test_without_a_store_it_says_what_it_is_for(place: Place, qtbot: QtBot) -> None:
    page = place.page()
    assert page.content.empty.isVisible()
    press = page.content.empty.findChild(QPushButton)
    assert press.text() == "Connect a store"
    with qtbot.waitSignal(page.connect_asked):
        press.click()


def test_with_a_store_the_button_opens_the_assistant(place: Place) -> None:
    place.connect()
    page = place.page()
    press = page.content.empty.findChild(QPushButton)
    assert press.text() == "Add a sync"
    press.click()
    assert place.assistant(page).isVisible()


def test_what_cannot_be_read_says_so_and_tries_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.add()
    page = place.page()

    def broken() -> None:
        raise OSError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(page.feed, "_look", broken)
        page.feed.now()
        until(page.content._stale.isVisible)
        assert card_of(page.content).isVisible(), "old cards stay"
    page.content._stale.press.click()
    until(lambda: not page.content._stale.isVisible())


# --- what a card says


def test_a_task_that_never_ran(place: Place) -> None:
    place.add()
    card = card_of(place.page().content)
    assert (card.facts.lamp, card.facts.word) == (Lamp.NONE, "Not read yet")
    assert "invoiced in full" in texts(card)
    assert "without delivery addresses" in texts(card)
    assert "Never" in texts(card)


def test_result_and_countdown(place: Place, qtbot: QtBot) -> None:
    place.add()
    place.read(an_order(1), an_order(2, skip=SKIP))
    page = place.page()
    card = card_of(page.content)
    assert (card.facts.lamp, card.facts.word) == (Lamp.GREEN, "Works")
    assert card.facts.result == "2 new"
    assert card.facts.next_run == "in 5:00, every 5 min"
    place.clock.advance(60)
    page.content._show_again()
    assert card.facts.next_run == "in 4:00, every 5 min"
    assert card.facts.last_run == "1 min ago"
    with qtbot.waitSignal(page.orders_asked) as asked:
        card.skipped.click()
    assert asked.args == [1, "skipped"]


def test_nothing_stays_green_that_was_not_seen_working_lately(place: Place) -> None:
    place.add()
    place.read(an_order(1))
    page = place.page()
    place.clock.advance(601)
    page.content._show_again()
    card = card_of(page.content)
    assert (card.facts.lamp, card.facts.word) == (Lamp.NONE, "Quiet")


def test_a_reading_shows_how_far_it_is(place: Place) -> None:
    place.add()
    place.begin(*(an_order(n) for n in range(1, 121)), left=380)
    page = place.page()
    card = card_of(page.content)
    assert card.facts.progress_text == "Reading: 120 orders, 380 to come"
    assert card.gauge.isVisible()
    assert card.gauge.share == 240
    place.read(an_order(500))
    place.program.bus.publish(SyncProgress(1, 121, 0))
    until(lambda: not card.gauge.isVisible())


def test_a_failure_says_who_must_act_and_what_to_do(place: Place, qtbot: QtBot) -> None:
    place.add()
    place.fail("mg_right", resource="Sales")
    page = place.page()
    card = card_of(page.content)
    assert card.facts.lamp is Lamp.RED
    assert card.facts.is_failure
    assert card.facts.who
    assert f"Who must act: {card.facts.who}" in texts(card)
    assert card.box.isVisible()
    assert card.mend.text() == "Try again"


def test_what_goes_on_by_itself_needs_nobody(place: Place) -> None:
    place.add()
    place.fail("server_error", host="h", status=500)
    page = place.page()
    card = card_of(page.content)
    assert card.facts.lamp is Lamp.YELLOW
    assert not card.facts.seen.needs_you
    assert "tries again by itself" in card.facts.line


def test_a_stopped_connection_leads_there(place: Place, qtbot: QtBot) -> None:
    place.add()
    place.gates.block(1, CredentialsRejected("mg_keys", host="h", message="no"))
    page = place.page()
    card = card_of(page.content)
    assert (card.facts.word, card.facts.mend) == ("Stopped", Mend.CONNECTION)
    with qtbot.waitSignal(page.connection_asked) as asked:
        card.mend.click()
    assert asked.args == [1]


def test_the_badge_counts_what_needs_a_person(place: Place) -> None:
    place.add()
    place.fail("mg_right", resource="Sales")
    page = place.page()
    assert page._told == 1
    place.read(an_order(1))
    place.refresh(page)
    assert page._told == 0


def test_a_reading_that_starts_over_is_said(place: Place) -> None:
    place.add()
    place.database.write(
        lambda c: c.execute("UPDATE routes SET over_since = ?", (place.clock.now_ms(),))
    )
    card = card_of(place.page().content)
    assert "starts over" in card.facts.why
    assert not card.facts.is_failure
    assert card.box.property("role") == "warning_box"


def test_a_wrong_mode_is_advised_and_changed_with_one_press(place: Place) -> None:
    place.add()
    place.database.write(lambda c: c.execute("UPDATE routes SET mode = 'auto-invoice'"))
    place.read(an_order(1))
    place.orders.advise(1, Reason("mg_mode_auto", {"skipped": 9, "read": 10}))
    page = place.page()
    card = card_of(page.content)
    assert card.facts.mend is Mend.MODE
    assert card.mend.text() == "Change the mode to “Wait for invoice”"
    card.mend.click()
    until(lambda: place.task().route.mode == "wait-for-invoice")
    assert place.task().again_from is not None
    said(place, "Wait for invoice")


def test_without_an_engine_nothing_is_promised(place: Place) -> None:
    place.add()
    page = place.page()
    place.program.bus.publish(EngineLooked(None, False))
    card = card_of(page.content)
    until(lambda: card.facts.next_run == "When Backhaul runs again")


# --- what is pressed


def test_sync_now_is_shown_at_once_and_asks_the_engine(place: Place) -> None:
    place.add()
    page = place.page()
    card = card_of(page.content)
    card.sync.click()
    assert "Asked for…" in texts(card)
    until(lambda: place.task().asked == 1)
    until(lambda: card.sync.isEnabled())


def test_a_second_sync_now_while_it_runs_does_nothing_and_says_so(place: Place) -> None:
    place.add()
    place.begin(an_order(1))
    card = card_of(place.page().content)
    choose(card, TaskAct.NOW)
    said(place, "It is running")
    assert place.task().asked == 0


def test_a_paused_task_says_why_it_does_not_run(place: Place) -> None:
    place.add()
    place.routes.pause(1, None, "ann")
    card = card_of(place.page().content)
    choose(card, TaskAct.NOW)
    said(place, "It is paused")
    assert place.task().asked == 0


def test_pause_with_an_end_and_resume(place: Place) -> None:
    place.add()
    page = place.page()
    card = card_of(page.content)
    menu = menu_of(card)
    pauses = next(one for one in menu.findChildren(QMenu) if one.title() == "Pause")
    assert [one.text() for one in pauses.actions()] == ["30 minutes", "1 hour", "Until resumed"]
    pauses.actions()[0].trigger()
    menu.close()
    until(lambda: card.facts.is_paused)
    assert (card.facts.lamp, card.facts.left) == (Lamp.PAUSED, "30:00 left")
    choose(card, TaskAct.RESUME)
    until(lambda: not card.facts.is_paused)
    assert place.task().paused_at is None


def test_fetch_from_a_date(place: Place) -> None:
    place.add()
    page = place.page()
    card = card_of(page.content)
    choose(card, TaskAct.FROM)
    dialog = place.dialog(page)
    assert isinstance(dialog, FetchFrom)
    dialog.days.set_since(place.clock.now_ms() - 40 * DAY_MS)
    wanted = dialog.days.since_ms
    assert wanted % DAY_MS == 0 or wanted < place.clock.now_ms() - 39 * DAY_MS
    dialog.accept()
    until(lambda: place.task().again_from == wanted)
    until(lambda: card.facts.reads_again)
    choose(card, TaskAct.END_FETCH)
    until(lambda: place.task().again_from is None)


def test_fetch_one_order_says_what_came_of_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.add()
    page = place.page()
    choose(card_of(page.content), TaskAct.ONE)
    dialog = place.dialog(page)
    assert isinstance(dialog, FetchOne)
    dialog.fetch.click()
    assert dialog.number.shown_problem, "an empty number is not looked up"
    dialog.number.set_text("000000007")
    dialog.fetch.click()
    assert dialog.fetch.text() == "Asking…"
    until(lambda: dialog.fetch.isEnabled())
    assert "does not answer" in dialog.said.text()
    asked = []

    def fetch(route_id: int, number: str) -> list[FetchedOrder]:
        asked.append((route_id, number))
        order = an_order(7, skip=SKIP)
        return [FetchedOrder(order, "It is here, and skipped: why", "Do this.", False, True)]

    monkeypatch.setattr(type(place.program.order_fetch), "fetch", lambda _, *given: fetch(*given))
    dialog.fetch.click()
    until(lambda: dialog.fetch.isEnabled())
    assert asked == [(1, "000000007")]
    assert dialog.said.text() == "000000007: It is here, and skipped: why"


def test_remove_asks_first(place: Place) -> None:
    place.add()
    page = place.page()
    choose(card_of(page.content), TaskAct.REMOVE)
    dialog = place.dialog(page)
    assert isinstance(dialog, RemoveTask)
    dialog.accept()
    until(lambda: page.content.empty.isVisible())
    assert place.routes.all() == []
    said(place, "not read any more")


def test_sync_all_now(place: Place) -> None:
    place.add()
    place.add("Other shop")
    page = place.page()
    assert page.content.all_now.isVisible()
    page.content.all_now.click()
    until(lambda: (place.task(1).asked, place.task(2).asked) == (1, 1))
    said(place, "Everything is read now")


def test_keys_reach_everything(place: Place, qtbot: QtBot) -> None:
    place.add()
    place.read(an_order(1, skip=SKIP))
    card = card_of(place.page().content)
    assert card.clock.accessibleName() == f"What can be done: {NAME}"
    assert card.sync.accessibleName() == f"Sync now: {NAME}"
    assert card.skipped.accessibleName() == f"Show what was skipped: {NAME}"
    assert SHOP in card.accessibleName()
