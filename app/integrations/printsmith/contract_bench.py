"""The calls a contract check makes, and how it compares what comes back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

from app.core.errors import SetupChanged
from app.integrations.http import Answer
from app.integrations.limits import ServerLocks
from app.integrations.printsmith.client import BridgeClient, Charge, Invoice, decode
from app.integrations.printsmith.mapping import find_charge, merge_notes
from app.integrations.printsmith.refusals import Asked, code_of, raise_for_answer
from app.integrations.printsmith.settings import Settings

WRONG_TOKEN = "contract-check-wrong-token"  # noqa: S105 - wrong on purpose


Opener = Callable[[str], BridgeClient]
"""Makes a client with the given token; with none it takes the right one."""


class LineFailedError(Exception):
    """A rule is broken; the text says what was seen and what was agreed."""


class NotTriedError(Exception):
    """A rule could not be tried here; the text says why."""


class Bench:
    """One connector and one invoice under test."""

    def __init__(self, opener: Opener, settings: Settings, locks: ServerLocks) -> None:
        self._opener = opener
        self._settings = settings
        self._locks = locks
        self._client: BridgeClient
        self._record = ""

    @contextmanager
    def opened(self, record: str) -> Iterator[None]:
        """Calls go to this invoice until the end of the block."""
        self._record = record
        self._client = self._opener("")
        try:
            yield
        finally:
            self._client.close()

    def probe(self) -> Answer:
        return self._client.probe(str(uuid4()))

    def read(self, number: str) -> Answer:
        return self._client.read(number, str(uuid4()))

    def with_wrong_token(self) -> list[Answer]:
        """The answers to a probe and to a read of the invoice."""
        client = self._opener(WRONG_TOKEN)
        try:
            return [client.probe(str(uuid4())), client.read(self._record, str(uuid4()))]
        finally:
            client.close()

    def write(
        self,
        charge: Charge,
        notes: str,
        *,
        mode: str = "",
        price: str | None = None,
        revision: str | None = None,
        request_id: str = "",
        charge_name: str = "",
    ) -> Answer:
        """One write with the mode of the settings and the present revision, or those given."""
        body = {
            "notes": notes,
            "notes_mode": mode or self._settings.notes_mode,
            "price": price,
            "if_revision": self.invoice_now().revision if revision is None else revision,
        }
        name = charge_name or charge.name
        with self._locks.one_at_a_time(self._settings.server_key):
            return self._client.write(self._record, name, body, request_id or str(uuid4()))

    def store(
        self,
        charge: Charge,
        notes: str,
        *,
        mode: str = "",
        price: str | None = None,
        request_id: str = "",
    ) -> Charge:
        """A write that must succeed. Raises: BackhaulError, LineFailedError."""
        answer = self.write(charge, notes, mode=mode, price=price, request_id=request_id)
        stored = decode(self.good(answer, write=True), Charge, write=True)
        if stored.name != charge.name:
            raise LineFailedError(f"wrote to “{charge.name}”, the answer is “{stored.name}”")
        return stored

    def add(self, charge_name: str, number: str, request_id: str) -> Charge:
        """Add a number to the notes: alone where the connector merges, else with the rest."""
        now = self.charge_now(charge_name)
        merges = self._settings.notes_mode == "merge"
        notes = number if merges else merge_notes(now.text, number)
        return self.store(now, notes, request_id=request_id)

    def invoice_now(self) -> Invoice:
        return decode(self.good(self.read(self._record)), Invoice)

    def charge_now(self, name: str) -> Charge:
        charge = find_charge(self.invoice_now(), name)
        if charge is None:
            raise SetupChanged("ps_charge_missing", charge=name)
        return charge

    def good(self, answer: Answer, *, write: bool = False) -> Answer:
        """The answer, when it is 200. Raises: BackhaulError, LineFailedError."""
        asked = Asked(self._record, self._settings.charge_name, write=write)
        raise_for_answer(answer, asked)
        if answer.status != 200:
            raise LineFailedError(f"answered {answer.status}, agreed is 200")
        return answer


def expect(answer: Answer, code: str, *statuses: int) -> str:
    """What was seen, when it is the agreed refusal. Raises: LineFailedError."""
    seen = f"{answer.status} {code_of(answer) or 'without a code'}"
    if answer.status not in statuses or code_of(answer) != code:
        agreed = " or ".join(str(status) for status in statuses)
        raise LineFailedError(f"answered {seen}, agreed is {agreed} {code}")
    return seen


def same_text(found: str, wanted: str, where: str) -> None:
    """Line ends may differ, nothing else. Raises: LineFailedError."""
    if found.rstrip().splitlines() != wanted.rstrip().splitlines():
        raise LineFailedError(f"sent “{wanted}”, {where} shows “{found}”")
