"""The preview: headings in which roles are chosen, the first rows, and what each would do."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QGridLayout, QTableView, QWidget

from app.services.folder_layout import IGNORED
from app.services.folder_trial import Trial
from app.ui import theme
from app.ui.folder_assistant.headings import HEIGHT, Headings
from app.ui.folder_assistant.preview_model import FIRST_CELL, LINE, OUTCOME, PreviewModel
from app.ui.widgets import frame, label

_ROW = 28
_LINE_WIDTH, _OUTCOME_WIDTH = 48, 290
_NARROWEST, _WIDEST, _PAD = 206, 280, 24
_SMALLEST = 220


class Preview(QFrame):
    """What would happen stays in view, however many columns the file has."""

    role_chosen = Signal(int, str)  # column from 0, role

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.model = PreviewModel()
        self.model.setParent(self)
        self.fates = _table("What each row would do", OUTCOME)
        self.cells = _table("Rows of the file", FIRST_CELL)
        for view in (self.fates, self.cells):
            view.setModel(self.model)
        self.cells.setSelectionModel(self.fates.selectionModel())
        self.fates.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fates.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fates.setFixedWidth(_LINE_WIDTH + _OUTCOME_WIDTH)
        self.headings = Headings()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        fixed = QWidget()
        fixed.setFixedSize(_LINE_WIDTH + _OUTCOME_WIDTH, HEIGHT)
        for text, left, width in (
            ("Row", 0, _LINE_WIDTH),
            ("What it would do", _LINE_WIDTH, _OUTCOME_WIDTH),
        ):
            title = label(text, "name")
            title.setParent(fixed)
            title.setGeometry(left + 8, 5, width - 8, 18)
        grid = QGridLayout(self)
        grid.setContentsMargins(1, 1, 1, 4)
        grid.setSpacing(0)
        grid.addWidget(fixed, 0, 0)
        grid.addWidget(self.headings, 0, 2)
        grid.addWidget(frame("line"), 1, 0, 1, 3)
        grid.addWidget(self.fates, 2, 0)
        grid.addWidget(_upright(), 0, 1)
        grid.addWidget(_upright(), 2, 1)
        grid.addWidget(self.cells, 2, 2)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(2, 1)
        self.setMinimumHeight(_SMALLEST)

    def _connect(self) -> None:
        self.headings.role_chosen.connect(self.role_chosen)
        self.headings.reached.connect(self._show_column)
        across = self.cells.horizontalScrollBar()
        across.valueChanged.connect(self._place)
        across.rangeChanged.connect(self._leave_room)
        mine, its = self.fates.verticalScrollBar(), self.cells.verticalScrollBar()
        its.valueChanged.connect(mine.setValue)
        mine.valueChanged.connect(its.setValue)

    def show_trial(self, trial: Trial, roles: Sequence[str]) -> None:
        """Other rows, with the roles of their columns; the scroll bars stay where they are."""
        at = self.cells.horizontalScrollBar().value()
        ignored = frozenset(n for n, role in enumerate(roles) if role == IGNORED)
        self.model.show_trial(trial, ignored)
        for column in range(self.model.columnCount()):
            self.fates.setColumnHidden(column, column >= FIRST_CELL)
            self.cells.setColumnHidden(column, column < FIRST_CELL)
        self.fates.setColumnWidth(LINE, _LINE_WIDTH)
        self.fates.setColumnWidth(OUTCOME, _OUTCOME_WIDTH)
        widths = self._widths()
        for column, width in enumerate(widths):
            self.cells.setColumnWidth(FIRST_CELL + column, width)
        self.headings.show_columns(self.model.headings, None if trial.is_answer else roles)
        self.headings.place(widths, at)
        self.cells.horizontalScrollBar().setValue(at)
        self._place()

    def _widths(self) -> list[int]:
        """As wide as the cells, within limits."""
        metrics, name = QFontMetrics(theme.fixed_font()), QFontMetrics(theme.text_font(strong=True))
        found = []
        for at, heading in enumerate(self.model.headings):
            cells = (line.cells[at] for line in self.model.lines if at < len(line.cells))
            longest = max((cell[:60] for cell in cells), key=len, default="")
            wide = max(metrics.horizontalAdvance(longest), name.horizontalAdvance(heading[:60]))
            found.append(max(_NARROWEST, min(wide + _PAD, _WIDEST)))
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @Slot()
    def _place(self) -> None:
        widths = [self.cells.columnWidth(FIRST_CELL + n) for n in range(len(self.model.headings))]
        self.headings.place(widths, self.cells.horizontalScrollBar().value())

    @Slot()
    def _leave_room(self) -> None:
        """Both tables end at the same height, with a scroll bar below one of them or without."""
        bar = self.cells.horizontalScrollBar()
        below = bar.sizeHint().height() if bar.maximum() > 0 else 0
        self.fates.leave_below(below)

    @Slot(int)
    def _show_column(self, at: int) -> None:
        left = self.cells.columnViewportPosition(FIRST_CELL + at)
        right = left + self.cells.columnWidth(FIRST_CELL + at)
        bar, width = self.cells.horizontalScrollBar(), self.cells.viewport().width()
        if left < 0:
            bar.setValue(bar.value() + left)
        elif right > width:
            bar.setValue(bar.value() + min(right - width, left))


class Table(QTableView):
    """Rows of one line each. `first`: the column the keyboard comes to."""

    def __init__(self, first: int) -> None:
        super().__init__()
        self._first = first

    def focusInEvent(self, event: QFocusEvent) -> None:
        at = self.currentIndex()
        # The table beside it shares the current cell, and may have left it where this has none.
        if self.model().rowCount() and (not at.isValid() or self.isColumnHidden(at.column())):
            self.setCurrentIndex(self.model().index(max(0, at.row()), self._first))
        super().focusInEvent(event)

    def leave_below(self, height: int) -> None:
        """Room for a scroll bar that only the table beside it has."""
        self.setViewportMargins(0, 0, 0, height)


def _table(name: str, first: int) -> Table:
    made = Table(first)
    made.setAccessibleName(name)
    made.setProperty("role", "preview")
    made.horizontalHeader().hide()
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(_ROW)
    made.setShowGrid(False)
    made.setTabKeyNavigation(False)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    made.setTextElideMode(Qt.TextElideMode.ElideRight)
    made.setWordWrap(False)
    return made


def _upright() -> QFrame:
    made = frame("upright")
    made.setFixedWidth(1)
    return made
