"""The carrier file reader as intake uses it: all rows of a file from where it was left.

The reader itself is loaded with the first file: the window starts without it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from app.core.intake import RejectedRow
from app.integrations import carrier_files
from app.services.intake_rows import NumberedRecord

if TYPE_CHECKING:
    from app.integrations.carrier_files import CarrierFile, ReadRow
    from app.integrations.carrier_files import Examination as Examination

KEPT_ROWS = 5000
"""A file with more labels is read twice: so many objects at once would hold up the window when
Python looks for what can be freed."""

_HEAD = 64


@dataclass(frozen=True, slots=True)
class Readout:
    """What was found from a position on, and the position to go on from.

    `labels` reads a large file once more, so that its rows are never all in memory; the stream
    must still be open. `layout`: as it was read, with what was found out on the way.
    """

    voids: Sequence[NumberedRecord]
    label_count: int
    last_line: int
    labels: Callable[[], Iterable[NumberedRecord]]
    rejected: Sequence[RejectedRow]
    position: Mapping[str, Any]
    layout: Mapping[str, Any]
    is_from_start: bool  # the whole file was read, not only what was appended

    @property
    def is_all_bad(self) -> bool:
        """True for a file of several rows of which none can be read: the file is wrong."""
        has_good = bool(self.label_count or self.voids)
        return self.is_from_start and not has_good and len(self.rejected) > 1


def read_rows(
    stream: BinaryIO,
    layout: Mapping[str, Any],
    source: str,
    name: str,
    position: Mapping[str, Any],
    *,
    is_final: bool,
) -> Readout:
    """All rows from the position on, if what was read before still stands there unchanged.

    Raises: UsageError when the file as a whole cannot be read so.
    """
    if is_answer(stream):
        found = carrier_files.parse(stream, layout, source, {}, is_final=is_final, name=name)
        last = found.records[-1][0] if found.records else 0
        return Readout(
            [], len(found.records), last, lambda: found.records, found.rejected, {}, layout, True
        )
    wanted = carrier_files.complete(stream, carrier_files.layout_from_plain(layout), None)
    start = carrier_files.position_from_plain(position)
    if start is not None and not carrier_files.still_fits(stream, start):
        start = None

    def rows() -> "CarrierFile":
        return carrier_files.CarrierFile(
            stream, wanted, source, zone=None, position=start, is_final=is_final
        )

    scan = _Scan()
    file = rows()
    for row in file:
        scan.take(row)

    def labels() -> Iterable[NumberedRecord]:
        return scan.kept if scan.kept is not None else islice(_labels(rows()), scan.label_count)

    return Readout(
        scan.voids,
        scan.label_count,
        scan.last_line,
        labels,
        scan.rejected,
        asdict(file.position()),
        carrier_files.layout_to_plain(wanted),
        start is None,
    )


class _Scan:
    """The first time through a file: voids and bad rows; labels only while they are few."""

    def __init__(self) -> None:
        self.voids: list[NumberedRecord] = []
        self.rejected: list[RejectedRow] = []
        self.kept: list[NumberedRecord] | None = []
        self.label_count = 0
        self.last_line = 0

    def take(self, row: "ReadRow") -> None:
        """Remember what is needed of a row."""
        if isinstance(row.found, RejectedRow):
            self.rejected.append(row.found)
            return
        self.last_line = row.line_no
        if row.found.is_void:
            self.voids.append((row.line_no, row.found))
            return
        self.label_count += 1
        if self.kept is not None:
            self.kept.append((row.line_no, row.found))
            if len(self.kept) > KEPT_ROWS:
                self.kept = None


def _labels(file: "CarrierFile") -> Iterator[NumberedRecord]:
    for row in file:
        if not isinstance(row.found, RejectedRow) and not row.found.is_void:
            yield row.line_no, row.found


def is_answer(stream: BinaryIO) -> bool:
    """True for an XML file, as WorldShip writes it in answer to ours. Moves the stream."""
    stream.seek(0)
    return carrier_files.is_xml(stream.read(_HEAD))


def is_whole_answer(stream: BinaryIO) -> bool:
    """True when an XML file is written to its end. Moves the stream."""
    return carrier_files.is_whole(stream)


def look_at(stream: BinaryIO, layout: Mapping[str, Any], shown: int, name: str) -> "Examination":
    """What a file of that name is, for a person to confirm.

    Raises: UsageError when it is empty or no text, or XML that is no answer.
    """
    chosen = carrier_files.layout_from_plain(layout)
    if is_answer(stream):
        return carrier_files.examine_answer(stream, chosen, name, shown)
    return carrier_files.examine(stream, chosen, zone=None, shown=shown)


def plain_layout(seen: "Examination") -> dict[str, Any]:
    """The layout that was found, as it is stored."""
    return carrier_files.layout_to_plain(seen.layout)


def preset_names() -> list[str]:
    """The carrier programs whose exports are known, by name."""
    return sorted(carrier_files.PRESETS)
