"""What the page shows while it reads, when it cannot, and while another process writes."""

import re

from app.ui.connections.page import ConnectionsPage
from app.ui.connections.skeleton import SkeletonCards
from tests.processes import child
from tests.ui.connections.conftest import Place
from tests.ui.connections.test_connections_page import press, words
from tests.ui.desk import until


def a_page(place: Place) -> ConnectionsPage:
    page = place.show(ConnectionsPage(place.desk))
    page.resize(1040, 700)
    return page


def skeleton(page: ConnectionsPage) -> SkeletonCards:
    found = page.findChild(SkeletonCards)
    assert found is not None
    return found


def break_store(place: Place) -> None:
    """The table cannot be read any more."""
    place.sql("ALTER TABLE connections RENAME TO hidden")


def mend_store(place: Place) -> None:
    place.sql("ALTER TABLE hidden RENAME TO connections")


def test_outlines_of_cards_come_only_after_a_moment_and_go_with_the_cards(place: Place) -> None:
    place.connect()
    with child("write_on", place.program.folder) as other, place.busy_threads():
        assert other.hear() == "ready"
        page = a_page(place)
        outlines = skeleton(page)
        assert outlines.isVisible()
        assert not outlines.is_drawn, "a quick read flashes nothing"
        until(lambda: outlines.is_drawn)
        until(lambda: f"(process {other.process.pid})" in words(page))
        assert page.grid.cards == []
    until(lambda: len(page.grid.cards) == 1)
    assert not outlines.isVisible()


def test_a_page_that_cannot_be_read_says_so_and_can_be_tried_again(place: Place) -> None:
    place.connect()
    break_store(place)
    page = a_page(place)
    until(lambda: "The connections cannot be read" in words(page))
    mend_store(place)
    press(page, "Try again")
    until(lambda: len(page.grid.cards) == 1)
    assert "cannot be read" not in words(page)


def test_old_cards_stay_with_their_age_when_they_cannot_be_read_again(place: Place) -> None:
    place.connect()
    page = place.page()
    card = place.card(page)
    break_store(place)
    page.shown()
    until(lambda: "This is how it stood just now; it cannot be read now." in words(page))
    assert page.grid.cards == [card]
    assert card.isVisible()
    until(lambda: bool(re.search(r"it stood \d+ s ago", words(page))), 15_000)
    mend_store(place)
    press(page, "Try again")
    until(lambda: "it cannot be read" not in words(page))
    assert page.grid.cards == [card]


def test_what_failed_is_read_again_by_itself(place: Place) -> None:
    place.connect()
    break_store(place)
    page = a_page(place)
    until(lambda: "The connections cannot be read" in words(page))
    mend_store(place)
    until(lambda: len(page.grid.cards) == 1, 15_000)


def test_a_pause_that_waits_for_another_process_says_for_whom(place: Place) -> None:
    connection = place.connect()
    page = place.page()
    card = place.card(page)
    with child("write_on", place.program.folder) as other:
        assert other.hear() == "ready"
        card.pause_asked.emit(connection.id, 1800)
        assert "Pausing…" in words(card)
        until(lambda: f"(process {other.process.pid})" in words(card))
        other.end()
    until(lambda: card.facts.is_paused)


def test_a_removal_that_waits_for_another_process_says_for_whom(place: Place) -> None:
    connection = place.connect()
    page = place.page()
    page.acts.remove(connection.id)
    (dialog,) = page.acts.dialogs
    until(lambda: "No row waits" in words(dialog))
    with child("write_on", place.program.folder) as other:
        assert other.hear() == "ready"
        press(dialog, "Remove: Front desk")
        until(lambda: f"(process {other.process.pid})" in words(dialog))
        dialog.reject()
        assert dialog.isVisible(), "not while it is under way"
        other.end()
    until(lambda: not page.acts.dialogs)
    assert place.program.connections.all() == []
