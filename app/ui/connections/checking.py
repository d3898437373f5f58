"""A connection test as it goes on: each line appears when it is known."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.errors import BackhaulError
from app.services.connection_setup import CheckStep, Found, is_failed
from app.services.wording import Wordsmith
from app.ui.bridge import Bridge
from app.ui.connections.marks import IconMark
from app.ui.connections.said import Trouble, trouble
from app.ui.widgets import label

Steps = Callable[[], Iterator[Found]]

_MARKS = {
    True: ("state_done", "success", "Passed"),
    False: ("state_failed", "danger", "Failed"),
    None: ("state_doubt", "doubt", "Could not be checked"),
}


class CheckRun(QObject):
    """Runs one test on another thread and tells each line on the window's."""

    came = Signal(object)
    ended = Signal()
    broke = Signal(object)

    def __init__(self, bridge: Bridge, steps: Steps, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._steps = steps
        self._is_over = False

    def start(self) -> None:
        """Begin."""
        self._bridge.run_in_background(self._walk, self._done, self._failed)

    def cancel(self) -> None:
        """Tell nothing more; what is under way ends unheard."""
        self._is_over = True

    def _walk(self) -> None:
        for found in self._steps():
            if self._is_over or not isValid(self):
                return
            self.came.emit(found)

    def _done(self, _: None) -> None:
        if not self._is_over:
            self.ended.emit()

    def _failed(self, error: Exception) -> None:
        if not self._is_over:
            self.broke.emit(error)


class CheckList(QWidget):
    """The lines of a test; below them what came of it."""

    ended = Signal(bool)  # True: nothing failed

    def __init__(self, bridge: Bridge, wordsmith: Wordsmith) -> None:
        super().__init__()
        self._bridge = bridge
        self._wordsmith = wordsmith
        self._run: CheckRun | None = None
        self.found: list[Found] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(10)
        self._verdict = label("", "name", wrap=True)
        self._verdict.setObjectName("verdict")
        self._busy = _Line("state_sending", "accent", "Under way", "", "")
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
        self.found = []
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
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

    @property
    def is_running(self) -> bool:
        """True until the last line is known."""
        return self._run is not None

    @property
    def account(self) -> str:
        """Whom the remote took us for; empty when it did not say."""
        steps = [one for one in self.found if isinstance(one, CheckStep)]
        return next((step.account for step in steps if step.account), "")

    @Slot(object)
    def _came(self, found: Found) -> None:
        self.found.append(found)
        if isinstance(found, BackhaulError):
            self._add_trouble(trouble(self._wordsmith, found))
        else:
            self._add(_Line(*_MARKS[found.passed], found.title, found.text))

    @Slot()
    def _done(self) -> None:
        self._run = None
        failed = sum(is_failed(one) for one in self.found)
        unsure = sum(isinstance(one, CheckStep) and one.passed is None for one in self.found)
        self._end(_verdict(len(self.found), failed, unsure), not failed)

    @Slot(object)
    def _broke(self, error: Exception) -> None:
        self._run = None
        self._add_trouble(trouble(self._wordsmith, error))
        self._end("The test ended before it was through.", False)

    def _end(self, text: str, passed: bool) -> None:
        self._busy.hide()
        self._verdict.setText(text)
        self._verdict.show()
        self.ended.emit(passed)

    def _add_trouble(self, said: Trouble) -> None:
        self._add(_Line(*_MARKS[False], said.summary, said.hint))

    def _add(self, line: "_Line") -> None:
        self._lines.addWidget(line)


class _Line(QWidget):
    """Mark, title, and what was found."""

    def __init__(self, icon: str, token: str, meaning: str, title: str, text: str) -> None:
        super().__init__()
        mark = IconMark(icon, token)
        mark.setAccessibleName(meaning)
        self._title: QLabel = label(title, wrap=True)
        self.setAccessibleName(f"{meaning}: {title}. {text}")
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._title)
        if text:
            column.addWidget(label(text, "small", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)

    def set_title(self, text: str) -> None:
        """Another title."""
        self._title.setText(text)


def _verdict(count: int, failed: int, unsure: int) -> str:
    if failed:
        return f"{failed} of {count} did not pass." if count > 1 else "It did not pass."
    if unsure:
        return f"{count - unsure} passed, {unsure} could not be checked."
    return f"All {count} passed." if count > 1 else "It passed."
