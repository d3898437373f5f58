"""The rows listed now, in their order, as a CSV file: asked for, followed, stopped, shown."""

from pathlib import Path

from PySide6.QtCore import QDate, QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.whole_file import write_whole
from app.ui.connections.desk import Desk
from app.ui.connections.said import trouble
from app.ui.orders.change_dialog import orders_text
from app.ui.orders.reads import Wanted
from app.ui.queue.bulk import Run

_FILTERS = "Spreadsheet (*.csv);;All files (*)"


class Export(QObject):
    """One at a time."""

    running = Signal(object)  # the Run; None: it is over
    done = Signal(str)
    failed = Signal(str)
    stopped = Signal(str)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        self._run: Run | None = None
        self.dialog: QFileDialog | None = None
        self.target: Path | None = None

    @property
    def is_busy(self) -> bool:
        """True while a file is written."""
        return self._run is not None

    def ask(self, wanted: Wanted, total: int) -> None:
        """Ask for the file, then write it."""
        if self._run is not None or self.dialog is not None:
            return
        name = f"orders-{QDate.currentDate().toString('yyyy-MM-dd')}.csv"
        dialog = QFileDialog(self._window.window(), "Export orders", name, _FILTERS)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda file: self.write(Path(file), wanted, total))
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def write(self, target: Path, wanted: Wanted, total: int) -> None:
        """Write it aside; it appears whole or not at all."""
        if self._run is not None:
            return
        self._run = run = Run("Exporting", total)
        self.target = target
        self.running.emit(run)
        view = self._desk.program.orders

        def watch(done: int, total: int) -> bool:
            run.total = total
            return run.watch(done)

        def work() -> bool:
            parts = view.export(wanted.filter, wanted.sort, watch)
            return write_whole(target, parts, lambda: not run.is_cancelled)

        def over(is_there: bool) -> None:
            self._end()
            if is_there:
                self.done.emit(f"{orders_text(run.through)} exported to {target.name}")
            else:
                self.stopped.emit("Stopped: no file was written.")

        self._desk.bridge.run_apart(work, over, self._not_written)

    def cancel(self) -> None:
        """The page goes."""
        if self._run is not None:
            self._run.cancel()

    @Slot()
    def show_folder(self) -> None:
        """Where the file lies, in the desktop's file manager."""
        if self.target is None:
            return
        place = self.target.parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(place))):
            self.failed.emit(f"No program opens folders here. It lies in {place}")

    def _not_written(self, error: Exception) -> None:
        self._end()
        if isinstance(error, OSError):
            self.failed.emit(
                f"{self.target} cannot be written: {error.strerror}. Choose another place."
            )
        else:
            self.failed.emit(trouble(self._desk.program.wordsmith, error).text)

    def _end(self) -> None:
        self._run = None
        self.running.emit(None)

    def _closed(self, _: int) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
