"""One sync task as a card: what it reads, how it stands, and the clock with what can be done."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.ui import icons, theme
from app.ui.cards import CARD_MARGIN, Card
from app.ui.connections.marks import IconMark, LampMark
from app.ui.sync.facts import TaskFacts
from app.ui.sync.gauge import ReadGauge
from app.ui.sync.task_menu import TaskAct, TaskMenu
from app.ui.widgets import button, label, set_box, set_property, when_dressed

_LABEL_WIDTH = 88
_LINE = 18
_ROWS = ("Reads", "Takes over", "Last run", "Result", "Next run")
_SKIPPED, _MODE = "Result", "Takes over"


class TaskCard(Card):
    """Shows `TaskFacts`; every press is a signal with the number of the route."""

    act_asked = Signal(int, object, object)  # TaskAct, and what it needs to know
    mend_asked = Signal(int, str)

    def __init__(self, facts: TaskFacts) -> None:
        super().__init__()
        self.facts = facts
        self._busy = ""
        self._lamp = LampMark()
        self._name, self._chip = label("", "name", wrap=True), label("Practice", "practice_chip")
        self._word, self._line = label("", "name"), label("", "muted", wrap=True)
        self.gauge = ReadGauge()
        self._values = {name: label("", wrap=True) for name in _ROWS}
        self._titles = {name: label(name, "muted") for name in _ROWS}
        self.skipped = button("", "inline")
        self.skipped.clicked.connect(lambda: self._ask(TaskAct.SKIPPED))
        self._make_box()
        self._make_clock()
        self.sync = button("Sync now")
        self.sync.clicked.connect(lambda: self._ask(TaskAct.NOW))
        self.buttons = (self.clock, self.mend, self.skipped, self.sync)
        self._lay_out()
        self.show_facts(facts)

    def show_facts(self, facts: TaskFacts) -> None:
        """Another state of the same task; nothing is built anew."""
        before, self.facts = self.facts, facts
        if before == facts and self._word.text() and not self._busy:
            return
        is_practice = facts.seen.is_practice
        set_property(self, "role", "practice_panel" if is_practice else "panel")
        self._chip.setVisible(is_practice)
        self._name.setText(facts.name)
        self._lamp.set_lamp(facts.lamp)
        self._word.setText(self._busy or facts.word)
        state = ", ".join(filter(None, (facts.line, facts.left)))
        self._line.setText("" if self._busy else state)
        self.setAccessibleName(f"{facts.name}: {facts.word} {facts.line}".strip())
        self.gauge.show_progress(facts.progress_text, facts.progress)
        self._show_values(facts)
        self._show_box(facts)
        for press, text in ((self.clock, "What can be done"), (self.sync, "Sync now")):
            press.setAccessibleName(f"{text}: {facts.name}")
        self.sync.setEnabled(not self._busy)
        self.fit_soon()

    def show_busy(self, text: str) -> None:
        """A press was taken: say so; empty: it is through."""
        self._busy = text
        self._word.setText("")  # it is shown anew
        self.show_facts(self.facts)

    @Slot()
    def open_menu(self) -> None:
        """Below the clock."""
        self._popup(self.clock.mapToGlobal(QPoint(0, self.clock.height() + 2)))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._popup(event.globalPos())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._dress)

    def _popup(self, at: QPoint) -> None:
        menu = TaskMenu(self.facts, self)
        menu.chosen.connect(lambda act, more: self._ask(act, more))
        menu.popup(at)

    def _ask(self, act: TaskAct, more: object = None) -> None:
        self.act_asked.emit(self.facts.id, act, more)

    def _show_values(self, facts: TaskFacts) -> None:
        one = facts.seen.one
        texts = {
            "Reads": one.reads,
            "Takes over": one.mode_help,
            "Last run": facts.last_run,
            "Result": f"{facts.result}," if facts.result and facts.skipped else facts.result,
            "Next run": facts.next_run,
        }
        for name, text in texts.items():
            self._values[name].setText(text)
        for part in (self._titles[_MODE], self._values[_MODE]):
            part.setVisible(bool(one.mode_help))  # not everything that is read has modes
        self._values[_SKIPPED].setVisible(bool(facts.result))
        self.skipped.setVisible(bool(facts.skipped))
        self.skipped.setText(f"{facts.skipped:,} skipped")
        self.skipped.setAccessibleName(f"Show what was skipped: {facts.name}")

    def _show_box(self, facts: TaskFacts) -> None:
        self.box.setVisible(bool(facts.why))
        if not facts.why:
            return
        token = "danger" if facts.seen.needs_you else "warning"
        set_box(self.box, f"{token}_box")
        self._sign.set_icon("state_failed" if facts.is_failure else "state_doubt", token)
        self._why.setText(facts.why)
        self._hint.setText(facts.hint)
        self._hint.setVisible(bool(facts.hint))
        self._who.setText(f"Who must act: {facts.who}")
        self._who.setVisible(bool(facts.who))
        self.mend.setText(facts.mend_text)
        self.mend.setVisible(bool(facts.mend))
        self.mend.setAccessibleName(f"{facts.mend_text}: {facts.name}")
        self.mend.setEnabled(not self._busy)

    def _make_box(self) -> None:
        self._sign = IconMark("state_failed", "danger")
        self._why, self._hint, self._who = label("", "name", wrap=True), *_texts(2)
        self.mend = button("")
        self.mend.clicked.connect(lambda: self.mend_asked.emit(self.facts.id, self.facts.mend))
        column = QVBoxLayout()
        column.setSpacing(4)
        for text in (self._why, self._hint, self._who):
            column.addWidget(text)
        column.addSpacing(4)
        column.addWidget(self.mend, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self.box)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)

    def _make_clock(self) -> None:
        self.clock = QToolButton()
        self.clock.setProperty("kind", "row")
        self.clock.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clock.setIconSize(QSize(theme.ICON, theme.ICON))
        self.clock.setFixedSize(theme.BUTTON, theme.BUTTON)
        self.clock.setToolTip("Sync now, fetch, pause, edit")
        self.clock.clicked.connect(self.open_menu)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        self.clock.setIcon(icons.icon("state_waiting", "text"))

    def _lay_out(self) -> None:
        top = Qt.AlignmentFlag.AlignTop
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name, 1)
        head.addWidget(self._chip)
        head.addWidget(self.clock, 0, top)
        state = QHBoxLayout()
        state.setSpacing(8)
        state.addWidget(self._lamp)
        state.addWidget(self._word)
        state.addWidget(self._line, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(CARD_MARGIN, 10, 10, 14)
        whole.setSpacing(10)
        whole.addLayout(head)
        inner = QVBoxLayout()
        inner.setContentsMargins(0, 0, CARD_MARGIN - 10, 0)
        inner.setSpacing(10)
        inner.addLayout(state)
        inner.addWidget(self.box)
        inner.addWidget(self.gauge)
        inner.addLayout(self._grid())
        inner.addStretch(1)
        inner.addWidget(self.sync, 0, Qt.AlignmentFlag.AlignLeft)
        whole.addLayout(inner, 1)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        grid.setHorizontalSpacing(12)
        grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for number, (name, value) in enumerate(self._values.items()):
            title = self._titles[name]
            title.setBuddy(value)
            grid.addWidget(title, number, 0, top)
            grid.addWidget(self._with_link(value) if name == _SKIPPED else value, number, 1, top)
        return grid

    def _with_link(self, value: QLabel) -> QWidget:
        value.setWordWrap(False)
        value.setMinimumHeight(_LINE)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(value)
        row.addWidget(self.skipped)
        row.addStretch(1)
        return whole


def _texts(count: int) -> list[QLabel]:
    return [label("", wrap=True) for _ in range(count)]
