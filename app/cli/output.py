"""Everything the command line prints: lines, tables, JSON. Nothing else prints."""

import io
import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_GAP = "  "
_NARROWEST = 8
_TAIL = 4
"""Characters at the end of a cut cell that always stay: by them people know a number."""


def prepare() -> None:
    """Let a terminal that lacks a character show a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def line(text: str = "") -> None:
    """One line of result, shown at once."""
    print(plain(text), flush=True)


def progress(text: str) -> None:
    """A line that takes the place of the last one, where a person watches; empty: it is over."""
    if sys.stderr is not None and sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1
        print(f"\r{plain(text)[:width]:<{width}}", end="" if text else "\r", file=sys.stderr)
        sys.stderr.flush()


def raw(text: str) -> None:
    """Text that another program reads: not touched in any way."""
    print(text, flush=True)


def piece(text: str) -> None:
    """A part of such a text, without an end of line."""
    print(text, end="")


def trouble(text: str) -> None:
    """One line that says why something was not done."""
    print(plain(text), file=sys.stderr, flush=True)


def show_json(rows: Iterable[Mapping[str, Any]]) -> None:
    """An array of objects with stable keys."""
    raw(json.dumps([dict(row) for row in rows], indent=2, ensure_ascii=False))


def table(
    titles: Sequence[str], rows: Sequence[Sequence[str]], empty: str, *, fold: int | None = None
) -> None:
    """Rows under their titles, fitted to the terminal; `empty` when there are none.

    `fold`: the column that gets a line of its own where the terminal is too narrow.
    """
    if not rows:
        line(empty)
        return
    width = terminal_width()
    lines = fitted(titles, rows, None)
    if width is not None and max(map(columns, lines)) > width:
        lines = fitted(titles, rows, width) if fold is None else folded(titles, rows, width, fold)
    for text in lines:
        line(text)


def block(pairs: Sequence[tuple[str, str]]) -> None:
    """Names and values below each other; what has no value is left out."""
    width = max((len(name) for name, value in pairs if value), default=0)
    for name, value in pairs:
        if value:
            line(f"{_GAP}{name:<{width}}{_GAP}{value}")


def terminal_width() -> int | None:
    """Columns of the terminal; None where the output goes elsewhere and is never cut."""
    return shutil.get_terminal_size().columns if is_terminal() else None


def is_terminal() -> bool:
    """True when a person watches."""
    return sys.stdout is not None and sys.stdout.isatty()


def give_up() -> None:
    """The reader of our output is gone: the rest goes nowhere, and quietly."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # not a real file, nothing to redirect
        sys.stdout = io.StringIO()


def plain(text: str) -> str:
    """Without control characters: what a remote sent must not steer the terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " for c in text)


def fitted(titles: Sequence[str], rows: Sequence[Sequence[str]], width: int | None) -> list[str]:
    """The lines of a table, no wider than `width` columns if cells can be cut to that."""
    cells = [list(titles), *([plain(cell) for cell in row] for row in rows)]
    widths = [max(map(columns, column)) for column in zip(*cells, strict=True)]
    if width is not None:
        widths = _narrowed(widths, width - len(_GAP) * (len(widths) - 1))
    lines = []
    for row in cells:
        parts = [_pad(cut(cell, wide), wide) for cell, wide in zip(row, widths, strict=True)]
        lines.append(_GAP.join(parts).rstrip())
    return lines


def folded(
    titles: Sequence[str], rows: Sequence[Sequence[str]], width: int, fold: int
) -> list[str]:
    """The lines of a table with one column below the others."""
    others = [[*row[:fold], *row[fold + 1 :]] for row in (titles, *rows)]
    head, *lines = fitted(others[0], others[1:], width)
    notes = [f"{_GAP}{_GAP}{cut(plain(row[fold]), width - 2 * len(_GAP))}" for row in rows]
    return [head, *(text for pair in zip(lines, notes, strict=True) for text in pair)]


def _narrowed(widths: Sequence[int], room: int) -> list[int]:
    """The widest columns give way first."""
    widths = list(widths)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
    return widths


def cut(text: str, width: int) -> str:
    """A text cut in its middle to fit; its last four characters stay."""
    if columns(text) <= width:
        return text
    tail = max(_TAIL, (width - 1) // 3)
    head = text[: max(1, width - 1 - tail)]
    while columns(head) + 1 + columns(text[-tail:]) > width and len(head) > 1:
        head = head[:-1]
    return f"{head.rstrip()}…{text[-tail:].lstrip()}"


def columns(text: str) -> int:
    """Columns a text takes: wide letters two, marks that combine none."""
    if text.isascii():
        return len(text)
    return sum(_columns_of(c) for c in text)


def _columns_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _pad(text: str, width: int) -> str:
    return text + " " * (width - columns(text))
