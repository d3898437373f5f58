"""Looks at the files of the folder, aside, whenever something of the layout changes."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.services.folder_layout import roles_of, with_role
from app.services.folder_trial import Trial
from app.services.folders import FolderService
from app.ui.bridge import Bridge
from app.ui.folder_assistant.asking import Asker
from app.ui.folder_assistant.choosing import (
    VOID,
    why_of,
    with_roles,
    with_value,
    with_void_column,
)
from app.ui.folder_assistant.typed import Reading, Typed, settings_of

_SHAPE = ("delimiter", "has_header")


class Looking(QObject):
    """What a person chose, and what the last look at a file showed; both only change here."""

    changed = Signal()  # there is another answer, or none
    working = Signal()
    slow = Signal()

    def __init__(self, bridge: Bridge, folders: FolderService, parent: QObject) -> None:
        super().__init__(parent)
        self._folders = folders
        self._asker = Asker(bridge, self)
        self._asker.answered.connect(self._answer)
        self._asker.failed.connect(self._fail)
        self._asker.working.connect(self.working)
        self._asker.slow.connect(self.slow)
        self._typed = Typed()
        self._picked: list[str] = []  # roles as a person chose them
        self._may_adopt = False  # the program may be proposed from the file
        self._adopted = ""  # the program that was, and why
        self.why_program = ""
        self.reading = Reading()
        self.trial: Trial | None = None
        self.error: Exception | None = None

    @property
    def is_busy(self) -> bool:
        """True until the last look is through."""
        return self._asker.is_busy

    @property
    def roles(self) -> list[str]:
        """The role of each column of the file."""
        trial = self.trial
        if trial is None:
            return []
        if len(self._picked) == trial.width:
            return self._picked
        return roles_of(trial.layout, trial.header, trial.width)

    def begin(self, reading: Reading, *, is_new: bool) -> None:
        """What was stored, before anything is looked at."""
        self.reading, self._may_adopt = reading, is_new

    def look(self, typed: Typed | None = None) -> None:
        """At the newest file, or the sample. `typed`: the folder is perhaps another one."""
        if typed is not None:
            if typed.path != self._typed.path:
                self.trial, self.error = None, None
            self._typed = typed
        settings, sample = settings_of(self._typed, self.reading), self.reading.sample
        folder = self._typed.folder
        self._asker.ask(lambda: self._folders.try_out(folder, settings, sample))

    def stop(self) -> None:
        """Nothing is wanted any more."""
        self._asker.forget()

    def take_sample(self, file: str) -> None:
        """Look at this file instead of the newest one; empty: at the newest again."""
        self._forget_program()
        self.reading = replace(self.reading, sample=Path(file) if file else None)
        self._picked = []
        self.look()

    @Slot(str, str)
    def choose(self, name: str, value: str) -> None:
        """A person changed one thing."""
        if name == VOID:
            self._pick(with_void_column(self.roles, int(value or -1)))
            return
        if name == "preset":
            self._may_adopt, self.why_program = False, ""
        if name in _SHAPE:
            self._picked = []
        self.reading = with_value(self.reading, name, value)
        self.look()

    @Slot(int, str)
    def choose_role(self, at: int, role: str) -> None:
        """A person gave a column another role."""
        self._pick(with_role(self.roles, at, role))

    def _pick(self, roles: list[str]) -> None:
        if self.trial is None:
            return
        self._picked = roles
        self.reading = with_roles(self.reading, roles, self.trial.header)
        if not self.reading.layout["columns"]:
            self._picked = []  # with no column at all they are found by their names
        self.look()

    @Slot(object)
    def _answer(self, trial: Trial) -> None:
        self.trial, self.error = trial, None
        if not self._adopt(trial):
            self.changed.emit()

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        self.trial, self.error = None, error
        self.changed.emit()

    def _adopt(self, trial: Trial) -> bool:
        """True when the file tells which program wrote it, and it is looked at again as such."""
        program, why = why_of(trial).get("looks_like", ("", ""))
        if why:
            self.why_program = f"{why}."
        if not self._may_adopt or not program or "preset" in self.reading.layout:
            return False
        if program == "generic":
            return False
        self._adopted = program
        self.reading = replace(self.reading, layout={**self.reading.layout, "preset": program})
        self.look()
        return True

    def _forget_program(self) -> None:
        """Another file may come from another program; one that a person chose stays."""
        self.why_program = ""
        if self._may_adopt and self.reading.layout.get("preset") == self._adopted:
            layout = {n: v for n, v in self.reading.layout.items() if n != "preset"}
            self.reading = replace(self.reading, layout=layout)
