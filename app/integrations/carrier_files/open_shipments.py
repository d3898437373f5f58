"""WorldShip's answer to XML Auto Import: the `.out` file with the tracking numbers.

Source: shipment intake contract, C1. The structure is reported by third parties; no real file was
at hand. So elements are found by their local names, wherever they stand.
"""

import io
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from app.core.carriers import find_carrier
from app.core.errors import UsageError
from app.core.intake import MAX_ROW_TEXT, RejectedRow, ShipmentRecord, row_fingerprint
from app.core.types import Params
from app.integrations.carrier_files.examining import Examination, Note
from app.integrations.carrier_files.guessing import Guess
from app.integrations.carrier_files.layout import Layout, plain_header
from app.integrations.carrier_files.reader import ReadRow
from app.integrations.carrier_files.values import read_reference, read_tracking, unwrap

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 40


def is_xml(head: bytes) -> bool:
    """True when a file begins as XML does, in any of the encodings that are read."""
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] == b"<"


def is_whole(stream: BinaryIO) -> bool:
    """True when the document parses to the end of its root. Moves the stream."""
    try:
        _shipments(stream)
    except UsageError as error:
        return error.code != "xml_unreadable"
    return True


def read_answer(
    stream: BinaryIO, layout: Layout, source: str, name: str
) -> Iterator[ShipmentRecord | RejectedRow]:
    """The parcels of one `.out` file; a shipment without a number is rejected with its error.

    The reference is the base name of the file, unless the layout's first reference column names
    an element that is there. `line_no` counts the shipments from 1.
    Raises: UsageError when it is no XML, too large or too deep, or carries a DOCTYPE.
    """
    for number, shipment in enumerate(_shipments(stream), 1):
        yield from _records(shipment, number, layout, source, PurePath(name).stem)


def examine_answer(stream: BinaryIO, layout: Layout, name: str, shown: int) -> Examination:
    """What the first parcels of one `.out` file become; it has no columns.

    Raises: as `read_answer`.
    """
    found = islice(read_answer(stream, layout, "", name), shown)
    rows = tuple(ReadRow(one, number, 0, 0) for number, one in enumerate(found, 1))
    guess = Guess("looks_like", "worldship", "why_program_xml")
    warnings = (Note("answer_unverified"),)
    return Examination(layout, found=rows, guesses=(guess,), warnings=warnings)


def _shipments(stream: BinaryIO) -> list[Element]:
    stream.seek(0)
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UsageError("xml_too_large", limit=MAX_BYTES // 1024 // 1024)
    depth, root = 0, None
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            root = element if root is None else root
            if depth > MAX_DEPTH:
                raise UsageError("xml_too_deep")
    except DefusedXmlException as error:
        raise UsageError("xml_refused") from error
    except (ParseError, ValueError, LookupError) as error:
        raise UsageError("xml_unreadable", reason=str(error)[:100]) from error
    if root is None or _local(root) not in ("openshipments", "openshipment"):
        raise UsageError("xml_foreign", root=_local(root) if root is not None else "")
    if _local(root) == "openshipment":
        return [root]
    return [element for element in root if _local(element) == "openshipment"]


def _records(
    shipment: Element, number: int, layout: Layout, source: str, stem: str
) -> Iterator[ShipmentRecord | RejectedRow]:
    text = _text(shipment)[:MAX_ROW_TEXT]
    numbers = [raw for raw in _all(shipment, "trackingnumber") if raw.strip()]
    if not numbers:
        yield RejectedRow(number, text, "label_failed", _why(shipment, stem))
        return
    reference = _reference(shipment, layout) or stem
    first = ""
    for index, raw in enumerate(numbers, 1):
        try:
            tracking = read_tracking(unwrap(raw))
            order = read_reference(reference)
        except UsageError as error:
            yield RejectedRow(number, text, error.code, error.params)
            continue
        first = first or tracking
        carrier = layout.carrier or "UPS"
        yield ShipmentRecord(
            source=source,
            source_key=row_fingerprint(source, tracking, order, False, None),
            references=(order,),
            tracking=tracking,
            tracking_raw=raw,
            carrier=find_carrier(carrier),
            carrier_raw=carrier,
            packages=len(numbers),
            package_index=index,
            master_tracking=first if len(numbers) > 1 else "",
        )


def _reference(shipment: Element, layout: Layout) -> str:
    wanted = layout.columns.references[:1]
    if not wanted or not isinstance(wanted[0], str):
        return ""
    return next((text.strip() for text in _all(shipment, plain_header(wanted[0])) if text), "")


def _why(shipment: Element, stem: str) -> Params:
    messages = [
        text
        for element in shipment.iter()
        if any(word in _local(element) for word in ("error", "message", "description"))
        for text in [(element.text or "").strip()]
        if text
    ]
    status = next(
        (value for key, value in shipment.attrib.items() if key.endswith("ProcessStatus")), ""
    )
    return {"message": "; ".join(messages)[:300] or status, "order": stem}


def _all(shipment: Element, name: str) -> list[str]:
    return [element.text or "" for element in shipment.iter() if _local(element) == name]


def _local(element: Element) -> str:
    return plain_header(str(element.tag).rpartition("}")[2])


def _text(shipment: Element) -> str:
    return " ".join(part.strip() for part in shipment.itertext() if part.strip())
