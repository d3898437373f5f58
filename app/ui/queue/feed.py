"""What the page shows beside its rows, read aside when something changed, never too often."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.program import Program
from app.ui.bridge import Bridge

_ROWS_MS = 120
_NUMBERS_MS = 400
_AFTER_ROWS_MS = 15


class Feed(QObject):
    """Turns events of the program into at most a few reads per second."""

    rows_changed = Signal()
    counts = Signal(object)  # Counts
    statuses = Signal(object)  # list of ConnectionStatus
    failed = Signal(object)

    def __init__(self, program: Program, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._program = program
        self._bridge = bridge
        self._reading: set[str] = set()
        self._again: set[str] = set()
        self._rows = QTimer(self, singleShot=True, interval=_ROWS_MS)
        self._rows.timeout.connect(self.rows_changed)
        self._numbers = QTimer(self, singleShot=True, interval=_NUMBERS_MS)
        self._numbers.timeout.connect(self.read_numbers)
        for signal in (
            bridge.job_changed,
            bridge.jobs_added,
            bridge.connection_changed,
            bridge.store_changed,
            bridge.clock_jumped,
        ):
            signal.connect(self.something_changed)

    @property
    def is_quiet(self) -> bool:
        """True while nothing is read and nothing is about to be."""
        return not (self._reading or self._rows.isActive() or self._numbers.isActive())

    @Slot()
    def something_changed(self) -> None:
        """Read again soon."""
        if not self._rows.isActive():
            self._rows.start()
        if not self._numbers.isActive():
            self._numbers.start()

    @Slot()
    def begin(self) -> None:
        """The first rows are there: the numbers once those are painted."""
        self._numbers.start(_AFTER_ROWS_MS)
        self._numbers.setInterval(_NUMBERS_MS)

    @Slot()
    def read_numbers(self) -> None:
        """Counts, and how the connections stand."""
        page = self._program.queue_page
        self._read("counts", page.counts, self.counts.emit)
        self._read("statuses", self._program.overview.all, self.statuses.emit)

    def _read(
        self, name: str, work: Callable[[], object], tell: Callable[[object], object]
    ) -> None:
        """One read of a kind at a time; asked meanwhile, it is done once more."""
        if name in self._reading:
            self._again.add(name)
            return
        self._reading.add(name)

        def over() -> None:
            self._reading.discard(name)
            if name in self._again:
                self._again.discard(name)
                self._read(name, work, tell)

        def done(found: object) -> None:
            tell(found)
            over()

        def failed(error: Exception) -> None:
            over()
            self.failed.emit(error)

        self._bridge.run_in_background(work, done, failed)
