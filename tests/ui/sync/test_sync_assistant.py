"""The assistant for a sync task: added, edited, refused, left."""

import pytest

from app.core.orders import StoreView
from app.services.order_fetch import OrderFetch
from app.ui.sync.assistant import Step, SyncAssistant
from app.ui.sync.page import SyncPage
from tests.ui.desk import until
from tests.ui.sync.conftest import DAY_MS, SHOP, Place

VIEWS = (StoreView("1", "english"), StoreView("2", "german"))


@pytest.fixture
def views(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A store with two store views; which connections were asked for theirs."""
    asked: list[int] = []

    def told(_: OrderFetch, connection_id: int) -> tuple[StoreView, ...]:
        asked.append(connection_id)
        return VIEWS

    monkeypatch.setattr(OrderFetch, "views", told)
    return asked


def adding(place: Place, connection_id: int = 0) -> tuple[SyncPage, SyncAssistant]:
    page = place.page()
    page.add_orders(connection_id)
    return page, place.assistant(page)


def editing(place: Place) -> tuple[SyncPage, SyncAssistant]:
    page = place.page()
    page.content.acts._assist(1, 0)
    return page, place.assistant(page)


def go_to(assistant: SyncAssistant, step: Step) -> None:
    while assistant.step < step:
        assistant.next.click()
    until(lambda: assistant.step is step)


def test_a_task_is_added_as_it_was_chosen(place: Place, views: list[int]) -> None:
    place.connect("Other shop")
    wanted = place.connect()
    page, assistant = adding(place)
    labels = [one.text() for one in assistant.choose_page._group.buttons()]
    assert labels == ["Other shop (practice)", "Web shop (practice)"]
    assistant.choose_page._group.buttons()[1].click()
    go_to(assistant, Step.WHICH)
    assert assistant.which_page.mode == "wait-for-invoice"
    assistant.which_page.start.choose("7")
    go_to(assistant, Step.HOW)
    until(lambda: bool(assistant.how_page.views))
    assert views == [wanted.id]
    assistant.how_page.set_interval(900)
    assistant.how_page._ticks["2"].click()
    assistant.how_page.address.click()
    assistant.next.click()
    assert assistant.step is Step.SUMMARY
    assistant.next.click()
    until(lambda: len(place.routes.all()) == 1)
    (task,) = place.routes.all()
    route = task.route
    assert (route.source_id, route.mode, route.interval_s) == (wanted.id, "wait-for-invoice", 900)
    assert (route.settings["stores"], route.settings["with_address"]) == ("1", True)
    begin = int(str(route.settings["start_at"]))
    assert 6 * DAY_MS < place.clock.now_ms() - begin < 8.1 * DAY_MS
    until(lambda: page.content.strip.isVisible())


def test_for_a_connection_it_begins_with_its_orders(place: Place, views: list[int]) -> None:
    place.connect("Other shop")
    wanted = place.connect()
    _, assistant = adding(place, wanted.id)
    assert assistant.step is Step.WHICH
    assert assistant.back.isHidden()
    go_to(assistant, Step.SUMMARY)
    assistant.next.click()
    until(lambda: bool(place.routes.all()))
    assert place.task().route.source_id == wanted.id


def test_a_mode_that_is_not_built_cannot_be_chosen(place: Place) -> None:
    place.connect()
    _, assistant = adding(place)
    kind = place.program.kinds["magento"]
    buttons = assistant.which_page._modes._group.buttons()  # type: ignore[union-attr]
    assert [one.isEnabled() for one in buttons] == [one.is_built for one in kind.order_modes]


def test_store_views_that_cannot_be_read_are_typed(place: Place) -> None:
    place.connect()
    _, assistant = adding(place)
    go_to(assistant, Step.HOW)
    until(assistant.how_page._again.isVisible)
    assert "cannot be read now" in assistant.how_page._note.text()
    assistant.how_page.stores.set_text("1, 3")
    assert assistant.how_page.chosen == {"1", "3"}


def test_at_least_one_store_view_is_needed(place: Place, views: list[int]) -> None:
    place.connect()
    _, assistant = adding(place)
    go_to(assistant, Step.HOW)
    until(lambda: bool(assistant.how_page.views))
    for tick in assistant.how_page._ticks.values():
        tick.click()
    assistant.next.click()
    assert assistant.step is Step.HOW
    assert "at least one" in assistant._error.text()


def test_all_ticked_means_all_that_ever_come(place: Place, views: list[int]) -> None:
    place.connect()
    _, assistant = adding(place)
    go_to(assistant, Step.HOW)
    until(lambda: bool(assistant.how_page.views))
    assert assistant.how_page.chosen == frozenset()


def test_an_edit_shows_what_it_changes_and_changes_only_that(
    place: Place, views: list[int]
) -> None:
    place.add(stores=frozenset({"2"}), interval_s=420)
    before = place.task().route
    page, assistant = editing(place)
    assert assistant.step is Step.WHICH
    go_to(assistant, Step.HOW)
    until(lambda: bool(assistant.how_page.views))
    assert assistant.how_page.every.text() == "Every 7 min"
    assert assistant.how_page.chosen == {"2"}
    assistant.how_page.address.click()
    assistant.next.click()
    assert [title for title, _ in assistant._changes()] == ["Delivery addresses"]
    assistant.next.click()
    until(lambda: place.task().asked == 1)
    task = place.task()
    assert dict(task.route.settings) == {**before.settings, "with_address": True}
    assert task.again_from == before.settings["start_at"], "addresses of older ones are read too"
    until(lambda: page.content.acts.dialog is None)


def test_an_edit_without_changes_only_closes(place: Place, views: list[int]) -> None:
    place.add()
    page, assistant = editing(place)
    go_to(assistant, Step.SUMMARY)
    assert assistant.next.text() == "Close"
    assistant.next.click()
    until(lambda: page.content.acts.dialog is None)
    assert place.task().asked == 0


def test_what_was_chosen_is_not_dropped_unasked(place: Place, views: list[int]) -> None:
    place.connect()
    page, assistant = adding(place)
    assistant.which_page.start.choose("30")
    assistant.reject()
    assert assistant.is_asking
    assistant._leave.drop.click()
    until(lambda: page.content.acts.dialog is None)
    assert place.routes.all() == []


def test_a_connection_that_is_read_already_says_so(place: Place) -> None:
    place.add()
    _, assistant = adding(place, 1)
    assert "read already" in assistant._error.text()
    assert not assistant.next.isEnabled()


def test_what_is_refused_is_said_and_nothing_is_lost(place: Place, views: list[int]) -> None:
    connection = place.connect()
    _, assistant = adding(place)
    go_to(assistant, Step.SUMMARY)
    place.routes.add("orders", connection.id, None, "wait-for-invoice", {}, 300, "bea")
    assistant.next.click()
    until(lambda: "read already" in assistant._error.text())
    assert assistant.isVisible()
    assert assistant.next.isEnabled()


def test_names(place: Place) -> None:
    place.add()
    _, assistant = editing(place)
    assert assistant.windowTitle() == f"Edit Orders from {SHOP}"
