"""Moving to another computer, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.states import JobState
from app.services.upkeep import suggested_name
from app.ui.closed import ClosedWork
from app.ui.settings.data import elsewhere
from app.ui.settings.means import Means
from app.ui.settings.parts import Panel, Setting
from app.ui.settings.retire_dialog import RetireDialog
from app.ui.widgets import button, label

_STEPS = (
    (
        "Install Backhaul on the new computer.",
        "Connect nothing there yet: everything comes with the backup.",
    ),
    (
        "Make the last backup here, and retire this computer.",
        "One act, so that nothing can be sent in between. From then on this computer sends "
        "nothing, and two never send the same row.",
    ),
    (
        "Take the backup to the new computer.",
        "On a stick or over the network. It holds numbers of orders: keep it to yourself.",
    ),
    (
        "There, open SETTINGS and press “Restore a backup…”.",
        "Rows that are open are looked up before anything is sent.",
    ),
    (
        "There, open CONNECTIONS and enter the tokens again.",
        "They never leave the password store of a computer, so they are not in the backup.",
    ),
)
_RETIRE_STEP = 1
_LEFT, _TOP = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignTop
_CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class Found:
    """`retired_at`: ms since 1970; None: in use."""

    retired_at: int | None
    rows: Mapping[JobState, int]


class MovingPanel(Panel):
    """The steps, with the one that is done here as a button."""

    def __init__(self, means: Means) -> None:
        super().__init__("Move to a new computer", "In this order:")
        self._means = means
        self._retire = button("Back up and retire this computer…")
        self._retire.clicked.connect(self._ask)
        self.retiring = Setting(label(""), "")
        for number, (text, about) in enumerate(_STEPS):
            step = Setting(label(text, wrap=False), about)
            if number == _RETIRE_STEP:
                self.retiring = step
                step.below.addWidget(self._retire)
                step.below.setAlignment(self._retire, _LEFT)
            self.column.addLayout(_numbered(number + 1, step))

    def read(self) -> None:
        """Whether it is retired already."""
        self._means.bridge.run_in_background(self._look, self._show, self._not_read)

    def _look(self) -> Found:
        program = self._means.program
        return Found(program.retirement.since(), program.overview.unfinished())

    @Slot(object)
    def _show(self, found: Found) -> None:
        is_retired = found.retired_at is not None
        self._retire.setEnabled(not is_retired)
        self._retire.setText(
            "This computer is retired" if is_retired else "Back up and retire this computer…"
        )

    @Slot(object)
    def _not_read(self, error: Exception) -> None:
        self.retiring.failed(self._means.words(error))

    @Slot()
    def _ask(self) -> None:
        if self._means.is_visitor():
            self.retiring.failed(elsewhere(self._means))
            return
        self._retire.setEnabled(False)
        self.retiring.busy("Counting the open rows…")
        self._means.bridge.run_in_background(self._look, self._open, self._not_counted)

    @Slot(object)
    def _not_counted(self, error: Exception) -> None:
        self._retire.setEnabled(True)
        self._not_read(error)

    @Slot(object)
    def _open(self, found: Found) -> None:
        self.retiring.clear()
        self._show(found)
        if found.retired_at is not None:
            return
        program = self._means.program
        suggested = Path.home() / suggested_name(program.folder, program.clock)
        dialog = RetireDialog(suggested, found.rows, self.window())
        dialog.accepted.connect(lambda: self._means.ask_closed(self._work(dialog.target)))
        dialog.show()

    def _work(self, target: Path) -> ClosedWork:
        program = self._means.program

        def work() -> str:
            try:
                made = program.retirement.retire(target)
            finally:
                program.end_thread()
            return f"The last backup is {made}. Restore it at the new computer."

        return ClosedWork(
            busy="Making the last backup",
            done="This computer is retired. Nothing is sent from here any more",
            failed="This computer was not retired",
            work=work,
        )


def _numbered(number: int, step: QWidget) -> QHBoxLayout:
    mark = label(str(number), "step")
    mark.setAlignment(_CENTRE)
    mark.setFixedSize(24, 24)
    mark.setAccessibleName(f"Step {number}")
    beside = QVBoxLayout()
    beside.setContentsMargins(0, 3, 0, 0)
    beside.addWidget(step)
    made = QHBoxLayout()
    made.setSpacing(12)
    made.addWidget(mark, 0, _TOP)
    made.addLayout(beside, 1)
    return made
