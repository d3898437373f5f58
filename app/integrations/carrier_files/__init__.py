"""Exports of carrier programs: one reader for every layout, and a look at a file before it is read.

Pure over bytes: no database, no folders, no clock.
"""

from app.integrations.carrier_files.examine import Examination, Note, examine
from app.integrations.carrier_files.guessing import Guess
from app.integrations.carrier_files.layout import (
    DATE_ORDERS,
    Column,
    Columns,
    Layout,
    layout_from_plain,
    layout_to_plain,
)
from app.integrations.carrier_files.open_shipments import is_whole, is_xml, read_answer
from app.integrations.carrier_files.parse import Parsed, complete, parse, position_from_plain
from app.integrations.carrier_files.presets import PRESETS, Preset
from app.integrations.carrier_files.reader import CarrierFile, ReadRow, still_fits
from app.integrations.carrier_files.table import Position
from app.integrations.carrier_files.text import ENCODINGS
from app.integrations.carrier_files.words import SENTENCES

__all__ = [
    "DATE_ORDERS",
    "ENCODINGS",
    "PRESETS",
    "SENTENCES",
    "CarrierFile",
    "Column",
    "Columns",
    "Examination",
    "Guess",
    "Layout",
    "Note",
    "Parsed",
    "Position",
    "Preset",
    "ReadRow",
    "complete",
    "examine",
    "is_whole",
    "is_xml",
    "layout_from_plain",
    "layout_to_plain",
    "parse",
    "position_from_plain",
    "read_answer",
    "still_fits",
]
