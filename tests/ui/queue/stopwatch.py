"""How long the GUI thread was away from its events, for a limit that holds on a busy machine."""

import time
from collections.abc import Callable
from statistics import median

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication

from tests.ui.desk import until


class Stopwatch:
    """The longest turn of the event loop, in what this thread itself worked: on a machine that is
    short of time a turn takes longer, and that is nobody's fault. (Waiting for another thread of
    ours is one: the watchdog of all tests looks for that.)"""

    def __init__(self) -> None:
        app = QCoreApplication.instance()
        assert app is not None
        dispatcher = QAbstractEventDispatcher.instance(app.thread())
        assert dispatcher is not None
        self._dispatcher = dispatcher
        self._began: float | None = None
        self.longest_ms = 0.0

    def __enter__(self) -> "Stopwatch":
        self._dispatcher.awake.connect(self._awake)
        self._dispatcher.aboutToBlock.connect(self._idle)
        return self

    def __exit__(self, *_: object) -> None:
        self._dispatcher.awake.disconnect(self._awake)
        self._dispatcher.aboutToBlock.disconnect(self._idle)

    def _awake(self) -> None:
        self._idle()
        self._began = time.thread_time()

    def _idle(self) -> None:
        if self._began is not None:
            worked = time.thread_time() - self._began
            self.longest_ms = max(self.longest_ms, worked * 1000)
            self._began = None


def longest_ms(act: Callable[[], object], over: Callable[[], bool], times: int = 5) -> float:
    """The longest turn while `act` is done and until `over` holds: the median of several tries.

    `act` counts as a turn of its own, as the press of a key is.
    """
    found = []
    for _ in range(times):
        with Stopwatch() as watch:
            began = time.thread_time()
            act()
            own_ms = (time.thread_time() - began) * 1000
            until(over, 20_000)
        found.append(max(own_ms, watch.longest_ms))
    return median(found)
