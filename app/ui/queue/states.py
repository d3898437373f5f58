"""What stands in the place of the list when there are no rows to show."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.ui import icons
from app.ui.widgets import button, label


class Instead(QWidget):
    """One sentence and one button: an empty list, or one that could not be read."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._picture.setAccessibleName("Nothing to show")
        self._text = label("", "name", wrap=True)
        self._more = label("", "muted", wrap=True)
        self._button = button("")
        self._button.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 40, 40, 40)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self._picture)
        for one in (self._text, self._more):
            one.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(one)
        column.addSpacing(8)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self._look = ("state_done", "success")

    def show_text(
        self, text: str, more: str, press: str, look: tuple[str, str] = ("state_done", "success")
    ) -> None:
        """The sentence, what stands below it, and the button (empty: none)."""
        self._look = look
        self._text.setText(text)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self._button.setText(press)
        self._button.setVisible(bool(press))
        self.dress()

    def dress(self) -> None:
        """The picture in the colours of the theme."""
        name, token = self._look
        self._picture.setPixmap(icons.pixmap(name, token, 28))
