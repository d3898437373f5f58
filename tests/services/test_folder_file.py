"""When a file counts as finished, what of it is read, and where it goes then."""

import errno
from pathlib import Path
from typing import Any

import pytest

from app.models.attention import ItemKind
from app.services.folder_readiness import list_files
from tests.services.intake_bench import HEAD, IntakeBench, Watching, names_in, orders, row, rows


def test_a_file_that_stands_still_is_read(bench: IntakeBench, watching: Watching) -> None:
    watching.put("ws.csv", rows(1, 2))
    watching.look()
    assert orders(bench) == []
    bench.clock.advance(3)
    watching.look()
    assert orders(bench) == ["316001", "316002"]
    assert watching.mark("ws.csv").counts["entered"] == 2  # type: ignore[union-attr]
    assert (watching.path / "ws.csv").exists()


def test_a_file_must_stand_still_for_two_seconds(bench: IntakeBench, watching: Watching) -> None:
    watching.put("ws.csv", rows(1))
    watching.poll(2, every_s=0.9)
    watching.look()
    assert orders(bench) == []
    bench.clock.advance(0.3)
    watching.look()
    assert orders(bench) == ["316001"]


def test_a_file_that_grows_is_waited_for(bench: IntakeBench, watching: Watching) -> None:
    text = HEAD
    for number in range(1, 5):
        text += row(number)
        watching.put("ws.csv", text)
        watching.poll(1)
    assert orders(bench) == []
    watching.poll(1)
    assert len(orders(bench)) == 4


def test_half_a_line_is_waited_for(bench: IntakeBench, watching: Watching) -> None:  # G8
    whole = rows(1, 2)
    watching.put("ws.csv", whole[:-9])
    watching.poll(8)
    assert orders(bench) == []
    watching.put("ws.csv", whole, later=1)
    watching.poll(2)
    assert orders(bench) == ["316001", "316002"]


def test_a_last_line_without_an_end_counts_after_half_a_minute(
    bench: IntakeBench, watching: Watching
) -> None:
    watching.put("ws.csv", rows(1, 2).rstrip("\n"))
    watching.poll(11)
    assert orders(bench) == []
    watching.poll(2)
    assert orders(bench) == ["316001", "316002"]


def test_an_empty_file_is_told_after_ten_minutes(bench: IntakeBench, watching: Watching) -> None:
    watching.put("ws.csv", "")
    watching.poll(5, every_s=130)
    assert bench.open_items() == []
    watching.poll(1, every_s=3)
    (item,) = bench.open_items()
    assert (item.kind, item.code, item.file) == (
        ItemKind.SLOW_FILE, "file_stays_empty", "ws.csv",
    )  # fmt: skip
    watching.put("ws.csv", rows(1), later=1)
    watching.poll()
    assert (orders(bench), bench.open_items()) == (["316001"], [])


