"""How a carrier file is laid out, as options of `import` and `folder`."""

from argparse import ArgumentTypeError
from collections.abc import Mapping
from typing import Any

from app.cli.command import Options, pair
from app.services.intake_reading import preset_names

MEANINGS = (
    "tracking", "reference", "service", "carrier", "ship_date", "void", "cost", "currency",
    "weight", "packages", "package_index", "master_tracking", "shipment_id",
)  # fmt: skip
"""What a column may hold; `reference` may be given several times, the order's number first."""

_DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|"}


def column(text: str) -> tuple[str, str | int]:
    """`tracking=Package Tracking Number` or `tracking=3`; for argparse."""
    meaning, value = pair("COLUMN=NAME")(text)
    meaning = meaning.replace("-", "_").replace(" ", "_").lower()
    if meaning not in MEANINGS:
        raise ArgumentTypeError(f"“{meaning}” is none of: {', '.join(MEANINGS)}")
    value = value.strip()
    return meaning, int(value) if value.isascii() and value.isdigit() else value


def add_layout(parser: Any) -> None:
    """Add the options."""
    parser.add_argument(
        "--preset", choices=preset_names(), help="the carrier program that wrote it"
    )
    parser.add_argument(
        "--map", type=column, action="append", default=[], dest="columns", metavar="COLUMN=NAME",
        help="which column holds what, by its header or its number: tracking=3",
    )  # fmt: skip
    parser.add_argument("--delimiter", choices=sorted(_DELIMITERS), help="else found out")
    parser.add_argument("--no-header", action="store_true", help="the first line is a row")
    parser.add_argument(
        "--dates", choices=("dmy", "mdy", "ymd"), help="how 03/04/2026 is to be read"
    )
    parser.add_argument("--carrier", metavar="NAME", help="for files that do not name one")
    parser.add_argument(
        "--void-value", metavar="WORD", help="marks a void, where it is none of the usual words"
    )
    parser.add_argument(
        "--separator", metavar="TEXT", help="what stands between several orders in one cell"
    )


def layout_of(options: Options, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the options say, over what was chosen before, as the reader takes it."""
    found = dict(before or {})
    given = {
        "preset": options.preset,
        "delimiter": _DELIMITERS.get(options.delimiter or ""),
        "has_header": False if options.no_header else None,
        "date_order": options.dates,
        "carrier": options.carrier,
        "void_value": options.void_value,
        "separator": options.separator,
    }
    found.update({name: value for name, value in given.items() if value is not None})
    columns: dict[str, Any] = {} if not options.columns else dict(found.get("columns", {}))
    references = [value for meaning, value in options.columns if meaning == "reference"]
    columns.update({m: value for m, value in options.columns if m != "reference"})
    if references:
        columns["references"] = references
    if columns:
        found["columns"] = columns
    return found
