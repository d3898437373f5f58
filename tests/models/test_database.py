"""The settings every connection gets, and the traps of SQLite that they and the gate avoid."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import peewee
import pytest

from app.models.database import Database
from tests.builders import Store, a_new_job, some_new_jobs
from tests.processes import Caller

SETTINGS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 0}


def settings(connection: sqlite3.Connection) -> dict[str, object]:
    return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in SETTINGS}


def test_every_thread_has_a_connection_of_its_own_with_all_settings(store: Store) -> None:
    database = store.database

    def other() -> tuple[int, dict[str, object]]:
        found = id(database.connection()), settings(database.connection())
        assert found[0] == id(database.connection())
        database.close_thread()
        return found

    other_id, other_settings = Caller(other).result()  # type: ignore[misc]
    assert other_settings == settings(database.connection()) == SETTINGS
    assert other_id != id(database.connection())


def test_closed_thread_opens_anew_and_closing_twice_is_no_error(store: Store) -> None:
    store.database.close_thread()
    store.database.close_thread()
    assert settings(store.database.connection()) == SETTINGS


def test_peewee_alone_would_have_other_settings(tmp_path: Path) -> None:
    alone = peewee.SqliteDatabase(str(tmp_path / "alone.db"))
    assert settings(alone.connection()) == {
        "journal_mode": "delete", "synchronous": 2, "foreign_keys": 0, "busy_timeout": 5000,
    }  # fmt: skip
    alone.close()


def test_reading_and_then_writing_fails_at_once_unless_begun_for_writing(store: Store) -> None:
    store.enter(a_new_job())
    with closing(sqlite3.connect(store.path, timeout=10, isolation_level=None)) as deferred:
        deferred.execute("BEGIN")
        deferred.execute("SELECT COUNT(*) FROM jobs").fetchall()
        store.enter(a_new_job("between"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            deferred.execute("UPDATE jobs SET runs = 1")


def test_read_and_write_in_one_work_sees_all_that_was_before(store: Store) -> None:
    """What the trap above breaks: two threads count and enter, and none is refused."""
    counts: list[int] = []

    def count_up(connection: sqlite3.Connection) -> None:
        (found,) = connection.execute("SELECT visits FROM store").fetchone()
        connection.execute("UPDATE store SET visits = ?", (found + 1,))
        counts.append(found)

    def many() -> None:
        begin.wait()
        for _ in range(50):
            store.database.write(count_up)
        store.database.close_thread()

    begin = threading.Barrier(4, timeout=20)
    callers = [Caller(many) for _ in range(4)]
    for caller in callers:
        caller.result()
    assert sorted(counts) == list(range(200))
    assert store.database.visits() == 200


def test_full_file_stays_whole(store: Store) -> None:
    connection = store.database.connection()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full") as caught:
        connection.execute("UPDATE store SET uid = zeroblob(9000000)")
    assert caught.value.sqlite_errorcode == sqlite3.SQLITE_FULL
    assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]


def test_checkpoint_folds_the_log_into_the_file(store: Store) -> None:
    store.enter(*some_new_jobs(200))
    log = Path(f"{store.path}-wal")
    assert log.stat().st_size > 0
    store.database.checkpoint()
    assert log.stat().st_size == 0


def test_checkpoint_gives_way_to_a_reader_without_waiting(store: Store) -> None:
    store.enter(*some_new_jobs(3))
    with closing(sqlite3.connect(store.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM jobs").fetchall()
        store.enter(a_new_job())
        store.database.checkpoint()
        assert Path(f"{store.path}-wal").stat().st_size > 0


def test_reads_leave_nothing_open_that_a_writer_would_wait_for(store: Store) -> None:
    store.enter(*some_new_jobs(50))
    store.history.jobs()
    store.history.search("A1")
    store.database.checkpoint()
    assert Path(f"{store.path}-wal").stat().st_size == 0


def test_network_share_gets_no_write_ahead_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Patched because no test may mount a share.
    monkeypatch.setattr("app.models.database._mount_table", lambda: f"nas: {tmp_path} nfs rw 0 0")
    database = Database(tmp_path / "x.db")
    assert database.read("PRAGMA journal_mode") == [("delete",)]
    database.close_thread()
