"""A practice PrintSmith Vision with a bridge connector: invoices, locks, rights, sessions.

Written from the bridge contract (docs/printsmith-bridge.openapi.json).
"""

import hmac
import json
import os
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from app.practice.host import Host, Reply, Request, Seen

CHARGE = "ShipLeap Tracking"
NOTES_MAX = 255

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
}
"""What a person at the real program could do, with words for the command line."""


class PracticePrintSmith:
    """One shop. Thread-safe; with a state file everything survives the end of the process."""

    acts = ACTS

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = "practice",
        control_key: str = "practice",
        state_file: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._token = token.encode()
        self._state_file = state_file
        self._now = now
        self._lock = threading.RLock()
        self._busy = 0  # calls under way: each takes a user session
        self._writing = 0
        self.most_writes_at_once = 0
        self._state = _empty_shop()
        if state_file and state_file.exists():
            self._state.update(json.loads(state_file.read_text(encoding="utf-8")))
        self.host = Host(self, port=port, control_key=control_key)

    # -- life -----------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The bridge's base address."""
        return self.host.url

    @property
    def requests(self) -> list[Seen]:
        """Every request met so far."""
        return self.host.requests

    @property
    def writes(self) -> list[dict[str, Any]]:
        """Every write that was kept, in order: invoice, notes, price, request id."""
        with self._lock:
            return list(self._state["writes"])

    def start(self) -> "PracticePrintSmith":
        """Begin to serve."""
        self.host.start()
        return self

    def stop(self) -> None:
        """End."""
        self.host.stop()

    def __enter__(self) -> "PracticePrintSmith":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- what people there do ---------------------------------------------------------------

    def act(self, name: str, options: Mapping[str, Any]) -> None:
        """Carry out one of ACTS.

        Raises: ValueError in words when it cannot be done.
        """
        if name not in ACTS:
            raise ValueError(f"there is no act “{name}”; there are: {', '.join(ACTS)}")
        values = dict(options)
        with self._lock:
            if "invoice" in values and name != "add_invoice":
                self._invoice(str(values["invoice"]))
            getattr(self, name)(**values)
            self._save()

    def add_invoice(self, invoice: str, **fields: Any) -> None:
        """A new invoice; `fields` overlay the usual document."""
        with self._lock:
            document = {**_new_invoice(invoice, self._state["charge"]), **fields}
            self._state["invoices"][invoice] = document
            self._save()

    def lock(self, invoice: str, by: str = "MARY") -> None:
        """Somebody has it open."""
        self._change(invoice, locked_by=by, locked_since=self._now().isoformat())

    def unlock(self, invoice: str) -> None:
        """Closed again; whoever had it open may have saved it."""
        self._change(invoice, locked_by=None, locked_since=None)

    def pick_up(self, invoice: str) -> None:
        """The customer has it."""
        self._change(invoice, state="picked_up", picked_up_at=self._now().isoformat())

    def void(self, invoice: str) -> None:
        """Voided."""
        self._change(invoice, state="voided")

    def delete(self, invoice: str) -> None:
        """Deleted."""
        self._change(invoice, state="deleted")

    def reopen(self, invoice: str) -> None:
        """Pending again."""
        self._change(invoice, state="pending", picked_up_at=None, kind="invoice")

    def estimate(self, invoice: str) -> None:
        """Only an estimate."""
        self._change(invoice, kind="estimate")

    def type_note(self, invoice: str, text: str) -> None:
        """A person's own text in the notes."""
        with self._lock:
            charge = self._charge(self._invoice(invoice), self._state["charge"])
            if charge is None:
                raise ValueError("the invoice has no such charge")
            charge["notes"] = text
            self._saved(self._invoice(invoice))
            self._save()

    def rights(self, can_save_invoice: bool = True, can_see_locks: bool = True) -> None:
        """What the connector's user may do."""
        self._set(can_save_invoice=_true(can_save_invoice), can_see_locks=_true(can_see_locks))

    def sessions(self, free: int) -> None:
        """User sessions that nobody uses."""
        self._set(sessions=int(free))

    def rename_charge(self, new: str, old: str = CHARGE) -> None:
        """Rename the definition; invoices follow."""
        with self._lock:
            for document in self._state["invoices"].values():
                for charge in document["charges"]:
                    charge["name"] = new if charge["name"] == old else charge["name"]
            self._set(charge=new)

    def editable(self, notes: bool = True, price: bool = True) -> None:
        """Set on the definition, so for every invoice."""
        with self._lock:
            for document in self._state["invoices"].values():
                for charge in document["charges"]:
                    charge.update(notes_editable=_true(notes), price_editable=_true(price))
            self._save()

    def latency(self, seconds: float) -> None:
        """How long every answer takes."""
        self._set(latency_s=float(seconds))

    def fault(self, kind: str, **options: Any) -> None:
        """The next requests go wrong (see `app.practice.faults.KINDS`)."""
        self.host.faults.add(kind, **options)

    def clear_faults(self) -> None:
        """Everything works again."""
        self.host.faults.clear()

    def notes(self, invoice: str, charge: str | None = None) -> str:
        """What the tracking charge of an invoice holds now."""
        with self._lock:
            found = self._charge(self._invoice(invoice), charge or self._state["charge"])
            return "" if found is None else str(found["notes"])

    def snapshot(self) -> dict[str, Any]:
        """Everything, as plain data."""
        with self._lock:
            copy: dict[str, Any] = json.loads(json.dumps(self._state))
            return {**copy, "acts": dict(ACTS), "requests": len(self.requests)}

    def edited_meanwhile(self, request: Request) -> None:
        """Somebody else saves the invoice the request names."""
        with self._lock:
            number = request.path.split("/")[2] if request.path.count("/") > 1 else ""
            if number in self._state["invoices"]:
                self._saved(self._state["invoices"][number])

    # -- the bridge contract ----------------------------------------------------------------

    def answer(self, request: Request, *, keep: bool = True) -> Reply:
        """One call of the bridge."""
        parts = request.path.strip("/").split("/")
        if not self._may_enter(request, parts):
            return _refuse(401, "unauthorized", "The token is not accepted")
        with self._lock:
            if self._busy >= self._state["sessions"] and parts[-1:] != ["health"]:
                return _refuse(503, "no_free_session", "All user sessions are in use")
            self._busy += 1
        try:
            if self._state["latency_s"]:
                self.host.stopping.wait(self._state["latency_s"])
            return self._route(request, parts, keep=keep)
        finally:
            with self._lock:
                self._busy -= 1

    def _may_enter(self, request: Request, parts: list[str]) -> bool:
        bearer = request.headers.get("authorization", "").encode()
        if hmac.compare_digest(bearer, b"Bearer " + self._token):
            return True
        if hmac.compare_digest(parts[0].encode(), self._token):
            parts.pop(0)  # the other style: the token is part of the address
            return True
        return False

    def _route(self, request: Request, parts: list[str], *, keep: bool) -> Reply:
        match request.method, parts:
            case "GET", ["health"]:
                return self._probe()
            case "GET", ["invoices", number]:
                return self._read(number)
            case "PUT", ["invoices", number, "charges", charge]:
                return self._count_write(request, number, charge, keep=keep)
        return _refuse(404, "not_found", "There is no such call")

    def _probe(self) -> Reply:
        with self._lock:
            state = self._state
            return Reply(
                200,
                {
                    "product": "printsmith-vision",
                    "version": "practice",
                    "user": "shipper",
                    "can_save_invoice": state["can_save_invoice"],
                    "can_see_locks": state["can_see_locks"],
                    "sessions_free": max(0, state["sessions"] - self._busy + 1),
                },
            )

    def _read(self, number: str) -> Reply:
        with self._lock:
            document = self._state["invoices"].get(number)
            if document is None:
                return _refuse(404, "invoice_not_found", f"There is no invoice {number}")
            public = {k: v for k, v in document.items() if k != "locked_since"}
            if not self._state["can_see_locks"]:
                public["locked_by"] = None
            return Reply(200, json.loads(json.dumps(public)))

    def _count_write(self, request: Request, number: str, charge: str, *, keep: bool) -> Reply:
        with self._lock:
            self._writing += 1
            self.most_writes_at_once = max(self.most_writes_at_once, self._writing)
        try:
            with self._lock:
                return self._write(request, number, charge, keep=keep)
        finally:
            with self._lock:
                self._writing -= 1

    def _write(self, request: Request, number: str, name: str, *, keep: bool) -> Reply:
        document = self._state["invoices"].get(number)
        refused = self._refused(document, number, name)
        if refused is not None:
            return refused
        charge = self._charge(document, name)
        try:
            body = request.json()
            notes, price = _new_values(body, charge)
        except (ValueError, KeyError, TypeError) as error:
            return _refuse(400, "bad_request", str(error))
        refused = self._refused_values(document, charge, body, notes, price)
        if refused is not None:
            return refused
        after = {**charge, "notes": notes, "price": price}
        if keep:
            charge.update(after)
            self._saved(document)
            self._state["writes"].append(
                {
                    "invoice": number,
                    "notes": notes,
                    "price": price,
                    "request_id": request.headers.get("x-request-id", ""),
                }
            )
            self._save()
        return Reply(200, after)

    def _refused(self, document: Any, number: str, name: str) -> Reply | None:
        if document is None:
            return _refuse(404, "invoice_not_found", f"There is no invoice {number}")
        if not self._state["can_save_invoice"]:
            return _refuse(403, "no_permission", "User shipper may not save invoices")
        if document["kind"] != "invoice":
            return _refuse(422, "is_estimate", "It is an estimate")
        if document["state"] in ("picked_up", "voided", "deleted"):
            return _refuse(409, document["state"], f"The invoice is {document['state']}")
        if self._charge(document, name) is None:
            return _refuse(404, "charge_not_defined", f"There is no charge “{name}”")
        return None

    def _refused_values(
        self, document: Any, charge: Any, body: Any, notes: str, price: str
    ) -> Reply | None:
        if notes != charge["notes"] and not charge["notes_editable"]:
            return _refuse(422, "field_not_editable", "Not editable", field="notes")
        if price != charge["price"] and not charge["price_editable"]:
            return _refuse(422, "field_not_editable", "Not editable", field="price")
        if document["locked_by"]:
            since = document["locked_since"]
            clock = datetime.fromisoformat(since).astimezone().strftime("%H:%M")
            by = document["locked_by"]
            text = f"Open by {by} since {clock}"
            return _refuse(409, "locked", text, locked_by=by, since=since)
        if body.get("if_revision") not in (None, document["revision"]):
            return _refuse(409, "revision_changed", "Somebody saved it meanwhile")
        if len(notes) > NOTES_MAX:
            return _refuse(422, "notes_too_long", f"At most {NOTES_MAX} characters")
        return None

    # -- inside ---------------------------------------------------------------------------

    def _invoice(self, number: str) -> Any:
        if number not in self._state["invoices"]:
            raise ValueError(f"there is no invoice {number} here")
        return self._state["invoices"][number]

    @staticmethod
    def _charge(document: Any, name: str) -> Any:
        return next((c for c in document["charges"] if c["name"] == name), None)

    def _change(self, invoice: str, **fields: Any) -> None:
        with self._lock:
            document = self._invoice(str(invoice))
            document.update(fields)
            self._saved(document)
            self._save()

    def _set(self, **fields: Any) -> None:
        with self._lock:
            self._state.update(fields)
            self._save()

    @staticmethod
    def _saved(document: Any) -> None:
        document["revision"] = str(int(document["revision"]) + 1)

    def _save(self) -> None:
        """On disk before anybody is answered."""
        if self._state_file is None:
            return
        part = self._state_file.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            json.dump(self._state, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._state_file)


