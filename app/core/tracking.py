"""Tracking numbers and order references as they are compared; nothing is guessed or repaired."""

import unicodedata

from app.core.errors import UsageError
from app.core.tracking_digits import fedex_barcode, gs1, gs1_last_15

MAX_TRACKING_LENGTH = 50
_DROPPED = dict.fromkeys(
    map(ord, " \t\r\n\u00a0\u2007\u202f\u200b\u200c\u200d\u2060\ufeff-\u2010\u2011.")
)


def normalise_tracking(text: str) -> str:
    """Upper case without spaces, hyphens, dots, zero-width marks and a leading apostrophe.

    Full-width digits and letters become plain ones; letters O and I stay as typed.
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    plain = unicodedata.normalize("NFKC", text).translate(_DROPPED)
    plain = plain.removeprefix("'")
    return plain.upper() if plain.isascii() else plain  # capitals of others can be plain letters


_POSTAL_LENGTHS = (22, 26, 30)  # what stands behind the ZIP code
_SHORTEST_BARCODE = 22


def label_number(number: str) -> str:
    """The number people know, of a normalised one that came from a label's barcode.

    `420` and the ZIP code go from a postal barcode. FedEx's long barcodes give their last twelve
    or fifteen digits when the check digit fits. Every other number stays as it is.
    """
    if len(number) < _SHORTEST_BARCODE or not (number.isascii() and number.isdigit()):
        return number
    if number.startswith("420"):
        return _without_zip(number)
    if number.startswith("96"):
        if len(number) == 22 and gs1_last_15(number):
            return number[-15:]
        return number[-12:] if len(number) == 34 and fedex_barcode(number) else number
    is_barcode = len(number) == 34 and number[0] != "9" and fedex_barcode(number)
    return number[-12:] if is_barcode else number


def _without_zip(number: str) -> str:
    """Five digits of ZIP code or nine: what is left must look like a postal number."""
    rests = [number[start:] for start in (8, 12) if _looks_postal(number[start:])]
    if len(rests) > 1:  # both lengths are possible: the check digit tells
        rests = [rest for rest in rests if gs1(rest)] or rests[-1:]
    return rests[-1] if rests else number


def _looks_postal(rest: str) -> bool:
    # 91 is the old form, which has 22 digits only
    lengths = (22,) if rest.startswith("91") else _POSTAL_LENGTHS
    return len(rest) in lengths and rest[0] == "9" and rest[1] in "12345"


def checked_tracking(text: str) -> str:
    """The normalised number, taken out of its barcode (`label_number`).

    Raises: UsageError when it is empty, longer than 50 characters, or holds characters that
    no carrier uses.
    """
    number = label_number(normalise_tracking(text))
    if not number:
        raise UsageError("tracking_empty")
    if len(number) > MAX_TRACKING_LENGTH:
        raise UsageError("tracking_too_long", length=len(number), limit=MAX_TRACKING_LENGTH)
    if not (number.isascii() and number.isalnum()):
        raise UsageError("tracking_characters", tracking=number)
    return number


def clean_order_ref(text: str) -> str:
    """The reference as people see it: trimmed, single spaces, no leading `#`."""
    return " ".join(text.split()).removeprefix("#").lstrip()


def order_channel(order_ref: str) -> str:
    """The form in which two references are the same order: cleaned and upper case."""
    if order_ref.isascii() and order_ref.isalnum():
        return order_ref.upper()
    return clean_order_ref(order_ref).upper()


def bare_channel(order_ref: str) -> str:
    """`order_channel` without leading zeros, for sources that are known to lose them."""
    channel = order_channel(order_ref)
    return channel.lstrip("0") or channel
