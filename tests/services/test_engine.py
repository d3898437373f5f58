"""How often the engine looks: only where there is something to look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import open_program
from app.services.engine import _FOLDERS, _NO_FOLDERS_S, Engine
from app.services.folder_settings import FolderSettings
from app.services.folder_watch import TICK_S
from app.services.program import Program
from tests.fakes.clock import FakeClock
from tests.processes import until

SETTINGS = {"base_url": "http://127.0.0.1:9"}


class Bench:
    """A running engine on a fake clock; no folder is watched yet."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.program: Program = open_program(folder, is_engine=True, clock=self.clock)
        self.engine: Engine = self.program.engine()
        self.engine.start()

    @property
    def pace_s(self) -> float:
        """Seconds between two looks into the folders."""
        return self.engine._scheduler._tasks[_FOLDERS].interval_s

    def look(self) -> None:
        """Time for one look passes."""
        self.clock.advance(self.pace_s)
        self.engine._scheduler.fire(_FOLDERS)

    def watch(self, program: Program, path: Path) -> None:
        path.mkdir()
        connection = program.connections.add("printsmith", "Shop", SETTINGS, actor="ann")
        program.folders.add("Export", path, connection.id, FolderSettings(), actor="ann")

    def close(self) -> None:
        self.engine.stop()
        self.program.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "data")
    yield bench
    bench.close()


def test_without_folders_it_looks_seldom_and_at_once_again_when_one_is_added(
    bench: Bench, tmp_path: Path
) -> None:
    bench.look()
    assert until(lambda: bench.pace_s == _NO_FOLDERS_S)
    bench.watch(bench.program, tmp_path / "export")
    assert bench.pace_s == TICK_S
    bench.look()
    assert until(lambda: bench.engine._watch.has_folders)
    assert bench.pace_s == TICK_S


def test_a_folder_that_another_process_adds_is_looked_into_soon(
    bench: Bench, tmp_path: Path
) -> None:
    bench.look()
    assert until(lambda: bench.pace_s == _NO_FOLDERS_S)
    visitor = open_program(bench.program.folder, is_engine=False)
    bench.watch(visitor, tmp_path / "export")
    visitor.close()
    assert bench.clock.until_waiting()
    bench.clock.advance(1)
    assert until(lambda: bench.pace_s == TICK_S), "within a second"
