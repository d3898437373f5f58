"""What people do at a practice PrintSmith, by call or on command."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.practice.options import number, require_fit, switch
from app.practice.printsmith.store import (
    CHARGE,
    SESSIONS,
    Store,
    find_charge,
    raise_revision,
)

ACTS: Mapping[str, str] = {
    "add_invoice": "a new invoice (--invoice)",
    "lock": "somebody (--by) opens the invoice at another desk",
    "unlock": "the invoice is closed again",
    "pick_up": "the order is picked up: no more changes",
    "void": "the invoice is voided",
    "delete": "the invoice is deleted",
    "reopen": "the invoice is pending again",
    "estimate": "it is an estimate, not an invoice",
    "type_note": "a person types --text into the tracking charge",
    "rights": "set --can-save-invoice and --can-see-locks to true or false",
    "sessions": "so many user sessions are --free",
    "rename_charge": "the charge definition gets another name (--old, --new)",
    "editable": "may the charge's notes and price be edited (--notes, --price)",
    "latency": "every answer takes --seconds",
    "normal": "back to normal: no invoice locked or picked up, every right, no delay",
}
"""What a person at the real program could do, with words for the command line."""


class People:
    """One method per act. All raise ValueError in words when it cannot be done."""

    acts = ACTS

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def act(self, name: str, options: Mapping[str, Any]) -> None:
        """Carry out one of ACTS."""
        if name not in ACTS:
            raise ValueError(f"there is no act “{name}”; there are: {', '.join(ACTS)}")
        method = getattr(self, name)
        require_fit(name, method, options)
        method(**options)

    def add_invoice(self, /, invoice: str, **fields: Any) -> None:
        """A new invoice; `fields` overlay the usual document."""
        if not str(invoice):
            raise ValueError("an invoice needs a number")
        self._store.add(str(invoice), fields)

    def lock(self, invoice: str, by: str = "MARY") -> None:
        """Somebody has it open; nothing is saved by that."""
        if not str(by):
            raise ValueError("say who opens the invoice (by)")
        with self._store.lock:
            document = self._store.invoice(invoice)
            document.update(locked_by=str(by), locked_since=self._now().isoformat())
            self._store.save()

    def unlock(self, invoice: str) -> None:
        """Closed again; whoever had it open may have saved it."""
        self._store.change(invoice, locked_by=None, locked_since=None)

    def pick_up(self, invoice: str) -> None:
        """The customer has it."""
        self._store.change(invoice, state="picked_up", picked_up_at=self._now().isoformat())

    def void(self, invoice: str) -> None:
        """Voided."""
        self._store.change(invoice, state="voided")

    def delete(self, invoice: str) -> None:
        """Deleted."""
        self._store.change(invoice, state="deleted")

    def reopen(self, invoice: str) -> None:
        """Pending again."""
        self._store.change(invoice, state="pending", picked_up_at=None, kind="invoice")

    def estimate(self, invoice: str) -> None:
        """Only an estimate."""
        self._store.change(invoice, kind="estimate")

    def type_note(self, invoice: str, text: str) -> None:
        """A person's own text in the notes."""
        with self._store.lock:
            document = self._store.invoice(invoice)
            charge = find_charge(document, self._store.values["charge"])
            if charge is None:
                raise ValueError(f"invoice {invoice} has no tracking charge")
            charge["notes"] = str(text)
            raise_revision(document)
            self._store.save()

    def rights(self, can_save_invoice: bool = True, can_see_locks: bool = True) -> None:
        """What the connector's user may do."""
        self._store.set(
            can_save_invoice=switch("can_save_invoice", can_save_invoice),
            can_see_locks=switch("can_see_locks", can_see_locks),
        )

    def sessions(self, free: int) -> None:
        """User sessions that nobody uses."""
        self._store.set(sessions=int(number("free", free)))

    def rename_charge(self, new: str, old: str = "") -> None:
        """Rename the definition; invoices follow. `old` empty: whatever it is called now."""
        with self._store.lock:
            name = self._store.values["charge"]
            if not new or old not in ("", name):
                raise ValueError(f"the charge is called “{name}”; give it a new name")
            for charge in self._store.charges():
                charge["name"] = str(new) if charge["name"] == name else charge["name"]
            self._store.set(charge=str(new))

    def editable(self, notes: bool = True, price: bool = True) -> None:
        """Set on the definition, so for every invoice."""
        fields = {
            "notes_editable": switch("notes", notes),
            "price_editable": switch("price", price),
        }
        with self._store.lock:
            for charge in self._store.charges():
                charge.update(fields)
            self._store.set(**fields)

    def latency(self, seconds: float) -> None:
        """How long every answer takes."""
        self._store.set(latency_s=number("seconds", seconds))

    def normal(self) -> None:
        """Whatever was done to invoices, rights and the charge is undone; notes stay."""
        with self._store.lock:
            for number in self._store.values["invoices"]:
                self.unlock(number)
                self.reopen(number)
            self.rename_charge(CHARGE)
            self.editable()
            self.rights()
            self.latency(0)
            self._store.set(sessions=SESSIONS)
