"""What else a file shows: which program wrote it, how it marks voids, whether it is added to.

Nothing of it decides how a file is read; a person sees it, with why.
"""

import re
from collections import Counter
from collections.abc import Sequence

from app.core.errors import UsageError
from app.core.tracking import normalise_tracking
from app.core.tracking_policy import carrier_of
from app.integrations.carrier_files.guessing import Guess
from app.integrations.carrier_files.layout import plain_header
from app.integrations.carrier_files.presets import PRESETS
from app.integrations.carrier_files.values import read_void

ADDED, UNKNOWN = "added", "unknown"

_WORLDSHIP_NAMES = frozenset(
    map(
        plain_header,
        (
            "Void Indicator", "ShipmentProcess Timestamp", "Lead Tracking Number",
            "Package Reference Charge", "Billing Option",
        ),
    )
)  # fmt: skip
"""Fields as WorldShip calls them. Source: shipment intake contract, C1."""

_DAY = re.compile(r"\d{8}|\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}", re.ASCII)


def guess_program(header: Sequence[str], numbers: Sequence[str]) -> Guess:
    """The preset that fits: by names only one program has, else by the carrier of every number."""
    names = [name for name in header if plain_header(name) in _WORLDSHIP_NAMES]
    if names:
        return Guess("looks_like", "worldship", "why_program_names", {"names": ", ".join(names)})
    carriers = {carrier_of(normalise_tracking(cell)) for cell in numbers}
    for preset in PRESETS.values():
        if preset.carrier and carriers == {preset.carrier.casefold()}:
            carrier = {"carrier": preset.carrier}
            return Guess("looks_like", preset.name, "why_program_numbers", carrier)
    return Guess("looks_like", "generic", "why_program_unknown")


def guess_void_mark(cells: Sequence[str], chosen: str) -> Guess | None:
    """The words that mark a void in these cells; None: there is no such column, or it is empty."""
    if chosen:
        return Guess("void_value", chosen, "why_void_set")
    marks: Counter[str] = Counter()
    unknown: list[str] = []
    for cell in cells:
        try:
            marks[cell] += read_void(cell)
        except UsageError:
            unknown.append(cell)
    if unknown:
        words = ", ".join(list(dict.fromkeys(unknown))[:3])
        return Guess("void_value", "", "why_void_unknown", {"words": words})
    found = +marks
    if found:
        values = ", ".join(found)
        return Guess("void_value", values, "why_void_marks", {"count": found.total()})
    return Guess("void_value", "", "why_void_no_marks") if cells else None


def guess_growth(days: Sequence[str], repeats: int) -> Guess:
    """Whether a program adds to this file. `repeats`: how often its header stands in it again."""
    if repeats:
        return Guess("growth", ADDED, "why_growth_header", {"count": repeats + 1})
    found = filter(None, (_DAY.match(cell.strip()) for cell in days))
    if len({day[0] for day in found}) > 1:
        return Guess("growth", ADDED, "why_growth_days")
    return Guess("growth", UNKNOWN, "why_growth_open")
