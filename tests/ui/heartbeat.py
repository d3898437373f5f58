"""How long the GUI thread takes to answer, whatever keeps it: an event, a lock, another thread."""

import contextlib
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot

LIMIT_MS = 100.0
_STEP_S = 0.005
_THREADS = Path("/proc/self/task")  # of Linux; elsewhere nothing is there


class Heartbeat(QObject):
    """Another thread calls, the GUI thread answers. The caller counts its own steps meanwhile, and
    takes off how long threads of ours stood in line for a processor (where the system tells): on
    a machine that is short of time nobody is blamed.

    (The dispatcher's `awake` and `aboutToBlock` do not stand around everything that is handled.)
    Calls go out while it is entered; a call still unanswered when it is left counts no more, for
    what a test does between is its own affair. `late`: where the GUI thread was each time when it
    did not answer for `limit_ms`.
    """

    _call = Signal()

    def __init__(self, limit_ms: float = LIMIT_MS) -> None:
        super().__init__()
        self._limit_ms = limit_ms
        self._gui = threading.get_ident()
        self._turn = 0  # odd: entered
        self._entered, self._over = threading.Event(), threading.Event()
        self._answered = threading.Event()
        self.longest_ms = 0.0
        self.calls = 0
        self.late: list[str] = []
        self._call.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self._thread.start()

    def __enter__(self) -> "Heartbeat":
        self._turn += 1
        self._entered.set()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._entered.clear()
        self._turn += 1
        self._answered.set()

    def stop(self) -> None:
        """Call no more."""
        self._over.set()
        self._entered.set()
        self._answered.set()
        self._thread.join()

    def report(self) -> str:
        """Where it was."""
        return "\n".join(self.late)

    @Slot()
    def _answer(self) -> None:
        self._answered.set()

    def _beat(self) -> None:
        while self._entered.wait() and not self._over.wait(_STEP_S):
            turn = self._turn
            if not turn % 2:
                continue
            self._answered.clear()
            before, is_told, steps = _in_line_ms(), False, 0
            self._call.emit()
            while not self._answered.wait(_STEP_S) and self._turn == turn:
                steps += 1
                ms = steps * _STEP_S * 1000
                if ms <= self.longest_ms and (is_told or ms < self._limit_ms):
                    continue
                ms -= _more(before, _in_line_ms())
                self.longest_ms = max(self.longest_ms, ms)
                if ms >= self._limit_ms and not is_told:
                    is_told = True
                    frame = sys._current_frames().get(self._gui)
                    self.late.append("".join(traceback.format_stack(frame)))
            self.calls += 1


def _in_line_ms() -> dict[str, float]:
    """By thread of this process: how long it stood in line for a processor so far."""
    found = {}
    for thread in _THREADS.glob("*/schedstat"):
        with contextlib.suppress(OSError):  # it has just ended
            found[thread.parent.name] = int(thread.read_text().split()[1]) / 1e6
    return found


def _more(before: Mapping[str, float], now: Mapping[str, float]) -> float:
    """Of all threads together: one may wait for another that waits for a third."""
    return sum(ms - before.get(name, 0.0) for name, ms in now.items())


@contextmanager
def heartbeat(limit_ms: float = LIMIT_MS) -> Iterator[Heartbeat]:
    """One for the time of a block."""
    made = Heartbeat(limit_ms)
    try:
        with made:
            yield made
    finally:
        made.stop()
