"""What is said about a number: it warns, it never blocks, and the source's carrier stands."""

import pytest

from app.core.tracking import bare_channel, checked_tracking, label_number
from app.core.tracking_families import S10_ISSUERS, Check, recognise
from app.core.tracking_policy import (
    carrier_of,
    is_placeholder,
    is_return,
    judge,
    ups_service,
)

UPS = "1ZA1B2C30345678903"
USPS = "9400111899560000000120"


@pytest.mark.parametrize(
    ("barcode", "number"),
    [
        ("42078745" + USPS, USPS),  # five digits of ZIP code
        ("420787451234" + USPS, USPS),  # nine
        ("42078745" + "92748931507708513018050063", "92748931507708513018050063"),
        ("4207874591" + "0" * 19 + "9", "91" + "0" * 19 + "9"),
        ("9611020123456776543218", "123456776543218"),
        ("9611020123456776543219", "9611020123456776543219"),  # its digit is wrong: left alone
        (USPS, USPS),
        (UPS, UPS),
        ("420123456", "420123456"),
        ("42078745" + "8" * 22, "42078745" + "8" * 22),  # no postal number behind it
        ("", ""),
    ],
)
def test_the_number_is_taken_out_of_its_barcode(barcode: str, number: str) -> None:
    assert label_number(barcode) == number
    assert checked_tracking(barcode) == number if barcode else True
    assert label_number(number) == number


def test_thirty_four_digits_behind_420_are_postal_though_fedex_would_fit_too() -> None:
    """Both arithmetics hold for these: the prefix decides."""
    both = [
        number
        for serial in range(2000)
        for number in [f"940011189956{serial:010d}"]
        if carrier_of(number) == "usps"
        if any(
            fit.family.name == "fedex_barcode" and fit.check is Check.OK
            for fit in recognise("420787451234" + number)
        )
    ]
    assert both
    assert [label_number("420787451234" + number) for number in both] == both


def test_five_digits_of_zip_code_or_nine_is_told_by_the_check_digit() -> None:
    """Behind both there is something postal: 26 digits, or the last 22 of them."""
    long, short = (
        [
            f"9210{tail}{digit}"
            for tail in ("940011189956000000012", "940011189956000000077")
            for digit in range(10)
            for number in [f"9210{tail}{digit}"[start:]]
            if any(fit.family.name == "usps" and fit.check is Check.OK for fit in recognise(number))
        ]
        for start in (0, 4)
    )
    assert not set(long) & set(short)
    assert [label_number("42012345" + number) for number in long] == long
    assert [label_number("42012345" + number) for number in short] == [n[4:] for n in short]


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        (UPS, "ups"),
        (USPS, "usps"),
        ("RR473124829GB", "royalmail"),
        ("9611020123456776543218", "fedex"),
        ("1Z23966E0397467800", ""),  # its digit is wrong
        ("1Z0000000000000000", ""),  # a stand-in, though its digit is right
        ("612345678902", ""),  # bare digits: FedEx, perhaps
        ("1234567891", ""),
        ("7010000000000129", ""),
        ("03100000000000000127", ""),
        ("TBA123456789012", ""),  # no check digit is known
        ("", ""),
    ],
)
def test_only_a_sure_number_names_its_carrier(number: str, carrier: str) -> None:
    assert carrier_of(number) == carrier
    assert judge(number).fills == carrier


def test_a_number_that_three_carriers_use_names_none() -> None:
    number = "9261290113185417468510"
    assert {fit.carrier for fit in recognise(number)} == {"usps", "upsmi", "fedexgnd-econ"}
    assert carrier_of(number) == ""


def test_nothing_is_filled_in_where_the_source_names_a_carrier() -> None:
    assert judge(UPS, "fedex").fills == ""
    assert judge(UPS, "other").fills == ""


@pytest.mark.parametrize(
    ("number", "carrier", "owner"),
    [
        (UPS, "fedex", "ups"),
        (UPS, "ups", ""),
        (UPS, "upsmi", ""),
        (USPS, "fedex", ""),  # the post delivers for the others
        (USPS, "purolator", "usps"),
        ("RR473124829GB", "usps", ""),  # posts hand over to each other
        ("RR473124829GB", "ups", "royalmail"),
        ("1Z23966E0397467800", "fedex", ""),  # not a perfect one
        ("612345678902", "ups", ""),
        (UPS, "other", ""),
        (UPS, "", ""),
    ],
)
def test_a_perfect_number_of_another_carrier_is_remarked_on(
    number: str, carrier: str, owner: str
) -> None:
    said = judge(number, carrier)
    assert said.disagrees == owner
    assert ("tracking_carrier_differs" in said.badges) is bool(owner)


