"""A scrolling page whose content keeps its right margin, with a scroll bar or without."""

from PySide6.QtCore import QMargins, Qt, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class Scroll(QScrollArea):
    """The scroll bar stands in the right margin instead of pushing the content away."""

    def __init__(self, margins: QMargins) -> None:
        super().__init__()
        self._margins = margins
        body = QWidget()
        self.column = QVBoxLayout(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "bare")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(body)
        self.verticalScrollBar().rangeChanged.connect(self._keep_margin)
        self._keep_margin()

    @Slot()
    def _keep_margin(self) -> None:
        bar, given = self.verticalScrollBar(), self._margins
        taken = bar.sizeHint().width() if bar.maximum() > 0 else 0
        right = max(0, given.right() - taken)
        self.column.setContentsMargins(given.left(), given.top(), right, given.bottom())
