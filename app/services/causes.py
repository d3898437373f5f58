"""What stands in the way now: one cause per connection and reason, read from the store.

A connection that is stopped, or waits, is one cause however many rows wait for it; rows that
failed are grouped by why.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.backoff import STORM_COUNT
from app.core.clock import Clock
from app.core.job_types import job_type
from app.core.states import JobState
from app.core.types import ConnectionGate, ConnectionInfo, Job
from app.models.history import Backlog, History
from app.services import cause_words
from app.services.cause_words import Story
from app.services.connections import ConnectionService
from app.services.gatekeeping import is_paused
from app.services.local_intake import LocalIntake
from app.services.overview import WAITING, has_backlog
from app.services.wording import Wordsmith

OUTAGE_S = 300.0
"""How long a connection may be out of reach before a person is told."""

LOCAL_S = 30.0
"""How long the local intake may be kept from listening: a program that just ends frees its port."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing in the way. `key` is its place (the same while it changes), `code` what it is.

    `job_id`: the row it is about where it is about one, or the oldest of several.
    """

    key: str
    code: str
    story: Story
    since: int  # ms since 1970
    count: int = 0  # rows it holds up
    connection_id: int | None = None
    job_id: int | None = None
    tell_after_s: float = 0.0
    needs_person: bool = False
    gathers: bool = False  # more of the same may follow within a moment
    needs_proof: bool = False  # over only when the connection was seen working
    shows: bool = True  # named among the problems, also before a person is told


@dataclass(frozen=True, slots=True)
class Stand:
    """One connection in short."""

    connection: ConnectionInfo
    is_paused: bool
    paused_until: int | None
    sending: int  # rows on their way now, or next
    waiting: int  # rows not settled that no person is needed for


@dataclass(frozen=True, slots=True)
class Found:
    """Everything at one moment (ms). `last_seq`: the newest history entry then."""

    now: int
    causes: tuple[Cause, ...]
    stands: tuple[Stand, ...]
    last_seq: int


class CauseFinder:
    """Reads the store; every sentence it makes is ready to show."""

    def __init__(
        self,
        connections: ConnectionService,
        history: History,
        wordsmith: Wordsmith,
        clock: Clock,
        local: LocalIntake,
    ) -> None:
        self._local = local
        self._connections = connections
        self._history = history
        self._words = wordsmith
        self._clock = clock
        self._examples: dict[Backlog, Job | None] = {}

    def find(self) -> Found:
        """What stands in the way now.

        Raises: StorageError.
        """
        last_seq = self._history.last_seq()
        now = self._clock.now_ms()
        groups = self._history.backlog()
        self._examples = {g: job for g, job in self._examples.items() if g in groups}
        causes: list[Cause] = []
        stands: list[Stand] = []
        for connection in self._connections.all():
            mine = [group for group in groups if group.connection_id == connection.id]
            gate = self._connections.gate(connection.id)
            stands.append(_stand(connection, gate, mine, now))
            causes += self._of(connection, gate, mine, now)
        causes += self._local_intake()
        return Found(now, tuple(causes), tuple(stands), last_seq)

    def worked_since(self, connection_id: int, seq: int) -> bool:
        """True when the connection was seen working after that history entry.

        Raises: StorageError.
        """
        return self._history.was_seen_working(connection_id, seq)

    def _of(
        self, connection: ConnectionInfo, gate: ConnectionGate, groups: list[Backlog], now: int
    ) -> list[Cause]:
        found = [self._rows(connection, group) for group in groups if _needs_person(group)]
        waiting = [group for group in groups if group.state in WAITING and not group.stands]
        if gate.is_blocked:
            found.append(self._blocked(connection, gate, waiting))
        elif not is_paused(gate, now):
            if gate.failures and gate.failing_since is not None:
                found.append(self._unreachable(connection, gate, waiting))
            else:
                found += self._waiting(connection, waiting, now)
        return found

    def _local_intake(self) -> list[Cause]:
        """The port or the key is in the way: other programs cannot hand in shipments."""
        trouble = self._local.trouble()
        if trouble is None:
            return []
        story = cause_words.local_intake(self._words, trouble.text, trouble.hint)
        return [
            Cause(
                "local_intake",
                trouble.code,
                story,
                trouble.since,
                tell_after_s=LOCAL_S,
                needs_person=True,
            )
        ]

    def _rows(self, connection: ConnectionInfo, group: Backlog) -> Cause:
        kind = "undecided" if group.stands else "failed"
        job = self._example(group)
        return Cause(
            f"{kind}:{connection.id}:{group.reason_code}",
            group.reason_code,
            cause_words.need_you(
                self._words, connection.name, self._noun(connection, job), group.count, job
            ),
            group.since,
            group.count,
            connection.id,
            job.id if job else None,
            needs_person=True,
            gathers=True,
        )

    def _blocked(
        self, connection: ConnectionInfo, gate: ConnectionGate, waiting: Sequence[Backlog]
    ) -> Cause:
        count = sum(group.count for group in waiting)
        return Cause(
            f"stopped:{connection.id}",
            gate.block_code,
            cause_words.blocked(self._words, connection.name, gate, count),
            gate.block_since or 0,
            count,
            connection.id,
            needs_person=True,
            needs_proof=True,
        )

    def _unreachable(
        self, connection: ConnectionInfo, gate: ConnectionGate, waiting: Sequence[Backlog]
    ) -> Cause:
        count = sum(group.count for group in waiting)
        since = gate.failing_since or 0
        return Cause(
            f"stopped:{connection.id}",
            "unreachable",
            cause_words.unreachable(self._words, connection.name, since, count),
            since,
            count,
            connection.id,
            tell_after_s=OUTAGE_S,
            needs_proof=True,
            shows=gate.failures >= STORM_COUNT,
        )

    def _waiting(
        self, connection: ConnectionInfo, groups: Sequence[Backlog], now: int
    ) -> list[Cause]:
        """The one thing to say of the rows that wait, if they wait for too long."""
        late = [group for group in groups if self._is_late(group, now)]
        count = sum(group.count for group in groups)
        if has_backlog(groups, now):
            most = max(groups, key=lambda group: group.count)
            oldest = min(group.oldest_at for group in groups)
            why = self._words.say(most.reason_code, {}).summary
            if (job := self._example(most)) is not None:
                why = self._words.reason(job).summary
            story = cause_words.backlog(self._words, connection.name, count, oldest, why)
            return [
                Cause(f"waiting:{connection.id}", "backlog", story, oldest, count, connection.id)
            ]
        if not late:
            return []
        group = min(late, key=lambda group: (self._patience_s(group), group.since))
        job = self._example(group)
        story = cause_words.late(
            self._words, connection.name, self._noun(connection, job), group.count, group.since, job
        )
        return [
            Cause(
                f"waiting:{connection.id}",
                group.reason_code,
                story,
                group.since,
                group.count,
                connection.id,
                job.id if job else None,
            )
        ]

    def _is_late(self, group: Backlog, now: int) -> bool:
        return group.state is JobState.PENDING and now - group.since >= (
            self._patience_s(group) * 1000
        )

    def _patience_s(self, group: Backlog) -> float:
        return self._words.tell_after_s(group.reason_code)

    def _example(self, group: Backlog) -> Job | None:
        if group not in self._examples:
            self._examples[group] = self._history.example(group)
        return self._examples[group]

    def _noun(self, connection: ConnectionInfo, job: Job | None) -> str:
        noun = self._connections.kind(connection).order_noun
        return job_type(job.kind).noun(noun) if job else noun


def _needs_person(group: Backlog) -> bool:
    return group.state is JobState.FAILED or group.stands


def _stand(
    connection: ConnectionInfo, gate: ConnectionGate, groups: Sequence[Backlog], now: int
) -> Stand:
    paused = is_paused(gate, now)
    waiting = [group for group in groups if group.state in WAITING and not group.stands]
    runs = not (paused or gate.is_blocked or gate.failures)
    sending = [g for g in waiting if g.state is not JobState.PENDING or not g.reason_code]
    return Stand(
        connection,
        paused,
        gate.paused_until if paused else None,
        sum(group.count for group in sending) if runs else 0,
        sum(group.count for group in waiting),
    )
