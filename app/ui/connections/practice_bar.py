"""The practice bar: what a running practice server is told to do."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.connections.choices import fill
from app.ui.connections.desk import Desk
from app.ui.connections.fault_row import FaultRow, row
from app.ui.connections.practice_words import (
    Invoice,
    PracticeState,
    Quick,
    look,
    quick_call,
)
from app.ui.connections.quick_faults import QuickFaults
from app.ui.connections.said import trouble
from app.ui.controls import Dropdown
from app.ui.widgets import button, label

WHO_LOCKS = "MARY"

_AGAIN_MS = 1500
_MARGIN, _NARROW = 16, 140
_NORMAL = "Ends every fault, closes every invoice at other desks, and undoes pick-ups"


class PracticeBar(QFrame):
    """Hidden while no practice server runs in this folder."""

    running_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._state: PracticeState | None = None
        self._is_reading = self._is_acting = self._was_read = self._was_asked = False
        self.setProperty("role", "practice_panel")
        self.setAccessibleName("Practice server")
        self._title = label("Practice server", "name")
        self._note = label("", "muted", wrap=True)
        self._invoice = Dropdown("Practice invoice")
        self._invoice.setMinimumWidth(_NARROW)  # else its longest entry widens the page
        self._details = FaultRow()
        self._details.hide()
        self._normal = button("Back to normal")
        self._normal.setToolTip(_NORMAL)
        self._normal.setAccessibleDescription(_NORMAL)
        self._more = button("More faults…", "link")
        self._quick = QuickFaults()
        self._lock, self._pick_up = button(""), button("")
        self._details.start_asked.connect(self._start_fault)
        self._normal.clicked.connect(self._back_to_normal)
        self._more.clicked.connect(self._toggle_more)
        self._quick.start_asked.connect(self._start_quick)
        self._quick.end_asked.connect(self._clear_faults)
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
        if self._is_reading or self._is_acting:
            return
        self._is_reading = True
        program = self._desk.program
        self._desk.bridge.run_in_background(lambda: look(program), self._read, self._not_read)

    @Slot(object)
    def _read(self, state: PracticeState | None) -> None:
        self._is_reading = False
        if not self._is_acting:  # else it is older than what a person just pressed
            self._show(state)

    def _show(self, state: PracticeState | None) -> None:
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
        self._read(None)

    def _show_state(self, state: PracticeState) -> None:
        self._title.setText(f"Practice server for {state.title}")
        going = "; ".join(state.in_force)
        self._say(f"In force: {going}" if going else "Everything works.")
        self._quick.setEnabled(True)
        self._quick.offer([one.kind for one in state.faults])
        self._quick.show_in_force(state.kinds_in_force)
        self._normal.setEnabled(not state.is_normal)
        self._details.setEnabled(True)
        self._details.show_state(state)
        fill(self._invoice, [(one.text, one) for one in state.invoices])
        self._invoices.setVisible(bool(state.invoices))
        self._show_invoice()

    @Slot()
    def _show_invoice(self) -> None:
        invoice: Invoice | None = self._invoice.currentData()
        number = invoice.number if invoice else ""
        by = invoice.locked_by if invoice else ""
        was_picked_up = invoice is not None and invoice.is_picked_up
        self._lock.setText(f"Release {by}'s lock" if by else f"Let {WHO_LOCKS} open it")
        self._lock.setAccessibleName(f"{self._lock.text()}: invoice {number}")
        self._pick_up.setText("Undo the pick-up" if was_picked_up else "Pick up")
        self._pick_up.setAccessibleName(f"{self._pick_up.text()}: invoice {number}")
        can_change = invoice is not None and invoice.is_open
        self._lock.setEnabled(can_change)
        self._pick_up.setEnabled(can_change or was_picked_up)

    @Slot()
    def _toggle_more(self) -> None:
        self._details.setVisible(self._details.isHidden())
        self._more.setText("More faults…" if self._details.isHidden() else "Fewer faults")

    @Slot(object)
    def _start_quick(self, quick: Quick) -> None:
        practice = self._desk.program.practice

        def start(system: str) -> None:
            practice.clear(system)
            practice.fault(system, quick.kind, **quick_call(quick))

        self._act("Starting the fault…", start)

    @Slot(str, object)
    def _start_fault(self, kind: str, options: dict[str, Any]) -> None:
        practice = self._desk.program.practice
        self._act("Starting the fault…", lambda system: practice.fault(system, kind, **options))

    @Slot()
    def _clear_faults(self) -> None:
        self._act("Ending the fault…", self._desk.program.practice.clear)

    @Slot()
    def _back_to_normal(self) -> None:
        self._act("Back to normal…", self._desk.program.practice.back_to_normal)

    @Slot()
    def _lock_or_unlock(self) -> None:
        invoice: Invoice | None = self._invoice.currentData()
        if invoice is not None and invoice.locked_by:
            self._tell("Releasing the lock…", "unlock", invoice=invoice.number)
        elif invoice is not None:
            self._tell("Opening the invoice…", "lock", invoice=invoice.number, by=WHO_LOCKS)

    @Slot()
    def _pick_up_invoice(self) -> None:
        invoice: Invoice | None = self._invoice.currentData()
        if invoice is not None and invoice.is_picked_up:
            self._tell("Undoing the pick-up…", "reopen", invoice=invoice.number)
        elif invoice is not None:
            self._tell("Picking up…", "pick_up", invoice=invoice.number)

    def _tell(self, busy: str, act: str, **options: Any) -> None:
        self._act(busy, lambda system: self._desk.program.practice.act(system, act, **options))

    def _act(self, busy: str, command: Callable[[str], None]) -> None:
        if self._state is None or self._is_acting:
            return
        self._is_acting = True
        system = self._state.system
        self._say(busy)
        for made in (self._details, self._normal, self._quick, self._lock, self._pick_up):
            made.setEnabled(False)
        program = self._desk.program

        def work() -> PracticeState | None:
            command(system)
            return look(program)

        self._desk.bridge.run_in_background(work, self._acted, self._failed)

    @Slot(object)
    def _acted(self, state: PracticeState | None) -> None:
        self._is_acting = False
        self._show(state)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._is_acting = False
        if self._state is not None:
            self._show_state(self._state)
        self._say(trouble(self._desk.program.wordsmith, error).text)

    def _say(self, text: str) -> None:
        self._note.setText(text)
        self._note.setAccessibleName(f"Practice server: {text}")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._more)
        head.addWidget(self._normal)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(_MARGIN, 12, _MARGIN, 14)
        whole.setSpacing(10)
        whole.addLayout(head)
        whole.addWidget(self._note)
        whole.addLayout(row("Rehearse", [self._quick]))
        self._invoices = QWidget()
        self._invoices.setLayout(row("Invoice", [self._invoice, self._lock, self._pick_up]))
        whole.addWidget(self._invoices)
        whole.addWidget(self._details)
