"""The kinds of tracking numbers there are, as a table; a number may look like several of them.

Source: shipment intake contract, D3. Australia Post's and Royal Mail's own check digits are not
known to us: their numbers are recognised by shape, or as S10.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.core import tracking_digits as digits

S10_CARRIERS = {"US": "usps", "GB": "royalmail", "CA": "canadapost", "AU": "auspost"}
"""Posts of the S10 countries that have a carrier code of ours."""

_ISSUERS = """
    AE AF AG AI AL AM AN AO AR AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ
    CA CD CF CG CH CI CK CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK
    FO FR GA GB GD GE GG GH GI GL GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MK ML
    MM MN MO MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PS
    PT PY QA RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ
    TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VN VU WS YE ZA ZM ZW
"""

S10_ISSUERS = frozenset(_ISSUERS.split())
"""Postal administrations that issue S10 numbers, and territories with a post of their own."""

_POSTS = frozenset({"usps", "royalmail", "canadapost", "auspost", "asendia", "dhlecom"})
_HANDS_TO_USPS = frozenset(
    {"ups", "upsmi", "fedex", "fedexgnd-econ", "dhlecom", "asendia", "newgistics", "ontrac"}
)


class Check(StrEnum):
    """What the check digit says."""

    OK = "ok"  # it fits
    FAILED = "failed"  # there is a rule, and it does not fit
    NONE = "none"  # no rule is known, or nobody can tell which one holds


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of number. `carrier` is a code of `core.carriers`, empty where we have none.

    `is_marked`: letters or a fixed prefix tell it from other carriers' numbers. `also`: carriers
    whose parcels may carry such a number without anything being wrong.
    """

    name: str
    title: str
    carrier: str
    lengths: tuple[int, ...]
    shape: re.Pattern[str]
    check: Callable[[str], bool] | None = None
    is_marked: bool = False
    also: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fit:
    """A family a number looks like, whose it then is, and what the check digit says."""

    family: Family
    carrier: str
    check: Check


def _family(
    name: str,
    title: str,
    carrier: str,
    shape: str,
    lengths: Iterable[int],
    check: Callable[[str], bool] | None = None,
    *,
    is_marked: bool = False,
    also: frozenset[str] = frozenset(),
) -> Family:
    pattern = re.compile(shape, re.ASCII)
    return Family(name, title, carrier, tuple(lengths), pattern, check, is_marked, also)


_ECONOMY = frozenset({"fedexgnd-econ"})

