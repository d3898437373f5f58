"""The data file, opened through peewee: one connection per thread, reads outside transactions."""

import sqlite3
import sys
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import peewee

from app.models.gate import Work, WriteGate, patiently, storage_error

T = TypeVar("T")
Row = tuple[Any, ...]

_NETWORK_TYPES = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afpfs", "webdav"}


_AT_ONCE = 5_000
_STEPS = 50_000
"""Instructions of SQLite between two questions whether to stop: a few milliseconds."""


class Stopped(Exception):
    """Whoever asked does not want it any more."""


class Database:
    """All access to one data file. Reads see the last commit; writes go through the gate.

    A visitor (a command beside the engine) counts its writes in the file, so that the engine
    sees them. `PRAGMA data_version` cannot tell them from the engine's own other threads.
    """

    def __init__(self, path: Path, *, is_visitor: bool = False) -> None:
        self.path = path
        self.peewee = peewee.SqliteDatabase(
            str(path),
            timeout=0,  # waiting is ours (gate.patiently): SQLite's own starves, or is not used
            lock_type="IMMEDIATE",
            pragmas={
                "page_size": 2048,  # a commit touches many pages: half the bytes of 4096
                "journal_mode": "delete" if is_on_network(path) else "wal",
                "synchronous": "full",
                "foreign_keys": 1,
                "wal_autocheckpoint": 1000,
                "journal_size_limit": 8_000_000,
                "trusted_schema": 0,
            },
        )
        first = "UPDATE store SET visits = visits + 1" if is_visitor else ""
        self._open: Callable[[], sqlite3.Connection] = self.peewee.connection
        self._gate = WriteGate(self.connection, str(path), first)

    def connection(self) -> sqlite3.Connection:
        """The calling thread's own connection, opened when it first asks.

        Raises: sqlite3.Error.
        """
        try:
            return self._open()
        except peewee.PeeweeException:  # two that make a new file meet here
            return patiently(self._opened)

    def _opened(self) -> sqlite3.Connection:
        try:
            return self._open()
        except peewee.PeeweeException as error:
            raise _original(error) from error

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """All rows of a SELECT, read to the end.

        Raises: StorageError.
        """
        try:
            connection = self.connection()
            return patiently(lambda: connection.execute(sql, parameters).fetchall())
        except sqlite3.Error as error:
            raise storage_error(error, str(self.path)) from error

    def numbers(
        self, sql: str, parameters: Sequence[Any] = (), stop: Callable[[], bool] | None = None
    ) -> "array[int]":
        """The first column of a SELECT of any length, eight bytes a row.

        Raises: Stopped soon after `stop` says True; StorageError.
        """
        connection = self.connection()

        def collect() -> "array[int]":
            found = array("q")
            cursor = connection.execute(sql, parameters)
            while rows := cursor.fetchmany(_AT_ONCE):
                found.extend([row[0] for row in rows])
            return found

        connection.set_progress_handler(stop, _STEPS)
        try:
            return patiently(collect)
        except sqlite3.Error as error:
            if stop is not None and stop():
                raise Stopped from error
            raise storage_error(error, str(self.path)) from error
        finally:
            connection.set_progress_handler(None, 0)

    def select(self, query: peewee.Select) -> list[Row]:
        """All rows of a composed query."""
        sql, parameters = query.bind(self.peewee).sql()
        return self.read(sql, parameters)

    def write(self, work: Work[T]) -> T:
        """Run `work` in one transaction, on disk when this returns.

        Raises: what `work` raises; StorageError.
        """
        return self._gate.run(work)

    def visits(self) -> int:
        """A number that rises with each write of a visitor."""
        return int(self.read("SELECT visits FROM store")[0][0])

    def version(self) -> int:
        """A number that changes when anybody else wrote; comparable on one thread only.

        Raises: StorageError.
        """
        return int(self.read("PRAGMA data_version")[0][0])

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file; skipped while a reader needs it."""
        self.read("PRAGMA wal_checkpoint(TRUNCATE)")

    def close_thread(self) -> None:
        """Close the calling thread's connection; each thread does so before it ends."""
        if not self.peewee.is_closed():
            self.peewee.close()


def _original(error: peewee.PeeweeException) -> Exception:
    """The error of SQLite that peewee wrapped."""
    wrapped = error.__context__
    return wrapped if isinstance(wrapped, sqlite3.Error) else error


def is_on_network(path: Path, mounts: Callable[[], str] | None = None) -> bool:
    """True when the file lies on a share, where the write-ahead log is not safe."""
    if str(path).startswith(("\\\\", "//")):
        return True
    if not sys.platform.startswith("linux"):
        return False
    text = str(path.resolve())  # a link may lead there
    table = (mounts or _mount_table)()
    best, kind = "", ""
    for line in table.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        inside = text == point or text.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind in _NETWORK_TYPES


def _mount_table() -> str:
    try:
        return Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
