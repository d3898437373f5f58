"""Waits until somebody says stop: Ctrl-C, or the end the system asks for."""

import queue
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.clock import Clock

_STEP_S = 0.5 if sys.platform == "win32" else 3600.0
"""Only on Windows a wait without an end does not hear Ctrl-C."""


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """The event is set by the first Ctrl-C or SIGTERM; afterwards both do what they did before."""
    stopped = threading.Event()
    # A handler interrupts whatever runs, also the event's own waiting, which holds its lock: only
    # this kind of queue may be used there. A thread hands on what comes out.
    heard: queue.SimpleQueue[bool] = queue.SimpleQueue()

    def pass_on() -> None:
        if heard.get():
            stopped.set()

    passing = threading.Thread(target=pass_on, name="stop-signals", daemon=True)
    passing.start()
    names = [signal.SIGINT, signal.SIGTERM]
    before = {name: signal.signal(name, lambda *_: heard.put(True)) for name in names}
    try:
        yield stopped
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
        heard.put(False)
        passing.join()


def wait_for(stopped: threading.Event, clock: Clock) -> None:
    """Until the event is set."""
    while not clock.wait(stopped, _STEP_S):
        pass
