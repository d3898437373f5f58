"""The practice bar: what a running practice server is told to do."""

from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.ui.connections.choices import fill
from app.ui.connections.desk import Desk
from app.ui.connections.fault_row import FaultRow, row
from app.ui.connections.practice_deeds import DeedButtons
from app.ui.connections.practice_shops import Deed, Record
from app.ui.connections.practice_words import PracticeState, Quick, Running, look, quick_call
from app.ui.connections.quick_faults import QuickFaults
from app.ui.connections.said import trouble
from app.ui.controls import Dropdown
from app.ui.widgets import button, label

_AGAIN_MS = 1500
_MARGIN, _NARROW = 16, 140
_OF_RECORD, _OF_SHOP = 3, 2  # buttons at most
_NORMAL = "Ends every fault, and undoes what people there did: locks, holds, pick-ups, lost rights"


class PracticeBar(QFrame):
    """Hidden while no practice server runs in this folder."""

    running_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._running = Running(())
        self._chosen = ""  # the system a person chose
        self._is_reading = self._is_acting = self._was_read = self._was_asked = False
        self._waiting: deque[tuple[str, Callable[[str], None]]] = deque()
        self.setProperty("role", "practice_panel")
        self.setAccessibleName("Practice server")
        self._title = label("Practice server", "name")
        self._system = Dropdown("Practice system")
        self._note = label("", "muted", wrap=True)
        self._record_title = label("", "muted")
        self._record = Dropdown("Practice record")
        self._record.setMinimumWidth(_NARROW)  # else its longest entry widens the page
        self._deeds, self._shop_deeds = DeedButtons(_OF_RECORD), DeedButtons(_OF_SHOP)
        self._details = FaultRow()
        self._details.hide()
        self._normal = button("Back to normal")
        self._normal.setToolTip(_NORMAL)
        self._normal.setAccessibleDescription(_NORMAL)
        self._more = button("More faults…", "link")
        self._quick = QuickFaults()
        self._connect()
        self._lay_out()
        self.hide()

    def _connect(self) -> None:
        self._system.activated.connect(self._choose_system)
        self._details.start_asked.connect(self._start_fault)
        self._normal.clicked.connect(self._back_to_normal)
        self._more.clicked.connect(self._toggle_more)
        self._quick.start_asked.connect(self._start_quick)
        self._quick.end_asked.connect(self._clear_faults)
        self._deeds.asked.connect(self._do)
        self._shop_deeds.asked.connect(self._do)
        self._record.currentIndexChanged.connect(self._show_record)

    @property
    def is_running(self) -> bool | None:
        """True when a practice server answered last time; None before it was asked."""
        return bool(self._running.states) if self._was_read else None

    @property
    def note(self) -> str:
        """What is in force, or what went wrong."""
        return self._note.text()

    @property
    def _state(self) -> PracticeState | None:
        """Of the chosen system, else of that whose connection came last, else the first."""
        by_system = {one.system: one for one in self._running.states}
        for system in (self._chosen, self._running.wanted):
            if system in by_system:
                return by_system[system]
        return next(iter(by_system.values()), None)

    @Slot()
    def refresh(self) -> None:
        """Ask the servers how they are."""
        if self._is_reading or self._is_acting:
            return
        self._is_reading = True
        program = self._desk.program
        self._desk.bridge.run_in_background(lambda: look(program), self._read, self._not_read)

    @Slot(object)
    def _read(self, running: Running) -> None:
        self._is_reading = False
        if not self._is_acting:  # else it is older than what a person just pressed
            self._show(running)

    def _show(self, running: Running) -> None:
        if not running.states and not self._was_asked:
            self._was_asked = True  # it may be about to start
            QTimer.singleShot(_AGAIN_MS, self, self.refresh)
            return
        was, self._was_read = self.is_running, True
        self._running = running
        self.setVisible(bool(running.states))
        self._show_state()
        if was != self.is_running:
            self.running_changed.emit()

    @Slot(object)
    def _not_read(self, _: Exception) -> None:
        self._read(Running(()))

    @Slot()
    def _choose_system(self) -> None:
        self._chosen = str(self._system.currentData())
        self._show_state()

    def _show_state(self) -> None:
        state = self._state
        if state is None:
            return
        self._show_system(state)
        going = "; ".join(state.in_force)
        self._say(f"In force: {going}" if going else "Everything works.")
        self._quick.offer([one.kind for one in state.faults])
        self._quick.show_in_force(state.kinds_in_force)
        self._normal.setEnabled(not state.is_normal)
        self._details.show_state(state)
        self._record_title.setText(state.shop.noun.capitalize())
        self._record.setAccessibleName(f"Practice {state.shop.noun}")
        self._record.setAccessibleDescription(f"Practice {state.shop.noun}")
        fill(self._record, [(one.text, one) for one in state.records])
        for made in (self._record_title, self._record):
            made.setVisible(bool(state.records))
        self._shop_deeds.show_deeds(state.deeds)
        self._show_record()

    def _show_system(self, state: PracticeState) -> None:
        several = len(self._running.states) > 1
        self._title.setText(
            "Practice server for" if several else f"Practice server for {state.title}"
        )
        self._system.setVisible(several)
        with QSignalBlocker(self._system):
            fill(self._system, [(one.title, one.system) for one in self._running.states])
            self._system.setCurrentIndex(self._system.findData(state.system))

    @Slot()
    def _show_record(self) -> None:
        record: Record | None = self._record.currentData()
        state = self._state
        noun = state.shop.noun if state else ""
        self._deeds.show_deeds(
            record.deeds if record else (), f"{noun} {record.number}" if record else ""
        )

    @Slot()
    def _toggle_more(self) -> None:
        self._details.setVisible(self._details.isHidden())
        self._more.setText("More faults…" if self._details.isHidden() else "Fewer faults")

    @Slot(object)
    def _start_quick(self, quick: Quick) -> None:
        practice, state = self._desk.program.practice, self._state
        if state is None:
            return
        call = quick_call(quick, state.shop)

        def start(system: str) -> None:
            practice.clear(system)
            practice.fault(system, quick.kind, **call)

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

    @Slot(object)
    def _do(self, deed: Deed) -> None:
        practice = self._desk.program.practice
        self._act(deed.busy, lambda system: practice.act(system, deed.act, **deed.options))

    def _act(self, busy: str, command: Callable[[str], None]) -> None:
        """In turn: what is pressed meanwhile waits. (Nothing is disabled for it: the keyboard
        would lose its place.)"""
        state = self._state
        if state is None:
            return
        if self._is_acting:
            self._waiting.append((busy, command))
            return
        self._is_acting = True
        system = state.system
        self._say(busy)
        program = self._desk.program

        def work() -> Running:
            command(system)
            return look(program)

        self._desk.bridge.run_in_background(work, self._acted, self._failed)

    @Slot(object)
    def _acted(self, running: Running) -> None:
        self._is_acting = False
        self._show(running)
        self._go_on()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._is_acting = False
        self._show_state()
        self._say(trouble(self._desk.program.wordsmith, error).text)
        self._go_on()

    def _go_on(self) -> None:
        if self._waiting:
            self._act(*self._waiting.popleft())

    def _say(self, text: str) -> None:
        self._note.setText(text)
        self._note.setAccessibleName(f"Practice server: {text}")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title)
        head.addWidget(self._system)
        head.addStretch(1)
        head.addWidget(self._more)
        head.addWidget(self._normal)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(_MARGIN, 12, _MARGIN, 14)
        whole.setSpacing(8)
        whole.addLayout(head)
        whole.addWidget(self._note)
        whole.addLayout(row("Rehearse", [self._quick]))
        whole.addLayout(row(self._record_title, [self._record, self._deeds]))
        whole.addLayout(row("Server", [self._shop_deeds]))
        whole.addWidget(self._details)
