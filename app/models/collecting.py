"""Parcels of one shipment wait for each other, so that they are sent together."""

import json
import sqlite3
from typing import NamedTuple

from app.models.rows import dump

_COLLECTING = (
    "SELECT id, reason_params FROM jobs WHERE state <> 'discarded' AND state = 'pending' "
    "AND reason_code IN ('collecting', 'collecting_rest') "
    "AND idempotency_key >= ?1 || '/' || ?2 || '/' "
    "AND idempotency_key < ?1 || '/' || ?2 || '0' AND channel = ?2"
)
_WAIT_ON = (
    "UPDATE jobs SET due_set_at = ?1, due_at = ?2, reason_code = ?3, reason_params = ?4 "
    "WHERE id = ?5"
)
_MINUTE_S, _AS_SECONDS_S = 60, 120


class Wait(NamedTuple):
    """How long from now, and why; 0 and empty where there is nothing to wait for."""

    ms: int
    code: str = ""
    params: str = ""


def wait_for(group: str, *, here: int, packages: int, collect_ms: int) -> Wait:
    """What a group with `here` parcels waits for; `packages` of them are expected, 0: unknown."""
    if 0 < packages <= here or not collect_ms:
        return Wait(0)
    code = "collecting_rest" if packages else "collecting"
    known = {"group": group, "packages": packages, "here": here, "wait": _span(collect_ms)}
    return Wait(collect_ms, code, dump(known))


def waiting(
    connection: sqlite3.Connection, connection_id: int, channel: str, group: str
) -> list[int]:
    """The jobs of a group that wait for more of it."""
    rows = connection.execute(_COLLECTING, (connection_id, channel))
    return [job_id for job_id, params in rows.fetchall() if json.loads(params)["group"] == group]


def wait_on(connection: sqlite3.Connection, job_id: int, wait: Wait, now: int) -> None:
    """Let a job that waits begin to wait anew, or start."""
    connection.execute(_WAIT_ON, (now, now + wait.ms, wait.code, wait.params, job_id))


def _span(ms: int) -> str:
    seconds = ms / 1000
    return f"{seconds:g} s" if seconds < _AS_SECONDS_S else f"{seconds / _MINUTE_S:g} min"
