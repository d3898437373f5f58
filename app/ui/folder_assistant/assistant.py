"""Adds or edits a watch folder: which folder, what its files are, what will be stored."""

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.core.errors import BackhaulError
from app.core.types import ConnectionInfo
from app.services.folders import FolderStatus
from app.ui.assistant_frame import AssistantFrame
from app.ui.connections.desk import Desk
from app.ui.connections.said import trouble
from app.ui.folder_assistant.files_page import FilesPage
from app.ui.folder_assistant.place_page import PlacePage
from app.ui.folder_assistant.storing import Order, Storing
from app.ui.folder_assistant.summary import Whole, differences, in_words
from app.ui.folder_assistant.summary_page import SummaryPage
from app.ui.folder_assistant.typed import Reading, Typed, settings_of, stored
from app.ui.widgets import screen_of

_SIZE, _SMALLEST, _AROUND = QSize(1060, 840), QSize(900, 560), QSize(40, 80)
_LEAVE = "Close without saving? What you typed is not kept."


class Step(IntEnum):
    """The pages, in order."""

    PLACE = 0  # which folder
    FILES = 1  # what its files are
    SUMMARY = 2  # what will be stored


_TITLES: dict[int, str] = {Step.PLACE: "Folder", Step.FILES: "Files", Step.SUMMARY: "Summary"}


@dataclass(frozen=True, slots=True)
class _Known:
    folders: list[FolderStatus]
    connections: list[ConnectionInfo]


