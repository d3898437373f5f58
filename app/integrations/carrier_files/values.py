"""What stands in one cell: dates, amounts, void marks, and the damage spreadsheets do."""

import re
from datetime import date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from app.core.errors import UsageError
from app.core.tracking import checked_tracking, normalise_tracking
from app.core.tracking_families import Check, recognise
from app.core.tracking_policy import is_placeholder

VOID = frozenset({"y", "yes", "true", "1", "v", "void", "voided", "cancelled", "refunded"})
NOT_VOID = frozenset({"", "n", "no", "0", "false"})
YEARS = range(1990, 2101)
ROUNDED_FROM = 15
"""Digits a spreadsheet keeps of a number; the rest it turns into zeros."""

_WRAPPED = re.compile(r'="(.*)"', re.DOTALL)
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d*E[+-]?|E[+-])\d+", re.IGNORECASE | re.ASCII)
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?", re.ASCII)
_PARTED = re.compile(r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})(?:[ ,T]+(.*))?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?: ?([AP])\.?M\.?)?", re.I | re.ASCII)
_UNIT = re.compile(r"^(?:[^\W\d_]|[$\u20ac\u00a3\u00a5\s])+|(?:[^\W\d_]|[$\u20ac\u00a3\u00a5\s])+$")
_AMOUNT = re.compile(r"[+-]?[.,]?\d[\d.,' \u00a0\u202f\u2019]*", re.ASCII)
_SPACES = str.maketrans("", "", "' \u00a0\u202f\u2019")


class Moment(NamedTuple):
    """A calendar date, and the time of day if the cell had one; `at` is aware then."""

    day: date
    at: datetime | None = None


def unwrap(cell: str) -> str:
    """The cell without outer spaces, a `="..."` around it, or a leading apostrophe."""
    if cell.isalnum() or not cell:  # nearly all of them
        return cell
    text = cell.strip()
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped:
        text = wrapped[1].strip()
    return text.removeprefix("'").lstrip() if text.startswith("'") else text


def read_tracking(cell: str, *, may_be_empty: bool = False) -> str:
    """The normalised tracking number of an unwrapped cell.

    Raises: UsageError for a number a spreadsheet damaged ("number_scientific",
    "number_rounded"), and as `checked_tracking`. "N/A" and the like count as empty.
    """
    if not cell.isalnum():  # else it is neither empty nor in scientific notation
        if _SCIENTIFIC.fullmatch(cell):
            raise UsageError("number_scientific", value=cell)
        if not cell or _says_none(cell):
            if may_be_empty:
                return ""
            raise UsageError("tracking_empty")
    number = checked_tracking(cell)
    if _is_rounded(number):
        raise UsageError("number_rounded", value=cell)
    return number


def _says_none(cell: str) -> bool:
    number = normalise_tracking(cell)
    return not number.isalnum() and is_placeholder(number)


def _is_rounded(number: str) -> bool:
    """Sixteen digits end in a zero by nature; there the check digit decides."""
    if len(number) <= ROUNDED_FROM or not number.isdigit() or number[ROUNDED_FROM:].strip("0"):
        return False
    is_one_zero = len(number) == ROUNDED_FROM + 1
    return not (is_one_zero and any(fit.check is Check.OK for fit in recognise(number)))


def read_reference(cell: str) -> str:
    """A reference as read. Raises: UsageError when a spreadsheet or a wrong encoding damaged it."""
    if cell.isalnum():
        return cell
    if _SCIENTIFIC.fullmatch(cell):
        raise UsageError("number_scientific", value=cell)
    if "\ufffd" in cell:
        raise UsageError("cell_undecodable", value=cell)
    return cell


def read_void(cell: str, mark: str = "") -> bool:
    """True for a void. `mark`: a word that a person chose for it; then no other word is unknown.

    Raises: UsageError for a word that says neither.
    """
    word = cell.casefold()
    if word in VOID or (mark and word == mark.strip().casefold()):
        return True
    if mark or word in NOT_VOID:
        return False
    raise UsageError("void_unknown", value=cell)


@lru_cache(maxsize=8192)
def read_moment(cell: str, order: str, form: str, zone: tzinfo | None) -> Moment:
    """The date, and time if any, in a cell. A time without an offset is in `zone`
    (None: the PC's).

    `order`: "dmy", "mdy", "ymd" or empty; `form`: as strptime takes it, or empty.
    Raises: UsageError "date_order" when day and month could be swapped, "date_unreadable".
    """
    try:
        found = _by_form(cell, form, zone) if form else _by_shape(cell, order, zone)
    except ValueError as error:
        raise UsageError("date_unreadable", value=cell) from error
    if found.day.year not in YEARS:
        raise UsageError("date_unreadable", value=cell)
    return found


