"""Light or dark: at once, and again at the next start."""

import pytest

from app.services.window_settings import FILE_NAME, WindowSettings, load_window_settings
from app.ui import theme
from tests.ui.desk import until
from tests.ui.settings.conftest import Room

pytestmark = pytest.mark.dresses_all


def test_dark_holds_at_once_and_is_kept(room: Room) -> None:
    panel = room.page().appearance
    until(panel.choices[""].isChecked)
    panel.choices["dark"].click()
    until(lambda: theme.palette().is_dark)
    until(lambda: panel.scheme.note.text == "Kept")
    assert load_window_settings(room.place.program.folder) == WindowSettings("dark")
    until(room.page().appearance.choices["dark"].isChecked)


def test_what_cannot_be_kept_is_said(room: Room) -> None:
    panel = room.page().appearance
    (room.place.program.folder / f"{FILE_NAME}.part").mkdir()
    panel.choices["dark"].click()
    until(lambda: panel.scheme.problem.startswith("It holds until Backhaul ends."))
    assert theme.palette().is_dark
