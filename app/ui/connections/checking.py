"""A connection test as it goes on: each line appears when it is known."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.errors import BackhaulError
from app.services.connection_setup import CheckStep, Found, is_failed
from app.services.wording import Wordsmith
from app.ui.bridge import Bridge
from app.ui.connections.check_run import CheckRun, Steps, Timed
from app.ui.connections.marks import IconMark
from app.ui.connections.said import Trouble, trouble
from app.ui.widgets import label

_MARKS = {
    True: ("state_done", "success", "Passed"),
    False: ("state_failed", "danger", "Failed"),
    None: ("state_doubt", "doubt", "Could not be checked"),
}
_PLAIN = {True: "ok", False: "FAILED", None: "not checked"}
_RESULT_WIDTH = 84


class CheckList(QWidget):
    """The lines of a test; below them what came of it."""

    ended = Signal(bool)  # True: nothing failed
    line_added = Signal()

    def __init__(self, bridge: Bridge, wordsmith: Wordsmith) -> None:
        super().__init__()
        self._bridge = bridge
        self._wordsmith = wordsmith
        self._run: CheckRun | None = None
        self.found: list[Found] = []
        self._told: list[str] = []
        self._took_s = 0.0
        self._was_stopped = False
        self._lines = QVBoxLayout()
        self._lines.setSpacing(10)
        self._verdict = label("", "name", wrap=True)
        self._verdict.setObjectName("verdict")
        self._busy = _Line("state_sending", "accent", "Under way", "")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        whole.addLayout(self._lines)
        whole.addWidget(self._busy)
        whole.addWidget(self._verdict)
        whole.addStretch(1)

    def start(self, steps: Steps, busy: str) -> None:
        """Run a test from its beginning; `busy` says what is asked."""
        self.stop()
        self.found, self._told, self._took_s = [], [], 0.0
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._was_stopped = False
        self._verdict.hide()
        self._busy.set_title(busy)
        self._busy.show()
        self._run = CheckRun(self._bridge, steps, self)
        self._run.came.connect(self._came)
        self._run.ended.connect(self._done)
        self._run.broke.connect(self._broke)
        self._run.start()

    def stop(self) -> None:
        """Hear no more of the test that runs."""
        if self._run is not None:
            self._run.cancel()
            self._run = None

    def end_early(self, busy: str) -> None:
        """End after the line that is under way; `busy` says so until what was changed is back."""
        if self._run is not None:
            self._was_stopped = True
            self._busy.set_title(busy)
            self._run.stop()

    @property
    def is_running(self) -> bool:
        """True until the last line is known."""
        return self._run is not None

    @property
    def as_text(self) -> str:
        """Every line as the command line shows it, and what came of it."""
        verdict = [self._verdict.text()] if self._verdict.isVisibleTo(self) else []
        return "\n".join([*self._told, *verdict])

    @property
    def account(self) -> str:
        """Whom the remote took us for; empty when it did not say."""
        steps = [one for one in self.found if isinstance(one, CheckStep)]
        return next((step.account for step in steps if step.account), "")

    @Slot(object)
    def _came(self, timed: Timed) -> None:
        found = timed.found
        self.found.append(found)
        self._took_s += timed.took_s
        took = _span(timed.took_s)
        if isinstance(found, BackhaulError):
            self._add_trouble(trouble(self._wordsmith, found), took)
        else:
            self._add(found.passed, found.title, found.text, took)

    @Slot()
    def _done(self) -> None:
        self._run = None
        failed = sum(is_failed(one) for one in self.found)
        unsure = sum(isinstance(one, CheckStep) and one.passed is None for one in self.found)
        verdict = _verdict(len(self.found), failed, unsure)
        if self._was_stopped:
            verdict = f"Stopped by you. {verdict}"
        self._end(f"{verdict[:-1]}, in {_span(self._took_s)}.", not failed)

    @Slot(object)
    def _broke(self, error: Exception) -> None:
        self._run = None
        self._add_trouble(trouble(self._wordsmith, error), "")
        self._end("The test ended before it was through.", False)

    def _end(self, text: str, passed: bool) -> None:
        self._busy.hide()
        self._verdict.setText(text)
        self._verdict.show()
        self.ended.emit(passed)

    def _add_trouble(self, said: Trouble, took: str) -> None:
        self._add(False, said.summary, said.hint, took)

    def _add(self, passed: bool | None, title: str, text: str, took: str) -> None:
        self._lines.addWidget(_Line(*_MARKS[passed], title, text, took))
        self._told.append(f"{_PLAIN[passed]:<11}  {title}" + (f": {text}" if text else ""))
        self.line_added.emit()


class _Line(QWidget):
    """Mark, title, what was found; at the right the result in words and how long it took."""

    def __init__(
        self, icon: str, token: str, meaning: str, title: str, text: str = "", took: str = ""
    ) -> None:
        super().__init__()
        mark = IconMark(icon, token)
        mark.setAccessibleName(meaning)
        self._title: QLabel = label(title, wrap=True)
        spoken = f"{meaning}: {title}. {text}".strip()
        self.setAccessibleName(f"{spoken} ({took})" if took else spoken)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._title)
        if text:
            column.addWidget(label(text, "small", wrap=True))
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        if took:
            row.addLayout(_result(meaning, token, took))

    def set_title(self, text: str) -> None:
        """Another title."""
        self._title.setText(text)
        self.setAccessibleName(f"Under way: {text}")


def _result(meaning: str, token: str, took: str) -> QVBoxLayout:
    right = Qt.AlignmentFlag.AlignRight
    column = QVBoxLayout()
    column.setSpacing(2)
    for text, role in ((_SHORT.get(meaning, meaning), token), (took, "small")):
        one = label(text, role)
        one.setMinimumWidth(_RESULT_WIDTH)
        one.setAlignment(right)
        column.addWidget(one, 0, right)
    column.addStretch(1)
    return column


_SHORT = {"Could not be checked": "Not checked"}


def _span(seconds: float) -> str:
    """ "12 ms" or "1.4 s"."""
    if seconds < 0.001:
        return "under 1 ms"  # known with the line before
    return f"{seconds * 1000:.0f} ms" if seconds < 0.9995 else f"{seconds:.1f} s"


def _verdict(count: int, failed: int, unsure: int) -> str:
    if failed:
        return f"{failed} of {count} did not pass." if count > 1 else "It did not pass."
    if unsure:
        return f"{count - unsure} passed, {unsure} could not be checked."
    return f"All {count} passed." if count > 1 else "It passed."
