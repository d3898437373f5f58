"""One row in full, beside the list: cause, who must act, what to do, proof, what happened."""

import re
from collections.abc import Iterable, Iterator

from PySide6.QtCore import QRect, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.services.queue_lines import Detail, Happening
from app.services.wording import Phase
from app.ui import theme
from app.ui.queue.choice import standing_of
from app.ui.queue.deeds import ACTS, Act, allowed
from app.ui.queue.looks import look_of
from app.ui.side_pane import MARGIN, SidePane
from app.ui.side_pane import WIDTH as WIDTH
from app.ui.widgets import as_tooltip, button, frame, label

_DOT = 7
_LONGEST_WORD = 26  # letters of the fixed-width font
_ELSEWHERE = frozenset({Act.DETAILS, Act.COPY_MORE})  # in the menu of the row


class DetailPane(SidePane):
    """Filled anew for each row; Escape closes it."""

    act_pressed = Signal(object, int)  # the Act, the row's number

    def __init__(self) -> None:
        super().__init__()
        self._detail: Detail | None = None

    @property
    def job_id(self) -> int:
        """The row that is shown; 0: none."""
        return self._detail.line.id if self._detail else 0

    def show_detail(self, detail: Detail) -> None:
        """That row, as it is now."""
        if detail == self._detail and self.isVisible():
            return
        is_same = detail.line.id == self.job_id
        self._detail = detail
        self._fill(detail)
        self.bring(is_same=is_same)

    def _dress(self) -> None:
        if self._detail is not None:
            self._fill(self._detail)

    def _fill(self, detail: Detail) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, 4, 6, 4)
        column.setSpacing(12)
        column.addWidget(_cause(detail))
        column.addLayout(self._buttons(detail))
        column.addLayout(facts_grid(detail.facts))
        for part in _tracking(detail):
            column.addWidget(part)
        if detail.proof:
            column.addLayout(_part("Proof", detail.proof))
        column.addWidget(label("What happened", "name"))
        story = QVBoxLayout()
        story.setSpacing(0)
        for place, one in enumerate(detail.timeline):
            story.addWidget(TimelineLine(one, is_last=place == len(detail.timeline) - 1))
        column.addLayout(story)
        column.addStretch(1)
        self.fill(detail.line.title, inside)

    def _buttons(self, detail: Detail) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        names = detail.line.title[:1].lower() + detail.line.title[1:]
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        standing = standing_of(detail.line)
        shown = [act for act in ACTS if act not in _ELSEWHERE and allowed(act, standing)]
        for place, act in enumerate(shown):
            kind = "danger" if act is Act.REMOVE else ""
            press = button(act.value, kind, name=f"{act.value.rstrip('…')} {names}")
            press.clicked.connect(
                lambda _=False, act=act: self.act_pressed.emit(act, detail.line.id)
            )
            grid.addWidget(press, place // 2, place % 2)
        return grid


class TimelineLine(QWidget):
    """A dot on a line, a time, and what happened."""

    def __init__(self, one: Happening, *, is_last: bool) -> None:
        super().__init__()
        self._one, self._is_last = one, is_last
        row = QVBoxLayout(self)
        row.setContentsMargins(20, 0, 0, 10)
        row.setSpacing(0)
        row.addWidget(label(one.at, "small"))
        row.addWidget(label(one.text, wrap=True))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._is_last:
            painter.fillRect(QRect(3, 12, 1, self.height()), QColor(colours.border))
        painter.setPen(Qt.PenStyle.NoPen)
        token = "danger" if self._one.is_bad else "success" if self._one.is_good else "muted"
        painter.setBrush(QColor(getattr(colours, token)))
        painter.drawEllipse(0, 5, _DOT, _DOT)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 60, super().sizeHint().height())


def _cause(detail: Detail) -> QWidget:
    line = detail.line
    _, colour = look_of(line)
    box = frame(f"{colour}_box")
    column = QVBoxLayout(box)
    column.setContentsMargins(12, 10, 12, 10)
    column.setSpacing(6)
    column.addWidget(label(line.reason, "name", wrap=True))
    if line.row.wording.hint and line.phase is not Phase.DONE:
        column.addWidget(label(line.row.wording.hint, wrap=True))
    return box


def facts_grid(facts: Iterable[tuple[str, str]]) -> QGridLayout:
    """Name and value of each; values can be selected and copied."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(facts):
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(label(name, "muted"), row, 0, top)
        shown: QLabel = label(broken(value), wrap=True)
        if shown.text() == value:  # else what is copied would hold the breaks
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        shown.setAccessibleName(value)
        if name == "Tracking":
            shown.setFont(theme.fixed_font(theme.TEXT_PX))
        grid.addWidget(shown, row, 1, top)
    return grid


def _tracking(detail: Detail) -> Iterator[QWidget]:
    """What speaks against the number, and where the parcel is followed."""
    facts = detail.tracking
    if facts.doubts:
        box = frame("warning_box")
        inside = QVBoxLayout(box)
        inside.setContentsMargins(12, 8, 12, 8)
        for doubt in facts.doubts:
            inside.addWidget(label(broken(doubt), wrap=True))
        yield box
    if facts.link:
        follow = button(f"Follow at {facts.follow_at}", "inline")
        follow.setToolTip(as_tooltip(facts.link))
        follow.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(facts.link)))
        yield follow


def _part(title: str, text: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(label(title, "name"))
    column.addWidget(label(broken(text), wrap=True))
    return column


def broken(text: str) -> str:
    """With places to break a line in words that are wider than the pane."""
    return re.sub(rf"\S{{{_LONGEST_WORD}}}(?=\S)", lambda part: f"{part[0]}\u200b", text)
