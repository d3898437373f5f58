"""A look at a file before it is read: what it is, what was guessed and why, what to watch for."""

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from itertools import islice
from typing import BinaryIO

from app.core.errors import UsageError
from app.core.intake import RejectedRow
from app.core.tracking_families import recognise
from app.core.types import Params
from app.integrations.carrier_files.guessing import (
    Guess,
    guess_columns,
    guess_date_order,
    guess_decimal_mark,
    guess_delimiter,
    guess_header,
)
from app.integrations.carrier_files.layout import (
    Column,
    Columns,
    Layout,
    find_column,
    plain_header,
)
from app.integrations.carrier_files.noticing import guess_growth, guess_program, guess_void_mark
from app.integrations.carrier_files.presets import PRESETS
from app.integrations.carrier_files.reader import CarrierFile, ReadRow, is_sep_line
from app.integrations.carrier_files.table import Position, RawRow, Table
from app.integrations.carrier_files.text import (
    SAMPLE,
    Encoding,
    find_encoding,
    iter_lines,
    refuse_foreign,
)
from app.integrations.carrier_files.values import unwrap

SHOWN = 20
"""Rows in a preview."""

_LOOKED_AT = 500  # rows that guesses are made from


@dataclass(frozen=True, slots=True)
class Note:
    """A code of the words of this package, with its parameters."""

    code: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examination:
    """What a look at the beginning of a file showed.

    `layout` has everything filled in that could be found out: show it, keep it, read with it.
    `rows` are the first cells as they stand there, without the header; `found` is what they
    become. `errors` must be mended before the file can be read; `warnings` are for a person.
    """

    layout: Layout
    header: tuple[str, ...] = ()  # empty: the file has none
    width: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[int, ...] = ()  # of `rows`, from 1
    found: tuple[ReadRow, ...] = ()
    guesses: tuple[Guess, ...] = ()
    warnings: tuple[Note, ...] = ()
    errors: tuple[Note, ...] = ()

    @property
    def is_ready(self) -> bool:
        """True when the file can be read with the layout."""
        return not self.errors


def examine(
    stream: BinaryIO, layout: Layout, *, zone: tzinfo | None, shown: int = SHOWN
) -> Examination:
    """Look at a delimited file's beginning; what `layout` leaves open is found out.

    Columns are proposed only where it has none at all, so that a person may leave one away.
    Raises: UsageError when the file is empty or no text.
    """
    stream.seek(0)
    head = stream.read(SAMPLE)
    encoding = find_encoding(head, layout.encoding)
    refuse_foreign(head, encoding)
    lines = [line.text for line in islice(iter_lines(_at(head, encoding), encoding.name), 50)]
    guesses = [Guess("encoding", encoding.name, f"why_encoding_{encoding.why}")]
    layout = replace(layout, encoding=encoding.name)
    if not layout.delimiter:
        guesses.append(guess_delimiter([line for line in lines if line.strip()]))
        layout = replace(layout, delimiter=guesses[-1].value)
    rows = _sample(head, encoding, layout.delimiter)
    if layout.has_header is None:
        guesses.append(guess_header([row.cells for row in rows]))
        layout = replace(layout, has_header=guesses[-1].value == "yes")
    return _Look(stream, layout, rows, guesses, zone).finish(shown)


def _at(head: bytes, encoding: Encoding) -> io.BytesIO:
    return io.BytesIO(head[encoding.bom :])


def _sample(head: bytes, encoding: Encoding, delimiter: str) -> list[RawRow]:
    is_whole = len(head) < SAMPLE
    table = Table(_at(head, encoding), encoding.name, delimiter, Position(), is_final=is_whole)
    rows = (row for row in table if any(cell.strip() for cell in row.cells))
    return [row for row in islice(rows, _LOOKED_AT) if not is_sep_line(row.cells)]


