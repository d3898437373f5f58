"""What becomes of the layout when a person changes one thing on the second page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.services.folder_layout import IGNORED, columns_of, with_role
from app.services.folder_trial import Trial
from app.ui.folder_assistant.found import FIND
from app.ui.folder_assistant.typed import Reading

VOID = "void"
_SHAPE = ("delimiter", "has_header")
"""With another of these the columns are others too."""


def with_value(reading: Reading, name: str, value: str) -> Reading:
    """One setting changed; an empty value or `FIND` leaves it to be found out."""
    if name == "prefix":
        return replace(reading, prefix=value)
    if name == "suffix":
        return replace(reading, suffix=value)
    layout = dict(reading.layout)
    layout.pop(name, None)
    if value not in ("", FIND):
        layout[name] = value == "yes" if name == "has_header" else value
    if name in _SHAPE:
        layout.pop("columns", None)
    return replace(reading, layout=layout, found={})


def with_roles(reading: Reading, roles: Sequence[str], header: Sequence[str]) -> Reading:
    """The columns as a person chose them."""
    layout = {**reading.layout, "columns": columns_of(roles, header)}
    return replace(reading, layout=layout, found={})


def with_void_column(roles: Sequence[str], at: int) -> list[str]:
    """The roles with another column for voids; -1: none."""
    if at < 0:
        return [IGNORED if role == VOID else role for role in roles]
    return with_role(roles, at, VOID)


def why_of(trial: Trial) -> dict[str, tuple[str, str]]:
    """What was found out, by its name: value and why."""
    return {what: (value, why) for what, value, why in reversed(trial.guesses)}


def cut_example(trial: Trial, roles: Sequence[str]) -> str:
    """What cutting off made of an order number in the file; empty: nothing was cut."""
    cells: Mapping[int, Any] = dict(trial.cells)
    if "order" not in roles:
        return ""
    at = list(roles).index("order")
    for row in trial.rows:
        line = cells.get(row.line, ())
        raw = line[at].strip() if at < len(line) else ""
        if raw and row.order and raw.upper() != row.order.upper():
            return f"“{raw}” becomes “{row.order}”."
    return ""
