"""The practice bar: what a running practice server is told to do."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

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


class PracticeBar(QFrame):
    """Hidden while no practice server runs in this folder."""

    running_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._state: PracticeState | None = None
        self._is_reading = self._was_read = False
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
        self._lock, self._pick_up = button("Open it at MARY’s desk"), button("Pick up")  # noqa: RUF001
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
        _fill(self._fault, [(one.title, one) for one in state.faults])
        numbers = [(f"on {one.number}", one.number) for one in state.invoices]
        _fill(self._where, [("on any invoice", ANY_INVOICE), *numbers])
        _fill(self._invoice, [(one.text, one) for one in state.invoices])
        self._show_invoice()

    @Slot()
    def _show_invoice(self) -> None:
        invoice: Invoice | None = self._invoice.currentData()
        locked = invoice is not None and bool(invoice.locked_by)
        number = invoice.number if invoice else ""
        self._lock.setText("Close it there" if locked else f"Open it at {WHO_LOCKS}’s desk")  # noqa: RUF001
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

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._note, 1)
        head.addWidget(self._clear)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 14)
        whole.setSpacing(10)
        whole.addLayout(head)
        whole.addLayout(_row("Fault", [self._fault, self._where, self._times, self._start]))
        whole.addLayout(_row("Invoice", [self._invoice, self._lock, self._pick_up]))


def _fill(box: QComboBox, items: list[tuple[str, Any]]) -> None:
    """Other entries, keeping the chosen one while it is there; untouched when all are as before."""
    there = [(box.itemText(i), box.itemData(i)) for i in range(box.count())]
    if there == items:
        return
    chosen = box.currentIndex()
    key = _key(box.currentData())
    box.blockSignals(True)
    box.clear()
    for text, data in items:
        box.addItem(text, data)
    keys = [_key(data) for _, data in items]
    box.setCurrentIndex(keys.index(key) if chosen >= 0 and key in keys else _first(items))
    box.blockSignals(False)


def _first(items: list[tuple[str, Any]]) -> int:
    """An invoice with which something can be done, else the first entry."""
    waiting = (place for place, (_, data) in enumerate(items) if getattr(data, "is_open", False))
    return next(waiting, 0)


def _key(data: Any) -> Any:
    return (
        data.number if isinstance(data, Invoice) else data.kind if isinstance(data, Fault) else data
    )


def _row(title: str, parts: list[QWidget]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    name: QLabel = label(title, "muted")
    name.setFixedWidth(56)
    row.addWidget(name)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return row
