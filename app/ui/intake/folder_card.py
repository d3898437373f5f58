"""One watch folder as a card: how it stands, what was read last, what a person can do with it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from app.ui.cards import CARD_MARGIN, Card
from app.ui.connections.marks import LampMark
from app.ui.intake.gauge import Gauge
from app.ui.intake.words import FolderFacts
from app.ui.widgets import ElidedLabel, button, label, set_box


class FileRow(QWidget):
    """One file that was read: name and when over what became of its rows."""

    def __init__(self) -> None:
        super().__init__()
        self._name, self._when = ElidedLabel(), label("", "small")
        self._text = label("", "small", wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self._name, 0, 0)
        grid.addWidget(self._when, 0, 1)
        grid.addWidget(self._text, 1, 0, 1, 2)

    def show_file(self, name: str, when: str, text: str) -> None:
        """Another one."""
        self._name.set_text(name)
        self._when.setText(when)
        self._text.setText(text)


class FolderCard(Card):
    """Shows `FolderFacts`; every press is a signal with the folder's number."""

    edit_asked = Signal(int)
    look_asked = Signal(int)
    remove_asked = Signal(int)

    def __init__(self, facts: FolderFacts) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.facts = facts
        self._busy = ""
        self._lamp = LampMark()
        self._name = label("", "name", wrap=True)
        self._target = label("", "muted")
        self._path = ElidedLabel("", "small", Qt.TextElideMode.ElideMiddle)
        self._word, self._line = label("", "name"), label("", "muted", wrap=True)
        self._why, self._hint = label("", "name", wrap=True), label("", wrap=True)
        self.gauge = Gauge()
        self._none = label("No file was read yet.", "small")
        self._files = [FileRow() for _ in range(3)]
        self.look, self.edit = button("Look now"), button("Edit")
        self.remove = button("Remove", "danger")
        self.buttons = (self.look, self.edit, self.remove)
        self.look.clicked.connect(lambda: self.look_asked.emit(self.facts.id))
        self.edit.clicked.connect(lambda: self.edit_asked.emit(self.facts.id))
        self.remove.clicked.connect(lambda: self.remove_asked.emit(self.facts.id))
        self._lay_out()
        self.show_facts(facts)

    def sizeHint(self) -> QSize:
        return QSize(340, super().sizeHint().height())

    def show_facts(self, facts: FolderFacts) -> None:
        """Another state of the same folder; nothing is built anew."""
        self.facts = facts
        folder, name = facts.status.folder, facts.name
        self._name.setText(name)
        self._target.setText(f"for {facts.status.connection}" if facts.status.connection else "")
        self._path.set_text(folder.path)
        self._lamp.set_lamp(facts.lamp)
        self._word.setText(self._busy or facts.word)
        self._line.setText("" if self._busy else facts.line)
        self._show_box(facts)
        for row, one in zip(self._files, facts.files, strict=False):
            row.show_file(one.name, one.when, one.text)
        for place, row in enumerate(self._files):
            row.setVisible(place < len(facts.files))
        self._none.setVisible(not facts.files)
        self.look.setVisible(facts.can_look)
        self.look.setEnabled(not self._busy)
        for press, verb in ((self.look, "Look now"), (self.edit, "Edit"), (self.remove, "Remove")):
            press.setAccessibleName(f"{verb}: {name}")
        self.setAccessibleName(f"Watch folder {name}: {facts.word} {facts.line}".strip())
        self.fit_soon()

    def show_busy(self, text: str) -> None:
        """A press was taken; empty: it is through."""
        self._busy = text
        self.show_facts(self.facts)

    def _show_box(self, facts: FolderFacts) -> None:
        is_bad = facts.lamp.value == "red"
        set_box(self.box, "danger_box" if is_bad else "warning_box")
        self._why.setText(facts.why)
        self._hint.setText(facts.hint)
        self._hint.setVisible(bool(facts.hint))
        self.box.setVisible(bool(facts.why))

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self.box)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.setSpacing(3)
        inside.addWidget(self._why)
        inside.addWidget(self._hint)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name, 1)
        head.addWidget(self._target, 0, Qt.AlignmentFlag.AlignTop)
        state = QHBoxLayout()
        state.setSpacing(8)
        state.addWidget(self._lamp)
        state.addWidget(self._word)
        state.addWidget(self._line, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(CARD_MARGIN, 12, CARD_MARGIN, 12)
        whole.setSpacing(8)
        whole.addLayout(head)
        whole.addWidget(self._path)
        whole.addLayout(state)
        for part in (self.box, self.gauge, self._none, *self._files):
            whole.addWidget(part)
        whole.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.look)
        row.addWidget(self.edit)
        row.addStretch(1)
        row.addWidget(self.remove)
        whole.addLayout(row)
