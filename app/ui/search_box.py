"""The search field of the top bar: "/" focuses it, Escape empties it."""

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from app.ui import icons, theme
from app.ui.widgets import when_dressed

_PAUSE_MS = 150
_WIDTH = 420
_LONGEST = 120


class SearchBox(QLineEdit):
    """Tells its text when typing pauses, at once on Enter."""

    changed = Signal(str)
    left = Signal()  # Enter or Down: on to what was found

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Order, invoice or tracking number (press / )")
        self.setAccessibleName("Search orders and tracking numbers")
        self.setMaximumWidth(_WIDTH)
        self.setMinimumWidth(180)
        self.setMaxLength(_LONGEST)
        self.setClearButtonEnabled(True)
        self._glass = QLabel(self)
        self._glass.setAccessibleName("Search")
        self._glass.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._glass.move(10, (theme.BUTTON - theme.ICON) // 2)
        self.setTextMargins(22, 0, 0, 0)
        self._dress()
        self._told = ""
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self.textChanged.connect(self._pause.start)
        self.returnPressed.connect(self._tell)
        self.returnPressed.connect(self.left)

    @Slot()
    def take_focus(self) -> None:
        """Ready to type, with what is there selected."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._tell()
            return
        if event.key() == Qt.Key.Key_Down:
            self._tell()
            self.left.emit()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._dress)

    def _dress(self) -> None:
        self._glass.setPixmap(icons.pixmap("search", "muted"))

    @Slot()
    def _tell(self) -> None:
        self._pause.stop()
        text = self.text().strip()
        if text != self._told:
            self._told = text
            self.changed.emit(text)
