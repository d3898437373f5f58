"""What may lie in the data folder when the program starts, and what becomes of it."""

import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from app.core.errors import StorageError
from app.core.words import Catalogue
from app.models.database import is_on_network
from app.models.history import History
from app.models.migrations import APPLICATION_ID, SCHEMA_VERSION
from app.models.opening import (
    BACKUP_FOLDER,
    FILE_NAME,
    Opened,
    backup_path,
    backup_to,
    open_store,
)
from tests.builders import Store, a_new_job, a_store, some_new_jobs
from tests.fakes.clock import FakeClock
from tests.processes import child


def opens(folder: Path, *, check: bool = True) -> Opened:
    return open_store(folder, FakeClock(), check=check)


def refusal(folder: Path, *, check: bool = True) -> StorageError:
    with pytest.raises(StorageError) as caught:
        opens(folder, check=check)
    return caught.value


def orders(folder: Path) -> list[str]:
    """The orders in a data file, by the program's own way in."""
    opened = opens(folder)
    found = opened.database.read("SELECT order_ref FROM jobs ORDER BY id")
    opened.database.close_thread()
    return [row[0] for row in found]


def closed_store(folder: Path, count: int = 3) -> Path:
    """A data file with so many jobs, folded up and closed."""
    store = a_store(folder)
    store.enter(*some_new_jobs(count))
    store.database.checkpoint()
    store.database.close_thread()
    return folder / FILE_NAME


def set_aside(folder: Path) -> list[Path]:
    return sorted(folder.glob("backhaul-damaged-*.db"))


