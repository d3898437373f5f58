"""Several parcels at once, as people paste them: order and tracking number, one pair a line."""

import re
from dataclasses import dataclass

from app.core.carriers import display_name
from app.core.errors import UsageError
from app.core.scanning import Ask, is_surely_label, looks_like_label, read_label, read_order

MOST_LINES = 2000
_BETWEEN = (re.compile(r"\t+"), re.compile(r"\s*;\s*"), re.compile(r"\s*,\s*"), re.compile(r"\s+"))
_TWO = 2
_DOUBTS = {
    Ask.CHECK_DIGIT: "check digit does not fit: compare it with the label",
    Ask.PLACEHOLDER: "looks like a stand-in, not like a number",
    Ask.UNKNOWN: "like no number of a carrier that Backhaul knows",
    Ask.OTHER_CARRIER: "looks like a number of another carrier",
}


@dataclass(frozen=True, slots=True)
class Pasted:
    """One line. `problem`: why it cannot be added, as a code with parameters; else None."""

    text: str
    order: str = ""
    number: str = ""
    carrier: str = ""
    doubt: str = ""
    problem: UsageError | None = None


def read_pasted(text: str) -> list[Pasted]:
    """Every line that is not empty, at most 2,000; a line of headings at the top is left out."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and not any(char.isdigit() for char in lines[0]):
        lines = lines[1:]
    return [_read(line) for line in lines[:MOST_LINES]]


def _read(line: str) -> Pasted:
    cells = _cells(line)
    if len(cells) != _TWO:
        return Pasted(line, problem=UsageError("paste_columns"))
    first, second = cells
    if is_surely_label(first) and not looks_like_label(second):  # the other way round
        first, second = second, first
    try:
        order, label = read_order(first), read_label(second)
    except UsageError as error:
        return Pasted(line, first, second, problem=error)
    doubt = _DOUBTS[label.ask] if label.ask is not None else ""
    return Pasted(line, order, label.number, display_name(label.carrier), doubt)


def _cells(line: str) -> list[str]:
    """By the first separator that stands in the line; numbers may hold the later ones."""
    for between in _BETWEEN:
        if between.search(line):
            return [cell.strip() for cell in between.split(line) if cell.strip()]
    return [line]
