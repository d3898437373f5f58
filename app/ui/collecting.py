"""Python's cyclic collector, kept on the GUI thread while there is a window.

By itself it runs on whichever thread happens to allocate, and destroys there what it finds: also
widgets, which crashes a GUI thread that walks through them at that moment.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer, Slot

YOUNG = 2000
"""So many objects more than after the last collection are worth one."""
_OLDER_EVERY = 10  # collections of the younger generation
IDLE_MS, BUSY_MS = 4000, 200


class Collector(QObject):
    """Looks seldom while little is made, and often while much is: threads cannot call it.

    As Python's own: the oldest are looked through when a quarter as many more have grown old.
    """

    def __init__(self, parent: QObject | None = None, *, idle_ms: int = IDLE_MS) -> None:
        super().__init__(parent)
        self._idle_ms = idle_ms
        self._looks = self._olds = 0
        self._aged, self._grown = 0, 0  # since the last full one; what that one left
        self._is_settled = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """From now on nothing is collected on another thread."""
        gc.disable()
        self._timer.start(self._idle_ms)

    def stop(self) -> None:
        """Python collects again wherever it likes: no other thread may run any more."""
        self._timer.stop()
        gc.enable()

    @property
    def wait_ms(self) -> int:
        """Until the next look."""
        return self._timer.interval()

    @Slot()
    def look(self) -> None:
        """Collect what is due."""
        made = gc.get_count()[0]
        if made < YOUNG:
            self._settle()
            self._wait(min(2 * self.wait_ms, self._idle_ms))
            return
        self._collect(made)
        self._wait(min(BUSY_MS, self._idle_ms))

    def _settle(self) -> None:
        """Once the start is over: what was loaded stays, and is never looked through again."""
        if self._is_settled:
            return
        gc.collect()
        if gc.get_count()[0] < YOUNG:  # what another thread makes meanwhile may end
            self._is_settled = True
            gc.freeze()

    def _collect(self, made: int) -> None:
        self._looks += 1
        is_older = self._looks % _OLDER_EVERY == 0
        if is_older:
            self._olds += 1
        if self._olds >= _OLDER_EVERY and self._aged > self._grown // 4:
            gc.collect()
            self._olds = self._aged = 0
            self._grown = len(gc.get_objects())
            return
        found = gc.collect(1 if is_older else 0)
        self._aged = max(0, self._aged + made - found)

    def _wait(self, milliseconds: int) -> None:
        if milliseconds != self.wait_ms:
            self._timer.setInterval(milliseconds)
