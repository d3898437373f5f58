"""The one bar of row actions: a real widget beside the view, moved to a row."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.services.queue_lines import Line
from app.services.wording import Phase
from app.ui import icons, theme
from app.ui.queue.action_bar import ActionBar
from app.ui.widgets import set_property

WIDTH = 2 * theme.ROW_ACTION + theme.GRID


class RowActions(ActionBar):
    """Copy and remove (in the bin: put back) for the row it stands on."""

    copy_pressed = Signal(int, bool)  # row number, with diagnosis
    remove_pressed = Signal(int)
    restore_pressed = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, self._make_buttons)
        self.job_id = 0
        self._is_removed = False
        self.setFixedSize(WIDTH, theme.ROW_ACTION)

    def stand_on(self, line: Line) -> None:
        """Act on that row from now on."""
        self.make_once()
        self.job_id = line.id
        name = f"{line.title[:1].lower()}{line.title[1:]}"
        self._copy.setAccessibleName(f"Copy details of {name}")
        self._copy.setToolTip("Copy details (with Shift: and the diagnosis)")
        removed = line.phase is Phase.REMOVED
        self._remove.setVisible(line.phase is not Phase.DONE)
        self._remove.setAccessibleName(f"{'Put back' if removed else 'Remove'} {name}")
        self._remove.setToolTip("Put back into the queue" if removed else "Remove from the queue")
        if removed != self._is_removed:
            self._is_removed = removed
            self.dress()

    def _make_buttons(self) -> None:
        self._copy = _tool("row", self)
        self._remove = _tool("row_danger", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GRID)
        row.addWidget(self._copy)
        row.addWidget(self._remove)
        self._copy.clicked.connect(self._copy_clicked)
        self._remove.clicked.connect(self._remove_clicked)
        for button in (self._copy, self._remove):
            button.installEventFilter(self)
        self.dress()

    def dress(self) -> None:
        """Icons in the colours of the theme."""
        if not self.is_made:
            return
        self._copy.setIcon(icons.icon("action_copy", "muted"))
        kind = "row" if self._is_removed else "row_danger"
        set_property(self._remove, "kind", kind)
        picture = ("undo", "muted") if self._is_removed else ("action_remove", "danger")
        self._remove.setIcon(icons.icon(*picture))

    def _copy_clicked(self) -> None:
        shift = Qt.KeyboardModifier.ShiftModifier
        self.copy_pressed.emit(self.job_id, bool(QGuiApplication.keyboardModifiers() & shift))

    def _remove_clicked(self) -> None:
        (self.restore_pressed if self._is_removed else self.remove_pressed).emit(self.job_id)


def _tool(kind: str, parent: QWidget) -> QToolButton:
    made = QToolButton(parent)
    made.setProperty("kind", kind)
    made.setFixedSize(theme.ROW_ACTION, theme.ROW_ACTION)
    made.setIconSize(QSize(theme.ICON, theme.ICON))
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
