"""The context menu of chosen rows."""

from collections.abc import Callable

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.ui import icons
from app.ui.queue.choice import Choice
from app.ui.queue.deeds import ACTS, FOR_ONE, KEYS
from app.ui.queue.deeds import Act as Act

_ICONS = {
    Act.DETAILS: "action_details", Act.RETRY: "action_retry", Act.EDIT: "action_edit",
    Act.DONE: "action_done", Act.PARK: "action_park", Act.COPY: "action_copy",
    Act.RESTORE: "undo", Act.REMOVE: "action_remove",
}  # fmt: skip


def make_menu(parent: QWidget, choice: Choice, pressed: Callable[[Act], object]) -> QMenu:
    """The context menu for chosen rows; behind each act for how many of them it goes."""
    menu = QMenu(parent)
    is_one = choice.line is not None
    for act in ACTS:
        count = choice.count_for(act)
        if not count or (act in FOR_ONE and not is_one):
            continue
        if act is Act.REMOVE and not menu.isEmpty():
            menu.addSeparator()
        text = act.value if is_one else f"{act.value} ({count:,} {'row' if count == 1 else 'rows'})"
        entry = menu.addAction(text)
        if act in _ICONS:
            entry.setIcon(icons.icon(_ICONS[act], "danger" if act is Act.REMOVE else "muted"))
        entry.setShortcut(QKeySequence(KEYS[act]))
        entry.setShortcutVisibleInContextMenu(True)
        entry.triggered.connect(lambda _=False, act=act: pressed(act))
    return menu
