"""Decides what is told when: once per cause, in place, not too often, and that it is over.

Pure: it is given what stands in the way and the time, and returns what to tell.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.core.telling import Notice, Urgency
from app.services.causes import Cause, Found
from app.services.wording import Wordsmith

PACE_S = 600.0
"""A cause is told again, with another count, after this at the earliest."""

GATHER_S, GATHER_MOST_S = 3.0, 60.0
"""Rows that fail one after another are told together: once no more came, or after a minute."""

PROOF_S = 600.0
"""How long a connection that was let go on may take to be seen working."""

AT_START = "start"
"""Key of the one notice about all that stood in the way before the program started."""


@dataclass(slots=True)
class _Entry:
    """One place in the ledger; times are monotonic seconds."""

    cause: Cause
    first_seen: float
    grew_at: float
    due_at: float
    seq: int  # newest history entry while the cause was there
    told: str | None = None  # code of the cause that was told
    told_count: int = 0
    gone_at: float | None = None


class Ledger:
    """What was told, and what is there to tell."""

    def __init__(self, worked_since: Callable[[int, int], bool], words: Wordsmith) -> None:
        """`worked_since(connection, seq)`: was it seen working after that history entry."""
        self._worked_since = worked_since
        self._words = words
        self._entries: dict[str, _Entry] = {}
        self._last_told: dict[tuple[str, str], float] = {}
        self._old: set[str] | None = None  # told together at the start, not over yet

    def update(self, found: Found, now: float) -> list[Notice]:
        """What to tell now (`now`: monotonic seconds)."""
        for cause in found.causes:
            self._note(cause, found, now)
        notices = self._at_start(now) if self._old is None else []
        notices += [self._tell(e, now) for e in self._entries.values() if self._is_due(e, now)]
        there = {cause.key for cause in found.causes}
        for key in [key for key in self._entries if key not in there]:
            notices += self._gone(key, found, now)
        self._last_told = {k: at for k, at in self._last_told.items() if now - at < PACE_S}
        return notices

    def wait_s(self, now: float) -> float:
        """Seconds until there may be something to tell though nothing changed."""
        times = [self._ready_at(e) for e in self._entries.values() if self._has_news(e)]
        times += [e.gone_at + PROOF_S for e in self._entries.values() if e.gone_at is not None]
        return max(0.0, min(times, default=float("inf")) - now)

    def _note(self, cause: Cause, found: Found, now: float) -> None:
        entry = self._entries.get(cause.key)
        if entry is None:
            due = self._due_at(cause, found, now)
            self._entries[cause.key] = _Entry(cause, now, now, due, found.last_seq)
            return
        before = entry.cause
        if (before.code, before.since) != (cause.code, cause.since):
            entry.due_at = self._due_at(cause, found, now)
        if cause.count > before.count or before.code != cause.code:
            entry.grew_at = now
        if cause.count < entry.told_count:
            entry.told_count = cause.count  # a person is at it: only new ones are news
        entry.cause, entry.gone_at, entry.seq = cause, None, found.last_seq

    def _due_at(self, cause: Cause, found: Found, now: float) -> float:
        lasted_s = max(0, found.now - cause.since) / 1000
        return now + max(0.0, cause.tell_after_s - lasted_s)

    def _at_start(self, now: float) -> list[Notice]:
        """All that is old news is told in one notice, whatever number of causes it has."""
        old = [e for e in self._entries.values() if e.due_at <= now]
        self._old = set()
        if len(old) < 2:
            for entry in old:
                entry.grew_at -= GATHER_S  # it did not happen just now
            return []
        for entry in old:
            self._tell(entry, now)
            self._old.add(entry.cause.key)
        return [
            Notice(
                AT_START,
                self._words.text("{count} problems", count=len(old)),
                "\n".join(entry.cause.story.title for entry in old),
                _urgency([entry.cause for entry in old]),
                len(old),
            )
        ]

    def _has_news(self, entry: _Entry) -> bool:
        if entry.gone_at is not None:
            return False
        return entry.told != entry.cause.code or entry.cause.count > entry.told_count

    def _is_due(self, entry: _Entry, now: float) -> bool:
        return self._has_news(entry) and now >= self._ready_at(entry)

    def _ready_at(self, entry: _Entry) -> float:
        ready = entry.due_at
        if entry.cause.gathers:
            start = entry.first_seen if entry.told is None else entry.grew_at
            ready = max(ready, min(entry.grew_at + GATHER_S, start + GATHER_MOST_S))
        last = self._last_told.get((entry.cause.key, entry.cause.code))
        return ready if last is None else max(ready, last + PACE_S)

    def _tell(self, entry: _Entry, now: float) -> Notice:
        cause = entry.cause
        entry.told, entry.told_count = cause.code, cause.count
        self._last_told[cause.key, cause.code] = now
        return Notice(
            cause.key,
            cause.story.title,
            cause.story.text,
            _urgency([cause]),
            cause.count,
            cause.connection_id,
            cause.job_id,
        )

    def _gone(self, key: str, found: Found, now: float) -> list[Notice]:
        """What is told of a cause that is no longer there."""
        entry = self._entries[key]
        cause = entry.cause
        if entry.told is None:
            del self._entries[key]
            return []
        over = Notice(key, is_resolved=True)
        if self._ends_well(cause, found):
            if cause.needs_proof and not self._proved(entry):
                if entry.gone_at is None:
                    entry.gone_at = now
                if now - entry.gone_at < PROOF_S:
                    return []
            elif cause.story.over_title:
                over = Notice(
                    key,
                    cause.story.over_title,
                    cause.story.over_text,
                    connection_id=cause.connection_id,
                    is_resolved=True,
                )
        del self._entries[key]
        return [over, *self._start_is_over(key)]

    def _ends_well(self, cause: Cause, found: Found) -> bool:
        """False when it only gave way to something else: stopped, paused, removed."""
        if cause.connection_id is None:
            return True
        stopped = any(other.key == f"stopped:{cause.connection_id}" for other in found.causes)
        runs = {s.connection.id for s in found.stands if not s.is_paused}
        return cause.connection_id in runs and not stopped

    def _proved(self, entry: _Entry) -> bool:
        connection_id = entry.cause.connection_id
        return connection_id is not None and self._worked_since(connection_id, entry.seq)

    def _start_is_over(self, key: str) -> list[Notice]:
        if not self._old or key not in self._old:
            return []
        self._old.discard(key)
        return [] if self._old else [Notice(AT_START, is_resolved=True)]


def _urgency(causes: list[Cause]) -> Urgency:
    """A connection that stands still until a person acts stays on the screen."""
    stays = any(cause.needs_person and not cause.gathers for cause in causes)
    return Urgency.CRITICAL if stays else Urgency.NORMAL