@pytest.mark.parametrize("parts", [("new",), ("new", "deep", "er"), ("Ünïcode böx 📦 '%#?",)])
def test_empty_place_becomes_a_new_store(tmp_path: Path, parts: tuple[str, ...]) -> None:
    folder = tmp_path.joinpath(*parts)
    opened = opens(folder)
    assert opened.migrated_from is None
    opened.database.close_thread()
    assert orders(folder) == []
    with closing(sqlite3.connect(folder / FILE_NAME)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert file.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


def test_path_of_two_hundred_characters_works(tmp_path: Path) -> None:
    folder = tmp_path / "Wärenausgang Büro 2" / ("x" * 200)
    assert orders(folder) == []
    assert a_backup(folder, "daily", 1.7e9).exists()


def test_new_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    opens(tmp_path / "data").database.close_thread()
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_store_keeps_its_name_for_life_and_no_two_share_one(tmp_path: Path) -> None:
    uids = []
    for name in ("a", "a", "b"):
        opened = opens(tmp_path / name)
        uids.append(opened.uid)
        opened.database.close_thread()
    assert uids[0] == uids[1] != uids[2]


def test_empty_file_becomes_a_new_store(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    assert orders(tmp_path) == []


def test_store_killed_at_its_very_first_moment_opens(tmp_path: Path) -> None:
    with child("enter_on", tmp_path, "A") as process:
        assert process.hear() == "ready"
        process.kill()
    assert orders(tmp_path) == []


def test_processes_that_open_a_new_folder_together_agree(tmp_path: Path) -> None:
    for number in range(5):
        folder = tmp_path / str(number)
        with child("migrate", folder) as a, child("migrate", folder) as b:
            for process in (a, b):
                assert process.hear() == "ready"
            for process in (a, b):
                process.tell()
            assert a.hear() == b.hear() != ""
            assert (a.end(), b.end()) == (0, 0)


def foreign_database(path: Path, *, application_id: int = 0, version: int = 0) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.executescript(
            f"CREATE TABLE theirs (a); INSERT INTO theirs VALUES ('keep'); PRAGMA "
            f"application_id = {application_id}; PRAGMA user_version = {version};"
        )


@pytest.mark.parametrize("application_id", [0, 7])
@pytest.mark.parametrize("version", [0, 1, SCHEMA_VERSION, SCHEMA_VERSION + 5])
def test_other_programs_database_is_refused_and_not_touched(
    tmp_path: Path, application_id: int, version: int
) -> None:
    path = tmp_path / FILE_NAME
    foreign_database(path, application_id=application_id, version=version)
    before = path.read_bytes()
    error = refusal(tmp_path)
    assert (error.code, error.params) == ("store_foreign", {"path": str(path)})
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize(
    "content", [b"Dear diary,\n", b"\x00" * 5000, b"SQLite format 3\x00" + b"\x00" * 30, b"S"]
)
def test_file_that_is_no_database_is_refused_and_not_touched(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    assert refusal(tmp_path).code == "store_foreign"
    assert path.read_bytes() == content


def test_folder_in_the_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    assert refusal(tmp_path).code == "store_readonly"


def test_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    error = refusal(tmp_path / "data")
    assert error.code == "store_folder"
    assert error.params["path"] == str(tmp_path / "data")
    assert error.params["reason"]


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 2}")


def test_newer_store_is_refused_untouched_and_names_the_backup_before_it(tmp_path: Path) -> None:
    path = closed_store(tmp_path)
    opened = opens(tmp_path)
    target = backup_path(tmp_path, f"v{SCHEMA_VERSION}", FakeClock())
    backup_to(opened.database, target)
    opened.database.close_thread()
    make_newer(path)
    before = path.read_bytes()
    error = refusal(tmp_path)
    assert (error.code, error.params) == (
        "store_newer",
        {"found": SCHEMA_VERSION + 2, "known": SCHEMA_VERSION, "backup": str(target)},
    )
    assert path.read_bytes() == before
    target.unlink()
    assert refusal(tmp_path).params["backup"] == "not there"


def damage(path: Path, offset: int, count: int = 64) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xff" * count)


def a_damaged_page(path: Path) -> int:
    """Where a page begins that holds jobs and is not the first one."""
    with closing(sqlite3.connect(path)) as file:
        (root,) = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'jobs'").fetchone()
        (size,) = file.execute("PRAGMA page_size").fetchone()
    return int((root - 1) * size)


def a_backup(folder: Path, label: str, at_s: float) -> Path:
    """A backup that looks as if it was made then."""
    opened = opens(folder)
    clock = FakeClock(now_ms=int(at_s * 1000))
    target = backup_path(folder, label, clock)
    backup_to(opened.database, target)
    opened.database.close_thread()
    os.utime(target, (at_s, at_s))
    return target


@pytest.mark.parametrize("place", ["magic", "page size", "middle"])
def test_damaged_file_is_set_aside_and_the_newest_good_backup_named(
    tmp_path: Path, place: str
) -> None:
    path = closed_store(tmp_path)
    a_backup(tmp_path, "daily", 1.7e9)
    good = a_backup(tmp_path, "manual", 1.75e9)
    bad = a_backup(tmp_path, "daily", 1.78e9)
    damage(bad, 0)
    empty = tmp_path / BACKUP_FOLDER / "backhaul-daily-20990101T000000.db"
    empty.touch()
    damage(path, {"magic": 0, "page size": 16}.get(place, a_damaged_page(path)), 16)
    content = path.read_bytes()
    error = refusal(tmp_path)
    (aside,) = set_aside(tmp_path)
    assert error.code == "store_damaged"
    assert error.params == {"aside": aside.name, "backup": str(good)}
    assert aside.read_bytes() == content
    assert bad.exists()
    assert orders(tmp_path) == []


def test_damage_without_a_backup_is_set_aside_too(tmp_path: Path) -> None:
    path = closed_store(tmp_path)
    damage(path, a_damaged_page(path))
    error = refusal(tmp_path)
    assert (error.code, error.params["backup"]) == ("store_damaged", "FILE")
    assert len(set_aside(tmp_path)) == 1


def test_second_damaged_file_of_a_second_does_not_replace_the_first(tmp_path: Path) -> None:
    contents = []
    for count in (3, 4, 5):
        path = closed_store(tmp_path, count)
        damage(path, a_damaged_page(path))
        contents.append(path.read_bytes())
        assert refusal(tmp_path).code == "store_damaged"
    assert sorted(file.read_bytes() for file in set_aside(tmp_path)) == sorted(contents)


def test_log_of_a_damaged_file_goes_with_it(tmp_path: Path) -> None:
    with child("enter_on", tmp_path, "A") as process:
        process.hear()
        process.tell()
        process.hear()
        process.kill()
    wal = Path(f"{tmp_path / FILE_NAME}-wal").read_bytes()
    a_copy = tmp_path / BACKUP_FOLDER / "backhaul-daily-20260101T000000.db"
    a_copy.parent.mkdir()
    closed_store(tmp_path / "other").rename(a_copy)
    damage(tmp_path / FILE_NAME, 0)
    assert refusal(tmp_path).code == "store_damaged"
    (aside,) = set_aside(tmp_path)
    assert Path(f"{aside}-wal").read_bytes() == wal
    assert sorted(file.name for file in tmp_path.iterdir() if "backhaul.db" in file.name) == []


def test_log_cut_in_the_middle_of_a_write_costs_only_what_was_not_committed(
    tmp_path: Path,
) -> None:
    with child("enter_on", tmp_path, "A") as process:
        process.hear()
        process.tell()
        for _ in range(20):
            last = int(process.hear())
        process.kill()
    wal = Path(f"{tmp_path / FILE_NAME}-wal")
    with wal.open("ab") as file:
        file.write(os.urandom(3000))
    assert len(orders(tmp_path)) >= last


def test_quick_command_reads_no_more_than_it_needs_and_still_names_damage(tmp_path: Path) -> None:
    path = closed_store(tmp_path)
    damage(path, a_damaged_page(path))
    opened = opens(tmp_path, check=False)
    with pytest.raises(StorageError):
        opened.database.read("SELECT * FROM jobs")
    opened.database.close_thread()
    assert path.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="needs the rights of another user")
@pytest.mark.parametrize("what", ["folder", "file", "empty folder", "hidden"])
def test_place_that_cannot_be_written_is_said(what: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        top, folder = Path(name), Path(name) / "data"
        top.chmod(0o755)
        folder.mkdir()
        if what != "empty folder":
            closed_store(folder).chmod(0o666 if what == "folder" else 0o444)
        folder.chmod({"file": 0o777, "hidden": 0o700}.get(what, 0o555))
        if what == "hidden" and os.getuid():
            folder.chmod(0)
        with child("write_as_nobody", folder) as process:
            said = process.hear()
        folder.chmod(0o755)
    assert '"store_readonly"' in said or '"store_folder"' in said
    assert str(folder) in said


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
nas:/export /mnt/nas nfs4 rw 0 0
//pos/share /mnt/my\\040share cifs rw 0 0
/dev/sdb1 /mnt/nas/local ext4 rw 0 0
ann@h: /home/ann/remote fuse.sshfs rw 0 0
short
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's mount table")
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/ann/data/backhaul.db", False),
        ("/mnt/nas/backhaul.db", True),
        ("/mnt/nas2/backhaul.db", False),
        ("/mnt/my share/x/backhaul.db", True),
        ("/mnt/nas/local/backhaul.db", False),
        ("/home/ann/remote/deep/backhaul.db", True),
        ("//server/share/backhaul.db", True),
        (r"\\server\share\backhaul.db", True),
    ],
)
def test_network_share_is_recognised(path: str, expected: bool) -> None:
    assert is_on_network(Path(path), lambda: MOUNTS) is expected


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's mount table")
def test_network_share_is_recognised_behind_a_link_and_a_relative_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (tmp_path / "link").symlink_to(share)
    table = f"/dev/sda1 / ext4 rw 0 0\nnas: {str(share).replace(' ', chr(92) + '040')} nfs rw 0 0\n"
    assert is_on_network(tmp_path / "link" / FILE_NAME, lambda: table)
    assert not is_on_network(tmp_path / FILE_NAME, lambda: table)
    monkeypatch.chdir(share)
    assert is_on_network(Path(FILE_NAME), lambda: table)


def test_visitor_counts_its_writes_and_the_engine_does_not(tmp_path: Path) -> None:
    engine = a_store(tmp_path)
    before = engine.database.visits()
    engine.enter(a_new_job("A"))
    assert engine.database.visits() == before
    clock = FakeClock()
    visitor = Store(tmp_path, clock, open_store(tmp_path, clock, is_visitor=True))
    visitor.enter(a_new_job("B"))
    visitor.history.jobs()
    assert engine.database.visits() == before + 1
    for store in (engine, visitor):
        store.database.close_thread()


def test_a_table_that_is_gone_is_told_without_the_words_of_the_store(tmp_path: Path) -> None:
    with closing(sqlite3.connect(closed_store(tmp_path))) as connection:
        connection.execute("DROP TABLE history")
        connection.commit()
    opened = opens(tmp_path)
    with pytest.raises(StorageError) as caught:
        History(opened.database).of_job(1)
    opened.database.close_thread()
    assert (caught.value.code, caught.value.params) == (
        "store_broken",
        {"path": str(tmp_path / FILE_NAME)},
    )
    said = Catalogue().say(caught.value.code, caught.value.params)
    assert "no such" not in said.summary + said.hint
