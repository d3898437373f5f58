"""The Update button: every store is read now; what goes on and what came of it is told."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.routes import ORDERS, TaskInWords, TaskState
from app.ui.connections.desk import Desk
from app.ui.connections.said import trouble

_LOOK_MS = 500
_PATIENCE_MS = 20_000


class Update(QObject):
    """Told what the tasks are by `follow`, as often as they are read."""

    began = Signal()
    goes_on = Signal(str)  # how far it is
    done = Signal(str)
    failed = Signal(str)
    look_wanted = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._asked: dict[int, int | None] = {}  # route: when it ran before (ms)
        self._waited_ms = 0
        self.is_on = False
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._tick)

    @Slot()
    def press(self) -> None:
        """Read all of them now."""
        if self.is_on:
            return
        self.is_on, self._asked, self._waited_ms = True, {}, 0
        self.began.emit()
        program, actor = self._desk.program, self._desk.actor

        def work() -> dict[int, int | None]:
            asked = {}
            for one in program.routes.all():
                if one.task.route.purpose == ORDERS:
                    asked[one.task.route.id] = one.task.ran_at
                    program.routes.run_now(one.task.route.id, actor)
            return asked

        self._desk.bridge.run_in_background(work, self._was_asked, self._not_asked)

    @Slot(object)
    def follow(self, tasks: Sequence[TaskInWords]) -> None:
        """How the tasks stand now."""
        if not (self.is_on and self._asked):
            return
        mine = [one for one in tasks if one.task.route.id in self._asked]
        if any(one.state is TaskState.RUNNING for one in mine):
            self._waited_ms = 0
        open_ones = [one for one in mine if self._is_open(one)]
        if open_ones and self._waited_ms < _PATIENCE_MS:
            running = [one for one in open_ones if one.state is TaskState.RUNNING]
            self.goes_on.emit(f"{running[0].name}: {running[0].text}" if running else "")
            return
        self._end(mine, open_ones)

    def _is_open(self, one: TaskInWords) -> bool:
        """True while something is still to come."""
        if one.state is TaskState.RUNNING:
            return True
        if one.state is TaskState.PAUSED:
            return False
        return one.task.ran_at == self._asked[one.task.route.id]

    def _end(self, mine: Sequence[TaskInWords], open_ones: Sequence[TaskInWords]) -> None:
        self._stop()
        bad = (TaskState.FAILED, TaskState.HELD, TaskState.PAUSED)
        wrong = [one for one in mine if one.state in bad]
        if wrong:
            self.failed.emit(" ".join(f"{one.name}. {_sentence(one)}" for one in wrong))
        elif open_ones:
            names = ", ".join(one.name for one in open_ones)
            self.failed.emit(f"{names}: asked for, but it has not begun. It goes on by itself.")
        else:
            self.done.emit(_result(mine))

    @Slot()
    def _tick(self) -> None:
        self._waited_ms += _LOOK_MS
        self.look_wanted.emit()

    def _stop(self) -> None:
        self.is_on, self._asked = False, {}
        self._timer.stop()

    def _was_asked(self, asked: dict[int, int | None]) -> None:
        if not asked:
            self._stop()
            self.failed.emit("No store is read yet. Begin with: Read orders from a store.")
            return
        self._asked = asked
        self._timer.start()
        self.look_wanted.emit()

    def _not_asked(self, error: Exception) -> None:
        self._stop()
        self.failed.emit(trouble(self._desk.program.wordsmith, error).text)


def _sentence(one: TaskInWords) -> str:
    return f"{one.text}. {one.hint}".strip()


def _result(tasks: Sequence[TaskInWords]) -> str:
    """ "Updated: 3 new, 1 changed"; of several stores each by its name."""
    if len(tasks) == 1:
        return f"Updated: {_small(tasks[0].result or tasks[0].text)}."
    return "Updated. " + " ".join(f"{one.connection}: {one.result or one.text}." for one in tasks)


def _small(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
