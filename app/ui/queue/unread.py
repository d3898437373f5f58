"""What could not be read: old rows stay and say how old they are; it is tried again by itself."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.core.errors import BackhaulError
from app.services.program import Program
from app.ui.queue.layout import ManagerLayout
from app.ui.times import ago
from app.ui.widgets import AskStrip

_ROWS, _NUMBERS = "rows", "numbers"
_AGAIN_MS = 5000
_STOPPED, _WAITING = ("state_failed", "danger"), ("state_waiting", "muted")


class Unread(QObject):
    """Above the old rows a line with "Try again"; where no list was ever read, in its place."""

    again = Signal()

    def __init__(self, parts: ManagerLayout, program: Program) -> None:
        super().__init__(parts)
        self._parts, self._program = parts, program
        self._missing: set[str] = set()
        self._read_at: int | None = None  # ms; when the rows were as they are shown
        self._why = ""
        self._strip: AskStrip | None = None
        self._timer = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._timer.timeout.connect(self.again)

    @property
    def in_place(self) -> bool:
        """True while it stands in the place of the list."""
        return _ROWS in self._missing and self._parts.model.is_loading

    @Slot()
    def rows_came(self) -> None:
        """The rows are as they are shown."""
        self._read_at = self._program.clock.now_ms()
        self._came(_ROWS)

    @Slot()
    def numbers_came(self) -> None:
        """So are counts and connections."""
        self._came(_NUMBERS)

    @Slot(object)
    def rows_failed(self, error: Exception) -> None:
        """The rows could not be read."""
        self._failed(_ROWS, error)

    @Slot(object)
    def numbers_failed(self, error: Exception) -> None:
        """Counts or connections could not."""
        self._failed(_NUMBERS, error)

    def _came(self, part: str) -> None:
        if part in self._missing:
            self._missing.discard(part)
            if not self._missing:
                self._timer.stop()
                if self._strip is not None:
                    self._strip.hide()

    def _failed(self, part: str, error: Exception) -> None:
        if not isinstance(error, BackhaulError):
            raise error
        self._missing.add(part)
        said = self._program.wordsmith.say(error.code, error.params)
        self._why = f"{said.summary}. {said.hint}".strip()
        self._timer.start()
        if self._parts.model.is_loading:
            text = "The write-backs cannot be read"
            self._parts.instead.show_text(text, self._why, "Try again", _STOPPED)
            self._parts.show_instead()
            return
        if self._strip is None:
            self._strip = self._parts.trouble
            self._strip.press.clicked.connect(self.press)
        self._strip.press.setEnabled(True)
        self.tell_age()
        self._strip.show()

    @Slot()
    def tell_age(self) -> None:
        """How old the rows are by now."""
        if self._missing and self._strip is not None and self._read_at is not None:
            age = ago((self._program.clock.now_ms() - self._read_at) / 1000)
            self._strip.set_text(f"This is how it stood {age}; it cannot be read now. {self._why}")

    @Slot()
    def press(self) -> None:
        """A person wants another try."""
        if self._strip is not None:
            self._strip.press.setEnabled(False)
        if self.in_place:
            self._parts.instead.show_text("Reading again", "", "", _WAITING)
        self.again.emit()
