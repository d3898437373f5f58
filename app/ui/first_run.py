"""The first start: practise in one click, or connect a system."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.types import ConnectionInfo
from app.ui import theme
from app.ui.connections.desk import Desk
from app.ui.connections.practice_start import PracticeStart
from app.ui.widgets import button, frame, label

_WIDTH = 720


class FirstRunPage(QWidget):
    """Shown while no connection exists. It opens nothing by itself: it says what was chosen."""

    practice_started = Signal(object)  # the practice connection; its shipments are entered
    connect_asked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._start = PracticeStart(desk, self)
        self._start.began.connect(self._began)
        self._start.failed.connect(self._failed)
        self._practice = button("Start practice mode", "primary")
        self._connect = button("Connect a system")
        self._practice.clicked.connect(self.start_practice)
        self._connect.clicked.connect(self.connect_asked)
        self._busy = label("", "muted", wrap=True)
        self._error = label("", "danger", wrap=True)
        self._error.hide()
        self._busy.hide()
        self._lay_out()

    @Slot()
    def start_practice(self) -> None:
        """Servers, a practice connection and three shipments."""
        self._error.hide()
        self._say("Starting the practice servers…")
        self._start.begin()

    @Slot(object)
    def _began(self, connection: ConnectionInfo) -> None:
        self._say("")
        self.practice_started.emit(connection)

    @Slot(str)
    def _failed(self, text: str) -> None:
        self._say("")
        self._error.setText(text)
        self._error.show()

    def _say(self, text: str) -> None:
        self._busy.setText(text)
        self._busy.setVisible(bool(text))
        self._practice.setEnabled(not text)
        self._connect.setEnabled(not text)

    def _lay_out(self) -> None:
        panels = QHBoxLayout()
        panels.setSpacing(16)
        panels.addWidget(
            _panel(
                "See it work first",
                "Three made-up shipments and a practice server on this computer: one goes through, "
                "one waits for another desk, one needs you. No account is needed, and nothing "
                "leaves this computer.",
                self._practice,
            )
        )
        panels.addWidget(
            _panel(
                "Connect your own system",
                "You need its address and a token or password. Nothing is sent before a test "
                "passed and a shipment comes in.",
                self._connect,
            )
        )
        inside = QWidget()
        inside.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(label("Welcome to Backhaul", "title"))
        column.addWidget(
            label(
                "When a parcel leaves, Backhaul takes its tracking number back to the system the "
                "order came from, and shows what is stuck and why.",
                wrap=True,
            )
        )
        column.addSpacing(4)
        column.addLayout(panels)
        column.addWidget(self._busy)
        column.addWidget(self._error)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(inside, 8)
        middle.addStretch(1)
        whole = QVBoxLayout(self)
        margin = theme.PAGE_MARGIN
        whole.setContentsMargins(margin, margin, margin, margin)
        whole.addStretch(2)
        whole.addLayout(middle)
        whole.addStretch(3)


def _panel(title: str, text: str, press: QWidget) -> QWidget:
    made = frame("panel")
    column = QVBoxLayout(made)
    column.setContentsMargins(20, 18, 20, 20)
    column.setSpacing(10)
    column.addWidget(label(title, "name", wrap=True))
    column.addWidget(label(text, "muted", wrap=True))
    column.addStretch(1)
    column.addSpacing(4)
    column.addWidget(press, 0, Qt.AlignmentFlag.AlignLeft)
    return made
