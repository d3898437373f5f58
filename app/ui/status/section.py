"""What stands behind one light: why it shines so, the figures of the last hour, its graph."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout

from app.services.health import TITLES, ApiHealth
from app.services.health_words import calls_text, rate_text, time_text
from app.ui.status.graph import HourGraph
from app.ui.status.words import error_text, since_text
from app.ui.widgets import label

MARGIN = 16
NAME_WIDTH = 104


class Rows(QGridLayout):
    """Names at the left, values at the right; a value may be left out."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(6)
        self.setColumnMinimumWidth(0, NAME_WIDTH)
        self.setColumnStretch(1, 1)
        self._rows: dict[str, tuple[QLabel, QLabel]] = {}
        for place, name in enumerate(names):
            head, value = label(name, "muted"), label("", wrap=True)
            self._rows[name] = head, value
            for one in (head, value):
                one.setAlignment(Qt.AlignmentFlag.AlignTop)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.addWidget(head, place, 0)
            self.addWidget(value, place, 1)

    def show_row(self, name: str, text: str) -> None:
        """Another value; without one the row is not there."""
        head, value = self._rows[name]
        value.setText(text)
        value.setAccessibleName(f"{name}: {text}")
        head.setVisible(bool(text))
        value.setVisible(bool(text))

    def text(self, name: str) -> str:
        """The value shown."""
        return self._rows[name][1].text()


_NAMES = (
    "What to do", "Who must act", "Last hour", "Error rate", "Usual time", "Last success",
    "Last error",
)  # fmt: skip


class Section(QFrame):
    """One API of one connection."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._title = label("", "muted")
        self.why = label("", "name", wrap=True)
        self.rows = Rows(_NAMES)
        self.graph = HourGraph()
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 14, MARGIN, 14)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self.why)
        column.addLayout(self.rows)
        column.addSpacing(4)
        column.addWidget(self.graph)

    def show_api(self, one: ApiHealth, now_ms: int) -> None:
        """How this API stands now."""
        title = TITLES[one.api]
        self.setAccessibleName(f"{title}: {one.text}")
        self._title.setText(title)
        self.why.setText(one.text)
        show = self.rows.show_row
        show("What to do", one.hint)
        show("Who must act", one.who)
        show("Last hour", calls_text(one.figures))
        show("Error rate", rate_text(one.figures) if one.figures.calls else "")
        show("Usual time", time_text(one.figures.median_ms) if one.figures.calls else "")
        show("Last success", since_text(one.last_ok, now_ms))
        show("Last error", error_text(one, now_ms))
        self.graph.show_points(one.points)
        self.graph.setVisible(bool(one.figures.calls))
