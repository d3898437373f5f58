"""A file with products becomes updates, row by row, with the reason where a row is none."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import BinaryIO

from app.core.errors import UsageError
from app.core.job_types import product_channel
from app.core.products import ProductUpdate
from app.integrations.carrier_files.guessing import (
    guess_decimal_mark,
    guess_delimiter,
    guess_header,
)
from app.integrations.carrier_files.layout import find_column, plain_header
from app.integrations.carrier_files.reader import is_sep_line
from app.integrations.carrier_files.table import Position, RawRow, Table
from app.integrations.carrier_files.text import SAMPLE, find_encoding, iter_lines, refuse_foreign
from app.integrations.carrier_files.values import read_amount, read_reference, unwrap
from app.services.product_layout import MEANINGS, BadRow, GoodRow, ProductLayout

_NAMES = {
    "sku": ("sku", "item", "itemno", "itemnumber", "itemcode", "product", "productno", "code",
            "productcode", "articleno", "article"),
    "name": ("name", "title", "description", "productname", "itemname"),
    "price": ("price", "unitprice", "sellprice", "retailprice", "saleprice", "rrp"),
    "weight": ("weight", "unitweight"),
    "quantity": ("quantity", "qty", "onhand", "qtyonhand", "stock", "stocklevel", "available"),
    "in_stock": ("instock", "isinstock"),
}  # fmt: skip
_NUMBERS = ("price", "weight", "quantity")
_YES = frozenset({"y", "yes", "true", "1", "in stock", "instock"})
_NO = frozenset({"n", "no", "false", "0", "out of stock", "outofstock"})
_LOOKED_AT = 500  # rows that guesses are made from
_MAX_TEXT = 300  # of a row that is kept for a person
_MAX_DIGITS = 15


class ProductFile:
    """A whole file, read once from its beginning.

    `columns` is what was taken for what. Raises: UsageError when no row can be read.
    """

    def __init__(self, stream: BinaryIO, layout: ProductLayout) -> None:
        stream.seek(0)
        head = stream.read(SAMPLE)
        encoding = find_encoding(head, layout.encoding)
        refuse_foreign(head, encoding)
        stream.seek(encoding.bom)
        lines = [line.text for line in islice(iter_lines(stream, encoding.name), 50)]
        told = [line for line in lines if line.strip()]
        delimiter = layout.delimiter or guess_delimiter(told).value
        start = Position(offset=encoding.bom)

        def rows() -> Iterator[RawRow]:
            stream.seek(encoding.bom)
            return _filled(Table(stream, encoding.name, delimiter, start, is_final=True))

        sample = list(islice(rows(), _LOOKED_AT))
        self._header = _header_of(sample, layout)
        self.columns = _columns_of(layout, self._header, len(sample[0].cells) if sample else 0)
        below = sample[1:] if self._header else sample
        self._mark = layout.decimal_mark or _mark_of(below, self.columns)
        self._unit = layout.weight_unit
        self._rows = rows
        self._seen: dict[str, int] = {}

    def __iter__(self) -> Iterator[GoodRow | BadRow | None]:
        """Rows in the order of the file; None for one with an item number and nothing else.

        Raises: UsageError when the file stops being text.
        """
        for row in self._rows():
            if self._header and [cell.strip() for cell in row.cells] == self._header:
                continue
            yield self._read(row)

    def _read(self, row: RawRow) -> GoodRow | BadRow | None:
        text = row.text[:_MAX_TEXT]
        sku = ""
        if row.fault:
            return BadRow(row.line_no, text, UsageError(row.fault))
        try:
            sku = self._sku(row)
            product = self._product(row, sku)
        except UsageError as error:
            return BadRow(row.line_no, text, error, sku)
        channel = product_channel(sku)
        first = self._seen.setdefault(channel, row.line_no)
        if first != row.line_no:
            twice = UsageError("product_twice", sku=sku, line=first)
            return BadRow(row.line_no, text, twice, sku)
        return None if product == ProductUpdate(sku) else GoodRow(row.line_no, product)

    def _sku(self, row: RawRow) -> str:
        sku = read_reference(self._cell(row, "sku"))
        if not sku:
            raise UsageError("sku_empty")
        return sku

    def _product(self, row: RawRow, sku: str) -> ProductUpdate:
        """Raises: UsageError for a cell that is not what its column holds."""
        numbers = {name: self._number(row, name) for name in _NUMBERS}
        return ProductUpdate(
            sku,
            self._text(row, "name"),
            numbers["price"],
            numbers["weight"],
            numbers["quantity"],
            self._yes_or_no(row),
            self._unit if numbers["weight"] is not None else "",
        )

    def _number(self, row: RawRow, name: str) -> Decimal | None:
        cell = self._cell(row, name)
        try:
            found = read_amount(cell, self._mark)
        except UsageError as error:
            code = "product_mark" if error.code == "amount_mark" else "product_number"
            raise UsageError(code, column=MEANINGS[name], value=cell) from error
        if found is None:
            return None
        if found < 0 and name != "quantity":
            raise UsageError("product_negative", column=MEANINGS[name], value=cell)
        if len(found.as_tuple().digits) > _MAX_DIGITS:
            raise UsageError("product_number", column=MEANINGS[name], value=cell)
        return found

    def _text(self, row: RawRow, name: str) -> str | None:
        cell = self._cell(row, name)
        if "\ufffd" in cell:
            raise UsageError("cell_undecodable", value=cell)
        return cell or None

    def _yes_or_no(self, row: RawRow) -> bool | None:
        cell = self._cell(row, "in_stock")
        word = cell.casefold()
        if not word:
            return None
        if word not in _YES | _NO:
            raise UsageError("product_yes_no", column=MEANINGS["in_stock"], value=cell)
        return word in _YES

    def _cell(self, row: RawRow, meaning: str) -> str:
        at = self.columns.get(meaning)
        return unwrap(row.cells[at]) if at is not None and at < len(row.cells) else ""


def _filled(table: Table) -> Iterator[RawRow]:
    for row in table:
        if row.fault or (any(map(str.strip, row.cells)) and not is_sep_line(row.cells)):
            yield row


def _header_of(sample: Sequence[RawRow], layout: ProductLayout) -> list[str]:
    """The names above the columns; empty for a file without."""
    if not sample:
        raise UsageError("file_empty")
    first = [cell.strip() for cell in sample[0].cells]
    if layout.columns and all(str(one).isdecimal() for one in layout.columns.values()):
        found = guess_header([row.cells for row in sample]).value == "yes"
        return first if found or _knows(first) else []
    return first


def _knows(header: Sequence[str]) -> bool:
    plain = {plain_header(name) for name in header}
    return any(plain & set(names) for names in _NAMES.values())


def _columns_of(layout: ProductLayout, header: Sequence[str], width: int) -> dict[str, int]:
    """Places of the columns, from 0. Raises: UsageError where one is missing."""
    wanted: dict[str, str | int] = dict(layout.columns) or _guessed(header)
    if "sku" not in wanted:
        raise UsageError("file_unmapped", meaning=MEANINGS["sku"])
    if len(wanted) < 2:
        raise UsageError("products_nothing_mapped")
    return {
        meaning: find_column(column, header or None, width) for meaning, column in wanted.items()
    }


def _guessed(header: Sequence[str]) -> dict[str, str | int]:
    plain = [plain_header(name) for name in header]
    found: dict[str, str | int] = {}
    for meaning, names in _NAMES.items():
        fitting = [name for name in names if plain.count(name) == 1]
        if fitting:
            found[meaning] = plain.index(fitting[0]) + 1
    return found


def _mark_of(rows: Sequence[RawRow], columns: Mapping[str, int]) -> str:
    """The decimal mark of the numbers, where they agree in one; else empty."""
    places = [columns[name] for name in _NUMBERS if name in columns]
    cells = (unwrap(row.cells[at]) for row in rows for at in places if at < len(row.cells))
    found = guess_decimal_mark(cells)
    return found.value if found else ""
