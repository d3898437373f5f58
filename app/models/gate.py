"""The write gate: one transaction at a time per process, callers that wait ride along.

A lone caller commits on its own thread. Callers that arrive while a commit is under way are
taken together by the next leader, each in its own savepoint, and answered after COMMIT.
"""

import contextlib
import re
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

from app.core.errors import StorageError

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

BUSY_DEADLINE_S = 30.0
_STEP_S = 0.001
# A process that waits touches a file; a writer without gaps looks at it this often and then
# leaves a gap: SQLite's own back-off would miss the short ones for seconds.
_HOT_S, _BREATH_S, _IDLE_GAP_S, _TOUCH_S = 0.050, 0.003, 0.002, 0.010

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_READONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_OWN_FAULTS = (  # of the work that a caller brought, not of the file
    sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.DataError,
)  # fmt: skip


_MISSING = re.compile("no such (table|column|index)")
"""Ours are made when the file is made, and stay: what lacks one was changed by something else."""


def is_busy(error: sqlite3.Error) -> bool:
    """True when another connection holds the file; waiting helps."""
    return primary_code(error) in _BUSY


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's result code without its extension; 0 where Python raised the error itself."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def storage_error(error: sqlite3.Error, path: str) -> StorageError:
    """The same trouble in the words of the program."""
    code = primary_code(error)
    if code in _BUSY:
        return StorageError("store_busy")
    if code == sqlite3.SQLITE_FULL:
        return StorageError("store_full")
    if code in _READONLY:
        return StorageError("store_readonly", path=path)
    if is_damage(error) or _MISSING.match(str(error)):
        return StorageError("store_broken", path=path)
    return StorageError("store_error", reason=str(error))


def is_damage(error: sqlite3.Error) -> bool:
    """True when SQLite found the file's content broken."""
    return primary_code(error) in _DAMAGED


def patiently(
    action: Callable[[], T],
    deadline_s: float = BUSY_DEADLINE_S,
    ask_for_turn: Callable[[], None] = lambda: None,
) -> T:
    """Repeat `action` in steps of 1 ms while another process holds the file.

    Raises: sqlite3.Error as it came, after `deadline_s` also the busy one.
    """
    ends = asked = 0.0
    while True:
        try:
            return action()
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
            now = time.monotonic()
            ends = ends or now + deadline_s
            if now >= ends:
                raise
            if now - asked > _TOUCH_S:
                asked = now
                ask_for_turn()
            pause(_STEP_S)


def pause(seconds: float) -> None:
    """Wait on an event that never comes: a plain sleep fails under a shifted clock."""
    threading.Event().wait(seconds)


class _Ticket(Generic[T]):
    """One caller's work, its turn, and what came of it."""

    __slots__ = ("answered", "error", "turn", "value", "work")

    def __init__(self, work: Work[T]) -> None:
        self.work = work
        self.turn = threading.Lock()
        self.turn.acquire()
        self.answered = False
        self.value: T
        self.error: BaseException | None = None

    def result(self) -> T:
        if self.error is not None:
            raise self.error
        return self.value


class WriteGate:
    """Runs write transactions; `connect` gives the calling thread's connection.

    `first` is a statement that opens every transaction of this process.
    """

    def __init__(
        self, connect: Callable[[], sqlite3.Connection], path: str, first: str = ""
    ) -> None:
        self._connect = connect
        self._path = path
        self._first = first
        self._waiting = Path(f"{path}-waiting")
        self._asked_at = 0
        self._lock = threading.Lock()
        self._queue: list[_Ticket[Any]] = []
        self._busy = False
        self._hot_since = self._last_end = 0.0

    def run(self, work: Work[T]) -> T:
        """Run `work` in a transaction that is on disk when this returns.

        Raises: what `work` raised (its changes are undone, those of others stand), or
        StorageError when nothing could be written.
        """
        ticket = _Ticket(work)
        with self._lock:
            self._queue.append(ticket)
            leads, self._busy = not self._busy, True
        if not leads:
            ticket.turn.acquire()
        if not ticket.answered:
            self._lead(ticket)
        return ticket.result()

    def _lead(self, own: _Ticket[Any]) -> None:
        with self._lock:
            group, self._queue = self._queue, []
        try:
            self._commit(group)
        finally:
            with self._lock:
                successor = self._queue[0] if self._queue else None
                self._busy = successor is not None
            for ticket in group:
                ticket.answered = True
                if ticket is not own:
                    ticket.turn.release()
            if successor is not None:
                successor.turn.release()

    def _commit(self, group: list[_Ticket[Any]]) -> None:
        try:
            connection = self._connect()
            self._breathe()
            patiently(lambda: connection.execute("BEGIN IMMEDIATE"), ask_for_turn=self._ask)
            try:
                if self._first:
                    connection.execute(self._first)
                self._work(connection, group)
                if connection.in_transaction:  # without a write-ahead log readers hold it up
                    patiently(lambda: connection.execute("COMMIT"), ask_for_turn=self._ask)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            trouble = storage_error(error, self._path)
            trouble.__cause__ = error
            _fail(group, trouble)
        except BaseException as error:  # noqa: BLE001 - raised by each caller of the group
            _fail(group, error)
        self._last_end = time.monotonic()

    def _work(self, connection: sqlite3.Connection, group: list[_Ticket[Any]]) -> None:
        if len(group) == 1:
            self._one(connection, group[0])
            if group[0].error is not None and connection.in_transaction:
                connection.execute("ROLLBACK")
            return
        for ticket in group:
            connection.execute("SAVEPOINT rider")
            self._one(connection, ticket)
            if ticket.error is not None:
                connection.execute("ROLLBACK TO rider")
            connection.execute("RELEASE rider")

    def _one(self, connection: sqlite3.Connection, ticket: _Ticket[Any]) -> None:
        try:
            ticket.value = ticket.work(connection)
        except _OWN_FAULTS as error:
            ticket.error = error
        except sqlite3.Error:
            raise  # the file is in trouble: nobody of this group is told that it was written
        except BaseException as error:  # noqa: BLE001 - handed to the caller it belongs to
            ticket.error = error

    def _breathe(self) -> None:
        """After 50 ms without a gap, leave 3 ms to a process that asked for its turn."""
        now = time.monotonic()
        if now - self._last_end > _IDLE_GAP_S:
            self._hot_since = now
        elif now - self._hot_since > _HOT_S:
            self._hot_since = now
            asked_at = self._last_asked()
            if asked_at != self._asked_at:
                self._asked_at = asked_at
                pause(_BREATH_S)

    def _ask(self) -> None:
        with contextlib.suppress(OSError):
            self._waiting.touch()

    def _last_asked(self) -> int:
        try:
            return self._waiting.stat().st_mtime_ns
        except OSError:
            return 0


def _fail(group: list[_Ticket[Any]], error: BaseException) -> None:
    for ticket in group:
        ticket.error = error
