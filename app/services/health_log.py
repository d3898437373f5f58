"""Hears how each call to another system ended, and stores that every few seconds."""

import logging
import threading
from collections import Counter
from collections.abc import Callable

from app.core.clock import Clock
from app.core.errors import StorageError
from app.core.events import ClockJumped, EventBus, HealthChanged
from app.core.health import MINUTE_MS, Mark, Tally, band_of
from app.integrations.calls import Heard
from app.models.health import HealthStore, Key

logger = logging.getLogger(__name__)

BATCH_S = 3.0
"""What was heard is on disk after that time at the latest; a kill loses no more than this."""

_JUMP_S = 2.0


class HealthLog:
    """One per process, for all threads. Whoever makes a call only counts it in memory.

    Its thread begins with the first call and sleeps while none is made.
    """

    def __init__(
        self, store: HealthStore, clock: Clock, bus: EventBus, end_thread: Callable[[], None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._bus = bus
        self._end_thread = end_thread
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._calls: Counter[tuple[Key, Tally]] = Counter()
        self._marks: dict[Key, Mark] = {}
        self._offset = self._offset_s()
        self._is_void = False  # what is stored was stamped by a clock that was ahead
        self._thread: threading.Thread | None = None
        self._wake, self._stopping = threading.Event(), threading.Event()
        bus.subscribe(ClockJumped, self._jumped)

    def heard(self, connection_id: int, call: Heard) -> None:
        """A call ended just now; takes microseconds and never fails."""
        now = self._clock.now_ms()
        key = (connection_id, call.api, call.way)
        tally = Tally(now // MINUTE_MS, call.way, call.result, band_of(call.took_ms), 0)
        with self._lock:
            self._check_clock()
            self._calls[key, tally] += 1
            mark = self._marks.get(key)
            if mark is None:
                mark = self._marks[key] = Mark()
            mark.hear(call.result, now, call.code, call.params)
            is_first = self._thread is None and not self._stopping.is_set()
            if is_first:
                self._thread = threading.Thread(target=self._keep, name="health", daemon=True)
        if is_first and self._thread is not None:
            self._thread.start()
        if not self._wake.is_set():
            self._wake.set()

    def begin(self) -> None:
        """The program starts: what a clock stamped ahead that was set right since then would look
        fresh when that time comes."""
        try:
            if self._store.is_ahead(self._clock.now_ms()):
                self._store.forget()
        except StorageError as error:
            logger.warning("the kept calls could not be looked at: %s", error)

    def forget(self, connection_id: int) -> None:
        """The connection leads somewhere else now: how calls went before says nothing of that.

        Raises: StorageError.
        """
        with self._writing:
            with self._lock:
                for key in [one for one in self._marks if one[0] == connection_id]:
                    del self._marks[key]
                for counted in [one for one in self._calls if one[0][0] == connection_id]:
                    del self._calls[counted]
            self._store.forget(connection_id)

    def flush(self) -> None:
        """Store what was heard so far; what cannot be stored now is kept for the next time."""
        with self._writing:
            with self._lock:
                self._check_clock()
                calls, self._calls = self._calls, Counter()
                marks, self._marks = self._marks, {}
                is_void, self._is_void = self._is_void, False
            try:
                if is_void:
                    self._store.forget()
                    is_void = False
                if calls:
                    self._store.add(calls, marks, self._clock.now_ms())
            except StorageError as error:
                logger.warning("how calls ended is stored later: %s", error)
                self._take_back(calls, marks, is_void=is_void)
                return
        if calls:
            self._bus.publish(HealthChanged())

    def stop(self) -> None:
        """Store the rest and end the thread."""
        self._stopping.set()
        self._wake.set()
        thread = self._thread
        if thread is not None:
            thread.join()
        self.flush()

    def _take_back(
        self, calls: Counter[tuple[Key, Tally]], marks: dict[Key, Mark], *, is_void: bool
    ) -> None:
        with self._lock:
            if self._is_void:
                return  # the clock was set back meanwhile: these count no more either
            self._is_void = is_void
            self._calls.update(calls)
            for key, later in self._marks.items():
                marks[key] = marks[key].followed_by(later) if key in marks else later
            self._marks = marks

    def _keep(self) -> None:
        try:
            while not self._stopping.is_set():
                self._wake.wait()
                self._wake.clear()
                self._stopping.wait(BATCH_S)
                self.flush()
        finally:
            self._end_thread()

    def _jumped(self, _: ClockJumped) -> None:
        with self._lock:
            self._check_clock()
            is_void = self._is_void
        if is_void:
            self.flush()

    def _check_clock(self) -> None:
        """Set back, an old success would look fresh: nothing that was stamped before counts."""
        offset = self._offset_s()
        if offset < self._offset - _JUMP_S:
            self._is_void = True
            self._calls.clear()
            self._marks.clear()
        self._offset = offset

    def _offset_s(self) -> float:
        return self._clock.now_ms() / 1000 - self._clock.monotonic()
