"""Which folder: typed or browsed for, and looked into at once, aside."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.services.folder_trial import Glance
from app.services.folders import FolderService
from app.services.wording import Wordsmith
from app.ui.bridge import Bridge
from app.ui.connections.said import trouble
from app.ui.controls import Tick
from app.ui.fields import TextField
from app.ui.folder_assistant.asking import Asker
from app.ui.folder_assistant.typed import folder_of, path_problem
from app.ui.widgets import button, label, set_property

_PAUSE_MS = 250  # while a person types, a folder is not asked at every letter
_MEND = "Check the path, and that the share or disk is there."


class PathField(QWidget):
    """Says whether the folder can be read; one that is away can be taken all the same."""

    changed = Signal()

    def __init__(
        self,
        bridge: Bridge,
        folders: FolderService,
        wordsmith: Wordsmith,
        patterns: Callable[[], str],
    ) -> None:
        """`patterns`: the files that are looked for now."""
        super().__init__()
        self._folders, self._wordsmith, self._patterns = folders, wordsmith, patterns
        self.taken: dict[Path, str] = {}  # other folders, with their names
        self.glance: Glance | None = None
        self._away = ""  # why the folder cannot be read; empty: it can, or nobody knows yet
        self._browse = button("Browse…", name="Browse for the folder")
        self.line = TextField(
            "Folder",
            "",
            ["Your carrier program exports into it. A folder on a share works too."],
            lambda text: path_problem(text, self.taken),
            self._browse,
        )
        self._seen = label("", "muted", wrap=True)
        self._anyway = Tick("The folder is away for now: watch it anyway")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._asker = Asker(bridge, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.line, self._seen, self._anyway):
            column.addWidget(part)
        self._seen.hide()
        self._anyway.hide()
        self.setFocusProxy(self.line)
        self._connect()

    def _connect(self) -> None:
        self._browse.clicked.connect(self._choose)
        self.line.changed.connect(self._typed)
        self._pause.timeout.connect(self._look)
        self._asker.answered.connect(self._show_glance)
        self._asker.failed.connect(self._show_away)
        self._asker.working.connect(self._say_looking)
        self._asker.slow.connect(self._say_slow)
        self._anyway.toggled.connect(self._judge)

    @property
    def is_looking(self) -> bool:
        """True while it is not known whether the folder can be read."""
        return self._pause.isActive() or self._asker.is_busy

    @property
    def takes_anyway(self) -> bool:
        """True when it is to be watched though it cannot be read now."""
        return not self._anyway.isHidden() and self._anyway.isChecked()

    @property
    def is_right(self) -> bool:
        """True when it may be used."""
        return self.line.is_right and (not self._away or self.takes_anyway)

    def path(self) -> str:
        """The path, with the home folder for ~ where it is one."""
        text = self.line.text().strip()
        return str(folder_of(text)) if text and not path_problem(text, {}) else text

    def judge(self) -> None:
        """Show what is wrong with it, an empty one too."""
        self.line.judge(strict=True)
        self._judge()

    def show_away(self, problem: str) -> None:
        """It cannot be read, for this reason."""
        self._away = problem
        self._say("")
        self._anyway.show()
        self._judge()

    def look_again(self) -> None:
        """In a moment, if there is something to look into."""
        if self.line.text().strip() and self.line.is_right:
            self._pause.start()
        else:
            self._pause.stop()
            self._asker.forget()

    @Slot()
    def _choose(self) -> None:
        dialog = QFileDialog(self, "Choose the folder of the carrier program", self.path())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.line.set_text)
        dialog.open()

    @Slot()
    def _typed(self) -> None:
        self.glance, self._away = None, ""
        self._say("")
        self._anyway.hide()
        self.look_again()
        self.changed.emit()

    @Slot()
    def _look(self) -> None:
        if self.line.is_right:
            folder, patterns = folder_of(self.line.text()), self._patterns()
            self._asker.ask(lambda: self._folders.glance(folder, patterns))

    @Slot(object)
    def _show_glance(self, glance: Glance) -> None:
        self.glance, self._away = glance, ""
        self._anyway.hide()
        self.line.judge()
        self._say(_files(glance.count), "success")
        self.changed.emit()

    @Slot(object)
    def _show_away(self, error: Exception) -> None:
        self.glance = None
        self.show_away(f"{trouble(self._wordsmith, error).summary}. {_MEND}")

    @Slot()
    def _judge(self) -> None:
        if self._away:
            self.line.show_problem("" if self.takes_anyway else self._away)
        self.changed.emit()

    @Slot()
    def _say_looking(self) -> None:
        self._say("Looking into the folder…")

    @Slot()
    def _say_slow(self) -> None:
        self._say("The folder does not answer yet. Still looking…")

    def _say(self, text: str, role: str = "muted") -> None:
        set_property(self._seen, "role", role)
        self._seen.setText(text)
        self._seen.setVisible(bool(text))


def _files(count: int) -> str:
    if not count:
        return "The folder can be read. No file lies there yet."
    lie = "1 file lies" if count == 1 else f"{count:,} files lie"
    return f"The folder can be read. {lie} there."
