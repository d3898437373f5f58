"""What is shown stays where it is while rows come and go around it."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QTableView

from app.ui.queue.windowed import WindowedModel

Anchor = int | str
"""A row by its number, a header by the key of its group."""


class Steady(QObject):
    """Before rows move it notes where each stands, afterwards it scrolls the first of them that
    is still there back to its place: the one under the pointer, else the topmost.

    At the top of the list, with the pointer elsewhere, new rows push the others down.
    """

    def __init__(self, table: QTableView, model: WindowedModel) -> None:
        super().__init__(table)
        self._table, self._model = table, model
        self._noted: list[tuple[Anchor, int]] = []
        model.moving.connect(self._note)
        model.refreshed.connect(self._put_back)

    def pointed_row(self) -> int:
        """The row under the pointer; -1: it is elsewhere."""
        viewport = self._table.viewport()
        if not viewport.underMouse():
            return -1
        return self._table.rowAt(viewport.mapFromGlobal(QCursor.pos()).y())

    def anchor(self, row: int) -> Anchor | None:
        """What stands there, in a form that finds it again."""
        group = self._model.group(row)
        if group is not None:
            return group.key
        line = self._model.loaded(row)
        return None if line is None else line.id

    def row_of(self, anchor: Anchor | None) -> int:
        """Where it stands now; -1: it is gone."""
        found: int | None = None
        if isinstance(anchor, int):
            found = self._model.row_of(anchor)
        elif anchor is not None:
            found = self._model.row_of_group(anchor)
        return -1 if found is None else found

    @Slot()
    def _note(self) -> None:
        table, pointed = self._table, self.pointed_row()
        self._noted = []
        if table.verticalScrollBar().value() == 0 and pointed < 0:
            return
        top = max(0, table.rowAt(0))
        bottom = table.rowAt(table.viewport().height() - 1)
        last = bottom if bottom >= 0 else self._model.rowCount() - 1
        for row in (*((pointed,) if pointed >= 0 else ()), *range(top, last + 1)):
            anchor = self.anchor(row)
            if anchor is not None:
                self._noted.append((anchor, table.rowViewportPosition(row)))

    @Slot()
    def _put_back(self) -> None:
        for anchor, y in self._noted:
            row = self.row_of(anchor)
            if row >= 0:
                self._table.updateGeometries()  # the new length is known to the bar only then
                bar = self._table.verticalScrollBar()
                bar.setValue(bar.value() + self._table.rowViewportPosition(row) - y)
                break
        self._noted = []
