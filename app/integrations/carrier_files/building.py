"""Cells of one row become shipment records, or the reason why they do not."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, tzinfo
from decimal import Decimal

from app.core.carriers import find_carrier
from app.core.errors import Param, UsageError
from app.core.intake import MAX_ROW_TEXT, RejectedRow, ShipmentRecord, row_fingerprint
from app.core.tracking import normalise_tracking, order_channel
from app.core.tracking_families import Check
from app.core.tracking_policy import carrier_of, judge
from app.integrations.carrier_files.layout import Column, Layout, find_column
from app.integrations.carrier_files.table import RawRow
from app.integrations.carrier_files.values import (
    Moment,
    read_amount,
    read_count,
    read_moment,
    read_reference,
    read_tracking,
    read_void,
    unwrap,
)

_ABSENT = -1
_UNDATED = Moment(date.min)

Cell = Callable[[int], str]


class Builder:
    """Makes records of the rows of one file, in their order.

    `run_ref` and `run` tell the group of rows with one reference that the last row belongs to.
    Raises: UsageError when a column of the layout is not in the file, or the tracking or
    reference column is not given.
    """

    def __init__(
        self,
        layout: Layout,
        header: Sequence[str] | None,
        width: int,
        source: str,
        zone: tzinfo | None,
    ) -> None:
        columns = layout.columns
        if columns.tracking is None:
            raise UsageError("file_unmapped", meaning="tracking number")
        if not columns.references:
            raise UsageError("file_unmapped", meaning="order number")

        def place(column: Column | None) -> int:
            return _ABSENT if column is None else find_column(column, header, width)

        self.run_ref, self.run = "", ""
        self._layout, self._source, self._zone, self._width = layout, source, zone, width
        self._tracking = place(columns.tracking)
        self._references = [place(column) for column in columns.references]
        needed = self._references[0]
        self._needed = needed if layout.allows_no_tracking else max(needed, self._tracking)
        self._service = place(columns.service)
        self._carrier = place(columns.carrier)
        self._ship_date = place(columns.ship_date)
        self._void = place(columns.void)
        self._cost = place(columns.cost)
        self._currency = place(columns.currency)
        self._weight = place(columns.weight)
        self._packages = place(columns.packages)
        self._package_index = place(columns.package_index)
        self._master = place(columns.master_tracking)
        self._shipment_id = place(columns.shipment_id)

    def build(self, row: RawRow) -> list[ShipmentRecord] | RejectedRow:
        """The parcel of a row: once per order its cell names, or why there is none."""
        if row.fault:
            return rejected(row, row.fault)
        if row.is_cut and self._may_be_half(row.cells):
            return rejected(row, "row_cut")
        try:
            return self._records(row.cells)
        except UsageError as error:
            return rejected(row, error.code, **error.params)

    def _may_be_half(self, cells: Sequence[str]) -> bool:
        """The last row has no line break: was all of it written?"""
        last = len(cells) - 1
        if len(cells) < self._width or last in self._references:
            return True
        if last not in (self._tracking, self._master):
            return False
        return judge(normalise_tracking(unwrap(cells[last]))).check is not Check.OK

    def _records(self, cells: Sequence[str]) -> list[ShipmentRecord]:
        layout = self._layout

        def cell(at: int) -> str:
            return unwrap(cells[at]) if 0 <= at < count else ""

        count = len(cells)
        if count <= self._needed:
            raise UsageError("row_short", count=count, width=self._width)
        tracking = read_tracking(cell(self._tracking), may_be_empty=layout.allows_no_tracking)
        (order, *more), further = self._read_references(cell)
        carrier_raw = cell(self._carrier) or layout.carrier
        moment = self._moment(cell(self._ship_date))
        day = None if moment is _UNDATED else moment.day
        is_void = read_void(cell(self._void), layout.void_value)
        key = row_fingerprint(self._source, tracking, order, is_void, day)
        first = ShipmentRecord(
            source=self._source,
            source_key=key,
            references=(order, *further),
            tracking=tracking,
            tracking_raw=cells[self._tracking] if self._tracking < len(cells) else "",
            carrier=find_carrier(carrier_raw) or carrier_of(tracking),
            carrier_raw=carrier_raw,
            service=cell(self._service),
            ship_date=day,
            shipped_at=int(moment.at.timestamp() * 1000) if moment.at else None,
            packages=read_count(cell(self._packages)),
            package_index=read_count(cell(self._package_index)),
            weight=self._weight_of(cell(self._weight)),
            cost=read_amount(cell(self._cost), layout.decimal_mark),
            currency=cell(self._currency).upper() or layout.currency,
            is_void=is_void,
            master_tracking=read_tracking(cell(self._master), may_be_empty=True),
            shipment_id=cell(self._shipment_id),
            run=self._run_of(order, key),
        )
        return [first, *(self._for_order(first, other) for other in more)]

    def _run_of(self, order: str, key: str) -> str:
        """Rows that follow one another with the same reference are named by the first of them."""
        reference = order_channel(order)
        if reference != self.run_ref:
            self.run_ref, self.run = reference, key[:16]
        return self.run

    def _for_order(self, record: ShipmentRecord, order: str) -> ShipmentRecord:
        key = row_fingerprint(
            self._source, record.tracking, order, record.is_void, record.ship_date
        )
        return replace(record, source_key=key, references=(order, *record.references[1:]))

    def _read_references(self, cell: Cell) -> tuple[list[str], list[str]]:
        first, *others = (read_reference(cell(at)) for at in self._references)
        separator = self._layout.separator
        orders = [part.strip() for part in first.split(separator)] if separator else [first]
        orders = list(dict.fromkeys(order for order in orders if order))
        if not orders:
            raise UsageError("order_empty")
        return orders, [reference for reference in others if reference]

    def _moment(self, cell: str) -> Moment:
        if not cell:
            return _UNDATED
        layout = self._layout
        return read_moment(cell, layout.date_order, layout.date_format, self._zone)

    def _weight_of(self, cell: str) -> Decimal | None:
        try:  # nothing is written from it: a weight that can be read in two ways stays unknown
            return read_amount(cell, self._layout.decimal_mark)
        except UsageError:
            return None


def rejected(row: RawRow, code: str, **params: Param) -> RejectedRow:
    """A row that made no record, with as much of its text as is kept."""
    return RejectedRow(row.line_no, row.text[:MAX_ROW_TEXT], code, params, row.offset)
