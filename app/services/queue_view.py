"""The queue as people use it: rows in words, one row with its history, and what they do to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.clock import Clock
from app.core.details import build_details, build_diagnosis
from app.core.errors import UsageError
from app.core.events import EventBus, JobChanged
from app.core.job_types import job_type, payload_of, shipment_of
from app.core.quantities import plain
from app.core.states import LIVE, JobState
from app.core.types import ORDER_POST, ConnectionGate, HistoryEntry, Job
from app.models.acts import Acted as Acted
from app.models.acts import Acts
from app.models.history import History
from app.services.connections import ConnectionService
from app.services.headlines import HEADLINES
from app.services.tracking_facts import Link, TrackingFacts, facts_of
from app.services.wording import Wording, Wordsmith
from app.services.write_back import to_job

Say = Callable[[Job, ConnectionGate, str], Wording]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row, ready to show; the raw job beside its words."""

    job: Job
    connection: str
    order_noun: str
    wording: Wording
    next_try_s: float | None  # None: nothing happens by itself

    @property
    def name(self) -> str:
        """What it is about: "invoice 316132", "product CARDS-500"."""
        return job_type(self.job.kind).called(self.order_noun, self.job.order_ref)

    @property
    def title(self) -> str:
        """ "Invoice 316132", "Product CARDS-500"."""
        return f"{self.name[:1].upper()}{self.name[1:]}"


