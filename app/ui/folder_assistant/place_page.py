"""The first page: which folder, for which connection, and what happens to the files in it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QMargins, Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.types import ConnectionInfo
from app.services.folder_settings import PATTERNS
from app.services.folders import FolderService
from app.services.wording import Wordsmith
from app.ui.bridge import Bridge
from app.ui.connections.said import marked
from app.ui.connections.scroll import Scroll
from app.ui.fields import ChoiceField, TextField
from app.ui.folder_assistant.options import DaysChoice, Options
from app.ui.folder_assistant.path_field import PathField
from app.ui.folder_assistant.typed import (
    Typed,
    folder_name_problem,
    proposed_name,
)
from app.ui.widgets import button, label

MARGIN, _GAP = 24, 16
_MOST_S = 3600

_MODES = (
    ("leave", "Leave the files where they are",
     "Backhaul only reads. Right when the carrier program adds to the same file all day."),
    ("take", "Take files away when they are read",
     "They move into the folder “done” inside it, files that cannot be read into “failed”. "
     "Right when each export makes a new file."),
)  # fmt: skip


class PlacePage(Scroll):
    """Says at once whether the folder can be read."""

    changed = Signal()

    def __init__(self, bridge: Bridge, folders: FolderService, wordsmith: Wordsmith) -> None:
        super().__init__(QMargins(MARGIN, 4, MARGIN, 20))
        self._names: frozenset[str] = frozenset()
        self._is_named = False  # the person gave a name
        self._named_for = ""  # the path a name was proposed for
        self._fill_details()
        self._fill(PathField(bridge, folders, wordsmith, self.patterns.text))
        self._connect()

    def _fill(self, path: PathField) -> None:
        self.path = path
        self.name = TextField(
            "Name",
            "",
            ["Rows and notices show this name."],
            lambda text: folder_name_problem(text, self._names),
        )
        self.target = ChoiceField(
            "Orders are at",
            ["Tracking numbers of this folder are written there."],
            self._target_problem,
        )
        self._targets = self.target.box
        self.start = DaysChoice()
        self.mode = Options("What happens to a file that was read", _MODES)
        self._cannot_move = label("", "danger", wrap=True)
        self._cannot_move.hide()
        self.column.setSpacing(_GAP)
        for part in (self.path, self.name, self.target, self.start, self.mode, self._cannot_move):
            self.column.addWidget(part)
        self.column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self._details)
        self.column.addStretch(1)

    def _fill_details(self) -> None:
        self.patterns = TextField(
            "Which files",
            PATTERNS,
            ["Names with * for any letters, blanks between them. Others are left alone."],
            lambda text: "" if text.split() else "Give names such as *.csv, with blanks between.",
        )
        self.collect = TextField(
            "Wait for further parcels, seconds",
            "",
            ["Parcels of one order are sent together when their rows come so soon after another."],
            _seconds_problem,
        )
        self._details = QWidget()
        column = QVBoxLayout(self._details)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addWidget(self.patterns)
        column.addWidget(self.collect)
        self._details.hide()
        self._more = button("Show 2 settings that seldom need a change", "inline")

    def _connect(self) -> None:
        self.path.changed.connect(self._path_typed)
        self.name.edited.connect(self._name_typed)
        self._more.clicked.connect(self._toggle_details)
        self.mode.changed.connect(self._judge_mode)
        for part in (self.name, self.target, self.start, self.mode, self.patterns, self.collect):
            part.changed.connect(self.changed)
        self.patterns.changed.connect(self.path.look_again)

    def set_known(
        self,
        connections: Sequence[ConnectionInfo],
        names: frozenset[str],
        paths: Mapping[Path, str],
    ) -> None:
        """What is there already: names case folded."""
        self._names, self.path.taken = names, dict(paths)
        self._targets.clear()
        for one in connections:
            self._targets.addItem(marked(one), one.id)
        if not connections:
            self.target.judge(strict=True)

    def fill(self, typed: Typed, *, is_new: bool) -> None:
        """As if this were typed."""
        self._is_named = not is_new
        self.path.line.set_text(typed.path)
        self.name.set_text(typed.name)
        place = self._targets.findData(typed.connection_id)
        if place >= 0 or not is_new:
            self._targets.setCurrentIndex(place)
        self.mode.choose(typed.mode)
        self.start.choose(typed.start, typed.start_days)
        self.start.setVisible(is_new)  # later on it has no meaning any more
        self.patterns.set_text(typed.patterns)
        self.collect.set_text(f"{typed.collect_s:g}")

    def typed(self) -> Typed:
        """What stands there now."""
        return Typed(
            path=self.path.path(),
            name=self.name.text().strip(),
            connection_id=self._targets.currentData() or 0,
            mode=self.mode.value,
            start=self.start.value,
            start_days=self.start.days,
            patterns=self.patterns.text().strip(),
            collect_s=_seconds(self.collect.text()),
            anyway=self.path.takes_anyway,
        )

    def target_name(self) -> str:
        """The connection that is chosen."""
        return self._targets.currentText()

    def check(self) -> bool:
        """True when all may be used; else every problem is shown and the first one focused."""
        fields = (self.name, self.target, self.patterns, self.collect)
        for part in (self.path, *fields):
            part.judge() if isinstance(part, PathField) else part.judge(strict=True)
        wrong = [part for part in (self.path, *fields) if not part.is_right]
        if wrong:
            self._go_to(wrong[0])
        elif not self.start.is_right:
            self.start.judge()
            self.start.focus_number()
        return not wrong and self.start.is_right

    def blame(self, code: str, problem: str) -> bool:
        """Show where an error of the service is mended; False when that is not here."""
        if code == "folder_name_taken":
            self.name.show_problem(problem)
            self._go_to(self.name)
        elif code == "folder_path_taken":
            self.path.line.show_problem(problem)
            self._go_to(self.path)
        elif code == "folder_not_there":
            self.path.show_away(problem)
            self._go_to(self.path)
        else:
            return False
        return True

    def focus_first(self) -> None:
        """The keyboard at the first field."""
        self.path.setFocus()

    def _go_to(self, field: QWidget) -> None:
        if self._details.isAncestorOf(field) and self._details.isHidden():
            self._toggle_details()
        field.setFocus()
        self.ensureWidgetVisible(field)

    @Slot()
    def _path_typed(self) -> None:
        self._judge_mode()
        path = self.path.line.text()
        if path != self._named_for and not self._is_named:
            self.name.set_text(proposed_name(path, self._names))
        self._named_for = path
        self.changed.emit()

    @Slot()
    def _name_typed(self) -> None:
        self._is_named = bool(self.name.text().strip())

    def _target_problem(self, _: str) -> str:
        if not self._targets.count():
            return "There is no connection yet. Add one on the CONNECTIONS page first."
        chosen = self._targets.currentIndex() >= 0
        return "" if chosen else "Its connection was removed. Choose another one."

    @Slot()
    def _judge_mode(self) -> None:
        glance = self.path.glance
        cannot = glance is not None and not glance.may_move and self.mode.value == "take"
        text = (
            "Files cannot be moved there: this folder is closed for writing. Allow Backhaul to "
            "write to it, or leave the files where they are."
        )
        self._cannot_move.setText(text if cannot else "")
        self._cannot_move.setVisible(cannot)

    @Slot()
    def _toggle_details(self) -> None:
        self._details.setVisible(self._details.isHidden())
        verb = "Show" if self._details.isHidden() else "Hide"
        self._more.setText(f"{verb} 2 settings that seldom need a change")


def _seconds(text: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return -1.0


def _seconds_problem(text: str) -> str:
    if 0 <= _seconds(text) <= _MOST_S:
        return ""
    return f"“{text.strip()}” is no number of seconds. Give one from 0 to {_MOST_S}."