class FolderAssistant(AssistantFrame):
    """`finished_with`: the folder of that name is stored."""

    finished_with = Signal(str)

    def __init__(
        self, desk: Desk, folder_name: str | None = None, parent: QWidget | None = None
    ) -> None:
        """`folder_name`: the folder to edit; None adds one."""
        title = "Add watch folder" if folder_name is None else f"Edit {folder_name}"
        super().__init__(title, _TITLES, Step.PLACE, parent, size=_SIZE)
        self.setMinimumSize(_SMALLEST)
        screen = screen_of(self).availableSize() - _AROUND
        self.resize(_SIZE.boundedTo(screen))
        self._desk, self._name = desk, folder_name
        self.is_ready = False  # what is there already was read
        self._edits: FolderStatus | None = None
        self._before: Whole | None = None
        self._first: tuple[Typed, Reading] = (Typed(), Reading())
        program = desk.program
        self.place_page = PlacePage(desk.bridge, program.folders, program.wordsmith)
        self.files_page = FilesPage(desk.bridge, program.folders, program.wordsmith)
        self.summary_page = SummaryPage()
        pages = (self.place_page, self.files_page, self.summary_page)
        for step, page in zip(Step, pages, strict=True):
            self.set_page(step, page)
        self._storing = Storing(desk, self)
        self._connect()
        self.place_page.setEnabled(False)
        self.go(Step.PLACE)
        desk.bridge.run_in_background(self._read_known, self._show_known, self._show_unknown)

    def _connect(self) -> None:
        self.stepped.connect(self._name_buttons)
        self.leave_dropped.connect(self._leave_dropped)
        self.next.clicked.connect(self._go_on)
        self.back.clicked.connect(self._go_back)
        self.place_page.changed.connect(self._name_buttons)
        self.files_page.changed.connect(self._follow_files)
        self._storing.stored.connect(self._show_stored)
        self._storing.refused.connect(self._show_refused)
        self._storing.busy_changed.connect(self._name_buttons)
        self._storing.slow.connect(self.show_note)

    @property
    def step(self) -> Step:
        """The page that is shown."""
        return Step(self.place)

    @property
    def reading(self) -> Reading:
        """How files are read, as it was chosen."""
        return self.files_page.looking.reading

    def is_changed(self) -> bool:
        """True when anything was typed."""
        if not self.is_ready:
            return False
        return (self.place_page.typed(), self._chosen()) != (
            self._first[0],
            _chosen(self._first[1]),
        )

    def _chosen(self) -> tuple[object, ...]:
        return _chosen(self.reading)

    def reject(self) -> None:
        """Escape, Cancel or the window's own button: what was typed is not dropped unasked."""
        if self.is_asking:
            self.stay()
        elif self._storing.is_busy:
            self.hide()  # what comes of it brings it back, if there is something to do
        elif self.is_changed():
            self.ask_to_leave(_LEAVE, may_keep=False)
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Closed: a look under way is not heard any more."""
        self.files_page.looking.stop()
        super().done(result)

    @Slot()
    def _leave_dropped(self) -> None:
        super().reject()

    def _read_known(self) -> _Known:
        program = self._desk.program
        if self._name is not None:
            program.folders.named(self._name)  # raises when it is gone
        return _Known(program.folders.all(), program.connections.all())

    @Slot(object)
    def _show_known(self, known: _Known) -> None:
        page = self.place_page
        wanted = (self._name or "").casefold()
        others = []
        for one in known.folders:
            if self._name is not None and one.folder.name.casefold() == wanted:
                self._edits = one
            else:
                others.append(one.folder)
        names = frozenset(one.name.casefold() for one in others)
        page.set_known(known.connections, names, {Path(one.path): one.name for one in others})
        typed, reading = stored(self._edits) if self._edits else (Typed(), Reading())
        page.setEnabled(True)
        page.fill(typed, is_new=self._edits is None)
        self.files_page.begin(reading, is_new=self._edits is None)
        if self._edits is not None:
            self._before = Whole(typed, reading, self._edits.connection)
        self._first = page.typed(), reading
        self.is_ready = True
        page.focus_first()
        self._name_buttons()

    @Slot(object)
    def _show_unknown(self, error: Exception) -> None:
        self.show_error(trouble(self._desk.program.wordsmith, error).text)
        self._name_buttons()

    @Slot()
    def _name_buttons(self) -> None:
        step, busy = self.step, self._storing.is_busy
        self.put(self.back, "" if step is Step.PLACE else "Back", enabled=not busy)
        self.put(self.cancel, "Cancel")
        self.put(self.other, "")
        if step is Step.SUMMARY:
            is_same = self._edits is not None and not self._changes()
            text = "Saving…" if busy else "Close" if is_same else "Save"
            self.put(self.next, text, enabled=not busy)
            return
        waits = self._is_waiting()
        self.put(self.next, "Looking…" if waits else "Next", enabled=self.is_ready and not waits)

    def _is_waiting(self) -> bool:
        """True while a look is under way whose answer is needed to go on."""
        if self.step is Step.PLACE:
            return self.place_page.path.is_looking
        return self.files_page.looking.is_busy and not self.files_page.is_slow

    @Slot()
    def _follow_files(self) -> None:
        if self.step is Step.FILES:
            self.show_error("")
            self._name_buttons()

    @Slot()
    def _go_on(self) -> None:
        if self.step is Step.PLACE:
            if self.place_page.check():
                self.go(Step.FILES)
                self.files_page.look(self.place_page.typed())
                self.files_page.focus_first()
        elif self.step is Step.FILES:
            self._leave_files()
        elif self._edits is not None and not self._changes():
            self.accept()
        else:
            self._store()

    def _leave_files(self) -> None:
        problem = self.files_page.problem()
        if problem:
            self.show_error(problem)
            self.files_page.focus_problem()
            return
        if self._edits is None:
            lead = "Save it, and Backhaul looks into the folder every few seconds."
            self.summary_page.show_points(lead, in_words(self._whole()))
        else:
            changes = self._changes()
            lead = "This changes; all else stays as it is." if changes else "Nothing was changed."
            self.summary_page.show_points(lead, changes)
        self.go(Step.SUMMARY)
        self.next.setFocus()

    @Slot()
    def _go_back(self) -> None:
        self.go(Step(self.step - 1))
        page = self.place_page if self.step is Step.PLACE else self.files_page
        page.focus_first()

    def _whole(self) -> Whole:
        looking, page = self.files_page.looking, self.place_page
        typed = page.typed()
        return Whole(typed, self.reading, page.target_name(), looking.trial, looking.roles)

    def _changes(self) -> list[tuple[str, str]]:
        return differences(self._before, self._whole()) if self._before else []

    def _store(self) -> None:
        typed = self.place_page.typed()
        settings = settings_of(typed, self.reading, self.files_page.looking.trial)
        self.show_error("")
        self._storing.store(Order(typed, settings, self._edits))

    @Slot(str)
    def _show_stored(self, name: str) -> None:
        self.finished_with.emit(name)
        self.accept()

    @Slot(object)
    def _show_refused(self, error: Exception) -> None:
        said = trouble(self._desk.program.wordsmith, error)
        self.show_note("")
        self.show()
        code = error.code if isinstance(error, BackhaulError) else ""
        if code.startswith("folder_") and code != "folder_missing":
            self.go(Step.PLACE)
            if self.place_page.blame(code, f"{said.summary}."):
                return
        self.show_error(said.text)


def _chosen(reading: Reading) -> tuple[object, ...]:
    """What a person chose of it; a program that the file gave away is none of it."""
    return dict(reading.layout), reading.prefix, reading.suffix
