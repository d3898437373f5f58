"""The form of one shipment: to add it, or to correct it and try it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFormLayout,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from app.core.carriers import CARRIERS, OTHER, display_name, find_carrier
from app.core.quantities import plain
from app.core.types import ConnectionInfo, Shipment, ShipmentLine
from app.ui import theme
from app.ui.connections.said import marked
from app.ui.controls import Dropdown
from app.ui.queue.dialogs import Form
from app.ui.queue.number_hint import NumberHint, hint_for
from app.ui.widgets import ElidedLabel, button, label, set_property

_LINES_SHOWN = 5
_QUANTITY_WIDTH = 80
_WIDTH = 520  # what is said of a number fits below it


class Field(Enum):
    """What can be wrong with what was typed."""

    ORDER = auto()
    TRACKING = auto()
    DATE = auto()
    COST = auto()
    LINES = auto()


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, as typed; `quantities`: one per line of the shipment."""

    order: str
    tracking: str
    carrier: str
    service: str
    ship_date: str
    cost: str
    quantities: tuple[str, ...]
    connection: str


class ShipmentForm(Form):
    """Order, tracking, carrier, service, date, cost, quantities; when adding, which connection."""

    several_asked = Signal()

    def __init__(
        self,
        parent: QWidget,
        connections: Sequence[ConnectionInfo],
        shipment: Shipment | None = None,
        sends: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        """`sends`: what of a shipment goes to each connection, by its name."""
        title, confirm = ("Add shipment", "Add") if shipment is None else ("Correct", "Retry")
        super().__init__(parent, title, confirm)
        self.setMinimumWidth(_WIDTH)
        known = shipment or Shipment("", "")
        self._known, self._sends = known, sends or {}
        self._order = self.field("Order or invoice", known.order_ref, "316132")
        self._tracking = self.field("Tracking number", known.tracking, "Scan or type the label")
        self._hint = NumberHint()
        self.form.addRow("", self._hint)
        self._carrier = CarrierBox(known.carrier)
        self.form.addRow("Carrier", self._carrier)
        self._service = self.field("Service", known.service, "optional")
        day = known.ship_date.isoformat() if known.ship_date else ""
        self._ship_date = self.field("Ship date", day, "optional, as 2026-11-21")
        cost = "" if known.cost is None else plain_cost(known.cost)
        self._cost = self.field("Shipping cost", cost, "optional, as 12.50")
        self._quantities: list[QLineEdit] = []
        if known.lines:
            self._add_lines(known.lines)
        self._connections = Dropdown("Connection")
        fill_connections(self._connections, connections)
        if shipment is None:
            self.form.addRow("Connection", self._connections)
            self._add_several()
        self._order.returnPressed.connect(self._next)
        self._tracking.textChanged.connect(self._show_hint)
        self._carrier.currentTextChanged.connect(self._show_hint)
        self._hint.taken.connect(self._tracking.setText)
        self._connections.currentIndexChanged.connect(self._show_cost)
        self._show_hint()
        self._show_cost()
        self._order.setFocus()

    def _add_several(self) -> None:
        several = button("Paste several parcels…", "inline")
        several.clicked.connect(self.several_asked)
        self.form.addRow("", several)

    def typed(self) -> Typed:
        """What stands there."""
        return Typed(
            self._order.text().strip(),
            self._tracking.text().strip(),
            self._carrier.text(),
            self._service.text().strip(),
            self._ship_date.text().strip(),
            self._cost.text().strip() if self.form.isRowVisible(self._cost) else "",
            tuple(one.text().strip() for one in self._quantities),
            str(self._connections.currentData() or ""),
        )

    def mark(self, bad: Field | None) -> None:
        """Show which field is meant; None: none is wrong."""
        fields = {
            Field.ORDER: [self._order], Field.TRACKING: [self._tracking],
            Field.DATE: [self._ship_date], Field.COST: [self._cost],
            Field.LINES: self._quantities,
        }  # fmt: skip
        for field, edits in fields.items():
            for one in edits:
                wrong = field is bad and (field is not Field.LINES or not _is_quantity(one))
                set_property(one, "bad", wrong)
                if wrong:
                    one.setFocus()

    def _add_lines(self, lines: Sequence[ShipmentLine]) -> None:
        """How many pieces of each item are in the parcel; many lines scroll."""
        inside = QWidget()
        rows = QFormLayout(inside)
        rows.setContentsMargins(0, 0, 4, 0)
        rows.setVerticalSpacing(6)
        for line in lines:
            edit = QLineEdit(plain(line.quantity))
            edit.setAccessibleName(f"Quantity of {line.item}")
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            edit.setFixedWidth(_QUANTITY_WIDTH)
            self._quantities.append(edit)
            rows.addRow(edit, ElidedLabel(line.item))
        if len(lines) <= _LINES_SHOWN:
            self.form.addRow("Quantities", inside)
            return
        area = QScrollArea()
        area.setProperty("role", "bare")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedHeight(_LINES_SHOWN * (theme.BUTTON + 6))
        area.setWidget(inside)
        self.form.addRow(label(f"Quantities ({len(lines)})"), area)

    @Slot()
    def _show_hint(self) -> None:
        self._hint.show_hint(hint_for(self._tracking.text(), self._carrier.text()))

    @Slot()
    def _show_cost(self) -> None:
        """Only where it goes somewhere, or where the row has one."""
        name = str(self._connections.currentData() or "")
        goes = "cost" in self._sends.get(name, frozenset())
        self.form.setRowVisible(self._cost, goes or self._known.cost is not None)

    @Slot()
    def _next(self) -> None:
        """A scanner ends the order number with Enter: go on to the label."""
        if not self._tracking.text():
            self._tracking.setFocus()


def _is_quantity(edit: QLineEdit) -> bool:
    text = edit.text().strip().replace(",", ".", 1)
    return text.replace(".", "", 1).isdigit() and text.strip("0.") != ""


class CarrierBox(QComboBox):
    """Carriers that are known, or any other name a person types."""

    def __init__(self, carrier: str) -> None:
        super().__init__()
        self._stored = carrier
        self._shown = display_name(find_carrier(carrier), carrier) if carrier else ""
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems(sorted(one.name for one in CARRIERS if one.code != OTHER))
        self.setAccessibleName("Carrier")
        edit = QLineEdit()
        edit.setAccessibleName("Carrier")
        edit.setPlaceholderText("as the number says")
        self.setLineEdit(edit)
        names = QCompleter(self.model(), self)
        names.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(names)
        self.setCurrentIndex(-1)
        self.setEditText(self._shown)

    def text(self) -> str:
        """What stands there; what was not touched is what is stored."""
        typed = self.currentText().strip()
        return self._stored if typed == self._shown else typed


def fill_connections(box: QComboBox, connections: Sequence[ConnectionInfo]) -> None:
    """Their names, the practice ones marked, and one of them chosen."""
    for connection in connections:
        box.addItem(marked(connection), connection.name)
    box.setCurrentIndex(_first_real(connections))


def plain_cost(cost: Decimal) -> str:
    """ "12.50", "4.2": as it was given."""
    return f"{cost:f}"


def _first_real(connections: Sequence[ConnectionInfo]) -> int:
    """A practice connection is never the default beside a real one."""
    for place, connection in enumerate(connections):
        if not connection.is_practice:
            return place
    return 0 if connections else -1
