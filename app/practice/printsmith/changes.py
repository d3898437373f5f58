"""What a write asks for, when it is refused, and what it leaves on the charge."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.practice.messages import Reply, Request
from app.practice.printsmith.store import find_charge
from app.practice.shelf import Document

NOTES_MAX = 255
_PRICE = re.compile(r"[0-9]+\.[0-9]{2}")
_CLOSED = {
    "picked_up": "Picked up, no more changes",
    "voided": "The invoice was voided",
    "deleted": "The invoice was deleted",
}


class RefusedError(Exception):
    """A refusal in the words of the contract."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        **detail: Any,
    ) -> None:
        super().__init__(message)
        self._status = status
        self._body = {"code": code, "message": message, "detail": detail}
        self._headers = headers or {}

    def reply(self) -> Reply:
        return Reply(self._status, self._body, self._headers)


@dataclass(frozen=True, slots=True)
class Change:
    """The body of a write. `price` None: left alone."""

    notes: str
    merges: bool
    price: str | None
    if_revision: str

    @classmethod
    def parse(cls, request: Request) -> "Change":
        """Raises: RefusedError bad_request."""
        try:
            body = request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise _bad("The body is not a JSON object")
        notes, revision = body.get("notes"), body.get("if_revision")
        if not isinstance(notes, str):
            raise _bad("notes is a text")
        if body.get("notes_mode") not in ("merge", "replace"):
            raise _bad("notes_mode is merge or replace")
        if not (isinstance(revision, str) and revision):
            raise _bad("if_revision is the revision that was read")
        if "price" not in body or not _is_price(body["price"]):
            raise _bad("price is null or looks like 12.50")
        return cls(notes, body["notes_mode"] == "merge", body["price"], revision)

    def applied_to(self, charge: Document) -> Document:
        """The charge as it is afterwards."""
        notes = merged(charge["notes"], self.notes) if self.merges else self.notes
        price = charge["price"] if self.price is None else self.price
        return {**charge, "notes": notes, "price": price}


def merged(held: str, sent: str) -> str:
    """Every line that was there, then the sent ones that are missing."""
    there = {*held.splitlines(), *(_bare(word) for word in held.split())}
    new = [line for line in sent.splitlines() if line not in there and _bare(line) not in there]
    if not new:
        return held
    between = "\n" if held and not held.endswith("\n") else ""
    return held + between + "\n".join(dict.fromkeys(new))


def refuse_write(shop: Document, document: Document, name: str, change: Change) -> None:
    """What waiting cannot mend comes first.

    Raises: RefusedError.
    """
    for right, words in (("can_save_invoice", "save invoices"), ("can_see_locks", "see locks")):
        if not shop[right]:
            raise RefusedError(403, "no_permission", f"User shipper may not {words}")
    if document["kind"] != "invoice":
        raise RefusedError(422, "is_estimate", f"{document['invoice']} is an estimate")
    if document["state"] in _CLOSED:
        raise RefusedError(409, document["state"], _CLOSED[document["state"]])
    charge = find_charge(document, name)
    if charge is None:
        raise RefusedError(404, "charge_not_defined", f"No charge is named “{name}”")
    for field, value in (("notes", change.notes), ("price", change.price)):
        if value is not None and not charge[f"{field}_editable"]:
            text = f"The {field} of this charge cannot be edited"
            raise RefusedError(422, "field_not_editable", text, field=field)
    _refuse_for_now(document, change)
    if len(change.applied_to(charge)["notes"]) > NOTES_MAX:
        raise RefusedError(422, "notes_too_long", f"The notes hold at most {NOTES_MAX} characters")


def _refuse_for_now(document: Document, change: Change) -> None:
    if document["locked_by"]:
        by, since = document["locked_by"], document["locked_since"]
        text = f"Open by {by}"
        if since:
            text += f" since {datetime.fromisoformat(since).astimezone():%H:%M}"
        raise RefusedError(409, "locked", text, locked_by=by, locked_since=since)
    if change.if_revision != document["revision"]:
        text = f"The invoice is now at revision {document['revision']}"
        raise RefusedError(409, "revision_changed", text)


def _bad(message: str) -> RefusedError:
    return RefusedError(400, "bad_request", message)


def _is_price(value: object) -> bool:
    return value is None or (isinstance(value, str) and _PRICE.fullmatch(value) is not None)


def _bare(word: str) -> str:
    """A word without what people put into numbers."""
    return word.upper().replace("-", "").replace(".", "")
