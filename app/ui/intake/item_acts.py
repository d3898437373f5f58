"""What a person does with items: settled, ignored, a carrier named, copied, their folder opened."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication

from app.core.carriers import BY_CODE
from app.services.program import Program
from app.ui.connections.desk import Desk
from app.ui.connections.said import trouble
from app.ui.intake.words import ItemLine, as_text, items_text
from app.ui.queue.bulk import Run
from app.ui.queue.toast import Toast

_AT_ONCE = 500
_TELL_MS = 200
_PUT_AWAY = ("", "done", "failed")  # where a file may lie that was read


class ItemActs(QObject):
    """One act at a time; it says what became of it in the bar at the foot of the page."""

    changed = Signal()  # items were closed
    busy_changed = Signal()
    running = Signal(object)  # Run: it takes long, and can be cancelled; None: it is over

    def __init__(self, desk: Desk, toast: Toast, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._toast = desk, toast
        self._run: Run | None = None
        self._tell = QTimer(self, singleShot=True, interval=_TELL_MS)
        self._tell.timeout.connect(self._tell_how_far)

    @property
    def is_busy(self) -> bool:
        """True while an act is under way."""
        return self._run is not None

    def settle(self, ids: Sequence[int], name: str = "") -> None:
        """A person saw to them; `name`: what a single one is called."""
        self._close(ids, self._desk.program.attention.resolve, ("Settling", "settled"), name)

    def ignore(self, ids: Sequence[int], name: str = "") -> None:
        """They are not wanted and do not come again."""
        self._close(ids, self._desk.program.attention.ignore, ("Ignoring", "ignored"), name)

    @Slot(int, str)
    def name_carrier(self, item_id: int, code: str) -> None:
        """That name means this carrier from now on."""
        service, actor = self._desk.program.attention, self._desk.actor
        self._begin(Run("Remembering", 1))

        def done(_: object) -> None:
            self._end(f"Remembered: it means {BY_CODE[code].name} from now on")

        self._desk.bridge.run_in_background(
            lambda: service.map_carrier(item_id, code, actor), done, self._failed
        )

    def copy(self, ids: Sequence[int]) -> None:
        """Their details to the clipboard, newest first."""
        if self.is_busy or not ids:
            return
        program, now = self._desk.program, self._desk.program.clock.now_ms()
        run = Run("Copying", len(ids))
        self._begin(run)

        def read() -> str:
            texts: list[str] = []
            for part in _parts(ids):
                texts += [as_text(one, now) for one in program.attention.some(part)]
                if not run.watch(run.through + len(part)):
                    return ""
            return "\n\n".join(texts)

        def done(text: str) -> None:
            if run.is_cancelled:
                self._end("Stopped: nothing was copied", has_changed=False)
                return
            QGuiApplication.clipboard().setText(text)
            self._end(f"Copied: {items_text(len(ids))}", has_changed=False)

        self._desk.bridge.run_apart(read, done, self._failed)

    def open_place(self, line: ItemLine) -> None:
        """The folder in which the file of an item lies, in the desktop's file manager."""
        program, item = self._desk.program, line.item.item

        def done(place: Path | None) -> None:
            if place is None:
                self._toast.say(f"{Path(item.file).name} and its folder are not there any more")
            elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(place))):
                self._toast.say(f"No program opens folders here. It lies in {place}")

        self._desk.bridge.run_apart(
            lambda: place_of(program, item.source, item.file), done, self._failed
        )

    def _close(
        self,
        ids: Sequence[int],
        act: Callable[[Sequence[int], str], list[int]],
        words: tuple[str, str],
        name: str,
    ) -> None:
        if self.is_busy or not ids:
            return
        run, actor = Run(words[0], len(ids)), self._desk.actor
        self._begin(run)

        def work() -> int:
            closed = 0
            for part in _parts(ids):
                closed += len(act(part, actor))
                if not run.watch(run.through + len(part)):
                    break
            return closed

        def done(closed: int) -> None:
            was_before, untouched = run.through - closed, run.total - run.through
            said = f"{name if name and closed else items_text(closed)}: {words[1]}"
            said += f". {items_text(was_before)} closed before" if was_before else ""
            said += f". Stopped: {items_text(untouched)} left as before" if untouched else ""
            self._end(said)

        self._desk.bridge.run_apart(work, done, self._failed)

    def _begin(self, run: Run) -> None:
        self._run = run
        self._tell.start()
        self.busy_changed.emit()

    def _end(self, text: str, *, has_changed: bool = True) -> None:
        self._run = None
        self._tell.stop()
        self.running.emit(None)
        self._toast.say(text)
        self.busy_changed.emit()
        if has_changed:
            self.changed.emit()

    @Slot()
    def _tell_how_far(self) -> None:
        """It takes long enough for a person to wonder."""
        run = self._run
        if run is not None and run.total > 1:
            self.running.emit(run)
        elif run is not None:
            self._toast.say(f"{run.doing}…", stays=True)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._end(trouble(self._desk.program.wordsmith, error).text)


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), _AT_ONCE):
        yield ids[first : first + _AT_ONCE]


def place_of(program: Program, source: str, file: str) -> Path | None:
    """The folder where a file lies now, or lay; None: that is gone too. Not on the GUI thread."""
    path = Path(file)
    if path.is_absolute():
        return path.parent if path.parent.is_dir() else None
    for one in program.folders.all():
        if one.folder.source == source:
            home = Path(one.folder.path)
            for below in _PUT_AWAY:
                if (home / below / path).is_file():
                    return home / below
            return home if home.is_dir() else None
    return None
