"""What will be stored, in words: all of it for a new folder, what changes for one that is there."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.folder_layout import IGNORED, ROLES
from app.services.folder_trial import Trial
from app.ui.folder_assistant import words
from app.ui.folder_assistant.typed import Reading, Typed

_MODES = {
    "leave": "stay where they are",
    "take": "move into “done” when they are read, into “failed” when they cannot be read",
}
_ROLES = dict(ROLES)
_KEYS = {
    "preset": "Carrier program",
    "delimiter": "Columns are parted by",
    "encoding": "Encoding",
    "has_header": "First row holds names",
    "date_order": "Dates",
    "decimal_mark": "Decimal mark",
    "void_value": "Void is marked by",
    "separator": "Several orders parted by",
    "carrier": "Carrier",
}


@dataclass(frozen=True, slots=True)
class Whole:
    """Both pages, with the name of the connection, and the last look at a file."""

    typed: Typed
    reading: Reading
    target: str
    trial: Trial | None = None
    roles: Sequence[str] = ()


def in_words(now: Whole) -> list[tuple[str, str]]:
    """A new folder, point by point: title and sentence."""
    typed, reading, trial = now.typed, now.reading, now.trial
    points = [
        ("Folder", f"{typed.path}, called “{typed.name}”."),
        ("Where it goes", f"Tracking numbers are written to {now.target}."),
        ("What lies there already", _start(typed)),
        ("Files", f"{typed.patterns}. They {_MODES[typed.mode]}."),
    ]
    program = words.program_title(str(reading.layout.get("preset", "")))
    if trial is None or not trial.file:
        text = "Found out with the first file. Rows that cannot be read wait for you."
        points.append(("How they are read", f"From {program}. {text}" if program else text))
        return points
    points.append(("How they are read", _how(trial, program)))
    if not trial.is_answer:
        points.append(("Columns", _columns(trial, now.roles)))
    cut = [f"“{part}”" for part in (reading.prefix, reading.suffix) if part]
    if cut:
        points.append(("Cut off order numbers", " and ".join(cut)))
    points.append((trial.file, _sample(trial, typed)))
    return points


def _sample(trial: Trial, typed: Typed) -> str:
    counted = words.count_line(trial)
    if not counted:
        return "It holds no rows yet."
    if typed.start in ("all", "days"):
        return f"{counted}."
    return f"{counted}. It is only a sample: of what lies there now nothing is read."


def differences(before: Whole, now: Whole) -> list[tuple[str, str]]:
    """What is other than it was: title, and old and new."""
    a, b = before.typed, now.typed
    found = [
        ("Folder", a.path, b.path),
        ("Name", a.name, b.name),
        ("Where it goes", before.target or "nowhere", now.target),
        ("Files that were read", f"They {_MODES[a.mode]}", f"they {_MODES[b.mode]}"),
        ("Which files", a.patterns, b.patterns),
        ("Wait for further parcels", f"{a.collect_s:g} s", f"{b.collect_s:g} s"),
        ("Cut off in front", _quoted(before.reading.prefix), _quoted(now.reading.prefix)),
        ("Cut off at the end", _quoted(before.reading.suffix), _quoted(now.reading.suffix)),
    ]
    one, other = before.reading.layout, now.reading.layout
    for key, title in _KEYS.items():
        found.append((title, _value(one.get(key)), _value(other.get(key))))
    changes = [(title, f"{old} → {new}") for title, old, new in found if old.lower() != new.lower()]
    if one.get("columns") != other.get("columns"):
        told = _columns(now.trial, now.roles) if now.trial else "found by their names"
        changes.append(("Columns", told))
    return changes


def _start(typed: Typed) -> str:
    if typed.start == "all":
        return "All of it is read."
    if typed.start == "days":
        days = "the last day" if typed.start_days == 1 else f"the last {typed.start_days} days"
        return f"What comes from {days} is read."
    return "Nothing of it is read, only what comes from now on."


def _how(trial: Trial, program: str) -> str:
    if trial.is_answer:
        return "As the answer of WorldShip in XML: the file name is the order number."
    layout = trial.layout
    parts = [program] if program else []
    parts.append(f"parted by {words.shown(layout.get('delimiter')).split('  ')[0].lower()}")
    parts.append(words.shown(layout.get("encoding")))
    parts.append("with a row of names" if layout.get("has_header") else "without a row of names")
    if layout.get("void_value"):
        parts.append(f"“{layout['void_value']}” marks a void")
    whole = ", ".join(parts)
    return f"{whole[:1].upper()}{whole[1:]}."


def _columns(trial: Trial, roles: Sequence[str]) -> str:
    named = [
        f"{_ROLES[role]}: “{words.column_name(trial.header, at)}”"
        for at, role in enumerate(roles)
        if role != IGNORED
    ]
    return f"{', '.join(named)}." if named else "None is chosen."


def _value(value: object) -> str:
    if value in (None, ""):
        return "found out"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return words.program_title(str(value)) or words.shown(value)


def _quoted(text: str) -> str:
    return f"“{text}”" if text else "nothing"
