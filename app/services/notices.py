"""Watches the store on a thread of its own; publishes notices and how everything stands."""

import logging
import threading
from collections.abc import Callable

from app.core.clock import Clock
from app.core.errors import StorageError
from app.core.events import (
    ClockJumped,
    ConnectionChanged,
    EventBus,
    JobChanged,
    JobsAdded,
    LocalIntakeChanged,
    StorageTrouble,
    StoreChanged,
)
from app.core.telling import Standing
from app.services import cause_words
from app.services.causes import OUTAGE_S, Cause, CauseFinder, Found
from app.services.notice_ledger import Ledger
from app.services.standing import standing_of
from app.services.wording import Wordsmith

logger = logging.getLogger(__name__)

_PULSE_S = 60.0  # how often to look while something waits: time alone makes it late
_LONG_S = 3600.0
_PACE_S, _SHARE = 1.0, 10  # not sooner than this, and at most a tenth of the time
_EVENTS = (JobChanged, JobsAdded, ConnectionChanged, LocalIntakeChanged, StoreChanged, ClockJumped)


class Notices:
    """Publishes `Notice` and `Standing` events on the bus."""

    def __init__(
        self,
        finder: CauseFinder,
        wordsmith: Wordsmith,
        bus: EventBus,
        clock: Clock,
        path: str,
        end_thread: Callable[[], None],
    ) -> None:
        """`path`: the data folder, as people read it. `end_thread` closes its connection."""
        self._finder = finder
        self._words = wordsmith
        self._bus = bus
        self._clock = clock
        self._path = path
        self._end_thread = end_thread
        self._ledger = Ledger(finder.worked_since, wordsmith)
        self._standing: Standing | None = None
        self._last = Found(0, (), (), 0)
        self._trouble: Cause | None = None
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="notices", daemon=True)
        self._unsubscribe = [bus.subscribe(kind, self._changed) for kind in _EVENTS]
        self._unsubscribe.append(bus.subscribe(StorageTrouble, self._storage))

    @property
    def standing(self) -> Standing:
        """As last published; before the first look nothing is known."""
        return self._standing or Standing(text=self._words.text("Starting"))

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self, patience_s: float = 2.0) -> None:
        """Watch no more."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(patience_s)

    def step(self) -> float:
        """Look once and publish what is new; returns the seconds until time alone matters."""
        try:
            found = self._finder.find()
        except StorageError:
            # The program's own trouble is told by its event; all else stays as it was.
            found = self._last
        found = self._with_trouble(found)
        self._last = found
        standing = standing_of(found, self._words)
        if standing != self._standing:
            self._standing = standing
            self._bus.publish(standing)
        now = self._clock.monotonic()
        for notice in self._ledger.update(found, now):
            logger.info("notice %s: %s", notice.key, notice.title or "taken away")
            self._bus.publish(notice)
        return self._wait_s(found, standing, now)

    def _wait_s(self, found: Found, standing: Standing, now: float) -> float:
        waits = [self._ledger.wait_s(now), _LONG_S]
        if found.causes or standing.waiting:
            waits.append(_PULSE_S)
        ends = [s.paused_until for s in found.stands if s.paused_until is not None]
        waits += [max(0, end - found.now) / 1000 + 0.1 for end in ends]
        return min(waits)

    def _with_trouble(self, found: Found) -> Found:
        others = tuple(cause for cause in found.causes if cause.key != "storage")
        trouble = self._trouble
        causes = (trouble, *others) if trouble else others
        return Found(self._clock.now_ms(), causes, found.stands, found.last_seq)

    def _changed(self, _: object) -> None:
        self._wake.set()

    def _storage(self, event: StorageTrouble) -> None:
        if not event.code:
            self._trouble = None
        elif self._trouble is None or self._trouble.code != event.code:
            heals = event.code == "store_busy"  # another program reads it: a backup, a scan
            self._trouble = Cause(
                "storage",
                event.code,
                cause_words.storage(self._words, event.code, self._path),
                self._clock.now_ms(),
                tell_after_s=OUTAGE_S if heals else 0.0,
                needs_person=not heals,
            )
        self._wake.set()

    def _watch(self) -> None:
        try:
            while not self._stopping.is_set():
                self._wake.clear()
                began = self._clock.monotonic()
                wait = self._guarded_step()
                took = self._clock.monotonic() - began
                self._clock.wait(self._stopping, max(_PACE_S, took * _SHARE))
                self._clock.wait(self._wake, wait)
        finally:
            self._end_thread()

    def _guarded_step(self) -> float:
        try:
            return self.step()
        except Exception:
            logger.exception("the watch over notices failed")
            return _PULSE_S
