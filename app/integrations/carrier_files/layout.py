"""How one kind of carrier file is laid out: what a person confirms once and a folder keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from app.core.errors import UsageError

Column = str | int
"""A column by its header name, or by its number from 1."""

_IGNORED = str.maketrans("", "", " \t\u00a0._#\ufeff")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; None: the file does not have it."""

    tracking: Column | None = None
    references: tuple[Column, ...] = ()  # the first is the order's number
    service: Column | None = None
    carrier: Column | None = None
    ship_date: Column | None = None  # a date, or a date with a time
    void: Column | None = None
    cost: Column | None = None
    currency: Column | None = None
    weight: Column | None = None
    packages: Column | None = None
    package_index: Column | None = None
    master_tracking: Column | None = None
    shipment_id: Column | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything the reader must know of a file. Empty and None mean: found out by looking.

    What `examine` found out stands in the layout it returns; keep that one, so that every later
    file is read alike.
    """

    preset: str = ""  # a name of `presets.PRESETS`
    columns: Columns = Columns()
    has_header: bool | None = None
    delimiter: str = ""
    encoding: str = ""  # "utf-8", "cp1252", "utf-16-le", "utf-16-be"
    date_order: str = ""  # "dmy", "mdy" or "ymd", for dates such as 03/04/2026
    date_format: str = ""  # as strptime takes it; goes before date_order
    decimal_mark: str = ""  # "." or ","
    void_value: str = ""  # marks a void beside the known words; then every other word is none
    separator: str = ""  # between several orders in one cell; empty: a cell is one order
    carrier: str = ""  # the carrier's name for files without such a column
    currency: str = ""
    allows_no_tracking: bool = False


DATE_ORDERS = ("dmy", "mdy", "ymd")


def plain_header(name: str) -> str:
    """A header name as names are compared: no case, spaces, dots, underscores, `#`."""
    return name.translate(_IGNORED).casefold()


def layout_to_plain(layout: Layout) -> dict[str, Any]:
    """The layout as JSON can hold it, without what is as by default."""
    found: dict[str, Any] = {}
    for item in fields(Layout):
        value = getattr(layout, item.name)
        if item.name != "columns" and value != item.default:
            found[item.name] = value
    columns = {item.name: getattr(layout.columns, item.name) for item in fields(Columns)}
    given = {name: value for name, value in columns.items() if value not in (None, ())}
    if "references" in given:
        given["references"] = list(given["references"])
    return found | ({"columns": given} if given else {})


def layout_from_plain(plain: Mapping[str, Any]) -> Layout:
    """The layout that `layout_to_plain` wrote; names it does not know are left out."""
    known = {item.name for item in fields(Layout)} - {"columns"}
    stored = {item.name for item in fields(Columns)}
    columns = {name: value for name, value in plain.get("columns", {}).items() if name in stored}
    if "references" in columns:
        columns["references"] = tuple(columns["references"])
    chosen = {name: value for name, value in plain.items() if name in known}
    return Layout(columns=Columns(**columns), **chosen)


def find_column(column: Column, header: Sequence[str] | None, width: int) -> int:
    """The index of a column, from 0, in a file with this header and this many columns.

    A header name made of digits only is taken as a number when no header has that name.
    Raises: UsageError when there is no such column, or several have that name.
    """
    if isinstance(column, int):
        return _by_number(column, width)
    wanted = plain_header(column)
    places = [at for at, name in enumerate(header or ()) if plain_header(name) == wanted]
    if len(places) == 1:
        return places[0]
    if places:
        numbers = ", ".join(str(at + 1) for at in places)
        raise UsageError("file_column_twice", column=column, numbers=numbers)
    if column.strip().isdecimal():
        return _by_number(int(column), width)
    names = ", ".join(header or ())
    if not names:
        raise UsageError("file_no_header", column=column)
    raise UsageError("file_column_missing", column=column, names=names[:300])


def _by_number(number: int, width: int) -> int:
    if not 1 <= number <= width:
        raise UsageError("file_column_number", column=number, count=width)
    return number - 1
