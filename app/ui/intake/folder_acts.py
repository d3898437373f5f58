"""What a person does with a watch folder: add, edit, look at once, remove."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QTimer, Signal, Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QVBoxLayout, QWidget

from app.ui.connections.desk import Desk
from app.ui.connections.dialog_frame import MARGIN, fit_height, lay_out
from app.ui.connections.said import trouble
from app.ui.intake.folder_card import FolderCard
from app.ui.intake.words import FolderFacts
from app.ui.one_dialog import OneDialog
from app.ui.widgets import button, label

_AGAIN_MS, _PATIENCE_MS = 500, 15_000
_FILTERS = "Carrier exports (*.csv *.txt *.tsv *.tab *.out *.xml);;All files (*)"


class RemoveFolder(QDialog):
    """Asks, since it cannot be undone."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Remove {name}")
        text = label("Nothing that comes into this folder is read any more.", wrap=True)
        more = label(
            "Its files stay where they are, and what was read stays in the queue. Watched again "
            "later, it begins anew with what comes then.",
            "muted",
            wrap=True,
        )
        body = QVBoxLayout()
        body.setContentsMargins(MARGIN, 0, MARGIN, 8)
        body.setSpacing(8)
        body.addWidget(text)
        body.addWidget(more)
        keep, self.remove = button("Keep it"), button("Remove", "danger")
        self.remove.setAccessibleName(f"Remove watch folder {name}")
        keep.clicked.connect(self.reject)
        self.remove.clicked.connect(self.accept)
        lay_out(self, f"Remove watch folder {name}", body, [keep, self.remove])
        self.resize(460, 200)
        fit_height(self)
        keep.setFocus()


class FolderActs(OneDialog):
    """One dialog at a time; a second press brings it to the front."""

    done = Signal(str)
    failed = Signal(str)
    changed = Signal()  # read again

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._looking: dict[int, FolderCard] = {}
        self._again = QTimer(self, interval=_AGAIN_MS)
        self._again.timeout.connect(self.changed)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._end_looking)

    @Slot(object)
    def follow(self, card: FolderCard) -> None:
        """Carry out what is pressed on a card."""
        card.edit_asked.connect(lambda _: self.assist(card.facts.name))
        card.look_asked.connect(lambda _: self._look(card))
        card.remove_asked.connect(lambda _: self._ask_to_remove(card.facts))

    @Slot()
    def add(self) -> None:
        """Open the assistant for a new folder."""
        self.assist(None)

    def assist(self, folder_name: str | None) -> None:
        """Open the assistant; None: for a new folder."""
        from app.ui.folder_assistant.assistant import (  # noqa: PLC0415 - rarely needed
            FolderAssistant,
        )

        if self._raise_open():
            return
        dialog = FolderAssistant(self._desk, folder_name, self._window.window())
        dialog.finished_with.connect(self._stored)
        self._open(dialog)

    def choose_file(self) -> None:
        """Ask for a file, then show what is in it before it is imported."""
        if self._raise_open():
            return
        dialog = QFileDialog(self._window.window(), "Import a file", "", _FILTERS)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.import_file(Path(name)))
        self._open(dialog, is_question=True)

    def import_file(self, path: Path) -> None:
        """Show what is in a file, to be imported."""
        from app.ui.intake.import_dialog import ImportDialog  # noqa: PLC0415 - rarely needed

        dialog = ImportDialog(self._desk, path, self._window.window())
        dialog.entered.connect(self.changed)
        self.dialog = None
        self._open(dialog)

    def show_facts(self, facts: list[FolderFacts]) -> None:
        """How the folders stand now: a look that was asked for may be over."""
        for one in facts:
            card = self._looking.get(one.id)
            if card is not None and one.status.folder.failures:
                self._looked(one.id)
                self.failed.emit(f"{one.name}: {one.why}. {one.hint}".rstrip(". "))
            elif card is not None and not one.can_look:
                self._looked(one.id)
                self.done.emit(f"{one.name} can be read again.")

    def _look(self, card: FolderCard) -> None:
        facts, service = card.facts, self._desk.program.folders
        card.show_busy("Looking…")
        self._looking[facts.id] = card

        def done(_: object) -> None:
            self._again.start()
            self._patience.start()

        self._desk.bridge.run_in_background(
            lambda: service.look_soon(facts.status.folder), done, self._not_done
        )

    def _looked(self, folder_id: int) -> None:
        card = self._looking.pop(folder_id)
        card.show_busy("")
        if not self._looking:
            self._again.stop()
            self._patience.stop()

    @Slot()
    def _end_looking(self) -> None:
        """Nobody looked, or the share hangs: the card shows how it stands."""
        for folder_id in list(self._looking):
            name = self._looking[folder_id].facts.name
            self._looked(folder_id)
            self.failed.emit(f"{name} gave no answer yet. It is looked for again by itself.")

    def _ask_to_remove(self, facts: FolderFacts) -> None:
        if self._raise_open():
            return
        dialog = RemoveFolder(facts.name, self._window.window())
        dialog.accepted.connect(lambda: self._remove(facts))
        self._open(dialog, is_question=True)

    def _remove(self, facts: FolderFacts) -> None:
        service, actor = self._desk.program.folders, self._desk.actor

        def done(_: object) -> None:
            self.done.emit(f"{facts.name} is watched no more. Its files stay where they are.")
            self.changed.emit()

        self._desk.bridge.run_in_background(
            lambda: service.remove(facts.status.folder, actor), done, self._not_done
        )

    @Slot(str)
    def _stored(self, name: str) -> None:
        if name:
            self.done.emit(f"{name} is watched.")
        self.changed.emit()

    @Slot(object)
    def _not_done(self, error: Exception) -> None:
        for folder_id in list(self._looking):
            self._looked(folder_id)
        self.failed.emit(trouble(self._desk.program.wordsmith, error).text)


def local_file(dropped: QMimeData) -> Path | None:
    """The one file that is dropped."""
    urls = dropped.urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
