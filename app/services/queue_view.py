"""The queue as people use it: rows in words, one row with its history, and what they do to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.clock import Clock
from app.core.details import build_details, build_diagnosis
from app.core.errors import UsageError
from app.core.events import EventBus, JobChanged
from app.core.payload import load_shipment
from app.core.quantities import plain
from app.core.states import LIVE, JobState
from app.core.types import ConnectionGate, HistoryEntry, Job
from app.models.acts import Acted as Acted
from app.models.acts import Acts
from app.models.history import History
from app.services.connections import ConnectionService
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

        Of several rows of one order the live one is meant, if there is just one.
        Raises: UsageError when none fits, or more than one.
        """
        found = self.search(text)
        if not found:
            raise UsageError("job_missing", job=text)
        if len(found) > 1:
            found = [row for row in found if row.job.state in LIVE] or found
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
        return kind.by_hand(load_shipment(job.payload), settings, job.reason_code)

    def shipping_cost(self, job: Job) -> str:
        """What the carrier charged, and why that is not sent where it is not; may be empty."""
        cost = load_shipment(job.payload).cost
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
        kind = self._connections.kind_of(job.connection_id)
        return kind.details(load_shipment(job.payload))

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
        """Correct the shipment of a row and try again; `changes` are fields of Shipment."""
        before = load_shipment(job.payload)
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


HEADLINES = {
    "entered": "Entered",
    "entered_again": "Entered again; it was here already, nothing was added",
    "updated": "The carrier's file says otherwise now",
    "voided": "Its label was voided",
    "replaces": "Takes the place of a voided label",
    "run_succeeded": "Written and read back",
    "run_pending": "",
    "run_failed": "Failed",
    "run_in_doubt": "Sent, no answer",
    "look_succeeded": "Looked: it is there",
    "look_pending": "Looked",
    "look_in_doubt": "Could not look",
    "look_failed": "Failed",
    "found_in_doubt": "",
    "found_failed": "Failed",
    "retry": "Set to be tried again",
    "discard": "Removed",
    "restore": "Put back",
    "park": "Parked",
    "done_by_hand": "Done by hand",
    "edit": "Corrected",
    "folder_added": "Watch folder added",
    "folder_changed": "Watch folder changed",
    "folder_removed": "Watch folder removed",
    "local_intake_on": "Local intake switched on",
    "local_intake_off": "Local intake switched off",
    "local_intake_key": "Local intake: another key",
    "connection_added": "Connected",
    "connection_changed": "Settings changed",
    "connection_removed": "Connection removed",
    "connection_blocked": "Connection stopped",
    "connection_unblocked": "Connection works again",
    "connection_paused": "Connection paused",
    "connection_resumed": "Connection resumed",
    "connection_unreachable": "Connection rests",
    "connection_reached": "Connection answers again",
}
"""What a history line is about; the sentence of its code follows."""
