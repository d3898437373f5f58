"""The odd files on disk, and short ways to read them."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.core.intake import RejectedRow, ShipmentRecord
from app.integrations.carrier_files import Layout, Parsed, layout_to_plain, parse

FOLDER = Path(__file__).parents[2] / "data" / "carrier_files"
ZONE = ZoneInfo("America/New_York")


def read(name: str, layout: Layout | None = None, **more: Any) -> Parsed:
    """All of one file, finished, from its beginning."""
    with (FOLDER / name).open("rb") as stream:
        plain = layout_to_plain(layout or Layout())
        return parse(stream, plain, "folder:test", {}, is_final=True, zone=ZONE, **more)


def brief(parsed: Parsed) -> list[tuple[int, str, str]]:
    """Line, order and tracking number of every record."""
    return [(line, record.order_ref, record.tracking) for line, record in parsed.records]


def reasons(parsed: Parsed) -> list[tuple[int, str]]:
    """Line and code of every rejected row."""
    return [(row.line_no, row.code) for row in parsed.rejected]


def numbers(parsed: Parsed) -> list[str]:
    """The tracking numbers in the order of the file."""
    return [record.tracking for _, record in parsed.records]


def only(parsed: Parsed) -> ShipmentRecord:
    """The one record of a file that has one."""
    ((_, record),) = parsed.records
    return record


def first_bad(parsed: Parsed) -> RejectedRow:
    """The first rejected row."""
    return parsed.rejected[0]
