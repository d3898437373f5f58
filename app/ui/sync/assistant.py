"""Adds or edits a sync task: whose orders, which of them, how often, what will be stored."""

from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.core.types import ConnectionInfo
from app.services.connection_setup import Kind
from app.services.routes import TaskInWords
from app.ui.assistant_frame import AssistantFrame
from app.ui.connections.desk import Desk
from app.ui.connections.said import trouble
from app.ui.folder_assistant.summary_page import SummaryPage
from app.ui.sync.choose_page import ChoosePage
from app.ui.sync.how_page import HowPage
from app.ui.sync.storing import Storing
from app.ui.sync.typed import Typed, differences, in_words, typed_of
from app.ui.sync.which_page import WhichPage

_LEAVE = "Close without saving? What you chose is not kept."
_ADDS = "Save it, and the first reading begins."
_CHANGES = (
    "This changes. Orders that were read already are read again where it makes something else of "
    "them."
)


class Step(IntEnum):
    """The pages, in order."""

    CHOOSE = 0  # whose orders
    WHICH = 1  # which of them, from when on
    HOW = 2  # how often, of which store views
    SUMMARY = 3  # what will be stored


_TITLES: dict[int, str] = {
    Step.CHOOSE: "Store",
    Step.WHICH: "Orders",
    Step.HOW: "How",
    Step.SUMMARY: "Summary",
}


@dataclass(frozen=True, slots=True)
class _Known:
    free: list[ConnectionInfo]
    edits: TaskInWords | None


