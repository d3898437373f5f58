"""The list when the data file cannot be read, and when another process keeps it locked."""

from PySide6.QtWidgets import QLabel

from app.core.states import JobState
from app.services.queue_page import Slice
from app.ui.queue.view import ManagerPage
from tests.processes import child
from tests.ui.desk import ACTOR, Desk, until
from tests.ui.queue.hands import change, named, shown


def hide(desk: Desk) -> None:
    """The rows cannot be read any more."""
    change(desk, "ALTER TABLE jobs RENAME TO hidden")


def mend(desk: Desk) -> None:
    change(desk, "ALTER TABLE hidden RENAME TO jobs")


def words(page: ManagerPage) -> str:
    return "\n".join(one.text() for one in page.findChildren(QLabel) if one.isVisible())


def test_old_rows_stay_with_their_age_and_can_be_read_again(desk: Desk) -> None:
    desk.put(JobState.FAILED, "1")
    page = desk.page()
    hide(desk)
    desk.clock.advance(42)
    page.feed.something_changed()
    until(lambda: "This is how it stood 42 s ago; it cannot be read now." in words(page))
    assert page.table.isVisible()
    assert page.model.line(0) is not None
    mend(desk)
    desk.enter("2")
    named(page, "Try again").click()
    assert not named(page, "Try again").isEnabled(), "a press shows something at once"
    until(lambda: shown(page) == ["2", "1"])
    until(lambda: "cannot be read" not in words(page))


def test_what_was_never_read_is_said_in_the_place_of_the_list(desk: Desk) -> None:
    desk.enter("1")
    hide(desk)
    page = ManagerPage(desk.program, desk.bridge, ACTOR)
    page.show()
    desk.pages.append(page)
    until(lambda: "The write-backs cannot be read" in words(page))
    assert not page.table.isVisible()
    mend(desk)
    named(page, "Try again").click()
    assert "Reading again" in words(page)
    until(lambda: page.table.isVisible() and shown(page) == ["1"])


def test_rows_of_another_list_do_not_stand_under_a_chip_that_cannot_be_read(desk: Desk) -> None:
    desk.put(JobState.FAILED, "1")
    desk.put(JobState.PARKED, "2")
    page = desk.page()
    hide(desk)
    page.showing.show_slice(Slice.PARKED)
    until(lambda: "The write-backs cannot be read" in words(page))
    assert not page.table.isVisible()
    mend(desk)
    named(page, "Try again").click()
    until(lambda: page.table.isVisible() and shown(page) == ["2"])


def test_while_it_waits_to_be_saved_it_is_said_who_holds_the_data_file(desk: Desk) -> None:
    desk.put(JobState.FAILED, "1")
    page = desk.page()
    with child("write_on", desk.program.folder) as other:
        assert other.hear() == "ready"
        page.acts.park([1], "shipment 1")
        said = f"(process {other.process.pid})"
        until(lambda: said in page.toast.accessibleName(), 10_000)
        assert page.toast.accessibleName().startswith("Saving. Another ")
    until(lambda: page.toast.text.startswith("Parked shipment 1"), 10_000)
