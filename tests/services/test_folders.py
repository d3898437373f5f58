"""A watched folder: finished files only, each row once, nothing lost when a share goes away."""

import errno
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import StorageError, UsageError
from app.core.events import FolderChanged, IntakeProgress
from app.models.attention import ItemKind
from app.services import folder_look
from app.services.folder_readiness import list_files
from app.services.folder_watch import DEADLINE_S, FolderWatch
from app.services.folders import Light
from tests.processes import until
from tests.services.intake_bench import IntakeBench, Watching, a_watch

HEAD = "Order Number,Tracking Number,Service,Void,Ship Date\n"


def row(number: int, *, void: str = "N", day: str = "20260921") -> str:
    return f"{316000 + number},1ZA1B2C3030000{number:04},Ground,{void},{day}\n"


def rows(*numbers: int) -> str:
    return HEAD + "".join(map(row, numbers))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[IntakeBench]:
    bench = IntakeBench(tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def watching(bench: IntakeBench, tmp_path: Path) -> Watching:
    """A folder that is watched and was empty at first; its files stay."""
    watching = Watching(bench, tmp_path / "export")
    watching.look()
    bench.clock.advance(1)
    return watching


def orders(bench: IntakeBench) -> list[str]:
    return [order for order, _, _ in bench.jobs()]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# when a file is finished


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


# leaving files where they are


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


# what cannot be read


def test_bad_rows_wait_with_their_reasons_and_the_others_go_on(
    bench: IntakeBench, watching: Watching
) -> None:
    text = rows(1) + "316002,9.4E+21,Ground,N,20260921\n" + ",1Z2,Ground,N,20260921\n" + row(3)
    watching.put("ws.csv", text)
    watching.poll()
    assert orders(bench) == ["316001", "316003"]
    items = bench.open_items()
    assert [(item.kind, item.line) for item in items] == [
        (ItemKind.REJECTED_ROW, 3), (ItemKind.REJECTED_ROW, 4),
    ]  # fmt: skip
    assert items[0].text == "316002,9.4E+21,Ground,N,20260921"
    assert bench.items.one(items[0].id).where == "WorldShip: ws.csv, row 3"
    watching.put("ws.csv", text + row(4), later=60)
    watching.put("copy.csv", text, later=60)
    watching.poll()
    assert len(bench.open_items()) == 4  # the copy is another file; the first says it once


def test_a_file_in_which_nothing_can_be_read_is_one_item(
    bench: IntakeBench, watching: Watching
) -> None:
    bad = HEAD + "".join(f"31600{n},9.4E+21,Ground,N,20260921\n" for n in range(9))
    watching.put("ws.csv", bad)
    watching.poll(5)
    (item,) = bench.open_items()
    assert (item.kind, item.line) == (ItemKind.REJECTED_FILE, 2)
    watching.put("ws.csv", rows(1), later=60)
    watching.poll()
    assert (orders(bench), bench.open_items()) == (["316001"], [])


def test_a_wrong_mapping_is_tried_again_when_it_is_mended(
    bench: IntakeBench, tmp_path: Path
) -> None:
    layout = {"columns": {"tracking": "Paket", "references": ["Order Number"]}}
    watching = Watching(bench, tmp_path / "export", layout=layout, start="all")
    watching.put("ws.csv", rows(1, 2))
    watching.poll(5)
    assert [item.kind for item in bench.open_items()] == [ItemKind.REJECTED_FILE]
    bench.service.edit(watching.folder, changes={"layout": {}}, actor="ann")
    watching.poll()
    assert (orders(bench), bench.open_items()) == (["316001", "316002"], [])


def test_what_was_found_out_about_the_first_file_is_kept(watching: Watching) -> None:
    watching.put("ws.csv", rows(1).replace(",", ";"))
    watching.poll()
    found = watching.status.settings.found
    assert (found["delimiter"], found["columns"]["tracking"]) == (";", "Tracking Number")


def test_a_file_of_another_kind_in_the_same_folder_is_read_too(
    bench: IntakeBench, watching: Watching
) -> None:
    watching.put("ws.csv", rows(1))
    watching.poll()
    watching.put("dhl.csv", "Invoice;Waybill\n316009;1234567891\n", later=60)
    watching.put("ws.csv", rows(1, 2), later=61)
    watching.poll()
    assert (orders(bench), bench.open_items()) == (["316001", "316009", "316002"], [])


# taking files away


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


# what lay there before


def start(bench: IntakeBench, tmp_path: Path, **settings: Any) -> Watching:
    """A folder with history: an old and a younger file, added now."""
    watching = Watching(bench, tmp_path / "export", **settings)
    watching.put("old.csv", HEAD + row(1, day="20260801"), later=-40 * 86_400)
    watching.put("new.csv", HEAD + row(2, day="20260801") + row(3), later=-2 * 86_400)
    watching.poll()
    return watching


def test_from_now_on_reads_nothing_that_lay_there(bench: IntakeBench, tmp_path: Path) -> None:
    watching = start(bench, tmp_path)
    assert orders(bench) == []
    watching.put("new.csv", HEAD + row(2, day="20260801") + row(3) + row(4), later=60)
    watching.poll()
    assert orders(bench) == ["316004"]


def test_a_history_that_is_written_anew_is_known(bench: IntakeBench, tmp_path: Path) -> None:
    watching = start(bench, tmp_path)
    watching.put("new.csv", HEAD + row(4) + row(3) + row(2), later=60)
    watching.poll()
    assert orders(bench) == ["316004"]  # row 2 has another day now, and is the same parcel


def test_the_last_days_go_by_file_and_by_row(bench: IntakeBench, tmp_path: Path) -> None:
    start(bench, tmp_path, start="days", start_days=7)
    assert orders(bench) == ["316003"]


def test_all_of_the_history_is_read_on_wish(bench: IntakeBench, tmp_path: Path) -> None:
    start(bench, tmp_path, start="all")
    assert orders(bench) == ["316001", "316002", "316003"]


# a share that goes away


def test_a_folder_that_is_gone_is_not_an_empty_one(bench: IntakeBench, watching: Watching) -> None:
    watching.put("ws.csv", rows(1))
    watching.poll()
    away = watching.path.rename(watching.path.with_name("away"))
    with pytest.raises(FileNotFoundError):
        watching.look()
    away.rename(watching.path)
    watching.poll()
    assert orders(bench) == ["316001"]


def test_an_empty_mount_point_is_not_the_share(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_look, "mount_of", lambda path: "/another/disk")
    with pytest.raises(OSError, match="is not there"):
        watching.look()


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


# people


def test_two_folders_have_two_names_and_two_paths(bench: IntakeBench, watching: Watching) -> None:
    with pytest.raises(UsageError) as caught:
        Watching(bench, watching.path.with_name("other"), name="worldship")
    assert caught.value.code == "folder_name_taken"
    with pytest.raises(UsageError) as caught:
        Watching(bench, watching.path, name="Other")
    assert caught.value.code == "folder_path_taken"


def test_a_folder_that_is_not_there_is_refused(bench: IntakeBench, watching: Watching) -> None:
    with pytest.raises(UsageError) as caught:
        bench.service.edit(watching.folder, path=watching.path / "no", actor="ann")
    assert caught.value.code == "folder_not_there"


def test_a_folder_with_another_name_remembers_its_rows(
    bench: IntakeBench, watching: Watching
) -> None:
    watching.put("ws.csv", rows(1))
    watching.poll()
    bench.service.edit(watching.folder, name="UPS", actor="ann")
    watching._name = "UPS"
    watching.put("again.csv", rows(1), later=60)
    watching.poll()
    assert orders(bench) == ["316001"]


def test_a_trial_says_what_would_be_written(bench: IntakeBench, watching: Watching) -> None:
    text = rows(1) + row(2, void="Y") + "316003,9.4E+21,Ground,N,20260921\n"
    watching.put("ws.csv", text)
    trial = bench.service.try_out(watching.path, watching.status.settings)
    assert [(one.line, one.order, one.will_write) for one in trial.rows] == [
        (2, "316001", True), (3, "316002", False), (4, "", False),
    ]  # fmt: skip
    assert trial.rows[1].reason == "Void: takes its label back"
    assert "9.4E+21" in trial.rows[2].reason
    assert ("delimiter", ",") in [(what, value) for what, value, _ in trial.guesses]
    assert orders(bench) == []
