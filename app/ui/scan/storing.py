"""Pairs on their way into the queue: in their order, aside of the window, none of them lost."""

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, takewhile
from threading import Lock

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.core.errors import BackhaulError, StorageError, UsageError
from app.core.events import JobChanged
from app.core.types import Shipment
from app.services.program import Program
from app.services.queue_lines import Line
from app.services.queue_page import Result
from app.services.wording import Phase
from app.ui.bridge import Bridge
from app.ui.scan.pairing import Pair
from app.ui.scan.scans import Place, Scan

logger = logging.getLogger(__name__)

KEPT = 20
"""How many of the last scans are shown."""

_KEPT_OPEN = 200  # of those that a person has to scan again

_FAULT = "A fault of the program; the log says which. Scan it again"
_AGAIN_MS = 2000
_SOON_MS = 80


@dataclass(frozen=True, slots=True)
class _Stored:
    key: int
    place: Place
    job_id: int = 0
    trouble: str = ""


class Storing(QObject):
    """Lives as long as the page: what is on its way goes on when the dialog is closed."""

    changed = Signal()  # what `scans` holds
    stored = Signal(object)  # a Scan that came to an end, well or not
    told = Signal(str)  # what became of taking one back
    failed = Signal(object)  # a Scan of now that turned out to need a person

    def __init__(self, program: Program, bridge: Bridge, actor: str, parent: QObject) -> None:
        super().__init__(parent)
        self._program, self._bridge, self._actor = program, bridge, actor
        self._keys = count(1)
        self._lock = Lock()
        self._waiting: deque[Scan] = deque()
        self._going: list[Scan] = []  # being stored
        self._is_running = self._is_reading = False
        self._discards = 0  # under way
        self.scans: list[Scan] = []  # the newest first
        self.entered_count = 0
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._go_on)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._read)
        bridge.job_changed.connect(self._job_changed)
        bridge.connection_changed.connect(self._soon.start)
        bridge.store_changed.connect(self._soon.start)

    @property
    def unstored(self) -> list[Scan]:
        """What is not on disk yet, in the order it was scanned."""
        with self._lock:
            return [*self._going, *self._waiting]

    @property
    def is_at_rest(self) -> bool:
        """True when all is on disk, also what was taken back."""
        return not (self._is_running or self._discards or self.unstored)

    @Slot()
    def try_now(self) -> None:
        """Once more, without waiting for the next turn."""
        self._go_on()

    def log_unstored(self) -> None:
        """The program ends, and nobody could be asked."""
        lost = [f"{one.pair.order} {one.pair.number}" for one in self.unstored]
        if lost:
            logger.error("%d scans could not be stored: %s", len(lost), ", ".join(lost))

    def put(self, pair: Pair, connection_id: int, connection: str) -> Scan:
        """One more pair to enter."""
        scan = self._note(pair, connection_id, connection, Place.WAITING)
        with self._lock:
            self._waiting.append(scan)
        self._go_on()
        self.changed.emit()
        return scan

    def note_left(self, order: str) -> None:
        """An invoice was given up without a label."""
        self._note(Pair(order, "", ""), 0, "", Place.LEFT)
        self.changed.emit()

    @property
    def last(self) -> Scan | None:
        """The newest scan that can be taken back."""
        return next((scan for scan in self.scans if scan.can_go_back), None)

    def take_back(self) -> Scan | None:
        """Take the last one back: out of what waits, or into the bin; None: there is none."""
        scan = self.last
        if scan is None:
            return None
        with self._lock:
            if scan in self._waiting:
                self._waiting.remove(scan)
                scan.place = Place.BACK
        if scan.place is Place.BACK:
            self.changed.emit()
            self.told.emit(f"{scan.pair.order} was taken back")
        elif scan.job_id:
            self._discard(scan)
        else:
            scan.goes_back = True
        return scan

    def _note(self, pair: Pair, connection_id: int, connection: str, place: Place) -> Scan:
        now = self._program.clock.now_ms()
        scan = Scan(next(self._keys), pair, connection_id, connection, now, place)
        self.scans.insert(0, scan)
        older = self.scans[KEPT:]
        kept = [one for one in older if one.place is Place.WAITING]
        kept += [one for one in older if one.is_open][:_KEPT_OPEN]
        self.scans[KEPT:] = sorted(kept, key=lambda one: one.key, reverse=True)
        return scan

    def _discard(self, scan: Scan) -> None:
        page, actor, job_id = self._program.queue_page, self._actor, scan.job_id
        self._discards += 1

        def over(result: Result) -> None:
            why = result.left[0].why if result.left else ""
            text = f"{scan.pair.order} stays: {why}" if why else f"{scan.pair.order} was taken back"
            self._discarded(text)
            self._soon.start()

        def failed(error: Exception) -> None:
            self._discarded(f"Not done. {self._words(error)}")

        self._bridge.run_in_background(lambda: page.discard([job_id], actor), over, failed)

    def _discarded(self, text: str) -> None:
        self._discards -= 1
        self.told.emit(text)
        self.changed.emit()

    @Slot()
    def _go_on(self) -> None:
        if self._is_running or not self._waiting:
            return
        self._is_running = True
        self._again.stop()
        self._bridge.run_in_background(self._store_all, self._over)

    def _store_all(self) -> tuple[list[_Stored], StorageError | None]:
        """On another thread: until nothing waits any more."""
        found: list[_Stored] = []
        while batch := self._next():
            try:
                found += self._store(batch)
            except StorageError as error:  # they stay, and are tried again
                with self._lock:
                    self._waiting.extendleft(reversed(batch))
                    self._going = []
                return found, error
            except Exception:
                logger.exception("scans that were not entered: a fault of the program")
                found += [_Stored(scan.key, Place.REFUSED, trouble=_FAULT) for scan in batch]
        return found, None

    def _next(self) -> list[Scan]:
        """The first ones that go to the same connection."""
        with self._lock:
            self._going = []
            if not self._waiting:
                return []
            owner = self._waiting[0].connection_id
            batch = list(takewhile(lambda scan: scan.connection_id == owner, self._waiting))
            for _ in batch:
                self._waiting.popleft()
            self._going = batch
            return batch

    def _store(self, batch: Sequence[Scan]) -> list[_Stored]:
        """Through the same service as `backhaul ship`. Raises: StorageError."""
        program, name = self._program, batch[0].connection
        try:
            program.retirement.require_in_use()
            if all(one.id != batch[0].connection_id for one in program.connections.all()):
                raise UsageError("connection_missing", name=name)
            shipments = [
                Shipment(one.pair.order, one.pair.number, carrier=one.pair.carrier) for one in batch
            ]
            entered = program.write_back.enter(batch[0].connection_id, shipments, actor=self._actor)
        except StorageError:
            raise
        except BackhaulError as error:
            trouble = self._words(error)
            return [_Stored(one.key, Place.REFUSED, trouble=trouble) for one in batch]
        return [
            _Stored(scan.key, Place.ENTERED if one.is_new else Place.KNOWN, one.job_id)
            for scan, one in zip(batch, entered, strict=True)
        ]

    def _over(self, result: tuple[list[_Stored], StorageError | None]) -> None:
        stored, error = result
        self._is_running = False
        by_key = {scan.key: scan for scan in self.scans}
        for one in stored:
            self.entered_count += one.place is Place.ENTERED
            scan = by_key.get(one.key)
            if scan is not None:
                scan.place, scan.job_id, scan.trouble = one.place, one.job_id, one.trouble
                if scan.goes_back and one.place is Place.ENTERED:
                    self._discard(scan)
                self.stored.emit(scan)
        trouble = "" if error is None else self._why_not_yet(error)
        waiting = self.unstored
        for scan in waiting:
            scan.trouble = trouble
        if error is not None:
            self.stored.emit(waiting[0])
            self._again.start()
        else:
            self._go_on()
        self._soon.start()
        self.changed.emit()

    @Slot(object)
    def _job_changed(self, event: JobChanged) -> None:
        if any(scan.job_id == event.job_id for scan in self.scans):
            self._soon.start()

    @Slot()
    def _read(self) -> None:
        """The rows of what is shown, as they are now."""
        ids = [scan.job_id for scan in self.scans if scan.job_id]
        if not ids:
            return
        if self._is_reading:
            self._soon.start()
            return
        self._is_reading = True
        page = self._program.queue_page
        self._bridge.run_in_background(lambda: page.lines(ids), self._seen, self._not_read)

    def _seen(self, lines: Sequence[Line]) -> None:
        self._is_reading = False
        by_id = {line.id: line for line in lines}
        for scan in self.scans:
            scan.line = by_id.get(scan.job_id, scan.line)
            fails = scan.line is not None and scan.line.phase is Phase.NEEDS_YOU
            if fails and not scan.has_failed and scan.place is Place.ENTERED:
                self.failed.emit(scan)
            scan.has_failed = fails
        self.changed.emit()

    def _not_read(self, error: Exception) -> None:
        """The list keeps what it showed; the next change of a row reads again."""
        self._is_reading = False
        if not isinstance(error, BackhaulError):
            raise error

    def _why_not_yet(self, error: StorageError) -> str:
        """Without the promise that nothing is lost: scans are in memory only."""
        said = self._program.wordsmith.say(error.code, error.params)
        return f"{said.summary}. {said.hint.partition('. ')[0]}".rstrip(". ")

    def _words(self, error: Exception) -> str:
        if not isinstance(error, BackhaulError):
            raise error
        said = self._program.wordsmith.say(error.code, error.params)
        return f"{said.summary}. {said.hint}".rstrip(". ")
