"""Which other process holds the data file for writing, where the system tells."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

_WAL_WRITER = (120, 120)  # the byte of FILE-shm that a writer locks while the log is in use
_WHOLE_FILE = (0x40000000, 0x400001FF)  # bytes of FILE that whoever writes without it locks
# Source: https://www.sqlite.org/walformat.html (WAL locks), https://www.sqlite.org/fileformat2.html


def find_holder(path: Path, table: Callable[[], str] | None = None) -> int | None:
    """The process that is writing the data file now; None: nobody, this one, or unknown.

    Only Linux tells. The file itself is not opened: closing it would free our own locks on it.
    """
    places = {}
    for file, part in ((Path(f"{path}-shm"), _WAL_WRITER), (path, _WHOLE_FILE)):
        try:
            places[file.stat().st_ino] = part
        except OSError:
            continue
    for pid, inode, first, last in _write_locks((table or _lock_table)()):
        if inode not in places or pid == os.getpid():
            continue
        begins, ends = places[inode]
        if first <= ends and last >= begins:
            return pid
    return None


def _write_locks(table: str) -> Iterator[tuple[int, int, int, float]]:
    """Process, inode and the bytes it has locked, of each exclusive lock that is held."""
    for line in table.splitlines():
        fields = line.split()
        if len(fields) != 8 or fields[1] == "->" or fields[3] != "WRITE":
            continue
        _, _, _, _, pid, place, first, last = fields
        end = float("inf") if last == "EOF" else float(last)
        if int(pid) > 0:  # else of a process this one may not see
            yield int(pid), int(place.rpartition(":")[2]), int(first), end


def _lock_table() -> str:
    try:
        return Path("/proc/locks").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
