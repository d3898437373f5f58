"""Times as people and programs read them."""

import re
from argparse import ArgumentTypeError
from datetime import date

from app.core.clock import clock_time, from_ms
from app.core.clock import day_began as day_began

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_HOUR_S, _DAY_S, _MINUTE_S = 3600, 86_400, 60


def iso(moment_ms: int | None) -> str | None:
    """Local time with offset, to the second."""
    if moment_ms is None:
        return None
    return from_ms(moment_ms).astimezone().isoformat(timespec="seconds")


def ago(moment_ms: int, now_ms: int) -> str:
    """Relative under an hour, clock time today, date before."""
    age_s = (now_ms - moment_ms) / 1000
    return f"{span(age_s)} ago" if 0 <= age_s < _HOUR_S else clock_time(moment_ms)


def span(seconds: float) -> str:
    """A length of time in one unit: "12 s", "5 min", "3 h", "2 days"."""
    whole = round(max(0.0, seconds))
    if whole < _MINUTE_S:
        return f"{whole} s"
    if whole < _HOUR_S:
        return f"{whole // _MINUTE_S} min"
    if whole < 2 * _DAY_S:
        return f"{whole // _HOUR_S} h"
    return f"{whole // _DAY_S} days"


def in_time(seconds: float | None) -> str:
    """When the next try is; empty when nothing happens by itself."""
    if seconds is None:
        return ""
    return "now" if seconds < 1 else f"in {span(seconds)}"


def duration(text: str) -> float:
    """Seconds of "90s", "30m", "1h" or "2d"; for argparse."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", text.strip().lower())
    if not found or not float(found[1]):
        raise ArgumentTypeError(f"“{text}” is no length of time; write it as 30m or 1h")
    return float(found[1]) * _UNITS[found[2]]


def day(text: str) -> date:
    """A date as 2026-11-21; for argparse."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no date; write it as 2026-11-21") from None