class QueueView:
    """Reads and acts on jobs for the window and the command line alike."""

    def __init__(
        self,
        history: History,
        acts: Acts,
        connections: ConnectionService,
        wordsmith: Wordsmith,
        bus: EventBus,
        clock: Clock,
        version: str,
    ) -> None:
        self._history = history
        self._acts = acts
        self._connections = connections
        self._wordsmith = wordsmith
        self._bus = bus
        self._clock = clock
        self._version = version

    def rows(
        self,
        states: Sequence[JobState] = tuple(LIVE),
        *,
        connection_id: int | None = None,
        limit: int = 1000,
    ) -> list[QueueRow]:
        """Rows in those states, newest first."""
        return self._rows(self._history.jobs(states, connection_id=connection_id, limit=limit))

    def search(self, text: str) -> list[QueueRow]:
        """Every row that has this number, whatever became of it."""
        return self._rows(self._history.search(text))

    def one(self, text: str) -> QueueRow:
        """The row a person means by a row number, copied id, order or tracking number.

        Of several rows of one order the write-backs are meant, and of those the live one, if
        there is just one.
        Raises: UsageError when none fits, or more than one.
        """
        found = self.search(text)
        if not found:
            raise UsageError("job_missing", job=text)
        for prefers in (_is_write_back, _is_live):
            if len(found) > 1:
                found = [row for row in found if prefers(row)] or found
        if len(found) > 1:
            raise UsageError("job_ambiguous", job=text, count=len(found))
        return found[0]

    def in_words(self, jobs: Sequence[Job]) -> list[QueueRow]:
        """Those jobs, ready to show."""
        return self._rows(jobs)

    def causes_in_words(self, jobs: Sequence[Job]) -> list[QueueRow]:
        """One row per job, in words that hold for all of its cause."""
        return self._rows(jobs, self._wordsmith.cause)

    def timeline(self, job: Job) -> list[tuple[HistoryEntry, str]]:
        """All that happened to a row, in order, each with its sentence."""
        return [(entry, self._sentence(entry)) for entry in self._history.of_job(job.id)]

    def tracking_facts(self, job: Job, link: Link) -> TrackingFacts:
        """What its tracking number tells by itself."""
        return facts_of(job, self._wordsmith, link)

    def by_hand(self, job: Job) -> Sequence[str]:
        """How a person confirms a failed row in the other system itself, step by step."""
        undecided = job.state is JobState.IN_DOUBT and job.due_at is None
        if job.state is not JobState.FAILED and not undecided:
            return ()
        kind, settings = self._connections.ways_of(job.connection_id)
        payload, in_words = payload_of(job), job_type(job.kind).by_hand
        if in_words is None:
            return kind.by_hand(payload, settings, job.reason_code)
        return (f"In {kind.title}, {in_words(payload)}", "Close this row with Done by hand")

    def shipping_cost(self, job: Job) -> str:
        """What the carrier charged, and why that is not sent where it is not; may be empty."""
        shipment = shipment_of(job)
        cost = shipment.cost if shipment else None
        if cost is None:
            return ""
        why = self._connections.why_kept(job.connection_id, "cost")
        return f"{cost:f}, kept here and not sent: {why}" if why else f"{cost:f}"

    def why(self, error: UsageError) -> str:
        """Why a row was left alone, in one line."""
        said = self._wordsmith.say(error.code, error.params)
        return f"{said.summary}. {said.hint}".rstrip(". ")

    def log(self, limit: int) -> list[tuple[HistoryEntry, str]]:
        """The last entries of everything."""
        return [(entry, self._sentence(entry)) for entry in self._history.recent(limit)]

    def _sentence(self, entry: HistoryEntry) -> str:
        head = HEADLINES.get(entry.what, entry.what)
        if not entry.code:
            about = "; ".join(
                str(value) if name == "reason" else f"{name.replace('_', ' ')} {value}"
                for name, value in entry.params.items()
            )
            return f"{head}: {about}" if about else head
        said = self._wordsmith.say(entry.code, entry.params)
        return f"{head}: {said.summary}" if head else said.summary

    def details(self, job: Job) -> str:
        """The text behind "Copy details"."""
        return build_details(job.public_id, job.kind, self._data(job))

    def diagnosis(self, job: Job) -> str:
        """The second object of "Copy with diagnosis"; never a secret, never a payload."""
        row = self._rows([job])[0]
        return build_diagnosis(
            {
                "state": job.state.value,
                "cause": job.reason_code,
                "said": row.wording.text,
                "attempts": job.attempts,
                "runs": job.runs,
                "system": row.connection,
                "version": self._version,
                "history": [
                    {"at": entry.at, "what": entry.what, "cause": entry.code}
                    for entry, _ in self.timeline(job)
                ],
            }
        )

    def _data(self, job: Job) -> Mapping[str, Any]:
        data = job_type(job.kind).data or self._connections.kind_of(job.connection_id).details
        return data(payload_of(job))

    def retry(self, jobs: Sequence[Job], actor: str) -> list[Acted]:
        """Pending again with five new attempts."""
        return self._did(jobs, self._acts.retry([job.id for job in jobs], actor))

    def discard(self, jobs: Sequence[Job], actor: str) -> list[Acted]:
        """Into the bin."""
        return self._did(jobs, self._acts.discard([job.id for job in jobs], actor))

    def restore(self, jobs: Sequence[Job], actor: str) -> list[Acted]:
        """Out of the bin."""
        return self._did(jobs, self._acts.restore([job.id for job in jobs], actor))

    def park(self, jobs: Sequence[Job], actor: str) -> list[Acted]:
        """Kept, not tried."""
        return self._did(jobs, self._acts.park([job.id for job in jobs], actor))

    def done(self, jobs: Sequence[Job], reason: str, actor: str) -> list[Acted]:
        """Closed as done by hand."""
        return self._did(jobs, self._acts.done([job.id for job in jobs], reason, actor))

    def edit(self, job: Job, changes: Mapping[str, Any], actor: str) -> Acted:
        """Correct the shipment of a row and try again; `changes` are fields of Shipment.

        A row of another type is left alone.
        """
        before = shipment_of(job)
        if before is None:
            return Acted(job.id, error=UsageError("job_not_shipment"))
        after = before._replace(**changes)
        changed = to_job(job.connection_id, after)
        words = {
            name: f"{_in_words(getattr(before, name))} → {_in_words(getattr(after, name))}"
            for name in changes
        }
        return self._did([job], [self._acts.edit(job.id, changed, actor, words)])[0]

    def _did(self, jobs: Sequence[Job], acted: list[Acted]) -> list[Acted]:
        owners = {job.id: job.connection_id for job in jobs}
        for act in acted:
            if act.state is not None:
                self._bus.publish(JobChanged(act.job_id, owners[act.job_id], act.state))
        return acted

    def _rows(self, jobs: Sequence[Job], say: Say | None = None) -> list[QueueRow]:
        now = self._clock.now_ms()
        gates = {i: self._connections.gate(i) for i in {job.connection_id for job in jobs}}
        nouns = {i: self._connections.kind_of(i).order_noun for i in gates}
        names = self._connections.names()
        say = say or self._wordsmith.row
        found = []
        for job in jobs:
            gate = gates[job.connection_id]
            name = names.get(job.connection_id, "?")
            next_try_s = _next_try_s(job, gate, now)
            wording = say(job, gate, name)
            found.append(QueueRow(job, name, nouns[job.connection_id], wording, next_try_s))
        return found


def _is_write_back(row: QueueRow) -> bool:
    return row.job.kind == ORDER_POST


def _is_live(row: QueueRow) -> bool:
    return row.job.state in LIVE


def _in_words(value: object) -> str:
    """One fact of a shipment as the history tells it."""
    if isinstance(value, tuple):
        value = ", ".join(f"{plain(line.quantity)} {line.item}" for line in value)
    return "nothing" if value in (None, "") else str(value)


def _next_try_s(job: Job, gate: ConnectionGate, now: int) -> float | None:
    waits = job.state in (JobState.PENDING, JobState.IN_DOUBT) and job.due_at is not None
    if not waits or gate.is_blocked or gate.paused_at is not None:
        return None
    return max(0, max(job.due_at or 0, gate.held_until) - now) / 1000
