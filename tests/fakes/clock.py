"""A clock that only moves when a test moves it."""

import threading

_LOOK_S = 0.002


class FakeClock:
    """`advance` moves both times as life does; `jump` sets the wall clock only.

    A `wait` under way in another thread ends as soon as the time is moved far enough.
    """

    def __init__(self, now_ms: int = 1_790_000_000_000) -> None:
        self._moved = threading.Condition()
        self._now_ms = now_ms
        self._monotonic = 1000.0
        self._waiting = 0

    def now_ms(self) -> int:
        return self._now_ms

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Time passes."""
        with self._moved:
            self._monotonic += seconds
            self._now_ms += round(seconds * 1000)

    def jump(self, seconds: float) -> None:
        """Somebody sets the wall clock (back, where negative)."""
        with self._moved:
            self._now_ms += round(seconds * 1000)

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Until the event is set, or the time was moved by `timeout_s`."""
        ends = self._monotonic + timeout_s
        with self._moved:
            self._waiting += 1
            self._moved.notify_all()
        try:
            while not event.is_set() and self._monotonic < ends:
                event.wait(_LOOK_S)
        finally:
            with self._moved:
                self._waiting -= 1
                self._moved.notify_all()
        return event.is_set()

    def until_waiting(self, count: int = 1, timeout_s: float = 10.0) -> bool:
        """Until that many threads are in `wait` (real seconds); False when they never were."""
        with self._moved:
            return self._moved.wait_for(lambda: self._waiting >= count, timeout_s)
