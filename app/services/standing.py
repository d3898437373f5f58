"""How everything stands in one word and one line, with the problems a person should know."""

from collections.abc import Sequence

from app.core.clock import clock_time
from app.core.telling import Overall, Problem, Standing
from app.services.causes import Cause, Found, Stand
from app.services.connections import ConnectionService
from app.services.wording import Wordsmith

MAX_PROBLEMS = 5


def standing_of(found: Found, words: Wordsmith) -> Standing:
    """The standing at that moment."""
    shown = sorted((c for c in found.causes if c.shows), key=_importance)
    problems = tuple(
        Problem(cause.key, _line(cause, words), cause.connection_id, cause.job_id)
        for cause in shown[:MAX_PROBLEMS]
    )
    paused = [stand for stand in found.stands if stand.is_paused]
    overall = _overall(found, shown, paused)
    ends = [stand.paused_until for stand in paused]
    return Standing(
        overall,
        _text(overall, found, shown, paused, words),
        problems,
        max(0, len(shown) - MAX_PROBLEMS),
        can_pause=len(paused) < len(found.stands),
        can_resume=bool(paused),
        paused_until=None if None in ends else max((e for e in ends if e), default=None),
        waiting=sum(stand.waiting for stand in found.stands),
        needs_you=sum(cause.count or 1 for cause in shown if cause.needs_person),
    )


def _importance(cause: Cause) -> tuple[bool, bool, int, str]:
    """What needs a person first, whole connections before rows, then the older."""
    return not cause.needs_person, not cause.needs_proof, cause.since, cause.key


def _line(cause: Cause, words: Wordsmith) -> str:
    return words.text("{title}. {why}", title=cause.story.title, why=cause.story.why)


def _overall(found: Found, shown: Sequence[Cause], paused: Sequence[Stand]) -> Overall:
    if paused and len(paused) == len(found.stands):
        return Overall.PAUSED
    if any(cause.needs_person for cause in shown):
        return Overall.NEEDS_YOU
    if any(cause.needs_proof for cause in shown):
        return Overall.OFFLINE
    if any(stand.sending for stand in found.stands):
        return Overall.WORKING
    return Overall.OK


def _text(
    overall: Overall,
    found: Found,
    shown: Sequence[Cause],
    paused: Sequence[Stand],
    words: Wordsmith,
) -> str:
    waiting = sum(stand.waiting for stand in found.stands)
    match overall:
        case Overall.PAUSED:
            return paused_words(paused[0].paused_until, words)
        case Overall.NEEDS_YOU | Overall.OFFLINE if len(shown) == 1:
            return shown[0].story.title
        case Overall.NEEDS_YOU | Overall.OFFLINE:
            return words.text("{count} problems", count=len(shown))
        case Overall.WORKING:
            return words.text("Sending; {count} to go", count=waiting)
        case Overall.OK if not found.stands:
            return words.text("No system is connected yet")
        case Overall.OK if waiting:
            return words.text("1 waits" if waiting == 1 else "{count} wait", count=waiting)
        case Overall.OK:
            return words.text("Nothing waits")


def paused_words(until: int | None, words: Wordsmith) -> str:
    """Until when everything is paused."""
    if until is None:
        return words.text("Paused until you resume")
    return words.text("Paused until {until}", until=clock_time(until))


def pause_all(connections: ConnectionService, for_s: float | None, actor: str) -> None:
    """Send nothing anywhere for some seconds; None: until resumed.

    Raises: StorageError.
    """
    for connection in connections.all():
        connections.pause(connection, for_s, actor)


def resume_all(connections: ConnectionService, actor: str) -> None:
    """End every pause.

    Raises: StorageError.
    """
    for connection in connections.all():
        if connections.gate(connection.id).paused_at is not None:
            connections.resume(connection, actor)
