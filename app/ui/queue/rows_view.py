"""How the list lies there: columns, which rows show and are chosen."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui.listing import set_up
from app.ui.painted_table import PaintedTable
from app.ui.queue.delegate import RowPainter
from app.ui.queue.grouped import GroupedRows
from app.ui.queue.model import ACTIONS, ATTEMPTS, NEXT_TRY, SHIPMENT, TRACKING, QueueModel
from app.ui.queue.row_actions import WIDTH

_WIDTHS = {TRACKING: 208, ATTEMPTS: 76, NEXT_TRY: 96, ACTIONS: WIDTH + 2 * 12}
_NARROW = 760
_NARROW_WIDTHS = {TRACKING: 160, NEXT_TRY: 72}


class RowsView(PaintedTable):
    """Rows and headers of two lines."""

    def __init__(self, model: QueueModel, painter: RowPainter, parent: QWidget) -> None:
        super().__init__(model, painter, parent)
        self._rows, self._painter = model, painter
        set_up(self, "Write-backs", SHIPMENT, _WIDTHS)

    def select_current(self) -> None:
        """Only the row of the keyboard."""
        self.go_to(self.currentIndex().row())

    def toggle_group(self, row: int, *, folded: bool | None = None) -> None:
        """Fold or unfold the group whose header stands there."""
        rows = self._rows.rows
        if isinstance(rows, GroupedRows) and rows.group(row) is not None:
            rows.fold(row, folded=rows.is_open(row) if folded is None else folded)

    def fold_all(self, *, folded: bool) -> None:
        """Fold or unfold every group."""
        rows = self._rows.rows
        if isinstance(rows, GroupedRows):
            rows.fold_all(folded=folded)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        self.setColumnHidden(ATTEMPTS, narrow)
        for column in _NARROW_WIDTHS:
            self.setColumnWidth(column, (_NARROW_WIDTHS if narrow else _WIDTHS)[column])
