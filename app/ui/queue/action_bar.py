"""What both bars beside the view have in common: their keys, and when one leaves them."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget


class ActionBar(QWidget):
    """Real buttons over the view, made for the first row it stands on. Each is to be given to
    `installEventFilter(self)`."""

    left = Signal()

    def __init__(self, parent: QWidget, make: Callable[[], None]) -> None:
        """`make`: the buttons and where they stand."""
        super().__init__(parent)
        self._make = make
        self.is_made = False
        self.setProperty("overlay", True)
        self.hide()

    def make_once(self) -> None:
        """The buttons, unless they are there."""
        if not self.is_made:
            self.is_made = True
            self._make()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if isinstance(watched, QAbstractButton):
                    watched.click()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()
        super().leaveEvent(event)
