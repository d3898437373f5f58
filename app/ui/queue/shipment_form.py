"""The form of one shipment: to add it, or to correct it and try it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from app.core.types import ConnectionInfo, Shipment, ShipmentLine
from app.ui import theme
from app.ui.queue.dialogs import Form
from app.ui.queue.typed import plain
from app.ui.widgets import ElidedLabel, label, set_property

_LINES_SHOWN = 5
_QUANTITY_WIDTH = 80


class Field(Enum):
    """What can be wrong with what was typed."""

    ORDER = auto()
    TRACKING = auto()
    DATE = auto()
    LINES = auto()


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form, as typed; `quantities`: one per line of the shipment."""

    order: str
    tracking: str
    carrier: str
    service: str
    ship_date: str
    quantities: tuple[str, ...]
    connection: str


class ShipmentForm(Form):
    """Order, tracking, carrier, service, date, quantities; when adding, which connection."""

    def __init__(
        self,
        parent: QWidget,
        connections: Sequence[ConnectionInfo],
        shipment: Shipment | None = None,
    ) -> None:
        title, confirm = ("Add shipment", "Add") if shipment is None else ("Correct", "Retry")
        super().__init__(parent, title, confirm)
        known = shipment or Shipment("", "")
        self._order = self.field("Order or invoice", known.order_ref, "316132")
        self._tracking = self.field("Tracking number", known.tracking, "Scan or type the label")
        self._carrier = self.field("Carrier", known.carrier, "optional")
        self._service = self.field("Service", known.service, "optional")
        day = known.ship_date.isoformat() if known.ship_date else ""
        self._ship_date = self.field("Ship date", day, "optional, as 2026-11-21")
        self._quantities: list[QLineEdit] = []
        if known.lines:
            self._add_lines(known.lines)
        self._connections = QComboBox()
        self._connections.setAccessibleName("Connection")
        for connection in connections:
            note = " (practice)" if connection.is_practice else ""
            self._connections.addItem(f"{connection.name}{note}", connection.name)
        self._connections.setCurrentIndex(_first_real(connections))
        if shipment is None:
            self.form.addRow("Connection", self._connections)
        self._order.returnPressed.connect(self._next)
        self._order.setFocus()

    def typed(self) -> Typed:
        """What stands there."""
        return Typed(
            self._order.text().strip(),
            self._tracking.text().strip(),
            self._carrier.text().strip(),
            self._service.text().strip(),
            self._ship_date.text().strip(),
            tuple(one.text().strip() for one in self._quantities),
            str(self._connections.currentData() or ""),
        )

    def mark(self, bad: Field | None) -> None:
        """Show which field is meant; None: none is wrong."""
        fields = {
            Field.ORDER: [self._order], Field.TRACKING: [self._tracking],
            Field.DATE: [self._ship_date], Field.LINES: self._quantities,
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
    def _next(self) -> None:
        """A scanner ends the order number with Enter: go on to the label."""
        if not self._tracking.text():
            self._tracking.setFocus()


def _is_quantity(edit: QLineEdit) -> bool:
    text = edit.text().strip().replace(",", ".", 1)
    return text.replace(".", "", 1).isdigit() and text.strip("0.") != ""


def _first_real(connections: Sequence[ConnectionInfo]) -> int:
    """A practice connection is never the default beside a real one."""
    for place, connection in enumerate(connections):
        if not connection.is_practice:
            return place
    return 0 if connections else -1
