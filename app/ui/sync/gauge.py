"""How far a reading is: words, a bar, a rate and the time left."""

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from app.services.routes import Progress
from app.ui.queue.bulk import Run
from app.ui.widgets import label


class ReadGauge(QWidget):
    """Hidden while nothing is read."""

    def __init__(self) -> None:
        super().__init__()
        self._run: Run | None = None
        self._text, self._pace = label("", wrap=True), label("", "small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for one in (self._text, self._bar, self._pace):
            column.addWidget(one)
        self.hide()

    @property
    def share(self) -> int:
        """How much of the bar is full, in thousandths."""
        return self._bar.value()

    def show_progress(self, text: str, progress: Progress | None) -> None:
        """So far; None: nothing is read now."""
        self.setVisible(progress is not None)
        if progress is None:
            self._run = None
            return
        done, left = progress.done, progress.left
        total = done + (left or 0)
        if self._run is None or done < self._run.through:
            self._run = Run("", total)
        self._run.total = total
        self._run.watch(done)
        self._text.setText(text)
        self._bar.setVisible(left is not None)
        self._bar.setAccessibleName(text)
        self._bar.setValue(round(1000 * done / total) if total else 0)
        pace = self._run.pace() if left else ""
        self._pace.setText(pace)
        self._pace.setVisible(bool(pace))
