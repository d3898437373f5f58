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
from app.core.intake import RejectedRow, ShipmentRecord, group_key
from app.core.tracking import checked_tracking, order_channel
from app.core.types import Shipment
from app.models.attention import Attention, ItemKind, NewItem
from app.models.intake import Ledger, LedgerRow, Tally, Target
from app.services.connection_book import ConnectionBook
from app.services.intake_rows import (
    NumberedRecord,
    chunks_of,
    in_groups,
    is_return,
    order_ref,
    plain,
)
from app.services.write_back import to_job

COLLECT_S = 10.0
_TELL_S = 0.5  # between two notes about new jobs: each makes every reader look again
_COUNTS = ("entered", "repeated", "known", "updated", "voided", "returns", "noted")

Watch = Callable[[int, int], None]
"""Told how many of how many rows are in."""


@dataclass(frozen=True, slots=True)
class IntakeSource:
    """Where records come from, and where they go. `key`: its name in the ledger, for good.

    `title`: its name for people. `prefix`, `suffix`: what is cut off order references.
    """

    key: str
    title: str
    connection_id: int
    collect_s: float = COLLECT_S
    prefix: str = ""
    suffix: str = ""


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
    """What became of records, counted in rows: each counts once."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTS, 0))
    rejected: list[RejectedRow] = field(default_factory=list)
    job_ids: list[int] = field(default_factory=list)
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
        codes = self._attention.carrier_codes()
        run = _Run(self, source, actor, file_id, codes, batch.last_line, notes_only=notes_only)
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
            run.tell(at_once=True)
        return result

    def has_connection(self, connection_id: int) -> bool:
        """False when the connection was taken out of use."""
        return any(one.id == connection_id for one in self._connections.all())

    def target(self, source: IntakeSource) -> Target:
        """What the connection of a source takes."""
        kind = self._connections.kind_of(source.connection_id)
        return Target(source.connection_id, kind.ship_fields, round(source.collect_s * 1000))


class _Run:
    """One call of `enter`."""

    def __init__(
        self,
        intake: Intake,
        source: IntakeSource,
        actor: str,
        file_id: int | None,
        codes: dict[str, str],
        last_line: int,
        *,
        notes_only: bool,
    ) -> None:
        self._ledger = intake._ledger
        self._bus = intake._bus
        self._clock = intake._clock
        self._source = source
        self._target = intake.target(source)
        self._actor = actor
        self._file_id = file_id
        self._codes = codes
        self._last_line = last_line
        self._notes_only = notes_only
        self._new_names: set[str] = set()
        self._untold: list[int] = []
        self._told_at = 0.0

    def void(self, records: Sequence[NumberedRecord], result: IntakeResult) -> None:
        """Take labels back."""
        rows = [row for row, _ in self._rows(records, result)]
        if not rows:
            return
        tally = self._ledger.void(self._source.key, rows, self._actor)
        self._publish(tally)
        if self._notes_only:
            result.counts["noted"] += tally.voided
            tally.voided = 0
        result.add(tally)

    def labels(self, records: Sequence[NumberedRecord], result: IntakeResult) -> None:
        """Enter labels with their jobs."""
        rows, items = [], []
        for row, record in self._rows(records, result):
            rows.append(row)
            if record.carrier == "other" and row.job is not None:
                items += self._unknown_carrier(record)
        if not rows:
            return
        tally = self._ledger.enter(self._source.key, rows, self._target, self._actor, items)
        if self._notes_only:
            result.counts["noted"] += tally.returns
            tally.returns = 0
        self._publish(tally)
        if items:
            self._bus.publish(AttentionChanged())
        result.add(tally)

    def _rows(
        self, records: Sequence[NumberedRecord], result: IntakeResult
    ) -> Iterator[tuple[LedgerRow, ShipmentRecord]]:
        for line, record in records:
            try:
                yield self._row(line, record), record
            except UsageError as error:
                text = "  ".join((*record.references, record.tracking_raw or record.tracking))
                result.rejected.append(RejectedRow(line, text, error.code, error.params))

    def _row(self, line: int, record: ShipmentRecord) -> LedgerRow:
        """Raises: UsageError when there is no order or no number that a label can have."""
        tracking = checked_tracking(record.tracking or record.tracking_raw)
        ref = order_ref(record.order_ref, self._source.prefix, self._source.suffix)
        ship_date = record.ship_date.isoformat() if record.ship_date else ""
        if record.is_void:
            return LedgerRow(tracking, order_channel(ref), ship_date, record.shipped_at)
        if not ref:
            raise UsageError("order_empty")
        carrier = self._carrier(record)
        shipment = Shipment(
            ref, tracking, carrier, record.service, record.ship_date, record.lines, record.cost,
            record.source,
        )  # fmt: skip
        job = to_job(self._source.connection_id, shipment)._replace(
            origin_file=self._file_id, origin_line=line or None
        )
        cost = "" if record.cost is None else f"{record.cost.normalize():f}"
        lines = ",".join(f"{one.item}={plain(one.quantity)}" for one in record.lines)
        return LedgerRow(
            tracking,
            job.channel,
            ship_date,
            record.shipped_at,
            (carrier, record.service, cost, lines),
            None if self._notes_only or is_return(record) else job,
            self._group(record, is_last=line == self._last_line),
            record.packages,
        )

    def _group(self, record: ShipmentRecord, *, is_last: bool) -> str:
        """The group that further rows may still join; empty where none can."""
        if not self._target.collect_ms or record.packages == 1:
            return ""
        if record.shipment_id or record.master_tracking:
            return group_key(record)
        # Rows that follow one another: only the last of them can go on in what is appended.
        return group_key(record) if record.run and is_last else ""

    def _carrier(self, record: ShipmentRecord) -> str:
        if record.carrier != "other":
            return record.carrier
        return self._codes.get(record.carrier_raw.casefold(), record.carrier_raw)

    def _unknown_carrier(self, record: ShipmentRecord) -> list[NewItem]:
        name = record.carrier_raw.casefold()
        if not name or name in self._codes or name in self._new_names:
            return []
        self._new_names.add(name)
        params = {"name": record.carrier_raw, "order": record.order_ref}
        item = NewItem(ItemKind.CARRIER, name, "carrier_unknown", params, self._source.key)
        return [item]

    def _publish(self, tally: Tally) -> None:
        for job_id, state in tally.changed:
            self._bus.publish(JobChanged(job_id, self._source.connection_id, state))
        self._untold += tally.jobs
        self.tell()

    def tell(self, *, at_once: bool = False) -> None:
        """Publish what was added, twice a second at most."""
        now = self._clock.monotonic()
        if self._untold and (at_once or now - self._told_at >= _TELL_S):
            self._bus.publish(JobsAdded(self._source.connection_id, tuple(self._untold)))
            self._untold, self._told_at = [], now
