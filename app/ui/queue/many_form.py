"""Several parcels pasted at once: what each line would do is shown before anything is added."""

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.core.clock import clock_time
from app.core.errors import BackhaulError
from app.core.types import ConnectionInfo, Shipment
from app.services.program import Program
from app.ui import theme
from app.ui.bridge import Bridge
from app.ui.controls import Dropdown
from app.ui.queue.dialogs import Form
from app.ui.queue.pasted import MOST_LINES, Pasted, read_pasted
from app.ui.queue.shipment_form import fill_connections
from app.ui.widgets import label, when_dressed

_PAUSE_MS = 200
_WIDTH = 760
_COLUMN = 120  # at least
_FATE = 2  # the column of what happens
_TOKEN = Qt.ItemDataRole.UserRole
_HEADS = ("Order", "Tracking number", "What happens")
Known = Sequence[int | None]


class ManyForm(Form):
    """`add` gets the connection's name and the shipments that are new, in their order."""

    def __init__(
        self,
        parent: QWidget,
        program: Program,
        bridge: Bridge,
        connections: Sequence[ConnectionInfo],
        add: Callable[[str, list[Shipment]], object],
    ) -> None:
        super().__init__(parent, "Add several parcels", "Add")
        self.setMinimumWidth(_WIDTH)
        self._program, self._bridge, self._add = program, bridge, add
        self._ids = {one.name: one.id for one in connections}
        self._lines: list[Pasted] = []
        self._new: list[Shipment] = []
        self._asked = 0
        self.connection = Dropdown("Connection")
        fill_connections(self.connection, connections)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("Order and tracking number, one parcel a line")
        self.text.setPlaceholderText("Paste two columns: order and tracking number")
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(110)
        self.table = self._make_table()
        self.form.addRow("Connection", self.connection)
        self.form.addRow(self.text)
        self.form.addRow(self.table)
        self.form.addRow(label("Nothing is added before you press the button.", "small"))
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.text.textChanged.connect(self._changed)
        self.connection.activated.connect(self._changed)
        self.submitted.connect(self._submit)
        self._show_rows([])
        self.text.setFocus()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, len(_HEADS))
        table.setAccessibleName("What each line would do")
        table.setHorizontalHeaderLabels(list(_HEADS))
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.verticalHeader().setDefaultSectionSize(theme.ROW_ACTION)
        table.setFixedHeight(7 * theme.BUTTON)
        head = table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setMinimumSectionSize(_COLUMN)
        head.setStretchLastSection(True)
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return table

    @Slot()
    def _changed(self) -> None:
        self._confirm.setEnabled(False)  # the count in it is of another text
        self._pause.start()

    @Slot()
    def _look(self) -> None:
        self.refuse("")
        self._confirm.setEnabled(False)  # until it is known what they would do
        self._lines = lines = read_pasted(self.text.toPlainText())
        owner = self._ids.get(str(self.connection.currentData()), 0)
        good = [_shipment(one) for one in lines if one.problem is None]
        self._asked = asked = self._asked + 1
        write_back = self._program.write_back

        def found(known: Known) -> None:
            if asked == self._asked:
                self._show_rows(known)

        self._bridge.run_in_background(lambda: write_back.known(owner, good), found, self._not_read)

    def _not_read(self, error: Exception) -> None:
        if not isinstance(error, BackhaulError):
            raise error
        said = self._program.wordsmith.say(error.code, error.params)
        self.refuse(f"{said.summary}. {said.hint}")
        self._confirm.setEnabled(False)

    def _show_rows(self, known: Known) -> None:
        """What each line would do, and how many are new in the button."""
        since = iter(known)
        seen: set[tuple[str, str]] = set()
        self._new = []
        self.table.setRowCount(len(self._lines))
        for place, line in enumerate(self._lines):
            words, token = self._fate(line, since, seen)
            cells = (line.order or line.text, line.number, words)
            for column, text in enumerate(cells):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                if column == _FATE:
                    cell.setData(_TOKEN, token)
                elif column:
                    cell.setFont(theme.fixed_font(theme.TEXT_PX))
                self.table.setItem(place, column, cell)
        self._dress()
        self._name_button()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._dress)

    def _dress(self) -> None:
        """What happens, in the colours of the theme."""
        for row in range(self.table.rowCount()):
            cell = self.table.item(row, _FATE)
            if cell is not None:
                cell.setForeground(theme.colour(cell.data(_TOKEN)))

    def _fate(
        self, line: Pasted, since: Iterator[int | None], seen: set[tuple[str, str]]
    ) -> tuple[str, str]:
        """In words, and their colour."""
        if line.problem is not None:
            said = self._program.wordsmith.say(line.problem.code, line.problem.params)
            return f"Left out: {said.summary}", "danger"
        at = next(since)
        if at is not None:
            return f"Known already, entered {clock_time(at)}: nothing is added", "muted"
        key = (line.order.upper(), line.number)
        if key in seen:
            return "Stands above already: nothing is added", "muted"
        seen.add(key)
        self._new.append(_shipment(line))
        if line.doubt:
            return f"New; {line.doubt}", "warning"
        return f"New, {line.carrier}" if line.carrier else "New", "text"

    def _name_button(self) -> None:
        count, rest = len(self._new), len(self._lines) - len(self._new)
        parcels = "1 parcel" if count == 1 else f"{count:,} parcels"
        more = f", leave {rest:,} out" if rest and count else ""
        self._confirm.setText(f"Add {parcels}{more}" if count else "Add")
        self._confirm.setEnabled(bool(count))
        if len(self._lines) == MOST_LINES:
            self.refuse(f"Only the first {MOST_LINES:,} lines are read. A file goes to INTAKE.")
            self._confirm.setEnabled(bool(count))

    @Slot()
    def _submit(self) -> None:
        if self._new and not self._pause.isActive():
            self.wait()
            self._add(str(self.connection.currentData()), self._new)

    def added(self) -> None:
        """They are in; lines with a problem stay for whoever mends them."""
        left = [line.text for line in self._lines if line.problem is not None]
        if not left:
            self.accept()
            return
        self.text.setPlainText("\n".join(left))
        self.text.setFocus()


def _shipment(line: Pasted) -> Shipment:
    return Shipment(line.order, line.number, carrier=line.carrier)
