"""What a person does with orders: set back to Pending, one, several, or those that are chosen."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.core.errors import UsageError
from app.core.order_deeds import CommentWish
from app.services.orders_view import OrderInWords
from app.ui.connections.desk import Desk
from app.ui.connections.said import trouble
from app.ui.orders.change_dialog import Asked, SetBackDialog, asked_of, orders_text
from app.ui.orders.reads import Wanted
from app.ui.queue.bulk import Run

MOST = 5_000
"""Orders that are set back at once; more are not looked through by anybody."""
_PART = 200


class OrderActs(QObject):
    """Read and written aside; `done` and `failed` are told on the page."""

    done = Signal(str)
    failed = Signal(str)
    running = Signal(object)  # the Run of an act on many; None: it is over

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        self._view = desk.program.orders
        self.dialog: SetBackDialog | None = None
        self.is_busy = False

    def set_back_one(self, order_id: int) -> None:
        """Ask for a comment, then do it."""
        view = self._view
        self._ask(lambda: [view.details(order_id).one])

    def set_back_chosen(self, wanted: Wanted, ranges: Sequence[tuple[int, int]]) -> None:
        """The orders in those rows of that list."""
        count = sum(last - first + 1 for first, last in ranges)
        if count > MOST:
            self.failed.emit(
                f"{count:,} orders are more than can be set back at once. Choose {MOST:,} at most."
            )
            return

        def read() -> list[OrderInWords]:
            found: list[OrderInWords] = []
            for first, last in ranges:
                size = last - first + 1
                found += self._view.page(wanted.filter, wanted.sort, first, size, kept=True)
            return found

        if count:
            self._ask(read)

    def _ask(self, read: Callable[[], list[OrderInWords]]) -> None:
        if self.is_busy or self.dialog is not None:
            return
        self.is_busy = True
        view = self._view

        def look() -> Asked | None:
            orders = read()
            return asked_of(view, orders) if orders else None

        self._desk.bridge.run_in_background(look, self._show, self._not_done)

    def _show(self, asked: Asked | None) -> None:
        self.is_busy = False
        if asked is None:
            return
        orders = asked.orders
        dialog = SetBackDialog(
            self._window.window(), asked, lambda *said: self._set_back(orders, *said)
        )
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.show()

    def _closed(self, _: int) -> None:
        self.dialog = None

    def _set_back(
        self, orders: Sequence[OrderInWords], comment: str, wish: CommentWish | None
    ) -> None:
        self.is_busy = True
        run = Run("Setting to Pending", len(orders))
        if len(orders) > _PART:
            self.running.emit(run)
        view, actor = self._view, self._desk.actor

        def work() -> int:
            done = 0
            for start in range(0, len(orders), _PART):
                part = [one.order for one in orders[start : start + _PART]]
                try:
                    done += len(view.set_back(part, comment, actor, wish))
                except UsageError as error:  # a last part of one that is being written
                    if len(orders) == 1 or error.code != "order_processing":
                        raise
                if not run.watch(start + len(part)):
                    break
            return done

        def over(done: int) -> None:
            self.is_busy = False
            self.running.emit(None)
            self.done.emit(_told(orders, done, run, to_store=wish is not None))

        self._desk.bridge.run_apart(work, over, self._not_done)

    def _not_done(self, error: Exception) -> None:
        self.is_busy = False
        self.running.emit(None)
        self.failed.emit(trouble(self._desk.program.wordsmith, error).text)


def _told(orders: Sequence[OrderInWords], done: int, run: Run, *, to_store: bool) -> str:
    also = "The store gets the comment." if to_store else "The store itself was not changed."
    if len(orders) == 1 and done:
        return f"Order {orders[0].title} was set to Pending. {also}"
    was = "was" if done == 1 else "were"
    text = f"{orders_text(done)} {was} set to Pending. {also}"
    if run.is_cancelled:
        return f"Stopped: {text}"
    left = len(orders) - done
    if left:
        is_one = "is" if left == 1 else "are"
        text += f" {orders_text(left)} {is_one} being written right now and left alone."
    return text
