"""How the window looks: kept, and harmless when it cannot be read."""

from pathlib import Path

import pytest

from app.core.errors import UsageError
from app.services.window_settings import (
    FILE_NAME,
    WindowSettings,
    load_window_settings,
    save_window_settings,
)


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    assert load_window_settings(tmp_path) == WindowSettings("")
    save_window_settings(tmp_path, WindowSettings("dark"))
    assert load_window_settings(tmp_path) == WindowSettings("dark")
    assert [one.name for one in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"scheme": 7}', '{"scheme": "pink"}', "\0"])
def test_what_cannot_be_read_follows_the_desktop(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    assert load_window_settings(tmp_path) == WindowSettings("")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        save_window_settings(tmp_path / "gone", WindowSettings("dark"))
    assert caught.value.code == "file_problem"
