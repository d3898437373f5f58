"""Quantities and amounts as people write them."""

from decimal import Decimal


def plain(number: Decimal) -> str:
    """ "2", "1.5", "200": without an exponent and needless zeros."""
    return f"{number.normalize():f}"
