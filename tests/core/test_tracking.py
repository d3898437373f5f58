"""Numbers as scanners, spreadsheets and people hand them in."""

import pytest

from app.core.errors import UsageError
from app.core.tracking import checked_tracking, clean_order_ref, normalise_tracking, order_channel


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1Z23966E0397467800", "1Z23966E0397467800"),
        (" 1z 2396 6e03-9746.7800\r\n", "1Z23966E0397467800"),
        ("'00340434161094042557", "00340434161094042557"),
        ("' 0034", "0034"),
        ("\uff19\uff14\uff10\uff15\uff15", "94055"),
        ("1\u200bZ\ufeff9\u00a09\u2007\u202f\u2011", "1Z99"),
        ("LX0O1I", "LX0O1I"),
        ("", ""),
    ],
)
def test_number_is_compared_without_its_decoration(typed: str, number: str) -> None:
    assert normalise_tracking(typed) == number


def test_normalising_twice_changes_nothing_more() -> None:
    for typed in ("1z 23-9", "'007", "\uff19\uff14\uff10", " ab\u200bc "):
        once = normalise_tracking(typed)
        assert normalise_tracking(once) == once


def test_wrong_check_digit_and_leading_zeros_pass() -> None:
    assert checked_tracking("1Z23966E0397467800") == "1Z23966E0397467800"
    assert checked_tracking("000123") == "000123"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "tracking_empty"),
        (" - ' ", "tracking_empty"),
        ("1" * 51, "tracking_too_long"),
        ("1Z;DROP", "tracking_characters"),
        ("1Zé", "tracking_characters"),
        ("1ß", "tracking_characters"),  # whose capital is two plain letters
        ("1\u0131", "tracking_characters"),  # whose capital is a plain I
        ("1Z\x009", "tracking_characters"),
        ("1Z\u202e9", "tracking_characters"),
        ("📦1", "tracking_characters"),
        ("=1+1", "tracking_characters"),
    ],
)
def test_number_no_carrier_uses_is_refused_by_its_reason(typed: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked_tracking(typed)
    assert caught.value.code == code


def test_fifty_characters_are_allowed() -> None:
    assert checked_tracking("1 " * 50) == "1" * 50


@pytest.mark.parametrize(
    ("typed", "shown", "channel"),
    [
        ("316132", "316132", "316132"),
        ("  #316132 ", "316132", "316132"),
        ("# 12", "12", "12"),
        ("Web\t 00-7a", "Web 00-7a", "WEB 00-7A"),
        ("SO-1.5", "SO-1.5", "SO-1.5"),
        ("#", "", ""),
    ],
)
def test_order_reference_keeps_its_own_marks(typed: str, shown: str, channel: str) -> None:
    assert clean_order_ref(typed) == shown
    assert order_channel(typed) == channel
    assert order_channel(shown) == channel
