"""Doubts about a row's number in words, and the link to follow it."""

import pytest

from app.bootstrap import catalogue
from app.core.carriers import tracking_link
from app.core.payload import dump_shipment
from app.services.tracking_facts import TrackingFacts, facts_of
from app.services.wording import Wordsmith
from tests.builders import UPS, a_job, a_shipment

GOOD = "1Z999AA10123456784"


def facts(tracking: str, carrier: str = "") -> TrackingFacts:
    job = a_job(
        tracking=tracking, payload=dump_shipment(a_shipment(tracking=tracking, carrier=carrier))
    )
    return facts_of(job, Wordsmith(catalogue()), tracking_link)


@pytest.mark.parametrize("carrier", ["", "ups", "UPS Ground"])
def test_a_good_number_has_a_carrier_a_link_and_no_doubts(carrier: str) -> None:
    link = f"https://www.ups.com/track?tracknum={GOOD}"
    assert facts(GOOD, carrier) == TrackingFacts("UPS", (), link, "UPS")


def test_each_doubt_has_its_sentence() -> None:
    assert facts(UPS).doubts == (
        f"The check digit of {UPS} does not match. It is sent as it is. Look at the label.",
    )
    assert facts("1111111111").doubts[0].startswith("“1111111111” looks like a stand-in")
    assert facts(GOOD, "DHL Express").doubts == (
        "The number looks like one of UPS, the shipment names DHL Express. "
        "DHL Express is sent. Correct it if the label says otherwise.",
    )


def test_an_unknown_carrier_keeps_its_name_and_has_no_link() -> None:
    assert facts("EMMA77", "Tante Emma") == TrackingFacts("Tante Emma")
    assert facts("") == TrackingFacts()


def test_a_stand_in_is_followed_nowhere() -> None:
    assert facts("NONE", "UPS").link == ""


def test_a_damaged_row_tells_nothing() -> None:
    assert facts_of(a_job(payload="{"), Wordsmith(catalogue()), tracking_link) == TrackingFacts()
