"""Exports of carrier programs: one reader for every layout, and a look at a file before it is read.

Pure over bytes: no database, no folders, no clock. What stands here is loaded when it is first
used: most starts of the program read no file.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.integrations.carrier_files.examining import Examination, Note, examine
    from app.integrations.carrier_files.guessing import Guess
    from app.integrations.carrier_files.layout import (
        DATE_ORDERS,
        Column,
        Columns,
        Layout,
        find_column,
        layout_from_plain,
        layout_to_plain,
        plain_header,
    )
    from app.integrations.carrier_files.open_shipments import (
        examine_answer,
        is_whole,
        is_xml,
        read_answer,
    )
    from app.integrations.carrier_files.parsing import Parsed, complete, parse, position_from_plain
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
    "examine_answer",
    "find_column",
    "is_whole",
    "is_xml",
    "layout_from_plain",
    "layout_to_plain",
    "parse",
    "plain_header",
    "position_from_plain",
    "read_answer",
    "still_fits",
]

_PARTS = (  # the lightest first
    "words", "layout", "presets", "text", "table", "reader", "examining", "parsing",
    "open_shipments",
)  # fmt: skip

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """A name of `__all__`, from the part that has it."""
        if name in __all__:
            for part in _PARTS:
                found = vars(importlib.import_module(f"{__name__}.{part}")).get(name)
                if found is not None:
                    return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
