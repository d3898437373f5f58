"""Who writes the data file, as the system tells it."""

import os
import sys
from pathlib import Path

import pytest

from app.models.database import Database
from app.models.holder import find_holder
from app.models.opening import FILE_NAME
from tests.builders import Store
from tests.processes import child

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who holds a file")


@on_linux
def test_another_process_that_writes_is_found_and_forgotten_when_it_is_through(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / FILE_NAME
    assert find_holder(path) is None
    with child("write_on", tmp_path) as other:
        assert other.hear() == "ready"
        assert find_holder(path) == other.process.pid
        other.end()
    assert find_holder(path) is None


@on_linux
def test_a_file_kept_to_itself_by_another_process_is_found(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    database = Database(path)
    database.write(lambda connection: connection.execute("CREATE TABLE store (visits)"))
    database.close_thread()
    with child("hold", tmp_path) as other:
        assert other.hear() == "ready"
        assert find_holder(path) == other.process.pid


def test_this_process_is_not_said_to_hold_up_itself(store: Store, tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    seen: list[int | None] = []
    store.database.write(lambda _: seen.append(find_holder(path)))
    assert seen == [None]


def test_looking_frees_no_lock_of_ours(store: Store, tmp_path: Path) -> None:
    """Closing any handle of a file frees all locks a process has on it: none is opened."""
    path = tmp_path / FILE_NAME
    opened: list[str] = []
    sys.addaudithook(lambda name, args: opened.append(str(args[0])) if name == "open" else None)
    find_holder(path)
    assert not [name for name in opened if name.startswith(str(path))]


TABLE = """\
1: POSIX  ADVISORY  READ  50 fe:00:{inode} 120 120
2: FLOCK  ADVISORY  WRITE 51 fe:00:77 0 EOF
3: POSIX  ADVISORY  WRITE 52 fe:00:{inode} 121 127
3: -> POSIX  ADVISORY  WRITE 53 fe:00:{inode} 120 120
4: POSIX  ADVISORY  WRITE {me} fe:00:{inode} 120 120
5: POSIX  ADVISORY  WRITE 0 fe:00:{inode} 120 120
6: OFDLCK ADVISORY  WRITE -1 fe:00:{inode} 120 120
not a line
"""


@pytest.mark.parametrize(
    ("line", "pid"),
    [
        ("", None),
        ("7: POSIX  ADVISORY  WRITE 60 fe:00:{inode} 120 120", 60),
        ("7: POSIX  ADVISORY  WRITE 61 00:2f:{inode} 0 EOF", 61),
        ("7: POSIX  ADVISORY  WRITE 62 fe:00:1 120 120", None),
    ],
)
def test_only_the_writers_byte_of_this_file_counts(
    tmp_path: Path, line: str, pid: int | None
) -> None:
    path = tmp_path / FILE_NAME
    shm = Path(f"{path}-shm")
    shm.touch()
    table = (TABLE + line).format(inode=shm.stat().st_ino, me=os.getpid())
    assert find_holder(path, lambda: table) == pid


def test_where_nothing_is_told_nobody_is_named(tmp_path: Path) -> None:
    assert find_holder(tmp_path / FILE_NAME, lambda: "") is None
