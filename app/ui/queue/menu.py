"""What can be done with rows, in the order of the menu, each with its key."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.services.queue_lines import Line
from app.services.wording import Phase
from app.ui import icons


class Act(StrEnum):
    """An act and its words."""

    DETAILS = "Show details"
    RETRY = "Retry"
    EDIT = "Edit and retry…"
    DONE = "Done by hand…"
    PARK = "Park"
    COPY = "Copy details"
    COPY_MORE = "Copy with diagnosis"
    RESTORE = "Put back"
    REMOVE = "Remove"


ACTS = (
    Act.DETAILS, Act.RESTORE, Act.RETRY, Act.EDIT, Act.DONE, Act.PARK, Act.COPY, Act.COPY_MORE,
    Act.REMOVE,
)  # fmt: skip
_ICONS = {
    Act.DETAILS: "action_details", Act.RETRY: "action_retry", Act.EDIT: "action_edit",
    Act.DONE: "action_done", Act.PARK: "action_park", Act.COPY: "action_copy",
    Act.RESTORE: "undo", Act.REMOVE: "action_remove",
}  # fmt: skip
_KEYS = {
    Act.DETAILS: "Return", Act.COPY: "Ctrl+C", Act.COPY_MORE: "Ctrl+Shift+C", Act.REMOVE: "Del",
}  # fmt: skip
_FOR_ONE = frozenset({Act.DETAILS, Act.EDIT, Act.COPY, Act.COPY_MORE})
_IDLE = frozenset({"pending", "failed", "parked"})


def allowed(act: Act, line: Line) -> bool:
    """True when the act makes sense for that row as it stands."""
    phase, state = line.phase, line.row.job.state.value
    if act in (Act.DETAILS, Act.COPY, Act.COPY_MORE):
        return True
    if act is Act.RESTORE:
        return phase is Phase.REMOVED or line.row.job.removing
    if phase in (Phase.DONE, Phase.REMOVED) or line.row.job.removing:
        return False
    if act is Act.REMOVE:
        return True
    person_decides = state == "in_doubt" and phase is Phase.NEEDS_YOU
    if act in (Act.RETRY, Act.DONE):
        return state in _IDLE or person_decides
    return state in _IDLE and not (act is Act.PARK and state == "parked")


def make_menu(
    parent: QWidget, lines: Sequence[Line], count: int, pressed: Callable[[Act], object]
) -> QMenu:
    """The context menu for the selected rows, of which these were read; exact count in words."""
    menu = QMenu(parent)
    for act in ACTS:
        if count > 1 and act in _FOR_ONE:
            continue
        fitting = [line for line in lines if allowed(act, line)]
        if not fitting and len(lines) == count:
            continue
        if act is Act.REMOVE and not menu.isEmpty():
            menu.addSeparator()
        text = f"{act.value} ({count:,} rows)" if count > 1 else act.value
        token = "danger" if act is Act.REMOVE else "muted"
        entry = menu.addAction(text)
        if act in _ICONS:
            entry.setIcon(icons.icon(_ICONS[act], token))
        if act in _KEYS:
            entry.setShortcut(QKeySequence(_KEYS[act]))
            entry.setShortcutVisibleInContextMenu(True)
        entry.triggered.connect(lambda _=False, act=act: pressed(act))
    return menu
