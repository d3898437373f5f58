"""Stores what stands in the assistant for a sync task, aside."""

from PySide6.QtCore import QObject, Signal, Slot

from app.ui.connections.desk import Desk
from app.ui.connections.patience import Patience
from app.ui.sync.typed import Typed


class Storing(QObject):
    """A second press while one is under way does nothing."""

    stored = Signal(str)  # what was done, in words
    refused = Signal(object)  # Exception
    busy_changed = Signal()
    slow = Signal(str)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.is_busy = False
        self._patience = Patience(desk, self, "Still saving.")
        self._patience.said.connect(self.slow)

    def store(self, typed: Typed, route_id: int) -> None:
        """Add a task; or change the one of that route, if it is not 0."""
        if not self.is_busy:
            self._set_busy(True)
            write = self._change if route_id else self._add
            self._desk.bridge.run_apart(lambda: write(typed, route_id), self._done, self._failed)

    def _add(self, typed: Typed, _: int) -> str:
        program = self._desk.program
        program.retirement.require_in_use()
        source = next(one for one in program.connections.all() if one.id == typed.connection_id)
        added = program.routes.add_orders(
            source,
            mode=typed.mode or None,
            interval_s=typed.interval_s,
            start_at=typed.start_at,
            stores=typed.stores,
            with_address=typed.with_address,
            actor=self._desk.actor,
        )
        return f"{added.name}: the first reading begins."

    def _change(self, typed: Typed, route_id: int) -> str:
        program = self._desk.program
        program.retirement.require_in_use()
        edited = program.routes.edit(
            route_id,
            mode=typed.mode or None,
            interval_s=typed.interval_s,
            start_at=typed.start_at,
            stores=typed.stores,
            with_address=typed.with_address,
            actor=self._desk.actor,
        )
        return f"{edited.name} is read so from now on."

    @Slot(object)
    def _done(self, text: str) -> None:
        self._set_busy(False)
        self.stored.emit(text)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        self.refused.emit(error)

    def _set_busy(self, busy: bool) -> None:
        self.is_busy = busy
        (self._patience.begin if busy else self._patience.end)()
        self.busy_changed.emit()
