"""One order in full: what keeps it on top, facts, items, parcels, and what happened everywhere."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.core.clock import clock_time
from app.core.orders import OrderStatus
from app.services.orders_view import EventInWords, ItemInWords, OrderDetails
from app.services.queue_lines import Happening
from app.ui.orders.parcel import Parcel
from app.ui.orders.reads import amount
from app.ui.queue.detail import TimelineLine, broken, facts_grid
from app.ui.side_pane import MARGIN, SidePane
from app.ui.widgets import button, frame, label

_COLUMNS = ("Ordered", "Shipped", "Left", "Weight")


class OrderPane(SidePane):
    """Filled anew for each order; Escape closes it."""

    set_back_wanted = Signal(int)  # the order's number
    job_wanted = Signal(int)  # the row of MANAGER with that number

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Order")
        self._details: OrderDetails | None = None

    @property
    def order_id(self) -> int:
        """The order that is shown; 0: none."""
        return self._details.one.order.id if self._details else 0

    def show_details(self, details: OrderDetails) -> None:
        """That order, as it is now."""
        if details == self._details and self.isVisible():
            return
        is_same = details.one.order.id == self.order_id
        self._details = details
        self._fill(details)
        self.bring(is_same=is_same)

    def forget(self) -> None:
        """Nothing is shown any more."""
        self._details = None
        self.hide()

    def _dress(self) -> None:
        if self._details is not None:
            self._fill(self._details)

    def _fill(self, details: OrderDetails) -> None:
        one, inside = details.one, QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, 4, 6, 4)
        column.setSpacing(12)
        for part in _message(details):
            column.addWidget(part)
        for parcel in details.parcels:
            shown = Parcel(parcel, told=details.hint)
            shown.job_wanted.connect(self.job_wanted)
            column.addWidget(shown)
        if details.items:
            head = QHBoxLayout()
            head.addWidget(label("Items", "name"))
            head.addStretch(1)
            head.addWidget(label(f"as read {clock_time(one.order.read_at)}", "small"))
            column.addLayout(head)
            column.addLayout(_items(details.items))
        column.addLayout(facts_grid(_facts(details)))
        column.addWidget(label("What happened", "name"))
        column.addLayout(_story(details.timeline))
        column.addWidget(label("Change order status", "name"))
        press = button("Set to Pending…", name=f"Set to Pending: {one.title}")
        press.setEnabled(one.order.status is not OrderStatus.PROCESSING)
        press.clicked.connect(lambda: self.set_back_wanted.emit(one.order.id))
        row = QHBoxLayout()
        row.addWidget(press)
        row.addStretch(1)
        column.addLayout(row)
        if one.order.status is OrderStatus.PROCESSING:
            column.addWidget(label("It is being written right now, so it is left alone.", "small"))
        column.addStretch(1)
        self.fill(f"Order {one.title}" if one.order.order_ref else one.title, inside)


def _message(details: OrderDetails) -> Iterator[QWidget]:
    one = details.one
    if not details.message:
        return
    box = frame("danger_box" if details.is_bad else "muted_box")
    column = QVBoxLayout(box)
    column.setContentsMargins(12, 10, 12, 10)
    column.setSpacing(6)
    column.addWidget(label(broken(details.message), "name", wrap=True))
    if one.setting:
        column.addWidget(label(f"Setting: {one.setting}", wrap=True))
    if details.hint:
        column.addWidget(label(broken(details.hint), wrap=True))
    if one.who:
        column.addWidget(label(f"Who must act: {one.who}", wrap=True))
    yield box


def _facts(details: OrderDetails) -> list[tuple[str, str]]:
    one, order = details.one, details.one.order
    found = (
        ("Status", one.status),
        ("Connection", one.connection),
        ("At the store", order.source_status),
        ("Ordered", clock_time(order.order_at)),
        ("Changed", clock_time(order.changed_at) if order.changed_at is not None else ""),
        ("Total", amount(order)),
        ("Shipping", order.shipping),
        ("Ship to", one.ship_to),
        ("Set back", clock_time(order.set_back_at) if order.set_back_at is not None else ""),
    )
    return [(name, value) for name, value in found if value]


def _items(items: tuple[ItemInWords, ...]) -> QGridLayout:
    """Name over number, and how many pieces of it."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(0, 1)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
    has_weight = any(one.weight for one in items)
    titles = _COLUMNS if has_weight else _COLUMNS[:-1]
    for place, title in enumerate(titles, 1):
        grid.addWidget(label(title, "small"), 0, place, right)
    for row, one in enumerate(items, 1):
        grid.addWidget(_item(one), row, 0)
        values = (one.ordered, one.shipped, one.left, one.weight)
        for place, (title, value) in enumerate(zip(titles, values, strict=False), 1):
            shown = label(value)
            shown.setAccessibleName(f"{title} {value}, {one.line.sku}")
            grid.addWidget(shown, row, place, right)
    return grid


def _item(one: ItemInWords) -> QWidget:
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(12 if one.is_inside else 0, 0, 0, 0)
    column.setSpacing(0)
    selectable = Qt.TextInteractionFlag.TextSelectableByMouse
    for text, role in ((one.line.name or one.line.sku, ""), (one.line.sku, "small")):
        if role and text == one.line.name:
            continue
        shown = label(broken(text), role, wrap=True)
        shown.setTextInteractionFlags(selectable)
        column.addWidget(shown)
    return whole


def _story(timeline: tuple[EventInWords, ...]) -> QVBoxLayout:
    """Oldest first: the way the order went."""
    story = QVBoxLayout()
    story.setSpacing(0)
    for place, one in enumerate(timeline):
        story.addWidget(TimelineLine(_happening(one), is_last=place == len(timeline) - 1))
    return story


def _happening(one: EventInWords) -> Happening:
    by = f" (by {one.actor})" if one.actor else ""
    at = f"{clock_time(one.at)} · {one.system}" if one.system else clock_time(one.at)
    return Happening(at, f"{broken(one.text)}{by}", one.is_bad, one.is_good)
