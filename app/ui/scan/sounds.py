"""What the scanner station sounds like: the desktop's own beep, by its number."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from app.ui.scan.pairing import Sign

_GAP_MS = 180
_BEEPS = {Sign.ASK: 1, Sign.WRONG: 3}


class Sounds(QObject):
    """One beep asks, three refuse; what goes well is silent, for the scanner itself beeps."""

    def __init__(self, parent: QObject, beep: Callable[[], object] = QApplication.beep) -> None:
        super().__init__(parent)
        self.is_on = True
        self._beep = beep
        self._left = 0
        self._next = QTimer(self, interval=_GAP_MS)
        self._next.timeout.connect(self._sound)

    def play(self, sign: Sign) -> None:
        """The sound of an answer."""
        self._left = _BEEPS.get(sign, 0) if self.is_on else 0
        if self._left:
            self._sound()
            self._next.start()

    @Slot()
    def _sound(self) -> None:
        if not self._left or not self.is_on:
            self._next.stop()
            return
        self._left -= 1
        self._beep()
