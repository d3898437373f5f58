"""What stands below a tracking number while it is typed."""

import pytest

from app.ui.queue.number_hint import Hint, hint_for

GOOD = "1Z999AA10123456784"


@pytest.mark.parametrize(
    ("text", "carrier", "said"),
    [
        ("", "", ""),
        ("1", "", ""),
        ("1Z999AA1", "", ""),
        ("1z 999aa 1 01 2345 6784", "", "UPS, Next Day Air"),
        ("1Z999AA10300000000", "", "UPS, Ground"),
        ("420902109205590164917312751089", "USPS", "USPS: 9205590164917312751089"),
        ("986578788855", "", "Perhaps FedEx Express"),
        ("JUST-A-NUMBER-9", "", ""),
    ],
)
def test_what_it_looks_like(text: str, carrier: str, said: str) -> None:
    assert hint_for(text, carrier) == Hint(said)


@pytest.mark.parametrize(
    ("text", "carrier", "said"),
    [
        ("1Z23966E0397467800", "", "Check digit does not fit: please compare with the label"),
        ("000000", "", "Looks like a stand-in, not like a number"),
        (GOOD, "DHL", "Looks like UPS; the carrier says DHL Express"),
    ],
)
def test_what_speaks_against_it(text: str, carrier: str, said: str) -> None:
    assert hint_for(text, carrier) == Hint(said, "warning")


def test_a_letter_in_place_of_a_digit_is_suggested() -> None:
    assert hint_for("1Z999AAIO123456784").suggestion == GOOD
