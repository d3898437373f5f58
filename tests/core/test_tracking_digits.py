"""Every check digit rule against numbers made by another road, and against changed digits.

The makers below work from the printed rules with lists and lookups of their own; nothing of them
comes from the program.
"""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.tracking_families import FAMILIES, Check, recognise

LETTER_VALUES = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "23456789012345678901234567", strict=True))
LUHN_DOUBLED = "0246813579"


def value(char: str) -> int:
    return int(LETTER_VALUES.get(char, char))


def gs1_digit(data: str) -> str:
    threes = data[len(data) - 1 :: -2] if data else ""
    ones = data[len(data) - 2 :: -2] if len(data) > 1 else ""
    total = 3 * sum(map(int, threes)) + sum(map(int, ones))
    return str((1000 - total) % 10)


def ups_digit(data: str) -> str:
    odd, even = data[0::2], data[1::2]
    return str((1000 - sum(map(value, odd)) - 2 * sum(map(value, even))) % 10)


def fedex_digit(data: str, weights: str) -> str:
    total = sum(int(d) * int(w) for d, w in zip(data, weights * 5, strict=False))
    return str(total % 11)[-1]


def s10_digit(data: str) -> str:
    total = sum(int(d) * int(w) for d, w in zip(data, "86423597", strict=True))
    return "0" if total % 11 == 1 else "5" if total % 11 == 0 else str(11 - total % 11)


def luhn_digit(data: str) -> str:
    total = sum(map(int, data[-2::-2])) + sum(int(LUHN_DOUBLED[int(d)]) for d in data[::-2])
    return str((1000 - total) % 10)


class Rule(NamedTuple):
    """`catches`: the rule promises that one changed digit of the data never goes unseen."""

    family: str
    data: str  # a pattern of what the digit is made from
    make: Callable[[str], str]
    catches: bool


RULES = [
    Rule("ups_1z", "[A-Z0-9]{6}[0-9]{9}", lambda d: f"1Z{d}{ups_digit(d)}", False),
    Rule("ups_waybill", "[AHJKTV][0-9]{9}", lambda d: d + ups_digit(d[1:]), False),
    Rule("fedex_express", "[0-9]{11}", lambda d: d + fedex_digit(d, "317"), False),
    Rule("fedex_ground", "[0-9]{14}", lambda d: d + gs1_digit(d), True),
    Rule("fedex_96", "96[0-9]{5}[0-9]{14}", lambda d: d + gs1_digit(d[-14:]), True),
    Rule("fedex_sscc", "0[0-4][0-9]{15}", lambda d: d + gs1_digit(d), True),
    Rule("fedex_barcode", "[0-8][0-9]{32}", lambda d: d + fedex_digit(d[20:], "173"), False),
    Rule("fedexgnd-econ", "92[0-9]{19}", lambda d: d + gs1_digit(d), True),
    Rule("fedexgnd-econ_20", "61[0-9]{17}", lambda d: d + gs1_digit("92" + d), True),
    Rule("upsmi", "92[0-9]{19}", lambda d: d + gs1_digit(d), True),
    Rule("usps", "9[2-5][0-9]{19}|9[2-5][0-9]{23}|9[2-5][0-9]{27}",
         lambda d: d + gs1_digit(d), True),
    Rule("usps_91", "91[0-9]{19}", lambda d: d + gs1_digit(d), True),
    Rule("usps_20", "[0-9]{19}", lambda d: d + gs1_digit(d), False),
    Rule("usps_20", "[0-9]{19}", lambda d: d + gs1_digit("91" + d), False),
    Rule("s10", "[A-Z]{2}[0-9]{8}", lambda d: d + s10_digit(d[2:]) + "GB", False),
    Rule("dhl_express", "[0-9]{9,10}", lambda d: d + str(int(d) % 7), False),
    Rule("canadapost", "[0-9]{15}", lambda d: d + gs1_digit(d), True),
    Rule("ontrac", "C[0-9]{13}", lambda d: d + ups_digit("4" + d[1:]), False),
    Rule("ontrac", "D[0-9]{13}", lambda d: d + ups_digit("5" + d[1:]), False),
    Rule("purolator", "[0-9]{11}", lambda d: d + luhn_digit(d), True),
]  # fmt: skip


def check(family: str, number: str) -> Check:
    found = {fit.family.name: fit.check for fit in recognise(number)}
    return found[family]


def test_every_rule_of_the_table_is_tried_here() -> None:
    assert {rule.family for rule in RULES} | {"fedex_96_barcode"} == {
        family.name for family in FAMILIES if family.check
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.family} {rule.data}")
def test_a_number_made_by_the_rule_passes_it(rule: Rule) -> None:
    @given(st.from_regex(rule.data, fullmatch=True))
    @settings(max_examples=60, deadline=None)
    def passes(data: str) -> None:
        assert check(rule.family, rule.make(data)) is Check.OK

    passes()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.family} {rule.data}")
def test_every_other_check_digit_fails(rule: Rule) -> None:
    """20 postal digits have two right ones, and FedEx and S10 fold eleven remainders onto ten."""

    @given(st.from_regex(rule.data, fullmatch=True), st.integers(1, 9))
    @settings(max_examples=60, deadline=None)
    def fails(data: str, step: int) -> None:
        number = rule.make(data)
        at = len(number) - (3 if rule.family == "s10" else 1)
        wrong = str((int(number[at]) + step) % 10)
        if rule.family == "usps_20" and wrong in (gs1_digit(data), gs1_digit("91" + data)):
            return
        changed = number[:at] + wrong + number[at + 1 :]
        assert check(rule.family, changed) is Check.FAILED

    fails()


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.catches], ids=lambda rule: rule.family
)
def test_one_changed_digit_fails_where_the_rule_promises_it(rule: Rule) -> None:
    @given(st.from_regex(rule.data, fullmatch=True), st.integers(0, 40), st.integers(1, 9))
    @settings(max_examples=80, deadline=None)
    def fails(data: str, place: int, step: int) -> None:
        number = rule.make(data)
        start = len(number) - 15 if rule.family == "fedex_96" else 2  # a prefix is no data
        at = start + place % (len(number) - start)
        changed = number[:at] + str((int(number[at]) + step) % 10) + number[at + 1 :]
        assert check(rule.family, changed) is Check.FAILED

    fails()


@pytest.mark.parametrize(
    ("family", "number"),
    [
        ("ups_1z", "1ZA1B2C30345678903"),
        ("ups_1z", "1Z0000000000000000"),
        ("fedex_express", "612345678902"),
        ("fedex_ground", "701000100000124"),
        ("fedex_96", "9611020123456776543218"),
        ("usps", "9400111899560000000120"),
        ("usps_20", "03100000000000000127"),
        ("usps_20", "71000000000000000123"),
        ("s10", "RR473124829GB"),
        ("dhl_express", "1234567891"),
        ("canadapost", "7010000000000129"),
    ],
)
def test_the_examples_of_the_contract_pass(family: str, number: str) -> None:
    assert check(family, number) is Check.OK


def test_the_number_of_the_reference_picture_fails_and_its_right_digit_is_five() -> None:
    assert check("ups_1z", "1Z23966E0397467800") is Check.FAILED
    assert check("ups_1z", "1Z23966E0397467805") is Check.OK


def test_a_barcode_with_96_in_front_is_checked_like_the_others() -> None:
    serial = "0061234567890"
    number = "96" + "0" * 18 + serial + fedex_digit(serial, "173")
    assert check("fedex_96_barcode", number) is Check.OK
    assert check("fedex_96_barcode", number[:-1] + str((int(number[-1]) + 1) % 10)) is Check.FAILED
