"""The demonstration: four shipments against a practice server, each with another ending.

It can be killed at any moment: whatever was done is looked up and continued at the next start.
"""

import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.states import JobState
from app.core.types import Shipment
from app.services.demo_folder import mark
from app.services.program import Program
from app.services.queue_view import QueueRow
from app.services.wording import Phase

SYSTEM = "printsmith"
WHO_LOCKS = "MARY"
_ACTOR = "demonstration"
_SETTLED = frozenset({Phase.DONE, Phase.NEEDS_YOU, Phase.PARKED, Phase.REMOVED})


class Ending(StrEnum):
    """How a shipment of the demonstration is meant to end."""

    SENT = "goes through"
    NEEDS_YOU = "is final: picked up"
    BLOCKED = "stops its connection: the charge has another name there"


@dataclass(frozen=True, slots=True)
class Part:
    """One shipment of the demonstration."""

    order: str
    tracking: str
    connection: str
    ending: Ending


FRONT_DESK, BACK_OFFICE = "Front desk", "Back office"
LOCKED, PICKED_UP = "316132", "316088"
PARTS = (
    Part("316140", "1Z23966E0398214403", FRONT_DESK, Ending.SENT),
    Part(LOCKED, "1Z23966E0397467800", FRONT_DESK, Ending.SENT),
    Part(PICKED_UP, "1Z23966E0396950216", FRONT_DESK, Ending.NEEDS_YOU),
    Part("316121", "1Z23966E0398103317", BACK_OFFICE, Ending.BLOCKED),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How long things take, in seconds."""

    unlock_after_s: float = 15.0
    poll_locked_s: float = 5.0
    patience_s: float = 75.0
    look_s: float = 0.1


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the story. `order` empty: it is about no shipment."""

    at: int
    order: str
    text: str
    who: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """How it ended. `held`: order and what the practice server holds; `wrong`: what differs."""

    sent: tuple[str, ...]
    needs_you: tuple[str, ...]
    blocked: tuple[str, ...]
    held: tuple[tuple[str, str], ...]
    wrong: tuple[str, ...]


class Demo:
    """Plays the demonstration in an open folder that `prepare` made ready."""

    def __init__(self, program: Program, plan: Plan) -> None:
        self._program = program
        self._plan = plan
        self._said: dict[str, tuple[JobState, str]] = {}
        self._mary_has_it = False

    def play(self) -> Generator[Happened | Closing, None, None]:
        """What happens, as it happens; the closing comes last.

        Raises: UsageError engine_elsewhere; StorageError.
        """
        with self._program.practice_servers() as urls:
            self._connect(urls[SYSTEM])
            engine = self._program.engine()
            engine.start()
            try:
                for part in PARTS:
                    yield from self._enter(part)
                yield from self._watch()
                closing = self._closing()
            finally:
                engine.stop()
        mark(self._program.folder, ended=True)
        yield closing

    def stage(self) -> None:
        """Connections and shipments only, for a window that shows what becomes of them.

        The practice servers must be running. Raises: UsageError; StorageError.
        """
        self._connect(self._program.practice.url(SYSTEM))
        for part in PARTS:
            list(self._enter(part))

    def _connect(self, url: str) -> None:
        """Both connections, unless an interrupted start made them already."""
        there = set(self._program.connections.names().values())
        poll = str(self._plan.poll_locked_s)
        wanted = {
            FRONT_DESK: {"base_url": url, "poll_locked_s": poll},
            BACK_OFFICE: {"base_url": url, "poll_locked_s": poll, "charge_name": "Tracking"},
        }
        for name, settings in wanted.items():
            if name not in there:
                self._program.connections.add(
                    SYSTEM, name, settings, is_practice=True, actor=_ACTOR
                )

    def _enter(self, part: Part) -> Iterator[Happened]:
        """The invoice at the practice server, then the shipment; each only if it is not there."""
        if self._row(part) is not None:
            return
        yield from self._prepare_invoice(part)
        connection = self._program.connections.named(part.connection)
        shipment = Shipment(part.order, part.tracking, "UPS")
        self._program.write_back.enter(connection.id, [shipment], actor=_ACTOR)
        text = f"Shipped with tracking number {part.tracking}; {part.connection} is to write it"
        yield self._happened(part.order, text)

    def _prepare_invoice(self, part: Part) -> Iterator[Happened]:
        practice, invoice = self._program.practice, part.order
        if invoice not in self._invoices():
            practice.act(SYSTEM, "add_invoice", invoice=invoice)
        if invoice == LOCKED:
            practice.act(SYSTEM, "lock", invoice=invoice, by=WHO_LOCKS)
            yield self._happened(invoice, f"{WHO_LOCKS} has the invoice open at another desk")
        if invoice == PICKED_UP:
            practice.act(SYSTEM, "pick_up", invoice=invoice)
            yield self._happened(invoice, "The customer has picked up this order")

    def _watch(self) -> Iterator[Happened]:
        """Every change of the four rows, until all are settled or the patience is over."""
        clock, never = self._program.clock, threading.Event()
        ends = clock.monotonic() + self._plan.patience_s
        self._mary_has_it = bool(self._invoices().get(LOCKED, {}).get("locked_by"))
        while clock.monotonic() < ends:
            rows = {part.order: self._row(part) for part in PARTS}
            for order, row in rows.items():
                yield from self._news(order, row)
            yield from self._let_mary_close(rows[LOCKED])
            if all(row and row.wording.phase in _SETTLED for row in rows.values()):
                return
            clock.wait(never, self._plan.look_s)

    def _news(self, order: str, row: QueueRow | None) -> Iterator[Happened]:
        if row is None or row.wording.phase is Phase.SENDING:
            return
        wording, job = row.wording, row.job
        untouched = wording.phase is Phase.WAITING and not job.reason_code
        if untouched or self._said.get(order) == (job.state, wording.text):
            return
        self._said[order] = (job.state, wording.text)
        text = wording.text
        if job.state is JobState.SUCCEEDED and job.proof is not None:
            text = f"{text}: read back, the invoice holds {job.proof.held}"
        needs_you = wording.phase is Phase.NEEDS_YOU
        who, hint = (wording.who, wording.hint) if needs_you else ("", "")
        yield self._happened(order, text, who, hint)

    def _let_mary_close(self, row: QueueRow | None) -> Iterator[Happened]:
        if not self._mary_has_it or row is None or not row.job.reason_code:
            return
        waited_s = (self._program.clock.now_ms() - row.job.created_at) / 1000
        if waited_s >= self._plan.unlock_after_s:
            self._program.practice.act(SYSTEM, "unlock", invoice=LOCKED)
            self._mary_has_it = False
            yield self._happened(LOCKED, f"{WHO_LOCKS} closes the invoice")

    def _closing(self) -> Closing:
        state = self._program.practice.state(SYSTEM)
        ended: dict[Ending, list[str]] = {ending: [] for ending in Ending}
        held, wrong = [], []
        for part in PARTS:
            row, notes = self._row(part), _notes(state, part.order)
            held.append((part.order, f"“{notes}”" if notes else "nothing written"))
            ending = _ending(row)
            if ending is not None:
                ended[ending].append(part.order)
            if ending is not part.ending or not _is_right_there(state, part):
                said = row.wording.text if row else "not in the queue"
                wrong.append(
                    f"Invoice {part.order} did not end as described ({part.ending}). "
                    f"Its row says: {said}"
                )
        return Closing(
            sent=tuple(ended[Ending.SENT]),
            needs_you=tuple(ended[Ending.NEEDS_YOU]),
            blocked=tuple(ended[Ending.BLOCKED]),
            held=tuple(held),
            wrong=tuple(wrong),
        )

    def _row(self, part: Part) -> QueueRow | None:
        found = self._program.queue.search(part.tracking)
        return found[0] if found else None

    def _invoices(self) -> dict[str, Any]:
        return dict(self._program.practice.state(SYSTEM)["invoices"])

    def _happened(self, order: str, text: str, who: str = "", hint: str = "") -> Happened:
        return Happened(self._program.clock.now_ms(), order, text, who, hint)


def _ending(row: QueueRow | None) -> Ending | None:
    """How a row has ended, as far as that is among the endings described."""
    if row is None:
        return None
    if row.job.state is JobState.SUCCEEDED:
        return Ending.SENT
    if row.job.state is JobState.FAILED and row.job.reason_code == "ps_picked_up":
        return Ending.NEEDS_YOU
    blocked = row.job.state is JobState.PENDING and row.wording.phase is Phase.NEEDS_YOU
    return Ending.BLOCKED if blocked else None


def _is_right_there(state: dict[str, Any], part: Part) -> bool:
    """The remote's word: written once with the number, or never and not at all."""
    writes = sum(write["invoice"] == part.order for write in state["writes"])
    if part.ending is Ending.SENT:
        return writes == 1 and part.tracking in _notes(state, part.order).splitlines()
    return writes == 0 and not _notes(state, part.order)


def _notes(state: dict[str, Any], invoice: str) -> str:
    document = state["invoices"].get(invoice, {"charges": []})
    return "\n".join(charge["notes"] for charge in document["charges"] if charge["notes"])
