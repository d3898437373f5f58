"""The record that every source of shipments is turned into, and the keys that compare records.

Source: shipment intake contract, part A (record, group), part F (row fingerprint).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.core.errors import Param
from app.core.quantities import plain
from app.core.tracking import order_channel
from app.core.types import ShipmentLine

MAX_ROW_TEXT = 2000
"""How much of a rejected row is kept, in characters."""

_BETWEEN = "\x1f"  # a control character no field can hold: nothing runs into its neighbour


@dataclass(frozen=True, slots=True)
class ShipmentRecord:
    """One parcel as a source reported it; `is_void`: as it took it back.

    `references[0]` is the order's number; the rest are further references in the order of the
    source's settings. A cell that names several orders arrives as one record for each of them.
    Texts are trimmed and never None: empty means "not given".
    """

    source: str  # "folder:<name>", "shipstation:<connection>", "manual", "http" ...
    source_key: str  # stable inside the source; for file rows the row fingerprint
    references: tuple[str, ...]  # as read, trimmed; empty: none was given
    tracking: str  # normalised; may be empty
    tracking_raw: str = ""  # exactly as read
    carrier: str = ""  # a code of `core.carriers`, "other" (see carrier_raw), or not given
    carrier_raw: str = ""  # as read
    service: str = ""  # as read
    ship_date: date | None = None  # a calendar date, no zone
    shipped_at: int | None = None  # milliseconds since 1970, UTC; None: the source has no time
    packages: int | None = None  # parcels of the shipment
    package_index: int | None = None  # which of them this is, from 1
    weight: Decimal | None = None  # in the source's unit
    cost: Decimal | None = None  # in major units of the currency: 8.40
    currency: str = ""  # ISO 4217; empty: the shop's own
    lines: tuple[ShipmentLine, ...] = ()  # empty: the whole order
    is_void: bool = False
    master_tracking: str = ""  # lead number of a multi-parcel shipment, normalised
    shipment_id: str = ""  # the carrier program's own number for the shipment
    run: str = ""  # rows of one file that follow one another with the same reference share it

    @property
    def order_ref(self) -> str:
        """The order's number as read; empty when none was given."""
        return self.references[0] if self.references else ""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row of a file that made no record: where it stands, what it says, and why not.

    `code` and `params` have their sentence in `core.words` or in the reader's words. `text` is
    the row as read, up to 2,000 characters; `offset` is its first byte in the file.
    """

    line_no: int  # of the row's first line, from 1
    text: str
    code: str
    params: Mapping[str, Param] = field(default_factory=dict)
    offset: int = 0


def row_fingerprint(
    source: str, tracking: str, order_ref: str, is_void: bool, ship_date: date | None
) -> str:
    """What makes two rows the same row: 32 hex digits.

    Service, cost and process time do not count: they may change between two exports.
    """
    parts = (
        source,
        tracking,
        order_channel(order_ref),
        "void" if is_void else "",
        ship_date.isoformat() if ship_date else "",
    )
    return hashlib.blake2b(_BETWEEN.join(parts).encode(), digest_size=16).hexdigest()


def fingerprint_of(record: ShipmentRecord) -> str:
    """The row fingerprint of a record, from any source."""
    return row_fingerprint(
        record.source, record.tracking, record.order_ref, record.is_void, record.ship_date
    )


def group_key(record: ShipmentRecord) -> str:
    """The parcels of one shipment to one order share it; void rows carry that of their label.

    The first of these that the source gives decides: shipment id, lead tracking number, rows
    that follow one another in one file, else the parcel stands alone.
    """
    alone = f"parcel {record.tracking or record.source_key}"
    if record.shipment_id:
        together = f"shipment {record.shipment_id}"
    elif record.master_tracking:
        together = f"lead {record.master_tracking}"
    else:
        together = f"run {record.run}" if record.run else alone
    return _BETWEEN.join((record.source, order_channel(record.order_ref), together))


def label_key(record: ShipmentRecord) -> tuple[str, str, str]:
    """Source, tracking and order: what a void row and its label, or two exports, agree in."""
    return record.source, record.tracking, order_channel(record.order_ref)


def content_hash(record: ShipmentRecord) -> str:
    """Differs when anything a target could show, or the void, differs: 32 hex digits.

    Source, keys, raw texts and grouping do not count; 8.4 and 8.40 are the same cost.
    """
    lines = [part for line in record.lines for part in (line.item, _plain(line.quantity))]
    parts = (
        record.tracking,
        _BETWEEN.join(map(order_channel, record.references)),
        record.carrier,
        record.carrier_raw if record.carrier == "other" else "",
        record.service,
        record.ship_date.isoformat() if record.ship_date else "",
        "" if record.shipped_at is None else str(record.shipped_at),
        "" if record.packages is None else str(record.packages),
        _plain(record.weight),
        _plain(record.cost),
        record.currency,
        "void" if record.is_void else "",
        *lines,
    )
    return hashlib.blake2b("\x1e".join(parts).encode(), digest_size=16).hexdigest()


def _plain(number: Decimal | None) -> str:
    return "" if number is None else plain(number)
