"""What the STATUS page says in figures, as plain text; nothing of Qt."""

from collections.abc import Sequence

from app.core.health import Lamp
from app.services.health import ApiHealth, ConnectionHealth, Last, Point
from app.ui.connections.facts import ago

LAMP_WORDS = {
    Lamp.GREEN: "normal",
    Lamp.YELLOW: "raised errors or slow",
    Lamp.RED: "unavailable",
    Lamp.NONE: "unknown",
    Lamp.PAUSED: "paused",
}
"""What each shape means."""

RANK = {Lamp.RED: 0, Lamp.YELLOW: 1, Lamp.NONE: 2, Lamp.PAUSED: 3, Lamp.GREEN: 4}
"""What a person is shown first."""


def last_text(last: Last | None, now_ms: int) -> str:
    """ "316132, 12 s ago"."""
    return f"{last.ref}, {ago(last.at, now_ms)}" if last else "None yet"


def since_text(at: int | None, now_ms: int) -> str:
    """When it was."""
    return ago(at, now_ms) if at is not None else "None yet"


def error_text(one: ApiHealth, now_ms: int) -> str:
    """The last error, how long ago, and whether it works again."""
    last = one.last_error
    if last is None:
        return "None"
    over = ". Calls were answered since" if last.is_over else ""
    return f"{ago(last.at, now_ms)}: {last.said.summary}{over}"


def graph_text(points: Sequence[Point]) -> str:
    """The graph for somebody who does not see it."""
    calls, failed = sum(p.calls for p in points), sum(p.failed for p in points)
    if not calls:
        return "No calls in the last hour"
    busiest = max(p.calls for p in points)
    text = f"{calls:,} calls in the last hour, {busiest:,} in the busiest minute, {failed:,} failed"
    worst = max(range(len(points)), key=lambda at: (points[at].failed, at))
    if failed:
        minutes = len(points) - 1 - worst
        when = "in the minute under way" if not minutes else f"{minutes} min ago"
        text += f"; most of them {when}: {points[worst].failed:,} of {points[worst].calls:,}"
    return text


def rows_text(one: ConnectionHealth) -> str:
    """ "3 waiting, 1 needs you"; empty: none."""
    parts = [f"{one.waiting:,} waiting"] if one.waiting else []
    if one.needs_you:
        parts.append(f"{one.needs_you:,} {'needs' if one.needs_you == 1 else 'need'} you")
    return ", ".join(parts)


def summary(views: Sequence[ConnectionHealth]) -> str:
    """The line beside the page's title."""
    if not views:
        return ""
    red = sum(one.lamp is Lamp.RED for one in views)
    yellow = sum(one.lamp is Lamp.YELLOW for one in views)
    parts = [f"{red} unavailable"] if red else []
    parts += [f"{yellow} with raised errors or slow"] if yellow else []
    return f"last hour · {', '.join(parts)}" if parts else "last hour"
