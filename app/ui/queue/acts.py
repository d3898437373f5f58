"""What a person does with rows: posted to another thread, told in the bar, undone from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.core.errors import BackhaulError
from app.core.types import Shipment
from app.services.acting import AT_ONCE, Watch
from app.services.program import Program
from app.services.queue_page import Result
from app.ui.bridge import Bridge
from app.ui.connections.patience import Patience
from app.ui.queue.bulk import Run
from app.ui.queue.toast import Toast
from app.ui.queue.told import DONE, PARK, REMOVE, RESTORE, RETRY, Deed, edited, told
from app.ui.queue.words import rows

T = TypeVar("T")

_SAVING_MS = 300
_LONG = "This takes longer than usual; it goes on by itself"


@dataclass(frozen=True, slots=True)
class _Order:
    """An act on rows by their numbers, how it is told, and how it is undone."""

    deed: Deed
    ids: Sequence[int]
    what: str
    work: Callable[[Watch], Result]
    undo: Callable[[Sequence[int], str], object] | None = None


class QueueActs(QObject):
    """Acts on rows by their numbers: exactly those that were counted or chosen.

    `what` in all of them: "invoice 316132", or "12 rows".
    """

    changed = Signal()  # something was written: what is shown is to be read again
    running = Signal(object)  # the Run of an act on many rows; None: it is over
    text_refused = Signal(str)  # the clipboard did not take this text

    def __init__(self, program: Program, bridge: Bridge, toast: Toast, actor: str) -> None:
        super().__init__(toast)
        self.program = program
        self._page = program.queue_page
        self.bridge = bridge
        self._toast = toast
        self._actor = actor
        self._run: Run | None = None

    def remove(self, ids: Sequence[int], what: str) -> None:
        """Into the bin, with Undo."""
        page, actor = self._page, self._actor
        self._do(_Order(REMOVE, ids, what, lambda see: page.discard(ids, actor, see), self.restore))

    def restore(self, ids: Sequence[int], what: str) -> None:
        """Out of the bin."""
        page, actor = self._page, self._actor
        self._do(_Order(RESTORE, ids, what, lambda see: page.restore(ids, actor, see)))

    def retry(self, ids: Sequence[int], what: str) -> None:
        """Try again now, with five new attempts."""
        page, actor = self._page, self._actor
        self._do(_Order(RETRY, ids, what, lambda see: page.retry(ids, actor, see)))

    def park(self, ids: Sequence[int], what: str) -> None:
        """Keep, but do not try."""
        page, actor = self._page, self._actor
        self._do(_Order(PARK, ids, what, lambda see: page.park(ids, actor, see), self.retry))

    def done_by_hand(self, ids: Sequence[int], reason: str, what: str) -> None:
        """Close as done by hand."""
        page, actor = self._page, self._actor
        self._do(_Order(DONE, ids, what, lambda see: page.done(ids, reason, actor, see)))

    def edit(
        self, job_id: int, changes: dict[str, object], what: str, then: Callable[[Result], object]
    ) -> None:
        """Correct a row and try it again."""

        def over(result: Result) -> None:
            if result.done:
                self._toast.say(edited(what))
            then(result)

        self._write(lambda: self._page.edit(job_id, changes, self._actor), over)

    def add(
        self,
        shipments: Sequence[Shipment],
        connection_name: str,
        entered: Callable[[], object],
        refused: Callable[[str], object],
    ) -> None:
        """Shipments by hand, all or none."""
        program, actor = self.program, self._actor

        def work() -> int:
            connection = program.connections.only_one(connection_name or None)
            entered = program.write_back.enter(connection.id, shipments, actor=actor)
            return sum(one.is_new for one in entered)

        def over(new: int) -> None:
            entered()
            if len(shipments) > 1:
                self._toast.say(f"{rows(new)} queued")
                return
            where = "queued" if new else "was in the queue already; nothing was added"
            self._toast.say(f"{shipments[0].order_ref} {where}")

        self._write(work, over, lambda error: refused(self._words(error)))

    def resume(self, connection_name: str) -> None:
        """End the pause or the block of a connection."""

        def work() -> None:
            service = self.program.connections
            service.resume(service.named(connection_name), self._actor)

        self._write(work, lambda _: self._toast.say(f"{connection_name} is tried again"))

    def copy(self, job_id: int, what: str, *, with_diagnosis: bool) -> None:
        """Details of a row on the clipboard."""

        def copied(text: str) -> None:
            if not text:
                self._toast.say("This row is not there any more")
                return
            clipboard = QGuiApplication.clipboard()
            clipboard.setText(text)
            if clipboard.text() != text:
                self.text_refused.emit(text)
                return
            more = " with diagnosis" if with_diagnosis else ""
            self._toast.say(f"Copied details of {what}{more}")

        self.bridge.run_in_background(
            lambda: self._page.copy(job_id, with_diagnosis=with_diagnosis), copied, self._failed
        )

    def say(self, text: str) -> None:
        """A line in the bar."""
        self._toast.say(text)

    def stop(self) -> None:
        """The window goes: what runs ends after the part it is at."""
        if self._run is not None:
            self._run.cancel()

    def _do(self, order: _Order) -> None:
        """Few rows: in one go. Many: part by part, with a bar that can cancel it."""
        if not order.ids:
            return
        if len(order.ids) > AT_ONCE and self._run is not None:
            self._toast.say(f"One thing at a time: {self._run.text()}")
            return
        run = Run(order.deed.doing, len(order.ids))
        is_long = len(order.ids) > AT_ONCE
        if is_long:
            self._run = run
            self._toast.hide_now()
            self.running.emit(run)

        def over(result: Result) -> None:
            self._end(run)
            undo = order.undo
            back = (lambda: undo(result.done, order.what)) if undo and result.done else None
            self._toast.say(told(order.deed, result, order.what), back)

        def failed(error: Exception) -> None:
            self._end(run)
            done = f"Stopped after {run.through:,} of {run.total:,}" if run.through else "Not done"
            self._toast.say(f"{done}. {self._words(error)}")
            self.changed.emit()

        self._write(lambda: order.work(run.watch), over, failed, is_quiet=is_long)

    def _end(self, run: Run) -> None:
        if self._run is run:
            self._run = None
            self.running.emit(None)

    def _write(
        self,
        work: Callable[[], T],
        told: Callable[[T], object],
        refused: Callable[[Exception], object] | None = None,
        *,
        is_quiet: bool = False,
    ) -> None:
        """`is_quiet`: long, and it is shown elsewhere that something is being written."""
        saving = QTimer(self, singleShot=True, interval=_SAVING_MS)
        saving.timeout.connect(lambda: self._toast.say("Saving", stays=True))
        patience = Patience(self, self, _LONG)
        patience.said.connect(lambda why: self._toast.say(f"Saving. {why}", stays=True))
        if not is_quiet:
            saving.start()
            patience.begin()

        def over() -> None:
            saving.stop()
            patience.end()
            for one in (saving, patience):
                one.deleteLater()

        def done(result: T) -> None:
            over()
            told(result)
            self.changed.emit()

        def failed(error: Exception) -> None:
            over()
            self._toast.hide_now()
            (refused or self._failed)(error)

        run = self.bridge.run_apart if is_quiet else self.bridge.run_in_background
        run(work, done, failed)

    def _failed(self, error: Exception) -> None:
        self._toast.say(f"Not done. {self._words(error)}")

    def _words(self, error: Exception) -> str:
        if not isinstance(error, BackhaulError):
            raise error
        said = self.program.wordsmith.say(error.code, error.params)
        return f"{said.summary}. {said.hint}".rstrip(". ")
