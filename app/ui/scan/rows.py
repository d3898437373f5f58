"""The last scans, the newest on top, each with what became of it so far."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.core.clock import clock_time
from app.services.queue_lines import Line
from app.services.wording import Phase
from app.ui import icons, theme
from app.ui.queue.looks import look_of
from app.ui.scan.scans import Place, Scan
from app.ui.widgets import ElidedLabel, label, when_dressed

_MOVING = frozenset({Phase.WAITING, Phase.RETRYING, Phase.SENDING})
_ROW = 48
_ORDER_WIDTH = 150

Look = tuple[str, str]
"""Name of an icon and token of its colour."""


def look_of_scan(scan: Scan) -> Look:
    """Green only for what was read back at the other system."""
    match scan.place:
        case Place.WAITING if scan.trouble:
            return "state_failed", "warning"
        case Place.WAITING:
            return "state_waiting", "muted"
        case Place.REFUSED:
            return "state_failed", "danger"
        case Place.LEFT:
            return "state_failed", "warning"
        case Place.BACK:
            return "state_removed", "muted"
    line = scan.line
    if line is None or (line.phase is Phase.WAITING and not line.row.job.reason_code):
        return "state_waiting", "accent"
    return look_of(line)


def words_of(scan: Scan) -> str:
    """Where it stands, in a few words."""
    match scan.place:
        case Place.WAITING if scan.goes_back:
            return "Taken back"
        case Place.WAITING if scan.trouble:
            return f"Not stored yet. {scan.trouble}"
        case Place.WAITING:
            return "Storing"
        case Place.REFUSED:
            return f"Not entered. {scan.trouble}"
        case Place.LEFT:
            return "Not entered: no label was scanned"
        case Place.BACK:
            return "Taken back"
        case Place.KNOWN:
            return _known(scan.line)
    return "Entered" if scan.line is None else _entered(scan.line)


def _known(line: Line | None) -> str:
    if line is None:
        return "Known already; nothing was added"
    when = clock_time(line.row.job.created_at)
    return f"Known already, entered {when}; nothing was added · {_now(line)}"


def _entered(line: Line) -> str:
    return f"Entered · {_now(line)}" if line.phase in _MOVING else _now(line)


def _now(line: Line) -> str:
    if line.phase is Phase.DONE and line.row.job.proof is not None:
        return "Written"
    return line.reason


class ScanRow(QWidget):
    """One scan: order and label, below them where it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_ROW)
        self._scan: Scan | None = None
        self._icon = QLabel()
        self._order = ElidedLabel(role="name")
        self._order.setFixedWidth(_ORDER_WIDTH)
        self._order.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._number = label()
        self._number.setFont(theme.fixed_font(theme.TEXT_PX))
        self._state = ElidedLabel(role="small")
        self._time = label("", "small")
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._order)
        top.addWidget(self._number)
        top.addStretch(1)
        top.addWidget(self._time)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addLayout(top)
        lines.addWidget(self._state)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 14, 4)
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(lines, 1)

    def show_scan(self, scan: Scan) -> None:
        """That scan, as it stands now."""
        self._scan = scan
        words = words_of(scan)
        self._order.set_text(scan.pair.order)
        self._number.setText(scan.pair.number)
        self._state.set_text(words)
        self._time.setText(clock_time(scan.at))
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._dress)

    def _dress(self) -> None:
        if self._scan is not None:
            name, token = look_of_scan(self._scan)
            self._icon.setPixmap(icons.pixmap(name, token))
            self._icon.setAccessibleName(words_of(self._scan))


class ScanList(QScrollArea):
    """Rows are made once and used again: nothing is deleted while the list moves."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bare")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows: list[ScanRow] = []
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(0)
        self._empty = label("What you scan is listed here", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMinimumHeight(_ROW * 2)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        self.setWidget(inside)

    def show_scans(self, scans: Sequence[Scan]) -> None:
        """These, from top to bottom."""
        self._empty.setVisible(not scans)
        while len(self._rows) < len(scans):
            row = ScanRow()
            self._column.insertWidget(self._column.count() - 1, row)
            self._rows.append(row)
        for place, row in enumerate(self._rows):
            if place < len(scans):
                row.show_scan(scans[place])
            row.setVisible(place < len(scans))
