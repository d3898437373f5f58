"""Rows of the queue as text and as objects with stable keys."""

from typing import Any

from app.cli.output import block, line
from app.cli.times import ago, in_time, iso
from app.core.backoff import MAX_ATTEMPTS
from app.core.clock import clock_time
from app.core.states import LIVE
from app.core.types import HistoryEntry, Job
from app.services.program import Program
from app.services.queue_view import QueueRow
from app.services.wording import Phase

TITLES = ("Row", "Order", "Tracking", "Connection", "State", "Entered", "Attempts", "Next try")

MOST_ROWS = 1_000_000
"""As good as all of them."""

_MOVING = frozenset({Phase.WAITING, Phase.RETRYING, Phase.SENDING})


def live_rows(program: Program, connection_id: int | None = None) -> list[QueueRow]:
    """Every row that is not settled."""
    return program.queue.rows(tuple(LIVE), connection_id=connection_id, limit=MOST_ROWS)


def row_cells(row: QueueRow, now_ms: int) -> tuple[str, ...]:
    """One line of the list, under TITLES."""
    job = row.job
    return (
        str(job.id),
        job.order_ref,
        job.tracking,
        row.connection,
        row.wording.text,
        ago(job.created_at, now_ms),
        f"{job.attempts} of {MAX_ATTEMPTS}" if job.attempts else "",
        in_time(row.next_try_s) if row.wording.phase in _MOVING else "",
    )


def row_object(row: QueueRow) -> dict[str, Any]:
    """One row for programs; keys are only ever added."""
    job, wording = row.job, row.wording
    return {
        "row": job.id,
        "id": job.public_id,
        "type": job.kind,
        "order": job.order_ref,
        "tracking": job.tracking,
        "connection": row.connection,
        "state": job.state.value,
        "phase": wording.phase.value,
        "text": wording.text,
        "who": _who(row),
        "hint": wording.hint,
        "cause": job.reason_code,
        "since": iso(job.reason_since),
        "attempts": job.attempts,
        "attempts_allowed": MAX_ATTEMPTS,
        "runs": job.runs,
        "removing": job.removing,
        "entered_at": iso(job.created_at),
        "due_at": iso(job.due_at) if wording.phase in _MOVING else None,
        "finished_at": iso(job.finished_at),
        "proof": _proof_object(job),
    }


def _who(row: QueueRow) -> str:
    """Who must act; nobody is asked about a row that is over."""
    over = row.wording.phase in (Phase.DONE, Phase.REMOVED)
    return "" if over else row.wording.who


def _proof_object(job: Job) -> dict[str, Any] | None:
    proof = job.proof
    if proof is None:
        return None
    return {
        "sent": proof.sent,
        "held": proof.held,
        "read_at": iso(proof.read_at),
        "was_there": proof.was_there,
        "remote_id": proof.remote_id,
    }


def entry_object(entry: HistoryEntry, text: str, connection: str) -> dict[str, Any]:
    """One line of history for programs."""
    return {
        "seq": entry.seq,
        "at": iso(entry.at),
        "row": entry.job_id,
        "connection": connection,
        "what": entry.what,
        "text": text,
        "cause": entry.code,
        "params": dict(entry.params),
        "spent": entry.spent,
        "answer": entry.excerpt,
        "actor": entry.actor,
    }


def rows_text(count: int) -> str:
    """ "1 row", "3 rows"."""
    return "1 row" if count == 1 else f"{count} rows"


def title_of(row: QueueRow) -> str:
    """ "Row 3, invoice 316132"."""
    return f"Row {row.job.id}, {row.name}"


def show_row(row: QueueRow, program: Program) -> None:
    """One row with all that is known about it."""
    job, wording = row.job, row.wording
    tracking = f", tracking {job.tracking}" if job.tracking else ""
    line(f"{title_of(row)}{tracking}, {row.connection}")
    line(f"  {wording.text}")
    now = program.clock.now_ms()
    block(
        (
            ("Who must act", _who(row)),
            ("What to do", wording.hint),
            ("Attempts", f"{job.attempts} of {MAX_ATTEMPTS} spent"),
            ("Runs", str(job.runs)),
            ("Next try", in_time(row.next_try_s) if wording.phase in _MOVING else ""),
            ("Entered", ago(job.created_at, now)),
            ("From", program.origins.of(job.id)),
            ("Shipping cost", program.queue.shipping_cost(job)),
            ("Proof", proof_text(job)),
        )
    )
    steps = program.queue.by_hand(job)
    if steps:
        line("  To do it by hand")
        for number, step in enumerate(steps, 1):
            line(f"    {number}. {step}")
    line("  What happened")
    for entry, text in program.queue.timeline(job):
        line(f"    {clock_time(entry.at)}  {entry_text(entry, text)}")


def entry_text(entry: HistoryEntry, text: str) -> str:
    """A line of history with who did it."""
    text = text or entry.what
    return f"{text} (by {entry.actor})" if entry.actor else text


def proof_text(job: Job) -> str:
    """What was sent, and what the remote held when it was read."""
    proof = job.proof
    if proof is None:
        return ""
    held = "; ".join(part.strip() for part in proof.held.splitlines() if part.strip())
    sent = "found there before anything was sent" if proof.was_there else f"sent {proof.sent}"
    return f"{sent}; read back {clock_time(proof.read_at)}: “{held}”"
