"""Who may run a job now: everybody together, or one alone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Runs share the program; a job that saw the program die runs with no other beside it.

    If the program dies again, that job is known to be the cause, and no innocent one is.
    """

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._running = 0
        self._alone_wanted = 0

    @contextmanager
    def together(self) -> Iterator[None]:
        """Run beside others."""
        with self._free:
            while self._alone_wanted:
                self._free.wait()
            self._running += 1
        try:
            yield
        finally:
            self._end()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Run with nobody beside; those that come later wait."""
        with self._free:
            while self._alone_wanted:
                self._free.wait()
            self._alone_wanted = 1
            while self._running:
                self._free.wait()
            self._running += 1
        try:
            yield
        finally:
            with self._free:
                self._alone_wanted = 0
            self._end()

    def _end(self) -> None:
        with self._free:
            self._running -= 1
            if self._alone_wanted or not self._running:
                self._free.notify_all()
