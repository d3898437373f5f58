"""Carrier files become shipment records, row by row, in bounded memory."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import BinaryIO, NamedTuple

from app.core.errors import UsageError
from app.core.intake import RejectedRow, ShipmentRecord
from app.integrations.carrier_files.building import Builder
from app.integrations.carrier_files.layout import Layout
from app.integrations.carrier_files.table import Position, RawRow, Table
from app.integrations.carrier_files.text import (
    CHUNK,
    SAMPLE,
    Encoding,
    find_encoding,
    prefix_hash,
    refuse_foreign,
)

_SEP_LINE = "sep="


class ReadRow(NamedTuple):
    """One record or one rejected row. `end` is the byte behind the row: for progress.

    Rows that name several orders come once for each, with the same place.
    """

    found: ShipmentRecord | RejectedRow
    line_no: int
    offset: int
    end: int


def still_fits(stream: BinaryIO, position: Position) -> bool:
    """True when what was read of the file still stands there unchanged, so that reading may go on.

    False: it was rewritten, rotated or cut; read it from the beginning. Moves the stream.
    """
    return position.offset == 0 or prefix_hash(stream, position.offset) == position.prefix_hash


class CarrierFile:
    """One export file, read from the beginning or from a position on. Iterate once.

    Give the `layout` that `examine` returned: delimiter and header must be known. `zone` is that
    of times in the file, None the PC's. `is_final` False: what the file ends in without a line
    break is still being written, and stays unread. The stream is left open.
    Raises: UsageError when no row can be read, with the reason; it is one for the whole file.
    """

    def __init__(
        self,
        stream: BinaryIO,
        layout: Layout,
        source: str,
        *,
        zone: tzinfo | None,
        position: Position | None = None,
        is_final: bool = True,
    ) -> None:
        start = position or Position()
        if not layout.delimiter or layout.has_header is None:
            raise UsageError("file_not_examined")
        stream.seek(0)
        head = stream.read(SAMPLE)
        self._encoding = find_encoding(head, layout.encoding)
        refuse_foreign(head, self._encoding)
        first = _first_row(stream, self._encoding, layout.delimiter)
        self._header = [cell.strip() for cell in first.cells] if layout.has_header else None
        self._builder = Builder(layout, self._header, len(first.cells), source, zone)
        self._builder.run_ref, self._builder.run = start.run_ref, start.run
        self._is_within = False  # a row of several orders is not handed out whole yet
        self._table = self._open(stream, layout.delimiter, start, is_final)

    def _open(self, stream: BinaryIO, delimiter: str, start: Position, is_final: bool) -> Table:
        begin = start if start.offset else Position(offset=self._encoding.bom)
        table = Table(stream, self._encoding.name, delimiter, begin, is_final)
        stream.seek(0)
        left = begin.offset
        while left > 0 and (chunk := stream.read(min(CHUNK, left))):
            table.feed_prefix(chunk)
            left -= len(chunk)
        return table

    @property
    def encoding(self) -> str:
        """The encoding the file is read in."""
        return self._encoding.name

    @property
    def header(self) -> Sequence[str] | None:
        """The header names, None for a file without."""
        return self._header

    def position(self) -> Position:
        """Where a later read may go on, behind the rows that were handed out whole."""
        if not self._is_within:
            self._table.settle()
        return self._table.position(self._builder.run_ref, self._builder.run)

    def __iter__(self) -> Iterator[ReadRow]:
        """Records and rejected rows in the order of the file; blank and header lines left out.

        Raises: UsageError when the file stops being text.
        """
        for row in self._table:
            if not row.fault and self._is_idle(row.cells):
                continue
            place = (row.line_no, row.offset, row.end)
            found = self._builder.build(row)
            if isinstance(found, RejectedRow):
                yield ReadRow(found, *place)
            else:
                for left, record in zip(range(len(found))[::-1], found, strict=True):
                    self._is_within = left > 0
                    yield ReadRow(record, *place)

    def _is_idle(self, cells: list[str]) -> bool:
        if not any(cells):
            return True
        header = self._header
        if header and cells[0].strip() == header[0] and [cell.strip() for cell in cells] == header:
            return True
        return is_sep_line(cells) or not any(map(str.strip, cells))


def is_sep_line(cells: Sequence[str]) -> bool:
    """True for the line in which Excel is told the delimiter: `sep=;`."""
    return cells[0].casefold().startswith(_SEP_LINE) and len("".join(cells)) <= len(_SEP_LINE) + 1


def _first_row(stream: BinaryIO, encoding: Encoding, delimiter: str) -> RawRow:
    """The first row that is not blank. Raises: UsageError when there is none."""
    stream.seek(encoding.bom)
    start = Position(offset=encoding.bom)
    for row in Table(stream, encoding.name, delimiter, start, is_final=True):
        if any(cell.strip() for cell in row.cells) and not is_sep_line(row.cells):
            return row
    raise UsageError("file_empty")
