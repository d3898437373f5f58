"""Sentences of the page: what stands where no rows are, and one word for everything."""

from collections.abc import Sequence

from app.core.clock import clock_time
from app.services.overview import ConnectionStatus
from app.services.queue_lines import CauseGroup
from app.services.queue_page import Slice
from app.services.wording import Phase
from app.ui.times import ago

_HOUR_S = 3600
Nothing = tuple[str, str, str, tuple[str, str]]
"""Sentence, what stands below it, the button, icon and colour."""

_EMPTY = {
    Slice.WAITING: "No row waits",
    Slice.RETRYING: "No row is being retried",
    Slice.NEEDS_YOU: "No row needs you",
    Slice.SENDING: "Nothing is being sent right now",
    Slice.DONE: "Nothing was written back today",
    Slice.BIN: "The bin is empty",
    Slice.PARKED: "No row is parked",
}


def nothing_in(
    wanted: Slice | None,
    searched: str,
    known: Sequence[str] = (),
    *,
    is_connected: bool,
    last: tuple[str, int] | None,
    now_ms: int,
) -> Nothing:
    """What an empty list says. `known`: sentences about a number that has no row."""
    if searched and wanted is None and known:
        more = "\n".join(f"{one}." for one in known)
        return f"“{searched}” has no row in the queue", more, "Show all", ("search", "muted")
    if searched and wanted is None:
        more = "Looked through everything: waiting, failed, done and removed."
        return f"“{searched}” was never seen here", more, "Show all", ("search", "muted")
    if wanted is None:
        return "These rows are not there any more", "", "Show all", ("state_done", "muted")
    if wanted is not Slice.ALL:
        return _EMPTY[wanted], "", "Show all", ("state_done", "muted")
    if not is_connected:
        more = "Connect the system your orders come from, or try it with a practice server."
        return "No system is connected yet", more, "Connections", ("nav_connections", "accent")
    more = "Nothing was written back yet."
    if last is not None:
        more = f"The last write-back succeeded {since(last[1], now_ms)}: {last[0]}."
    return "Nothing waits", more, "Add shipment", ("state_done", "success")


def rows(count: int) -> str:
    """ "1 row", "12 rows"."""
    return "1 row" if count == 1 else f"{count:,} rows"


def head_note(group: CauseGroup) -> str:
    """What stands behind the cause in the header of a group."""
    parts = [group.connection, f"{rows(len(group.ids))} since {group.since}"]
    if group.phase is Phase.NEEDS_YOU and group.who:
        parts.append("you must act" if group.who == "You" else f"to act: {_small(group.who)}")
    return " · ".join(parts)


def name_of(title: str) -> str:
    """ "invoice 316132", for the middle of a sentence."""
    return f"{title[:1].lower()}{title[1:]}"


def _small(text: str) -> str:
    """As it goes on after a colon: small first letter, but for names."""
    return text if text.startswith("Backhaul") else name_of(text)


def since(at_ms: int, now_ms: int) -> str:
    """Relative under an hour, clock time today, date before."""
    age_s = (now_ms - at_ms) / 1000
    return ago(age_s) if 0 <= age_s < _HOUR_S else clock_time(at_ms)


def overall_of(statuses: Sequence[ConnectionStatus]) -> tuple[str, str]:
    """One word for everything, and its colour; green only for what was seen working."""
    states = {one.state for one in statuses}
    if "blocked" in states or any(one.needs_you for one in statuses):
        return "Needs you", "danger"
    if "unreachable" in states:
        return "Offline", "warning"
    if "paused" in states:
        return "Paused", "warning"
    if "working" in states:
        return "Working", "success"
    return ("Ready", "accent") if states else ("Not connected", "muted")
