"""Records put in order for their way in: groups together, the lead number first, in commits.

A lead number that is read later than parcels of its group follows them: rows keep their place
for good, and a target holds every number of the group whatever came first.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from app.core.intake import ShipmentRecord, group_key
from app.core.tracking import clean_order_ref

NumberedRecord = tuple[int, ShipmentRecord]
"""A record with the row of the file it came from, counted from 1; 0: from no file."""

CHUNK_ROWS = 100
"""Rows of one commit: it holds the write gate for about a hundredth of a second."""

_WINDOW_ROWS = 5000


def order_ref(text: str, prefix: str = "", suffix: str = "") -> str:
    """An order reference as people see it, without what a source puts around it; may be empty."""
    found = clean_order_ref(text)
    if prefix and found.upper().startswith(prefix.upper()):
        found = clean_order_ref(found[len(prefix) :])
    if suffix and found.upper().endswith(suffix.upper()):
        found = clean_order_ref(found[: -len(suffix)])
    return found


def in_groups(records: Iterable[NumberedRecord]) -> Iterator[list[NumberedRecord]]:
    """Records by group, in the order in which each began; in a group the lead number first.

    They are looked at in windows: what is in memory at once stays small.
    """
    rest = iter(records)
    while window := list(islice(rest, _WINDOW_ROWS)):
        groups: dict[str, list[NumberedRecord]] = {}
        for one in window:
            groups.setdefault(group_key(one[1]), []).append(one)
        for group in groups.values():
            if len(group) > 1:
                group.sort(key=_place)
            yield group


def _place(numbered: NumberedRecord) -> tuple[bool, int]:
    record = numbered[1]
    return record.tracking != record.master_tracking, record.package_index or 1 << 30


def chunks_of(groups: Iterable[list[NumberedRecord]]) -> Iterator[list[NumberedRecord]]:
    """Groups put together to commits; one that is larger than a commit is divided."""
    chunk: list[NumberedRecord] = []
    for group in groups:
        for start in range(0, len(group), CHUNK_ROWS):
            part = group[start : start + CHUNK_ROWS]
            if chunk and len(chunk) + len(part) > CHUNK_ROWS:
                yield chunk
                chunk = []
            chunk += part
    if chunk:
        yield chunk
