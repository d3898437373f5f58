"""The lines of a contract check that write to the invoice, and the putting back."""

from collections.abc import Callable
from uuid import uuid4

from app.core.errors import BackhaulError, RemoteUnavailable
from app.integrations.printsmith.client import Charge, Invoice
from app.integrations.printsmith.contract_bench import (
    Bench,
    LineFailedError,
    NotTriedError,
    expect,
    same_text,
)
from app.integrations.printsmith.mapping import find_charge, holds

HUMAN_LINE = "Contract check: leave this line"
ROOM = 120
"""Characters the lines add to the notes for a moment."""

PUT_BACK_TRIES = 3

Rule = Callable[[], str]


class WriteRules:
    """One method per line, which returns what was seen.

    All raise LineFailedError or BackhaulError when the rule is broken, NotTriedError.
    """

    def __init__(self, bench: Bench, invoice: Invoice, charge: Charge) -> None:
        self._bench = bench
        self._invoice = invoice
        self._charge = charge
        self._request_id = str(uuid4())
        self._first, self._second = (f"CHECK{uuid4().hex[:12].upper()}" for _ in range(2))
        text = charge.text.rstrip("\r\n")
        self._human = f"{text}\n{HUMAN_LINE}" if text else HUMAN_LINE

    def in_order(self) -> list[tuple[str, Rule]]:
        """The lines; later ones build on what earlier ones wrote."""
        return [
            ("An unknown charge is refused", self._unknown_charge),
            ("Capitals count in the name of the charge", self._capitals),
            ("“replace” stores exactly what was sent", self._replace),
            ("The number is added, and a second read shows it", self._add),
            ("What people wrote is kept", self._human_text),
            ("The revision rises with a change", self._revision),
            ("An old revision is refused", self._old_revision),
            ("The same write again doubles nothing", self._again),
            ("A request id that comes again does no harm", self._same_request),
            ("A price of null leaves the price alone", self._price_null),
            ("A price is stored", self._price),
        ]

    def _unknown_charge(self) -> str:
        return self._no_such_charge(f"{self._charge.name} unknown")

    def _capitals(self) -> str:
        other = self._charge.name.swapcase()
        if find_charge(self._invoice, other) or other == self._charge.name:
            raise NotTriedError("The name of this charge does not allow it.")
        return self._no_such_charge(other)

    def _no_such_charge(self, name: str) -> str:
        now = self._bench.charge_now(self._charge.name)
        answer = self._bench.write(now, now.text, charge_name=name)
        return expect(answer, "charge_not_defined", 404)

    def _replace(self) -> str:
        stored = self._bench.store(self._charge, self._human, mode="replace")
        now = self._bench.charge_now(self._charge.name)
        same_text(stored.text, self._human, "the answer to the write")
        same_text(now.text, self._human, "the second read")
        return ""

    def _add(self) -> str:
        stored = self._bench.add(self._charge.name, self._first, self._request_id)
        now = self._bench.charge_now(self._charge.name)
        for text, where in ((stored.text, "the answer to the write"), (now.text, "a second read")):
            if not holds(text, self._first):
                raise LineFailedError(f"the number is missing in {where}")
        if self._first not in now.text.splitlines():
            raise LineFailedError("the number does not stand on a line of its own")
        return ""

    def _human_text(self) -> str:
        lines = self._bench.charge_now(self._charge.name).text.splitlines()
        lost = [line for line in self._human.splitlines() if line not in lines]
        if lost:
            raise LineFailedError(
                f"lost: “{lost[0]}”. A connector that stores just what it is sent needs the "
                "setting notes_mode replace."
            )
        return ""

    def _revision(self) -> str:
        before, now = self._invoice.revision, self._bench.invoice_now().revision
        if now == before or (before.isdecimal() and now.isdecimal() and int(now) < int(before)):
            raise LineFailedError(f"it was {before} and is {now} after two writes")
        return f"{before}, then {now}"

    def _old_revision(self) -> str:
        before = self._bench.charge_now(self._charge.name).text
        answer = self._bench.write(self._charge, self._second, revision=self._invoice.revision)
        seen = expect(answer, "revision_changed", 409)
        same_text(self._bench.charge_now(self._charge.name).text, before, "the notes afterwards")
        return seen

    def _again(self) -> str:
        before = self._bench.charge_now(self._charge.name)
        self._bench.store(before, before.text)
        same_text(self._bench.charge_now(before.name).text, before.text, "the notes afterwards")
        return ""

    def _same_request(self) -> str:
        before = self._bench.charge_now(self._charge.name)
        self._bench.store(before, before.text, request_id=self._request_id)
        same_text(self._bench.charge_now(before.name).text, before.text, "the notes afterwards")
        self._bench.add(before.name, self._second, self._request_id)
        if not holds(self._bench.charge_now(before.name).text, self._second):
            raise LineFailedError("another write with the same id was not carried out")
        return ""

    def _price_null(self) -> str:
        now = self._bench.charge_now(self._charge.name).price
        if now != self._charge.price:
            raise LineFailedError(f"it was {self._charge.price} and is {now}")
        return ""

    def _price(self) -> str:
        if not self._charge.price_editable:
            raise NotTriedError("The price of this charge cannot be changed.")
        if not self._charge.price or self._charge.price.startswith("-"):
            raise NotTriedError("The price of this charge could not be put back.")
        price = "12.34" if self._charge.price != "12.34" else "12.35"
        self._bench.store(self._charge, self._human, mode="replace", price=price)
        now = self._bench.charge_now(self._charge.name).price
        if now != price:
            raise LineFailedError(f"sent {price}, a second read shows {now}")
        return f"{price} sent and read back"


def put_back(bench: Bench, invoice: Invoice, charge: Charge) -> str:
    """Write the notes and the price that were found at the start, and read them back.

    Raises: LineFailedError with what a person has to put back by hand.
    """
    problem = "a second read shows something else"
    for tries_left in reversed(range(PUT_BACK_TRIES + 1)):
        try:
            if _is_as_before(bench.invoice_now(), invoice):
                return ""
            if tries_left:
                found = bench.charge_now(charge.name)
                price = None if found.price == charge.price else charge.price
                bench.store(charge, charge.text, mode="replace", price=price)
        except BackhaulError as error:
            problem = error.code
            if isinstance(error, RemoteUnavailable):
                break
        except LineFailedError as failed:
            problem = str(failed)
    price = f" and its price {charge.price}" if charge.price else ""
    raise LineFailedError(
        f"No ({problem}). Put it back by hand: the notes were “{charge.text}”{price}."
    )


def _is_as_before(now: Invoice, before: Invoice) -> bool:
    def held(invoice: Invoice) -> list[tuple[str, list[str], str | None]]:
        return [(c.name, c.text.rstrip().splitlines(), c.price) for c in invoice.charges]

    return held(now) == held(before)
