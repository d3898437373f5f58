"""The first, third and last page of the assistant: which system, the test, what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QMargins, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from app.services.connection_setup import Access, Kind
from app.services.wording import Wordsmith
from app.ui.bridge import Bridge
from app.ui.connections.check_run import Steps
from app.ui.connections.checking import CheckList
from app.ui.connections.marks import IconMark
from app.ui.connections.said import Named, Trouble
from app.ui.connections.scroll import Scroll
from app.ui.controls import Radio, Tick
from app.ui.widgets import button, frame, label

MARGIN = 24


@dataclass(frozen=True, slots=True)
class Choice:
    """A system to connect."""

    kind: Kind
    is_practice: bool

    @property
    def key(self) -> tuple[str, bool]:
        """Tells it from the others."""
        return self.kind.name, self.is_practice


class ChoosePage(QWidget):
    """Every kind of system, and its practice server."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        super().__init__()
        self._choices: list[Choice] = []
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN, 4, MARGIN, 20)
        self._column.setSpacing(12)
        self._column.addWidget(label("Where do the orders come from?", wrap=True))
        for kind in kinds:
            self._add(Choice(kind, False), kind.title, kind.summary)
            self._add(
                Choice(kind, True),
                f"Practice server for {kind.title}",
                f"Made-up {kind.order_noun}s on this computer. No account is needed and nothing "
                "leaves it.",
            )
        self._column.addStretch(1)
        self._group.buttons()[0].setChecked(True)

    def choose(self, *, is_practice: bool) -> None:
        """Mark the first system, or its practice server."""
        place = next(n for n, one in enumerate(self._choices) if one.is_practice == is_practice)
        self._group.buttons()[place].setChecked(True)

    @property
    def choice(self) -> Choice:
        """What is marked."""
        return self._choices[self._group.checkedId()]

    def focus_first(self) -> None:
        """The keyboard at the marked one."""
        self._group.buttons()[self._group.checkedId()].setFocus()

    def _add(self, choice: Choice, title: str, summary: str) -> None:
        radio = Radio(title)
        radio.setAccessibleDescription(summary)
        self._group.addButton(radio, len(self._choices))
        self._choices.append(choice)
        line = label(summary, "muted", wrap=True)
        line.setContentsMargins(21, 0, 0, 0)
        block = _box("panel", [radio, line])
        self._column.addWidget(block)


class CheckPage(Scroll):
    """The test line by line; then what the connection may do, and a question if it is needed."""

    changed = Signal()

    def __init__(self, bridge: Bridge, wordsmith: Wordsmith) -> None:
        super().__init__(QMargins(MARGIN, 4, MARGIN, 20))
        self.checks = CheckList(bridge, wordsmith)
        self.passed: bool | None = None
        self._known = ""
        self._same = Tick("It is the same shop")
        self._same.toggled.connect(self.changed)
        self._other = label(wrap=True)
        self._question = _box("warning_box", [self._other, self._same])
        self._access = AccessPanel()
        self._advice = label(
            "Correct the details with Back. Or save it as it is: nothing is sent until it works, "
            "and no row is lost.",
            "muted",
            wrap=True,
        )
        self.checks.ended.connect(self._ended)
        self.column.setSpacing(16)
        for part in (self.checks, self._advice, self._question, self._access):
            self.column.addWidget(part)
        self.column.addStretch(1)

    def start(self, steps: Steps, name: str, *, known: str, access: Access) -> None:
        """Test. `known`: the account of the test before this one, empty when there is none."""
        self.passed, self._known = None, known
        self._question.hide()
        self._same.setChecked(False)
        self._advice.hide()
        self._access.show_access(access)
        self.checks.start(steps, f"Asking {name}…")
        self.changed.emit()

    def say_same(self) -> None:
        """The other account is the same shop."""
        self._same.setChecked(True)

    @property
    def may_save(self) -> bool:
        """True when the test is over and its question, if it had one, is answered."""
        return self.passed is not None and (not self._is_other or self._same.isChecked())

    @property
    def _is_other(self) -> bool:
        account = self.checks.account
        return bool(self._known and account and account != self._known)

    def _ended(self, passed: bool) -> None:
        self.passed = passed
        self._advice.setVisible(not passed)
        self._question.setVisible(self._is_other)
        self._other.setText(
            f"This signs in as {self.checks.account}. Up to now it was {self._known}. "
            "Rows that wait would be written there."
        )
        self.changed.emit()


class DonePage(QWidget):
    """It is saved; or it is saved but a secret is not, and what can be done about that."""

    again_asked = Signal()
    session_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._mark = IconMark("state_done", "success")
        self._title = label("", "name", wrap=True)
        self._text = label("", "muted", wrap=True)
        self._why = label("", "name", wrap=True)
        self._hint = label("", wrap=True)
        self._again = button("Try again")
        self._session = button("Keep for this session only", "primary")
        self._again.clicked.connect(self.again_asked)
        self._session.clicked.connect(self.session_asked)
        self._trouble = _box("warning_box", [self._why, self._hint])
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._session)
        row.addWidget(self._again)
        row.addStretch(1)
        layout = self._trouble.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addLayout(row)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 4, MARGIN, 20)
        column.setSpacing(14)
        column.addLayout(head)
        column.addWidget(self._text)
        column.addWidget(self._trouble)
        column.addStretch(1)

    @property
    def text(self) -> str:
        """What stands below the title."""
        return self._text.text()

    def show_saved(self, name: str, text: str) -> None:
        """All is kept."""
        self._mark.set_icon("state_done", "success", "Done")
        self._title.setText(f"{name} is connected")
        self._text.setText(text)
        self._trouble.hide()

    def show_trouble(self, name: str, secrets: Named, said: Trouble) -> None:
        """Stored, but the secrets are not."""
        self._mark.set_icon("state_failed", "warning", "Not finished")
        self._title.setText(f"{name} is saved, its {secrets.text} {secrets.verb} not")
        self._text.setText("Nothing is sent until it has one. It is never written to a file.")
        self._why.setText(said.summary)
        self._hint.setText(
            f"{said.hint} Or keep it for this session only: Backhaul asks again after the next "
            "start."
        )
        self._trouble.show()
        self.set_busy(False)

    def set_busy(self, busy: bool) -> None:
        """While the password store is asked."""
        self._again.setText("Asking…" if busy else "Try again")
        self._again.setEnabled(not busy)
        self._session.setEnabled(not busy)

    def focus_first(self) -> None:
        """The keyboard at the likeliest answer."""
        self._session.setFocus()


class AccessPanel(QFrame):
    """What a connection may read and write."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._reads, self._writes = label(wrap=True), label(wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(4)
        column.addWidget(label("What it may read and write", "name"))
        column.addWidget(self._reads)
        column.addWidget(self._writes)

    def show_access(self, access: Access) -> None:
        """Other settings."""
        self._reads.setText(f"Reads: {access.reads or 'nothing'}")
        self._writes.setText(f"Writes: {access.writes or 'nothing'}")


def _box(role: str, parts: Iterable[QWidget]) -> QFrame:
    box = frame(role)
    column = QVBoxLayout(box)
    column.setContentsMargins(14, 12, 14, 12)
    column.setSpacing(8)
    for part in parts:
        column.addWidget(part)
    return box
