"""Carrier programs whose exports are known more or less, and header names worth recognising.

No carrier program fixes its header names: people choose them in the program's export map. So a
preset is a proposal to be confirmed, never a promise. Source: shipment intake contract, B2 and C.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.integrations.carrier_files.layout import plain_header


@dataclass(frozen=True, slots=True)
class Preset:
    """One kind of export. `caveat` is the code of what is not verified about it."""

    name: str
    title: str
    carrier: str = ""  # the carrier's name, for files without a carrier column
    needs_void: bool = False  # without a void column a void looks like a second shipment
    caveat: str = ""


PRESETS: Mapping[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("worldship", "UPS WorldShip", "UPS", needs_void=True, caveat="preset_worldship"),
        Preset("fedex", "FedEx Ship Manager", "FedEx", caveat="preset_fedex"),
        Preset("usps", "USPS: Endicia DAZzle, Stamps.com", "USPS", caveat="preset_usps"),
        Preset("generic", "Another program"),
    )
}

_NAMES: Mapping[str, tuple[str, ...]] = {
    "tracking": (
        "tracking number", "tracking no", "tracking", "package tracking number",
        "package tracking no", "tracking id", "label number", "waybill", "awb",
    ),
    "master_tracking": (
        "lead tracking number", "lead tracking no", "master tracking number", "shipment tracking",
        "lead", "master",
    ),
    "shipment_id": ("shipment id",),
    "order": ("order number", "order no", "order id", "order", "invoice number", "invoice no",
        "invoice"),
    "reference": (
        "reference", *(f"reference {n}" for n in range(1, 6)), *(f"ref {n}" for n in range(1, 6)),
        "ref", *(f"package reference {n}" for n in range(1, 6)),
        *(f"package ref no {n}" for n in range(1, 6)),
        *(f"reference number {n}" for n in range(1, 6)), "reference number", "reference id",
        "po number", "customer reference",
    ),
    "carrier": ("carrier", "carrier name", "shipped via", "ship via"),
    "service": ("service", "service type", "ship method", "mail class"),
    "ship_date": (
        "ship date", "shipment date", "collection date", "date printed", "mail date",
        "process timestamp", "shipmentprocess timestamp", "timestamp", "date shipped", "date",
    ),
    "void": ("void", "voided", "is void", "void indicator", "package void", "status"),
    "cost": ("shipment cost", "published charge", "package charge", "package reference charge",
        "postage", "cost", "total"),
    "currency": ("currency", "currency code"),
    "weight": ("actual weight", "billable weight", "package weight", "weight"),
    "packages": ("number of packages", "packages", "package count", "pkgs"),
    "package_index": ("package index", "package no"),
}  # fmt: skip
"""By meaning, the name to prefer first. `order` and `reference` both hold references."""

NAMES: Mapping[str, tuple[str, ...]] = {
    meaning: tuple(map(plain_header, names)) for meaning, names in _NAMES.items()
}
KNOWN_NAMES = frozenset(name for names in NAMES.values() for name in names)
UNSURE_NAMES = frozenset({"status", "total", "lead", "master"})
"""Names that may well mean something else: proposed only when the values bear them out."""
