"""Which files of a watch folder are there, and which of them are finished.

Source: shipment intake contract, B1 rules 2, 3 and 8.
"""

import fnmatch
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SETTLE_S = 2.0
"""Size and time must stand still so long, and over two looks."""

SLOW_S = 600.0
"""A file that is not finished after so long is told."""

_IGNORED = ("*.tmp", "*.part", "*.crdownload", "~$*", ".~lock*", ".*", "thumbs.db", "desktop.ini")
_HIDDEN = 2  # the attribute of Windows


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as the folder lists it; `mtime` in nanoseconds."""

    name: str
    size: int
    mtime: int


@dataclass(slots=True)
class _Watched:
    seen: Seen
    still_since: float  # monotonic: this size and time were first seen then
    looks: int
    first_at: float  # the file is unfinished since then


class Readiness:
    """What the last looks at one folder saw; times are monotonic seconds."""

    def __init__(self) -> None:
        self._watched: dict[str, _Watched] = {}

    def look(self, seen: Seen, now: float) -> float | None:
        """Seconds since when the file stands still; None: not over two looks, or too short."""
        known = self._watched.get(seen.name)
        if known is None or known.seen != seen:
            first_at = known.first_at if known else now
            self._watched[seen.name] = _Watched(seen, now, 1, first_at)
            return None
        known.looks += 1
        still_s = now - known.still_since
        if seen.size == 0 or still_s < SETTLE_S:
            return None
        return still_s

    def is_slow(self, name: str, now: float) -> bool:
        """True when the file has been unfinished for ten minutes."""
        known = self._watched.get(name)
        return known is not None and now - known.first_at >= SLOW_S

    def done(self, name: str) -> None:
        """The file was read as it is now."""
        self._watched.pop(name, None)

    def unfinished(self) -> list[str]:
        """Names of files that are waited for."""
        return sorted(self._watched)

    def keep(self, names: set[str]) -> set[str]:
        """Forget files that are gone; returns their names."""
        gone = set(self._watched) - names
        for name in gone:
            del self._watched[name]
        return gone


def list_files(folder: Path, patterns: str) -> list[Seen]:
    """The files that a folder is watched for, by time, then name; never what is below it.

    Raises: OSError when the folder cannot be listed.
    """
    wanted = patterns.lower().split()
    found = list(_files(folder, wanted))
    return sorted(found, key=lambda seen: (seen.mtime, seen.name))


def _files(folder: Path, wanted: list[str]) -> Iterator[Seen]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name.lower()
            if _is_ignored(name) or not any(fnmatch.fnmatchcase(name, one) for one in wanted):
                continue
            try:
                if not entry.is_file():
                    continue
                facts = entry.stat()
            except FileNotFoundError:  # gone since
                continue
            if not getattr(facts, "st_file_attributes", 0) & _HIDDEN:
                yield Seen(entry.name, facts.st_size, facts.st_mtime_ns)


def _is_ignored(name: str) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in _IGNORED)


def mount_of(folder: Path) -> str:
    """The disk or share that a folder lies on, by the path where it is mounted.

    A share that is not mounted leaves an empty folder behind: then this is another path.
    """
    place = folder.absolute()
    while not place.is_mount() and place != place.parent:
        place = place.parent
    return str(place)
