"""Scans: cleaned of what scanners add, and told apart."""

import pytest

from app.core.errors import UsageError
from app.core.scanning import (
    Ask,
    cleaned,
    is_square_code,
    is_surely_label,
    looks_like_label,
    looks_like_order,
    read_label,
    read_order,
)

GOOD_UPS = "1Z999AA10123456784"
BAD_UPS = "1Z23966E0397467800"
USPS = "9205590164917312751089"


@pytest.mark.parametrize(
    ("scan", "found"),
    [
        ("316132", "316132"),
        (" 316132\t", "316132"),
        ("]C1316132", "316132"),
        ("\x02316132\x03", "316132"),
        ("~316132", "316132"),
        ("]C1420902\x1d10" + USPS, "42090210" + USPS),
        ("]", "]"),
        ("", ""),
    ],
)
def test_what_scanners_add_goes(scan: str, found: str) -> None:
    assert cleaned(scan) == found


@pytest.mark.parametrize("text", [GOOD_UPS, BAD_UPS, USPS, "42090210" + USPS, "TBA123456789012"])
def test_no_order_is_like_that(text: str) -> None:
    assert is_surely_label(text)
    assert looks_like_label(text)


@pytest.mark.parametrize(
    "text", ["316132", "WEB-1042", "INV0003161", "INV000316132", "112-1234567-1234567", "#1001"]
)
def test_orders_are_not_taken_for_labels(text: str) -> None:
    assert not looks_like_label(text)


def test_twelve_digits_with_the_right_check_digit_may_be_either() -> None:
    assert looks_like_label("986578788855")
    assert not is_surely_label("986578788855")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("316133", True),
        ("416999", True),
        ("31613", False),  # a carrier's number that is not known may be of digits too
        ("123456789", False),
        (GOOD_UPS, False),
        ("WEB-316", False),
    ],
)
def test_another_order_is_built_like_the_one_before(text: str, is_one: bool) -> None:
    assert looks_like_order(text, "316132") is is_one


def test_an_order_that_looks_like_a_label_is_no_model_for_labels() -> None:
    assert not looks_like_order("986578788855", "986578788844")


@pytest.mark.parametrize(
    ("text", "carrier", "number", "of", "ask"),
    [
        (GOOD_UPS.lower(), "", GOOD_UPS, "ups", None),
        (BAD_UPS, "", BAD_UPS, "", Ask.CHECK_DIGIT),
        ("1111111111", "", "1111111111", "", Ask.PLACEHOLDER),
        ("42090210" + USPS, "", USPS, "", None),
        ("REGIONAL-77", "", "REGIONAL77", "", Ask.UNKNOWN),
        ("REGIONAL-77", "lasership", "REGIONAL77", "lasership", None),
        (GOOD_UPS, "dhl", GOOD_UPS, "dhl", Ask.OTHER_CARRIER),
    ],
)
def test_labels(text: str, carrier: str, number: str, of: str, ask: Ask | None) -> None:
    label = read_label(text, carrier)
    assert (label.number, label.carrier, label.ask) == (number, of, ask)


@pytest.mark.parametrize("text", ["", "-", "1Z/99", "1" * 60])
def test_what_can_be_no_number_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_label(text)


def test_an_order_is_needed() -> None:
    assert read_order(" #316132 ") == "316132"
    with pytest.raises(UsageError):
        read_order("#")


def test_the_square_code_is_known() -> None:
    assert is_square_code("[)>\x1e01\x1d96902100000")
