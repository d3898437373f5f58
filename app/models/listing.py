"""Reads for a window that shows a part of many rows: exact counts, rows by position, causes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.types import Job
from app.models.database import Database
from app.models.rows import JOB_COLUMNS, to_job


class Slice(StrEnum):
    """Which rows a list shows."""

    ALL = "all"  # everything that is not settled
    WAITING = "waiting"  # goes on by itself, nothing was spent
    RETRYING = "retrying"  # at least one attempt was spent
    SENDING = "sending"  # being sent, or being looked up
    NEEDS_YOU = "needs_you"  # only a person can go on
    PARKED = "parked"  # kept by a person, not tried
    DONE = "done"  # confirmed since a moment
    BIN = "bin"  # removed since a moment
    CHOSEN = "chosen"  # rows that were found or counted, by their numbers


@dataclass(frozen=True, slots=True)
class RowFilter:
    """What a list shows. `since_ms`: for DONE and BIN; `ids`: for CHOSEN.

    `connection_id` 0: of all connections.
    """

    slice: Slice = Slice.ALL
    since_ms: int = 0
    ids: tuple[int, ...] = ()
    connection_id: int = 0


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
    oldest_at: int
    ids: tuple[int, ...]


_LIVE = "state IN ('pending', 'in_flight', 'in_doubt', 'failed', 'parked')"
_BLOCKED = "connection_id IN (SELECT id FROM connections WHERE block_code <> '')"
_PAUSED = "connection_id IN (SELECT id FROM connections WHERE paused_at IS NOT NULL)"

# The phases of services/wording.py, in its order; a test holds both against each other.
_PHASES = f"""CASE
 WHEN removing = 1 OR state = 'in_flight' THEN 'sending'
 WHEN state = 'failed' THEN 'needs_you'
 WHEN state = 'parked' THEN 'parked'
 WHEN state = 'in_doubt' AND due_at IS NULL THEN 'needs_you'
 WHEN {_BLOCKED} THEN 'needs_you'
 WHEN state = 'in_doubt' THEN 'sending'
 WHEN reason_code = '' OR attempts = 0 OR {_PAUSED} THEN 'waiting'
 ELSE 'retrying' END"""

# A blocked connection is one cause, whatever its rows waited for before.
_CAUSES = f"""SELECT connection_id, {_PHASES} AS phase,
 CASE WHEN state IN ('pending', 'in_doubt') AND due_at IS NOT NULL AND {_BLOCKED}
  THEN '' ELSE reason_code END AS cause,
 MIN(created_at), group_concat(id)
 FROM jobs INDEXED BY jobs_live WHERE {_LIVE}
 GROUP BY 1, 2, 3 ORDER BY phase <> 'needs_you', COUNT(*) DESC, MIN(id)"""

_BY_ID, _BY_END = ("id",), ("finished_at", "id")


class Listing:
    """Read-only; every call is a few short SELECTs, for a thread aside of the window's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def phases(self) -> list[PhaseCount]:
        """How many rows are in each phase, and how old the oldest is."""
        rows = self._database.read(
            f"SELECT {_PHASES}, COUNT(*), MIN(created_at) "
            f"FROM jobs INDEXED BY jobs_live WHERE {_LIVE} GROUP BY 1"
        )
        return [PhaseCount(Slice(row[0]), row[1], row[2]) for row in rows]

    def count(self, wanted: RowFilter) -> int:
        """How many rows fit, exactly."""
        source, where, parameters = _part(wanted)
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
        keys = _order(wanted)
        sql = f"({', '.join(keys)}) <= ({', '.join('?' * len(keys))})"
        return self._jobs(wanted, sql, _key_of(first, keys), limit, 0)

    def count_above(self, wanted: RowFilter, first: Job) -> int:
        """How many rows stand before that one."""
        keys = _order(wanted)
        source, where, parameters = _part(wanted)
        sql = f"({', '.join(keys)}) > ({', '.join('?' * len(keys))})"
        rows = self._database.read(
            f"SELECT COUNT(*) FROM {source} WHERE {where} AND {sql}",
            (*parameters, *_key_of(first, keys)),
        )
        return int(rows[0][0])

    def ids(self, wanted: RowFilter) -> tuple[int, ...]:
        """The numbers of all rows that fit, in the order of the list."""
        source, where, parameters = _part(wanted)
        order = ", ".join(f"{key} DESC" for key in _order(wanted))
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

    def causes(self) -> list[CauseCount]:
        """What is not settled, by cause: what needs a person first, then the largest."""
        return [
            CauseCount(row[0], Slice(row[1]), row[3], _ids(row[4]))
            for row in self._database.read(_CAUSES)
        ]

    def containing(self, text: str, limit: int) -> list[int]:
        """Numbers of unsettled rows whose order or tracking number contains the text."""
        like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        rows = self._database.read(
            f"SELECT id FROM jobs INDEXED BY jobs_live WHERE {_LIVE} AND "
            "(order_ref LIKE ?1 ESCAPE '\\' OR tracking LIKE ?2 ESCAPE '\\') "
            "ORDER BY id DESC LIMIT ?3",
            (like, like.replace(" ", ""), limit),
        )
        return [row[0] for row in rows]

    def last_success(self) -> tuple[str, int] | None:
        """Order reference and time (ms) of the newest confirmed write-back."""
        rows = self._database.read(
            "SELECT order_ref, finished_at FROM jobs WHERE state = 'succeeded' "
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
        source, where, parameters = _part(wanted)
        direction = "ASC" if backwards else "DESC"
        order = ", ".join(f"{key} {direction}" for key in _order(wanted))
        rows = self._database.read(
            f"SELECT {JOB_COLUMNS} FROM jobs WHERE id IN (SELECT id FROM {source} "
            f"WHERE {where} AND {more} ORDER BY {order} LIMIT ? OFFSET ?) ORDER BY {order}",
            (*parameters, *more_parameters, limit, offset),
        )
        return [to_job(row) for row in rows]


def _part(wanted: RowFilter) -> tuple[str, str, tuple[Any, ...]]:
    """Table with index, condition and parameters of a filter."""
    source, where, parameters = _slice(wanted)
    if wanted.connection_id:
        return source, f"{where} AND connection_id = ?", (*parameters, wanted.connection_id)
    return source, where, parameters


def _slice(wanted: RowFilter) -> tuple[str, str, tuple[Any, ...]]:
    match wanted.slice:
        case Slice.ALL:
            return "jobs INDEXED BY jobs_live", _LIVE, ()
        case Slice.DONE | Slice.BIN:
            state = "succeeded" if wanted.slice is Slice.DONE else "discarded"
            return "jobs", f"state = '{state}' AND finished_at >= ?", (wanted.since_ms,)
        case Slice.CHOSEN:
            known = json.dumps(wanted.ids)
            return "jobs", "id IN (SELECT value FROM json_each(?))", (known,)
        case _:
            where = f"{_LIVE} AND {_PHASES} = ?"
            return "jobs INDEXED BY jobs_live", where, (wanted.slice.value,)


def _order(wanted: RowFilter) -> tuple[str, ...]:
    return _BY_END if wanted.slice in (Slice.DONE, Slice.BIN) else _BY_ID


def _key_of(job: Job, keys: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(job, key) for key in keys)


def _ids(text: str) -> tuple[int, ...]:
    return tuple(sorted(map(int, text.split(",")), reverse=True))
