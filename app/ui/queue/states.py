"""What stands in the place of the list when there are no rows to show."""

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui import icons
from app.ui.widgets import button, label

_WIDEST = 520  # pixels of a line: longer ones are hard to read on
_MARGIN = 40
_STEP = 8


class Instead(QWidget):
    """One sentence and one button: an empty list, or one that could not be read."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._look = ("state_done", "success")

    def _make(self) -> None:
        """Not before there is something to say."""
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._text = label("", "name", wrap=True)
        self._more = label("", "muted", wrap=True)
        self._button = button("")
        self._button.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self._picture)
        for one in (self._text, self._more):
            one.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(one, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        self._presses = QHBoxLayout()
        self._presses.setSpacing(8)
        self._presses.addStretch(1)
        self._presses.addWidget(self._button)
        self._presses.addStretch(1)
        column.addLayout(self._presses)
        column.addStretch(2)

    def show_text(
        self, text: str, more: str, press: str, look: tuple[str, str] = ("state_done", "success")
    ) -> None:
        """The sentence, what stands below it, and the button (empty: none)."""
        if self.layout() is None:
            self._make()
        self._look = look
        self._text.setText(text)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self._button.setText(press)
        self._button.setVisible(bool(press))
        self._break_lines()
        self.dress()

    def offer(self, press: str, act: Callable[[], object]) -> QPushButton:
        """One more button behind the first."""
        if self.layout() is None:
            self._make()
        made = button(press)
        made.clicked.connect(lambda: act())
        self._presses.insertWidget(self._presses.count() - 1, made)
        return made

    def focus_button(self) -> None:
        """The keyboard goes to the button."""
        self._button.setFocus()

    def dress(self) -> None:
        """The picture in the colours of the theme."""
        if self.layout() is None:
            return
        name, colour = self._look
        self._picture.setAccessibleName("Stopped" if colour == "danger" else "Nothing to show")
        self._picture.setPixmap(icons.pixmap(name, colour, 28))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.layout() is not None:
            self._break_lines()

    def _break_lines(self) -> None:
        room = min(_WIDEST, self.width() - 2 * _MARGIN)
        for one in (self._text, self._more):
            width = balanced(one, room)  # the layout would ask for the height at its own width
            one.setFixedSize(width, max(0, one.heightForWidth(width)))  # -1 without a text


def balanced(text: QLabel, room: int) -> int:
    """The width, at most `room` pixels, in which it takes as few lines as there and these are
    about as long as each other: no word stands alone in the last one."""
    text.ensurePolished()
    metrics, flags = text.fontMetrics(), int(Qt.TextFlag.TextWordWrap)

    def height(width: int) -> int:
        return metrics.boundingRect(QRect(0, 0, width, 10_000), flags, text.text()).height()

    lines = height(room)
    low, high = 0, max(0, room)
    while high - low > _STEP:
        middle = (low + high) // 2
        box = metrics.boundingRect(QRect(0, 0, middle, 10_000), flags, text.text())
        if box.height() > lines or box.width() > middle:
            low = middle
        else:
            high = middle
    return min(room, high + _STEP)
