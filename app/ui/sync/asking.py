"""The short dialogs of a sync task: fetch from a date, fetch one order, remove."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.services.order_fetch import FetchedOrder
from app.ui.connections.desk import Desk
from app.ui.connections.dialog_frame import MARGIN, fit_height, lay_out
from app.ui.connections.marks import IconMark
from app.ui.connections.said import trouble
from app.ui.fields import TextField
from app.ui.sync.day_choice import DayChoice
from app.ui.sync.facts import TaskFacts
from app.ui.widgets import button, label

_WIDTH = 480
_DAYS = (
    ("1", "Since yesterday", ""),
    ("7", "The last 7 days", ""),
    ("30", "The last 30 days", ""),
)  # fmt: skip


class FetchFrom(QDialog):
    """Since when; `wanted` carries midnight of that day (ms)."""

    wanted = Signal(object)

    def __init__(self, desk: Desk, facts: TaskFacts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Fetch from date")
        self.days = DayChoice("Read again what was saved", _DAYS, desk.program.clock.now_ms())
        self.days.choose("7")
        more = label(
            "What is unchanged stays as it is, what is missing comes. New orders go first all the "
            "same.",
            "muted",
            wrap=True,
        )
        body = QVBoxLayout()
        body.setContentsMargins(MARGIN, 0, MARGIN, 12)
        body.setSpacing(12)
        body.addWidget(self.days)
        body.addWidget(more)
        cancel, fetch = button("Cancel"), button("Fetch", "primary")
        cancel.clicked.connect(self.reject)
        fetch.clicked.connect(self.accept)
        lay_out(self, f"{facts.name}: fetch from a date", body, [cancel, fetch])
        fetch.setDefault(True)
        self.accepted.connect(lambda: self.wanted.emit(self.days.since_ms))
        self.resize(_WIDTH, 260)
        fit_height(self)
        self.days.focus_first()


class FetchOne(QDialog):
    """Looks up one order after another; says of each what became of it."""

    fetched = Signal()

    def __init__(self, desk: Desk, facts: TaskFacts, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._route_id = desk, facts.id
        self._is_busy = False
        self.setWindowTitle("Fetch one order")
        self.number = TextField(
            "Order number",
            "",
            ["As the store shows it, with all its zeros. It may be older than the start date."],
            lambda text: "" if text.strip() else "Give the number of the order.",
        )
        self._mark = IconMark("state_done", "success")
        self.said, self._hint = label("", "name", wrap=True), label("", "muted", wrap=True)
        self._close, self.fetch = button("Close"), button("Fetch", "primary")
        self._close.clicked.connect(self.reject)
        self.fetch.clicked.connect(self._look_up)
        self._lay_out(facts)
        self.fetch.setDefault(True)
        self.number.setFocus()

    @Slot()
    def _look_up(self) -> None:
        if self._is_busy:
            return
        self.number.judge(strict=True)
        if not self.number.is_right:
            self.number.setFocus()
            return
        self._set_busy(True)
        program, route_id, number = self._desk.program, self._route_id, self.number.text()

        def work() -> list[FetchedOrder]:
            program.retirement.require_in_use()
            return program.order_fetch.fetch(route_id, number)

        self._desk.bridge.run_apart(work, self._found, self._not_found)

    @Slot(object)
    def _found(self, found: list[FetchedOrder]) -> None:
        self._set_busy(False)
        lines = []
        for one in found:
            view = f" (store view {one.order.store})" if len(found) > 1 else ""
            lines.append(f"{one.order.order_ref}{view}: {one.text}")
        is_bad = any(one.order.fault for one in found)
        is_taken = all(one.is_taken for one in found)
        look = ("state_failed", "danger") if is_bad else ("state_done", "success")
        if not is_bad and not is_taken:
            look = ("state_waiting", "muted")
        self._say(look, "\n".join(lines), " ".join({one.hint: 0 for one in found if one.hint}))
        self.fetched.emit()

    @Slot(object)
    def _not_found(self, error: Exception) -> None:
        self._set_busy(False)
        said = trouble(self._desk.program.wordsmith, error)
        self._say(("state_failed", "danger"), said.summary, said.hint)

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.fetch.setEnabled(not busy)
        self.fetch.setText("Asking…" if busy else "Fetch")
        if busy:
            self._say(("state_sending", "accent"), "Asking the store…", "")

    def _say(self, look: tuple[str, str], text: str, hint: str) -> None:
        self._mark.set_icon(*look)
        self._mark.show()
        self.said.setText(text)
        self.said.show()
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        fit_height(self)

    def _lay_out(self, facts: TaskFacts) -> None:
        answer = QHBoxLayout()
        answer.setSpacing(10)
        answer.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(self.said)
        texts.addWidget(self._hint)
        answer.addLayout(texts, 1)
        body = QVBoxLayout()
        body.setContentsMargins(MARGIN, 0, MARGIN, 12)
        body.setSpacing(14)
        body.addWidget(self.number)
        body.addLayout(answer)
        body.addStretch(1)
        for part in (self._mark, self.said, self._hint):
            part.hide()
        lay_out(self, f"{facts.name}: fetch one order", body, [self._close, self.fetch])
        self.resize(_WIDTH, 220)
        fit_height(self)


class RemoveTask(QDialog):
    """Asks, since how far it was read is forgotten with it."""

    def __init__(self, facts: TaskFacts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Remove {facts.name}")
        text = label("Nothing is read with it any more.", wrap=True)
        more = label(
            f"What was read stays. {facts.seen.one.connection} itself stays connected, and "
            "tracking numbers are written there as before.",
            "muted",
            wrap=True,
        )
        body = QVBoxLayout()
        body.setContentsMargins(MARGIN, 0, MARGIN, 8)
        body.setSpacing(8)
        body.addWidget(text)
        body.addWidget(more)
        keep, remove = button("Keep it"), button("Remove", "danger")
        remove.setAccessibleName(f"Remove {facts.name}")
        keep.clicked.connect(self.reject)
        remove.clicked.connect(self.accept)
        lay_out(self, f"Remove {facts.name}?", body, [keep, remove])
        self.resize(_WIDTH, 200)
        fit_height(self)
        keep.setFocus()
