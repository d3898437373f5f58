"""Lines of a CSV file of orders, put together by SQLite: a million of them take seconds."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from app.models.database import Database
from app.models.order_rows import FIELD, LINE, PHONE
from app.models.order_status import FAILED, SKIPPED

Why = Callable[[int, int, str, str, str, str], str]
"""Number and urgency of an order, code and parameters of why it is skipped, and of its fault."""


_RISKY = "=+@\t\r\n|%-"
"""What a formula may begin with, for GLOB; the hyphen stands last."""


class ExportWords(NamedTuple):
    """What the file says in words. `statuses`: by urgency; `untitled`: an order without number."""

    statuses: Mapping[int, str]
    untitled: str
    reason: Why
    setting: Why


def cell(x: str) -> str:
    """SQL of a CSV cell that a spreadsheet shows and neither runs nor rounds; `x`: SQL of a text.

    A text that looks like a formula is led by an apostrophe, an amount is none; a number that
    would lose leading zeros or digits is written as a text formula, the only form every
    spreadsheet leaves alone.
    """
    quoted = f"""replace({x}, '"', '""') || '"'"""
    amount = (
        f"{x} GLOB '-[0-9]*' AND NOT substr({x}, 2) GLOB '*[^0-9.]*' AND NOT {x} GLOB '*.*.*' "
        f"AND NOT {x} GLOB '*.'"
    )
    return f"""CASE WHEN {x} GLOB '[^0-9{_RISKY}]*' THEN '"' || {quoted}
 WHEN {x} GLOB '[0-9]*' THEN CASE WHEN {x} GLOB '*[^0-9]*' THEN '"' || {quoted}
  WHEN length({x}) > 11 OR {x} GLOB '0?*' THEN '"=""' || {x} || '\"""' ELSE {x} END
 WHEN {x} = '' THEN '' WHEN {amount} THEN {x} ELSE '"\'\'' || {quoted} END"""


def _moment(column: str) -> str:
    """Local time, as spreadsheets read it."""
    return f"COALESCE(strftime('%Y-%m-%d %H:%M:%S', {column} / 1000, 'unixepoch', 'localtime'), '')"


def _once(text: str) -> str:
    """SQL of the cell of a text that is costly to make: a cell asks for it several times."""
    return f"(SELECT {cell('x')} FROM (SELECT {text} AS x LIMIT 1))"


_PLACE = (
    f"replace(replace(substr(o.ship_to, 1, instr(o.ship_to, '{PHONE}') - 1), '{FIELD}', ''), "
    f"'{LINE}', '')"
)
_SAID = "o.id, o.urgency, o.skip_code, o.skip_params, o.fault_code, o.fault_params"
_SAYS = f"o.fault_code <> '' OR o.urgency IN ({FAILED}, {SKIPPED})"
_CELLS = (
    f"CASE o.order_ref WHEN '' THEN ?2 ELSE {cell('o.order_ref')} END",
    f"CASE o.urgency {' '.join(f'WHEN {n} THEN ?{n + 2}' for n in range(1, 6))} END",
    f"CASE WHEN {_SAYS} THEN {_once(f'said_reason({_SAID})')} ELSE '' END",
    f"CASE WHEN {_SAYS} THEN {_once(f'said_setting({_SAID})')} ELSE '' END",
    cell("c.name"),
    _moment("o.order_at"),
    _moment("o.changed_at"),
    cell("o.source_status"),
    cell("o.total"),
    cell("o.currency"),
    cell("o.shipping"),
    f"CASE o.ship_to WHEN '' THEN '' ELSE {_once(_PLACE)} END",
    cell("o.remote_id"),
)
_LINES = f"""SELECT {" || ',' || ".join(_CELLS)}
 FROM json_each(?1) k CROSS JOIN orders o ON o.id = k.value
 JOIN connections c ON c.id = o.connection_id ORDER BY k.key"""


class OrderExport:
    """Reads orders as lines."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lines(self, ids: Sequence[int], words: ExportWords) -> list[str]:
        """A line for each of these orders, in this order, without its end; what is gone meanwhile
        is left out."""
        connection = self._database.connection()
        connection.create_function("said_reason", 6, words.reason)
        connection.create_function("said_setting", 6, words.setting)
        texts = [words.untitled, *(words.statuses[number] for number in range(1, 6))]
        made = [self._database.read(f"SELECT {cell('?1')}", (text,))[0][0] for text in texts]
        return [row[0] for row in self._database.read(_LINES, (json.dumps(list(ids)), *made))]

    def failed(self, ids: Sequence[int]) -> list[int]:
        """Of these orders those that failed although they could be read: a job of them did."""
        rows = self._database.read(
            "SELECT o.id FROM json_each(?) k CROSS JOIN orders o ON o.id = k.value "
            "WHERE o.urgency = ? AND o.fault_code = ''",
            (json.dumps(list(ids)), FAILED),
        )
        return [row[0] for row in rows]
