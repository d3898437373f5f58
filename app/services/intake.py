"""Records of any source become jobs: once each, voids first, the parcels of a group together.

Source: shipment intake contract, parts A, B3 (reference), D1, F.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import NamedTuple

from app.core.clock import Clock
from app.core.errors import UsageError
from app.core.events import AttentionChanged, EventBus, JobChanged, JobsAdded
from app.core.intake import RejectedRow, ShipmentRecord
from app.models.attention import Attention
from app.models.intake import Ledger, LedgerRow, Tally, Target
from app.services.connection_book import ConnectionBook
from app.services.intake_rows import NumberedRecord, chunks_of, in_groups
from app.services.ledger_rows import IntakeSource as IntakeSource
from app.services.ledger_rows import RowMaker

_TELL_S = 0.5  # between two notes about new jobs: each makes every reader look again
_COUNTS = ("entered", "repeated", "known", "updated", "voided", "returns", "noted")

Watch = Callable[[int, int], None]
"""Told how many of how many rows are in."""


class Batch(NamedTuple):
    """Records that belong together. `labels` are gone through once; `total` counts both.

    `last_line`: of the last row, whose group may go on in what is appended.
    """

    voids: Sequence[NumberedRecord]
    labels: Iterable[NumberedRecord]
    total: int
    last_line: int


@dataclass(slots=True)
class IntakeResult:
    """What became of records, counted in rows: each counts once.

    `kept_costs`: rows with a shipping cost that is not sent, as the connection is set up.
    """

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTS, 0))
    rejected: list[RejectedRow] = field(default_factory=list)
    job_ids: list[int] = field(default_factory=list)
    kept_costs: int = 0
    was_stopped: bool = False

    def add(self, tally: Tally) -> None:
        """Count what a chunk came to."""
        for name in _COUNTS[:-1]:
            self.counts[name] += getattr(tally, name)
        self.job_ids += tally.jobs


class Intake:
    """Takes records in; what is on disk when `enter` returns is never entered again."""

    def __init__(
        self,
        ledger: Ledger,
        attention: Attention,
        connections: ConnectionBook,
        bus: EventBus,
        clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._attention = attention
        self._connections = connections
        self._bus = bus
        self._clock = clock

    def enter(
        self,
        source: IntakeSource,
        records: Sequence[NumberedRecord],
        *,
        actor: str,
        file_id: int | None = None,
        watch: Watch = lambda done, total: None,
        stopping: Event | None = None,
    ) -> IntakeResult:
        """Enter records in chunks, voids before all others; a stop takes effect between two.

        Raises: StorageError; the chunks before it stand, and are repeats the next time.
        """
        voids = [one for one in records if one[1].is_void]
        labels = [one for one in records if not one[1].is_void]
        last = max((line for line, _ in records), default=0)
        batch = Batch(voids, labels, len(records), last)
        return self.enter_batch(
            source, batch, actor=actor, file_id=file_id, watch=watch, stopping=stopping
        )

    def enter_batch(
        self,
        source: IntakeSource,
        batch: Batch,
        *,
        actor: str,
        file_id: int | None = None,
        watch: Watch = lambda done, total: None,
        stopping: Event | None = None,
        notes_only: bool = False,
    ) -> IntakeResult:
        """The same for records that are not all in memory. `notes_only`: remember the rows, make
        no jobs of them."""
        target = self.target(source)
        teller = _Teller(self._bus, self._clock, source.connection_id)
        maker = RowMaker(source, target, self._attention.carrier_codes())
        call = _Call(source, target, actor, file_id, batch.last_line, notes_only)
        run = _Run(self._ledger, teller, maker, call)
        result = IntakeResult()
        done = 0
        try:
            for enter, chunks in (
                (run.void, chunks_of([list(batch.voids)])),
                (run.labels, chunks_of(in_groups(batch.labels))),
            ):
                for chunk in chunks:
                    if stopping is not None and stopping.is_set():
                        result.was_stopped = True
                        return result
                    enter(chunk, result)
                    done += len(chunk)
                    watch(done, batch.total)
        finally:
            teller.tell(at_once=True)
        return result

    def has_connection(self, connection_id: int) -> bool:
        """False when the connection was taken out of use."""
        return any(one.id == connection_id for one in self._connections.all())

    def target(self, source: IntakeSource) -> Target:
        """What the connection of a source takes."""
        sent = self._connections.fields_sent(source.connection_id)
        return Target(source.connection_id, sent, round(source.collect_s * 1000))


class _Call(NamedTuple):
    """What one call of `enter` was given, and what holds for all of its rows."""

    source: IntakeSource
    target: Target
    actor: str
    file_id: int | None
    last_line: int
    notes_only: bool


class _Teller:
    """Publishes what became of jobs: changes at once, new ones gathered."""

    def __init__(self, bus: EventBus, clock: Clock, connection_id: int) -> None:
        self._bus = bus
        self._clock = clock
        self._connection_id = connection_id
        self._untold: list[int] = []
        self._told_at = 0.0

    def publish(self, tally: Tally, *, has_items: bool = False) -> None:
        """What a chunk came to. `has_items`: something new waits for a person."""
        for job_id, state in tally.changed:
            self._bus.publish(JobChanged(job_id, self._connection_id, state))
        self._untold += tally.jobs
        self.tell()
        if has_items:
            self._bus.publish(AttentionChanged())

    def tell(self, *, at_once: bool = False) -> None:
        """Publish what was added, twice a second at most."""
        now = self._clock.monotonic()
        if self._untold and (at_once or now - self._told_at >= _TELL_S):
            self._bus.publish(JobsAdded(self._connection_id, tuple(self._untold)))
            self._untold, self._told_at = [], now


class _Run:
    """Enters the rows of one call, chunk by chunk."""

    def __init__(self, ledger: Ledger, teller: _Teller, maker: RowMaker, call: _Call) -> None:
        self._ledger = ledger
        self._teller = teller
        self._maker = maker
        self._call = call

    def void(self, records: Sequence[NumberedRecord], result: IntakeResult) -> None:
        """Take labels back."""
        rows = [row for row, _ in self._rows(records, result)]
        if not rows:
            return
        tally = self._ledger.void(self._call.source.key, rows, self._call.actor)
        self._teller.publish(tally)
        if self._call.notes_only:
            result.counts["noted"] += tally.voided
            tally.voided = 0
        result.add(tally)

    def labels(self, records: Sequence[NumberedRecord], result: IntakeResult) -> None:
        """Enter labels with their jobs."""
        rows, items = [], []
        for row, record in self._rows(records, result):
            rows.append(row)
            has_cost = record.cost is not None and row.job is not None
            result.kept_costs += has_cost and "cost" not in self._call.target.shown
            if record.carrier == "other" and row.job is not None:
                items += self._maker.unknown_carrier(record)
        if not rows:
            return
        tally = self._ledger.enter(
            self._call.source.key, rows, self._call.target, self._call.actor, items
        )
        if self._call.notes_only:
            result.counts["noted"] += tally.returns
            tally.returns = 0
        self._teller.publish(tally, has_items=bool(items))
        result.add(tally)

    def _rows(
        self, records: Sequence[NumberedRecord], result: IntakeResult
    ) -> Iterator[tuple[LedgerRow, ShipmentRecord]]:
        for line, record in records:
            try:
                row = self._maker.row(
                    record,
                    file_id=self._call.file_id,
                    line=line,
                    is_last=line == self._call.last_line,
                    is_note=self._call.notes_only,
                )
                yield row, record
            except UsageError as error:
                text = "  ".join((*record.references, record.tracking_raw or record.tracking))
                result.rejected.append(RejectedRow(line, text, error.code, error.params))