def test_a_file_another_program_keeps_locked_is_no_error(
    bench: IntakeBench, watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    watching.put("ws.csv", rows(1))
    real = Path.open

    def locked(path: Path, *args: Any, **more: Any) -> Any:
        if path.name == "ws.csv":
            raise PermissionError(errno.EACCES, "sharing violation")
        return real(path, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", locked)
        watching.poll()
    assert orders(bench) == []
    watching.poll(1)
    assert orders(bench) == ["316001"]


@pytest.mark.parametrize(
    "name", ["ws.tmp", "ws.part", "ws.csv.crdownload", "~$ws.csv", ".~lock.ws.csv#", ".ws.csv",
             "report.pdf"],
)  # fmt: skip
def test_files_of_other_kinds_are_let_alone(
    bench: IntakeBench, watching: Watching, name: str
) -> None:
    watching.put(name, rows(1))
    (watching.path / "sub.csv").mkdir()
    watching.poll()
    assert (orders(bench), bench.open_items()) == ([], [])


def test_files_are_read_in_the_order_of_their_times(watching: Watching) -> None:
    for name, later in (("b.csv", 0.0), ("a.csv", 1.0), ("C.CSV", -1.0)):
        watching.put(name, "x", later=later)
    assert [seen.name for seen in list_files(watching.path, "*.csv")] == ["C.CSV", "b.csv", "a.csv"]


def test_only_what_was_appended_is_read(bench: IntakeBench, watching: Watching) -> None:
    watching.put("ws.csv", rows(1, 2))
    watching.poll()
    watching.put("ws.csv", rows(1, 2) + row(3), later=60)
    watching.poll()
    assert orders(bench) == ["316001", "316002", "316003"]
    mark = watching.mark("ws.csv")
    assert mark is not None
    assert (mark.counts["entered"], mark.counts["repeated"]) == (1, 0)
    assert bench.ledger.origin(3) == ("folder:1", "ws.csv", 4)


@pytest.mark.parametrize("again", [(3,), (2, 1, 3), (1, 2, 3)])
def test_a_file_written_anew_adds_only_what_is_new(
    bench: IntakeBench, watching: Watching, again: tuple[int, ...]
) -> None:
    watching.put("ws.csv", rows(1, 2))
    watching.poll()
    watching.put("ws.csv", rows(*again), later=60)
    watching.poll()
    assert orders(bench) == ["316001", "316002", "316003"]


def test_a_copy_under_another_name_adds_nothing(bench: IntakeBench, watching: Watching) -> None:
    watching.put("ws.csv", rows(1, 2))
    watching.poll()
    watching.put("copy of ws.csv", rows(1, 2), later=60)
    watching.poll()
    assert orders(bench) == ["316001", "316002"]
    assert watching.mark("copy of ws.csv").counts["repeated"] == 2  # type: ignore[union-attr]


def test_the_export_file_is_never_touched(watching: Watching) -> None:
    file = watching.put("ws.csv", rows(1, 2))
    before = file.stat()
    watching.poll()
    assert file.read_text(encoding="utf-8") == rows(1, 2)
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert names_in(watching.path) == ["ws.csv"]


def test_a_void_that_is_appended_takes_the_label_back(
    bench: IntakeBench, watching: Watching
) -> None:
    watching.put("ws.csv", rows(1))
    watching.poll()
    watching.put("ws.csv", rows(1) + row(1, void="Y"), later=60)
    watching.poll()
    assert [state for *_, state in bench.jobs()] == ["discarded"]


@pytest.fixture
def taking(bench: IntakeBench, tmp_path: Path) -> Watching:
    watching = Watching(bench, tmp_path / "in", name="In", mode="take")
    watching.look()
    bench.clock.advance(1)
    return watching


def test_a_file_is_moved_when_its_rows_are_in(bench: IntakeBench, taking: Watching) -> None:
    taking.put("ws.csv", rows(1))
    taking.poll()
    assert orders(bench) == ["316001"]
    assert names_in(taking.path) == ["done"]
    assert (taking.path / "done" / "ws.csv").read_text(encoding="utf-8") == rows(1)


def test_the_same_name_again_takes_no_other_files_place(
    bench: IntakeBench, taking: Watching
) -> None:
    for number in (1, 2, 3):
        taking.put("ws.csv", rows(number))
        taking.poll()
    assert len(orders(bench)) == 3
    assert len(names_in(taking.path / "done")) == 3


def test_a_file_nobody_can_read_goes_to_failed(bench: IntakeBench, taking: Watching) -> None:
    taking.put("ws.csv", "no,carrier,file\nat,all,\n")
    taking.poll()
    assert names_in(taking.path / "failed") == ["ws.csv"]
    assert [item.kind for item in bench.open_items()] == [ItemKind.REJECTED_FILE]


def test_a_file_that_cannot_be_moved_is_not_read_twice(
    bench: IntakeBench, taking: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "in use")

    taking.put("ws.csv", rows(1))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        taking.poll(4)
    assert [item.kind for item in bench.open_items()] == [ItemKind.LEFT_BEHIND]
    taking.poll(1)
    assert (orders(bench), bench.open_items()) == (["316001"], [])
    assert names_in(taking.path) == ["done"]


def test_rows_written_between_reading_and_moving_are_not_lost(
    bench: IntakeBench, taking: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = taking.put("ws.csv", rows(1))
    real = Path.rename

    def late_writer(path: Path, target: Path) -> Path:
        if path == file:
            with path.open("a", encoding="utf-8") as stream:
                stream.write(row(2))
        return real(path, target)

    monkeypatch.setattr(Path, "rename", late_writer)
    taking.poll()
    assert orders(bench) == ["316001", "316002"]
