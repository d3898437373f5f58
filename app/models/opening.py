"""Opening a data file safely: is it ours, is it whole, is it of this version; backups first."""

import contextlib
import os
import sqlite3
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.core.clock import Clock
from app.core.errors import StorageError
from app.models.database import Database
from app.models.gate import is_damage, patiently, storage_error
from app.models.migrations import APPLICATION_ID, STEPS

FILE_NAME = "backhaul.db"
BACKUP_FOLDER = "backups"
KEEP_BACKUPS = 14
REPLACED = "replaced"  # label of what a restored backup took the place of
_MAGIC = b"SQLite format 3\x00"
_HEADER_SIZE = 100
_RESTORING = ".restoring"  # a whole copy, about to take the place of the data file

Step = Callable[[sqlite3.Connection], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """An open store: its unique name, and what was done on the way."""

    database: Database
    uid: str
    migrated_from: int | None = None


def open_store(
    folder: Path,
    clock: Clock,
    *,
    check: bool = False,
    is_visitor: bool = False,
    steps: Sequence[Step] = STEPS,
) -> Opened:
    """Open the data file of a folder, making or migrating it as needed.

    `check` reads the whole file for damage (the engine does, a quick command does not).
    Raises: StorageError store_folder, store_readonly, store_foreign, store_newer,
    store_damaged (the file was set aside, never deleted), store_busy, store_full.
    """
    path = folder / FILE_NAME
    _make_folder(folder)
    _finish_restore(path)
    _refuse_foreign(path)
    database = Database(path, is_visitor=is_visitor)
    try:
        found = _version(database)
        if found > len(steps):
            backup = newest_backup(folder, f"v{len(steps)}") or "not there"
            raise StorageError("store_newer", found=found, known=len(steps), backup=str(backup))
        if check and found:
            _quick_check(database)
        if found < len(steps):
            if found:
                backup_to(database, backup_path(folder, f"v{found}", clock))
            for number in range(found, len(steps)):
                _run_step(database, steps[number], number + 1, clock)
        uid = str(database.read("SELECT uid FROM store")[0][0])
    except sqlite3.Error as error:
        database.close_thread()
        if is_damage(error):
            raise _set_aside(folder, path) from error
        raise storage_error(error, str(path)) from error
    except BaseException:
        database.close_thread()
        raise
    return Opened(database, uid, found if 0 < found < len(steps) else None)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError("store_folder", path=str(folder), reason=reason) from error


def _finish_restore(path: Path) -> None:
    """A restore was killed after it had moved the old file away: its whole copy takes the place."""
    fresh = path.with_suffix(_RESTORING)
    with contextlib.suppress(OSError):  # a folder that cannot be used is said further on
        if fresh.exists() and not path.exists():
            fresh.rename(path)


def _refuse_foreign(path: Path) -> None:
    """Raises: StorageError when a file that cannot be ours lies at our path."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER_SIZE)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError("store_readonly", path=str(path)) from error
    if not head:
        return
    is_database = head.startswith(_MAGIC) and len(head) == _HEADER_SIZE
    if is_database and (_is_marked(head) or _is_blank(head)):
        return
    if not is_database and newest_backup(path.parent):
        raise _set_aside(path.parent, path)
    raise StorageError("store_foreign", path=str(path))


def _is_marked(head: bytes) -> bool:
    return int.from_bytes(head[68:72], "big") == APPLICATION_ID


def _is_blank(head: bytes) -> bool:
    """A new file whose first step is still in the write-ahead log: no tables, no numbers."""
    schema_cookie, user_version, application_id = head[40:44], head[60:64], head[68:72]
    return not any(schema_cookie + user_version + application_id)


def _version(database: Database) -> int:
    connection = database.connection()
    version = int(connection.execute("PRAGMA user_version").fetchall()[0][0])
    if version == 0 and connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall():
        raise StorageError("store_foreign", path=str(database.path))
    return version


def _quick_check(database: Database) -> None:
    """Raises: sqlite3.DatabaseError when SQLite finds the file damaged."""
    rows = patiently(lambda: database.connection().execute("PRAGMA quick_check(1)").fetchall())
    if rows != [("ok",)]:
        damage = sqlite3.DatabaseError(str(rows[0][0]))
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage


def _run_step(database: Database, step: Step, number: int, clock: Clock) -> None:
    """One numbered step together with its number; another process may have been quicker."""
    connection = database.connection()
    patiently(lambda: connection.execute("BEGIN IMMEDIATE"))
    try:
        if connection.execute("PRAGMA user_version").fetchall()[0][0] < number:
            step(connection)
            if number == 1:
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(
                    "INSERT INTO store (one, uid, visits, created_at) VALUES (1, ?, 0, ?)",
                    (str(uuid.uuid4()), clock.now_ms()),
                )
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def backup_path(folder: Path, label: str, clock: Clock) -> Path:
    """Where a backup made now goes; the label says why it was made."""
    stamp = datetime.fromtimestamp(clock.now_ms() / 1000, UTC).strftime("%Y%m%dT%H%M%S")
    return folder / BACKUP_FOLDER / f"backhaul-{label}-{stamp}.db"


def newest_backup(folder: Path, label: str = "*") -> Path | None:
    """The newest whole backup of a data folder, of those made with that label."""
    found = sorted(
        (folder / BACKUP_FOLDER).glob(f"backhaul-{label}-*.db"),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    return next((path for path in found if _is_whole(path)), None)


def _is_whole(path: Path) -> bool:
    try:
        with _read_only(path) as connection:
            rows = connection.execute("PRAGMA application_id").fetchall()
            rows += connection.execute("PRAGMA quick_check(1)").fetchall()
            return rows == [(APPLICATION_ID,), ("ok",)]
    except sqlite3.Error:
        return False


def _read_only(path: Path) -> contextlib.closing[sqlite3.Connection]:
    uri = f"{path.absolute().as_uri()}?mode=ro"
    return contextlib.closing(sqlite3.connect(uri, uri=True))


def backup_to(database: Database, target: Path) -> None:
    """A whole copy by SQLite's backup interface, under its name only when it is complete.

    Raises: StorageError.
    """
    part = part_of(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(part)) as copy:
            database.connection().backup(copy)
            copy.execute("PRAGMA journal_mode = delete")
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except sqlite3.Error as error:
        _drop(part)
        raise storage_error(error, str(target)) from error
    except OSError as error:
        _drop(part)
        reason = error.strerror or str(error)
        raise StorageError("store_folder", path=str(target.parent), reason=reason) from error


def part_of(target: Path) -> Path:
    """Where a backup grows until it is complete."""
    return target.with_suffix(".part")


def _drop(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def prune_backups(folder: Path, keep: int = KEEP_BACKUPS) -> None:
    """Keep the newest daily backups; those made before a migration stay."""
    daily = sorted((folder / BACKUP_FOLDER).glob("backhaul-daily-*.db"))
    for path in daily[:-keep]:
        path.unlink(missing_ok=True)


def _set_aside(folder: Path, path: Path) -> StorageError:
    """Rename a damaged file and its log; the error says where it is and what to restore."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    aside = _move_away(path, folder / f"backhaul-damaged-{stamp}.db")
    backup = newest_backup(folder)
    return StorageError("store_damaged", aside=aside.name, backup=str(backup) if backup else "FILE")


def _move_away(path: Path, wanted: Path) -> Path:
    """Rename a data file and its log, never over another one; returns the new name."""
    target, number = wanted, 1
    while target.exists() or Path(f"{target}-wal").exists():
        number += 1
        target = wanted.with_stem(f"{wanted.stem}-{number}")
    for suffix in ("", "-wal", "-shm"):
        part = Path(f"{path}{suffix}")
        if part.exists():
            part.rename(f"{target}{suffix}")
    return target


def restore_from(folder: Path, source: Path, clock: Clock) -> Path | None:
    """Put a backup in the place of the data file; returns where the old file went.

    The engine must not be running. What was open in the backup is looked up at the remote
    before anything is sent, since it may have gone out after the backup was made.
    Raises: StorageError when the backup is damaged, foreign or newer, or cannot be copied;
    the data file is then as it was.
    """
    if not _is_whole(source):
        raise StorageError("store_foreign", path=str(source))
    path = folder / FILE_NAME
    fresh, part = path.with_suffix(_RESTORING), path.with_suffix(".part")
    try:
        part.unlink(missing_ok=True)
        _copy_for_restore(folder, source, part)
        part.replace(fresh)
    except sqlite3.Error as error:
        raise storage_error(error, str(part)) from error
    aside = None
    if path.exists():
        aside = backup_path(folder, REPLACED, clock)
        aside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = _move_away(path, aside)
    fresh.rename(path)
    open_store(folder, clock, check=True).database.close_thread()
    return aside


def _copy_for_restore(folder: Path, source: Path, target: Path) -> None:
    with _read_only(source) as old, contextlib.closing(sqlite3.connect(target)) as new:
        found = int(old.execute("PRAGMA user_version").fetchall()[0][0])
        if found > len(STEPS):
            backup = str(newest_backup(folder, f"v{len(STEPS)}") or "not there")
            raise StorageError("store_newer", found=found, known=len(STEPS), backup=backup)
        old.backup(new)
        with new:
            new.execute(_DOUBT_OPEN_ROWS)
            new.execute("UPDATE store SET retired_at = NULL")  # restored is in use


_DOUBT_OPEN_ROWS = (
    "UPDATE jobs SET state = 'in_doubt', lease = NULL, reason_code = 'restored_look', "
    "reason_params = '' WHERE state IN ('pending', 'in_flight')"
)
