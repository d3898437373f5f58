"""Which calls open the window."""

import pytest

from app import desktop
from app.desktop import Wanted, wanted
from app.services import autostart


@pytest.fixture
def _display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop, "has_display", lambda: True)


@pytest.mark.usefixtures("_display")
@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], Wanted(None, is_demo=False)),
        (["--data-dir", "here"], Wanted("here", is_demo=False)),
        (["--data-dir=here"], Wanted("here", is_demo=False)),
        (["demo"], Wanted(None, is_demo=True)),
        (["demo", "--data-dir", "here"], Wanted("here", is_demo=True)),
        (["--data-dir", "here", "demo"], Wanted("here", is_demo=True)),
        (["--hidden"], Wanted(None, is_demo=False, is_hidden=True)),
        (["--data-dir", "here", "--hidden"], Wanted("here", is_demo=False, is_hidden=True)),
        (["--hidden", "status"], None),
        (["demo", "--no-window"], None),
        (["status"], None),
        (["--data-dir"], None),
        (["--help"], None),
    ],
)
def test_only_the_bare_call_and_the_demonstration_open_it(
    words: list[str], asked: Wanted | None
) -> None:
    assert wanted(words) == asked


def test_the_word_for_a_hidden_start_is_the_one_that_is_written() -> None:
    assert desktop.HIDDEN == autostart.HIDDEN


def test_without_a_display_there_is_no_window() -> None:
    assert wanted([]) is None
    assert wanted(["demo"]) is None
