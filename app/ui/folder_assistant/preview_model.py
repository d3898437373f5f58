"""The first rows of a file as they stand there, each with what it would do."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.services.folder_trial import Trial, TrialRow
from app.ui import theme
from app.ui.folder_assistant.words import column_name, outcome

LINE, OUTCOME = 0, 1
FIRST_CELL = 2
"""Columns of the model: the row's number, what it would do, then the cells of the file."""

_ANSWER = ("Order", "Tracking number")
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file; several orders in one cell give several results."""

    number: int
    cells: tuple[str, ...]
    results: tuple[TrialRow, ...] = ()

    @property
    def text(self) -> str:
        """What it would do, in words."""
        writes = [row.order for row in self.results if row.will_write]
        if len(writes) > 1:
            return f"Would be written to {', '.join(writes)}"
        return outcome(self.results[0]) if self.results else "Not known yet"

    @property
    def token(self) -> str:
        """The colour of these words; green is for what was seen at the other system."""
        if any(row.is_rejected for row in self.results):
            return "danger"
        return "accent" if any(row.will_write for row in self.results) else "muted"


def lines_of(trial: Trial) -> list[Line]:
    """The rows of a trial, with or without results."""
    results: dict[int, list[TrialRow]] = {}
    for row in trial.rows:
        results.setdefault(row.line, []).append(row)
    cells = dict(trial.cells)
    numbers = sorted({*results, *cells})
    if results and not trial.errors:
        numbers = [number for number in numbers if number <= max(results)]
    return [
        Line(number, cells.get(number) or _bare(found), tuple(found))
        for number in numbers
        for found in [results.get(number, [])]
    ]


def _bare(found: list[TrialRow]) -> tuple[str, ...]:
    """For a row without columns: what it names, or its text where it cannot be read."""
    if not found:
        return ()
    row = found[0]
    return (row.tracking,) if row.is_rejected else (row.order, row.tracking)


class PreviewModel(QAbstractTableModel):
    """Made anew with every look at the file."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.headings: list[str] = []
        self._ignored: frozenset[int] = frozenset()

    def show_trial(self, trial: Trial, ignored: frozenset[int]) -> None:
        """Other rows; `ignored`: columns of the file that are not read, from 0."""
        self.beginResetModel()
        self.lines = lines_of(trial)
        self.headings = (
            list(_ANSWER)
            if trial.is_answer
            else [column_name(trial.header, at) for at in range(trial.width)]
        )
        self._ignored = ignored
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        return 0 if parent.isValid() else FIRST_CELL + len(self.headings)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, column = self.lines[index.row()], index.column()
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme.colour(self._token(line, column))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(line, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._heading(column)}: {self._text(line, column)}"
        if role == Qt.ItemDataRole.FontRole and column >= FIRST_CELL:
            return theme.fixed_font()
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return self._heading(section)
        return None

    def _heading(self, column: int) -> str:
        fixed = ("Row", "What it would do")
        return fixed[column] if column < FIRST_CELL else self.headings[column - FIRST_CELL]

    def _text(self, line: Line, column: int) -> str:
        if column == LINE:
            return str(line.number)
        if column == OUTCOME:
            return line.text
        at = column - FIRST_CELL
        return " ".join(line.cells[at].split()) if at < len(line.cells) else ""

    def _token(self, line: Line, column: int) -> str:
        if column == OUTCOME:
            return line.token
        return "muted" if column == LINE or column - FIRST_CELL in self._ignored else "text"