@pytest.mark.parametrize(
    ("number", "carrier", "check"),
    [
        ("1Z23966E0397467800", "ups", Check.FAILED),
        ("1Z23966E0397467800", "", Check.FAILED),
        ("1Z23966E0397467800", "other", Check.FAILED),
        (UPS, "ups", Check.OK),
        ("612345678902", "fedex", Check.OK),
        ("612345678903", "fedex", Check.FAILED),
        ("612345678903", "", Check.NONE),  # nobody knows whose it is
        ("612345678903", "ups", Check.NONE),  # a pick-up reference, perhaps
        ("PRO12345", "fedex", Check.NONE),
        ("KYV009956937", "purolator", Check.NONE),
        (USPS, "dhlecom", Check.OK),
    ],
)
def test_check_digit_of_the_carrier_it_is_said_to_be(
    number: str, carrier: str, check: Check
) -> None:
    said = judge(number, carrier)
    assert said.check is check
    assert said.asks is (check is Check.FAILED)
    assert ("tracking_check_digit" in said.badges) is (check is Check.FAILED)


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("1Z0000000000000000", True),
        ("1Z000", True),
        ("0", True),
        ("1111111111", True),
        ("TEST", True),
        ("N/A", True),
        ("NONE", True),
        ("PICKUP", True),
        (UPS, False),
        ("1ZTEST", False),
        ("10", False),
        ("", False),
    ],
)
def test_stand_ins_always_ask(number: str, is_one: bool) -> None:
    assert is_placeholder(number) is is_one
    assert judge(number).asks is is_one


@pytest.mark.parametrize(
    ("typed", "carrier", "meant"),
    [
        ("IZA1B2C30345678903", "", UPS),
        ("1ZA1B2C3O345678903", "", UPS),
        ("1ZA1B2C3O345678903", "ups", UPS),
        ("1ZA1B2C3O345678903", "fedex", ""),
        ("94OO111899560000000120", "", USPS),
        ("6I2345678902", "fedex", "612345678902"),
        ("6I2345678902", "", ""),  # bare digits could be anybody's
        ("1ZA1B2C3O345678904", "", ""),  # fits neither way
        (UPS, "", ""),
        ("OOOOOOOOOOOO", "", ""),
    ],
)
def test_letters_that_look_like_digits_are_only_suggested(
    typed: str, carrier: str, meant: str
) -> None:
    assert judge(typed, carrier).suggestion == meant
    assert checked_tracking(typed) == typed


@pytest.mark.parametrize("country", ["XX", "ZZ", "UK", "EU"])
def test_s10_needs_a_country_that_issues_numbers(country: str) -> None:
    assert country not in S10_ISSUERS
    assert recognise(f"RR473124829{country}") == ()


def test_s10_of_a_country_without_a_carrier_of_ours_names_none() -> None:
    (fit,) = recognise("RR473124829DE")
    assert (fit.check, fit.carrier, carrier_of("RR473124829DE")) == (Check.OK, "", "")


@pytest.mark.parametrize(
    ("number", "service"),
    [
        (UPS, "Ground"),
        ("1ZXX3150YW44070023", "SurePost"),
        ("1ZA1B2C39045678903", "Return"),
        ("1ZA1B2C37745678903", ""),
        ("612345678902", ""),
    ],
)
def test_the_service_in_a_ups_number(number: str, service: str) -> None:
    assert ups_service(number) == service


@pytest.mark.parametrize(
    ("number", "service", "expected"),
    [
        ("1ZA1B2C39045678903", "", True),
        (UPS, "Ground Return", True),
        (UPS, "UPS Returns(R) Flexible", True),
        (UPS, "Returnable crates", False),
        (UPS, " 90 ", True),
        (UPS, "03", False),
        (UPS, "GND", False),
    ],
)
def test_return_labels_are_known_by_service(number: str, service: str, expected: bool) -> None:
    assert is_return(number, service) is expected


def test_references_that_lost_their_zeros_meet() -> None:
    assert bare_channel("#000316") == bare_channel("316") == "316"
    assert bare_channel("000") == "000"
    assert bare_channel("a01") == "A01"
