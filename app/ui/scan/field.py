"""The field a scanner types into: Enter and Tab end a scan, and nothing else is a key here."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_LINE_ENDS = ("\r", "\n")  # some scanners send a line feed: no key has that name
_OURS = Qt.KeyboardModifier.ControlModifier
_LONGEST = 200


class ScanField(QLineEdit):
    """Tells each line that was scanned, and is empty again at once."""

    scanned = Signal(str)
    undo_asked = Signal()
    escaped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "scan")
        self.setMaxLength(_LONGEST)
        self.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and self._is_ours(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._press(event)
                return True
        return super().event(event)

    def _is_ours(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Tab:  # on an empty field the keyboard goes on as everywhere
            return bool(self.text())
        if key in _ENDS or event.text() in _LINE_ENDS or key == Qt.Key.Key_Escape:
            return True
        return key == Qt.Key.Key_Z and event.modifiers() == _OURS and not self.text()

    def _press(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._escape()
        elif event.key() == Qt.Key.Key_Z:
            self.undo_asked.emit()
        elif not event.isAutoRepeat():
            text = self.text()
            self.clear()
            self.scanned.emit(text)

    def _escape(self) -> None:
        if self.text():
            self.clear()
        else:
            self.escaped.emit()


class ToField(QObject):
    """What is scanned while a button or a choice has the keyboard goes to the field, whole."""

    def __init__(self, window: QWidget, field: ScanField) -> None:
        super().__init__(window)
        self._window, self._field = window, field

    def watch(self, widget: QWidget) -> None:
        """Keys that reach this widget are looked at first."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_key = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if not is_key or not isinstance(event, QKeyEvent) or not _is_typed(event):
            return super().eventFilter(watched, event)
        if self._field.hasFocus():  # it has seen this one, and did not want it
            return super().eventFilter(watched, event)
        self._field.setFocus()
        QApplication.sendEvent(self._field, event)
        return True


def _is_typed(event: QKeyEvent) -> bool:
    """A character; a space presses buttons and opens choices, and begins no number."""
    text = event.text()
    held = event.modifiers() & (_OURS | Qt.KeyboardModifier.AltModifier)
    return bool(text.strip()) and text.isprintable() and not held
