"""Figures of calls as the window and the command line tell them."""

from app.core.health import Figures

_SECOND_MS = 1000


def calls_text(figures: Figures) -> str:
    """ "24 calls: 20 answered, 2 refused, 2 failed"."""
    if not figures.calls:
        return "No calls"
    parts = [
        (figures.ok, "answered"),
        (figures.refused, "refused"),
        (figures.failed, "failed"),
        (figures.network, "did not get through"),
    ]
    said = ", ".join(f"{number:,} {word}" for number, word in parts if number)
    return f"{figures.calls:,} {'call' if figures.calls == 1 else 'calls'}: {said}"


def rate_text(figures: Figures) -> str:
    """The error rate; nothing where nothing was answered."""
    if not figures.answered:
        return "Not known"
    percent = figures.error_rate * 100
    return f"{percent:.1f} %" if 0 < percent < 10 else f"{percent:.0f} %"


def time_text(median_ms: float | None) -> str:
    """ "80 ms", "1.4 s"."""
    if median_ms is None:
        return "Not known"
    if median_ms < _SECOND_MS:
        return f"{median_ms:.0f} ms"
    return f"{median_ms / _SECOND_MS:.1f} s"
