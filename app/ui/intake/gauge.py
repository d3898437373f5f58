"""How far a file is: rows, a bar, a rate and the time left, at most ten times a second."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from app.ui.queue.bulk import Run
from app.ui.widgets import ElidedLabel, label

_APART_MS = 100
_IDLE_MS = 1500
_LOST_MS = 120_000  # without a sign for so long it is not being read any more


class Gauge(QWidget):
    """Hidden while nothing is read."""

    def __init__(self) -> None:
        super().__init__()
        self.file = ""
        self._run: Run | None = None
        self._text = ElidedLabel()
        self._pace = label("", "small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for one in (self._text, self._bar, self._pace):
            column.addWidget(one)
        self._next = QTimer(self, singleShot=True, interval=_APART_MS)
        self._next.timeout.connect(self._paint)
        self._lost = QTimer(self, singleShot=True, interval=_LOST_MS)
        self._lost.timeout.connect(self.end)
        self.hide()

    @property
    def is_on(self) -> bool:
        """True while a file is being read."""
        return self._run is not None

    @property
    def is_idle(self) -> bool:
        """True when nothing was told for a while."""
        return self._lost.remainingTime() < _LOST_MS - _IDLE_MS

    @property
    def text(self) -> str:
        """ "orders.csv: 41,200 of 200,000 rows"."""
        run = self._run
        if run is None:
            return ""
        if not run.total:
            return f"{self.file}: looking through it"
        return f"{run.text()} rows"

    def tell(self, file: str, done: int, total: int) -> None:
        """So many rows are in; both 0: it is being looked through."""
        if self._run is None or self.file != file or self._run.total != total:
            self.file, self._run = file, Run(f"{file}:", total)
        self._run.watch(done)
        self._lost.start()
        if self.isHidden():
            self._paint()
            self.show()
        elif not self._next.isActive():
            self._next.start()

    @Slot()
    def end(self) -> None:
        """Nothing is read any more."""
        self._run = None
        self._lost.stop()
        self._next.stop()
        self.hide()

    def say(self, pace: str) -> None:
        """Something else in the place of the rate."""
        self._next.stop()
        self._pace.setText(pace)

    @Slot()
    def _paint(self) -> None:
        run = self._run
        if run is None:
            return
        self._text.set_text(self.text)
        self._bar.setAccessibleName(self.text)
        self._bar.setValue(round(1000 * run.through / run.total) if run.total else 0)
        self._pace.setText(run.pace() or " ")