class _Look:
    """The second half of a look: columns, what their cells say, and a trial."""

    def __init__(
        self,
        stream: BinaryIO,
        layout: Layout,
        rows: list[RawRow],
        guesses: list[Guess],
        zone: tzinfo | None,
    ) -> None:
        self._stream, self._layout, self._zone, self._guesses = stream, layout, zone, guesses
        first = rows[0].cells if rows else []
        self._width = len(first)
        self._header = tuple(cell.strip() for cell in first) if layout.has_header else ()
        below = [row for row in rows[1:] if not self._is_header(row)] if self._header else rows
        self._repeats = len(rows) - 1 - len(below) if self._header else 0
        self._lines = [row.line_no for row in below]
        self._rows = [row.cells for row in below]
        self._warnings: list[Note] = []
        self._errors: list[Note] = []

    def finish(self, shown: int) -> Examination:
        """Guess what is left, try it on the first rows."""
        self._fill_columns()
        self._fill_dates()
        self._fill_amounts()
        self._notice()
        found: tuple[ReadRow, ...] = ()
        try:
            file = CarrierFile(self._stream, self._layout, "", zone=self._zone)
            found = tuple(islice(file, shown))
        except UsageError as error:
            self._errors.append(Note(error.code, error.params))
        self._warn(found)
        return Examination(
            layout=self._layout,
            header=self._header,
            width=self._width,
            rows=tuple(tuple(cells) for cells in self._rows[:shown]),
            lines=tuple(self._lines[:shown]),
            found=found,
            guesses=tuple(self._guesses),
            warnings=tuple(self._warnings),
            errors=tuple(self._errors),
        )

    def _fill_columns(self) -> None:
        if self._layout.columns == Columns() and self._header:
            columns, guesses = guess_columns(self._header, self._rows)
            self._layout = replace(self._layout, columns=columns)
            self._guesses += guesses
        preset = PRESETS.get(self._layout.preset)
        columns = self._layout.columns
        if preset and preset.carrier and not self._layout.carrier and columns.carrier is None:
            self._layout = replace(self._layout, carrier=preset.carrier)
            self._guesses.append(Guess("carrier", preset.carrier, "why_carrier_preset"))

    def _fill_dates(self) -> None:
        layout = self._layout
        if layout.date_order or layout.date_format:
            return
        guess = guess_date_order(self._cells(layout.columns.ship_date))
        if guess and guess.value:
            self._layout = replace(layout, date_order=guess.value)
            self._guesses.append(guess)
        elif guess:
            self._errors.append(Note(guess.why))

    def _fill_amounts(self) -> None:
        if self._layout.decimal_mark:
            return
        guess = guess_decimal_mark(self._cells(self._layout.columns.cost))
        if guess and guess.value:
            self._layout = replace(self._layout, decimal_mark=guess.value)
            self._guesses.append(guess)
        elif guess:
            self._errors.append(Note(guess.why))

    def _notice(self) -> None:
        layout, columns = self._layout, self._layout.columns
        if not layout.preset:
            self._guesses.append(guess_program(self._header, self._cells(columns.tracking)))
        marks = guess_void_mark(self._cells(columns.void), layout.void_value)
        days = self._cells(columns.ship_date)
        self._guesses += [one for one in (marks, guess_growth(days, self._repeats)) if one]

    def _is_header(self, row: RawRow) -> bool:
        return tuple(map(str.strip, row.cells)) == self._header

    def _cells(self, column: Column | None) -> list[str]:
        if column is None:
            return []
        try:
            at = find_column(column, self._header or None, self._width)
        except UsageError:
            return []  # the trial says so
        return [unwrap(row[at]) for row in self._rows if at < len(row) and row[at].strip()]

    def _warn(self, found: Sequence[ReadRow]) -> None:
        layout, columns = self._layout, self._layout.columns
        preset = PRESETS.get(layout.preset)
        if preset and preset.caveat:
            self._warnings.append(Note(preset.caveat))
        if preset and preset.needs_void and columns.void is None:
            self._warnings.append(Note("void_unmapped"))
        if columns.ship_date is None:
            self._warnings.append(Note("date_unmapped"))
        if columns.carrier is None and not layout.carrier:
            self._warnings.append(Note("carrier_unmapped"))
        counts = Counter(map(plain_header, self._header))
        twice = [name for name in self._header if counts[plain_header(name)] > 1]
        if twice:
            self._warnings.append(Note("header_twice", {"names": ", ".join(dict.fromkeys(twice))}))
        self._warn_of_rows(found)

    def _warn_of_rows(self, found: Sequence[ReadRow]) -> None:
        bad = [one for one in found if isinstance(one.found, RejectedRow)]
        if bad:
            params = {"count": len(bad), "total": len(found), "line": bad[0].line_no}
            self._warnings.append(Note("rows_rejected", params))
        records = [one.found for one in found if not isinstance(one.found, RejectedRow)]
        if records and not any(recognise(record.tracking) for record in records):
            self._warnings.append(Note("tracking_unlike", {"example": records[0].tracking}))
