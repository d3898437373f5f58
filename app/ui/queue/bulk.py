"""One act on many rows as it goes on: how far it is, how fast, and that it can be stopped."""

import threading
import time

_SETTLED_S = 1.0  # before this a rate says nothing


class Run:
    """Shared between the thread that works and the window that looks on."""

    def __init__(self, doing: str, total: int) -> None:
        """`doing`: "Retrying"; `total`: rows."""
        self.doing, self.total = doing, total
        self.through = 0
        self._cancelled = threading.Event()
        self._began = time.monotonic()

    def watch(self, through: int) -> bool:
        """On the working thread, after each part; False: go no further."""
        self.through = through
        return not self._cancelled.is_set()

    def cancel(self) -> None:
        """Stop after the part that is being done."""
        self._cancelled.set()

    @property
    def is_cancelled(self) -> bool:
        """True once `cancel` was called."""
        return self._cancelled.is_set()

    def text(self) -> str:
        """ "Retrying 1,200 of 4,812"."""
        return f"{self.doing} {self.through:,} of {self.total:,}"

    def pace(self, now: float | None = None) -> str:
        """ "900 a second, 4 s left"; empty while nobody can tell. `now`: monotonic seconds."""
        took = (time.monotonic() if now is None else now) - self._began
        if self.is_cancelled:
            return "stopping"
        if took < _SETTLED_S or not self.through:
            return ""
        rate = self.through / took
        left = round((self.total - self.through) / rate)
        time_left = f"{left} s left" if left < 60 else f"{-(-left // 60)} min left"
        return f"{rate:,.0f} a second, {time_left}" if rate >= 1 else time_left
