"""Lines of a file become rows of cells with their place in it; a broken quote costs one row."""

import csv
import hashlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from app.integrations.carrier_files.text import Line, iter_lines

MAX_ROW_LINES = 50
"""A quoted cell that goes on for more lines was never closed."""

_BREAKS = "\r\n"


class RawRow(NamedTuple):
    """Cells of one row. `offset` and `end` are bytes in the file, `line_no` counts from 1.

    `fault`: a code why the row is none ("row_quote", "row_broken"), with no cells.
    `is_cut`: the file ends in it, without a line break.
    """

    cells: list[str]
    text: str
    line_no: int
    offset: int
    end: int
    fault: str = ""
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """How far a file has been read; a later read goes on from here (`still_fits`).

    `offset` is in bytes and always at the beginning of a line; `line_no` is that line's number.
    `run_ref` and `run` tell the group that the last row belongs to.
    """

    offset: int = 0
    line_no: int = 1
    prefix_hash: str = ""
    run_ref: str = ""
    run: str = ""


class Table:
    """Rows of a delimited file from a given place on, one at a time.

    A row whose quote is never closed gives up its first line only; reading goes on behind it.
    """

    def __init__(
        self, stream: BinaryIO, encoding: str, delimiter: str, start: Position, is_final: bool
    ) -> None:
        self._lines = iter_lines(stream, encoding)
        self._again: deque[Line] = deque()  # lines to be read once more
        self._taken: list[Line] = []  # lines of the row being read
        self._at_end = False  # the parser asked for a line behind the last one
        self._delimiter = delimiter
        self._is_final = is_final
        self._line_no = start.line_no
        self._offset = start.offset
        self._is_sure = True
        self._read_to = (start.offset, start.line_no)
        self._unsettled: list[Line] = []  # of the row handed out last
        self._digest = hashlib.blake2b(digest_size=16)

    def feed_prefix(self, prefix: bytes) -> None:
        """Count bytes in that stand before the start: for the hash of a position."""
        self._digest.update(prefix)

    def settle(self) -> None:
        """The row handed out last is done with: a position may stand behind it."""
        for line in self._unsettled:
            self._digest.update(line.raw)
        if self._unsettled:
            self._read_to = (self._offset, self._line_no)
            self._unsettled = []

    def position(self, run_ref: str, run: str) -> Position:
        """Where a later read may go on: behind the last settled row whose end was sure."""
        return Position(*self._read_to, self._digest.hexdigest(), run_ref, run)

    def __iter__(self) -> Iterator[RawRow]:
        """Rows in the order of the file, blank lines too (with no cells and no fault).

        What the file ends in without a line break, or inside a quoted cell, is given only when
        the file is final, and then does not count as read: it may still grow.
        """
        parser = self._parser()
        while True:
            self.settle()
            self._taken, self._at_end, fault = [], False, ""
            try:
                cells = next(parser)
            except StopIteration:
                return
            except csv.Error:
                if self._at_end and not self._is_final:
                    return  # ends inside a quoted cell: still being written
                cells, fault = self._salvage()
                parser = self._parser()
            last = self._taken[-1]
            if last.may_go_on and not self._is_final:
                return
            cut = last.may_go_on and not last.text.endswith("\r")
            yield self._row(cells, fault, cut)
            if cut and not self._again:
                return

    def _parser(self) -> Iterator[list[str]]:
        # Strict: else an open quote would quietly take the following rows into its cell.
        return csv.reader(self._feed(), delimiter=self._delimiter, strict=True)

    def _feed(self) -> Iterator[str]:
        while True:
            if len(self._taken) > MAX_ROW_LINES:
                raise csv.Error("row without end")
            line = self._again.popleft() if self._again else next(self._lines, None)
            if line is None:
                self._at_end = True
                return
            self._taken.append(line)
            yield line.text

    def _salvage(self) -> tuple[list[str], str]:
        """Cells of a row the strict parser refused, or a fault. Only its first line is taken."""
        if len(self._taken) > 1 or self._at_end:
            self._is_sure = self._is_sure and not self._at_end
            self._give_back()
            return [], "row_quote"
        try:  # quotes inside a cell, but on one line: what it means is plain enough
            return next(csv.reader([self._taken[0].text], delimiter=self._delimiter)), ""
        except csv.Error:
            return [], "row_broken"

    def _give_back(self) -> None:
        """Keep the first line only; the others are read again as rows of their own."""
        self._again.extendleft(reversed(self._taken[1:]))
        del self._taken[1:]

    def _row(self, cells: list[str], fault: str, cut: bool) -> RawRow:
        offset, line_no = self._offset, self._line_no
        self._offset += sum(len(line.raw) for line in self._taken)
        self._line_no += len(self._taken)
        if self._is_sure and not cut:
            self._unsettled = self._taken
        text = "".join(line.text for line in self._taken).rstrip(_BREAKS)
        return RawRow(cells, text, line_no, offset, self._offset, fault, cut)
