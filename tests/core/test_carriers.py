"""Names of carriers: as sources write them, and as each target wants them."""

import pytest

from app.core.carriers import (
    BY_CODE,
    CARRIERS,
    LINKS,
    amazon_carrier,
    check_link,
    display_name,
    find_carrier,
    magento_carrier,
    shipstation_codes,
    shipstation_notice,
    tracking_link,
)
from app.core.errors import UsageError
from app.core.tracking_families import FAMILIES, S10_CARRIERS


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("UPS", "ups"),
        ("ups®  Ground", "ups"),
        ("United Parcel Service, Inc.", "ups"),
        ("UPSMI", "upsmi"),
        ("UPS MI", "upsmi"),
        ("UPS Mail Innovations Expedited", "upsmi"),
        ("GROUPS", "other"),
        ("UPSTATE FREIGHT", "other"),
        ("FedEx SmartPost", "fedexgnd-econ"),
        ("FedEx Ground Economy", "fedexgnd-econ"),
        ("FedEx Ground", "fedex"),
        ("Fed Ex 2Day", "fedex"),
        ("FEDERAL-EXPRESS", "fedex"),
        ("FDX", "fedex"),
        ("fxg", "fedex"),
        ("U.S.P.S.", "usps"),
        ("US POSTAL SERVICE", "usps"),
        ("USPS/STAMPS.COM", "usps"),
        ("STAMPS_COM", "usps"),
        ("Endicia", "usps"),
        ("DHL", "dhl"),
        ("DHL Worldwide", "dhl"),
        ("DHL Global Mail", "dhlecom"),
        ("DHL eCommerce Americas", "dhlecom"),
        ("CanadaPost", "canadapost"),
        ("CPC", "canadapost"),
        ("AUSPOST", "auspost"),
        ("Royal Mail 24", "royalmail"),
        ("Brown", "other"),
        ("??", ""),
        ("  ", ""),
        ("", ""),
    ],
)
def test_names_as_sources_write_them(name: str, code: str) -> None:
    assert find_carrier(name) == code


def test_every_name_we_hand_out_is_understood_when_it_comes_back() -> None:
    for carrier in CARRIERS:
        assert find_carrier(carrier.code) == carrier.code
        assert find_carrier(carrier.name) == carrier.code
        assert find_carrier(amazon_carrier(carrier.code).carrier_code) == carrier.code


def test_a_name_of_any_length_is_answered() -> None:
    assert find_carrier("x " * 100_000) == "other"


@pytest.mark.parametrize(
    ("code", "amazon", "magento", "notice"),
    [
        ("usps", "USPS", ("usps", "USPS"), "USPS"),
        ("upsmi", "UPS Mail Innovations", ("custom", "UPS Mail Innovations"), "UPSMI"),
        ("fedexgnd-econ", "FedEx SmartPost", ("fedex", "FedEx Ground Economy"), "FedEx"),
        ("dhl", "DHL", ("dhl", "DHL"), "DHL"),
        ("dhlecom", "DHL eCommerce", ("custom", "DHL eCommerce"), "DHLGlobalMail"),
        ("lasership", "Lasership", ("custom", "LaserShip"), "Other"),
        ("purolator", "PUROLATOR", ("custom", "Purolator"), "Other"),
        ("canadapost", "Canada Post", ("custom", "Canada Post"), "CanadaPost"),
    ],
)
def test_each_target_gets_its_own_spelling(
    code: str, amazon: str, magento: tuple[str, str], notice: str
) -> None:
    assert amazon_carrier(code) == (amazon, "")
    assert magento_carrier(code) == magento
    assert shipstation_notice(code) == notice


def test_an_unknown_carrier_goes_by_its_raw_name() -> None:
    assert display_name("other", " Joe's Vans ") == "Joe's Vans"
    assert amazon_carrier("other", "Joe's Vans") == ("Other", "Joe's Vans")
    assert magento_carrier("other", "Joe's Vans") == ("custom", "Joe's Vans")
    assert shipstation_notice("other") == "Other"
    assert tracking_link("other", "1") == ""


def test_amazon_always_gets_a_carrier_and_other_always_a_name() -> None:
    assert amazon_carrier("") == ("Other", "Other")
    assert amazon_carrier("other") == ("Other", "Other")
    assert amazon_carrier("ups", overrides={"ups": "Other"}) == ("Other", "UPS")


def test_a_connection_may_want_another_spelling() -> None:
    own = {"auspost": "Australia Post-ArticleId"}
    assert amazon_carrier("auspost", overrides=own).carrier_code == "Australia Post-ArticleId"
    assert magento_carrier("ontrac", overrides={"ontrac": "ontrac_x"}) == ("ontrac_x", "OnTrac")


def test_shipstation_codes_are_known_for_three_carriers_only() -> None:
    assert shipstation_codes("usps") == ("stamps_com", "usps_walleted")
    assert {code for code in BY_CODE if shipstation_codes(code)} == {
        "usps", "ups", "fedex", "fedexgnd-econ",
    }  # fmt: skip


def test_links_hold_the_number_encoded() -> None:
    assert tracking_link("ups", "1Z 9/9") == "https://www.ups.com/track?tracknum=1Z%209%2F9"
    assert tracking_link("royalmail", "RR1") == ""
    own = {**LINKS, "royalmail": "https://example.test/{n}"}
    assert tracking_link("royalmail", "RR1", links=own) == "https://example.test/RR1"
    assert tracking_link("ups", "") == ""


def test_a_link_the_source_delivered_goes_first_when_it_is_one() -> None:
    assert tracking_link("ups", "1", delivered="https://t.test/1") == "https://t.test/1"
    assert tracking_link("ups", "1", delivered="javascript:alert(1)").startswith("https://www.ups")


def test_numbers_and_names_speak_of_the_same_carriers() -> None:
    named = {family.carrier for family in FAMILIES} | set(S10_CARRIERS.values())
    assert named - {""} <= set(BY_CODE)


@pytest.mark.parametrize(
    "text",
    [
        "https://t.example/{n}",
        " HTTPS://t.example:8443/a/{n}/b?c=d#e ",
        "https://t.example/pfad/für/{n}",
        "https://post.t.example/#/search?searchFor={n}",
    ],
)
def test_a_link_a_person_types_is_taken(text: str) -> None:
    assert check_link(text) == text.strip()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "link_not_https"),
        ("javascript:alert({n})", "link_not_https"),
        ("http://t.example/{n}", "link_not_https"),
        ("https://t.example/", "link_no_place"),
        ("https://t.example/{n}/{n}", "link_no_place"),
        ("https://{n}.example/", "link_unreadable"),
        ("https://{n}", "link_unreadable"),
        ("https:///{n}", "link_unreadable"),
        ("https://localhost/{n}", "link_unreadable"),
        ("https://[::1/{n}", "link_unreadable"),
        ("https://t.example@evil.example/{n}", "link_unreadable"),
        ("https://t.example/a b/{n}", "link_unreadable"),
        ("https://t.example/\n{n}", "link_unreadable"),
        ("https://t.example/{n}" + "x" * 500, "link_unreadable"),
    ],
)
def test_what_is_no_link_is_refused(text: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_link(text)
    assert caught.value.code == code
