"""Pure rules for an invoice of the bridge contract: its notes, price, state and charge."""

import re
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from app.core.errors import NotFound, RecordClosed, RecordLocked, Rejected, SetupChanged
from app.core.tracking import normalise_tracking
from app.integrations.printsmith.client import Charge, Invoice

JOINED_MIN = 8
"""Shortest number that is also recognised when it is written in groups ("1Z 999 AA1 …")."""

_BETWEEN = re.compile(r"[^\w.\-\u2010\u2011\u200b-\u200d\u2060\ufeff]+")
"""Ends a word: all but letters, digits, and the marks `normalise_tracking` drops inside one."""


def holds(notes: str, tracking: str) -> bool:
    """True when a line of the notes holds the number as a whole word.

    Compared normalised. A number in groups counts when no other digits stand beside the
    groups; in doubt the answer is no, for a doubled line harms nobody and a lost one does.
    """
    number = normalise_tracking(tracking)
    return bool(number) and any(_line_holds(line, number) for line in notes.splitlines())


def _line_holds(line: str, number: str) -> bool:
    words = [normalise_tracking(word) for word in _BETWEEN.split(line)]
    words = [word for word in words if word]
    if number in words:
        return True
    if len(number) < JOINED_MIN:
        return False
    return any(
        _joined(words, start, number)
        for start in range(len(words))
        if number.startswith(words[start])
    )


def _joined(words: list[str], start: int, number: str) -> bool:
    end, text = start, ""
    while end < len(words) and len(text) < len(number):
        text += words[end]
        end += 1
    beside = words[max(start - 1, 0) : start] + words[end : end + 1]
    return text == number and not any(char.isdigit() for word in beside for char in word)


def merge_notes(notes: str, tracking: str) -> str:
    """The notes with the number as a line of its own at the end; what people wrote stays.

    Source: bridge contract v1, section 4, merge rule.
    """
    if holds(notes, tracking):
        return notes
    if not notes.strip():
        return tracking
    return f"{notes}{'' if notes.endswith((chr(10), chr(13))) else chr(10)}{tracking}"


def price_text(cost: Decimal | None) -> str | None:
    """A price as the contract wants it: a dot and two decimals; None leaves it untouched."""
    if cost is None or not cost.is_finite() or cost < 0:
        return None
    return f"{cost.quantize(Decimal('0.01'), ROUND_HALF_UP):f}"


def refuse_kind(invoice: Invoice) -> None:
    """Raises: Rejected for an estimate, NotFound, RecordClosed for one that was thrown away."""
    number = invoice.invoice
    if invoice.kind == "estimate" or invoice.state in ("estimate", "is_estimate"):
        raise Rejected("ps_estimate", field="invoice", order=number)
    if invoice.kind != "invoice":
        raise Rejected("ps_no_invoice", field="invoice", order=number, kind=invoice.kind)
    if invoice.state == "not_found":
        raise NotFound("ps_invoice_not_found", order=number)
    if invoice.state in ("voided", "deleted"):
        raise RecordClosed(f"ps_{invoice.state}", order=number)


def refuse_state(invoice: Invoice, now: datetime) -> None:
    """Raises: RecordClosed when it is picked up, RecordLocked when another desk holds it."""
    if invoice.state == "picked_up" or (invoice.picked_up_at or "").strip():
        raise RecordClosed("ps_picked_up", order=invoice.invoice)
    holder = (invoice.locked_by or "").strip()
    if holder:
        since = (invoice.locked_since or "").strip()
        raise RecordLocked("ps_locked", held_by=holder[:100], since=short_time(since, now))


def short_time(text: str, now: datetime) -> str:
    """ISO 8601 as people read it: the time today, before that the date; else as it came."""
    try:
        moment = datetime.fromisoformat(text)
        local = moment.astimezone(now.tzinfo) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return text[:40]
    return f"{local:%H:%M}" if local.date() == now.date() else f"{local:%Y-%m-%d %H:%M}"


def find_charge(invoice: Invoice, name: str) -> Charge | None:
    """The charge of exactly this name; capitals and spaces count."""
    return next((charge for charge in invoice.charges if charge.name == name), None)


def writable_charge(invoice: Invoice, name: str) -> Charge:
    """The charge that takes the number. Raises: SetupChanged when there is none."""
    charge = find_charge(invoice, name)
    if charge is None:
        raise SetupChanged("ps_charge_missing", charge=name)
    if not charge.notes_editable:
        raise SetupChanged("ps_field_fixed", charge=name, field="notes")
    return charge


def too_long(text: str, excerpt: str = "") -> Rejected:
    """The notes would not fit; `text` is what should stand there, ready to be copied."""
    return Rejected(
        "ps_notes_too_long", field="notes", text=text, length=len(text), excerpt=excerpt
    )
