"""A whole file at once, of any kind that is read here, from and to plain values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import tzinfo
from pathlib import PurePath
from typing import Any, BinaryIO

from app.core.errors import UsageError
from app.core.intake import RejectedRow, ShipmentRecord
from app.integrations.carrier_files.examining import examine
from app.integrations.carrier_files.layout import Columns, Layout, layout_from_plain
from app.integrations.carrier_files.open_shipments import is_xml, read_answer
from app.integrations.carrier_files.reader import CarrierFile, still_fits
from app.integrations.carrier_files.table import Position
from app.integrations.carrier_files.text import SAMPLE, begins_whole


@dataclass(frozen=True, slots=True)
class Parsed:
    """Records with the line of their row, the rows that made none, and where to go on."""

    records: list[tuple[int, ShipmentRecord]] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    position: Mapping[str, Any] = field(default_factory=dict)
    is_from_start: bool = True


def parse(
    stream: BinaryIO,
    layout: Mapping[str, Any],
    source: str,
    position: Mapping[str, Any],
    *,
    is_final: bool,
    name: str = "",
    zone: tzinfo | None = None,
) -> Parsed:
    """All rows behind the position, or the whole file when what was read before has changed.

    `layout` and `position` are as `layout_to_plain` and `Parsed.position` give them; what a
    layout leaves open is found out by looking. `name` is the file's, else that of the stream.
    A file that is not final and has no whole line yet gives nothing.
    `zone`: of times in the file; None: the PC's.
    Raises: UsageError when nothing can be read so; one for the whole file.
    """
    chosen = layout_from_plain(layout)
    stream.seek(0)
    if is_xml(stream.read(SAMPLE)):
        return _parse_answer(stream, chosen, source, name or str(getattr(stream, "name", "")))
    if not is_final and not begins_whole(stream, chosen.encoding):
        return Parsed(position=dict(position))
    chosen = complete(stream, chosen, zone)
    start: Position | None = position_from_plain(position)
    if start is not None and not still_fits(stream, start):
        start = None
    file = CarrierFile(stream, chosen, source, zone=zone, position=start, is_final=is_final)
    found = Parsed(is_from_start=start is None)
    for row in file:
        if isinstance(row.found, RejectedRow):
            found.rejected.append(row.found)
        else:
            found.records.append((row.line_no, row.found))
    return Parsed(found.records, found.rejected, asdict(file.position()), found.is_from_start)


def complete(stream: BinaryIO, layout: Layout, zone: tzinfo | None) -> Layout:
    """The layout with what it leaves open filled in by a look at the file.

    Raises: UsageError when a person must settle something first.
    """
    is_whole = bool(layout.delimiter) and layout.has_header is not None
    if is_whole and layout.columns != Columns():
        return layout
    seen = examine(stream, layout, zone=zone, shown=1)
    if seen.errors:
        error = UsageError(seen.errors[0].code)
        error.params = seen.errors[0].params
        raise error
    return seen.layout


def position_from_plain(plain: Mapping[str, Any]) -> Position | None:
    """The position that was stored; None for an empty one."""
    return Position(**plain) if plain.get("offset") else None


def _parse_answer(stream: BinaryIO, layout: Layout, source: str, name: str) -> Parsed:
    found = Parsed()
    for one in read_answer(stream, layout, source, PurePath(name).name):
        if isinstance(one, RejectedRow):
            found.rejected.append(one)
        else:
            found.records.append((one.package_index or 0, one))
    return found
