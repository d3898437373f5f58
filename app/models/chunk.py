"""Some rows on their way into the ledger, within one write transaction.

Each row is one of these: read before; read before, with other facts now; a label that was
taken back before it came; a new label.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.core.payload import dump_shipment, load_shipment
from app.core.states import JobState
from app.core.types import NewJob
from app.models import collecting
from app.models.labels import Label, Labels
from app.models.outbox import Entered, Outbox

TOMBSTONE_MS = 90 * 86_400_000
"""How long a void waits for its label, and how long a number on an order is the same parcel."""

FACTS = ("carrier", "service", "cost", "lines")
"""What a target may show of a row besides number and date."""

_BETWEEN = "\x1f"

_INSERT = (
    "INSERT OR REPLACE INTO ledger (tracking, source, channel, void, ship_date, job_id, at, "
    "process_at, facts, origin_file, origin_line) VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)"
)
_UPDATE = (
    "UPDATE ledger SET facts = ? WHERE tracking = ? AND source = ? AND channel = ? "
    "AND void = 0 AND ship_date = ?"
)
_MEND = "UPDATE jobs SET payload = ?1 WHERE id = ?2"
_REVIVE = (
    "UPDATE jobs SET payload = ?1, state = 'pending', attempts = 0, lost = 0, deaths = 0, "
    "due_set_at = ?3, due_at = ?3, reason_code = '', reason_params = '', reason_since = ?3, "
    "finished_at = NULL WHERE id = ?2"
)
_KEYS = (
    "SELECT idempotency_key FROM jobs WHERE state <> 'discarded' "
    "AND idempotency_key >= ? || '/' AND idempotency_key < ? || '0'"
)


class LedgerRow(NamedTuple):
    """A row as it is entered. `job` None: a void, or kept but not written back (a return label).

    `facts`: texts of FACTS. `group`: parcels that are sent together; empty: nothing to wait for.
    """

    tracking: str
    channel: str
    ship_date: str  # ISO, or empty
    process_at: int | None  # ms since 1970
    facts: tuple[str, ...] = ()
    job: NewJob | None = None
    group: str = ""
    packages: int | None = None
    origin_file: int | None = None  # for rows without a job: the file and the row in it
    origin_line: int | None = None


@dataclass(slots=True)
class Tally:
    """What became of rows; `jobs` are new ones, `changed` others, with their states."""

    entered: int = 0
    repeated: int = 0  # this row was read before
    known: int = 0  # the same shipment is in the queue from elsewhere
    updated: int = 0
    voided: int = 0  # labels taken back, before or after they were written
    returns: int = 0
    jobs: list[int] = field(default_factory=list)
    changed: list[tuple[int, JobState]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Target:
    """Where the rows of a source go. `shown`: fields of a shipment that the target takes."""

    connection_id: int
    shown: frozenset[str]
    collect_ms: int


@dataclass(slots=True)
class _Line:
    """A line of the ledger to be: its job is known, or has a place among the new ones."""

    row: LedgerRow
    ship_date: str
    facts: str
    job_id: int | None = None
    slot: int | None = None


class Chunk:
    """Decides about rows first, then stores jobs and lines together."""

    def __init__(
        self, connection: sqlite3.Connection, labels: Labels, source: str, target: Target, now: int
    ) -> None:
        self._connection = connection
        self._labels = labels
        self._source = source
        self._target = target
        self._now = now
        self._jobs: list[NewJob] = []
        self._lines: list[_Line] = []
        self._born_void: list[int] = []
        self._replaces: dict[int, str] = {}
        self._groups: dict[str, list[int]] = defaultdict(list)
        self._packages: dict[str, int] = {}
        self.tally = Tally()

    def read(self, rows: Sequence[LedgerRow]) -> None:
        """Decide what each row is, in the light of those known before it."""
        known = self._labels.known({row.tracking for row in rows})
        gone = self._labels.not_replaced({row.channel for row in rows})
        for row in rows:
            labels = known[row.tracking]
            grave = None
            for label in labels:
                if label.is_void:
                    grave = label
            self._one(row, labels, grave, gone.get(row.channel, row.tracking))

    def _one(self, row: LedgerRow, labels: list[Label], grave: Label | None, gone: str) -> None:
        label = Label(
            False, row.channel, row.ship_date, None, self._now, row.process_at,
            _BETWEEN.join(row.facts),
        )  # fmt: skip
        is_later = grave is not None and label.is_after(grave.process_at)
        earlier = self._same(label, labels, grave)
        if earlier is not None and not (is_later and label.is_after(earlier.process_at)):
            self._again(row, label, earlier)
            return
        line = _Line(row, row.ship_date, label.facts)
        self._lines.append(line)
        if row.job is None:
            self.tally.returns += 1
        else:
            was_used = any(k.channel == row.channel and not k.is_void for k in labels)
            line.slot = label.slot = self._new(row, row.job, is_fresh=was_used)
            if grave is not None and not is_later and self._is_recent(grave):
                self._born_void.append(label.slot)
            elif gone != row.tracking:
                self._replaces[label.slot] = gone
        labels.append(label)

    def _same(self, label: Label, labels: list[Label], grave: Label | None) -> Label | None:
        """The row that was read before: the same one, or the same parcel with another date."""
        found = None
        for known in labels:
            if known.is_void or known.channel != label.channel:
                continue
            if known.ship_date == label.ship_date:
                return known
            if grave is None and self._is_recent(known):
                found = known
        return found

    def _is_recent(self, label: Label) -> bool:
        return self._now - label.at <= TOMBSTONE_MS

    def _new(self, row: LedgerRow, job: NewJob, *, is_fresh: bool) -> int:
        slot = len(self._jobs)
        if is_fresh:  # a new label with a number that this order had before
            job = job._replace(idempotency_key=self._free_key(job.idempotency_key))
        if row.group:
            self._groups[row.group].append(slot)
            self._packages[row.group] = max(row.packages or 0, self._packages.get(row.group, 0))
        self._jobs.append(job)
        return slot

    def _again(self, row: LedgerRow, label: Label, earlier: Label) -> None:
        """A row that was read before, perhaps with other facts this time."""
        differing = _differing(earlier.facts, row.facts)
        if earlier.ship_date != row.ship_date:
            differing.add("ship_date")
            self._lines.append(_Line(row, row.ship_date, label.facts, earlier.job_id, earlier.slot))
        if not differing:
            self.tally.repeated += 1
            return
        self.tally.updated += 1
        if earlier.slot is not None and row.job is not None:  # of this very chunk
            job = self._jobs[earlier.slot]
            self._jobs[earlier.slot] = job._replace(payload=row.job.payload)
            for line in self._lines:
                if line.slot == earlier.slot:
                    line.facts = label.facts
        elif earlier.job_id is not None and row.job is not None:
            self._change(earlier.job_id, row.job, differing)
        values = (label.facts, row.tracking, self._source, row.channel, earlier.ship_date)
        self._connection.execute(_UPDATE, values)
        earlier.facts = label.facts

    def _change(self, job_id: int, job: NewJob, differing: set[str]) -> None:
        """Carry a correction on: into the row while it waits, else as a repeat where it shows."""
        found = self._connection.execute(
            "SELECT state, payload, idempotency_key FROM jobs WHERE id = ?",
            (job_id,),
        ).fetchall()[0]
        state, payload = JobState(found[0]), found[1]
        shows = not differing.isdisjoint(self._target.shown)
        if state in (JobState.PENDING, JobState.FAILED, JobState.PARKED):
            fresh = load_shipment(job.payload)
            values = {name: getattr(fresh, name) for name in differing}
            merged = dump_shipment(load_shipment(payload)._replace(**values))
            revive = shows and state is JobState.FAILED
            self._connection.execute(_REVIVE, (merged, job_id, self._now)) if revive else (
                self._connection.execute(_MEND, (merged, job_id))
            )
            params = {name: str(values[name]) for name in sorted(differing - {"lines"})}
            self._labels.note(job_id, job.connection_id, "updated", params)
            self.tally.changed.append((job_id, JobState.PENDING if revive else state))
        elif shows and state is not JobState.DISCARDED:
            self._jobs.append(job._replace(idempotency_key=self._free_key(found[2])))

    def _free_key(self, key: str) -> str:
        """The key with the first repeat number above those in use, in this chunk too."""
        stem = key.rpartition("/")[0]
        rows = self._connection.execute(_KEYS, (stem, stem)).fetchall()
        used = [row[0] for row in rows] + [job.idempotency_key for job in self._jobs]
        numbers = [int(k.rpartition("/")[2]) for k in used if k.rpartition("/")[0] == stem]
        return f"{stem}/{max(numbers, default=-1) + 1}"

    def store(self, outbox: Outbox, actor: str) -> None:
        """Enter the jobs, then the lines with the numbers of their jobs."""
        for group, slots in self._groups.items():
            self._collect(group, slots)
        entered = outbox.enter_within(self._connection, self._jobs, actor) if self._jobs else []
        self._connection.executemany(_INSERT, [self._values(line, entered) for line in self._lines])
        self._count(entered)
        for slot in self._born_void:
            if entered[slot].is_new:
                self._labels.void_job(entered[slot].job_id)
                self.tally.entered -= 1
                self.tally.voided += 1
        for slot, gone in self._replaces.items():
            if entered[slot].is_new:
                job = self._jobs[slot]
                self._labels.replaced(entered[slot].job_id, job.connection_id, gone, job.channel)

    def _values(self, line: _Line, entered: Sequence[Entered]) -> tuple[object, ...]:
        row = line.row
        job_id = line.job_id if line.slot is None else entered[line.slot].job_id
        return (
            row.tracking, self._source, row.channel, line.ship_date, job_id, self._now,
            row.process_at, line.facts, row.origin_file, row.origin_line,
        )  # fmt: skip

    def _count(self, entered: Sequence[Entered]) -> None:
        self.tally.jobs = [one.job_id for one in entered if one.is_new]
        self.tally.entered = len(self.tally.jobs)
        self.tally.known = len(entered) - len(self.tally.jobs)

    def _collect(self, group: str, slots: Sequence[int]) -> None:
        """Let the parcels of a group wait for each other, those of earlier chunks included."""
        earlier = collecting.waiting(
            self._connection, self._target.connection_id, self._jobs[slots[0]].channel, group
        )
        wait = collecting.wait_for(
            group,
            here=len(slots) + len(earlier),
            packages=self._packages[group],
            collect_ms=self._target.collect_ms,
        )
        for slot in slots:
            self._jobs[slot] = self._jobs[slot]._replace(
                wait_ms=wait.ms, reason_code=wait.code, reason_params=wait.params
            )
        for job_id in earlier:
            collecting.wait_on(self._connection, job_id, wait, self._now)
            self.tally.changed.append((job_id, JobState.PENDING))


def facts_of(stored: str) -> list[str]:
    """The texts of FACTS, as a row of the ledger holds them."""
    return stored.split(_BETWEEN)


def _differing(before: str, after: Sequence[str]) -> set[str]:
    """The names of facts that are others now; what a row does not give says nothing."""
    known = facts_of(before)
    return {n for n, old, new in zip(FACTS, known, after, strict=True) if old != new and new}
