"""What the assistant says about layouts, and the values a person can choose."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.services.folder_layout import encodings, programs
from app.services.folder_trial import Trial, TrialRow

BY_PERSON = "Chosen by you."

DELIMITERS = (("Comma  ,", ","), ("Semicolon  ;", ";"), ("Tab", "\t"), ("Bar  |", "|"))
HEADERS = (("Yes", "yes"), ("No", "no"))
DATES = (("As they stand", ""), ("Day first", "dmy"), ("Month first", "mdy"), ("Year first", "ymd"))
MARKS = (("As they stand", ""), ("Point  8.40", "."), ("Comma  8,40", ","))

_ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Western (Windows)",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16, big-endian",
}
_GROWTH = {
    "added": "The program adds to the file",
    "anew": "The program makes a new file each time",
    "unknown": "Whether the program adds to the file is not known",
}
_GROWTH_NOTE = "Both ways are read."


def encoding_entries() -> list[tuple[str, str]]:
    """The encodings, by their names for people."""
    return [(_ENCODINGS.get(one, one), one) for one in encodings()]


def program_entries() -> list[tuple[str, str]]:
    """The carrier programs, by their titles."""
    return [(one.title, one.name) for one in programs()]


def program_title(name: str) -> str:
    """The title of a preset."""
    return next((one.title for one in programs() if one.name == name), "")


def caveat_of(name: str) -> str:
    """The code of what is not verified about a program; empty: nothing."""
    return next((one.caveat for one in programs() if one.name == name), "")


def column_name(header: Sequence[str], at: int) -> str:
    """A column by its heading, else by its number; `at` from 0."""
    name = header[at] if at < len(header) else ""
    return name or f"Column {at + 1}"


def growth(guesses: Mapping[str, tuple[str, str]]) -> str:
    """Whether a program adds to the file, and why that is thought; empty: nobody looked."""
    if "growth" not in guesses:
        return ""
    value, why = guesses["growth"]
    return f"{_GROWTH[value]}: {why[:1].lower()}{why[1:]}. {_GROWTH_NOTE}"


def outcome(row: TrialRow) -> str:
    """What a row would do."""
    if row.will_write:
        return f"Would be written to {row.order}"
    return f"{row.reason}: rejected" if row.is_rejected else row.reason


def count_line(trial: Trial) -> str:
    """The first rows, counted."""
    if not trial.rows:
        return ""
    writes = sum(row.will_write for row in trial.rows)
    rejected = sum(row.is_rejected for row in trial.rows)
    others = len(trial.rows) - writes - rejected
    parts = [f"{writes} would be written"]
    parts += [f"{others} not written (void or return)"] if others else []
    parts += [f"{rejected} rejected"] if rejected else []
    rows = "The first row" if len(trial.rows) == 1 else f"The first {len(trial.rows)} rows"
    return f"{rows}: {', '.join(parts)}"


def shown(value: Any) -> str:
    """A value of a layout in words."""
    entries = (*DELIMITERS, *encoding_entries(), *DATES[1:])
    return next((text for text, data in entries if data == value), str(value))
