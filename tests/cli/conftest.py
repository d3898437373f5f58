"""A console for one data folder, and a practice server for it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.practice import Practice
from tests.cli.console import Console, Desk


@pytest.fixture(autouse=True)
def _plain_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("BACKHAUL_DATA_DIR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LOGNAME", "ann")
    yield
    monkeypatch.undo()
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def backhaul(folder: Path, capsys: pytest.CaptureFixture[str]) -> Console:
    return Console(folder, capsys)


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    """The folder with one connection, "Front desk", that nobody answers."""
    desk = Desk(folder)
    desk.connect()
    yield desk
    desk.program.close()


@pytest.fixture
def shop(folder: Path) -> Iterator[Practice]:
    """A practice server, invoice 316132 in it, and the connection "Front desk" to it."""
    desk = Desk(folder)
    with desk.program.practice_servers() as urls:
        desk.connect(url=urls["printsmith"], poll_locked_s="1")
        desk.program.practice.act("printsmith", "add_invoice", invoice="316132")
        yield desk.program.practice
    desk.program.close()
