"""The bar that says what was done, with Undo where there is one; laid over the page's foot."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QHBoxLayout, QWidget

from app.ui.widgets import button, label

UNDO_S = 10
_SAY_S = 4
_MARGIN = 18
_ROOM = 240


class Toast(QFrame):
    """One message at a time; the seconds left stand in the button."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "toast")
        self.setProperty("overlay", True)
        self._over = parent
        self._undo: Callable[[], object] | None = None
        self._left = 0
        self._lift = 0
        self._seconds = QTimer(self, interval=1000)
        self._seconds.timeout.connect(self._tick)
        self.hide()

    def say(
        self, text: str, undo: Callable[[], object] | None = None, *, stays: bool = False
    ) -> None:
        """Show a message; with `undo` for 10 s. `stays`: until the next one."""
        if self.layout() is None:
            self._make()
        self._undo = undo
        self._left = UNDO_S if undo else _SAY_S
        room = max(120, self._over.width() - _ROOM)
        self._text.setText(
            self._text.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room)
        )
        self._text.setAccessibleName(text)
        self.setAccessibleName(text)
        self._button.setVisible(undo is not None)
        self._name_button()
        self._seconds.stop() if stays else self._seconds.start()
        self.show()
        self._place()
        self.raise_()

    @Slot(int)
    def lift(self, pixels: int) -> None:
        """Stand that much higher: something else is at the foot."""
        self._lift = pixels
        self._place()

    @property
    def text(self) -> str:
        """What it says now; empty when nothing."""
        return self._text.text() if self.isVisible() else ""

    @Slot()
    def press(self) -> None:
        """Undo, while it can be."""
        undo, self._undo = self._undo, None
        if undo is not None:
            self.hide_now()
            undo()

    @Slot()
    def hide_now(self) -> None:
        """Say nothing more."""
        self._seconds.stop()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _make(self) -> None:
        """Not before there is something to say."""
        self._over.installEventFilter(self)
        self._text = label()
        self._button = button("Undo")
        self._button.clicked.connect(self.press)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.setSpacing(10)
        row.addWidget(self._text)
        row.addWidget(self._button)
        self.setFixedHeight(36)
        shadow = QGraphicsDropShadowEffect(self, blurRadius=16, offset=QPointF(0, 2))
        shadow.setColor(QColor(0, 0, 0, 70))
        self.setGraphicsEffect(shadow)

    @Slot()
    def _tick(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self._undo = None
            self.hide_now()
        else:
            self._name_button()

    def _name_button(self) -> None:
        self._button.setText(f"Undo ({self._left} s)")
        self._button.setAccessibleName("Undo")

    def _place(self) -> None:
        self.adjustSize()
        over = self._over.rect()
        self.move(
            (over.width() - self.width()) // 2, over.height() - self.height() - _MARGIN - self._lift
        )
