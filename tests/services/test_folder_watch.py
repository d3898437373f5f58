"""Looks by the clock, each on a thread of its own; a share that goes away or hangs."""

import errno
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import StorageError
from app.core.events import FolderChanged, IntakeProgress
from app.services.folder_watch import DEADLINE_S, FolderWatch
from app.services.folders import Light
from tests.processes import until
from tests.services.intake_bench import IntakeBench, Watching, a_watch, orders, rows


class Share:
    """Stands before the looks of a watch: answers, fails or hangs as told."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.hangs: threading.Event | None = None
        self.looked: list[str] = []

    def into(self, folder: Any, readiness: Any, stopping: Any, sign: Callable[[], None]) -> None:
        self.looked.append(folder.name)
        if folder.name == "WorldShip":
            if self.hangs is not None:
                assert self.hangs.wait(20)
            if self.trouble is not None:
                raise self.trouble
        sign()


def ticks(bench: IntakeBench, watch: FolderWatch, share: Share, wanted: int) -> list[float]:
    """Let time pass until there were so many looks; seconds from each look to the next."""
    gaps, last, before = [], bench.clock.monotonic(), len(share.looked)
    for _ in range(2000):
        watch.tick()
        assert until(lambda: not is_busy(watch))
        if len(share.looked) > before:
            gaps.append(bench.clock.monotonic() - last)
            last, before = bench.clock.monotonic(), len(share.looked)
            if len(gaps) == wanted:
                return gaps
        bench.clock.advance(1)
    raise AssertionError(gaps)


def is_busy(watch: FolderWatch) -> bool:
    return any(one.thread and one.thread.is_alive() for one in watch._watched.values())


def test_a_share_that_is_away_is_red_and_looked_for_ever_more_seldom(
    bench: IntakeBench, tmp_path: Path
) -> None:
    watching, share = Watching(bench, tmp_path / "export"), Share()
    watch = a_watch(bench, share)  # type: ignore[arg-type] # stands for the looks
    seen: list[FolderChanged] = []
    bench.bus.subscribe(FolderChanged, seen.append)
    ticks(bench, watch, share, 1)
    assert (watching.status.light, len(seen)) == (Light.GREEN, 1)
    share.trouble = PermissionError(errno.EACCES, "Permission denied")
    assert ticks(bench, watch, share, 9) == [3, 5, 10, 20, 40, 80, 160, 300, 300]
    status = watching.status
    assert status.light is Light.RED
    assert status.text.startswith(f"{watching.path} cannot be read: Permission denied, since ")
    assert (status.folder.failures, len(seen)) == (9, 2)
    share.trouble = None
    assert ticks(bench, watch, share, 3) == [300, 3, 3]
    assert (watching.status.light, len(seen)) == (Light.GREEN, 3)
    bench.clock.advance(601)
    assert watching.status.light is Light.NONE


def test_a_share_that_hangs_holds_up_no_other_folder(bench: IntakeBench, tmp_path: Path) -> None:
    watching, share = Watching(bench, tmp_path / "export"), Share()
    other = Watching(bench, tmp_path / "other", name="Other")
    share.hangs = threading.Event()
    watch = a_watch(bench, share)  # type: ignore[arg-type] # stands for the looks
    for _ in range(int(DEADLINE_S) + 1):
        watch.tick()
        bench.clock.advance(1)
        assert until(lambda: sum(t.is_alive() for t in threads(watch)) == 1)
    assert share.looked.count("Other") == 11
    assert share.looked.count("WorldShip") == 1
    watch.tick()
    assert light(watching) is Light.RED
    assert "does not answer" in watching.status.text
    assert other.status.light is Light.GREEN
    share.hangs.set()
    assert until(lambda: not is_busy(watch))
    assert light(watching) is Light.GREEN
    watch.stop()


def light(watching: Watching) -> Light:
    return watching.status.light


def threads(watch: FolderWatch) -> list[threading.Thread]:
    return [one.thread for one in watch._watched.values() if one.thread]


def test_a_full_disk_stops_the_intake_and_keeps_the_file(
    bench: IntakeBench, tmp_path: Path
) -> None:
    watching, share = Watching(bench, tmp_path / "export"), Share()
    watch = a_watch(bench, share)  # type: ignore[arg-type] # stands for the looks
    share.trouble = StorageError("store_full")
    ticks(bench, watch, share, 2)
    assert watching.status.text.startswith("The disk with the data file is full")


def test_a_fault_of_the_program_is_told_without_its_inner_name(
    bench: IntakeBench, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watching, share = Watching(bench, tmp_path / "export"), Share()
    share.trouble = ZeroDivisionError("a fault")
    ticks(bench, a_watch(bench, share), share, 2)  # type: ignore[arg-type] # stands for the looks
    status = watching.status
    said = f"Backhaul made a mistake while it looked into {watching.path}, since "
    assert status.text.startswith(said)
    assert "Error" not in status.text + status.hint
    assert "ZeroDivisionError" in caplog.text


def test_nothing_is_entered_for_a_connection_that_is_gone(
    bench: IntakeBench, watching: Watching
) -> None:
    watching.put("ws.csv", rows(1))
    bench.store.connections.remove(1, discard_rows=True, actor="ann")
    watch = a_watch(bench)
    for _ in range(4):
        watch.tick()
        assert until(lambda: not is_busy(watch))
        bench.clock.advance(6)
    assert orders(bench) == []
    status = watching.status
    assert (status.light, status.folder.trouble_code) == (Light.RED, "folder_connection_gone")


def test_a_look_reads_files_on_its_own_thread(bench: IntakeBench, watching: Watching) -> None:
    progress: list[IntakeProgress] = []
    bench.bus.subscribe(IntakeProgress, progress.append)
    watching.put("ws.csv", rows(1, 2))
    watch = a_watch(bench)
    for _ in range(9):
        watch.tick()
        assert until(lambda: not is_busy(watch))
        bench.clock.advance(3)
    assert orders(bench) == ["316001", "316002"]
    assert [(one.done, one.total) for one in progress] == [(0, 0), (2, 2)]
