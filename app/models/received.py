"""Records that other programs handed in, each known by the key it came with."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.core.clock import Clock
from app.core.states import JobState
from app.models.attention import NewItem
from app.models.database import Database
from app.models.intake import Ledger, LedgerRow, Target

_RECEIVED = "id, source_key, content, connection_id, job_id, what, order_ref, tracking, at"
_KNOWN = f"SELECT {_RECEIVED} FROM received WHERE source_key IN (SELECT value FROM json_each(?))"
_INSERT = (
    "INSERT INTO received (source_key, content, connection_id, job_id, what, order_ref, tracking, "
    "at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


class Receipt(NamedTuple):
    """A record that was taken. `what`: label, void or return; `job_id` None: it makes no job."""

    id: int
    source_key: str
    content: str
    connection_id: int
    job_id: int | None
    what: str
    order_ref: str
    tracking: str
    at: int  # ms since 1970


class Letter(NamedTuple):
    """A record on its way in: its key, a hash of its content, and its row for the ledger.

    `source`: under which name the ledger knows rows like it.
    """

    source: str
    source_key: str
    content: str
    order_ref: str
    what: str
    row: LedgerRow
    target: Target


class Taken(NamedTuple):
    """What became of a letter: `is_new` False: a record with its key was there before."""

    receipt: Receipt
    is_new: bool


@dataclass(slots=True)
class Delivery:
    """What one commit came to; `added` and `changed` are jobs, those added by connection."""

    taken: list[Taken] = field(default_factory=list)
    added: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    changed: list[tuple[int, int, JobState]] = field(default_factory=list)  # connection, job, state


class Received:
    """Records of other programs, each known by the key it came with."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def count(self) -> int:
        """How many records were ever taken: numbers are given in a row, and none goes away."""
        return int(self._database.read("SELECT IFNULL(MAX(id), 0) FROM received")[0][0])

    def one(self, receipt_id: int) -> Receipt | None:
        """The record with that number."""
        rows = self._database.read(f"SELECT {_RECEIVED} FROM received WHERE id = ?", (receipt_id,))
        return Receipt(*rows[0]) if rows else None

    def of_job(self, job_id: int) -> Receipt | None:
        """The record that a job stands for, the first one where several say the same."""
        sql = f"SELECT {_RECEIVED} FROM received WHERE job_id = ? ORDER BY id LIMIT 1"
        rows = self._database.read(sql, (job_id,))
        return Receipt(*rows[0]) if rows else None

    def known(self, keys: Collection[str]) -> dict[str, Receipt]:
        """Those of these keys that were taken before."""
        return _by_key(self._database.read(_KNOWN, (json.dumps(list(keys)),)))

    def enter(
        self, letters: Sequence[Letter], actor: str, items: Sequence[NewItem] = ()
    ) -> Delivery:
        """Take letters, voids before all others, in one commit; answers are in their order.

        A key that came before, or twice, is taken once: `Taken.receipt` is the first one's.
        Raises: StorageError; then none was taken.
        """

        def work(connection: sqlite3.Connection) -> Delivery:
            now = self._clock.now_ms()
            return _Post(self._ledger, connection, actor, now).deliver(letters, items)

        return self._database.write(work)


class _Post:
    """Letters within one write transaction."""

    def __init__(
        self, ledger: Ledger, connection: sqlite3.Connection, actor: str, now: int
    ) -> None:
        self._ledger = ledger
        self._connection = connection
        self._actor = actor
        self._now = now
        self._delivery = Delivery()

    def deliver(self, letters: Sequence[Letter], items: Sequence[NewItem]) -> Delivery:
        keys = json.dumps([letter.source_key for letter in letters])
        known = _by_key(self._connection.execute(_KNOWN, (keys,)).fetchall())
        fresh: dict[str, Letter] = {}
        for letter in letters:
            if letter.source_key not in known:
                fresh.setdefault(letter.source_key, letter)
        jobs = self._enter(list(fresh.values()), items)
        new = {key: self._store(letter, jobs.get(key)) for key, letter in fresh.items()}
        for letter in letters:
            receipt = known.get(letter.source_key) or new[letter.source_key]
            is_new = fresh.get(letter.source_key) is letter
            self._delivery.taken.append(Taken(receipt, is_new))
        return self._delivery

    def _enter(self, letters: list[Letter], items: Sequence[NewItem]) -> dict[str, int | None]:
        """The job of each key."""
        jobs: dict[str, int | None] = {}
        groups: dict[tuple[bool, str, Target], list[Letter]] = defaultdict(list)
        for letter in letters:
            groups[letter.what != "void", letter.source, letter.target].append(letter)
        for (is_label, source, target), group in sorted(
            groups.items(),
            key=lambda pair: pair[0][0],  # voids first
        ):
            rows = [letter.row for letter in group]
            within = (self._connection, source, rows)
            if is_label:
                tally = self._ledger.enter_within(*within, target, self._actor, items)
                items = ()
            else:
                tally = self._ledger.void_within(*within, self._actor)
            for letter in group:
                jobs[letter.source_key] = self._ledger.job_within(
                    self._connection, source, letter.row, is_void=not is_label
                )
            if tally.jobs:
                self._delivery.added[target.connection_id] += tally.jobs
            self._delivery.changed += [(target.connection_id, *one) for one in tally.changed]
        return jobs

    def _store(self, letter: Letter, job_id: int | None) -> Receipt:
        values = (
            letter.source_key, letter.content, letter.target.connection_id, job_id, letter.what,
            letter.order_ref, letter.row.tracking, self._now,
        )  # fmt: skip
        row_id = int(self._connection.execute(_INSERT, values).lastrowid or 0)
        return Receipt(row_id, *values)


def _by_key(rows: Sequence[tuple[Any, ...]]) -> dict[str, Receipt]:
    return {row[1]: Receipt(*row) for row in rows}