class SyncAssistant(AssistantFrame):
    """`route_id`: the task to change; 0 adds one, `connection_id` 0: of a connection to choose."""

    saved = Signal(str)  # what was done, in words

    def __init__(
        self, desk: Desk, parent: QWidget | None, *, route_id: int = 0, connection_id: int = 0
    ) -> None:
        self._first = Step.WHICH if route_id or connection_id else Step.CHOOSE
        super().__init__("Edit sync" if route_id else "Add a sync", _TITLES, self._first, parent)
        self._desk, self._route_id, self._wanted = desk, route_id, connection_id
        self._edits: TaskInWords | None = None
        self._before: Typed | None = None
        self._asked_for = 0  # the connection whose store views were asked for
        self.is_ready = False  # what there is to choose was read
        self.choose_page = ChoosePage()
        self.which_page = WhichPage(desk.program.clock.now_ms())
        self.how_page = HowPage()
        self.summary_page = SummaryPage()
        pages = (self.choose_page, self.which_page, self.how_page, self.summary_page)
        for step, page in zip(Step, pages, strict=True):
            self.set_page(step, page)
        self._storing = Storing(desk, self)
        self._connect()
        self.go(self._first)
        desk.bridge.run_in_background(self._read_known, self._show_known, self._show_refused)

    @property
    def step(self) -> Step:
        """The page that is shown."""
        return Step(self.place)

    def typed(self) -> Typed:
        """What is chosen now."""
        source = self._source()
        return Typed(
            source.id if source else 0,
            self.which_page.mode,
            self.which_page.start.since_ms,
            self.how_page.interval_s,
            self.how_page.chosen,
            self.how_page.address.isChecked(),
        )

    def reject(self) -> None:
        """Escape, Cancel or the window's own button: what was chosen is not dropped unasked."""
        if self.is_asking:
            self.stay()
        elif self._storing.is_busy:
            self.hide()  # what comes of it brings it back, if there is something to do
        elif self.is_ready and self._before is not None and self.typed() != self._before:
            self.ask_to_leave(_LEAVE, may_keep=False)
        else:
            super().reject()

    def _connect(self) -> None:
        self.stepped.connect(self._name_buttons)
        self.leave_dropped.connect(self._leave_dropped)
        self.next.clicked.connect(self._go_on)
        self.back.clicked.connect(self._go_back)
        self.choose_page.changed.connect(self._name_buttons)
        self.how_page.changed.connect(self._follow_how)
        self.how_page.views_asked.connect(self._ask_views)
        self._storing.stored.connect(self._show_stored)
        self._storing.refused.connect(self._show_refused)
        self._storing.busy_changed.connect(self._name_buttons)
        self._storing.slow.connect(self.show_note)

    def _read_known(self) -> _Known:
        program = self._desk.program
        program.retirement.require_in_use()
        edits = program.routes.one(self._route_id) if self._route_id else None
        return _Known(program.routes.free(), edits)

    @Slot(object)
    def _show_known(self, known: _Known) -> None:
        self.is_ready, self._edits = True, known.edits
        kinds = self._desk.program.kinds
        self.choose_page.show_choices(known.free, kinds, self._wanted)
        if known.edits is not None:
            self._fill(known.edits)
        elif self._wanted and self._source() is None:
            self.show_error("The orders of this connection are read already.")
        else:
            self._enter_which()
        self._before = self.typed()
        self._name_buttons()
        if self.step is Step.CHOOSE:
            self.choose_page.focus_first()

    def _fill(self, one: TaskInWords) -> None:
        """Everything as it is stored."""
        self.setWindowTitle(f"Edit {one.name}")
        self._enter_which()
        stored = typed_of(one.task.route)
        self.which_page.set_mode(stored.mode)
        self.which_page.start.set_since(stored.start_at)
        self.how_page.set_interval(stored.interval_s)
        self.how_page.set_stores(stored.stores)
        self.how_page.address.setChecked(stored.with_address)

    def _source(self) -> ConnectionInfo | None:
        """Whose orders."""
        if self._edits is not None:
            route = self._edits.task.route
            kind = self._desk.program.connections.kind_of(route.source_id)
            return ConnectionInfo(route.source_id, self._edits.connection, kind.name)
        choice = self.choose_page.choice
        return choice if choice is None or self._wanted in (0, choice.id) else None

    def _kind(self) -> Kind | None:
        source = self._source()
        return self._desk.program.kinds[source.kind] if source else None

    def _enter_which(self) -> None:
        kind = self._kind()
        if kind is not None:
            self.which_page.show_kind(kind)

    @Slot()
    def _name_buttons(self) -> None:
        step, busy = self.step, self._storing.is_busy
        self.put(self.back, "Back" if step > self._first else "", enabled=not busy)
        self.put(self.cancel, "Cancel")
        self.put(self.other, "")
        may_go = self.is_ready and not busy and self._source() is not None
        if step is Step.SUMMARY:
            is_same = self._edits is not None and not self._changes()
            text = "Saving…" if busy else "Close" if is_same else "Save"
            self.put(self.next, text, enabled=may_go)
        else:
            self.put(self.next, "Next", enabled=may_go)

    @Slot()
    def _follow_how(self) -> None:
        if self.step is Step.HOW:
            self.show_error("")

    @Slot()
    def _go_on(self) -> None:
        match self.step:
            case Step.CHOOSE:
                self._enter_which()
                self.go(Step.WHICH)
                self.next.setFocus()
            case Step.WHICH:
                self.go(Step.HOW)
                self.how_page.focus_first()
                self._ask_views()
            case Step.HOW:
                self._leave_how()
            case Step.SUMMARY if self._edits is not None and not self._changes():
                self.accept()
            case Step.SUMMARY:
                self.show_error("")
                self._storing.store(self.typed(), self._route_id)

    @Slot()
    def _go_back(self) -> None:
        self.go(Step(self.step - 1))
        if self.step is Step.CHOOSE:
            self.choose_page.focus_first()

    @Slot()
    def _ask_views(self) -> None:
        """Once for a connection; a person may ask again after it went wrong."""
        source = self._source()
        if source is None or source.id == self._asked_for:
            return
        self._asked_for = source.id
        self.how_page.show_asking()
        fetch, connection_id = self._desk.program.order_fetch, source.id
        self._desk.bridge.run_apart(
            lambda: fetch.views(connection_id), self.how_page.show_views, self._no_views
        )

    @Slot(object)
    def _no_views(self, error: Exception) -> None:
        self._asked_for = 0
        self.how_page.show_no_views(trouble(self._desk.program.wordsmith, error).text)

    def _leave_how(self) -> None:
        if self.how_page.problem:
            self.show_error(self.how_page.problem)
            return
        source, kind = self._source(), self._kind()
        assert source is not None
        assert kind is not None
        if self._edits is None:
            points = in_words(self.typed(), source.name, kind, self.how_page.views)
            self.summary_page.show_points(_ADDS, points)
        else:
            changes = self._changes()
            lead = _CHANGES if changes else "Nothing was changed."
            self.summary_page.show_points(lead, changes)
        self.go(Step.SUMMARY)
        self.next.setFocus()

    def _changes(self) -> list[tuple[str, str]]:
        source, kind = self._source(), self._kind()
        if self._before is None or source is None or kind is None:
            return []
        return differences(self._before, self.typed(), source.name, kind, self.how_page.views)

    @Slot(str)
    def _show_stored(self, text: str) -> None:
        self.saved.emit(text)
        self.accept()

    @Slot(object)
    def _show_refused(self, error: Exception) -> None:
        self.show_note("")
        self.show()
        self.show_error(trouble(self._desk.program.wordsmith, error).text)

    @Slot()
    def _leave_dropped(self) -> None:
        super().reject()
