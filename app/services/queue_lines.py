"""Rows, causes and one row in full as the window paints them: every text ready to show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from app.core.backoff import MAX_ATTEMPTS
from app.core.clock import clock_time
from app.core.states import JobState
from app.core.types import HistoryEntry, Job
from app.models.listing import CauseCount, Kinds
from app.services.queue_view import QueueRow
from app.services.tracking_facts import TrackingFacts
from app.services.wording import Phase

_MOVING = frozenset({Phase.WAITING, Phase.RETRYING, Phase.SENDING})


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it is painted. `due_at`: ms, for a countdown; else `when` says it."""

    id: int
    title: str  # "Invoice 316132"
    reason: str
    tracking: str
    connection: str
    attempts: str
    when: str
    due_at: int | None
    phase: Phase
    is_locked: bool  # somebody holds the record at the remote
    row: QueueRow


@dataclass(frozen=True, slots=True)
class CauseGroup:
    """Rows with one cause at one connection; `ids` are exactly the rows that were counted.

    `key` is the same while rows come and go; `ids` go from the newest to the oldest.
    """

    key: str
    title: str
    connection: str
    who: str
    hint: str
    since: str
    phase: Phase
    is_stopped: bool  # the whole connection stands still: trying these rows again is no help
    ids: tuple[int, ...]
    kinds: Kinds  # the same rows by where they stand, which says what can be done with them


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a row's timeline."""

    at: str
    text: str
    is_bad: bool
    is_good: bool


@dataclass(frozen=True, slots=True)
class Detail:
    """One row with all that is known about it, in words."""

    line: Line
    facts: tuple[tuple[str, str], ...]
    proof: str
    timeline: tuple[Happening, ...]
    tracking: TrackingFacts


def to_line(row: QueueRow, now: int) -> Line:
    job, phase = row.job, row.wording.phase
    due = None
    if row.next_try_s is not None and phase in _MOVING:
        due = now + round(row.next_try_s * 1000)
    when = "" if due is not None else _when(row)
    return Line(
        job.id,
        row.title,
        row.wording.text,
        job.tracking,
        row.connection,
        f"{job.attempts} of {MAX_ATTEMPTS}",
        when,
        due,
        phase,
        phase is Phase.WAITING and bool(job.reason_params.get("held_by")),
        row,
    )


def _when(row: QueueRow) -> str:
    if row.job.state is JobState.IN_FLIGHT:
        return "now"
    if row.wording.phase in (Phase.DONE, Phase.REMOVED) and row.job.finished_at:
        return clock_time(row.job.finished_at)
    return "—"


def to_group(counted: CauseCount, oldest: QueueRow) -> CauseGroup:
    wording = oldest.wording
    return CauseGroup(
        f"{counted.connection_id}/{counted.slice}/{counted.code}",
        wording.text,
        oldest.connection,
        wording.who,
        wording.hint,
        clock_time(counted.oldest_at),
        wording.phase,
        wording.phase is Phase.NEEDS_YOU and oldest.job.state is JobState.PENDING,
        counted.ids,
        counted.kinds,
    )


def _facts(
    line: Line, cost: str, tracking: TrackingFacts, origin: str
) -> tuple[tuple[str, str], ...]:
    job, wording = line.row.job, line.row.wording
    over = wording.phase in (Phase.DONE, Phase.REMOVED)
    found = (
        ("Tracking", line.tracking),
        ("Carrier", tracking.carrier),
        ("Shipping cost", cost),
        ("Connection", line.connection),
        ("Who must act", "" if over else wording.who),
        ("Attempts", f"{line.attempts} spent"),
        ("Entered", clock_time(job.created_at)),
        ("From", origin),
        ("Row", str(job.id)),
    )
    return tuple((name, value) for name, value in found if value)


def proof_of(job: Job) -> str:
    """What was sent and what the remote held when it was read back; empty: no proof."""
    proof = job.proof
    if proof is None:
        return ""
    held = "; ".join(part.strip() for part in proof.held.splitlines() if part.strip())
    sent = "Found there before anything was sent" if proof.was_there else f"Sent {proof.sent}"
    return f"{sent}. Read back {clock_time(proof.read_at)}: “{held}”"


def to_detail(
    line: Line,
    story: Sequence[tuple[HistoryEntry, str]],
    cost: str = "",
    tracking: TrackingFacts | None = None,
    origin: str = "",
) -> Detail:
    """One row in full, what happened last first; `cost`: of shipping, `origin`: where it came
    from, both in words."""
    tracking = tracking or TrackingFacts()
    return Detail(
        line,
        _facts(line, cost, tracking, origin),
        proof_of(line.row.job),
        tuple(_without_repeats([_happening(entry, text) for entry, text in reversed(story)])),
        tracking,
    )


def _without_repeats(story: Sequence[Happening]) -> Iterator[Happening]:
    """What happened many times in a row is one line: a lock is looked at for hours."""
    for _, run in groupby(story, key=lambda one: (one.text, one.is_bad, one.is_good)):
        times = list(run)
        newest, oldest = times[0], times[-1]
        if len(times) == 1:
            yield newest
        else:
            at = newest.at if newest.at == oldest.at else f"{oldest.at} to {newest.at}"
            yield replace(newest, at=f"{at}, {len(times)} times")


def _happening(entry: HistoryEntry, text: str) -> Happening:
    by = f" (by {entry.actor})" if entry.actor else ""
    return Happening(
        clock_time(entry.at),
        f"{text or entry.what}{by}",
        is_bad=entry.what.endswith("_failed") or entry.spent,
        is_good=entry.what.endswith("_succeeded"),
    )
