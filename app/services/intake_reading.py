"""The carrier file reader as intake uses it: all rows of a file from where it was left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from app.core.intake import RejectedRow
from app.integrations.carrier_files import PRESETS as PRESETS
from app.integrations.carrier_files import Examination as Examination
from app.integrations.carrier_files import (
    complete,
    examine,
    is_whole,
    is_xml,
    layout_from_plain,
    layout_to_plain,
    parse,
)
from app.services.intake import NumberedRecord

_HEAD = 64


@dataclass(frozen=True, slots=True)
class Readout:
    """What was found from a position on, and the position to go on from.

    `layout`: as it was read, with what was found out on the way.
    """

    records: Sequence[NumberedRecord]
    rejected: Sequence[RejectedRow]
    position: Mapping[str, Any]
    layout: Mapping[str, Any]
    is_from_start: bool  # the whole file was read, not only what was appended


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
    if not is_answer(stream):
        layout = layout_to_plain(complete(stream, layout_from_plain(layout), None))
    found = parse(stream, layout, source, position, is_final=is_final, name=name)
    return Readout(found.records, found.rejected, found.position, layout, found.is_from_start)


def is_answer(stream: BinaryIO) -> bool:
    """True for an XML file, as WorldShip writes it in answer to ours. Moves the stream."""
    stream.seek(0)
    return is_xml(stream.read(_HEAD))


def is_whole_answer(stream: BinaryIO) -> bool:
    """True when an XML file is written to its end. Moves the stream."""
    return is_whole(stream)


def look_at(stream: BinaryIO, layout: Mapping[str, Any], shown: int) -> Examination:
    """What a file is, for a person to confirm.

    Raises: UsageError when it is empty or no text.
    """
    return examine(stream, layout_from_plain(layout), zone=None, shown=shown)


def plain_layout(seen: Examination) -> dict[str, Any]:
    """The layout that was found, as it is stored."""
    return layout_to_plain(seen.layout)
