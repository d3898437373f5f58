"""What a person does with rows: posted to another thread, told in the bar, undone from it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from app.core.errors import BackhaulError
from app.core.types import Shipment
from app.services.program import Program
from app.services.queue_page import Result
from app.ui.bridge import Bridge
from app.ui.queue.toast import Toast

T = TypeVar("T")

_SAVING_MS, _HELD_MS = 300, 5000
_HELD = "Saving. Another program keeps the data file locked; it goes on by itself"


class QueueActs(QObject):
    """Acts on rows by their numbers: exactly those that were counted or chosen."""

    changed = Signal()  # something was written: what is shown is to be read again
    text_refused = Signal(str)  # the clipboard did not take this text

    def __init__(self, program: Program, bridge: Bridge, toast: Toast, actor: str) -> None:
        super().__init__(toast)
        self._program = program
        self._page = program.queue_page
        self._bridge = bridge
        self._toast = toast
        self._actor = actor

    def remove(self, ids: Sequence[int], what: str) -> None:
        """Into the bin, with Undo. `what`: "invoice 316132" or "12 rows"."""

        def told(result: Result) -> None:
            if result.later and len(result.later) == len(result.done):
                text = f"{_capital(what)}: being sent; it is removed when the answer is in"
            else:
                text = f"Removed {_counted(what, result)} from the queue"
            undo = (lambda: self.restore(result.done, what)) if result.done else None
            self._tell(text, result, undo)

        self._write(lambda: self._page.discard(ids, self._actor), told)

    def restore(self, ids: Sequence[int], what: str) -> None:
        """Out of the bin."""
        self._write(
            lambda: self._page.restore(ids, self._actor),
            lambda result: self._tell(f"Put {_counted(what, result)} back", result),
        )

    def retry(self, ids: Sequence[int], what: str) -> None:
        """Try again now, with five new attempts."""
        self._write(
            lambda: self._page.retry(ids, self._actor),
            lambda result: self._tell(f"Trying {_counted(what, result)} again", result),
        )

    def park(self, ids: Sequence[int], what: str) -> None:
        """Keep, but do not try."""

        def told(result: Result) -> None:
            undo = (lambda: self.retry(result.done, what)) if result.done else None
            self._tell(
                f"Parked {_counted(what, result)}; not tried until you press Retry", result, undo
            )

        self._write(lambda: self._page.park(ids, self._actor), told)

    def done_by_hand(self, ids: Sequence[int], reason: str, what: str) -> None:
        """Close as done by hand."""
        self._write(
            lambda: self._page.done(ids, reason, self._actor),
            lambda result: self._tell(f"Closed {_counted(what, result)} as done by hand", result),
        )

    def edit(
        self, job_id: int, changes: dict[str, object], what: str, then: Callable[[Result], object]
    ) -> None:
        """Correct a row and try it again."""

        def told(result: Result) -> None:
            if result.done:
                self._tell(f"Corrected {what}; trying it again", result)
            then(result)

        self._write(lambda: self._page.edit(job_id, changes, self._actor), told)

    def add(
        self,
        shipment: Shipment,
        connection_name: str,
        entered: Callable[[], object],
        refused: Callable[[str], object],
    ) -> None:
        """A shipment by hand."""
        program, actor = self._program, self._actor

        def work() -> bool:
            connection = program.connections.only_one(connection_name or None)
            return program.write_back.enter(connection.id, [shipment], actor=actor)[0].is_new

        def told(is_new: bool) -> None:
            entered()
            where = "queued" if is_new else "was in the queue already; nothing was added"
            self._toast.say(f"{shipment.order_ref} {where}")

        self._write(work, told, lambda error: refused(self._words(error)))

    def resume(self, connection_name: str) -> None:
        """End the pause or the block of a connection."""

        def work() -> None:
            service = self._program.connections
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

        self._bridge.run_in_background(
            lambda: self._page.copy(job_id, with_diagnosis=with_diagnosis), copied, self._failed
        )

    def say(self, text: str) -> None:
        """A line in the bar."""
        self._toast.say(text)

    def _write(
        self,
        work: Callable[[], T],
        told: Callable[[T], object],
        refused: Callable[[Exception], object] | None = None,
    ) -> None:
        saving = QTimer(self, singleShot=True, interval=_SAVING_MS)
        saving.timeout.connect(lambda: self._toast.say("Saving", stays=True))
        held = QTimer(self, singleShot=True, interval=_HELD_MS)
        held.timeout.connect(lambda: self._toast.say(_HELD, stays=True))
        saving.start()
        held.start()

        def over() -> None:
            for timer in (saving, held):
                timer.stop()
                timer.deleteLater()

        def done(result: T) -> None:
            over()
            told(result)
            self.changed.emit()

        def failed(error: Exception) -> None:
            over()
            self._toast.hide_now()
            (refused or self._failed)(error)

        self._bridge.run_in_background(work, done, failed)

    def _failed(self, error: Exception) -> None:
        self._toast.say(f"Not done. {self._words(error)}")

    def _words(self, error: Exception) -> str:
        if not isinstance(error, BackhaulError):
            raise error
        said = self._program.wordsmith.say(error.code, error.params)
        return f"{said.summary}. {said.hint}".rstrip(". ")

    def _tell(self, text: str, result: Result, undo: Callable[[], object] | None = None) -> None:
        if result.refused and not result.done:
            text = f"Not done. {result.refused[0]}"
        elif result.refused:
            text = f"{text}; {len(result.refused)} left alone: {result.refused[0]}"
        self._toast.say(text, undo)


def _counted(what: str, result: Result) -> str:
    """ "invoice 316132", or how many rows it really were."""
    return what if len(result.done) == 1 and not what[:1].isdigit() else rows(len(result.done))


def rows(count: int) -> str:
    """ "1 row", "12 rows"."""
    return "1 row" if count == 1 else f"{count:,} rows"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
