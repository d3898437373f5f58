"""Since when: a few days that are usual, or a date."""

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QDate, Slot
from PySide6.QtWidgets import QDateEdit

from app.core.clock import day_began, from_ms
from app.ui.folder_assistant.options import Options

DATE = "date"
_FIRST = QDate(2000, 1, 1)
_WIDTH = 132


class DayChoice(Options):
    """The answers that are given, and a date. Days begin at midnight, here."""

    def __init__(
        self, title: str, answers: Sequence[tuple[str, str, str]], now_ms: int, date_help: str = ""
    ) -> None:
        """`answers`: how many days back, what it says, its help."""
        super().__init__(title, [*answers, (DATE, "Since a date", date_help)])
        self._now = now_ms
        self._given: int | None = None
        self.date = QDateEdit()
        self.date.setCalendarPopup(True)
        self.date.setDisplayFormat("yyyy-MM-dd")
        self.date.setAccessibleName(f"{title}: date")
        self.date.setFixedWidth(_WIDTH)
        today = _as_day(now_ms)
        self.date.setDateRange(_FIRST, today)
        self.date.setDate(today.addDays(-1))
        self._rows[DATE].addWidget(self.date)
        for row in self._rows.values():
            row.addStretch(1)
        self.date.dateChanged.connect(self._date_picked)
        self.changed.connect(self._follow)
        self._follow()

    @property
    def since_ms(self) -> int:
        """Midnight of the day that is chosen, in milliseconds since 1970; a moment that was given
        stays what it was as long as nobody chooses another day."""
        if self.value == DATE:
            if self._given is not None and _as_day(self._given) == self.date.date():
                return self._given
            day = self.date.date()
            return day_began(date(day.year(), day.month(), day.day()), self._now)
        today = from_ms(self._now).astimezone().date()
        return day_began(today - timedelta(days=int(self.value)), self._now)

    def set_since(self, moment_ms: int) -> None:
        """As if that day had been chosen."""
        self._given = moment_ms
        self.date.setDate(_as_day(moment_ms))
        self.choose(DATE)
        self._follow()

    @Slot()
    def _date_picked(self) -> None:
        self.changed.emit()

    @Slot()
    def _follow(self) -> None:
        self.date.setEnabled(self.value == DATE)


def _as_day(moment_ms: int) -> QDate:
    day = from_ms(moment_ms).astimezone().date()
    return QDate(day.year, day.month, day.day)
