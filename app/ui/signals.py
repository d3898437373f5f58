"""SIGTERM, Ctrl-C and the end of a session reach the window at once, without a timer."""

import contextlib
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType, TracebackType

from PySide6.QtCore import QObject, QSocketNotifier

_NAMES = [signal.SIGINT, signal.SIGTERM]
if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
    _NAMES.append(signal.SIGHUP)  # what a terminal, or a desktop that ends, sends; nohup ignores it


class StopSignals(QObject):
    """For the time of the event loop: calls `stop` on the GUI thread."""

    def __init__(self, stop: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._stop = stop
        self._ours, self._pythons = socket.socketpair()
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)

    def __enter__(self) -> None:
        self._pythons.setblocking(False)
        self._ours.setblocking(False)
        self._before = {name: signal.signal(name, self._handle) for name in _NAMES}
        self._wakeup = signal.set_wakeup_fd(self._pythons.fileno(), warn_on_full_buffer=False)
        self._notifier.activated.connect(self._woken)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        for name, handler in self._before.items():
            signal.signal(name, handler)
        self._ours.close()
        self._pythons.close()

    def _handle(self, number: int, _: FrameType | None) -> None:
        if sys.platform == "win32":
            self._stop()

    def _woken(self) -> None:
        with contextlib.suppress(OSError):
            self._ours.recv(64)
        self._stop()
