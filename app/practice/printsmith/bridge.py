"""The three calls of the bridge, as a connector answers them."""

import hmac
from collections.abc import Callable

from app.practice.messages import Reply, Request
from app.practice.printsmith.changes import Change, RefusedError, refuse_write
from app.practice.printsmith.store import Store, find_charge, raise_revision
from app.practice.shelf import Document


class Bridge:
    """Answers calls to one shop. Every call but the probe takes a user session."""

    def __init__(self, store: Store, token: str, wait: Callable[[float], object]) -> None:
        self.most_writes_at_once = 0
        self._store = store
        self._token = token.encode()
        self._wait = wait
        self._busy = 0
        self._writing = 0

    def answer(self, request: Request, *, keep: bool) -> Reply:
        """One call; `keep` False: the answer of a write that was then not stored."""
        try:
            return self._called(request, keep=keep)
        except RefusedError as refused:
            return refused.reply()

    def without_token(self, request: Request) -> list[str] | None:
        """The parts of the path without the token; None when the token is wrong."""
        parts = request.parts
        if hmac.compare_digest(parts[0].encode(), self._token):
            return parts[1:]  # the other style: the token is part of the address
        bearer = request.headers.get("authorization", "").encode()
        return parts if hmac.compare_digest(bearer, b"Bearer " + self._token) else None

    def _called(self, request: Request, *, keep: bool) -> Reply:
        parts = self.without_token(request)
        if parts is None:
            text = "The token is missing or wrong"
            raise RefusedError(401, "unauthorized", text, headers={"WWW-Authenticate": "Bearer"})
        match request.method, parts:
            case "GET", ["health"]:
                self._take_time()
                return self._probe()
            case "GET", ["invoices", number]:
                return self._in_session(lambda: self._read(number))
            case "PUT", ["invoices", number, "charges", charge]:
                change = Change.parse(request)
                return self._counted(
                    lambda: self._in_session(
                        lambda: self._write(request, number, charge, change, keep=keep)
                    )
                )
        raise RefusedError(404, "not_found", "The contract has no such call")

    def _take_time(self) -> None:
        seconds = self._store.values["latency_s"]
        if seconds:
            self._wait(seconds)

    def _in_session(self, work: Callable[[], Reply]) -> Reply:
        """Log in, work, log out: also after an error."""
        with self._store.lock:
            if self._busy >= self._store.values["sessions"]:
                raise RefusedError(503, "no_free_session", "All user sessions are taken")
            self._busy += 1
        try:
            self._take_time()
            with self._store.lock:
                return work()
        finally:
            with self._store.lock:
                self._busy -= 1

    def _counted(self, write: Callable[[], Reply]) -> Reply:
        with self._store.lock:
            self._writing += 1
            self.most_writes_at_once = max(self.most_writes_at_once, self._writing)
        try:
            return write()
        finally:
            with self._store.lock:
                self._writing -= 1

    def _probe(self) -> Reply:
        with self._store.lock:
            values = self._store.values
            body = {
                "product": "printsmith-vision",
                "version": "practice",
                "user": "shipper",
                "can_save_invoice": values["can_save_invoice"],
                "can_see_locks": values["can_see_locks"],
                "sessions_free": max(0, values["sessions"] - self._busy),
            }
        return Reply(200, body)

    def _read(self, number: str) -> Reply:
        document = self._with_charge(self._found(number))
        if not self._store.values["can_see_locks"]:
            document = {**document, "locked_by": None, "locked_since": None}
        return Reply(200, _copy(document))

    def _write(
        self, request: Request, number: str, name: str, change: Change, *, keep: bool
    ) -> Reply:
        document = self._found(number)
        full = self._with_charge(document)
        refuse_write(self._store.values, full, name, change)
        charge = find_charge(full, name)
        assert charge is not None
        after = change.applied_to(charge)
        if keep and after != charge:
            charge.update(after)
            document["charges"] = full["charges"]
            raise_revision(document)
        if keep:
            self._note(number, after, request)
        return Reply(200, after)

    def _note(self, number: str, charge: Document, request: Request) -> None:
        self._store.values["writes"].append(
            {
                "invoice": number,
                "notes": charge["notes"],
                "price": charge["price"],
                "request_id": request.headers.get("x-request-id", ""),
            }
        )
        self._store.save()

    def _with_charge(self, document: Document) -> Document:
        """With the defined charge, also where the invoice has it not yet: a write adds it."""
        if find_charge(document, self._store.values["charge"]) is not None:
            return document
        return {**document, "charges": [*document["charges"], self._store.new_charge()]}

    def _found(self, number: str) -> Document:
        document = self._store.find(number)
        if document is None:
            raise RefusedError(404, "invoice_not_found", f"There is no invoice {number}")
        return document


def _copy(document: Document) -> Document:
    return {**document, "charges": [dict(charge) for charge in document["charges"]]}
