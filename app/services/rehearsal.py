"""Practice mode in one click: servers that run as long as the program, a connection, shipments."""

import threading
from contextlib import ExitStack
from dataclasses import dataclass

from app.core.errors import UsageError
from app.core.types import ConnectionInfo, Shipment
from app.services.program import Program

SYSTEM = "printsmith"
NAME = "Practice"
WHO_LOCKS = "MARY"
POLL_LOCKED_S = "5"


@dataclass(frozen=True, slots=True)
class Part:
    """One practice shipment. `act`: what somebody does with the invoice before it is sent."""

    order: str
    tracking: str
    act: str = ""


PARTS = (
    Part("316140", "1Z23966E0398214403"),
    Part("316132", "1Z23966E0397467800", "lock"),
    Part("316088", "1Z23966E0396950216", "pick_up"),
)
"""One goes through, one waits for another desk, one can never be written."""


class Rehearsal:
    """Runs the practice servers of an open data folder until `close`.

    Every method but `close` may take seconds: never call it on the thread of a window.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._lock = threading.Lock()
        self._running = ExitStack()
        self._is_closed = False

    def is_running(self) -> bool:
        """True when a practice server answers in this folder, whoever started it."""
        try:
            self._program.practice.state(SYSTEM)
        except UsageError:
            return False
        return True

    def start_servers(self) -> None:
        """Start the practice servers, unless some run here already."""
        with self._lock:
            if not self._is_closed and not self.is_running():
                self._running.enter_context(self._program.practice_servers())

    def start_if_used(self) -> bool:
        """Start them when a practice connection needs them; True when it did."""
        connections = self._program.connections.all()
        if not any(one.is_practice for one in connections) or self.is_running():
            return False
        self.start_servers()
        return True

    def begin(self, actor: str) -> ConnectionInfo:
        """Servers, a practice connection, and shipments that end in different ways.

        Pressing twice adds nothing twice. Raises: UsageError; StorageError.
        """
        self.start_servers()
        connection = self._connection(actor)
        invoices = self._program.practice.state(SYSTEM)["invoices"]
        for part in PARTS:
            if part.order not in invoices:
                self._prepare(part)
        shipments = [Shipment(part.order, part.tracking, "UPS") for part in PARTS]
        self._program.write_back.enter(connection.id, shipments, actor=actor)
        return connection

    def close(self) -> None:
        """Stop what was started here."""
        with self._lock:
            self._is_closed = True
            self._running.close()

    def _prepare(self, part: Part) -> None:
        practice = self._program.practice
        practice.act(SYSTEM, "add_invoice", invoice=part.order)
        if part.act == "lock":
            practice.act(SYSTEM, "lock", invoice=part.order, by=WHO_LOCKS)
        elif part.act:
            practice.act(SYSTEM, part.act, invoice=part.order)

    def _connection(self, actor: str) -> ConnectionInfo:
        """The practice connection there is, else a new one."""
        found = self._program.connections.all()
        for one in found:
            if one.is_practice and one.kind == SYSTEM:
                return one
        return self._program.connections.add(
            SYSTEM,
            practice_name(frozenset(one.name.casefold() for one in found)),
            {
                "base_url": self._program.practice.url(SYSTEM),
                "poll_locked_s": POLL_LOCKED_S,
            },
            is_practice=True,
            actor=actor,
        )


def practice_name(taken: frozenset[str]) -> str:
    """A name for a practice connection that no other has; `taken` is case folded."""
    number, name = 1, NAME
    while name.casefold() in taken:
        number += 1
        name = f"{NAME} {number}"
    return name
