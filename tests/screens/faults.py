"""What must not be seen on a screen: cut text, widgets over each other or outside their parent.

Deliberate exceptions are said by the widget: `overlay` (property) may lie over its siblings,
`elides` (property, and every `ElidedLabel`) may shorten its text with an ellipsis.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QTableView,
    QTextEdit,
    QWidget,
)

from app.ui.queue.model import TRACKING
from app.ui.queue.table import QueueTable
from app.ui.widgets import ElidedLabel, screen_of
from tests.screens.painted import Written, together, written_by

OVERLAY, ELIDES = "overlay", "elides"
_SLACK = 1.0  # letters may touch the edge: hinting moves them by parts of a pixel
_ELLIPSIS, _BREAK = "…", "\u200b"
_LAST = 4


@dataclass(frozen=True, slots=True)
class Fault:
    """`widget`: how a person or the accessibility tree would name it."""

    what: str
    widget: str
    text: str = ""

    def __str__(self) -> str:
        said = f" “{self.text}”" if self.text else ""
        return f"{self.what}: {self.widget}{said}"


def windows() -> list[QWidget]:
    """Everything that stands on the screen by itself."""
    return [one for one in QApplication.topLevelWidgets() if one.isVisible()]


def faults_of(window: QWidget) -> list[Fault]:
    """Every fault of a window, in the order of its widgets."""
    found: dict[Fault, None] = {}
    for widget in (window, *window.findChildren(QWidget)):
        if not widget.isVisibleTo(window) or widget.window() is not window:
            continue
        for fault in (*_text_faults(widget), *_place_faults(widget)):
            found[fault] = None
    return list(found)


def name_of(widget: QWidget) -> str:
    """Class and name: object name, accessible name, or where it stands."""
    view = widget.parentWidget()
    if isinstance(view, QAbstractScrollArea) and view.viewport() is widget:
        return name_of(view)
    kind = type(widget).__name__
    own = widget.objectName() or widget.accessibleName() or _text_of(widget)
    if own:
        return f"{kind} “{own}”"
    parent = widget.parentWidget()
    return f"{kind} in {name_of(parent)}" if parent is not None else kind


def _text_faults(widget: QWidget) -> Iterator[Fault]:
    text = _text_of(widget)
    if text.strip() and (widget.width() < 1 or widget.height() < 1):
        yield Fault("text without room", name_of(widget), text)
        return
    view = widget.parentWidget()
    scrolls = isinstance(view, QAbstractScrollArea) and view.viewport() is widget
    if _is_typed(widget) or (scrolls and _is_typed(view)):
        return
    written = together(written_by(widget))
    for one in written:
        if scrolls and _goes_on_aside(view, one):
            continue
        if one.is_cut(_SLACK, ignore_height=scrolls):
            yield Fault("cut text", name_of(widget), one.text)
    if isinstance(widget, QMenu):
        if not screen_of(widget).geometry().contains(widget.geometry()):
            yield Fault("beyond the screen", name_of(widget))
    elif scrolls and isinstance(view, QAbstractItemView):
        yield from _view_faults(view, written)
    else:
        yield from _missing(widget, text, written)


def _goes_on_aside(view: QAbstractScrollArea, one: Written) -> bool:
    """True for text at the edge of a preview: the columns of a file are scrolled sideways."""
    is_over = one.ink.left() < 0 or one.ink.right() > view.viewport().width()
    return is_over and view.property("role") == "preview"


def _missing(widget: QWidget, text: str, written: list[Written]) -> Iterator[Fault]:
    """Text that the widget has, and does not write in full."""
    if isinstance(widget, QLabel) and not _is_whole(text, written):
        yield Fault("text not written to its end", name_of(widget), text)
    if not _may_elide(widget) and _is_elided(widget, written):
        yield Fault("shortened text", name_of(widget), text or written[0].text)


def _view_faults(view: QAbstractItemView, written: list[Written]) -> Iterator[Fault]:
    if isinstance(view, QTableView):
        yield from _row_faults(view, written)
    if isinstance(view, QueueTable):
        yield from _number_faults(view, written)


def _is_typed(widget: QWidget | None) -> bool:
    """True for what a person types into or copies from: longer text scrolls there."""
    if isinstance(widget, QLineEdit):
        return bool(widget.text())
    return isinstance(widget, QTextEdit | QPlainTextEdit)


def _may_elide(widget: QWidget) -> bool:
    return isinstance(widget, ElidedLabel) or bool(widget.property(ELIDES))


def _is_elided(widget: QWidget, written: list[Written]) -> bool:
    """Shortened by the style while painting, or by our own code before it."""
    shown, whole = _text_of(widget), widget.accessibleName()
    if _ELLIPSIS not in shown:
        return any(_ELLIPSIS in one.text for one in written) and _ELLIPSIS not in whole
    if not isinstance(widget, QLabel):
        return False  # on a button it means that a form comes
    head, _, tail = shown.partition(_ELLIPSIS)
    return len(whole) > len(shown) and whole.startswith(head) and whole.endswith(tail)


def _is_whole(text: str, written: list[Written]) -> bool:
    """False when lines are missing: Qt writes none that begin below the label's edge."""
    return _letters(text) in ("", _letters("".join(one.text for one in written)))


