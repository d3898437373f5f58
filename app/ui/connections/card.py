"""One connection as a card: how it stands, what it may do, and what a person can do with it."""

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QVBoxLayout,
)

from app.ui.cards import CARD_MARGIN, Card
from app.ui.connections.facts import Facts, Mend
from app.ui.connections.marks import IconMark, LampMark
from app.ui.widgets import button, label, set_property

PAUSES = (("30 minutes", 1800), ("1 hour", 3600), ("Until resumed", 0))
"""Words and seconds; 0: until a person resumes."""

_MENDS = {Mend.TRY: "Try again", Mend.SIGN_IN: "Sign in again", Mend.UNLOCK: "Unlock"}
_LABEL_WIDTH = 104
_LINE = 18


class ConnectionCard(Card):
    """Shows `Facts`; every press is a signal with the connection's number."""

    test_asked = Signal(int)
    pause_asked = Signal(int, int)  # seconds; 0: until resumed
    resume_asked = Signal(int)
    edit_asked = Signal(int)
    remove_asked = Signal(int)
    mend_asked = Signal(int, str)
    rows_asked = Signal(int)
    sync_asked = Signal(int)

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self._id = facts.connection.id
        self._facts = facts
        self._is_busy = self._may_end = self._was_shown = False
        self._lamp = LampMark()
        self._name = label("", "name", wrap=True)
        self._system = label("", "muted")
        self._chip = label("Practice", "practice_chip")
        self._word = label("", "name")
        self._line = label("", "muted", wrap=True)
        self._values = {name: label("", wrap=True) for name in _ROWS}
        self._rows = button("", "inline")
        self._rows.clicked.connect(lambda: self.rows_asked.emit(self._id))
        self._orders = button("Read its orders…", "inline")
        self._orders.clicked.connect(lambda: self.sync_asked.emit(self._id))
        self._make_box()
        self._make_buttons()
        self.buttons = (
            self._mend, self._rows, self._orders, self._test, self._pause, self._edit, self._remove
        )  # fmt: skip
        self._lay_out()
        self.show_facts(facts)

    def show_facts(self, facts: Facts, *, is_news: bool = True) -> None:
        """Another state of the same connection; nothing is built anew. `is_news`: it was read
        now, and not only made words of once more; only that ends what a press began."""
        before, self._facts = self._facts, facts
        if self._is_busy and not (self._may_end and is_news):
            return
        if facts == before and not self._is_busy and self._was_shown:
            return
        self._is_busy = self._may_end = False
        self._was_shown = True
        connection = facts.connection
        set_property(self, "role", "practice_panel" if connection.is_practice else "panel")
        self.setAccessibleName(f"Connection {connection.name}: {facts.word} {facts.line}".strip())
        self._name.setText(connection.name)
        self._system.setText(facts.system)
        self._chip.setVisible(connection.is_practice)
        self._lamp.set_lamp(facts.lamp)
        self._word.setText(facts.word)
        self._line.setText(", ".join(filter(None, (facts.line, facts.left))))
        self._show_values(facts)
        self._show_box(facts)
        self._show_buttons(facts)
        self.fit_soon()

    def show_busy(self, text: str) -> None:
        """A press was taken: say so, and take no second one until it is through."""
        self._is_busy, self._may_end = True, False
        self._word.setText(text)
        self._line.setText("")
        self._show_buttons(self._facts)

    @Slot(str)
    def show_why_busy(self, text: str) -> None:
        """What holds it up, behind the word."""
        if self._is_busy:
            self._line.setText(text)
            self.fit_soon()

    def end_busy(self) -> None:
        """It is through: the facts that are read next are shown."""
        self._may_end = True

    @property
    def facts(self) -> Facts:
        """What it shows."""
        return self._facts

    def _show_values(self, facts: Facts) -> None:
        texts = {
            "Last write-back": facts.last_success,
            "May read": facts.reads or "Nothing",
            "May write": facts.writes or "Nothing",
            "Last test": facts.tested,
        }
        for name, text in texts.items():
            self._values[name].setText(text)
        set_property(
            self._values["Last test"], "role", "danger" if facts.test_passed is False else ""
        )
        self._show_waiting(facts)

    def _show_waiting(self, facts: Facts) -> None:
        waiting = self._values["Waiting"]
        parts = [f"{facts.waiting:,} waiting"] if facts.waiting else []
        parts += (
            [f"{facts.needs_you:,} {'needs' if facts.needs_you == 1 else 'need'} you"]
            if facts.needs_you
            else []
        )
        waiting.setText("" if parts else "None")
        waiting.setVisible(not parts)
        self._rows.setText(", ".join(parts))
        self._rows.setAccessibleName(
            f"Show the rows of {facts.connection.name}: {', '.join(parts)}"
        )
        self._rows.setVisible(bool(parts))

    def _show_box(self, facts: Facts) -> None:
        self.box.setVisible(facts.is_stopped)
        if not facts.is_stopped:
            return
        self._why.setText(facts.why)
        self._who.setText(f"Who must act: {facts.who}" if facts.who else "")
        self._who.setVisible(bool(facts.who))
        self._hint.setText(facts.hint)
        self._hint.setVisible(bool(facts.hint))
        self._mend.setText(_MENDS[facts.mend])
        self._mend.setAccessibleName(f"{_MENDS[facts.mend]}: {facts.connection.name}")

    def _show_buttons(self, facts: Facts) -> None:
        name, free = facts.connection.name, not self._is_busy
        self._orders.setVisible(facts.offers_orders)
        self._orders.setAccessibleName(f"Read the orders of {name}")
        for made, text in (
            (self._test, "Test"), (self._edit, "Edit"), (self._remove, "Remove"),
        ):  # fmt: skip
            made.setAccessibleName(f"{text} {name}")
            made.setEnabled(free)
        self._mend.setEnabled(free)
        self._pause.setText("Resume" if facts.is_paused else "Pause…")
        self._pause.setAccessibleName(f"Resume {name}" if facts.is_paused else f"Pause {name}")
        self._pause.setEnabled(free)

    @Slot()
    def _pause_or_resume(self) -> None:
        if self._facts.is_paused:
            self.resume_asked.emit(self._id)
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, seconds in PAUSES:
            menu.addAction(text).triggered.connect(
                lambda _=False, seconds=seconds: self.pause_asked.emit(self._id, seconds)
            )
        menu.popup(self._pause.mapToGlobal(QPoint(0, self._pause.height() + 2)))

    def _make_box(self) -> None:
        self._why, self._who, self._hint = label(wrap=True), label(wrap=True), label(wrap=True)
        self._why.setProperty("role", "name")
        self._mend = button("")
        self._mend.clicked.connect(lambda: self.mend_asked.emit(self._id, self._facts.mend.value))
        column = QVBoxLayout()
        column.setSpacing(4)
        for text in (self._why, self._hint, self._who):
            column.addWidget(text)
        row = QHBoxLayout(self.box)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(IconMark("state_failed", "danger"), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        column.addSpacing(4)
        column.addWidget(self._mend, 0, Qt.AlignmentFlag.AlignLeft)

    def _make_buttons(self) -> None:
        self._test, self._pause = button("Test"), button("Pause…")
        self._edit, self._remove = button("Edit"), button("Remove", "danger")
        self._test.clicked.connect(lambda: self.test_asked.emit(self._id))
        self._pause.clicked.connect(self._pause_or_resume)
        self._edit.clicked.connect(lambda: self.edit_asked.emit(self._id))
        self._remove.clicked.connect(lambda: self.remove_asked.emit(self._id))

    def _lay_out(self) -> None:
        self._name.setMinimumHeight(_LINE)
        self._values["Waiting"].setMinimumHeight(_LINE)  # as high as the link in its place
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name, 1)
        for made in (self._chip, self._system):
            head.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        state = QHBoxLayout()
        state.setSpacing(8)
        state.addWidget(self._lamp)
        state.addWidget(self._word)
        state.addWidget(self._line, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(CARD_MARGIN, 14, CARD_MARGIN, 14)
        whole.setSpacing(10)
        for part in (head, state):
            whole.addLayout(part)
        whole.addWidget(self.box)
        whole.addLayout(self._grid())
        whole.addWidget(self._orders, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addStretch(1)
        whole.addLayout(self._action_row())

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        grid.setHorizontalSpacing(12)
        grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for number, (name, value) in enumerate(self._values.items()):
            title: QLabel = label(name, "muted")
            title.setBuddy(value)
            grid.addWidget(title, number, 0, top)
            grid.addWidget(value, number, 1, top)
            if name == "Waiting":
                grid.addWidget(self._rows, number, 1, Qt.AlignmentFlag.AlignLeft)
        return grid

    def _action_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for made in (self._test, self._pause, self._edit):
            row.addWidget(made)
        row.addStretch(1)
        row.addWidget(self._remove)
        return row


_ROWS = ("Last write-back", "Waiting", "May read", "May write", "Last test")
