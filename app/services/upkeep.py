"""Upkeep of a data folder: backup and restore."""

import contextlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.core.clock import Clock
from app.core.errors import StorageError, UsageError
from app.models.opening import (
    BACKUP_FOLDER,
    FILE_NAME,
    REPLACED,
    backup_path,
    backup_to,
    open_store,
    part_of,
    restore_from,
)
from app.services.ownership import Ownership


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a data folder holds: bytes; the number of kept backups, and when the newest of them
    was made (ms since 1970; None: there is none)."""

    data: int
    backups: int
    others: int
    backup_count: int
    last_backup_at: int | None


def sizes(folder: Path) -> Sizes:
    """How large a data folder is. Raises: UsageError file_problem."""
    data = backups = others = 0
    made: list[float] = []
    try:
        for path in folder.rglob("*"):
            with contextlib.suppress(FileNotFoundError):  # a log or a part may go meanwhile
                found = path.stat()
                if not path.is_file():
                    continue
                if path.parent == folder / BACKUP_FOLDER:
                    backups += found.st_size
                    if path.suffix == ".db" and f"-{REPLACED}-" not in path.name:
                        made.append(found.st_mtime)
                elif path.parent == folder and path.name.startswith(FILE_NAME):
                    data += found.st_size
                else:
                    others += found.st_size
    except OSError as error:
        raise _problem(folder, error.strerror or str(error)) from error
    last = round(max(made) * 1000) if made else None
    return Sizes(data, backups, others, len(made), last)


def suggested_name(folder: Path, clock: Clock) -> str:
    """A name for a backup that is made now."""
    return backup_path(folder, "manual", clock).name


def progress_of(folder: Path, target: Path) -> float:
    """How far the backup to that file is, from 0 to 1; 0 before its first page is written."""
    try:
        whole, part = (folder / FILE_NAME).stat().st_size, part_of(target).stat().st_size
    except OSError:
        return 0.0
    return min(1.0, part / whole) if whole else 0.0


def back_up(folder: Path, clock: Clock, target: Path | None = None) -> Path:
    """A whole copy of the data file, also beside a running engine; returns where it is.

    Without a target, or into a folder, it gets a name with the time in it.
    Raises: UsageError file_problem when there is a file already; StorageError.
    """
    named = backup_path(folder, "manual", clock)
    path = named if target is None else target / named.name if target.is_dir() else target
    if path.exists():
        raise _problem(path, "there is a file with that name already")
    opened = open_store(folder, clock)
    try:
        backup_to(opened.database, path)
    finally:
        opened.database.close_thread()
    return path


def restore(folder: Path, source: Path, clock: Clock) -> Path | None:
    """Put a backup in the place of the data file; returns where the old file went.

    No engine may run on the folder. Rows that were open in the backup are looked up at the remote
    before anything is sent.
    Raises: UsageError engine_elsewhere, file_problem, retired (another computer sends these rows
    now); StorageError when the backup is damaged, foreign or newer. Then nothing was changed.
    """
    check_backup(folder, source, clock)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError("store_folder", path=str(folder), reason=reason) from error
    ownership = Ownership(folder, clock)
    ownership.take()
    try:
        _require_in_use(folder, clock)
        return restore_from(folder, source, clock)
    finally:
        ownership.release()


def check_backup(folder: Path, source: Path, clock: Clock) -> None:
    """Whether `restore` would take that file, also beside a running engine; changes nothing.

    Raises: UsageError file_problem, retired; StorageError store_newer.
    """
    if not source.is_file():
        raise _problem(source, "there is no such file")
    if source.resolve() == (folder / FILE_NAME).resolve():
        raise _problem(source, "it is the data file itself, no backup")
    _check(source, clock)
    _require_in_use(folder, clock)


def _require_in_use(folder: Path, clock: Clock) -> None:
    """Raises: UsageError retired. What cannot be opened was not retired as far as we know."""
    if not (folder / FILE_NAME).is_file():
        return
    with contextlib.suppress(StorageError):
        database = open_store(folder, clock).database
        try:
            if database.read("SELECT retired_at FROM store")[0][0] is not None:
                raise UsageError("retired")
        finally:
            database.close_thread()


def _check(source: Path, clock: Clock) -> None:
    """Open a copy as a data file, so that nothing unusable takes the place of the real one."""
    with tempfile.TemporaryDirectory(prefix="backhaul-") as name:
        folder = Path(name)
        for suffix in ("", "-wal"):
            part = Path(f"{source}{suffix}")
            if part.is_file():
                shutil.copyfile(part, folder / f"{FILE_NAME}{suffix}")
        try:
            opened = open_store(folder, clock, check=True)
        except StorageError as error:
            if error.code == "store_newer":
                raise
            reason = "it is damaged, or no Backhaul data file"
            raise _problem(source, reason) from error
        with contextlib.suppress(StorageError):
            opened.database.close_thread()


def _problem(path: Path, reason: str) -> UsageError:
    return UsageError("file_problem", path=str(path), reason=reason)
