"""What can be done with rows, in the order of the menu, each with its key."""

from enum import StrEnum

from PySide6.QtGui import QKeyEvent, QKeySequence

from app.services.queue_page import Standing


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
BULK = (Act.RESTORE, Act.RETRY, Act.PARK, Act.DONE, Act.REMOVE)
"""Those that go for many rows at once, in the order of their buttons."""

KEYS = {
    Act.DETAILS: "Return", Act.COPY: "Ctrl+C", Act.COPY_MORE: "Ctrl+Shift+C", Act.REMOVE: "Del",
    Act.RETRY: "Ctrl+R", Act.EDIT: "F2", Act.DONE: "Ctrl+D", Act.PARK: "Ctrl+P",
    Act.RESTORE: "Ctrl+B",
}  # fmt: skip
FOR_ONE = frozenset({Act.DETAILS, Act.EDIT, Act.COPY, Act.COPY_MORE})
"""Those that need a single row."""

_IDLE = frozenset({"pending", "failed", "parked"})
_OVER = frozenset({"succeeded", "discarded"})


def allowed(act: Act, standing: Standing) -> bool:
    """True when the act makes sense for rows that stand there."""
    state, is_undecided, is_removing = standing
    if act in (Act.DETAILS, Act.COPY, Act.COPY_MORE):
        return True
    if act is Act.RESTORE:
        return state == "discarded" or is_removing
    if state in _OVER or is_removing:
        return False
    if act is Act.REMOVE:
        return True
    if act in (Act.RETRY, Act.DONE):
        return state in _IDLE or is_undecided
    return state in _IDLE and not (act is Act.PARK and state == "parked")


def button_text(act: Act, count: int) -> str:
    """ "Retry 12"; an act that asks something first keeps its dots."""
    return f"{act.value.rstrip('…')} {count:,}{'…' if act.value.endswith('…') else ''}"


def act_of_key(event: QKeyEvent) -> Act | None:
    """The act whose key that is."""
    pressed = QKeySequence(event.keyCombination())
    return next((act for act, key in KEYS.items() if QKeySequence(key) == pressed), None)
