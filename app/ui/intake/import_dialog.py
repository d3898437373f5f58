"""A file that a person brings: what is in it, where it goes, how far it is, what came of it."""

from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.core.events import IntakeProgress
from app.core.types import ConnectionInfo
from app.services.folder_settings import FolderSettings
from app.services.folder_trial import Trial
from app.services.intake_counts import counts_text
from app.services.intake_files import FileResult
from app.services.intake_import import import_file
from app.ui.connections.desk import Desk
from app.ui.connections.dialog_frame import MARGIN, fit_height, lay_out
from app.ui.connections.said import marked, trouble
from app.ui.controls import Dropdown
from app.ui.intake.gauge import Gauge
from app.ui.intake.trial_view import TrialView
from app.ui.widgets import button, label, set_property

_SIZE, _SMALLEST = QSize(820, 640), QSize(560, 460)
_SHOWN_REASONS = 4
_Looked = tuple[int, list[ConnectionInfo], Trial]


class ImportDialog(QDialog):
    """Looks at the file at once; enters its rows when a person says so."""

    entered = Signal()  # rows came in

    def __init__(self, desk: Desk, path: Path, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._desk, self._path = desk, path
        self._layout_found: Mapping[str, Any] = {}
        self._looks = 0  # answers to earlier ones are dropped
        self._is_known = False
        self._stopping: Event | None = None  # while rows are being entered
        self.setWindowTitle(f"Import {path.name}")
        self.setMinimumSize(_SMALLEST)
        self.resize(_SIZE)
        self.said, self.more = label("Looking at the file…", "muted", wrap=True), label(wrap=True)
        self.trial = TrialView()
        self.gauge = Gauge()
        self.target = Dropdown("Connection that the rows are for")
        self._for = label("For", "muted")
        self.cancel, self.start = button("Cancel"), button("Import", "primary")
        self.cancel.clicked.connect(self.reject)
        self.start.clicked.connect(self._start)
        self.start.setEnabled(False)
        self.trial.hide()
        self.trial.changed.connect(self._look)
        self._lay_out()
        desk.bridge.intake_progress.connect(self._progress)
        self._look({})

    def reject(self) -> None:
        """Escape, Cancel, Close: rows that are being entered stop after those under way."""
        if self._stopping is None:
            super().reject()
            return
        self._stopping.set()
        self.cancel.setEnabled(False)
        self.gauge.say("stopping")

    @Slot(object)
    def _look(self, layout: Mapping[str, Any]) -> None:
        """`layout`: what a person chose, the rest is found out."""
        program, path = self._desk.program, self._path
        self._looks += 1
        look = self._looks
        self.start.setEnabled(False)

        def read() -> _Looked:
            settings = FolderSettings(layout=layout)
            trial = program.folders.try_out(path.parent, settings, path)
            return look, program.connections.all(), trial

        self._desk.bridge.run_in_background(read, self._looked, self._not_looked)

    @Slot(object)
    def _looked(self, found: _Looked) -> None:
        look, connections, trial = found
        if look != self._looks:
            return
        self._layout_found = trial.layout
        self.trial.show_trial(trial)
        self.trial.show()
        if not self._is_known:
            for one in connections:
                self.target.addItem(marked(one), one.id)
        can_read = bool(connections) and not trial.errors
        for part in (self._for, self.target):
            part.setVisible(bool(connections))
        if not connections:
            self._say("Nothing is connected yet. Add a connection first.", "danger")
        elif trial.errors:
            self._say("Choose above what is still open; then it can be imported.", "danger")
        else:
            self._say("Rows that were read before are left alone.", "muted")
        self.start.setEnabled(can_read)
        self.start.setDefault(True)
        if can_read and not self._is_known:
            self.start.setFocus()
        self._is_known = True

    @Slot(object)
    def _not_looked(self, error: Exception) -> None:
        self._fail(error)
        if not self._is_known:
            self.start.hide()
            self._name_close()
            self.setMinimumHeight(0)
            fit_height(self)

    @Slot()
    def _start(self) -> None:
        stopping = self._stopping = Event()
        self.start.setEnabled(False)
        self.start.setText("Importing…")
        self._lock(is_busy=True)
        self.gauge.tell(self._path.name, 0, 0)
        self.said.hide()
        self.cancel.setFocus()
        program, path, actor = self._desk.program, self._path, self._desk.actor
        target, layout = int(self.target.currentData()), self._layout_found

        def work() -> FileResult:
            program.retirement.require_in_use()
            return import_file(
                program.file_intake, path, target, layout, actor=actor, stopping=stopping
            )

        self._desk.bridge.run_apart(work, self._done, self._failed)

    @Slot(object)
    def _progress(self, told: IntakeProgress) -> None:
        is_ours = self._stopping is not None and told.file == str(self._path)
        if is_ours and not (self._stopping and self._stopping.is_set()):
            self.gauge.tell(self._path.name, told.done, told.total)

    @Slot(object)
    def _done(self, result: FileResult) -> None:
        self._over()
        counts = counts_text(result.counts) or "No row came in"
        if result.was_stopped:
            self._say(f"Stopped. So far: {counts}. Import it again for the rest.", "name")
            self.start.setText("Import the rest")
            self._lock(is_busy=False)
        else:
            self._say(f"{counts[:1].upper()}{counts[1:]}.", "name")
            self.more.setText(self._rejected(result))
            self.more.setVisible(bool(result.rejected))
            self.start.hide()
        self._name_close()
        self.entered.emit()

    def _rejected(self, result: FileResult) -> str:
        count = len(result.rejected)
        if not count:
            return ""
        say = self._desk.program.wordsmith.say
        wait = "The rejected one waits" if count == 1 else "Rejected ones wait"
        shown = [
            f"Row {row.line_no}: {say(row.code, row.params).summary}"
            for row in result.rejected[:_SHOWN_REASONS]
        ]
        if count > _SHOWN_REASONS:
            shown.append(f"and {count - _SHOWN_REASONS:,} more")
        return "\n".join([f"{wait} under “Needs you”, so that nothing is lost:", *shown])

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._over()
        self._fail(error)
        self.start.setText("Try again")
        self._lock(is_busy=False)

    def _lock(self, *, is_busy: bool) -> None:
        """What is being imported cannot be changed."""
        self.start.setEnabled(not is_busy)
        self.target.setEnabled(not is_busy)
        self.trial.set_busy(is_busy)

    def _over(self) -> None:
        self._stopping = None
        self.gauge.end()
        self.cancel.setEnabled(True)

    def _fail(self, error: Exception) -> None:
        self._say(trouble(self._desk.program.wordsmith, error).text, "danger")

    def _say(self, text: str, token: str) -> None:
        set_property(self.said, "role", token)
        self.said.setText(text)
        self.said.setAccessibleName(text)
        self.said.show()

    def _name_close(self) -> None:
        self.cancel.setText("Close")
        self.cancel.setFocus()

    def _lay_out(self) -> None:
        into = QHBoxLayout()
        into.setContentsMargins(MARGIN, 8, MARGIN, 4)
        into.setSpacing(8)
        into.addWidget(self._for)
        into.addWidget(self.target)
        into.addStretch(1)
        below = QVBoxLayout()
        below.setContentsMargins(MARGIN, 4, MARGIN, 8)
        below.addWidget(self.said)
        below.addWidget(self.more)
        below.addWidget(self.gauge)
        self._for.setBuddy(self.target)
        for part in (self._for, self.target):
            part.hide()
        self.more.hide()
        inside = QVBoxLayout()
        inside.setSpacing(0)
        above = QVBoxLayout()
        above.setContentsMargins(MARGIN, 0, MARGIN, 0)
        above.addWidget(self.trial, 1)
        inside.addLayout(above, 1)
        inside.addLayout(into)
        inside.addLayout(below)
        lay_out(self, f"Import {self._path.name}", inside, [self.cancel, self.start])
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
