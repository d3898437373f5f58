"""The second page: what the files are, how they are read, and what their rows would do."""

from PySide6.QtCore import QMargins, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import BackhaulError
from app.services.folders import FolderService
from app.services.wording import Wordsmith
from app.ui.bridge import Bridge
from app.ui.connections.said import trouble
from app.ui.connections.scroll import Scroll
from app.ui.folder_assistant import words
from app.ui.folder_assistant.choosing import why_of
from app.ui.folder_assistant.layout_grid import LayoutGrid
from app.ui.folder_assistant.looking import Looking
from app.ui.folder_assistant.preview import Preview
from app.ui.folder_assistant.typed import Reading, Typed
from app.ui.widgets import ElidedLabel, button, frame, label

MARGIN = 24
_NO_FILE = (
    "No file lies in the folder yet. Choose a sample file from elsewhere to see how its rows are "
    "read. Or choose the carrier program and go on: the columns are found by their names when the "
    "first file comes, and rows that cannot be read wait for you."
)
_ANSWER = "The file is the answer of WorldShip in XML: its file name is the order number."
_CHOOSE_COLUMN = "Choose in the heading row first what the columns hold. The box above says why."
_CHOOSE_MARKED = "Choose what is marked red above first."
_GO_ON = "Look again, choose another file, or go on without one."
_LOOKING = "Looking at the file…"
_SLOW = "The folder does not answer yet. You can go on; its files are looked at when they come."


