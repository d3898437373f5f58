"""How long the GUI thread takes to answer, whatever keeps it: an event, a lock, another thread."""

import threading
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot

_STEP_S = 0.005


class Heartbeat(QObject):
    """Another thread calls, the GUI thread answers. The caller counts its own steps meanwhile: on
    a machine that is short of time both are held up, and nobody is blamed.

    (The dispatcher's `awake` and `aboutToBlock` do not stand around everything that is handled.)
    """

    _call = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.longest_ms = 0.0
        self.calls = 0
        self._answered, self._over = threading.Event(), threading.Event()
        self._call.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._answered.set()
        self._thread.join()

    @Slot()
    def _answer(self) -> None:
        self._answered.set()

    def _beat(self) -> None:
        while not self._over.wait(_STEP_S):
            self._answered.clear()
            self._call.emit()
            steps = 0
            while not self._answered.wait(_STEP_S):
                steps += 1
            self.calls += 1
            if not self._over.is_set():
                self.longest_ms = max(self.longest_ms, steps * _STEP_S * 1000)
