"""The menu behind the clock of a sync task."""

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.connections.card import PAUSES
from app.ui.sync.facts import TaskFacts


class TaskAct(StrEnum):
    """What a person does with a task, and the words for it."""

    NOW = "Sync Now"
    FROM = "Fetch from date…"
    ONE = "Fetch one order…"
    END_FETCH = "Stop fetching from date"
    PAUSE = "Pause"
    RESUME = "Resume"
    SKIPPED = "Show skipped orders"
    EDIT = "Edit…"
    REMOVE = "Remove…"


class TaskMenu(QMenu):
    """It goes away by itself when something was chosen."""

    chosen = Signal(object, object)  # TaskAct; for a pause its seconds, 0: until resumed

    def __init__(self, facts: TaskFacts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add(TaskAct.NOW)
        if facts.reads_orders:
            self._add(TaskAct.FROM)
            self._add(TaskAct.ONE)
        if facts.reads_again:
            self._add(TaskAct.END_FETCH)
        self.addSeparator()
        if facts.is_paused:
            self._add(TaskAct.RESUME)
        else:
            pauses = self.addMenu(TaskAct.PAUSE.value)
            for text, seconds in PAUSES:
                pauses.addAction(text).triggered.connect(
                    lambda _=False, seconds=seconds: self.chosen.emit(TaskAct.PAUSE, seconds)
                )
        self.addSeparator()
        if facts.reads_orders:
            self._add(TaskAct.SKIPPED)
            self._add(TaskAct.EDIT)
        self._add(TaskAct.REMOVE)

    def _add(self, act: TaskAct) -> None:
        self.addAction(act.value).triggered.connect(lambda: self.chosen.emit(act, None))
