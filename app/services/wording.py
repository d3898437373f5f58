"""How a job reads to a person: its phase, its sentence, who must act and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.backoff import MAX_ATTEMPTS
from app.core.clock import clock_time
from app.core.states import JobState
from app.core.types import ConnectionGate, Job, Params
from app.core.words import Catalogue, Said


class Phase(StrEnum):
    """The groups a person sees."""

    WAITING = "waiting"  # goes on by itself, nothing was spent
    RETRYING = "retrying"  # at least one attempt was spent
    SENDING = "sending"  # being sent, or being looked up
    NEEDS_YOU = "needs_you"  # only a person can go on
    PARKED = "parked"  # kept by a person, not tried
    DONE = "done"  # confirmed
    REMOVED = "removed"  # in the bin


@dataclass(frozen=True, slots=True)
class Wording:
    """One row in words."""

    phase: Phase
    text: str
    hint: str
    who: str


class Wordsmith:
    """Makes the sentences of rows; all times in the reader's zone."""

    def __init__(self, catalogue: Catalogue, systems: Iterable[str] = ()) -> None:
        """`systems`: titles of the kinds of systems; their names keep their capitals."""
        self._catalogue = catalogue
        self._names = frozenset({"Backhaul", *(title.split(" ", 1)[0] for title in systems)})

    def row(self, job: Job, gate: ConnectionGate, connection_name: str) -> Wording:
        """The row as the list shows it."""
        if job.removing:
            return self._plain(Phase.SENDING, "Removing when the answer is in")
        match job.state:
            case JobState.PENDING:
                return self._pending(job, gate)
            case JobState.IN_FLIGHT:
                return self._plain(Phase.SENDING, "Sending to {name}", name=connection_name)
            case JobState.IN_DOUBT:
                return self._in_doubt(job, gate)
            case JobState.FAILED:
                return self._said(Phase.NEEDS_YOU, "Needs you: {why}", self.reason(job))
            case JobState.PARKED:
                return self._plain(Phase.PARKED, "Parked by you; not tried")
            case JobState.SUCCEEDED:
                return self._done(job)
            case JobState.DISCARDED if job.reason_code == "voided":
                return self._said(Phase.REMOVED, "Removed: {why}", self.reason(job))
            case JobState.DISCARDED:
                return self._plain(Phase.REMOVED, "Removed")

    def cause(self, job: Job, gate: ConnectionGate, connection_name: str) -> Wording:
        """The row in words that hold for all rows of its cause: without its own attempts."""
        found = self.row(job, gate, connection_name)
        if found.phase is Phase.RETRYING:
            return self._said(Phase.RETRYING, "Retrying: {why}", self.reason(job))
        return found

    def block(self, gate: ConnectionGate) -> Said:
        """Why a blocked connection stands still."""
        return self._catalogue.say(gate.block_code, gate.block_params)

    def tell_after_s(self, code: str) -> float:
        """How long a row may wait for this before a person is told."""
        return self._catalogue.tell_after_s(code)

    def text(self, template: str, **params: object) -> str:
        """A sentence that is no error, translated and filled in."""
        return self._catalogue.text(template, **params)

    def say(self, code: str, params: Params) -> Said:
        """A stored code as a sentence; times among its parameters become clock times."""
        return self._catalogue.say(code, _readable(params))

    def _pending(self, job: Job, gate: ConnectionGate) -> Wording:
        if gate.is_blocked:
            return self._said(Phase.NEEDS_YOU, "Blocked: {why}", self.block(gate))
        if gate.paused_at is not None:
            if gate.paused_until is None:
                return self._plain(Phase.WAITING, "Waiting: the connection is paused")
            until = clock_time(gate.paused_until)
            return self._plain(
                Phase.WAITING, "Waiting: the connection is paused until {until}", until=until
            )
        if not job.reason_code:
            if gate.is_unreachable:
                since = clock_time(gate.failing_since or job.created_at)
                return self._plain(
                    Phase.WAITING, "Waiting: not reachable since {since}", since=since
                )
            return self._plain(Phase.WAITING, "Waiting for its turn")
        said = self.reason(job)
        if job.attempts:
            text = "Retrying: {why}; attempt {number} of {most}"
            return self._said(Phase.RETRYING, text, said, number=job.attempts, most=MAX_ATTEMPTS)
        return self._said(Phase.WAITING, "Waiting: {why}", said)

    def _in_doubt(self, job: Job, gate: ConnectionGate) -> Wording:
        if job.due_at is None:
            return self._said(Phase.NEEDS_YOU, "Needs you: {why}", self.reason(job))
        if gate.is_blocked:
            return self._said(Phase.NEEDS_YOU, "Blocked: {why}", self.block(gate))
        return self._said(Phase.SENDING, "Checking whether it arrived: {why}", self.reason(job))

    def _done(self, job: Job) -> Wording:
        if job.reason_code:
            return self._said(Phase.DONE, "Done: {why}", self.reason(job))
        return self._plain(Phase.DONE, "Done")

    def reason(self, job: Job) -> Said:
        """Why a row waits or failed, without the state in front."""
        since = {"since": clock_time(job.reason_since)}
        known = {
            name: value for name, value in job.reason_params.items() if value not in (None, "")
        }
        return self.say(job.reason_code, {**since, "order": job.order_ref, **known})

    def _plain(self, phase: Phase, template: str, **params: str) -> Wording:
        return Wording(phase, self._catalogue.text(template, **params), "", "")

    def _said(self, phase: Phase, template: str, said: Said, **params: object) -> Wording:
        text = self._catalogue.text(template, why=self._inside(said.summary), **params)
        return Wording(phase, text, said.hint, said.who)

    def _inside(self, sentence: str) -> str:
        """A sentence as it goes on after a colon: small first letter, but for names."""
        first = sentence.split(" ", 1)[0].rstrip(",;:")
        if first in self._names or not first[1:].isalpha() or not first[1:].islower():
            return sentence
        return sentence[0].lower() + sentence[1:]


def _readable(params: Params) -> Params:
    since = params.get("since")
    if not isinstance(since, str) or len(since) < len("2026-11-21T10:02"):
        return params
    try:
        moment = datetime.fromisoformat(since)
    except ValueError:
        return params
    return {**params, "since": clock_time(int(moment.timestamp() * 1000))}
