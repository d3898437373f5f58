"""Carriers: our codes, the names sources use for them, and the names each target wants.

Source: shipment intake contract, part E (names), D4 (links). Amazon's spelling and case matter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from app.core.errors import UsageError

OTHER = "other"
"""The code of a carrier we have no code for; the name as read goes with it."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """One carrier. Where a target knows several names, the first is the one to send.

    An empty tuple: that system has no name for it that is known to us. `magento` is the code of
    the module that tracks it; `custom` gives a track without a link.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()  # besides the code and the names in this row
    shipstation_notice: tuple[str, ...] = ()
    shipstation_codes: tuple[str, ...] = ()
    amazon: tuple[str, ...] = ()
    magento: str = "custom"
    link: str = ""  # `{n}` stands for the number


class AmazonCarrier(NamedTuple):
    """`carrier_name` is asked for with the code `Other` only, and empty otherwise."""

    carrier_code: str
    carrier_name: str


class MagentoCarrier(NamedTuple):
    """What a track takes."""

    carrier_code: str
    title: str


CARRIERS: tuple[Carrier, ...] = (
    Carrier(
        "usps",
        "USPS",
        aliases=(
            "US Postal Service",
            "United States Postal Service",
            "USPS/Stamps.com",
            "Stamps",
            "Endicia",
            "US Mail",
        ),
        shipstation_notice=("USPS",),
        shipstation_codes=("stamps_com", "usps_walleted"),
        amazon=("USPS",),
        magento="usps",
        link="https://tools.usps.com/go/TrackConfirmAction?tLabels={n}",
    ),
    Carrier(
        "ups",
        "UPS",
        aliases=("United Parcel Service", "UPS Ground"),
        shipstation_notice=("UPS",),
        shipstation_codes=("ups", "ups_walleted"),
        amazon=("UPS",),
        magento="ups",
        link="https://www.ups.com/track?tracknum={n}",
    ),
    Carrier(
        "upsmi",
        "UPS Mail Innovations",
        shipstation_notice=("UPSMI",),
        amazon=("UPS Mail Innovations", "UPSMI"),
    ),
    Carrier(
        "fedex",
        "FedEx",
        aliases=("Federal Express", "FDX", "FedExG", "FXE", "FXG"),
        shipstation_notice=("FedEx", "FedExCanada"),
        shipstation_codes=("fedex",),
        amazon=("FedEx",),
        magento="fedex",
        link="https://www.fedex.com/fedextrack/?trknbr={n}",
    ),
    Carrier(
        "fedexgnd-econ",
        "FedEx Ground Economy",
        aliases=("FedEx SmartPost", "SmartPost"),
        shipstation_notice=("FedEx",),
        shipstation_codes=("fedex",),
        amazon=("FedEx SmartPost",),
        magento="fedex",
        link="https://www.fedex.com/fedextrack/?trknbr={n}",
    ),
    Carrier(
        "dhl",
        "DHL Express",
        aliases=("DHL Worldwide", "DHL Worldwide Express"),
        shipstation_notice=("DHL", "DHLCanada"),
        amazon=("DHL", "DHL Express"),
        magento="dhl",
        link="http://www.dhl.com/en/express/tracking.html?brand=DHL&AWB={n}",
    ),
    Carrier(
        "dhlecom",
        "DHL eCommerce",
        shipstation_notice=("DHLGlobalMail",),
        amazon=("DHL eCommerce", "DHL Global Mail"),
    ),
    Carrier(
        "canadapost",
        "Canada Post",
        aliases=("CP", "CPC", "Postes Canada"),
        shipstation_notice=("CanadaPost",),
        amazon=("Canada Post",),
        link="https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={n}",
    ),
    Carrier(
        "ontrac",
        "OnTrac",
        shipstation_notice=("OnTrac",),
        amazon=("OnTrac",),
        link="http://www.ontrac.com/tracking/?number={n}",
    ),
    Carrier("lasership", "LaserShip", amazon=("Lasership",)),
    Carrier("purolator", "Purolator", amazon=("PUROLATOR",)),
    Carrier("royalmail", "Royal Mail", shipstation_notice=("RoyalMail",), amazon=("Royal Mail",)),
    Carrier(
        "auspost",
        "Australia Post",
        shipstation_notice=("AustraliaPost",),
        amazon=("Australia Post", "Australia Post-ArticleId", "Australia Post-Consignment"),
    ),
    Carrier("asendia", "Asendia", shipstation_notice=("Asendia",), amazon=("Asendia",)),
    Carrier("newgistics", "Newgistics", shipstation_notice=("Newgistics",), amazon=("Newgistics",)),
)

BY_CODE: Mapping[str, Carrier] = {carrier.code: carrier for carrier in CARRIERS}
LINKS: Mapping[str, str] = {carrier.code: carrier.link for carrier in CARRIERS if carrier.link}
"""Templates of tracking links; a shop may put its own over them."""

