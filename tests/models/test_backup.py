"""Backups are whole under load, restoring loses nothing, and power cuts cost nothing."""

import os
import random
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.core.states import JobState
from app.models.migrations import SCHEMA_VERSION
from app.models.opening import (
    BACKUP_FOLDER,
    FILE_NAME,
    backup_path,
    backup_to,
    newest_backup,
    open_store,
    prune_backups,
    restore_from,
)
from app.models.outbox import Outbox
from tests.builders import (
    AN_OUTCOME,
    LEASE,
    PERSON_DECIDES,
    Store,
    a_new_job,
    a_store,
    some_new_jobs,
)
from tests.fakes.clock import FakeClock
from tests.processes import Child, child


def orders(path: Path) -> list[str]:
    """What a data file holds, by itself."""
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [row[0] for row in file.execute("SELECT order_ref FROM jobs ORDER BY id").fetchall()]


def reopened(folder: Path) -> Store:
    clock = FakeClock()
    return Store(folder, clock, open_store(folder, clock, check=True))


def a_backup(store: Store, label: str = "daily") -> Path:
    target = backup_path(store.folder, label, store.clock)
    backup_to(store.database, target)
    return target


def test_backup_holds_what_is_still_in_the_log_and_a_file_copy_does_not(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    store.enter(*some_new_jobs(500))
    shutil.copy(store.path, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as file:
        assert file.execute("SELECT name FROM sqlite_master").fetchall() == []
    assert len(orders(a_backup(store))) == 500
    store.database.close_thread()


def test_backup_is_one_file_of_its_own(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    backup = a_backup(store)
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]
    with closing(sqlite3.connect(backup)) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert newest_backup(tmp_path) == backup
    store.database.close_thread()


def acknowledged(process: Child, count: int) -> int:
    """Hear so many numbers of rows that are on disk; returns the last."""
    last = 0
    for _ in range(count):
        last = int(process.hear())
    return last


def test_backup_under_load_is_whole_and_holds_every_row_known_before(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    with child("enter_on", tmp_path, "HOT") as hot:
        assert hot.hear() == "ready"
        hot.tell()
        for round_number in range(5):
            last = acknowledged(hot, 40)
            target = tmp_path / f"{round_number}.db"
            backup_to(store.database, target)
            found = orders(target)
            assert found[:last] == [f"HOT{number}" for number in range(1, last + 1)]
        hot.kill()
    store.database.close_thread()


def test_backup_over_rubbish_of_an_interrupted_one_works(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    target = backup_path(tmp_path, "daily", store.clock)
    target.parent.mkdir()
    target.with_suffix(".part").write_bytes(b"half a backup" * 100)
    backup_to(store.database, target)
    assert orders(target) == []
    store.database.close_thread()


def test_backup_that_cannot_be_written_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    (tmp_path / BACKUP_FOLDER).write_text("in the way")
    with pytest.raises(StorageError) as caught:
        a_backup(store)
    assert caught.value.code == "store_folder"
    assert [path.name for path in tmp_path.glob("*.part")] == []
    store.database.close_thread()


def test_newest_daily_backups_are_kept_and_all_others(tmp_path: Path) -> None:
    folder = tmp_path / BACKUP_FOLDER
    folder.mkdir()
    for day in range(1, 21):
        (folder / f"backhaul-daily-202601{day:02}T000000.db").touch()
    for label in ("v1", "replaced", "manual"):
        (folder / f"backhaul-{label}-20200101T000000.db").touch()
    prune_backups(tmp_path, keep=14)
    names = sorted(path.name for path in folder.iterdir())
    assert [name for name in names if "daily" in name] == [
        f"backhaul-daily-202601{day:02}T000000.db" for day in range(7, 21)
    ]
    assert len(names) == 17


def test_restore_brings_the_rows_back_and_every_open_one_is_looked_up_first(
    tmp_path: Path,
) -> None:
    store = a_store(tmp_path)
    store.put(JobState.SUCCEEDED, a_new_job("done"))
    store.put(JobState.FAILED, a_new_job("failed"))
    store.put(JobState.PARKED, a_new_job("parked"))
    store.put(JobState.DISCARDED, a_new_job("removed"))
    store.enter(a_new_job("asks"))
    store.record(store.claim(), PERSON_DECIDES)
    store.enter(a_new_job("sending"))
    store.claim()
    store.enter(a_new_job("waits"))
    backup = a_backup(store)
    store.enter(a_new_job("after"))
    store.database.close_thread()

    store.clock.advance(1)
    aside = restore_from(tmp_path, backup, store.clock)
    assert aside is not None
    assert orders(aside)[-1] == "after"
    back = reopened(tmp_path)
    assert {job.order_ref: job.state for job in back.history.jobs(tuple(JobState))} == {
        "done": JobState.SUCCEEDED, "failed": JobState.FAILED, "parked": JobState.PARKED,
        "removed": JobState.DISCARDED, "asks": JobState.IN_DOUBT, "sending": JobState.IN_DOUBT,
        "waits": JobState.IN_DOUBT,
    }  # fmt: skip
    looked = [back.claim() for _ in range(2)]
    assert [job.order_ref for job in looked] == ["sending", "waits"]
    assert {(job.state, job.reason_code) for job in looked} == {
        (JobState.IN_DOUBT, "restored_look")
    }
    assert back.outbox.claim(1, LEASE) is None, "a person still decides on the third"
    assert orders(backup)[-1] == "waits", "the backup itself is as it was"
    back.database.close_thread()


def test_restore_keeps_attempts_reasons_and_history(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    store.enter(a_new_job("A"))
    store.record(store.claim(), AN_OUTCOME[JobState.PENDING])
    before, story = store.job(), store.story()
    backup = a_backup(store)
    store.database.close_thread()
    restore_from(tmp_path, backup, store.clock)
    back = reopened(tmp_path)
    after = back.job()
    assert (after.attempts, after.due_at, after.public_id) == (
        before.attempts, before.due_at, before.public_id,
    )  # fmt: skip
    assert back.story() == story
    assert back.opened.uid == store.opened.uid
    back.database.close_thread()


def test_restore_killed_between_its_two_renames_is_finished_at_the_next_start(
    tmp_path: Path,
) -> None:
    store = a_store(tmp_path)
    store.enter(a_new_job("A"))
    store.database.close_thread()
    data_file = tmp_path / "backhaul.db"
    data_file.rename(data_file.with_suffix(".restoring"))
    assert [job.order_ref for job in reopened(tmp_path).history.jobs()] == ["A"]
    assert not data_file.with_suffix(".restoring").exists()


def test_restoring_twice_in_a_second_keeps_both_old_files(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    backup = a_backup(store)
    store.enter(a_new_job("one"))
    store.database.close_thread()
    first = restore_from(tmp_path, backup, store.clock)
    back = reopened(tmp_path)
    back.enter(a_new_job("two"))
    back.database.close_thread()
    second = restore_from(tmp_path, backup, store.clock)
    assert first is not None
    assert second is not None
    assert (orders(first), orders(second)) == (["one"], ["two"])


def test_restore_into_an_empty_folder_and_from_a_relative_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = a_store(tmp_path / "old")
    store.enter(a_new_job("A"))
    backup = a_backup(store)
    store.database.close_thread()
    (tmp_path / "new").mkdir()
    monkeypatch.chdir(backup.parent)
    assert restore_from(tmp_path / "new", Path(backup.name), store.clock) is None
    assert orders(tmp_path / "new" / FILE_NAME) == ["A"]


@pytest.mark.parametrize("kind", ["damaged", "text", "empty", "missing", "foreign", "newer"])
def test_restore_of_what_cannot_be_used_changes_nothing(tmp_path: Path, kind: str) -> None:
    store = a_store(tmp_path)
    store.enter(a_new_job("A"))
    source = a_backup(store)
    store.database.close_thread()
    match kind:
        case "damaged":
            source.write_bytes(source.read_bytes()[:5000] + b"\xff" * 9000)
        case "text":
            source.write_text("Dear diary")
        case "empty":
            source.write_bytes(b"")
        case "missing":
            source.unlink()
        case "foreign":
            source.unlink()
            with closing(sqlite3.connect(source)) as file:
                file.execute("CREATE TABLE jobs (a)")
        case "newer":
            with closing(sqlite3.connect(source)) as file:
                file.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(StorageError) as caught:
        restore_from(tmp_path, source, store.clock)
    assert caught.value.code == ("store_newer" if kind == "newer" else "store_foreign")
    assert orders(tmp_path / FILE_NAME) == ["A"]
    assert list((tmp_path / BACKUP_FOLDER).glob("*replaced*")) == []


def test_killed_between_entering_and_commit_leaves_nothing_half_written(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    store.enter(a_new_job("before"))
    store.database.close_thread()
    with child("die_before_commit", tmp_path) as process:
        assert process.hear() == "ready"
        process.tell()
        assert process.hear() == "", "the caller saw success"
        assert process.end() == -signal.SIGKILL
    back = reopened(tmp_path)
    assert orders(back.path) == ["before"]
    assert back.rows("SELECT COUNT(*) FROM history WHERE job_id IS NOT NULL") == [(1,)]
    assert back.enter(*some_new_jobs(50, stem="LOST"))[0].is_new
    back.database.close_thread()


def test_killed_after_the_claim_leaves_one_job_in_doubt(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    store.enter(*some_new_jobs(3))
    with child("claim_and_wait", tmp_path, "dead") as process:
        assert process.hear() == "1"
        process.kill()
    assert store.rows("SELECT state FROM jobs") == [("in_flight",), ("pending",), ("pending",)]
    assert Outbox(store.database, store.clock).recover(LEASE) == [1]
    assert store.claim().state is JobState.IN_DOUBT
    store.database.close_thread()


def power_cuts(tmp_path: Path, *, rounds: int, seed: int) -> None:
    """Copy all files of a store while a frozen process writes to it, and open the copy."""
    rng = random.Random(seed)
    folder = tmp_path / "live"
    with child("enter_on", folder, "HOT") as hot:
        assert hot.hear() == "ready"
        hot.tell()
        for number in range(rounds):
            last = acknowledged(hot, rng.randint(1, 300))
            os.kill(hot.process.pid, signal.SIGSTOP)
            copy = tmp_path / f"cut{number}"
            shutil.copytree(folder, copy)
            os.kill(hot.process.pid, signal.SIGCONT)
            store = reopened(copy)
            found = orders(store.path)
            assert found == [f"HOT{n}" for n in range(1, len(found) + 1)], f"seed {seed}"
            assert len(found) >= last, f"seed {seed}: {last} were told, {len(found)} are there"
            entered = store.rows("SELECT COUNT(*) FROM history WHERE what = 'entered'")
            assert entered == [(len(found),)]
            store.database.close_thread()
            shutil.rmtree(copy)
        hot.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="freezes a process by a signal")
def test_power_cut_costs_no_row_that_was_told(tmp_path: Path) -> None:
    power_cuts(tmp_path, rounds=8, seed=20261121)


@pytest.mark.battery
@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform == "win32", reason="freezes a process by a signal")
def test_many_power_cuts_cost_no_row_that_was_told(tmp_path: Path) -> None:
    power_cuts(tmp_path, rounds=150, seed=random.SystemRandom().randrange(10**6))
