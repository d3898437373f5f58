"""Lengths of time as the window shows them."""

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


def ago(age_s: float) -> str:
    """ "just now", "12 s ago", "5 min ago"; for less than an hour."""
    whole = max(0, round(age_s))
    if not whole:
        return "just now"
    return f"{whole} s ago" if whole < _MINUTE_S else f"{whole // _MINUTE_S} min ago"


def span(seconds: float) -> str:
    """ "2 h 15 min", "3 days"."""
    whole = max(0, round(seconds))
    if whole < _MINUTE_S:
        return f"{whole} s"
    if whole < _HOUR_S:
        return f"{whole // _MINUTE_S} min"
    if whole < 2 * _DAY_S:
        hours, rest = divmod(whole, _HOUR_S)
        minutes = rest // _MINUTE_S
        return f"{hours} h {minutes} min" if minutes and hours < 10 else f"{hours} h"
    return f"{whole // _DAY_S} days"


def countdown(milliseconds: int) -> str:
    """ "0:42", "4:20", "2 h 05"; "now" when it is over."""
    left = -(-milliseconds // 1000)
    if left <= 0:
        return "now"
    if left < _HOUR_S:
        return f"{left // _MINUTE_S}:{left % _MINUTE_S:02}"
    return f"{left // _HOUR_S} h {left % _HOUR_S // _MINUTE_S:02}"
