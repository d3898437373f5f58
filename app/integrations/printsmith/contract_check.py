"""Checks somebody's connector against the bridge contract, line by line, on one invoice.

Everything it writes is put back at the end, also after a failure.
"""

from collections.abc import Callable, Iterator

from app.core.errors import BackhaulError, RemoteUnavailable
from app.core.words import Catalogue
from app.integrations.base import CheckStep, CheckStopped
from app.integrations.limits import ServerLocks
from app.integrations.printsmith.client import Charge, Invoice, Probe, decode
from app.integrations.printsmith.connection_check import PRODUCT
from app.integrations.printsmith.contract_bench import (
    Bench,
    LineFailedError,
    NotTriedError,
    Opener,
    expect,
)
from app.integrations.printsmith.contract_writes import ROOM, WriteRules, put_back
from app.integrations.printsmith.mapping import find_charge
from app.integrations.printsmith.settings import Settings
from app.integrations.printsmith.words import SENTENCES

CLOSED = ("picked_up", "voided", "deleted")

_WORDS = Catalogue(SENTENCES)

_BY_HAND = {
    "locked": (
        "Open at another desk: a write is refused with “locked”",
        "Open the invoice in PrintSmith at another desk, then run this check again.",
    ),
    "picked_up": (
        "Picked up: a write is refused with “picked_up”",
        "Run this check again with the number of an invoice that was picked up.",
    ),
    "no_free_session": (
        "No session free: a write is refused with “no_free_session”",
        "Sign in at so many desks that no user session is left, then send a shipment.",
    ),
    "no_permission": (
        "A right is missing: a write is refused with “no_permission”",
        "Take the right to save invoices from the connector's user for a moment, "
        "then send a shipment.",
    ),
}


class ContractCheck:
    """One run of all lines. A line that cannot be forced from outside has `passed` None."""

    def __init__(self, opener: Opener, settings: Settings, locks: ServerLocks) -> None:
        self._settings = settings
        self._bench = Bench(opener, settings, locks)
        self._is_gone = False

    def run(self, record: str) -> Iterator[CheckStep]:
        """Yields a line per rule; a connector that does not answer ends it early.

        `CheckStopped` thrown into it while something is changed there: the invoice is put back,
        which is the last line. Raises: SecretUnavailable.
        """
        with self._bench.opened(record):
            yield from self._run(record)

    def _run(self, record: str) -> Iterator[CheckStep]:
        probe = self._line("The probe has the agreed form", self._probe)
        yield probe
        if not probe.passed:
            return
        yield self._line("A wrong token is refused", self._wrong_token)
        yield self._line("An unknown invoice is refused", lambda: self._unknown_invoice(record))
        found: list[Invoice] = []
        yield self._line("The invoice has the agreed form", lambda: self._shape(record, found))
        if not found:
            return
        invoice = found[0]
        code = invoice.state if invoice.state in CLOSED else "locked" if invoice.locked_by else ""
        yield from self._states(invoice, code)
        usable = self._line("The invoice can be used for this check", lambda: self._usable(invoice))
        yield usable
        charge = find_charge(invoice, self._settings.charge_name)
        if usable.passed and charge is not None:
            yield from self._writing(charge, invoice)

    def _states(self, invoice: Invoice, now: str) -> Iterator[CheckStep]:
        for code, (title, by_hand) in _BY_HAND.items():
            if code == now or (code == "picked_up" and now in CLOSED):
                yield self._line(title.replace(code, now), lambda: self._refused(invoice, now))
            else:
                yield CheckStep(title, None, f"Cannot be forced from outside. {by_hand}")

    def _writing(self, charge: Charge, invoice: Invoice) -> Iterator[CheckStep]:
        rules = WriteRules(self._bench, invoice, charge)
        try:
            for title, rule in rules.in_order():
                yield self._line(title, rule)
                if self._is_gone:
                    break
        except CheckStopped:
            pass
        finally:
            back = self._line(
                "Everything was put back", lambda: put_back(self._bench, invoice, charge)
            )
        yield back

    def _line(self, title: str, rule: Callable[[], str]) -> CheckStep:
        try:
            return CheckStep(title, True, rule())
        except NotTriedError as reason:
            return CheckStep(title, None, str(reason))
        except LineFailedError as failed:
            return CheckStep(title, False, str(failed))
        except BackhaulError as error:
            self._is_gone = isinstance(error, RemoteUnavailable)
            return CheckStep(title, False, _WORDS.say(error.code, error.params).summary)

    # The lines. Each returns what was seen.

    def _probe(self) -> str:
        probe = decode(self._bench.good(self._bench.probe()), Probe)
        if probe.product != PRODUCT:
            raise LineFailedError(f"product is “{probe.product}”, agreed is “{PRODUCT}”")
        return f"version {probe.version}, user {probe.user}"

    def _wrong_token(self) -> str:
        for answer in self._bench.with_wrong_token():
            if answer.status != 401:
                raise LineFailedError(f"answered {answer.status}, agreed is 401")
        return ""

    def _unknown_invoice(self, record: str) -> str:
        answer = self._bench.read(f"{record}-unknown")
        return expect(answer, "invoice_not_found", 404)

    def _shape(self, record: str, found: list[Invoice]) -> str:
        invoice = decode(self._bench.good(self._bench.read(record)), Invoice)
        if invoice.invoice != record:
            raise LineFailedError(f"asked for “{record}”, got “{invoice.invoice}”")
        found.append(invoice)
        return f"state {invoice.state}, revision {invoice.revision}"

    def _refused(self, invoice: Invoice, code: str) -> str:
        charge = find_charge(invoice, self._settings.charge_name)
        if charge is None:
            raise LineFailedError(_missing(self._settings.charge_name))
        answer = self._bench.write(charge, charge.text, revision=invoice.revision)
        return expect(answer, code, 409, 423 if code == "locked" else 410)

    def _usable(self, invoice: Invoice) -> str:
        charge = find_charge(invoice, self._settings.charge_name)
        if charge is None:
            raise LineFailedError(_missing(self._settings.charge_name))
        if invoice.kind != "invoice" or invoice.state in CLOSED or invoice.picked_up_at:
            raise NotTriedError("It takes no changes. Name one that is still pending.")
        if invoice.locked_by:
            raise NotTriedError(f"{invoice.locked_by} has it open. Close it and run this again.")
        if not charge.notes_editable:
            raise LineFailedError("The notes of the charge cannot be changed; see its definition.")
        if len(charge.text) + ROOM > self._settings.notes_max:
            raise NotTriedError("Its notes are too full. Name one with shorter notes.")
        return ""


def _missing(charge: str) -> str:
    return f"It has no charge named exactly “{charge}”. Add one, or correct charge_name."
