"""How a watch folder is set up, as people type it and as it is stored."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from app.core.errors import UsageError
from app.services.ledger_rows import COLLECT_S

PATTERNS = "*.csv *.txt *.tsv *.tab *.out"
MODES = ("leave", "take")
STARTS = ("now", "days", "all")
_MOST_DAYS, _MOST_COLLECT_S = 3650, 3600.0


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """`mode`: leave files where they are, or take them away when they are read.

    `start`: what of the files that lie there at first is read: nothing ("now"), what is younger
    than `start_days`, or all. `layout`: what a person chose, as `layout_to_plain` stores it;
    `found`: the same with what the first file showed. `patterns`: names of files that are read,
    with * and ?, blanks between. `prefix`, `suffix`: cut off references.
    """

    mode: str = "leave"
    start: str = "now"
    start_days: int = 7
    collect_s: float = COLLECT_S
    patterns: str = PATTERNS
    prefix: str = ""
    suffix: str = ""
    layout: Mapping[str, Any] = field(default_factory=dict)
    found: Mapping[str, Any] = field(default_factory=dict)

    def checked(self) -> "FolderSettings":
        """The same, when everything in it can be used.

        Raises: UsageError naming the setting, its value and the mend.
        """
        _one_of("mode", self.mode, MODES)
        _one_of("start", self.start, STARTS)
        if not 0 < self.start_days <= _MOST_DAYS:
            mend = f"Give a number of days from 1 to {_MOST_DAYS}."
            raise UsageError("bad_value", field="start", value=self.start_days, mend=mend)
        if not 0 <= self.collect_s <= _MOST_COLLECT_S:
            mend = "Give seconds from 0 to 3600."
            raise UsageError("bad_value", field="collect", value=self.collect_s, mend=mend)
        if not self.patterns.split():
            mend = "Give names such as *.csv, with blanks between them."
            raise UsageError("bad_value", field="files", value=self.patterns, mend=mend)
        return self

    def to_plain(self) -> dict[str, Any]:
        """What differs from the defaults, as JSON can hold it."""
        known = asdict(self)
        defaults = asdict(FolderSettings())
        return {name: value for name, value in known.items() if value != defaults[name]}

    def with_changes(self, changes: Mapping[str, Any]) -> "FolderSettings":
        """Other values for some of them.

        Raises: UsageError.
        """
        if "layout" in changes and "found" not in changes:
            changes = {**changes, "found": {}}
        return replace(self, **changes).checked()


def settings_from_plain(plain: Mapping[str, Any]) -> FolderSettings:
    """What `to_plain` wrote; names it does not know are left out."""
    names = {one.name for one in fields(FolderSettings)}
    return FolderSettings(**{name: value for name, value in plain.items() if name in names})


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        mend = f"Choose one of: {', '.join(allowed)}."
        raise UsageError("bad_value", field=name, value=value, mend=mend)
