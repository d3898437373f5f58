"""From chosen rows to acts: the menu, the keys, the bar, and the forms that some acts need."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.core.errors import BackhaulError, UsageError
from app.core.payload import load_shipment
from app.core.tracking import checked_tracking, clean_order_ref
from app.core.types import ConnectionInfo, Shipment
from app.services.program import Program
from app.services.queue_lines import Line
from app.services.queue_page import Result
from app.ui.bridge import Bridge
from app.ui.queue.acts import QueueActs, rows
from app.ui.queue.dialogs import ReasonForm, ShipmentForm, TextForm
from app.ui.queue.menu import Act, allowed, make_menu
from app.ui.queue.model import QueueModel
from app.ui.queue.table import QueueTable


class Chosen(QObject):
    """Acts on the rows that are selected in the table, or on one that is named."""

    details_wanted = Signal(int)

    def __init__(
        self,
        program: Program,
        bridge: Bridge,
        table: QueueTable,
        model: QueueModel,
        acts: QueueActs,
        over: QWidget,
    ) -> None:
        super().__init__(over)
        self._program, self._bridge = program, bridge
        self._table, self._model, self._acts, self._over = table, model, acts, over
        acts.text_refused.connect(self._show_text)
        table.menu_wanted.connect(self._show_menu)
        table.remove_wanted.connect(self._remove_key)
        table.copy_wanted.connect(self._copy_key)
        table.row_actions.copy_pressed.connect(self._copy)
        table.row_actions.remove_pressed.connect(self._remove)
        table.row_actions.restore_pressed.connect(self._restore)

    def act(self, act: Act, lines: Sequence[Line]) -> None:
        """Do it, after a form where one is needed."""
        if not lines:
            return
        one, ids = lines[0], [line.id for line in lines if allowed(act, line)]
        what = name_of(one) if len(lines) == 1 else rows(len(ids))
        match act:
            case Act.DETAILS:
                self.details_wanted.emit(one.id)
            case Act.COPY | Act.COPY_MORE:
                self._acts.copy(one.id, what, with_diagnosis=act is Act.COPY_MORE)
            case Act.RETRY:
                self._acts.retry(ids, what)
            case Act.PARK:
                self._acts.park(ids, what)
            case Act.REMOVE:
                self._acts.remove(ids, what)
            case Act.RESTORE:
                self._acts.restore(ids, what)
            case Act.DONE:
                self._ask_reason(ids, lines, what)
            case Act.EDIT:
                self._ask_correction(one)

    def add_shipment(self, connections: Sequence[ConnectionInfo]) -> None:
        """The form for a shipment by hand."""
        form = ShipmentForm(self._over, connections)
        form.submitted.connect(lambda: self._enter(form))
        form.open()

    def selected(self, then: Callable[[list[Line]], object]) -> None:
        """The selected rows; those that were not read yet are read first."""
        places = self._table.selected_rows()
        known = [line for place in places if (line := self._model.loaded(place)) is not None]
        if len(known) == len(places):
            then(known)
            return
        page, wanted = self._program.queue_page, self._model.wanted
        self._bridge.run_in_background(
            lambda: page.at(wanted, places), then, lambda error: self._acts.say(str(error))
        )

    @Slot(str)
    def _show_text(self, text: str) -> None:
        TextForm(self._over, text).open()

    @Slot(QPoint)
    def _show_menu(self, where: QPoint) -> None:
        places = self._table.selected_rows()
        lines = [line for place in places if (line := self._model.loaded(place)) is not None]
        if lines:
            press: Callable[[Act], object] = self._pressed
            menu = make_menu(self._over, lines, len(places), press)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(where)

    def _pressed(self, act: Act) -> None:
        self.selected(lambda lines: self.act(act, lines))

    @Slot()
    def _remove_key(self) -> None:
        self._pressed(Act.REMOVE)

    @Slot(bool)
    def _copy_key(self, with_diagnosis: bool) -> None:
        line = self._table.current_line()
        if line is not None:
            self._acts.copy(line.id, name_of(line), with_diagnosis=with_diagnosis)

    @Slot(int, bool)
    def _copy(self, job_id: int, with_diagnosis: bool) -> None:
        self._acts.copy(job_id, self._name(job_id), with_diagnosis=with_diagnosis)

    @Slot(int)
    def _remove(self, job_id: int) -> None:
        self._acts.remove([job_id], self._name(job_id))

    @Slot(int)
    def _restore(self, job_id: int) -> None:
        self._acts.restore([job_id], self._name(job_id))

    def _name(self, job_id: int) -> str:
        row = self._model.row_of(job_id)
        line = None if row is None else self._model.loaded(row)
        return name_of(line) if line else "row"

    def _ask_reason(self, ids: list[int], lines: Sequence[Line], what: str) -> None:
        values = "\n".join(f"{line.row.job.order_ref}\t{line.tracking}" for line in lines)

        def close(reason: str) -> None:
            self._acts.done_by_hand(ids, reason, what)

        ReasonForm(self._over, what, values, close).open()

    def _ask_correction(self, line: Line) -> None:
        try:
            before = load_shipment(line.row.job.payload)
        except BackhaulError as error:
            self._acts.say(self._program.wordsmith.say(error.code, error.params).summary)
            return
        form = ShipmentForm(self._over, (), before)
        form.submitted.connect(lambda: self._correct(form, line, before))
        form.open()

    def _correct(self, form: ShipmentForm, line: Line, before: Shipment) -> None:
        after = self._checked(form)
        if after is None:
            return
        changes: dict[str, object] = {
            name: getattr(after, name)
            for name in ("order_ref", "tracking", "carrier", "service")
            if getattr(after, name) != getattr(before, name)
        }

        def over(result: Result) -> None:
            form.refuse(result.refused[0]) if result.refused else form.accept()

        form.wait()
        if changes:
            self._acts.edit(line.id, changes, name_of(line), over)
        else:
            form.accept()
            self._acts.retry([line.id], name_of(line))

    def _enter(self, form: ShipmentForm) -> None:
        shipment, name = self._checked(form), form.typed().connection
        if shipment is None:
            return
        form.wait()
        self._acts.add(shipment, name, form.accept, form.refuse)

    def _checked(self, form: ShipmentForm) -> Shipment | None:
        """The shipment as typed; None when the form now says what is wrong with it."""
        typed = form.typed()
        order = clean_order_ref(typed.order)
        try:
            if not order:
                raise UsageError("order_empty")
            number = checked_tracking(typed.tracking)
        except UsageError as error:
            said = self._program.wordsmith.say(error.code, error.params)
            form.refuse(f"{said.summary}. {said.hint}")
            form.mark(order=not order, tracking=bool(order))
            return None
        form.mark(order=False, tracking=False)
        return Shipment(order, number, typed.carrier, typed.service)


def name_of(line: Line) -> str:
    """ "invoice 316132", for the middle of a sentence."""
    return f"{line.title[:1].lower()}{line.title[1:]}"
