"""What a person does with sync tasks: every press is answered at once, the work goes aside."""

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.ui.connections.desk import Desk
from app.ui.connections.said import trouble
from app.ui.one_dialog import OneDialog
from app.ui.sync.asking import FetchFrom, FetchOne, RemoveTask
from app.ui.sync.card import TaskCard
from app.ui.sync.facts import Mend, TaskFacts
from app.ui.sync.task_menu import TaskAct
from app.ui.sync.typed import mode_title

_RUNNING = "It is running, and takes what is new with it."
_PAUSED = "It is paused. Resume it, and it reads."


class Acts(OneDialog):
    """One dialog at a time; a second press brings it to the front."""

    began = Signal()  # something was pressed: what was said before is old
    done = Signal(str)  # it worked, in words
    failed = Signal(str)  # it did not, and what to do
    changed = Signal()  # read again
    orders_asked = Signal(int, str)  # connection, status
    connection_asked = Signal(int)

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._under_way: dict[int, TaskCard] = {}
        self._through: set[int] = set()  # of those, what is done and only to be read
        self.is_read = True  # an engine runs that reads what is asked for
        self._deeds: dict[TaskAct, Callable[[TaskCard, object], object]] = {
            TaskAct.NOW: lambda card, _: self._run_now(card),
            TaskAct.FROM: lambda card, _: self._ask_from(card),
            TaskAct.ONE: lambda card, _: self._ask_one(card),
            TaskAct.END_FETCH: lambda card, _: self._end_fetch(card),
            TaskAct.PAUSE: self._pause,
            TaskAct.RESUME: lambda card, _: self._resume(card),
            TaskAct.SKIPPED: lambda card, _: self._show_skipped(card),
            TaskAct.EDIT: lambda card, _: self._assist(card.facts.id, 0),
            TaskAct.REMOVE: lambda card, _: self._ask_to_remove(card),
        }

    @Slot(object)
    def follow(self, card: TaskCard) -> None:
        """Carry out what is pressed on a card."""
        card.act_asked.connect(lambda _, act, more: self._deeds[act](card, more))
        card.mend_asked.connect(lambda _, how: self._mend(card, Mend(how)))

    def add(self, connection_id: int = 0) -> None:
        """Open the assistant; 0: which connection is to be chosen."""
        self._assist(0, connection_id)

    @Slot()
    def add_one(self) -> None:
        """The same from a button."""
        self.add()

    @Slot()
    def run_all(self) -> None:
        """Sync Now for every task."""
        routes, actor = self._desk.program.routes, self._desk.actor
        self.began.emit()

        def done(count: int) -> None:
            self.done.emit("Everything is read now." if count else "Nothing waits to be read.")
            self.changed.emit()

        self._desk.bridge.run_in_background(lambda: routes.run_all(actor), done, self._not_done)

    def end_busy(self) -> None:
        """The tasks were read again: what was done is seen on them."""
        for route_id in self._through:
            card = self._under_way.pop(route_id, None)
            if card is not None and isValid(card):
                card.show_busy("")
        self._through.clear()

    def _run_now(self, card: TaskCard) -> None:
        facts = card.facts
        if facts.id in self._under_way or (facts.is_running and self.is_read):
            self.done.emit(_RUNNING)
        elif facts.is_paused:
            self.failed.emit(_PAUSED)
        else:
            routes, actor = self._desk.program.routes, self._desk.actor
            self._act(card, "Asked for…", lambda: routes.run_now(facts.id, actor))

    def _mend(self, card: TaskCard, how: Mend) -> None:
        facts = card.facts
        if how is Mend.CONNECTION:
            self.connection_asked.emit(facts.seen.one.task.route.source_id)
        elif how is Mend.TRY:
            self._run_now(card)
        elif how is Mend.MODE:
            routes, actor = self._desk.program.routes, self._desk.actor
            mode = facts.seen.one.other_mode
            self._act(
                card,
                "Changing the mode…",
                lambda: routes.edit(facts.id, mode=mode, actor=actor),
                f"The mode is “{mode_title(mode)}” now. What was read is read again with it.",
            )

    def _pause(self, card: TaskCard, seconds: object) -> None:
        routes, actor = self._desk.program.routes, self._desk.actor
        route_id, length = card.facts.id, float(str(seconds)) or None
        self._act(card, "Pausing…", lambda: routes.pause(route_id, length, actor))

    def _resume(self, card: TaskCard) -> None:
        routes, actor, route_id = self._desk.program.routes, self._desk.actor, card.facts.id
        self._act(card, "Resuming…", lambda: routes.resume(route_id, actor))

    def _end_fetch(self, card: TaskCard) -> None:
        routes, actor, route_id = self._desk.program.routes, self._desk.actor, card.facts.id
        self._act(card, "Stopping…", lambda: routes.end_fetch(route_id, actor))

    def _show_skipped(self, card: TaskCard) -> None:
        self.orders_asked.emit(card.facts.seen.one.task.route.source_id, "skipped")

    def _ask_from(self, card: TaskCard) -> None:
        if self._raise_open():
            return
        dialog = FetchFrom(self._desk, card.facts, self._window.window())
        dialog.wanted.connect(lambda since: self._fetch_from(card, since))
        self._open(dialog)

    def _fetch_from(self, card: TaskCard, since_ms: int) -> None:
        routes, actor, route_id = self._desk.program.routes, self._desk.actor, card.facts.id
        if isValid(card):
            self._act(card, "Asked for…", lambda: routes.fetch_from(route_id, since_ms, actor))

    def _ask_one(self, card: TaskCard) -> None:
        if self._raise_open():
            return
        dialog = FetchOne(self._desk, card.facts, self._window.window())
        dialog.fetched.connect(self.changed)
        self._open(dialog)

    def _ask_to_remove(self, card: TaskCard) -> None:
        if self._raise_open():
            return
        facts = card.facts
        dialog = RemoveTask(facts, self._window.window())
        dialog.accepted.connect(lambda: self._remove(facts))
        self._open(dialog, is_question=True)

    def _remove(self, facts: TaskFacts) -> None:
        routes, actor = self._desk.program.routes, self._desk.actor

        def done(_: object) -> None:
            self.done.emit(f"{facts.name} is not read any more. What was read stays.")
            self.changed.emit()

        self.began.emit()
        self._desk.bridge.run_in_background(
            lambda: routes.remove(facts.id, actor), done, self._not_done
        )

    def _assist(self, route_id: int, connection_id: int) -> None:
        from app.ui.sync.assistant import SyncAssistant  # noqa: PLC0415 - rarely needed

        if self._raise_open():
            return
        dialog = SyncAssistant(
            self._desk, self._window.window(), route_id=route_id, connection_id=connection_id
        )
        dialog.saved.connect(self._saved)
        self._open(dialog)

    @Slot(str)
    def _saved(self, text: str) -> None:
        self.done.emit(text)
        self.changed.emit()

    def _act(
        self, card: TaskCard, busy: str, work: Callable[[], object], done_text: str = ""
    ) -> None:
        retirement, route_id = self._desk.program.retirement, card.facts.id
        card.show_busy(busy)
        self._under_way[route_id] = card
        self.began.emit()

        def in_use() -> None:
            retirement.require_in_use()
            work()

        def done(_: object) -> None:
            self._through.add(route_id)
            if done_text:
                self.done.emit(done_text)
            self.changed.emit()

        self._desk.bridge.run_in_background(in_use, done, self._not_done)

    @Slot(object)
    def _not_done(self, error: Exception) -> None:
        self._through.update(self._under_way)
        self.end_busy()
        self.failed.emit(trouble(self._desk.program.wordsmith, error).text)
