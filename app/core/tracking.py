"""Tracking numbers and order references as they are compared; nothing is guessed or repaired."""

import unicodedata

from app.core.errors import UsageError

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


def checked_tracking(text: str) -> str:
    """The normalised number.

    Raises: UsageError when it is empty, longer than 50 characters, or holds characters that
    no carrier uses.
    """
    number = normalise_tracking(text)
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
