"""Shipments as a person types them: a new one, or the correction of a row."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.core.carriers import display_name
from app.core.errors import BackhaulError, UsageError
from app.core.job_types import shipment_of
from app.core.tracking import checked_tracking, clean_order_ref
from app.core.tracking_policy import carrier_of
from app.core.types import ConnectionInfo, Shipment
from app.services.program import Program
from app.services.queue_lines import Line
from app.services.queue_page import Result
from app.ui.bridge import Bridge
from app.ui.queue.acts import QueueActs
from app.ui.queue.many_form import ManyForm
from app.ui.queue.shipment_form import Field, ShipmentForm
from app.ui.queue.typed import read_cost, read_date, read_lines
from app.ui.queue.words import name_of

_FACTS = ("order_ref", "tracking", "carrier", "service", "ship_date", "cost", "lines")


class Correcting(QObject):
    """Opens the form, checks what was typed, hands it to the acts."""

    def __init__(self, program: Program, bridge: Bridge, acts: QueueActs, over: QWidget) -> None:
        super().__init__(over)
        self._program, self._bridge, self._acts, self._over = program, bridge, acts, over

    def add(self, connections: Sequence[ConnectionInfo]) -> None:
        """A shipment by hand."""
        kinds = self._program.kinds
        sends = {
            one.name: kinds[one.kind].ship_fields - kinds[one.kind].ship_fields_off(one.settings)
            for one in connections
        }
        form = ShipmentForm(self._over, connections, sends=sends)
        form.submitted.connect(lambda: self._enter(form))
        form.several_asked.connect(lambda: self._add_several(form, connections))
        form.open()

    def _add_several(self, before: ShipmentForm, connections: Sequence[ConnectionInfo]) -> None:
        """In place of the form for one."""

        def add(name: str, shipments: list[Shipment]) -> None:
            self._acts.add(shipments, name, form.added, form.refuse)

        form = ManyForm(self._over, self._program, self._bridge, connections, add)
        before.reject()
        form.open()

    def ask(self, line: Line) -> None:
        """The facts of a row, to be corrected."""
        try:
            before = shipment_of(line.row.job)
        except BackhaulError as error:
            self._acts.say(self._program.wordsmith.say(error.code, error.params).summary)
            return
        if before is None:
            self._acts.say(self._program.wordsmith.say("job_not_shipment", {}).summary)
            return
        form = ShipmentForm(self._over, (), before)
        form.submitted.connect(lambda: self._correct(form, line, before))
        form.open()

    def _correct(self, form: ShipmentForm, line: Line, before: Shipment) -> None:
        after = self._checked(form, before)
        if after is None:
            return
        changes: dict[str, object] = {
            name: getattr(after, name)
            for name in _FACTS
            if getattr(after, name) != getattr(before, name)
        }

        def over(result: Result) -> None:
            form.refuse(result.left[0].why) if result.left else form.accept()

        form.wait()
        if changes:
            self._acts.edit(line.id, changes, name_of(line.title), over)
        else:
            form.accept()
            self._acts.retry([line.id], name_of(line.title))

    def _enter(self, form: ShipmentForm) -> None:
        shipment, name = self._checked(form, Shipment("", "")), form.typed().connection
        if shipment is None:
            return
        if not shipment.carrier:
            carrier = display_name(carrier_of(shipment.tracking))
            shipment = shipment._replace(carrier=carrier)
        form.wait()
        self._acts.add([shipment], name, form.accept, form.refuse)

    def _checked(self, form: ShipmentForm, before: Shipment) -> Shipment | None:
        """The shipment as typed; None when the form now says what is wrong with it."""
        typed, bad = form.typed(), Field.ORDER
        try:
            order = clean_order_ref(typed.order)
            if not order:
                raise UsageError("order_empty")
            bad = Field.TRACKING
            number = before.tracking
            if typed.tracking != number or not before.order_ref:  # a new one must have a number
                number = checked_tracking(typed.tracking)
            bad = Field.DATE
            day = read_date(typed.ship_date)
            bad = Field.COST
            cost = read_cost(typed.cost)
            bad = Field.LINES
            lines = read_lines(before.lines, typed.quantities)
        except UsageError as error:
            said = self._program.wordsmith.say(error.code, error.params)
            form.refuse(f"{said.summary}. {said.hint}")
            form.mark(bad)
            return None
        form.mark(None)
        return before._replace(
            order_ref=order,
            tracking=number,
            carrier=typed.carrier,
            service=typed.service,
            ship_date=day,
            lines=lines,
            cost=before.cost if cost == before.cost else cost,
        )
