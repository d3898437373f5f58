"""The search field of the top bar: "/" focuses it, Escape empties it."""

from PySide6.QtCore import QEvent, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton

from app.ui import icons, theme
from app.ui.widgets import when_dressed

_HINT = "Order, invoice or tracking number (press / )"
_PAUSE_MS = 150
_WIDTH = 420
_LONGEST = 120
_CLEAR = 22


class SearchBox(QLineEdit):
    """Tells its text when typing pauses, at once on Enter."""

    changed = Signal(str)
    left = Signal()  # Enter or Down: on to what was found

    def __init__(self) -> None:
        super().__init__()
        self.set_hint("")
        self.setAccessibleName("Search orders and tracking numbers")
        self.setMaximumWidth(_WIDTH)
        self.setMinimumWidth(180)
        self.setMaxLength(_LONGEST)
        self._glass = QLabel(self)
        self._glass.setAccessibleName("Search")
        self._glass.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._glass.move(10, (theme.BUTTON - theme.ICON) // 2)
        self._clear = self._make_clear()
        self.setTextMargins(22, 0, _CLEAR + 2, 0)
        self._dress()
        self._told = ""
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self.textChanged.connect(self._pause.start)
        self.textChanged.connect(lambda text: self._clear.setVisible(bool(text)))
        self.returnPressed.connect(self._tell)
        self.returnPressed.connect(self.left)

    @Slot()
    def take_focus(self) -> None:
        """Ready to type, with what is there selected."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def set_hint(self, text: str) -> None:
        """What may be searched for; empty: numbers."""
        self.setPlaceholderText(text or _HINT)

    def show_text(self, text: str) -> None:
        """What another page is searched for; nobody is told."""
        self._told = text.strip()
        self.setText(text)
        self._pause.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self._empty()
            return
        if event.key() == Qt.Key.Key_Down:
            self._tell()
            self.left.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        gap = (self.height() - _CLEAR) // 2
        self._clear.move(self.width() - _CLEAR - gap, gap)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        when_dressed(self, event, self._dress)

    def _dress(self) -> None:
        self._glass.setPixmap(icons.pixmap("search", "muted"))
        self._clear.setIcon(icons.icon("close", "muted"))

    def _make_clear(self) -> QToolButton:
        """Qt's own clear button takes no keyboard and shows none."""
        clear = QToolButton(self)
        clear.setFixedSize(_CLEAR, _CLEAR)
        clear.setIconSize(QSize(12, 12))
        clear.setAccessibleName("Clear the search")
        clear.setToolTip("Clear the search (Escape)")
        clear.setCursor(Qt.CursorShape.ArrowCursor)
        clear.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        clear.clicked.connect(self._empty)
        clear.hide()
        return clear

    @Slot()
    def _empty(self) -> None:
        self.setFocus()
        self.clear()
        self._tell()

    @Slot()
    def _tell(self) -> None:
        self._pause.stop()
        text = self.text().strip()
        if text != self._told:
            self._told = text
            self.changed.emit(text)
