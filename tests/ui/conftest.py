"""A real data folder behind a real window, and a watchdog over the GUI thread."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.ui.theme import Theme
from tests.ui.desk import Desk, watch_with
from tests.ui.watchdog import Watchdog


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["backhaul"]


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def desk(tmp_path: Path, theme: Theme) -> Iterator[Desk]:
    """The data folder with the connection "Front desk"; no engine runs."""
    desk = Desk(tmp_path / "data")
    desk.connect()
    yield desk
    desk.close()


@pytest.fixture(autouse=True)
def _watchdog(qapp: QApplication) -> Iterator[Watchdog]:
    """No test may keep the GUI thread from its events for more than 100 ms."""
    watchdog = Watchdog(qapp)
    watch_with(watchdog)
    yield watchdog
    watch_with(None)
    watchdog.stop()
    assert not watchdog.late, f"the GUI thread was blocked: {watchdog.report()}"
