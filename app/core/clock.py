"""The clock everything asks for the time, so that tests can move it; UTC only."""

import threading
import time
from datetime import UTC, date, datetime
from datetime import time as time_of_day
from typing import Protocol


class Clock(Protocol):
    """Wall time may jump (a person sets it, the machine slept); monotonic time never does."""

    def now_ms(self) -> int:
        """Wall time in milliseconds since 1970, UTC."""

    def monotonic(self) -> float:
        """Seconds since some moment, never set back."""

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Wait for the event; False when `timeout_s` seconds passed without it."""


class SystemClock:
    """The machine's own clock."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        return event.wait(timeout_s)


def from_ms(value: int) -> datetime:
    """Milliseconds since 1970 as an aware UTC datetime."""
    return datetime.fromtimestamp(value / 1000, UTC)


def to_ms(value: datetime) -> int:
    """An aware datetime as whole milliseconds since 1970."""
    return int(value.timestamp() * 1000)


def day_began(wanted: date | None, now_ms: int) -> int:
    """Local midnight of that day, or of today, in milliseconds since 1970."""
    today = from_ms(now_ms).astimezone().date()
    return to_ms(datetime.combine(wanted or today, time_of_day()).astimezone())


def clock_time(moment_ms: int, now: datetime | None = None) -> str:
    """Local clock time today, with the date before today."""
    local = from_ms(moment_ms).astimezone()
    today = (now or datetime.now(local.tzinfo)).date()
    return local.strftime("%H:%M" if local.date() == today else "%Y-%m-%d %H:%M")
