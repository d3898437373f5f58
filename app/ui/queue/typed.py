"""Dates and quantities as people type them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QDate, QLocale

from app.core.errors import UsageError
from app.core.types import ShipmentLine

_MOST_PAID = 1_000_000
_EXAMPLE = date(2026, 11, 21)


def read_date(text: str) -> date | None:
    """As 2026-11-21, or in the short form of the desktop; None when nothing is typed.

    Raises: UsageError.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        found = QLocale().toDate(text, QLocale.FormatType.ShortFormat)
    century = 100 if found.isValid() and found.year() < 2000 and len(text) <= 8 else 0
    if not QDate.isValid(found.year() + century, found.month(), found.day()):
        mend = f"Type it as {_EXAMPLE.isoformat()}, or leave it empty."
        raise UsageError("bad_value", field="Ship date", value=text, mend=mend)
    return date(found.year() + century, found.month(), found.day())


def read_lines(
    before: Sequence[ShipmentLine], quantities: Sequence[str]
) -> tuple[ShipmentLine, ...]:
    """The lines with the quantities as typed, in pieces; a line with 0 is not in the parcel.

    Raises: UsageError.
    """
    read = zip(before, quantities, strict=True)
    found = [line._replace(quantity=_quantity(line.item, text)) for line, text in read]
    if before and not any(line.quantity for line in found):
        mend = "At least one piece is in the parcel."
        raise UsageError("bad_value", field="Quantity", value="0", mend=mend)
    return tuple(line for line in found if line.quantity)


def read_cost(text: str) -> Decimal | None:
    """What the carrier charged, as 12.50 or 12,50; None when nothing is typed.

    Raises: UsageError.
    """
    if not text:
        return None
    try:
        found = Decimal(text.replace(",", ".", 1))
    except InvalidOperation:
        found = Decimal(-1)
    if not (found.is_finite() and 0 <= found <= _MOST_PAID):
        mend = "Type it as 12.50, or leave it empty."
        raise UsageError("bad_value", field="Shipping cost", value=text, mend=mend)
    return found


def _quantity(item: str, text: str) -> Decimal:
    try:
        found = Decimal(text.replace(",", ".", 1))
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or found < 0:
        mend = "Type how many pieces are in the parcel; 0 takes the line out."
        raise UsageError("bad_value", field=f"Quantity of {item}", value=text, mend=mend)
    return found
