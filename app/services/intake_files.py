"""A carrier file is read as a whole, then entered; what was wrong with it waits for a person.

Source: shipment intake contract, B1 rules 5-7, G.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Event
from typing import Any, BinaryIO

from app.core.errors import UsageError
from app.core.events import AttentionChanged, EventBus, IntakeProgress
from app.core.intake import RejectedRow
from app.models.attention import ItemKind, NewItem
from app.models.folders import FileMark, Files
from app.services.intake import Batch, Intake, IntakeSource, Watch
from app.services.intake_reading import Readout, read_rows
from app.services.intake_rows import NumberedRecord


@dataclass(frozen=True, slots=True)
class CarrierFile:
    """A file to be read; `name` is its own in the ledger. `is_final`: it will not grow."""

    name: str
    size: int
    mtime: int
    is_final: bool = True


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of a file. `trouble`: nothing in it could be read; `counts` are of rows."""

    counts: Mapping[str, int] = field(default_factory=dict)
    rejected: Sequence[RejectedRow] = ()
    job_ids: Sequence[int] = ()
    trouble: UsageError | None = None
    layout: Mapping[str, Any] = field(default_factory=dict)  # as it was read
    kept_costs: int = 0  # rows whose cost is not sent, as the connection is set up
    was_stopped: bool = False


class FileIntake:
    """Reads files of any source into the outbox."""

    def __init__(self, intake: Intake, files: Files, bus: EventBus) -> None:
        self._intake = intake
        self._files = files
        self._bus = bus

    def take(
        self,
        source: IntakeSource,
        file: CarrierFile,
        stream: BinaryIO,
        layout: Mapping[str, Any],
        mark: FileMark | None,
        *,
        actor: str,
        since: date | None = None,
        fallback: Mapping[str, Any] | None = None,
        stopping: Event | None = None,
        watch: Watch = lambda done, total: None,
        notes_only: bool = False,
    ) -> FileResult:
        """Enter what was not read yet; the mark of the file follows when all of it is in.

        `since`: rows with an earlier ship date are left out. `notes_only`: all rows are, but
        noted, so that they are known when the file is written anew. `fallback`: another layout,
        for a file that does not fit the first.
        Raises: StorageError, OSError; what was entered before is a repeat the next time.
        """
        self._bus.publish(IntakeProgress(source.title, file.name, 0, 0))
        setup = setup_of(layout if fallback is None else fallback)
        known = dict(mark.position) if mark is not None and mark.state != "failed" else {}
        try:
            found = _read(stream, layout, fallback, source, file, known)
        except UsageError as error:
            if notes_only:
                return self._skip(source, file)
            return self._refuse(source, file, setup, error, None, actor)
        if found.is_all_bad and not notes_only:
            first = found.rejected[0]
            return self._refuse(source, file, setup, _as_error(first), first, actor)
        young = _Younger(since)
        voids = list(young.of(found.voids))
        total = found.label_count + len(found.voids)
        batch = Batch(voids, young.of(found.labels()), total, found.last_line)
        file_id = self._files.begin(source.key, file.name)

        def progress(done: int, total: int) -> None:
            watch(done, total)
            self._bus.publish(IntakeProgress(source.title, file.name, done, total))

        result = self._intake.enter_batch(
            source,
            batch,
            actor=actor,
            file_id=file_id,
            watch=progress,
            stopping=stopping,
            notes_only=notes_only,
        )
        rejected = () if notes_only else (*found.rejected, *result.rejected)
        older = young.left_out + result.counts.pop("noted")
        counts = {**result.counts, "older": older, "rejected": len(rejected)}
        if result.was_stopped:
            return FileResult(counts, rejected, result.job_ids, was_stopped=True)
        state = "skipped" if notes_only else "read"
        done = FileMark(
            source.key, file.name, state, file.size, file.mtime, found.position, counts=counts
        )
        self._files.finish(done, [_row_item(source, file, row) for row in rejected])
        self._bus.publish(AttentionChanged())
        return FileResult(
            counts, rejected, result.job_ids, layout=found.layout, kept_costs=result.kept_costs
        )

    def has_connection(self, connection_id: int) -> bool:
        """False when the connection was taken out of use."""
        return self._intake.has_connection(connection_id)

    def _skip(self, source: IntakeSource, file: CarrierFile) -> FileResult:
        """A file that lay there before and cannot be read is not looked at again as it is."""
        mark = FileMark(source.key, file.name, "skipped", file.size, file.mtime)
        self._files.finish(mark)
        return FileResult()

    def _refuse(
        self,
        source: IntakeSource,
        file: CarrierFile,
        setup: str,
        error: UsageError,
        row: RejectedRow | None,
        actor: str,
    ) -> FileResult:
        """Nothing in the file can be read: one item for all of it, unless a person is told now."""
        if actor:
            return FileResult(rejected=(row,) if row else (), trouble=error)
        mark = FileMark(
            source.key, file.name, "failed", file.size, file.mtime, setup=setup,
        )  # fmt: skip
        item = NewItem(
            ItemKind.REJECTED_FILE,
            _digest(source.key, file.name, str(file.size), str(file.mtime), setup),
            error.code,
            error.params,
            source.key,
            file.name,
            row.line_no if row else None,
            row.text if row else "",
            source.connection_id,
        )
        self._files.finish(mark, [item])
        self._bus.publish(AttentionChanged())
        return FileResult(trouble=error)


def _read(
    stream: BinaryIO,
    layout: Mapping[str, Any],
    fallback: Mapping[str, Any] | None,
    source: IntakeSource,
    file: CarrierFile,
    known: Mapping[str, Any],
) -> Readout:
    try:
        return read_rows(stream, layout, source.title, file.name, known, is_final=file.is_final)
    except UsageError:
        if fallback is None:
            raise
    return read_rows(stream, fallback, source.title, file.name, known, is_final=file.is_final)


def _as_error(row: RejectedRow) -> UsageError:
    params: dict[str, Any] = dict(row.params)
    return UsageError(row.code, **params)


def setup_of(layout: Mapping[str, Any]) -> str:
    """A short name for a layout: a file that failed is read again under another one."""
    return _digest(repr(sorted(layout.items(), key=repr)))


def _row_item(source: IntakeSource, file: CarrierFile, row: RejectedRow) -> NewItem:
    return NewItem(
        ItemKind.REJECTED_ROW,
        # The same row in a copy of the file is not told twice.
        _digest(source.key, row.text or f"{file.name}, {row.line_no}"),
        row.code,
        row.params,
        source.key,
        file.name,
        row.line_no or None,
        row.text,
        source.connection_id,
    )


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()


class _Younger:
    """Leaves out records that were shipped before a day, and counts them."""

    def __init__(self, since: date | None) -> None:
        self._since = since
        self.left_out = 0

    def of(self, records: Iterable[NumberedRecord]) -> Iterator[NumberedRecord]:
        """Those that are not older; a record without a day is not."""
        for one in records:
            ship_date = one[1].ship_date
            if self._since is not None and ship_date is not None and ship_date < self._since:
                self.left_out += 1
            else:
                yield one
