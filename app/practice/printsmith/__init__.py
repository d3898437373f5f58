"""A practice PrintSmith Vision with a bridge connector: invoices, locks, rights, sessions.

Written from the bridge contract (docs/printsmith-bridge.openapi.json).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.practice.host import Host
from app.practice.messages import Reply, Request
from app.practice.printsmith.bridge import Bridge
from app.practice.printsmith.changes import NOTES_MAX
from app.practice.printsmith.people import ACTS, People
from app.practice.printsmith.store import CHARGE, Store, find_charge, raise_revision
from app.practice.server import PracticeServer

__all__ = ["ACTS", "CHARGE", "NOTES_MAX", "PracticePrintSmith"]


class PracticePrintSmith(People, PracticeServer):
    """One shop. Thread-safe; with a state file everything survives the end of the process."""

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = "practice",
        control_key: str = "practice",
        state_file: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(Store(state_file), now)
        self._bridge = Bridge(self._store, token, lambda s: self.host.stopping.wait(s))
        self.host = Host(self, port=port, control_key=control_key)

    @property
    def writes(self) -> list[dict[str, Any]]:
        """Every write that was kept, in order: invoice, notes, price, request id."""
        found: list[dict[str, Any]] = self._store.copy()["writes"]
        return found

    @property
    def most_writes_at_once(self) -> int:
        """How many writes were under way at the same time, at most."""
        return self._bridge.most_writes_at_once

    def notes(self, invoice: str, charge: str | None = None) -> str:
        """What the tracking charge of an invoice holds now."""
        with self._store.lock:
            name = charge or self._store.values["charge"]
            found = find_charge(self._store.invoice(invoice), name)
            return "" if found is None else str(found["notes"])

    def snapshot(self) -> dict[str, Any]:
        """Everything, as plain data."""
        return {**self._store.copy(), "acts": dict(ACTS), "requests": len(self.requests)}

    def answer(self, request: Request, *, keep: bool = True) -> Reply:
        """One call of the bridge."""
        return self._bridge.answer(request, keep=keep)

    def edited_meanwhile(self, request: Request) -> None:
        """Somebody else saves the invoice the request names."""
        with self._store.lock:
            parts = self._bridge.without_token(request) or []
            document = self._store.find(parts[1]) if len(parts) > 1 else None
            if document is not None:
                raise_revision(document)
                self._store.save()
