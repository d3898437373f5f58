"""Attention items: what only a person can settle and no failed job stands for."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from app.core.clock import Clock
from app.core.errors import UsageError
from app.core.types import Params
from app.models.database import Database
from app.models.rows import dump, load


class ItemKind(StrEnum):
    """What an item is about."""

    REJECTED_ROW = "rejected_row"  # one row of a file that cannot be understood
    REJECTED_FILE = "rejected_file"  # a file of which no row can be
    VOID_WRITTEN = "void_written"  # the number is on the order, the label is void
    CARRIER = "carrier"  # a carrier name that nobody has mapped yet
    SLOW_FILE = "slow_file"  # a file that is not finished for ten minutes
    LEFT_BEHIND = "left_behind"  # a file that was read but cannot be moved away


class ItemState(StrEnum):
    """Where an item stands."""

    WATCHING = "watching"  # hidden: whether it becomes one depends on a job under way
    OPEN = "open"  # waits for a person
    RESOLVED = "resolved"  # settled, by a person or by itself
    IGNORED = "ignored"  # a person does not want to see it again


class NewItem(NamedTuple):
    """An item as it comes up; what has the same kind and `same` is not stored twice."""

    kind: ItemKind
    same: str
    code: str
    params: Params = MappingProxyType({})
    source: str = ""
    file: str = ""
    line: int | None = None
    text: str = ""
    connection_id: int | None = None
    job_id: int | None = None
    state: ItemState = ItemState.OPEN


@dataclass(frozen=True, slots=True)
class AttentionItem:
    """A stored item; `text` is the row as read. Times are milliseconds since 1970."""

    id: int
    kind: ItemKind
    state: ItemState
    code: str
    params: Params
    source: str
    file: str
    line: int | None
    text: str
    connection_id: int | None
    job_id: int | None
    created_at: int
    closed_at: int | None
    actor: str
    note: str


_COLUMNS = (
    "id, kind, state, code, params, source, file, line, text, connection_id, job_id, created_at, "
    "closed_at, actor, note"
)
_INSERT = (
    "INSERT INTO attention (kind, same, state, code, params, source, file, line, text, "
    "connection_id, job_id, created_at, actor, note) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '') ON CONFLICT (kind, same) DO NOTHING"
)
_CLOSE = "UPDATE attention SET state = ?, closed_at = ?, actor = ?, note = ? WHERE id = ?"
_CLOSE_LIKE = (
    "UPDATE attention SET state = 'resolved', closed_at = ? WHERE state = 'open' AND kind = ? "
    "AND source = ? AND file = ?"
)
# A label was voided while its number was being sent: now it is known what came of that.
_LANDED = (
    "UPDATE attention SET state = 'open', created_at = ? WHERE state = 'watching' "
    "AND job_id IN (SELECT id FROM jobs WHERE state = 'succeeded')"
)
_NOT_LANDED = (
    "DELETE FROM attention WHERE state = 'watching' "
    "AND job_id IN (SELECT id FROM jobs WHERE state = 'discarded')"
)
# The text of a row has no index: only so many of the newest are looked through.
_NAMING = (
    f"SELECT {_COLUMNS} FROM attention "
    "WHERE id > (SELECT COALESCE(MAX(id), 0) FROM attention) - 5000 AND +kind = 'rejected_row' "
    "AND state <> 'watching' "
    "AND instr(upper(replace(replace(text, ' ', ''), '-', '')), ?1) > 0 ORDER BY id DESC LIMIT ?2"
)


def add_within(connection: sqlite3.Connection, items: Iterable[NewItem], now: int) -> int:
    """Store items as a part of a write transaction under way; returns how many are new."""
    rows = [
        (
            item.kind, item.same, item.state, item.code, dump(item.params), item.source, item.file,
            item.line, item.text, item.connection_id, item.job_id, now,
        )
        for item in items
    ]  # fmt: skip
    return connection.executemany(_INSERT, rows).rowcount if rows else 0


def close_within(
    connection: sqlite3.Connection, kind: ItemKind, source: str, file: str, now: int
) -> None:
    """What was said of a file is over: it was read after all."""
    connection.execute(_CLOSE_LIKE, (now, kind, source, file))


class Attention:
    """The items of a data file."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, items: Sequence[NewItem]) -> int:
        """Store items; returns how many are new.

        Raises: StorageError.
        """
        return self._database.write(lambda c: add_within(c, items, self._clock.now_ms()))

    def reopen(self, item: NewItem) -> bool:
        """Store an item that may come up again after it was settled; True when that is news.

        One that a person ignored stays ignored. Raises: StorageError.
        """
        found = self._database.read(
            "SELECT state FROM attention WHERE kind = ? AND same = ?", (item.kind, item.same)
        )
        if found and found[0][0] != ItemState.RESOLVED:
            return False

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "DELETE FROM attention WHERE kind = ? AND same = ? AND state = 'resolved'",
                (item.kind, item.same),
            )
            add_within(connection, [item], self._clock.now_ms())

        self._database.write(work)
        return True

    def items(
        self, states: Sequence[ItemState] = (ItemState.OPEN,), limit: int = 1000
    ) -> list[AttentionItem]:
        """Items in those states, newest first."""
        rows = self._database.read(
            f"SELECT {_COLUMNS} FROM attention WHERE state IN ({_marks(states)}) "
            "ORDER BY id DESC LIMIT ?",
            (*states, limit),
        )
        return [_to_item(row) for row in rows]

    def ids(self, states: Sequence[ItemState]) -> list[int]:
        """The numbers of all items in those states, newest first."""
        rows = self._database.read(
            f"SELECT id FROM attention WHERE state IN ({_marks(states)}) ORDER BY id DESC",
            tuple(states),
        )
        return [row[0] for row in rows]

    def some(self, item_ids: Sequence[int]) -> list[AttentionItem]:
        """Those items, newest first; at most some hundreds. What is not there is left out."""
        rows = self._database.read(
            f"SELECT {_COLUMNS} FROM attention WHERE id IN ({_marks(item_ids)}) ORDER BY id DESC",
            tuple(item_ids),
        )
        return [_to_item(row) for row in rows]

    def newest_of(self, kinds: Sequence[ItemKind], source: str) -> AttentionItem | None:
        """The newest open item of those kinds about a source, however many others wait."""
        rows = self._database.read(
            f"SELECT {_COLUMNS} FROM attention WHERE state = 'open' AND source = ? "
            f"AND kind IN ({_marks(kinds)}) ORDER BY id DESC LIMIT 1",
            (source, *kinds),
        )
        return _to_item(rows[0]) if rows else None

    def naming(self, number: str, limit: int) -> list[AttentionItem]:
        """Rejected rows that hold that number, newest first, among the last few thousand items.

        Blanks and hyphens in the row do not count; the number has none.
        """
        rows = self._database.read(_NAMING, (number, limit))
        return [_to_item(row) for row in rows]

    def find(self, item_id: int) -> AttentionItem:
        """One item.

        Raises: UsageError attention_missing.
        """
        rows = self._database.read(f"SELECT {_COLUMNS} FROM attention WHERE id = ?", (item_id,))
        if not rows or rows[0][2] == ItemState.WATCHING:
            raise UsageError("attention_missing", item=item_id)
        return _to_item(rows[0])

    def counts(self) -> dict[ItemKind, int]:
        """How many items of each kind wait for a person."""
        rows = self._database.read(
            "SELECT kind, COUNT(*) FROM attention WHERE state = 'open' GROUP BY kind"
        )
        return {ItemKind(kind): count for kind, count in rows}

    def close(self, item_ids: Sequence[int], state: ItemState, actor: str, note: str) -> list[int]:
        """Resolve or ignore those of the items that are open; returns their numbers."""

        def work(connection: sqlite3.Connection) -> list[int]:
            now, closed = self._clock.now_ms(), []
            for item_id in item_ids:
                found = connection.execute(
                    "SELECT 1 FROM attention WHERE id = ? AND state = 'open'", (item_id,)
                ).fetchall()
                if found:
                    connection.execute(_CLOSE, (state, now, actor, note, item_id))
                    closed.append(item_id)
            return closed

        return self._database.write(work)

    def close_file(self, kind: ItemKind, source: str, file: str) -> None:
        """What was said of a file is over."""
        rows = self._database.read(
            "SELECT 1 FROM attention WHERE state = 'open' AND kind = ? AND source = ? AND file = ?",
            (kind, source, file),
        )
        if rows:
            now = self._clock.now_ms()
            self._database.write(lambda c: close_within(c, kind, source, file, now))

    def settle(self) -> bool:
        """Look what came of the jobs that hidden items watch; True when an item came up."""
        if not self._database.read("SELECT 1 FROM attention WHERE state = 'watching' LIMIT 1"):
            return False

        def work(connection: sqlite3.Connection) -> bool:
            connection.execute(_NOT_LANDED)
            return connection.execute(_LANDED, (self._clock.now_ms(),)).rowcount > 0

        return self._database.write(work)

    def carrier_codes(self) -> dict[str, str]:
        """What people said about carrier names: name in small letters → carrier code."""
        return dict(self._database.read("SELECT name, code FROM carrier_names"))

    def map_carrier(self, item_id: int, name: str, code: str, actor: str) -> None:
        """From now on that name means this carrier; the item is settled."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT OR REPLACE INTO carrier_names (name, code) VALUES (?, ?)",
                (name.casefold(), code),
            )
            now = self._clock.now_ms()
            connection.execute(_CLOSE, (ItemState.RESOLVED, now, actor, code, item_id))

        self._database.write(work)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _to_item(row: tuple[Any, ...]) -> AttentionItem:
    values = list(row)
    values[1], values[2], values[4] = ItemKind(row[1]), ItemState(row[2]), load(row[4])
    return AttentionItem(*values)
