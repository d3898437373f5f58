"""The data folder: where it is, how large, its backups, and a backup put in its place."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QProgressBar

from app.core.states import JobState
from app.services.upkeep import (
    Sizes,
    back_up,
    check_backup,
    progress_of,
    restore,
    sizes,
    suggested_name,
)
from app.ui.closed import ClosedWork
from app.ui.connections.facts import ago
from app.ui.settings.files import ask_file, ask_new_file, open_folder
from app.ui.settings.means import Means
from app.ui.settings.parts import CopyText, Named, Panel
from app.ui.settings.restore_dialog import RestoreDialog
from app.ui.widgets import button

_BACKUP = (
    "A copy of everything but tokens and passwords, which stay in the password store. "
    "It can be made at any time. Once a day one is made without being asked; 14 of them are kept."
)
_RESTORE = (
    "Puts a backup in the place of what is here, and keeps what is here beside it. Rows that were "
    "open in the backup are looked up before anything is sent, so nothing is sent twice. "
    "Backhaul starts again for it."
)
_NO_OPENER = "This desktop has no program that shows folders. Copy the path instead."
_LOOK_MS = 200
_STEPS = 1000


class DataPanel(Panel):
    """Everything that touches the disk is done aside."""

    def __init__(self, means: Means) -> None:
        super().__init__("Data")
        self._means = means
        self.folder = Named("Data folder", "")
        self._path = CopyText("the path of the data folder")
        self._path.set_text(str(means.program.folder))
        open_it = button("Open folder")
        open_it.clicked.connect(self._open_folder)
        self._path.buttons.addWidget(open_it)
        self.folder.below.insertWidget(0, self._path)
        self.backup = Named("Backup", _BACKUP)
        self._make = button("Back up now…")
        self._make.clicked.connect(self._ask_backup)
        self.backup.head.addWidget(self._make)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Backup under way")
        self.bar.hide()
        self.made = CopyText("the path of the backup")
        self.made.hide()
        self._show_made = button("Open folder", name="Open the folder of the backup")
        self._show_made.clicked.connect(lambda: self._open(Path(self.made.text).parent))
        self.made.buttons.addWidget(self._show_made)
        self.backup.below.addWidget(self.bar)
        self.backup.below.addWidget(self.made)
        self.restore = Named("Restore", _RESTORE)
        self._bring = button("Restore a backup…")
        self._bring.clicked.connect(self._ask_restore)
        self.restore.head.addWidget(self._bring)
        for setting in (self.folder, self.backup, self.restore):
            self.add(setting)
        self._target: Path | None = None
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._ask_progress)

    def read(self) -> None:
        """How large it is now."""
        folder = self._means.program.folder
        self._means.bridge.run_in_background(lambda: sizes(folder), self._show, self._not_read)

    @Slot(object)
    def _show(self, found: Sizes) -> None:
        parts = [f"Data {as_size(found.data)}"]
        if found.backup_count:
            count = "1 backup" if found.backup_count == 1 else f"{found.backup_count:,} backups"
            parts.append(f"{count} kept in it {as_size(found.backups)}")
        else:
            parts.append("no backup in it yet")
        parts.append(f"log and the rest {as_size(found.others)}")
        text = f"{', '.join(parts)}."
        if found.last_backup_at is not None:
            text += (
                f" Newest backup: {ago(found.last_backup_at, self._means.program.clock.now_ms())}."
            )
        self.folder.set_about(text)

    @Slot(object)
    def _not_read(self, error: Exception) -> None:
        self.folder.failed(self._means.words(error))

    @Slot()
    def _open_folder(self) -> None:
        self._open(self._means.program.folder)

    def _open(self, folder: Path) -> None:
        if open_folder(folder):
            self.folder.clear()
        else:
            self.folder.failed(_NO_OPENER)

    @Slot()
    def _ask_backup(self) -> None:
        program = self._means.program
        suggested = Path.home() / suggested_name(program.folder, program.clock)
        ask_new_file(self, "Back up to", suggested, self._back_up)

    def _back_up(self, target: Path) -> None:
        self._target = target
        self._make.setEnabled(False)
        self.made.hide()
        self.backup.busy("Backing up…")
        self.bar.setValue(0)
        self.bar.show()
        self._look.start()
        program = self._means.program
        self._means.bridge.run_apart(
            lambda: back_up(program.folder, program.clock, target), self._backed_up, self._not_made
        )

    @Slot()
    def _ask_progress(self) -> None:
        folder, target = self._means.program.folder, self._target
        if target is not None:
            self._means.bridge.run_in_background(
                lambda: progress_of(folder, target), self._show_progress
            )

    @Slot(object)
    def _show_progress(self, share: float) -> None:
        self.bar.setValue(max(self.bar.value(), round(share * _STEPS)))

    @Slot(object)
    def _backed_up(self, made: Path) -> None:
        self._end_backup()
        self.backup.done("Backed up")
        self.made.set_text(str(made))
        self.made.show()
        self.read()

    @Slot(object)
    def _not_made(self, error: Exception) -> None:
        self._end_backup()
        self.backup.failed(f"No backup was made. {self._means.words(error)}")

    def _end_backup(self) -> None:
        self._target = None
        self._look.stop()
        self.bar.hide()
        self._make.setEnabled(True)
        self._make.setFocus()

    @Slot()
    def _ask_restore(self) -> None:
        if self._means.is_visitor():
            self.restore.failed(elsewhere(self._means))
            return
        ask_file(self, "Restore a backup", Path.home(), self._check)

    def _check(self, source: Path) -> None:
        """Whether it would be taken, before anything is stopped."""
        self._bring.setEnabled(False)
        self.restore.busy("Reading the backup…")
        program = self._means.program

        def work() -> Mapping[JobState, int]:
            check_backup(program.folder, source, program.clock)
            return program.overview.unfinished()

        def done(rows: Mapping[JobState, int]) -> None:
            self._end_check()
            self.restore.clear()
            dialog = RestoreDialog(source, rows, self.window())
            dialog.accepted.connect(lambda: self._means.ask_closed(self._work(source)))
            dialog.show()

        self._means.bridge.run_apart(work, done, self._not_checked)

    @Slot(object)
    def _not_checked(self, error: Exception) -> None:
        self._end_check()
        self.restore.failed(f"Nothing was restored. {self._means.words(error)}")

    def _end_check(self) -> None:
        self._bring.setEnabled(True)
        self._bring.setFocus()

    def _work(self, source: Path) -> ClosedWork:
        program = self._means.program

        def work() -> str:
            aside = restore(program.folder, source, program.clock)
            return f"What was here before is kept in {aside}." if aside else ""

        return ClosedWork(
            busy="Restoring the backup",
            done="The backup is restored. What was open in it is looked up first",
            failed="The backup was not restored",
            work=work,
        )


def elsewhere(means: Means) -> str:
    """Why nothing can be exchanged here while another process sends."""
    pid = means.program.ownership.owner_pid()
    process = f" (process {pid})" if pid else ""
    return (
        f"Another Backhaul on this computer{process} does the sending. End it first: switch off "
        "“Keep sending when Backhaul is not open”, or close it where it was started."
    )


def as_size(count: int) -> str:
    """Bytes as people read them: "812 KB", "14 MB"."""
    size = float(count)
    for unit in ("bytes", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
