"""What stands above the list: a pause counts down, and Resume ends it."""

import pytest

from app.ui.queue.banners import left_of
from tests.ui.desk import Desk, until
from tests.ui.queue.hands import named, pause


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (24 * 60_000, "24 min left"),
        (23 * 60_000 + 1, "24 min left"),
        (60_000, "1 min left"),
        (59_999, "1 min left"),
        (59_000, "59 s left"),
        (1, "1 s left"),
        (-5, "0 s left"),
        (3_600_000, "1 h 00 min left"),
        (3_900_000, "1 h 05 min left"),
    ],
)
def test_what_is_left_is_never_said_too_short(milliseconds: int, text: str) -> None:
    assert left_of(milliseconds) == text


def test_a_pause_counts_down_and_resume_ends_it(desk: Desk) -> None:
    pause(desk, 24 * 60)
    page = desk.page()

    def title() -> str:
        return page.banners._counting[0][0].text()

    assert title() == "Front desk: paused, 24 min left"
    desk.clock.advance(90)
    until(lambda: title() == "Front desk: paused, 23 min left")
    desk.clock.advance(22 * 60)
    until(lambda: title() == "Front desk: paused, 30 s left")
    named(page, "Resume Front desk").click()
    until(lambda: not page.banners.isVisible())
    assert not page.banners._seconds.isActive()


def test_a_pause_without_end_says_so(desk: Desk) -> None:
    pause(desk)
    page = desk.page()
    assert page.banners._shown[0].title == "Front desk: paused until you resume it"
    assert not page.banners._seconds.isActive()


def test_many_pauses_are_one_banner_that_names_them(desk: Desk) -> None:
    names = ["Front desk", "Back office", "Web shop"]
    for name in names[1:]:
        desk.connect(name)
    for name in names:
        service = desk.program.connections
        service.pause(service.named(name), None, "ann")
    page = desk.page()
    until(lambda: page.banners.isVisible())
    (shown,) = page.banners._shown
    assert shown.title == "3 connections are paused"
    assert all(name in shown.text for name in names)
