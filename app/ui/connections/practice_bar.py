"""The practice bar: what a running practice server is told to do."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.connections.choices import fill
from app.ui.connections.desk import Desk
from app.ui.connections.practice_words import (
    ANY_INVOICE,
    TIMES,
    Fault,
    Invoice,
    PracticeState,
    fault_call,
    look,
)
from app.ui.connections.said import trouble
from app.ui.controls import Dropdown
from app.ui.widgets import button, label

WHO_LOCKS = "MARY"


_AGAIN_MS = 1500
_MARGIN, _GAP, _TITLE_WIDTH, _REST_PLACE = 16, 8, 56, 2


class PracticeBar(QFrame):
    """Hidden while no practice server runs in this folder."""

    running_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._state: PracticeState | None = None
        self._is_reading = self._was_read = self._was_asked = False
        self.setProperty("role", "practice_panel")
        self.setAccessibleName("Practice server")
        self._title = label("Practice server", "name")
        self._note = label("", "muted", wrap=True)
        self._fault, self._times = Dropdown("What goes wrong"), Dropdown("How often")
        self._where, self._invoice = Dropdown("On which invoice"), Dropdown("Practice invoice")
        for text, times in TIMES:
            self._times.addItem(text, times)
        self._start = button("Start fault", name="Start this fault at the practice server")
        self._clear = button("Let everything work again")
        self._lock, self._pick_up = button("Open it at another desk"), button("Pick up")
        self._start.clicked.connect(self._start_fault)
        self._clear.clicked.connect(self._clear_faults)
        self._lock.clicked.connect(self._lock_or_unlock)
        self._pick_up.clicked.connect(self._pick_up_invoice)
        self._invoice.currentIndexChanged.connect(self._show_invoice)
        self._lay_out()
        self.hide()

    @property
    def is_running(self) -> bool | None:
        """True when a practice server answered last time; None before it was asked."""
        return self._state is not None if self._was_read else None

    @property
    def note(self) -> str:
        """What is in force, or what went wrong."""
        return self._note.text()

    @Slot()
    def refresh(self) -> None:
        """Ask the server how it is."""
        if self._is_reading:
            return
        self._is_reading = True
        program = self._desk.program
        self._desk.bridge.run_in_background(lambda: look(program), self._show, self._not_read)

    @Slot(object)
    def _show(self, state: PracticeState | None) -> None:
        self._is_reading = False
        if state is None and not self._was_asked:
            self._was_asked = True  # it may be about to start
            QTimer.singleShot(_AGAIN_MS, self, self.refresh)
            return
        was, self._was_read = self.is_running, True
        self._state = state
        self.setVisible(state is not None)
        if state is not None:
            self._show_state(state)
        if was != self.is_running:
            self.running_changed.emit()

    @Slot(object)
    def _not_read(self, _: Exception) -> None:
        self._show(None)

    def _show_state(self, state: PracticeState) -> None:
        self._title.setText(f"Practice server for {state.title}")
        going = "; ".join(state.in_force)
        self._say(f"In force: {going}" if going else "Everything works.")
        self._clear.setEnabled(bool(going))
        self._start.setEnabled(True)
        fill(self._fault, [(one.title, one) for one in state.faults])
        numbers = [(f"on {one.number}", one.number) for one in state.invoices]
        fill(self._where, [("on any invoice", ANY_INVOICE), *numbers])
        fill(self._invoice, [(one.text, one) for one in state.invoices])
        self._show_invoice()
        self._arrange()

    @Slot()
    def _show_invoice(self) -> None:
        invoice: Invoice | None = self._invoice.currentData()
        locked = invoice is not None and bool(invoice.locked_by)
        number = invoice.number if invoice else ""
        self._lock.setText("Close it there" if locked else "Open it at another desk")
        self._lock.setAccessibleName(f"{self._lock.text()}: invoice {number}")
        self._pick_up.setAccessibleName(f"Pick up invoice {number}")
        can_lock = invoice is not None and invoice.is_open
        self._lock.setEnabled(can_lock)
        self._pick_up.setEnabled(can_lock)

    @Slot()
    def _start_fault(self) -> None:
        fault: Fault | None = self._fault.currentData()
        if fault is None:
            return
        options = fault_call(fault, self._times.currentData(), self._where.currentData())
        self._act(
            "Starting the fault…",
            lambda system: self._desk.program.practice.fault(system, fault.kind, **options),
        )

    @Slot()
    def _clear_faults(self) -> None:
        self._act("Clearing…", self._desk.program.practice.clear)

    @Slot()
    def _lock_or_unlock(self) -> None:
        invoice: Invoice | None = self._invoice.currentData()
        if invoice is not None and invoice.locked_by:
            self._tell("Closing the invoice…", "unlock", invoice=invoice.number)
        elif invoice is not None:
            self._tell("Opening the invoice…", "lock", invoice=invoice.number, by=WHO_LOCKS)

    @Slot()
    def _pick_up_invoice(self) -> None:
        invoice: Invoice | None = self._invoice.currentData()
        if invoice is not None:
            self._tell("Picking up…", "pick_up", invoice=invoice.number)

    def _tell(self, busy: str, act: str, **options: Any) -> None:
        self._act(busy, lambda system: self._desk.program.practice.act(system, act, **options))

    def _act(self, busy: str, command: Callable[[str], None]) -> None:
        if self._state is None:
            return
        system = self._state.system
        self._say(busy)
        for made in (self._start, self._clear, self._lock, self._pick_up):
            made.setEnabled(False)
        program = self._desk.program

        def work() -> PracticeState | None:
            command(system)
            return look(program)

        self._desk.bridge.run_in_background(work, self._show, self._failed)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        if self._state is not None:
            self._show_state(self._state)
        self._say(trouble(self._desk.program.wordsmith, error).text)

    def _say(self, text: str) -> None:
        self._note.setText(text)
        self._note.setAccessibleName(f"Practice server: {text}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Where it is narrow, the rest of the fault's choices stands in a line of its own."""
        parts = self._fault.sizeHint().width() + self._rest.sizeHint().width()
        is_wide = self.width() >= parts + _TITLE_WIDTH + 2 * (_GAP + _MARGIN)
        is_in_first = self._first_row.indexOf(self._rest) >= 0
        if is_wide and not is_in_first:
            self._second_row.removeWidget(self._rest)
            self._first_row.insertWidget(_REST_PLACE, self._rest)
        elif not is_wide and is_in_first:
            self._first_row.removeWidget(self._rest)
            self._second_row.insertWidget(1, self._rest)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._note, 1)
        head.addWidget(self._clear)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(_MARGIN, 12, _MARGIN, 14)
        whole.setSpacing(10)
        whole.addLayout(head)
        self._first_row = _row("Fault", [self._fault])
        self._second_row = QHBoxLayout()
        self._second_row.addSpacing(_TITLE_WIDTH + _GAP)
        self._rest = QWidget()
        rest = QHBoxLayout(self._rest)
        rest.setContentsMargins(0, 0, 0, 0)
        rest.setSpacing(_GAP)
        for part in (self._where, self._times, self._start):
            rest.addWidget(part)
        self._first_row.insertWidget(_REST_PLACE, self._rest)
        self._second_row.addStretch(1)
        whole.addLayout(self._first_row)
        whole.addLayout(self._second_row)
        whole.addLayout(_row("Invoice", [self._invoice, self._lock, self._pick_up]))


def _row(title: str, parts: list[QWidget]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(_GAP)
    name: QLabel = label(title, "muted")
    name.setFixedWidth(_TITLE_WIDTH)
    name.setBuddy(parts[0])
    row.addWidget(name)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return row
