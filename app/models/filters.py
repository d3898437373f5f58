"""Which rows a list shows, and the parts of SQL that say so."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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


ENDED = frozenset({Slice.DONE, Slice.BIN})
"""Lists of what is settled: in the order in which it ended, and without causes."""


@dataclass(frozen=True, slots=True)
class RowFilter:
    """What a list shows. `since_ms`: for DONE and BIN; `ids`: for CHOSEN.

    `connection_id` 0: of all connections.
    """

    slice: Slice = Slice.ALL
    since_ms: int = 0
    ids: tuple[int, ...] = ()
    connection_id: int = 0


LIVE = "state IN ('pending', 'in_flight', 'in_doubt', 'failed', 'parked')"
LISTED = "(priority = 10 OR state IN ('failed', 'parked') OR state = 'in_doubt' AND due_at IS NULL)"
"""Of what is live: write-backs, and of other jobs what needs a person, or was kept by one."""
WRITE_BACKS = "priority = 10"
REMOVED = "(priority = 10 OR reason_code NOT IN ('product_superseded', 'products_route_removed'))"
"""Of what is in the bin: what a person may want back."""
SHOWN = f"{LIVE} AND {LISTED}"
_BLOCKED = "connection_id IN (SELECT id FROM connections WHERE block_code <> '')"
_PAUSED = "connection_id IN (SELECT id FROM connections WHERE paused_at IS NOT NULL)"

# The phases of services/wording.py, in its order; a test holds both against each other.
PHASES = f"""CASE
 WHEN state = 'succeeded' THEN 'done'
 WHEN state = 'discarded' THEN 'bin'
 WHEN removing = 1 OR state = 'in_flight' THEN 'sending'
 WHEN state = 'failed' THEN 'needs_you'
 WHEN state = 'parked' THEN 'parked'
 WHEN state = 'in_doubt' AND due_at IS NULL THEN 'needs_you'
 WHEN {_BLOCKED} THEN 'needs_you'
 WHEN state = 'in_doubt' THEN 'sending'
 WHEN reason_code = '' OR attempts = 0 OR {_PAUSED} THEN 'waiting'
 ELSE 'retrying' END"""

# A connection that is blocked or paused is one cause, whatever its rows waited for before; and
# what is said of a row that is being sent, parked or settled does not name a cause.
CAUSE = f"""CASE
 WHEN removing = 1 THEN 'removing'
 WHEN state NOT IN ('pending', 'in_doubt', 'failed') THEN ''
 WHEN state = 'pending' AND ({_BLOCKED} OR {_PAUSED}) THEN ''
 WHEN state = 'in_doubt' AND due_at IS NOT NULL AND {_BLOCKED} THEN ''
 ELSE reason_code END"""

_BY_ID, _BY_END = ("id",), ("finished_at", "id")


def part_of(wanted: RowFilter) -> tuple[str, str, tuple[Any, ...]]:
    """Table with index, condition and parameters of a filter."""
    source, where, parameters = _slice(wanted)
    if wanted.connection_id:
        return source, f"{where} AND connection_id = ?", (*parameters, wanted.connection_id)
    return source, where, parameters


def order_of(wanted: RowFilter) -> tuple[str, ...]:
    """The columns by which a list is ordered, all descending."""
    return _BY_END if wanted.slice in ENDED else _BY_ID


def _slice(wanted: RowFilter) -> tuple[str, str, tuple[Any, ...]]:
    since = (wanted.since_ms,)
    match wanted.slice:
        case Slice.ALL:
            return "jobs INDEXED BY jobs_live", SHOWN, ()
        case Slice.DONE:
            where = f"state = 'succeeded' AND finished_at >= ? AND {WRITE_BACKS}"
            return "jobs", where, since
        case Slice.BIN:
            return "jobs", f"state = 'discarded' AND finished_at >= ? AND {REMOVED}", since
        case Slice.CHOSEN:
            known = json.dumps(wanted.ids)
            return "jobs", "id IN (SELECT value FROM json_each(?))", (known,)
        case _:
            where = f"{SHOWN} AND {PHASES} = ?"
            return "jobs INDEXED BY jobs_live", where, (wanted.slice.value,)
