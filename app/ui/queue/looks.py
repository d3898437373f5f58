"""Which icon and colour a row has."""

from app.services.queue_lines import Line
from app.services.wording import Phase

_LOOKS = {
    Phase.WAITING: ("state_waiting", "warning"),
    Phase.RETRYING: ("state_retrying", "warning"),
    Phase.SENDING: ("state_sending", "accent"),
    Phase.NEEDS_YOU: ("state_failed", "danger"),
    Phase.PARKED: ("state_parked", "muted"),
    Phase.DONE: ("state_done", "success"),
    Phase.REMOVED: ("state_removed", "muted"),
}


def look_of(line: Line) -> tuple[str, str]:
    """Name of the icon and token of its colour; the disc has the chip colour of the token."""
    if line.is_locked:
        return "state_locked", "warning"
    if line.phase is Phase.SENDING and line.row.job.state == "in_doubt":
        return "state_doubt", "doubt"
    return look_of_phase(line.phase)


def look_of_phase(phase: Phase) -> tuple[str, str]:
    """The same for a whole group."""
    return _LOOKS[phase]
