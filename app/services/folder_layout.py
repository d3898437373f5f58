"""Which column of a carrier file holds what, as a person chooses it column by column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.errors import UsageError
from app.integrations import carrier_files

IGNORED, ORDER, FURTHER = "", "order", "reference"

ROLES = (
    (IGNORED, "Not read"),
    (ORDER, "Order or invoice"),
    ("tracking", "Tracking number"),
    ("void", "Void"),
    ("service", "Service"),
    ("ship_date", "Ship date"),
    ("carrier", "Carrier"),
    (FURTHER, "Further reference"),
    ("packages", "Number of packages"),
    ("package_index", "Which package"),
    ("master_tracking", "Lead tracking number"),
    ("shipment_id", "Shipment id"),
    ("weight", "Weight"),
    ("cost", "Cost"),
    ("currency", "Currency"),
)
"""Every role a column can have, with its name for people."""

_REFERENCES = "references"


@dataclass(frozen=True, slots=True)
class Program:
    """A carrier program that writes such files. `caveat`: the code of what is not verified."""

    name: str
    title: str
    caveat: str


def programs() -> list[Program]:
    """Those that are known more or less; the last one stands for any other."""
    return [Program(p.name, p.title, p.caveat) for p in carrier_files.PRESETS.values()]


def encodings() -> tuple[str, ...]:
    """The encodings files are read in."""
    return carrier_files.ENCODINGS


def roles_of(layout: Mapping[str, Any], header: Sequence[str], width: int) -> list[str]:
    """The role of each column of a file with this header and this many columns."""
    found = [IGNORED] * width
    for name, column in _chosen(layout):
        try:
            found[carrier_files.find_column(column, header or None, width)] = name
        except UsageError:
            continue  # the look at the file says so
    return found


def _chosen(layout: Mapping[str, Any]) -> list[tuple[str, str | int]]:
    columns = dict(layout.get("columns", {}))
    order, *further = columns.pop(_REFERENCES, ()) or (None,)
    pairs = [*columns.items(), *((FURTHER, one) for one in further), (ORDER, order)]
    return [(name, column) for name, column in pairs if column is not None]


def with_role(roles: Sequence[str], at: int, role: str) -> list[str]:
    """The roles after a person gave column `at` (from 0) another one.

    Only further references may be several: else the column that had the role before is not read
    any more; of an order number a further reference is left.
    """
    found = list(roles)
    if role not in (IGNORED, FURTHER):
        left = FURTHER if role == ORDER else IGNORED
        found = [left if one == role else one for one in found]
    found[at] = role
    return found


def columns_of(roles: Sequence[str], header: Sequence[str]) -> dict[str, Any]:
    """The columns as a layout stores them: by name where it is the only one of that name."""
    found: dict[str, Any] = {}
    names = [carrier_files.plain_header(name) for name in header]
    references: list[str | int] = []
    for at, role in enumerate(roles):
        is_named = at < len(names) and names[at] and names.count(names[at]) == 1
        column = header[at] if is_named else at + 1
        if role == ORDER:
            references.insert(0, column)
        elif role == FURTHER:
            references.append(column)
        elif role:
            found[role] = column
    if references and ORDER in roles:
        found[_REFERENCES] = references
    return found