def _by_form(cell: str, form: str, zone: tzinfo | None) -> Moment:
    at = datetime.strptime(cell, form)  # noqa: DTZ007 - the form may or may not hold a zone
    has_time = any(mark in form for mark in ("%H", "%I", "%c", "%X", "%T"))
    return Moment(at.date(), _aware(at, zone) if has_time else None)


def _by_shape(cell: str, order: str, zone: tzinfo | None) -> Moment:
    stamp = _STAMP.fullmatch(cell)
    if stamp:
        parts = [int(part) for part in stamp.groups() if part]
        day = date(*parts[:3])
        clock = time(parts[3], parts[4], parts[5]) if len(parts) > 3 else None
        return _moment(day, clock, zone)
    parted = _PARTED.fullmatch(cell)
    if parted and (not parted[5] or _CLOCK.fullmatch(parted[5].strip())):
        return _moment(_ordered(parted, order, cell), _clock(parted[5]), zone)
    at = datetime.fromisoformat(cell)
    if len(cell) <= len("2026-11-20"):
        return Moment(at.date())
    return Moment(at.date(), _aware(at, zone))


def _ordered(parted: re.Match[str], order: str, cell: str) -> date:
    numbers = (parted[1], parted[3], parted[4])
    if len(parted[1]) == 4:
        order = "ymd"
    elif order == "ymd" and len(parted[4]) == 4:
        raise ValueError(cell)
    if not order:
        raise UsageError("date_order", value=cell)
    named = dict(zip(order, numbers, strict=True))
    if len(named["y"]) not in (2, 4):
        raise ValueError(cell)
    year = int(named["y"]) + (2000 if len(named["y"]) == 2 else 0)
    return date(year, int(named["m"]), int(named["d"]))


def _clock(text: str | None) -> time | None:
    found = _CLOCK.fullmatch(text.strip()) if text else None
    if not found:
        return None
    hour = int(found[1])
    if found[4]:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if found[4].upper() == "P" else 0)
    return time(hour, int(found[2]), int(found[3] or 0))


def _moment(day: date, clock: time | None, zone: tzinfo | None) -> Moment:
    return Moment(day, None if clock is None else _aware(datetime.combine(day, clock), zone))


def _aware(at: datetime, zone: tzinfo | None) -> datetime:
    if at.tzinfo:
        return at
    return at.replace(tzinfo=zone) if zone else at.astimezone()


@lru_cache(maxsize=8192)
def read_amount(cell: str, mark: str = "") -> Decimal | None:
    """The number in a cell, without currency signs and thousands; None for an empty one.

    `mark`: the decimal mark, "." or ","; empty: found from the number itself where it is plain.
    Raises: UsageError "amount_unreadable", "amount_mark" when it can be read in two ways.
    """
    text = _UNIT.sub("", cell)
    if not cell:
        return None
    if not _AMOUNT.fullmatch(text):
        raise UsageError("amount_unreadable", value=cell)
    text = text.translate(_SPACES)
    mark = mark or amount_mark(text)
    if not mark:
        raise UsageError("amount_mark", value=cell)
    thousands = "," if mark == "." else "."
    whole, _, rest = text.partition(mark)
    if thousands in rest or mark in rest or not _grouped(whole, thousands):
        raise UsageError("amount_unreadable", value=cell)
    try:
        return Decimal(f"{whole.replace(thousands, '')}.{rest}".rstrip("."))
    except InvalidOperation as error:
        raise UsageError("amount_unreadable", value=cell) from error


def amount_mark(text: str) -> str:
    """The decimal mark a number itself gives away; "" when it could be either."""
    marks = [char for char in text if char in ".,"]
    if not marks:
        return "."
    last = marks[-1]
    if len(set(marks)) > 1:
        return last
    if len(marks) > 1:
        return "," if last == "." else "."  # the same one twice: thousands
    tail = len(text) - text.rindex(last) - 1
    return "" if tail == 3 and not text.lstrip("+-").startswith(("0", last)) else last


def _grouped(whole: str, thousands: str) -> bool:
    groups = whole.lstrip("+-").split(thousands)
    return all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= (
        3 if len(groups) > 1 else 20
    )


def read_count(cell: str) -> int | None:
    """A number of parcels; None when the cell holds no whole number from 1 to 9,999."""
    return int(cell) if cell.isdecimal() and 0 < int(cell[:9]) < 10_000 and len(cell) < 5 else None
