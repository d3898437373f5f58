"""Check digits of tracking numbers: each rule says whether a number of its shape is right.

Every rule takes a normalised number of the shape that `tracking_families` gives it, and looks at
nothing but its digits. Source: shipment intake contract, D3.
"""

from itertools import cycle

_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def gs1(digits: str) -> bool:
    """GS1 mod 10: weights 3, 1, 3, 1 ... from the right of the data digits."""
    weights = cycle((3, 1))
    total = sum(int(digit) * next(weights) for digit in digits[-2::-1])
    return (10 - total % 10) % 10 == int(digits[-1])


def gs1_last_15(digits: str) -> bool:
    """GS1 over the last fifteen: a FedEx Ground number inside its barcode."""
    return gs1(digits[-15:])


def gs1_or_91(digits: str) -> bool:
    """GS1, with or without the 91 that USPS leaves away when it prints twenty digits."""
    return gs1(digits) or gs1("91" + digits)


def gs1_92(digits: str) -> bool:
    """GS1 with the 92 that is said to be left away when Ground Economy prints twenty digits."""
    return gs1("92" + digits)


def _doubled_seconds(values: list[int], check: str) -> bool:
    """The 2nd, 4th ... value counts twice, without a digit sum."""
    total = sum(values) + sum(values[1::2])
    return (10 - total % 10) % 10 == int(check)


def ups(number: str) -> bool:
    """UPS 1Z: over the fifteen characters after it; a letter counts its code less three."""
    values = [int(char) if char.isdigit() else (ord(char) - 3) % 10 for char in number[2:17]]
    return _doubled_seconds(values, number[17])


def ups_waybill(number: str) -> bool:
    """One letter, nine digits, check; the letter does not count."""
    return _doubled_seconds([int(digit) for digit in number[1:10]], number[10])


def ontrac(number: str) -> bool:
    """C counts as a 4 in front of the digits, D as a 5; then as UPS does it."""
    front = 4 if number[0] == "C" else 5
    return _doubled_seconds([front, *map(int, number[1:14])], number[14])


def _weighted_mod_11(digits: str, weights: tuple[int, ...]) -> bool:
    *data, check = map(int, digits)
    total = sum(digit * weight for digit, weight in zip(data, cycle(weights), strict=False))
    return total % 11 % 10 == check


def fedex_express(digits: str) -> bool:
    """Weights 3, 1, 7 over eleven digits; mod 11, then mod 10."""
    return _weighted_mod_11(digits, (3, 1, 7))


def fedex_barcode(digits: str) -> bool:
    """The same over the thirteen digits before the last of a barcode; weights 1, 7, 3."""
    return _weighted_mod_11(digits[-14:], (1, 7, 3))


def s10(number: str) -> bool:
    """Universal Postal Union S10: over its eight digits; the country is not looked at."""
    pairs = zip(number[2:10], _S10_WEIGHTS, strict=True)
    check = 11 - sum(int(digit) * weight for digit, weight in pairs) % 11
    return {10: 0, 11: 5}.get(check, check) == int(number[10])


def mod_7(digits: str) -> bool:
    """DHL Express: the number without its last digit, mod 7, is the last digit."""
    return int(digits[:-1]) % 7 == int(digits[-1])


def luhn(digits: str) -> bool:
    """Luhn: every second digit from the right of the data doubled, with a digit sum."""
    total = sum(map(int, digits[-1::-2]))
    total += sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return total % 10 == 0
