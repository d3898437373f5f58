"""One thing in full beside its list: a title, a button that closes it, and what scrolls below."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.ui import icons, theme
from app.ui.widgets import label, when_dressed

WIDTH = 348
MARGIN = 16


class SidePane(QFrame):
    """Escape closes it."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setMinimumWidth(WIDTH)
        self.setMaximumWidth(WIDTH)
        self.setAccessibleName("Details")

    def _make(self) -> None:
        """What stands there whatever is shown."""
        self._place = 0
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
        head.setContentsMargins(MARGIN, 0, 0, 0)
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 10, 10, 10)
        whole.addLayout(head)
        whole.addWidget(self._area, 1)

    def fill(self, title: str, inside: QWidget) -> None:
        """Something else in it."""
        if self.layout() is None:
            self._make()
        self._title.setText(title)
        self._close.setIcon(icons.icon("close"))
        self._place = self._area.verticalScrollBar().value()
        self._area.setWidget(inside)

    def bring(self, *, is_same: bool) -> None:
        """Show it; where `is_same` as before is shown, the scroll bar stays."""
        self._area.verticalScrollBar().setValue(self._place if is_same else 0)
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
        """What is drawn in the colours of the theme."""
