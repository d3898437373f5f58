"""Steps from version to version: whole or not at all, and always after a backup."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import peewee as pw
import pytest

from app.core.errors import StorageError
from app.models import tables
from app.models.migrations import SCHEMA_VERSION, STEPS
from app.models.opening import BACKUP_FOLDER, FILE_NAME, Step, open_store
from tests.builders import a_new_job, a_store, some_new_jobs
from tests.fakes.clock import FakeClock
from tests.processes import child


def add_column(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE jobs ADD COLUMN colour TEXT")


def rename_orders(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE jobs SET order_ref = order_ref || '-new'")


def break_half_way(connection: sqlite3.Connection) -> None:
    add_column(connection)
    rename_orders(connection)
    connection.execute("UPDATE jobs SET public_id = 1")  # fails at the second row


def break_in_python(connection: sqlite3.Connection) -> None:
    rename_orders(connection)
    raise LookupError("a row nobody thought of")


def opened_with(folder: Path, *more: Step) -> int | None:
    """Open with further steps; from which version it was brought."""
    opened = open_store(folder, FakeClock(), check=True, steps=[*STEPS, *more])
    opened.database.close_thread()
    return opened.migrated_from


def schema(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as file:
        return file.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()


def facts(path: Path) -> tuple[int, list[str]]:
    """Version and orders, read by nobody's program."""
    with closing(sqlite3.connect(path)) as file:
        (version,) = file.execute("PRAGMA user_version").fetchone()
        rows = file.execute("SELECT order_ref FROM jobs ORDER BY id").fetchall()
    return version, [row[0] for row in rows]


def backups(folder: Path) -> list[Path]:
    return sorted((folder / BACKUP_FOLDER).glob("*")) if (folder / BACKUP_FOLDER).exists() else []


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with a file of the newest shipped version, and two jobs in it."""
    store = a_store(tmp_path)
    store.enter(*some_new_jobs(2))
    store.database.close_thread()
    return tmp_path


def test_step_is_run_once_and_the_number_goes_with_it(old: Path) -> None:
    assert opened_with(old, rename_orders) == SCHEMA_VERSION
    assert opened_with(old, rename_orders) is None
    assert facts(old / FILE_NAME) == (SCHEMA_VERSION + 1, ["A1-new", "A2-new"])


def test_backup_of_the_old_version_is_kept_first(old: Path) -> None:
    opened_with(old, rename_orders, add_column)
    (backup,) = backups(old)
    assert backup.name.startswith(f"backhaul-v{SCHEMA_VERSION}-")
    assert facts(backup) == (SCHEMA_VERSION, ["A1", "A2"])


def test_new_file_needs_no_backup(tmp_path: Path) -> None:
    assert opened_with(tmp_path, add_column) is None
    assert backups(tmp_path) == []


@pytest.mark.parametrize(
    ("step", "error"), [(break_half_way, StorageError), (break_in_python, LookupError)]
)
def test_step_that_fails_is_rolled_back_and_the_old_version_opens(
    old: Path, step: Step, error: type[Exception]
) -> None:
    before = schema(old / FILE_NAME)
    with pytest.raises(error):
        opened_with(old, step)
    assert schema(old / FILE_NAME) == before
    assert facts(old / FILE_NAME) == (SCHEMA_VERSION, ["A1", "A2"])
    assert [facts(path)[0] for path in backups(old)] == [SCHEMA_VERSION]
    assert opened_with(old) is None


def test_steps_before_the_one_that_fails_stand(old: Path) -> None:
    with pytest.raises(LookupError):
        opened_with(old, rename_orders, break_in_python)
    assert facts(old / FILE_NAME) == (SCHEMA_VERSION + 1, ["A1-new", "A2-new"])
    assert opened_with(old, rename_orders, add_column) == SCHEMA_VERSION + 1
    assert facts(old / FILE_NAME)[0] == SCHEMA_VERSION + 2


@pytest.mark.parametrize("place", ["inside", "before commit"])
def test_kill_during_a_step_leaves_the_old_version_whole(old: Path, place: str) -> None:
    before = schema(old / FILE_NAME)
    with child("die_in_migration", old, place) as process:
        assert process.hear() == ""
        assert process.end() == 9
    assert opened_with(old) is None
    assert schema(old / FILE_NAME) == before
    assert facts(old / FILE_NAME) == (SCHEMA_VERSION, ["A1", "A2"])
    assert [facts(path) for path in backups(old)] == [(SCHEMA_VERSION, ["A1", "A2"])]
    assert opened_with(old, rename_orders) == SCHEMA_VERSION


def test_kill_right_after_a_step_leaves_the_new_version_whole(old: Path) -> None:
    with child("die_in_migration", old, "after commit") as process:
        assert process.hear() == ""
        assert process.end() == 9
    assert facts(old / FILE_NAME) == (SCHEMA_VERSION + 1, ["half", "half"])
    assert opened_with(old, rename_orders) is None


def test_older_program_refuses_the_newer_file_and_names_the_backup(old: Path) -> None:
    opened_with(old, rename_orders)
    with pytest.raises(StorageError) as caught:
        opened_with(old)
    assert caught.value.code == "store_newer"
    assert caught.value.params["backup"] == str(backups(old)[0])
    assert facts(old / FILE_NAME)[0] == SCHEMA_VERSION + 1


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_migrated_file_has_the_schema_of_a_fresh_one(tmp_path: Path, version: int) -> None:
    clock = FakeClock()
    for folder, steps in ((tmp_path / "fresh", STEPS), (tmp_path / "old", STEPS[:version])):
        open_store(folder, clock, steps=steps).database.close_thread()
    open_store(tmp_path / "old", clock).database.close_thread()
    assert schema(tmp_path / "old" / FILE_NAME) == schema(tmp_path / "fresh" / FILE_NAME)


MODELS: Sequence[type[pw.Model]] = (tables.Connection, tables.Job, tables.HistoryLine)
TYPES = {"INT": "INTEGER", "AUTO": "INTEGER", "TEXT": "TEXT"}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_table_classes_name_the_columns_of_the_file(tmp_path: Path, model: type[pw.Model]) -> None:
    opened_with(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as file:
        rows = file.execute(f"PRAGMA table_info({model._meta.table_name})").fetchall()
    in_file = [(name, kind, not not_null) for _, name, kind, not_null, *_ in rows]
    fields = model._meta.sorted_fields
    in_class = [(f.column_name, TYPES[f.field_type], f.null) for f in fields]
    assert in_class == in_file
    assert [name for _, name, *_, key in rows if key] == [model._meta.primary_key.column_name]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE jobs SET state = 'lost'",
        "UPDATE jobs SET public_id = (SELECT MAX(public_id) FROM jobs)",
        "UPDATE jobs SET idempotency_key = 'same'",
        "UPDATE jobs SET connection_id = 99",
        "UPDATE jobs SET order_ref = NULL",
        "INSERT INTO store VALUES (2, 'x', 0, 0, NULL, NULL)",
        "UPDATE connections SET name = 'same'",
    ],
)
def test_file_itself_refuses_what_must_not_be(tmp_path: Path, sql: str) -> None:
    store = a_store(tmp_path, connections=2)
    store.enter(a_new_job("A"), a_new_job("B"))
    with pytest.raises(sqlite3.IntegrityError):
        store.database.write(lambda connection: connection.execute(sql))
    store.database.close_thread()
