"""One row in full, beside the list: cause, who must act, what to do, proof, what happened."""

import re
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.services.queue_lines import Detail, Happening
from app.services.wording import Phase
from app.ui import icons, theme
from app.ui.queue.choice import standing_of
from app.ui.queue.deeds import ACTS, Act, allowed
from app.ui.queue.looks import look_of
from app.ui.widgets import as_tooltip, button, frame, label, when_dressed

WIDTH = 348
_DOT = 7
_LONGEST_WORD = 26  # letters of the fixed-width font
_MARGIN = 16
_ELSEWHERE = frozenset({Act.DETAILS, Act.COPY_MORE})  # in the menu of the row


class DetailPane(QFrame):
    """Filled anew for each row; Escape closes it."""

    act_pressed = Signal(object, int)  # the Act, the row's number
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setMinimumWidth(WIDTH)
        self.setMaximumWidth(WIDTH)
        self.setAccessibleName("Details")
        self._detail: Detail | None = None

    @property
    def job_id(self) -> int:
        """The row that is shown; 0: none."""
        return self._detail.line.id if self._detail else 0

    def show_detail(self, detail: Detail) -> None:
        """That row, as it is now."""
        if detail == self._detail and self.isVisible():
            return
        if self.layout() is None:
            self._make()
        is_same = detail.line.id == self.job_id
        place = self._area.verticalScrollBar().value() if is_same else 0
        self._detail = detail
        self._fill(detail)
        self._area.verticalScrollBar().setValue(place)
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._dress)

    def _dress(self) -> None:
        if self._detail is not None:
            self._fill(self._detail)

    def _make(self) -> None:
        """What stands there whatever the row is."""
        self._close = QToolButton()
        self._close.setFixedSize(theme.ROW_ACTION, theme.ROW_ACTION)
        self._close.setAccessibleName("Close details")
        self._close.setToolTip("Close (Escape)")
        self._close.clicked.connect(self.closed)
        self._title = label("", "name", wrap=True)
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._area = QScrollArea()
        self._area.setProperty("role", "bare")
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.setContentsMargins(_MARGIN, 0, 0, 0)
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 10, 10, 10)
        whole.addLayout(head)
        whole.addWidget(self._area, 1)

    def _fill(self, detail: Detail) -> None:
        self._title.setText(detail.line.title)
        self._close.setIcon(icons.icon("close"))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(_MARGIN, 4, 6, 4)
        column.setSpacing(12)
        column.addWidget(_cause(detail))
        column.addLayout(self._buttons(detail))
        column.addLayout(_facts(detail))
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
        self._area.setWidget(inside)

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


def _facts(detail: Detail) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(detail.facts):
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(label(name, "muted"), row, 0, top)
        shown: QLabel = label(_broken(value), wrap=True)
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
            inside.addWidget(label(_broken(doubt), wrap=True))
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
    column.addWidget(label(_broken(text), wrap=True))
    return column


def _broken(text: str) -> str:
    """With places to break a line in words that are wider than the pane."""
    return re.sub(rf"\S{{{_LONGEST_WORD}}}(?=\S)", lambda part: f"{part[0]}\u200b", text)
