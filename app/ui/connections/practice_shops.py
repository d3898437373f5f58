"""What practice servers hold, in the words of their people, and what somebody there can do."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.services.rehearsal import WHO_LOCKS

State = Mapping[str, Any]
"""What a practice server says of itself."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something a person there may do. `busy`: said while it is done."""

    title: str
    busy: str
    act: str
    options: Mapping[str, Any]
    can: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """One invoice or order. `path`: a pattern of the requests that are about it."""

    number: str
    words: str  # how it stands; empty: as it should
    path: str
    is_open: bool  # something can still be done with it
    deeds: tuple[Deed, ...]

    @property
    def text(self) -> str:
        """ "316132, open at another desk (MARY)"."""
        return f"{self.number}, {self.words}" if self.words else self.number


@dataclass(frozen=True, slots=True)
class Shop:
    """What is particular to one kind of practice server."""

    noun: str
    write_method: str = "POST"
    records: Callable[[State], tuple[Record, ...]] = lambda state: ()
    deeds: Callable[[State], tuple[Deed, ...]] = lambda state: ()
    is_normal: Callable[[State], bool] = lambda state: True
    faults: Mapping[str, str] = field(default_factory=dict)  # titles that only fit here


def _next_number(taken: Sequence[str], first: int) -> str:
    """One more than the highest there is."""
    numbers = [int(one) for one in taken if one.isdecimal()]
    width = max((len(one) for one in taken if one.isdecimal()), default=0)
    return str(max(numbers, default=first - 1) + 1).zfill(width)


def _right(has_it: bool, to: str, act: str, **options: Any) -> Deed:
    """Take a right away, or give it back. `options` are those of taking."""
    if has_it:
        return Deed(f"Take away the right to {to}", "Taking the right away…", act, options)
    back = {name: True if value is False else value for name, value in options.items()}
    return Deed(f"Give back the right to {to}", "Giving the right back…", act, back)


# --- PrintSmith Vision

_INVOICE_WORDS = {
    "pending": "", "picked_up": "picked up", "voided": "voided", "deleted": "deleted",
}  # fmt: skip


def _invoices(state: State) -> tuple[Record, ...]:
    return tuple(_invoice(number, one) for number, one in sorted(state["invoices"].items()))


def _invoice(number: str, one: State) -> Record:
    stands, by = str(one.get("state", "")), str(one.get("locked_by") or "")
    is_open, was_picked_up, which = stands == "pending", stands == "picked_up", {"invoice": number}
    words = f"open at another desk ({by})" if by else _INVOICE_WORDS.get(stands, stands)
    lock = Deed(
        f"Let {WHO_LOCKS} open it", "Opening the invoice…", "lock",
        {**which, "by": WHO_LOCKS}, is_open,
    )  # fmt: skip
    unlock = Deed(f"Release {by}'s lock", "Releasing the lock…", "unlock", which, is_open)
    pick_up = Deed("Pick up", "Picking up…", "pick_up", which, is_open)
    undo = Deed("Undo the pick-up", "Undoing the pick-up…", "reopen", which)
    deeds = (unlock if by else lock, undo if was_picked_up else pick_up)
    return Record(number, words, rf"/invoices/{re.escape(number)}(/|$)", is_open, deeds)


def _at_printsmith(state: State) -> tuple[Deed, ...]:
    number = _next_number(list(state["invoices"]), 316100)
    return (
        Deed("Add an invoice", "Adding an invoice…", "add_invoice", {"invoice": number}),
        _right(bool(state.get("can_save_invoice", True)), "save", "rights", can_save_invoice=False),
    )


def _is_printsmith_normal(state: State) -> bool:
    untouched = all(
        one.get("state") == "pending" and not one.get("locked_by")
        for one in state["invoices"].values()
    )
    return untouched and bool(state.get("can_save_invoice", True))


# --- Magento

_SHIP = "Magento_Sales::ship"
_HELD, _MAY_SHIP = "holded", ("new", "processing")
_ORDER_WORDS = {
    "new": "", "processing": "being processed", _HELD: "on hold", "canceled": "cancelled",
    "complete": "complete", "closed": "refunded",
}  # fmt: skip


def _orders(state: State) -> tuple[Record, ...]:
    orders = sorted(state["orders"].values(), key=lambda one: int(one["entity_id"]), reverse=True)
    return tuple(_order(one) for one in orders)


def _order(one: State) -> Record:
    number, stands = str(one["increment_id"]), str(one["state"])
    can, which = stands in _MAY_SHIP, {"order": number}
    hold = Deed("Put on hold", "Putting it on hold…", "hold", which, can)
    unhold = Deed("End the hold", "Ending the hold…", "unhold", which)
    deeds = (
        unhold if stands == _HELD else hold,
        Deed("Cancel it", "Cancelling…", "cancel", which, can),
        Deed("Ship it by hand", "Shipping by hand…", "ship_by_hand", which, can),
    )
    path = rf"/orders?/{int(one['entity_id'])}(/|$)"
    return Record(number, _ORDER_WORDS.get(stands, stands), path, can or stands == _HELD, deeds)


def _at_magento(state: State) -> tuple[Deed, ...]:
    numbers = [str(one["increment_id"]) for one in state["orders"].values()]
    number = _next_number(numbers or ["000000000"], 1)
    return (
        Deed("Add an order", "Adding an order…", "add_order", {"order": number}),
        _right(_SHIP in state["rights"], "ship", "right", resource=_SHIP, allowed=False),
    )


def _is_magento_normal(state: State) -> bool:
    is_held = any(one["state"] == _HELD for one in state["orders"].values())
    return not is_held and _SHIP in state["rights"] and not state.get("revoked")


SHOPS: Mapping[str, Shop] = {
    "printsmith": Shop(
        "invoice", "PUT", _invoices, _at_printsmith, _is_printsmith_normal,
        {"edited_meanwhile": "Somebody saves the invoice meanwhile"},
    ),
    "magento": Shop(
        "order", "POST", _orders, _at_magento, _is_magento_normal,
        {"edited_meanwhile": "Somebody ships the order by hand meanwhile"},
    ),
}  # fmt: skip
"""By the name of the kind of system."""

OTHER = Shop("record")
"""One that we have no words for: faults only."""