class FilesPage(Scroll):
    """Shows what the last look found; `changed`: there is another answer."""

    changed = Signal()

    def __init__(self, bridge: Bridge, folders: FolderService, wordsmith: Wordsmith) -> None:
        super().__init__(QMargins(MARGIN, 4, MARGIN, 16))
        self._wordsmith = wordsmith
        self.looking = Looking(bridge, folders, self)
        self.is_slow = False
        self._typed = Typed()
        self._file, self._kind = ElidedLabel("", "name"), label("", "muted")
        self._choose = button("Choose another file…")
        self._newest = button("Newest file")
        self._again = button("Look again")
        self.grid = LayoutGrid()
        self.preview = Preview()
        self._growth = label("", "small", wrap=True)
        self._count = label("", "muted", wrap=True)
        self._trouble, self._trouble_text = _box("danger_box")
        self._note, self._note_text = _box("muted_box")
        self._warning, self._warning_text = _box("warning_box")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._file, 1)
        head.addWidget(self._kind)
        for made in (self._newest, self._again, self._choose):
            head.addWidget(made)
        self.column.setSpacing(12)
        name = QVBoxLayout()
        name.setSpacing(2)
        name.addLayout(head)
        name.addWidget(self._growth)
        self.column.addLayout(name)
        for part in (self._note, self._trouble, self.grid, self._count):
            self.column.addWidget(part)
        self.column.addWidget(self.preview, 100)
        self.column.addWidget(self._warning)
        self.column.addStretch(1)
        for part in (self._note, self._trouble, self._warning, self.preview, self._newest):
            part.hide()

    def _connect(self) -> None:
        self._choose.clicked.connect(self._choose_file)
        self._newest.clicked.connect(lambda: self.looking.take_sample(""))
        self._again.clicked.connect(lambda: self.look(self._typed))
        self.grid.chosen.connect(self.looking.choose)
        self.preview.role_chosen.connect(self.looking.choose_role)
        self.looking.changed.connect(self._show)
        self.looking.working.connect(self._show_working)
        self.looking.slow.connect(self._show_slow)

    def begin(self, reading: Reading, *, is_new: bool) -> None:
        """What was stored, before anything is looked at."""
        self.looking.begin(reading, is_new=is_new)

    def look(self, typed: Typed) -> None:
        """Look into the folder that was typed."""
        self._typed, self.is_slow = typed, False
        self.looking.look(typed)
        if self.looking.trial is None:
            self._show_working()
        self.changed.emit()

    def problem(self) -> str:
        """What has to be done before one can go on; empty: nothing."""
        trial = self.looking.trial
        if trial is None or not trial.errors:
            return ""
        is_column = not any(code.endswith("_open") for code in trial.open)
        return _CHOOSE_COLUMN if is_column else _CHOOSE_MARKED

    def focus_first(self) -> None:
        """The keyboard at the first field."""
        self.grid.program.setFocus()

    def focus_problem(self) -> None:
        """The keyboard where it is mended."""
        trial = self.looking.trial
        codes = trial.open if trial else ()
        field: QWidget = self.grid.delimiter
        if "date_order_open" in codes:
            field = self.grid.dates
        elif "amount_mark_open" in codes:
            field = self.grid.mark
        elif self.preview.headings.heads:
            field = self.preview.headings.heads[0].box
        field.setFocus()
        self.ensureWidgetVisible(field)

    @Slot()
    def _choose_file(self) -> None:
        sample = self.looking.reading.sample
        start = str(sample.parent if sample else self._typed.folder)
        dialog = QFileDialog(self, "Choose a file of the carrier program", start)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.looking.take_sample)
        dialog.open()

    @Slot()
    def _show_working(self) -> None:
        self._count.setText(_LOOKING)
        self._count.show()
        self.changed.emit()

    @Slot()
    def _show_slow(self) -> None:
        self.is_slow = True
        self._count.setText(_SLOW)
        self.changed.emit()

    @Slot()
    def _show(self) -> None:
        looking = self.looking
        trial, roles, reading = looking.trial, looking.roles, looking.reading
        self.is_slow = False
        self._name_file()
        if trial is not None and trial.file:
            self.grid.show_file(reading, trial, roles)
            self.preview.show_trial(trial, roles)
        else:
            self.grid.show_orders(reading, None, ())
        self.preview.setVisible(trial is not None and bool(trial.file))
        self._explain_program()
        self._say()
        self.changed.emit()

    def _name_file(self) -> None:
        trial, sample = self.looking.trial, self.looking.reading.sample
        name = sample.name if sample else trial.file if trial else self._failed_file()
        self._file.set_text(name or "No file yet")
        count = trial.count if trial else 0
        kind = "chosen by you" if sample else f"the newest of {count:,}" if count > 1 else ""
        self._kind.setText(kind)
        growth = words.growth(why_of(trial)) if trial else ""
        self._growth.setText(growth)
        self._growth.setVisible(bool(growth))
        self._newest.setVisible(sample is not None)
        self._choose.setText("Choose another file…" if name else "Choose a sample file…")

    def _failed_file(self) -> str:
        """The name of the file that could not be looked at."""
        error = self.looking.error
        return str(error.params.get("file", "")) if isinstance(error, BackhaulError) else ""

    def _explain_program(self) -> None:
        why = self.looking.why_program
        is_chosen = "preset" in self.looking.reading.layout and not why
        self.grid.program.explain(words.BY_PERSON if is_chosen else why)

    def _say(self) -> None:
        trial, error = self.looking.trial, self.looking.error
        problems = [f"{one}." for one in trial.errors] if trial else []
        if error is not None:
            said = trouble(self._wordsmith, error)
            problems = [said.text, _GO_ON]
        _fill(self._trouble, self._trouble_text, problems)
        notes = []
        if trial is not None and not trial.file:
            notes = [_NO_FILE]
        elif trial is not None and trial.is_answer:
            notes = [_ANSWER]
        _fill(self._note, self._note_text, notes)
        warnings = [f"{one}." for one in trial.warnings] if trial and trial.file else []
        if not warnings:
            warnings = self._caveat()
        _fill(self._warning, self._warning_text, warnings)
        self._count.setText(words.count_line(trial) if trial else "")
        self._count.setVisible(bool(self._count.text()))

    def _caveat(self) -> list[str]:
        """What is not verified about the program, where no file tells."""
        code = words.caveat_of(str(self.looking.reading.layout.get("preset", "")))
        if not code:
            return []
        said = self._wordsmith.say(code, {})
        return [f"{said.summary}."]


def _box(role: str) -> tuple[QWidget, QVBoxLayout]:
    made = frame(role)
    column = QVBoxLayout(made)
    column.setContentsMargins(12, 8, 12, 8)
    column.setSpacing(4)
    return made, column


def _fill(box: QWidget, column: QVBoxLayout, texts: list[str]) -> None:
    """Other sentences; none hides the box."""
    while column.count() > len(texts):
        item = column.takeAt(column.count() - 1)
        gone = item.widget() if item else None
        if gone is not None:
            gone.deleteLater()
    while column.count() < len(texts):
        column.addWidget(label("", wrap=True))
    for place, text in enumerate(texts):
        item = column.itemAt(place)
        shown = item.widget() if item else None
        if shown is not None:
            shown.setProperty("text", text)
    box.setVisible(bool(texts))
