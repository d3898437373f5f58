"""Reads for a window that shows a part of many rows: exact counts, rows by position, causes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.core.states import JobState
from app.core.tracking import label_number, normalise_tracking
from app.core.types import Job
from app.models.database import Database, Row
from app.models.filters import CAUSE, ENDED, LIVE, PHASES, SHOWN, WRITE_BACKS, order_of, part_of
from app.models.filters import RowFilter as RowFilter
from app.models.filters import Slice as Slice
from app.models.rows import JOB_COLUMNS, to_job


@dataclass(frozen=True, slots=True)
class PhaseCount:
    """Rows of one phase that are not settled; the slice has the name of the phase."""

    slice: Slice
    count: int
    oldest_at: int


@dataclass(frozen=True, slots=True)
class CauseCount:
    """Rows with one cause at one connection, newest first."""

    connection_id: int
    slice: Slice
    code: str  # of the reason; empty where the rows themselves have none in common
    oldest_at: int
    ids: tuple[int, ...]
    kinds: "Kinds"


class Standing(NamedTuple):
    """Where a row stands, as far as acts ask. `is_undecided`: only a person can go on."""

    state: JobState
    is_undecided: bool
    is_removing: bool


Kinds = tuple[tuple[Standing, tuple[int, ...]], ...]
"""Rows by where they stand, the newest first in each."""

_STANDING = "state, state = 'in_doubt' AND due_at IS NULL, removing"


class Listing:
    """Read-only; every call is a few short SELECTs, for a thread aside of the window's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def phases(self) -> list[PhaseCount]:
        """How many rows are in each phase, and how old the oldest is."""
        rows = self._database.read(
            f"SELECT {PHASES}, COUNT(*), MIN(created_at) "
            f"FROM jobs INDEXED BY jobs_live WHERE {SHOWN} GROUP BY 1"
        )
        return [PhaseCount(Slice(row[0]), row[1], row[2]) for row in rows]

    def count(self, wanted: RowFilter) -> int:
        """How many rows fit, exactly."""
        source, where, parameters = part_of(wanted)
        sql = f"SELECT COUNT(*) FROM {source} WHERE {where}"
        return int(self._database.read(sql, parameters)[0][0])

    def at(self, wanted: RowFilter, offset: int, limit: int, total: int) -> list[Job]:
        """Rows by position; `total` lets the second half be read from its end."""
        backwards = offset > total // 2
        if backwards:
            limit = min(limit, total - offset)
            offset = max(0, total - offset - limit)
        found = self._jobs(wanted, "1", (), limit, offset, backwards=backwards)
        return found[::-1] if backwards else found

    def from_row(self, wanted: RowFilter, first: Job, limit: int) -> list[Job]:
        """Rows from that one on (it may be gone itself)."""
        keys = order_of(wanted)
        sql = f"({', '.join(keys)}) <= ({', '.join('?' * len(keys))})"
        return self._jobs(wanted, sql, _key_of(first, keys), limit, 0)

    def count_above(self, wanted: RowFilter, first: Job) -> int:
        """How many rows stand before that one."""
        keys = order_of(wanted)
        source, where, parameters = part_of(wanted)
        sql = f"({', '.join(keys)}) > ({', '.join('?' * len(keys))})"
        rows = self._database.read(
            f"SELECT COUNT(*) FROM {source} WHERE {where} AND {sql}",
            (*parameters, *_key_of(first, keys)),
        )
        return int(rows[0][0])

    def ids(self, wanted: RowFilter) -> tuple[int, ...]:
        """The numbers of all rows that fit, in the order of the list."""
        source, where, parameters = part_of(wanted)
        order = ", ".join(f"{key} DESC" for key in order_of(wanted))
        rows = self._database.read(
            f"SELECT id FROM {source} WHERE {where} ORDER BY {order}", parameters
        )
        return tuple(row[0] for row in rows)

    def jobs(self, ids: Sequence[int]) -> list[Job]:
        """Those jobs, newest first; numbers that are unknown are left out."""
        rows = self._database.read(
            f"SELECT {JOB_COLUMNS} FROM jobs WHERE id IN (SELECT value FROM json_each(?)) "
            "ORDER BY id DESC",
            (json.dumps(list(ids)),),
        )
        return [to_job(row) for row in rows]

    def causes(self, wanted: RowFilter) -> list[CauseCount]:
        """The rows of a list by cause: what needs a person first, then the largest.

        Lists of what has ended have no causes: nothing is returned for them.
        """
        if wanted.slice in ENDED:
            return []
        source, where, parameters = part_of(wanted)
        rows = self._database.read(
            f"SELECT connection_id, {PHASES}, {CAUSE}, MIN(created_at), {_STANDING}, "
            f"group_concat(id) FROM {source} WHERE {where} GROUP BY 1, 2, 3, 5, 6, 7",
            parameters,
        )
        found: dict[tuple[int, str, str], list[Row]] = {}
        for row in rows:
            found.setdefault(row[:3], []).append(row)
        counted = [_cause(parts) for parts in found.values()]
        counted.sort(key=lambda one: (one.slice is not Slice.NEEDS_YOU, -len(one.ids), one.ids[-1]))
        return counted

    def standings(self, ids: Sequence[int]) -> Kinds:
        """Those rows by where they stand now; numbers that are unknown are left out."""
        rows = self._database.read(
            f"SELECT {_STANDING}, group_concat(id) FROM jobs "
            "WHERE id IN (SELECT value FROM json_each(?)) GROUP BY 1, 2, 3",
            (json.dumps(list(ids)),),
        )
        return tuple(_kind(row) for row in rows)

    def containing(self, text: str, limit: int) -> list[int]:
        """Numbers of unsettled rows whose order or tracking number contains the text.

        For tracking numbers blanks, hyphens and what a barcode puts around them do not count.
        """
        number = label_number(normalise_tracking(text))
        rows = self._database.read(
            f"SELECT id FROM jobs INDEXED BY jobs_live WHERE {SHOWN} AND "
            "(order_ref LIKE ?1 ESCAPE '\\' OR tracking LIKE ?2 ESCAPE '\\') UNION "
            "SELECT j.id FROM products_sent p JOIN jobs j ON j.id = p.job_id "
            f"WHERE p.sku LIKE ?1 ESCAPE '\\' AND {LIVE} ORDER BY 1 DESC LIMIT ?3",
            (_containing(text), _containing(number) if number else None, limit),
        )
        return [row[0] for row in rows]

    def last_success(self) -> tuple[str, int] | None:
        """Order reference and time (ms) of the newest confirmed write-back."""
        rows = self._database.read(
            f"SELECT order_ref, finished_at FROM jobs WHERE state = 'succeeded' AND {WRITE_BACKS} "
            "AND finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1"
        )
        return (str(rows[0][0]), int(rows[0][1])) if rows else None

    def _jobs(
        self,
        wanted: RowFilter,
        more: str,
        more_parameters: tuple[Any, ...],
        limit: int,
        offset: int,
        *,
        backwards: bool = False,
    ) -> list[Job]:
        """Their numbers by the index first, then the rows themselves."""
        source, where, parameters = part_of(wanted)
        direction = "ASC" if backwards else "DESC"
        order = ", ".join(f"{key} {direction}" for key in order_of(wanted))
        rows = self._database.read(
            f"SELECT {JOB_COLUMNS} FROM jobs WHERE id IN (SELECT id FROM {source} "
            f"WHERE {where} AND {more} ORDER BY {order} LIMIT ? OFFSET ?) ORDER BY {order}",
            (*parameters, *more_parameters, limit, offset),
        )
        return [to_job(row) for row in rows]


def _containing(text: str) -> str:
    """A pattern for LIKE with `\\` as its escape."""
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


def _key_of(job: Job, keys: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(job, key) for key in keys)


def _cause(parts: Sequence[Row]) -> CauseCount:
    """One cause of the rows that SQL counted by cause and standing."""
    kinds = tuple(_kind(row[4:]) for row in parts)
    ids = kinds[0][1]
    if len(kinds) > 1:
        ids = tuple(sorted((job_id for _, part in kinds for job_id in part), reverse=True))
    oldest_at = min(row[3] for row in parts)
    return CauseCount(parts[0][0], Slice(parts[0][1]), parts[0][2], oldest_at, ids, kinds)


def _kind(row: Row) -> tuple[Standing, tuple[int, ...]]:
    return Standing(JobState(row[0]), bool(row[1]), bool(row[2])), _ids(row[3])


def _ids(text: str) -> tuple[int, ...]:
    return tuple(sorted(map(int, text.split(",")), reverse=True))
