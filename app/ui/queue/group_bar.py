"""The one bar of group actions: real buttons beside the view, moved to the header of a group."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.services.queue_lines import CauseGroup
from app.ui.queue.action_bar import ActionBar
from app.ui.queue.choice import Choice, of_group
from app.ui.queue.deeds import Act, button_text
from app.ui.queue.words import name_of, rows
from app.ui.widgets import button

_SHOWN = (Act.RESTORE, Act.RETRY, Act.PARK, Act.REMOVE)


class GroupBar(ActionBar):
    """What the cause allows, with the exact count, for the group it stands on."""

    act_pressed = Signal(object, object)  # the Act, the Choice of the rows that were counted

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, self._make_buttons)
        self._group: CauseGroup | None = None
        self._choice: Choice | None = None

    def stand_on(self, group: CauseGroup) -> None:
        """Act on that group from now on."""
        if group is self._group:
            return
        self.make_once()
        self._group, self._choice = group, of_group(group)
        about = f"{name_of(group.title)}, {group.connection}"
        for act, one in self._buttons.items():
            count = self._choice.count_for(act)
            one.setVisible(bool(count))
            one.setText(button_text(act, count))
            one.setAccessibleName(f"{act.value} {rows(count)}: {about}")
        self.adjustSize()

    def _make_buttons(self) -> None:
        self._buttons = {act: self._button(act) for act in _SHOWN}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for one in self._buttons.values():
            row.addWidget(one)

    def _button(self, act: Act) -> QPushButton:
        made = button(act.value, "danger" if act is Act.REMOVE else "")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(lambda: self._pressed(act))
        made.installEventFilter(self)
        return made

    def _pressed(self, act: Act) -> None:
        if self._choice is not None:
            self.act_pressed.emit(act, self._choice)