def _letters(text: str) -> str:
    return "".join(text.replace(_BREAK, "").split())


def _row_faults(view: QTableView, written: list[Written]) -> Iterator[Fault]:
    """What is written in a row stays in it."""
    for one in written:
        top, bottom = (round(y) for y in (one.ink.top(), one.ink.bottom()))
        row = view.rowAt(round(one.ink.center().y()))
        if row < 0:
            continue
        place = view.rowViewportPosition(row)
        if top < place - _SLACK or bottom > place + view.rowHeight(row) + _SLACK:
            yield Fault("text over the edge of its row", name_of(view), one.text)


def _number_faults(view: QueueTable, written: list[Written]) -> Iterator[Fault]:
    """The last four of every tracking number on the screen are painted, and whole."""
    model = view.model()
    first, last = view.visible_rows()
    for row in range(first, last + 1):
        line = model.loaded(row)  # type: ignore[attr-defined]
        if line is None or not line.tracking:
            continue
        cell = view.visualRect(model.index(row, TRACKING))
        ends = [
            one
            for one in written
            if one.text.endswith(line.tracking[-_LAST:])
            and cell.top() <= one.ink.center().y() <= cell.bottom()
        ]
        inside = any(
            cell.left() <= one.ink.left() and one.ink.right() <= cell.right() + _SLACK
            for one in ends
        )
        if not inside:
            yield Fault("tracking number without its end", name_of(view), line.tracking)


def _place_faults(parent: QWidget) -> Iterator[Fault]:
    children = [
        one
        for one in parent.children()
        if isinstance(one, QWidget)
        and not one.isWindow()
        and not one.isHidden()
        and not one.size().isEmpty()
    ]
    room = _room_in(parent)
    for child in children:
        if room is not None and not room.contains(child.geometry()):
            what = _outside(child.geometry(), room)
            yield Fault(f"outside of its parent by {what}", name_of(child), _text_of(child))
    for one, other in combinations(children, 2):
        if one.property(OVERLAY) or other.property(OVERLAY):
            continue
        both = one.geometry().intersected(other.geometry())
        if not both.isEmpty():
            size = f"{both.width()} x {both.height()}"
            yield Fault(f"over each other by {size}", f"{name_of(one)} and {name_of(other)}")


def _room_in(parent: QWidget) -> QRect | None:
    """Where children may stand; None: anywhere, because a person can scroll there."""
    area = parent.parentWidget()
    if not isinstance(area, QAbstractScrollArea) or area.viewport() is not parent:
        return parent.rect()
    if not isinstance(area, QScrollArea):
        return None
    far = 1 << 20
    never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    across = 0 if area.horizontalScrollBarPolicy() is never else far
    down = 0 if area.verticalScrollBarPolicy() is never else far
    return parent.rect().adjusted(-across, -down, across, down)


def _outside(box: QRect, room: QRect) -> str:
    sides = {
        "left": room.left() - box.left(),
        "top": room.top() - box.top(),
        "right": box.right() - room.right(),
        "bottom": box.bottom() - room.bottom(),
    }
    return ", ".join(f"{by} px ({side})" for side, by in sides.items() if by > 0)


def _text_of(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QLineEdit):
        return widget.text() if isinstance(widget, QLabel) else widget.placeholderText()
    text = getattr(widget, "text", None)
    return str(text()) if callable(text) else str(text or "")