FAMILIES: tuple[Family, ...] = (
    # letters or a fixed prefix
    _family(
        "ups_1z", "UPS", "ups", r"1Z[A-Z0-9]{15}\d", (18,), digits.ups,
        is_marked=True, also=frozenset({"upsmi"}),
    ),
    _family(
        "ups_waybill", "UPS waybill", "ups", r"[AHJKTV]\d{10}", (11,), digits.ups_waybill,
        is_marked=True,
    ),
    _family(
        "s10", "international mail", "", r"[A-Z]{2}\d{9}[A-Z]{2}", (13,), digits.s10,
        is_marked=True, also=_POSTS,
    ),
    _family("ontrac", "OnTrac", "ontrac", r"[CD]\d{14}", (15,), digits.ontrac, is_marked=True),
    _family("amazon", "Amazon Logistics", "", r"TB[A-Z]\d{12}", (15,), is_marked=True),
    _family(
        "dhl_piece", "DHL piece", "dhl", r"J[A-Z]{2,3}\d{9,10}", (12, 13, 14), is_marked=True
    ),
    _family(
        "dhlecom", "DHL eCommerce", "dhlecom",
        r"(?:GM|LX|RX|UV|CN|SG|TH|IN|HK|MY)(?=[A-Z]*\d)[A-Z0-9]{10,39}", range(12, 42),
        is_marked=True,
    ),
    _family(
        "purolator_letters", "Purolator", "purolator", r"[A-Z]{3}\d{9}", (12,), is_marked=True
    ),
    _family(
        "auspost_consignment", "Australia Post consignment", "auspost",
        r"(?!\d{3})[A-Z0-9]{3}\d{7}", (10,), is_marked=True,
    ),
    _family(
        "auspost_article", "Australia Post article", "auspost",
        r"(?!\d{3})[A-Z0-9]{3}\d{13}", (16,), is_marked=True,
    ),
    _family(
        "fedex_96", "FedEx Ground", "fedex", r"96\d{20}", (22,), digits.gs1_last_15,
        is_marked=True, also=_ECONOMY,
    ),
    _family(
        "fedex_96_barcode", "FedEx Ground barcode", "fedex", r"96\d{32}", (34,),
        digits.fedex_barcode, is_marked=True, also=_ECONOMY,
    ),
    _family(
        "usps", "USPS", "usps", r"9[2-5]\d{20}(?:\d{4}){0,2}", (22, 26, 30), digits.gs1,
        is_marked=True, also=_HANDS_TO_USPS,
    ),
    _family(
        "upsmi", "UPS Mail Innovations", "upsmi", r"92\d{20}(?:\d{4}){0,2}", (22, 26, 30),
        digits.gs1, is_marked=True, also=_HANDS_TO_USPS | {"usps"},
    ),
    _family(
        "fedexgnd-econ", "FedEx Ground Economy", "fedexgnd-econ", r"92\d{20}", (22,), digits.gs1,
        is_marked=True, also=_HANDS_TO_USPS | {"usps"},
    ),
    _family(
        "usps_91", "USPS", "usps", r"91\d{20}", (22,), digits.gs1,
        is_marked=True, also=_HANDS_TO_USPS,
    ),
    # bare digits, by length
    _family(
        "fedexgnd-econ_20", "FedEx Ground Economy", "fedexgnd-econ", r"61\d{18}", (20,),
        digits.gs1_92, also=frozenset({"fedex"}),
    ),
    _family("usps_20", "USPS", "usps", r"\d{20}", (20,), digits.gs1_or_91, also=_HANDS_TO_USPS),
    _family("fedex_sscc", "FedEx Ground", "fedex", r"0[0-4]\d{16}", (18,), digits.gs1),
    _family("fedex_barcode", "FedEx barcode", "fedex", r"[0-8]\d{33}", (34,), digits.fedex_barcode),
    _family("canadapost", "Canada Post", "canadapost", r"\d{16}", (16,), digits.gs1),
    _family("fedex_ground", "FedEx Ground", "fedex", r"\d{15}", (15,), digits.gs1, also=_ECONOMY),
    _family("dhlecom_14", "DHL eCommerce", "dhlecom", r"\d{14}", (14,)),
    _family(
        "fedex_express", "FedEx Express", "fedex", r"\d{12}", (12,), digits.fedex_express,
        also=_ECONOMY,
    ),
    _family("purolator", "Purolator", "purolator", r"\d{12}", (12,), digits.luhn),
    _family("dhl_express", "DHL Express", "dhl", r"\d{10,11}", (10, 11), digits.mod_7),
)  # fmt: skip
"""In the order of the contract's tests: fixed prefixes first, then bare digits by length."""

_BY_LENGTH: dict[int, tuple[Family, ...]] = {
    length: tuple(family for family in FAMILIES if length in family.lengths)
    for length in {length for family in FAMILIES for length in family.lengths}
}


def recognise(number: str) -> tuple[Fit, ...]:
    """Every family the normalised number looks like, in the order of the table.

    An S10 number counts only when its last two letters are a known issuer.
    """
    return tuple(
        fit
        for family in _BY_LENGTH.get(len(number), ())
        if family.shape.fullmatch(number)
        for fit in (_fit(family, number),)
        if fit is not None
    )


def _fit(family: Family, number: str) -> Fit | None:
    carrier = family.carrier
    if family.name == "s10":
        if number[-2:] not in S10_ISSUERS:
            return None
        carrier = S10_CARRIERS.get(number[-2:], "")
    if family.check is None:
        return Fit(family, carrier, Check.NONE)
    return Fit(family, carrier, Check.OK if family.check(number) else Check.FAILED)
