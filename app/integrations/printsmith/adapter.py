"""Writes tracking numbers to PrintSmith invoices through the bridge, and proves it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from app.core.clock import from_ms
from app.core.errors import (
    CredentialsRejected,
    OutcomeUnknown,
    PermanentError,
    Rejected,
    SetupChanged,
    Throttled,
    TransientError,
    UsageError,
)
from app.core.outcomes import RunRules
from app.core.redact import Redactor
from app.core.tracking import normalise_tracking, order_channel
from app.core.types import Proof, Shipment
from app.integrations.base import CheckStep, Context
from app.integrations.limits import ServerLocks
from app.integrations.printsmith import connection_check
from app.integrations.printsmith.client import (
    BridgeClient,
    Charge,
    Invoice,
    Probe,
    decode,
    open_client,
)
from app.integrations.printsmith.contract_check import ContractCheck
from app.integrations.printsmith.mapping import (
    find_charge,
    holds,
    merge_notes,
    price_text,
    refuse_kind,
    refuse_state,
    too_long,
    writable_charge,
)
from app.integrations.printsmith.refusals import Asked, RevisionChanged, raise_for_answer
from app.integrations.printsmith.sessions import Memory, SessionGate
from app.integrations.printsmith.settings import read_settings

logger = logging.getLogger(__name__)

ROUNDS = 3
"""How often a changed invoice is read, merged and written again within one run."""


class PrintSmith:
    """A PrintSmith connection in its writing role. Used by one thread at a time."""

    write_operation = ""
    can_read_back = True

    def __init__(self, context: Context, locks: ServerLocks, memory: Memory) -> None:
        self._context = context
        self._locks = locks
        self._memory = memory
        try:
            self._settings = read_settings(context.connection.settings)
        except UsageError as error:
            params: dict[str, Any] = dict(error.params)
            raise SetupChanged(error.code, **params) from error
        self._gate = SessionGate(context.clock, self._settings.min_free_sessions, memory)
        self._redactor = Redactor()
        self._opened: BridgeClient | None = None
        self.rules = RunRules(poll_locked_s=self._settings.poll_locked_s, order_wait_s=0.0)

    def write(self, shipment: Shipment, request_id: str) -> Proof:
        """Put the number on a line of its own in the charge's notes, and read it back.

        Safe to repeat. The proof comes from a read, never from the answer to the write.
        Raises: RecordLocked (open elsewhere, changed three times under us), RecordClosed
        (picked up, voided, deleted), NotFound, Rejected, Throttled, ConnectionBlocked,
        OutcomeUnknown, RemoteUnavailable, TransientError.
        Source: bridge contract v1, sections 4 and 5.
        """
        if not normalise_tracking(shipment.tracking):
            raise Rejected("ps_no_tracking", field="tracking")
        self._context.budget.take(self.write_operation)
        with self._guarded(shipment.order_ref):
            if self._gate.is_probe_due():
                self._gate.judge(self._probe(request_id))
            with self._locks.one_at_a_time(self._settings.server_key):
                proof = self._write_rounds(shipment, request_id)
        self._memory.refusals, self._memory.setup_order = 0, ""
        return proof

    def look(self, shipment: Shipment, request_id: str) -> Proof | None:
        """The proof that the charge's notes hold the number, in whatever state the invoice is.

        Raises: as `write`, but never OutcomeUnknown.
        """
        with self._guarded():
            return self._proof_of(self._fetch(shipment.order_ref, request_id), shipment)

    def check(self) -> Iterator[CheckStep]:
        """What the connector says of itself, line by line; changes nothing there.

        When a charge was found missing, its invoice is looked at again.
        Raises: as `look`.
        """
        request_id, order = str(uuid4()), self._memory.setup_order
        with self._guarded():
            probe = self._probe(request_id)
        yield from connection_check.steps(probe, self._settings)
        if order:
            yield self._charge_again(order, request_id)

    def check_contract(self, record: str) -> Iterator[CheckStep]:
        """Try every rule of the bridge contract on one throw-away invoice, and put it back."""
        yield from ContractCheck(self._open, self._settings, self._locks).run(record)

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _charge_again(self, order: str, request_id: str) -> CheckStep:
        title, name = f"The charge is on invoice {order}", self._settings.charge_name
        with self._guarded(order):
            try:
                writable_charge(self._fetch(order, request_id), name)
            except PermanentError:  # that invoice is gone: the next write will tell
                self._memory.setup_order = ""
                return CheckStep(title, None, "The invoice is not there any more.")
        return CheckStep(title, True, name)

    def _write_rounds(self, shipment: Shipment, request_id: str) -> Proof:
        changed: RevisionChanged | None = None
        for _ in range(ROUNDS):
            invoice = self._fetch(shipment.order_ref, request_id)
            refuse_kind(invoice)
            proof = self._proof_of(invoice, shipment)
            if proof is not None:
                return proof
            refuse_state(invoice, from_ms(self._context.clock.now_ms()).astimezone())
            charge = writable_charge(invoice, self._settings.charge_name)
            try:
                price = self._put(invoice, charge, shipment, request_id)
            except RevisionChanged as error:
                changed = error
                continue
            return self._read_back(shipment, price, request_id)
        assert changed is not None
        raise changed

    def _put(
        self, invoice: Invoice, charge: Charge, shipment: Shipment, request_id: str
    ) -> str | None:
        """Write once; returns the price that was sent with it."""
        settings, order = self._settings, shipment.order_ref
        if invoice.state not in ("pending", "ready"):
            logger.warning("invoice %s is in the state %r", order, invoice.state[:40])
        text = merge_notes(charge.text, shipment.tracking)
        if len(text) > settings.notes_max:
            raise too_long(text)
        takes_price = settings.writes_cost and charge.price_editable
        price = price_text(shipment.cost) if takes_price else None
        body = {
            "notes": text,
            "notes_mode": settings.notes_mode,
            "price": price,
            "if_revision": invoice.revision,
        }
        answer = self._client().write(order, charge.name, body, request_id)
        raise_for_answer(answer, Asked(order, charge.name, text, write=True))
        stored = decode(answer, Charge, write=True)
        if not holds(stored.text, shipment.tracking):
            raise TransientError("ps_not_stored", excerpt=answer.excerpt())
        return price

    def _read_back(self, shipment: Shipment, price: str | None, request_id: str) -> Proof:
        try:
            invoice = self._fetch(shipment.order_ref, request_id)
        except TransientError as error:
            raise OutcomeUnknown("read_back_failed", excerpt=error.excerpt) from error
        charge = find_charge(invoice, self._settings.charge_name)
        if charge is None or not holds(charge.text, shipment.tracking):
            raise TransientError("ps_not_stored")
        sent, held = shipment.tracking, charge.text
        if price is not None:
            sent, held = f"{sent}, price {price}", f"{held}, price {charge.price}"
        return Proof(sent, held, self._context.clock.now_ms(), remote_id=invoice.invoice)

    def _proof_of(self, invoice: Invoice, shipment: Shipment) -> Proof | None:
        charge = find_charge(invoice, self._settings.charge_name)
        if charge is None or not holds(charge.text, shipment.tracking):
            return None
        read_at = self._context.clock.now_ms()
        return Proof(
            shipment.tracking, charge.text, read_at, was_there=True, remote_id=invoice.invoice
        )

    def _fetch(self, order: str, request_id: str) -> Invoice:
        answer = self._client().read(order, request_id)
        raise_for_answer(answer, Asked(order, self._settings.charge_name))
        invoice = decode(answer, Invoice)
        if _plain(invoice.invoice) != _plain(order):
            raise Rejected("ps_wrong_invoice", field="invoice", order=order, found=invoice.invoice)
        return invoice

    def _probe(self, request_id: str) -> Probe:
        answer = self._client().probe(request_id)
        raise_for_answer(answer, Asked())
        return decode(answer, Probe)

    def _client(self) -> BridgeClient:
        if self._opened is None:
            self._opened = self._open("")
        return self._opened

    def _open(self, token: str) -> BridgeClient:
        """A client with that token, or with the connection's own where none is given."""
        if not token:
            token = self._context.secret("token").strip()
            self._redactor.learn([token])
        return open_client(self._context.http, self._settings, token, self._clean)

    def _clean(self, text: str) -> str:
        return self._context.clean(self._redactor.clean(text))

    @contextmanager
    def _guarded(self, order: str = "") -> Iterator[None]:
        """Draw from an error what it means for the next calls, whatever they are."""
        try:
            yield
        except CredentialsRejected:
            self.close()  # the token is read anew next time
            raise
        except SetupChanged as error:
            if error.code in ("ps_charge_missing", "ps_field_fixed"):
                self._memory.setup_order = order
            raise
        except Throttled as error:
            if error.code.startswith("ps_"):
                self._gate.refused(error)
            elif error.retry_after_s is not None:
                self._context.budget.hold(error.operation, error.retry_after_s)
            raise


def _plain(number: str) -> str:
    return order_channel(number).lstrip("0")
