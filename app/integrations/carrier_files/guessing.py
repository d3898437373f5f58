"""What a file looks like: delimiter, header, columns, date order, decimal mark, each with why."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import UsageError
from app.core.tracking import normalise_tracking
from app.core.types import Params
from app.integrations.carrier_files.layout import Column, Columns, plain_header
from app.integrations.carrier_files.presets import KNOWN_NAMES, NAMES, UNSURE_NAMES
from app.integrations.carrier_files.values import (
    amount_mark,
    read_amount,
    read_void,
    unwrap,
)

REFERENCES = ("order", "reference")
DELIMITERS = ",\t;|"
LOOKED_AT = 5
"""Lines that decide the delimiter."""

_NUMBER_LIKE = re.compile(r"(?=(?:.*\d){5})[A-Z0-9]{8,50}", re.ASCII)
_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|\d{4})(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Guess:
    """One thing that was found out: `what` it is, its `value`, and the code of why."""

    what: str
    value: str
    why: str
    params: Params = field(default_factory=dict)


def guess_delimiter(lines: Sequence[str]) -> Guess:
    """The delimiter that cuts the first lines into the most columns, as many in each line."""
    for line in lines[:1]:
        told = line.strip().casefold()
        if told.startswith("sep=") and len(told) == 5:
            return Guess("delimiter", line.strip()[4], "why_delimiter_told")
    best, most = ",", 1
    for delimiter in DELIMITERS:
        columns = _columns(lines[:LOOKED_AT], delimiter)
        if columns > most:
            best, most = delimiter, columns
    why = "why_delimiter" if most > 1 else "why_delimiter_none"
    return Guess("delimiter", best, why, {"count": most})


def _columns(lines: Sequence[str], delimiter: str) -> int:
    """Columns of the first rows, 0 when they differ; the last row may be half written."""
    try:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter) if any(row)]
    except csv.Error:
        return 0
    if len(counts) > 2:
        counts = counts[:-1]
    return counts[0] if counts and len(set(counts)) == 1 else 0


def guess_header(rows: Sequence[Sequence[str]]) -> Guess:
    """Whether the first row holds names: known ones, or words above numbers."""
    first = [unwrap(cell) for cell in rows[0]] if rows else []
    known = [cell for cell in first if plain_header(cell) in KNOWN_NAMES]
    numbers = sum(map(_is_number_like, first))
    if known and not numbers:
        return Guess("has_header", "yes", "why_header_known", {"names": ", ".join(known[:3])})
    below = any(_is_number_like(unwrap(cell)) for row in rows[1:] for cell in row)
    if below and not numbers and not any(cell.isdecimal() for cell in first):
        return Guess("has_header", "yes", "why_header_words")
    return Guess("has_header", "no", "why_header_none")


def _is_number_like(cell: str) -> bool:
    return bool(_NUMBER_LIKE.fullmatch(normalise_tracking(cell)))


class _Proposer:
    """Proposes columns by their names; a column is proposed for one meaning only."""

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self._header, self._rows = header, rows
        self._names = [plain_header(name) for name in header]
        self._taken: set[int] = set()

    def first(self, meaning: str) -> int | None:
        """The best column for a meaning, from 0."""
        at = next(self._proposals(meaning), None)
        if at is not None:
            self._taken.add(at)
        return at

    def all(self, *meanings: str) -> list[int]:
        """Every column for one of the meanings, the best first."""
        found = [at for meaning in meanings for at in self._proposals(meaning)]
        return list(dict.fromkeys(found))

    def column(self, at: int) -> Column:
        """The name of a column, or its number where the name stands twice."""
        return at + 1 if self._names.count(self._names[at]) > 1 else self._header[at]

    def _proposals(self, meaning: str) -> Iterator[int]:
        for name in NAMES[meaning]:
            for at, plain in enumerate(self._names):
                is_free = plain == name and at not in self._taken
                if is_free and _bears_out(meaning, name, self._rows, at):
                    yield at


def guess_columns(
    header: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[Columns, list[Guess]]:
    """Which column holds what, by the names of the header, and by the cells where a name is vague.

    A name that stands twice in the header is proposed by number.
    """
    proposer = _Proposer(header, rows)
    found: dict[str, Any] = {}
    guesses: list[Guess] = []
    for meaning in NAMES:
        at = None if meaning in REFERENCES else proposer.first(meaning)
        if at is not None:
            found[meaning] = proposer.column(at)
            guesses.append(Guess(meaning, header[at], "why_column_name"))
    places = proposer.all(*REFERENCES)
    found["references"] = tuple(map(proposer.column, places))
    for nth, at in enumerate(places):
        why = "why_further" if nth else "why_order_name"
        guesses.append(Guess("references", header[at], why))
    return Columns(**found), guesses


def guess_date_order(cells: Iterable[str]) -> Guess | None:
    """The order of day and month, where a day above twelve gives it away.

    None: no date needs to know. An empty value: it cannot be told from these dates.
    """
    parts = [found.groups() for found in map(_DATE.match, cells) if found]
    if not parts:
        return None
    firsts = any(int(first) > 12 for first, _, _ in parts)
    seconds = any(int(second) > 12 for _, second, _ in parts)
    if firsts == seconds:
        return Guess("date_order", "", "date_order_open")
    return Guess("date_order", "dmy" if firsts else "mdy", "why_date_order")


def guess_decimal_mark(cells: Iterable[str]) -> Guess | None:
    """The decimal mark of amounts; None and an empty value as `guess_date_order`."""
    cells = [cell for cell in cells if "." in cell or "," in cell]
    if not cells:
        return None
    marks = {mark for mark in map(amount_mark, cells) if mark}
    if len(marks) != 1:
        return Guess("decimal_mark", "", "amount_mark_open")
    return Guess("decimal_mark", marks.pop(), "why_decimal_mark")


def _bears_out(meaning: str, name: str, rows: Sequence[Sequence[str]], at: int) -> bool:
    """False for a column whose name may mean something else, and whose cells say so."""
    if name not in UNSURE_NAMES:
        return True
    cells = [unwrap(row[at]) for row in rows if at < len(row)]
    if meaning == "void":
        return all(_reads(read_void, cell) for cell in cells)
    if meaning == "cost":
        return all(_reads(read_amount, cell) or amount_mark(cell) == "" for cell in cells)
    if meaning == "master_tracking":
        return any(map(_is_number_like, cells))
    return True


def _reads(read: Callable[[str], object], cell: str) -> bool:
    try:
        read(cell)
    except UsageError:
        return False
    return True
