"""What came out of a barcode scanner: an invoice, a label, or something to ask about.

Nothing is guessed: a pair that might be wrong is never made, and no number is refused for good.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from app.core.errors import UsageError
from app.core.tracking import (
    checked_tracking,
    clean_order_ref,
    label_number,
    normalise_tracking,
    order_channel,
)
from app.core.tracking_families import Check, Fit, recognise
from app.core.tracking_policy import Judgement, carrier_of, judge

# "]C1", "]Q3": scanners can be set to say which kind of barcode they read.
_SYMBOLOGY = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_AROUND = " \t~"  # what scanners are set to send before and after a number
_SQUARE_CODE = "[)>"  # how the square codes of carriers begin
_LONG = 15  # no order has that many characters and looks like a carrier's number
_WITHOUT_CHECK = frozenset({"amazon", "dhl_piece"})  # shapes nobody else has


class Ask(Enum):
    """Why a label is not taken at once."""

    UNKNOWN = auto()  # no carrier that is known has such numbers
    CHECK_DIGIT = auto()  # it does not fit
    PLACEHOLDER = auto()  # what people enter when there is no number
    OTHER_CARRIER = auto()  # it surely belongs to another carrier than the one that was set


@dataclass(frozen=True, slots=True)
class Label:
    """A scan that may stand for a parcel; `ask` None: nothing speaks against it."""

    number: str  # as it is stored
    carrier: str  # the code that was set, else the one the number gives away; empty: not sure
    judgement: Judgement
    ask: Ask | None = None


def cleaned(text: str) -> str:
    """A scan without what scanners put around it: control marks, barcode kind, blanks."""
    plain = "".join(char for char in text if char.isprintable()).strip(_AROUND)
    return _SYMBOLOGY.sub("", plain).strip(_AROUND)


def is_square_code(text: str) -> bool:
    """True for the square code of a label, which holds the address and more."""
    return text.startswith(_SQUARE_CODE)


def is_surely_label(text: str) -> bool:
    """True for what no order can be: a postal barcode, or a carrier's own long form."""
    number = normalise_tracking(text)
    if label_number(number) != number or carrier_of(number):
        return True
    return len(number) >= _LONG and any(fit.family.is_marked for fit in recognise(number))


def looks_like_label(text: str) -> bool:
    """True for what is more likely a label than an order, though it may be either."""
    number = normalise_tracking(text)
    return is_surely_label(text) or any(_is_likely(fit) for fit in recognise(number))


def _is_likely(fit: Fit) -> bool:
    return fit.check is Check.OK or fit.family.name in _WITHOUT_CHECK


def looks_like_order(text: str, order_ref: str) -> bool:
    """True for what is built like that order, as long as it, and like no carrier's number."""
    if recognise(label_number(normalise_tracking(text))):
        return False
    return _shape(text) == _shape(order_ref)


def _shape(text: str) -> str:
    """Letters as they are, every digit the same: "WEB-1042" and "WEB-1977" are built alike."""
    return re.sub(r"\d", "0", order_channel(text))


def is_same_order(text: str, order_ref: str) -> bool:
    """True when both mean the same order."""
    return order_channel(text) == order_channel(order_ref)


def read_label(text: str, carrier: str = "") -> Label:
    """The label that was scanned; `carrier`: the code a person set for all of them.

    Raises: UsageError for what can be no tracking number.
    """
    number = checked_tracking(text)
    judgement = judge(number, carrier)
    return Label(number, carrier or judgement.fills, judgement, _ask(judgement, carrier))


def _ask(judgement: Judgement, carrier: str) -> Ask | None:
    if judgement.is_placeholder:
        return Ask.PLACEHOLDER
    if judgement.check is Check.FAILED:
        return Ask.CHECK_DIGIT
    if judgement.disagrees:
        return Ask.OTHER_CARRIER
    return None if judgement.fits or carrier else Ask.UNKNOWN


def read_order(text: str) -> str:
    """The order that was scanned. Raises: UsageError when there is none."""
    order = clean_order_ref(text)
    if not order:
        raise UsageError("order_empty")
    return order
