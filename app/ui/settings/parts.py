"""Panels, settings in them, and the word that says that a setting holds."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.connections.marks import IconMark
from app.ui.controls import Tick
from app.ui.widgets import button, frame, label, show_checked

INDENT = 22  # of what stands below a tick
_SHOWN_MS = 8000


class Panel(QFrame):
    """One subject: its title, a sentence about it, its settings with lines between them."""

    def __init__(self, title: str, about: str = "") -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.title = title
        self.setAccessibleName(title)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 16, 20, 16)
        self.column.setSpacing(12)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(label(title, "heading"))
        if about:
            head.addWidget(label(about, "muted", wrap=True))
        self.column.addLayout(head)

    def add(self, setting: QWidget) -> None:
        """One more setting."""
        if self.column.count() > 1:
            self.column.addWidget(frame("line"))
        self.column.addWidget(setting)

    def read(self) -> None:
        """Look how everything stands now; the page is shown."""


class Note(QWidget):
    """A short word beside a setting: it is being done, or it holds. It leaves by itself."""

    def __init__(self) -> None:
        super().__init__()
        self._mark = IconMark("state_done", "success")
        self._text = label("", "muted")
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._mark)
        row.addWidget(self._text)
        self.hide()

    @property
    def text(self) -> str:
        """What it says now; empty when nothing."""
        return "" if self.isHidden() else self._text.text()

    def busy(self, text: str) -> None:
        """It was just pressed."""
        self._timer.stop()
        self._show("state_waiting", "muted", text)

    def done(self, text: str) -> None:
        """It holds."""
        self._show("state_done", "success", text)
        self._timer.start()

    @Slot()
    def clear(self) -> None:
        """Nothing to say."""
        self._timer.stop()
        self.hide()

    def _show(self, icon: str, token: str, text: str) -> None:
        self._mark.set_icon(icon, token)
        self._text.setText(text)
        self.setAccessibleName(text)
        self.show()


class Setting(QWidget):
    """One setting: its head with the note beside it, its help, what is wrong, what belongs to it.

    `indent`: of everything below the head, in pixels.
    """

    def __init__(self, head: QWidget, about: str, indent: int = 0) -> None:
        super().__init__()
        self.note = Note()
        self._about = label(about, "small", wrap=True)
        self._about.setVisible(bool(about))
        self._problem = label("", "danger", wrap=True)
        self._problem.hide()
        self.head = QHBoxLayout()
        self.head.setSpacing(12)
        self.head.addWidget(head)
        self.head.addWidget(self.note)
        self.head.addStretch(1)
        self.below = QVBoxLayout()
        self.below.setContentsMargins(indent, 0, 0, 0)
        self.below.setSpacing(6)
        self.below.addWidget(self._about)
        self.below.addWidget(self._problem)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(self.head)
        whole.addLayout(self.below)

    def set_about(self, text: str) -> None:
        """Another sentence of help."""
        self._about.setText(text)
        self._about.setVisible(bool(text))

    @property
    def about(self) -> str:
        """The help that is shown."""
        return self._about.text()

    @property
    def problem(self) -> str:
        """What is wrong; empty when nothing is."""
        return self._problem.text()

    def busy(self, text: str) -> None:
        """It was just pressed."""
        self._say_problem("")
        self.note.busy(text)

    def done(self, text: str) -> None:
        """It holds now."""
        self._say_problem("")
        self.note.done(text)

    def failed(self, text: str) -> None:
        """It was not done; what to do is in the text."""
        self.note.clear()
        self._say_problem(text)

    def clear(self) -> None:
        """Neither."""
        self.note.clear()
        self._say_problem("")

    def _say_problem(self, text: str) -> None:
        self._problem.setText(text)
        self._problem.setVisible(bool(text))


class Switch(Setting):
    """A setting that is on or off; `tick.toggled` comes from a person only."""

    def __init__(self, text: str, about: str) -> None:
        self.tick = Tick(text)
        self.tick.setAccessibleDescription(about)
        super().__init__(self.tick, about, INDENT)

    def set_about(self, text: str) -> None:
        super().set_about(text)
        self.tick.setAccessibleDescription(text)

    def show_state(self, *, is_on: bool, can_change: bool = True) -> None:
        """How it stands, told to nobody."""
        show_checked(self.tick, is_on)
        self.tick.setEnabled(can_change)


class Held:
    """Controls that take no press while one of them is being carried out; the keyboard comes back
    to where it was."""

    def __init__(self, *controls: QWidget) -> None:
        self._controls = controls
        self._had: QWidget | None = None
        self.is_on = False

    def hold(self) -> None:
        """One was pressed."""
        self.is_on = True
        self._had = next((one for one in self._controls if one.hasFocus()), None)
        for one in self._controls:
            one.setEnabled(False)

    def release(self) -> None:
        """It is through; what may be pressed now is for the caller to say."""
        self.is_on = False
        for one in self._controls:
            one.setEnabled(True)

    def give_back(self) -> None:
        """After `release`: the keyboard, where it was on one of them."""
        had, self._had = self._had, None
        if had is not None and had.isEnabled():
            had.setFocus()


class Named(Setting):
    """A setting whose head is its name; controls are put at its right or below it."""

    def __init__(self, name: str, about: str) -> None:
        super().__init__(label(name, "name"), about)


def row(*parts: QWidget) -> QBoxLayout:
    """Side by side, from the left."""
    made = QHBoxLayout()
    made.setSpacing(8)
    for part in parts:
        made.addWidget(part)
    made.addStretch(1)
    return made


class CopyText(QWidget):
    """A text in the fixed-width font, and a button that copies it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._text = label("", "code", wrap=True)
        self._text.setTextInteractionFlags(self._text.textInteractionFlags().TextSelectableByMouse)
        self._copy = button("Copy", name=f"Copy {name}")
        self._copy.clicked.connect(self._copy_text)
        self._again = QTimer(self, singleShot=True, interval=_SHOWN_MS // 4)
        self._again.timeout.connect(lambda: self._copy.setText("Copy"))
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addWidget(self._copy)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(self._text, 1)
        whole.addLayout(self.buttons)

    @property
    def text(self) -> str:
        """What is shown, and copied."""
        return self._text.text()

    def set_text(self, text: str) -> None:
        """Another text."""
        self._text.setText(text)

    @Slot()
    def _copy_text(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
        self._copy.setText("Copied")
        self._again.start()
