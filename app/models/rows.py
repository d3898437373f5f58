"""Between table rows and core types: column lists and the functions that read them."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.core.states import JobState
from app.core.types import ConnectionGate, ConnectionInfo, HistoryEntry, Job, Params, Proof

NO_DEADLINE = 9_000_000_000_000_000
"""Stands for "no ship-by time" where an index must sort it last."""

JOB_COLUMNS = (
    "id, public_id, kind, connection_id, order_ref, channel, tracking, payload, state, "
    "created_at, due_at, reason_code, reason_params, reason_since, attempts, lost, runs, deaths, "
    "removing, finished_at, proof"
)

_STATE, _REASON_PARAMS, _REMOVING, _PROOF = (
    JOB_COLUMNS.split(", ").index(name) for name in ("state", "reason_params", "removing", "proof")
)

HISTORY_COLUMNS = (
    "seq, job_id, connection_id, at, what, code, params, started_at, spent, excerpt, actor"
)

CONNECTION_COLUMNS = "id, name, kind, settings, is_practice"

GATE_COLUMNS = (
    "block_code, block_params, block_looks_again, block_since, paused_at, paused_until, failures, "
    "failing_since, held_set_at, held_until"
)


def dump(values: Mapping[str, Any]) -> str:
    """Parameters as JSON; none as the empty text."""
    return json.dumps(dict(values), ensure_ascii=False, separators=(",", ":")) if values else ""


def load(text: str) -> Params:
    """What `dump` wrote."""
    found: Params = json.loads(text) if text else {}
    return found


def dump_proof(proof: Proof | None) -> str | None:
    """A proof as JSON."""
    return None if proof is None else dump(asdict(proof))


def to_job(row: tuple[Any, ...]) -> Job:
    """A row of JOB_COLUMNS."""
    values = list(row)
    values[_STATE] = JobState(row[_STATE])
    values[_REASON_PARAMS] = load(row[_REASON_PARAMS])
    values[_REMOVING] = bool(row[_REMOVING])
    values[_PROOF] = Proof(**json.loads(row[_PROOF])) if row[_PROOF] else None
    return Job(*values)


def to_entry(row: tuple[Any, ...]) -> HistoryEntry:
    """A row of HISTORY_COLUMNS."""
    seq, job_id, connection_id, at, what, code, params, started_at, spent, excerpt, actor = row
    return HistoryEntry(
        seq, job_id, connection_id, at, what, code, load(params), started_at, bool(spent),
        excerpt, actor,
    )  # fmt: skip


def to_connection(row: tuple[Any, ...]) -> ConnectionInfo:
    """A row of CONNECTION_COLUMNS."""
    return ConnectionInfo(row[0], row[1], row[2], load(row[3]), bool(row[4]))


def to_gate(row: tuple[Any, ...]) -> ConnectionGate:
    """A row of GATE_COLUMNS."""
    return ConnectionGate(row[0], load(row[1]), bool(row[2]), *row[3:])