LINK_PLACE = "{n}"
"""Stands for the number in a template."""

_WORDS = re.compile(r"[^\W_]+")
_MARKS = str.maketrans("", "", ".'\u2019\u00ae\u2122\u00a9")  # "U.S.P.S." is one word
_MAX_NAME = 200
_HOST = re.compile(r"[^\W_]([\w-]*\.)+\w+")  # the number is no part of it
_TEXT = re.compile(r"[!-~\w]{1,500}")


def _squeeze(name: str) -> str:
    return "".join(_words(name))


def _words(name: str) -> list[str]:
    return _WORDS.findall(name.translate(_MARKS).upper())


def _aliases() -> dict[str, str]:
    """Every name without spaces and punctuation; of two carriers with one name the first wins."""
    found: dict[str, str] = {}
    for carrier in CARRIERS:
        names = (carrier.code, carrier.name, *carrier.aliases, *carrier.shipstation_notice)
        for name in (*names, *carrier.shipstation_codes, *carrier.amazon):
            found.setdefault(_squeeze(name), carrier.code)
    return found


_ALIASES = _aliases()


@lru_cache(maxsize=4096)
def find_carrier(name: str) -> str:
    """The code of a carrier's name as a source writes it: "" for none, "other" for an unknown one.

    Whole words, the longest name first: "FedEx SmartPost 2Day" is FedEx Ground Economy, and
    "GROUPS" is not UPS. Case, spaces and punctuation do not count.
    """
    words = _words(name[:_MAX_NAME])
    if not words:
        return ""
    spans = (
        "".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
    )
    best = max((span for span in spans if span in _ALIASES), key=len, default="")
    return _ALIASES.get(best, OTHER)


def display_name(code: str, raw: str = "") -> str:
    """What people read, and what targets with a free text field get; "" without a carrier."""
    carrier = BY_CODE.get(code)
    if carrier:
        return carrier.name
    return raw.strip() or ("Other" if code else "")


def amazon_carrier(
    code: str, raw: str = "", overrides: Mapping[str, str] | None = None
) -> AmazonCarrier:
    """Amazon's `carrierCode` and `carrierName`. `overrides`: our code → Amazon's, per connection.

    `Other` needs a name: without a raw one it is "Other".
    """
    chosen = (overrides or {}).get(code, "")
    carrier = BY_CODE.get(code)
    if not chosen and carrier and carrier.amazon:
        chosen = carrier.amazon[0]
    if chosen and chosen != "Other":
        return AmazonCarrier(chosen, "")
    return AmazonCarrier("Other", display_name(code, raw) or "Other")


def magento_carrier(
    code: str, raw: str = "", overrides: Mapping[str, str] | None = None
) -> MagentoCarrier:
    """Magento's `carrier_code` and `title`. `overrides`: our code → Magento's, per connection."""
    carrier = BY_CODE.get(code)
    chosen = (overrides or {}).get(code) or (carrier.magento if carrier else "custom")
    known = chosen == code and carrier is not None  # core modules show their own name
    title = carrier.name.split()[0] if known and carrier else display_name(code, raw)
    return MagentoCarrier(chosen, title or "Other")


def shipstation_notice(code: str) -> str:
    """The name in ShipStation's ship notices; "Other" for carriers it has none for."""
    carrier = BY_CODE.get(code)
    return carrier.shipstation_notice[0] if carrier and carrier.shipstation_notice else "Other"


def shipstation_codes(code: str) -> tuple[str, ...]:
    """Codes of ShipStation's own interface; empty: read its list of carriers."""
    carrier = BY_CODE.get(code)
    return carrier.shipstation_codes if carrier else ()


def check_link(template: str) -> str:
    """A template a person typed, without blanks around it.

    Raises: UsageError link_not_https, link_no_place, link_unreadable.
    """
    text = template.strip()
    if not text.lower().startswith("https://"):
        raise UsageError("link_not_https")
    count = text.count(LINK_PLACE)
    if count != 1:
        raise UsageError("link_no_place", place=LINK_PLACE, count=count)
    try:
        host = urlsplit(text).hostname or ""
    except ValueError:
        host = ""
    if not _HOST.fullmatch(host) or not _TEXT.fullmatch(text) or "@" in text.split("/")[2]:
        raise UsageError("link_unreadable", place=LINK_PLACE)
    return text


def tracking_link(
    code: str, number: str, *, delivered: str = "", links: Mapping[str, str] = LINKS
) -> str:
    """Where a parcel can be followed: the link the source delivered, else the carrier's own.

    Empty where neither is known. A delivered link counts only when it is a web address.
    """
    if delivered.startswith(("https://", "http://")):
        return delivered
    template = links.get(code, "")
    return template.replace(LINK_PLACE, quote(number, safe="")) if template and number else ""
