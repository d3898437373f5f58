"""Which orders are listed: a chip for each status, the days they were ordered on, one store."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from PySide6.QtCore import QDate, Signal, Slot
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QWidget

from app.core.clock import from_ms, to_ms
from app.core.orders import OrderFilter, OrderStatus
from app.ui.controls import Dropdown
from app.ui.flow import Flow
from app.ui.queue.chips import Chips
from app.ui.widgets import label

_GAP = 6


class Chip(StrEnum):
    """All, or one status by its own name."""

    ALL = "all"
    FAILED = OrderStatus.FAILED.value
    PENDING = OrderStatus.PENDING.value
    PROCESSING = OrderStatus.PROCESSING.value
    SUCCESS = OrderStatus.SUCCESS.value
    SKIPPED = OrderStatus.SKIPPED.value


_CHIPS = tuple((chip, chip.value.capitalize()) for chip in Chip)


class Days(StrEnum):
    """When the orders were placed."""

    ALL = "Any day"
    TODAY = "Today"
    WEEK = "Last 7 days"
    MONTH = "Last 30 days"
    RANGE = "From … to …"


_BACK = {Days.TODAY: 0, Days.WEEK: 6, Days.MONTH: 29}
"""Days before today that count too."""


class FilterBar(QWidget):
    """Goes on in a further line where it is narrow."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text = ""  # what is searched for
        self.chips = Chips(_CHIPS, {Chip.PROCESSING})
        self.days = Dropdown("Ordered")
        self.connection = Dropdown("Connection")
        self._chip, self._stores = Chip.ALL, list[tuple[int, str]]()
        self.first, self.last = _day("First day"), _day("Last day")
        self._between = QWidget()
        for field in (self.days, self.connection, self.first, self.last):
            field.setProperty("role", "filter")
        for one in Days:
            self.days.addItem(one.value)
        self.connection.addItem("All connections", 0)
        self._lay_out()
        self.chips.chosen.connect(self._choose)
        self.days.currentIndexChanged.connect(self._days_chosen)
        self.connection.currentIndexChanged.connect(self.changed)
        for day in (self.first, self.last):
            day.dateChanged.connect(self.changed)

    @property
    def is_narrowed(self) -> bool:
        """True when orders may be left out."""
        chosen = (self._chip, self.chosen_days, self.connection.currentData(), self.text)
        return chosen != (Chip.ALL, Days.ALL, 0, "")

    @property
    def chosen_days(self) -> Days:
        """When the listed orders were placed."""
        return tuple(Days)[self.days.currentIndex()]

    def choose_days(self, days: Days) -> None:
        """As a person does."""
        self.days.setCurrentIndex(tuple(Days).index(days))

    def filter(self, now_ms: int) -> OrderFilter:
        """What is chosen, as of now: days are those of this computer."""
        since, until = self._between_ms(now_ms)
        statuses = frozenset() if self._chip is Chip.ALL else {OrderStatus(self._chip.value)}
        return OrderFilter(
            frozenset(statuses), self.connection.currentData() or 0, since, until, self.text
        )

    def show_counts(self, counts: Mapping[OrderStatus, int]) -> None:
        """How many orders each chip stands for."""
        found = {Chip(status.value): count for status, count in counts.items()}
        self.chips.set_counts({**found, Chip.ALL: sum(found.values())})

    def show_stores(self, stores: Sequence[tuple[int, str]]) -> None:
        """Number and name of the connections that have orders."""
        if list(stores) == self._stores:
            return
        self._stores = list(stores)
        before = self.connection.currentData()
        self.connection.blockSignals(True)
        self.connection.clear()
        self.connection.addItem("All connections", 0)
        for number, name in stores:
            self.connection.addItem(name, number)
        at = self.connection.findData(before)
        self.connection.setCurrentIndex(max(0, at))
        self.connection.blockSignals(False)
        self.connection.setVisible(len(stores) > 1)
        if at < 0:
            self.changed.emit()

    def show_all(self) -> None:
        """Leave no order out."""
        self.show_some(0, "")

    def show_some(self, connection_id: int, status: str) -> None:
        """Those of one connection with that status; 0 and empty: all."""
        self._chip, self.text = Chip(status) if status else Chip.ALL, ""
        self.chips.select(self._chip)
        for box in (self.days, self.connection):
            box.blockSignals(True)
            box.setCurrentIndex(0)
            if box is self.connection:
                box.setCurrentIndex(max(0, box.findData(connection_id)))
            box.blockSignals(False)
        self._between.hide()
        self.changed.emit()

    def _between_ms(self, now_ms: int) -> tuple[int | None, int | None]:
        chosen = self.chosen_days
        today = from_ms(now_ms).astimezone().date()
        if chosen is Days.ALL:
            return None, None
        if chosen is Days.RANGE:
            first, last = sorted((_date(self.first), _date(self.last)))
            return _begin_ms(first), _begin_ms(last + timedelta(days=1))
        return _begin_ms(today - timedelta(days=_BACK[chosen])), None

    @Slot(object)
    def _choose(self, chip: Chip) -> None:
        self._chip = chip
        self.chips.select(chip)
        self.changed.emit()

    @Slot()
    def _days_chosen(self) -> None:
        self._between.setVisible(self.chosen_days is Days.RANGE)
        self.changed.emit()

    def _lay_out(self) -> None:
        dates = QHBoxLayout(self._between)
        dates.setContentsMargins(0, 0, 0, 0)
        dates.setSpacing(_GAP)
        dates.addWidget(self.first)
        dates.addWidget(label("to", "muted"))
        dates.addWidget(self.last)
        self._between.hide()
        self.connection.hide()
        row = Flow(self, _GAP)
        chips = self.chips.layout()
        assert isinstance(chips, Flow)
        for one in (self.chips, self.days, self._between, self.connection):
            row.addWidget(one)


def _day(name: str) -> QDateEdit:
    made = QDateEdit(QDate.currentDate())
    made.setCalendarPopup(True)
    made.setAccessibleName(name)
    return made


def _date(edit: QDateEdit) -> date:
    chosen = edit.date()
    return date(chosen.year(), chosen.month(), chosen.day())


def _begin_ms(day: date) -> int:
    """Midnight here, as it was on that day."""
    return to_ms(datetime(day.year, day.month, day.day).astimezone())
