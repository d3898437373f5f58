"""A real data folder behind a real window, and a heartbeat of the GUI thread."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.ui.collecting import Collector
from app.ui.theme import Theme
from tests.ui.desk import Desk, watch_with
from tests.ui.heartbeat import Heartbeat


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["backhaul"]


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture(scope="session")
def collector(qapp: QApplication) -> Collector:
    made = Collector(qapp)
    made.look()  # what is there by now is looked through no more
    return made


@pytest.fixture(autouse=True)
def _no_other_thread_collects(collector: Collector) -> Iterator[None]:
    """As in the program: widgets of earlier tests must not be destroyed on a worker's thread."""
    collector.start()
    yield
    gc.collect()
    collector.stop()


@pytest.fixture
def desk(tmp_path: Path, theme: Theme) -> Iterator[Desk]:
    """The data folder with the connection "Front desk"; no engine runs."""
    desk = Desk(tmp_path / "data")
    desk.connect()
    yield desk
    desk.close()


@pytest.fixture(scope="session")
def session_beat(qapp: QApplication) -> Iterator[Heartbeat]:
    made = Heartbeat()
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def _never_blocked(session_beat: Heartbeat, request: pytest.FixtureRequest) -> Iterator[None]:
    """No test may keep the GUI thread from its events for more than 100 ms, but for those marked
    `dresses_all`: other colours dress every widget there is in one go of Qt's."""
    session_beat.late.clear()
    watch_with(None if request.node.get_closest_marker("dresses_all") else session_beat)
    yield
    watch_with(None)
    assert not session_beat.late, f"the GUI thread was blocked: {session_beat.report()}"