def _empty_shop() -> dict[str, Any]:
    return {
        "invoices": {},
        "writes": [],
        "charge": CHARGE,
        "can_save_invoice": True,
        "can_see_locks": True,
        "sessions": 5,
        "latency_s": 0.0,
    }


def _new_invoice(number: str, charge: str) -> dict[str, Any]:
    return {
        "invoice": number,
        "kind": "invoice",
        "state": "pending",
        "revision": "1",
        "locked_by": None,
        "locked_since": None,
        "picked_up_at": None,
        "title": "Business cards",
        "account": {"number": "1042", "name": "Acme"},
        "web_reference": None,
        "ship_to": None,
        "charges": [
            {
                "name": charge,
                "notes": "",
                "price": "0.00",
                "notes_editable": True,
                "price_editable": True,
            }
        ],
    }


def _new_values(body: Any, charge: Any) -> tuple[str, str]:
    """Notes and price after the write. Raises: ValueError, KeyError, TypeError."""
    text, mode = body["notes"], body["notes_mode"]
    if not isinstance(text, str) or mode not in ("merge", "replace"):
        raise ValueError("notes is a text, notes_mode is merge or replace")
    price = body.get("price")
    if price is not None and not _is_price(price):
        raise ValueError("price is a text like 12.50")
    return (_merged(charge["notes"], text) if mode == "merge" else text), price or charge["price"]


def _merged(held: str, text: str) -> str:
    """Every line that was there, then the new ones that were not."""
    lines = held.splitlines()
    return "\n".join([*lines, *(line for line in text.splitlines() if line not in lines)])


def _is_price(value: Any) -> bool:
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return False
    return number is not None and number >= 0 and value == f"{number:.2f}"


def _true(value: Any) -> bool:
    return str(value).lower() in ("true", "1", "yes")


def _refuse(status: int, code: str, message: str, **detail: Any) -> Reply:
    return Reply(status, {"code": code, "message": message, "detail": detail})
