"""What stands in the assistant, as plain values: read from a folder, and stored as one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.services.connection_setup import name_problem
from app.services.folder_settings import FolderSettings
from app.services.folder_trial import Trial
from app.services.folders import FolderStatus

_DEFAULTS = FolderSettings()


@dataclass(frozen=True, slots=True)
class Typed:
    """The first page: which folder, for whom, and how its files are treated. Days and seconds."""

    path: str = ""
    name: str = ""
    connection_id: int = 0
    mode: str = _DEFAULTS.mode
    start: str = _DEFAULTS.start
    start_days: int = _DEFAULTS.start_days
    patterns: str = _DEFAULTS.patterns
    collect_s: float = _DEFAULTS.collect_s
    anyway: bool = False  # also when it cannot be read now

    @property
    def folder(self) -> Path:
        """The path, with the home folder for ~."""
        return folder_of(self.path)


@dataclass(frozen=True, slots=True)
class Reading:
    """The second page: how files are read. `layout`: what a person chose, the rest is found out.

    `found`: what the first file of a stored folder showed; empty as soon as something is changed.
    `sample`: a file from elsewhere to look at.
    """

    layout: Mapping[str, Any] = field(default_factory=dict)
    found: Mapping[str, Any] = field(default_factory=dict)
    prefix: str = ""
    suffix: str = ""
    sample: Path | None = None


def folder_of(text: str) -> Path:
    """A path as a person types it."""
    return Path(text.strip()).expanduser()


def path_problem(text: str, taken: Mapping[Path, str]) -> str:
    """What is wrong with a path; `taken`: the folders that are watched, with their names."""
    if not text.strip():
        return "Choose the folder into which the carrier program exports."
    try:
        folder = folder_of(text)
    except RuntimeError:  # no such person's home
        return f"“{text.strip()}” is no path that is known here. Give the whole path."
    if not folder.is_absolute():
        return f"“{text.strip()}” is not a whole path. Give it from the beginning, or use Browse."
    if folder in taken:
        return f"“{taken[folder]}” watches this folder already. Choose another folder."
    return ""


def folder_name_problem(name: str, taken: frozenset[str]) -> str:
    """What is wrong with a name; `taken`: those of other folders, case folded."""
    if name.strip().casefold() in taken:
        return f"There is already a watch folder “{name.strip()}”. Give another name."
    return name_problem(name, frozenset())


def proposed_name(path: str, taken: frozenset[str]) -> str:
    """The last part of the path, with a number where it is taken."""
    try:
        base = folder_of(path).name or path.strip()
    except RuntimeError:
        return ""
    names = [base, *(f"{base} {number}" for number in range(2, 100))]
    return next((name for name in names if name.casefold() not in taken), base)


def stored(status: FolderStatus) -> tuple[Typed, Reading]:
    """A folder as it would be typed."""
    folder, kept = status.folder, status.settings
    typed = Typed(
        folder.path, folder.name, folder.connection_id, kept.mode, kept.start, kept.start_days,
        kept.patterns, kept.collect_s,
    )  # fmt: skip
    return typed, Reading(dict(kept.layout), dict(kept.found), kept.prefix, kept.suffix)


def settings_of(typed: Typed, reading: Reading, trial: Trial | None = None) -> FolderSettings:
    """The settings; `trial`: a look at a file, whose answers later files are read by."""
    return FolderSettings(
        mode=typed.mode,
        start=typed.start,
        start_days=typed.start_days,
        collect_s=typed.collect_s,
        patterns=typed.patterns.strip(),
        prefix=reading.prefix,
        suffix=reading.suffix,
        layout=dict(reading.layout),
        found=_found(reading, trial),
    )


def _found(reading: Reading, trial: Trial | None) -> dict[str, Any]:
    if reading.found:
        return dict(reading.found)
    is_known = trial is not None and bool(trial.file) and not trial.errors
    return dict(trial.layout) if trial is not None and is_known else {}


def changes_of(before: FolderSettings, after: FolderSettings) -> dict[str, Any]:
    """What of the settings differs; what was found out goes with the layout only."""
    names = ("mode", "patterns", "collect_s", "prefix", "suffix", "layout")
    found = {n: getattr(after, n) for n in names if getattr(after, n) != getattr(before, n)}
    if "layout" in found:
        found["found"] = after.found
    return found
